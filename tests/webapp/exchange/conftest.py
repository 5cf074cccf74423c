"""A bimester to bring in: an office with accounts, themes, bodies, and files as people send them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import xlsxwriter

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, Commission, Confidence, Standing
from content_calendar.models.plan import Campaign, Theme
from tests.webapp.conftest import Browser

ZONE = "America/Mexico_City"
# A bimester begins, and all of it is ahead.
NOW = datetime(2030, 2, 20, 12, tzinfo=UTC)
YEAR, NUMBER = 2030, 2
DOOR = f"/calendario/{YEAR}/{NUMBER}/hoja"
UPLOAD = f"/calendario/{YEAR}/{NUMBER}/importar"
EXPORT = f"/calendario/{YEAR}/{NUMBER}/exportar"
HEADINGS = (
    "Tema", "Fecha", "Hora", "Hasta", "Red", "Cuentas", "Título", "Texto", "Enlace", "Etiquetas", "Texto alternativo",
    "Organismo responsable", "Público", "Campaña", "Notas", "Zona", "Bimestre", "Clave",
)  # fmt: skip
Row = Mapping[str, object]


@pytest.fixture
def office(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database of a small office, at a moment when the bimester is ahead."""
    monkeypatch.setattr(clock, "_now", lambda: NOW)
    with database.transaction() as session:
        commission = Commission(slug="cvpdcs", short_name="CVPDCS", name="Comisión de Vinculación", zone=ZONE)
        bodies = [
            _body("infonl", "INFONL", "Nuevo León", None),
            _body("itaipbc", "ITAIPBC", "Baja California", None),
            _body("itabc", "ITABC", "Baja California", None),
            _body("viejo", "IVAI", "Veracruz", date(2025, 5, 1)),
        ]
        session.add_all([commission, *bodies])
        session.flush()
        session.add_all(
            [
                _account(commission.id, "rehearsal", "ensayo"),
                _account(commission.id, "rehearsal", "comision"),
                _account(commission.id, "somewhere", "comision"),
                _account(commission.id, "x", "breve"),
                _account(commission.id, "somewhere", "lejos", connected_at=None),
                _account(commission.id, "somewhere", "dadadebaja", valid_to=date(2029, 1, 1)),
                _account(bodies[0].id, "somewhere", "infonl", url="https://somewhere.example/infonl"),
                Theme(title="Tu derecho a saber"),
                Theme(title="Datos personales"),
                Theme(title="Viejo asunto", archived_at=NOW),
                Campaign(slug="snttips", name="#SNTtips"),
                Campaign(
                    slug="corta", name="Campaña corta", starts_on=date(2030, 3, 1), ends_on=date(2030, 3, 5)
                ),
            ]
        )
    return database


def _body(slug: str, short: str, state: str, valid_to: date | None) -> Body:
    return Body(
        slug=slug, short_name=short, name=f"Instituto {short}", zone=ZONE, state_iso=f"MX-{slug[:3].upper()}",
        state_name=state, name_confidence=Confidence.HIGH, confidence=Confidence.HIGH, valid_to=valid_to,
    )  # fmt: skip


def _account(owner_id: int, network: str, handle: str, **more: object) -> Account:
    fields = {"standing": Standing.IN_FORCE, "connected_at": NOW, **more}
    return Account(owner_id=owner_id, network=network, handle=handle, handle_folded=handle, **fields)


def good(n: int) -> dict[str, object]:
    """The n-th row of a sheet without a mistake."""
    day = date(2030, 3, 1 + n % 28)
    return {
        "Tema": "Tu derecho a saber" if n % 3 else "Datos personales",
        "Fecha": day.strftime("%d/%m/%Y"),
        "Hora": f"{8 + n // 28 % 12:02}:{n // 336 * 30 % 60:02}",
        "Cuentas": "@ensayo",
        "Texto": f"Pide información pública, número {n}: nadie te pregunta para qué.",
    }


def xlsx(rows: Sequence[Row], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook as somebody's spreadsheet saves it: texts are texts."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Plan")
        sheet.write_row(0, 0, headings)
        for n, row in enumerate(rows, start=1):
            for place, name in enumerate(headings):
                if row.get(name, "") != "":
                    sheet.write(n, place, row[name])
    return written.getvalue()


@pytest.fixture
def eva(client_as: Callable[..., Browser], office: Database) -> Browser:  # noqa: ARG001 -- it stands before she enters
    """An editor of that office."""
    return client_as("editor", "eva")


def send(who: Browser, data: bytes, name: str = "plan.xlsx", path: str = UPLOAD) -> str:
    """Upload a file; return the address of the import."""
    who.get(DOOR)
    answer = who.post(path, {"file": (BytesIO(data), name)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location
