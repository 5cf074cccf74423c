"""The figures of a report are those that one counts by hand in the raw rows, in each of its three forms alike."""

import io
import re
from collections import Counter
from statistics import median

import docx
import pypdfium2
import pytest
from docx.table import Table as DocxTable
from python_calamine import CalamineWorkbook

from content_calendar.db import Database
from content_calendar.models.reports import ReportKind
from scheduler.models import ReplicationKind
from tests.webapp.reporting.staging import Planted, plant, written
from webapp.reporting.pdf import pdf
from webapp.reporting.word import word
from webapp.reporting.workbook import workbook
from webapp.reporting.writing import Subject

_NO_DATA = "sin dato"
# What is read from both is read by the others; the forms know no database.
_ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def planted(database: Database) -> Planted:
    with database.transaction() as session:
        return plant(session)


def by_hand(planted: Planted) -> dict[str, object]:
    """Return the main figures, from the rows alone."""
    told = [engagements for *_, engagements, _ in planted.out if engagements is not None]
    lags = sorted(lag for lag, _ in planted.taken.values())
    return {
        "Publicaciones que salieron": len(planted.posts),
        "Salidas en cuentas": len(planted.out),
        "Salidas a su hora": round(100 * sum(kept for *_, kept in planted.out) / len(planted.out)),
        "Réplicas de organismos": len(planted.taken),
        "Organismos que replicaron": len({body for _, body in planted.taken}),
        "Horas hasta la réplica": round(median(lags), 1),
        "Interacciones a 7 días": sum(told),
        "Mediana de interacciones": median(told),
    }


def rows_of(table: DocxTable) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_three_forms_say_what_one_counts_by_hand(database: Database, planted: Planted) -> None:
    document, digest, say = written(database)
    counted = by_hand(planted)
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document, digest)))
    sheet = {row[0]: row[1] for row in book.get_sheet_by_name("Cifras").to_python()[3:]}
    assert {name: sheet[name] for name in counted} == counted
    paper = docx.Document(io.BytesIO(word(document, digest, say)))
    [figures] = [table for table in paper.tables if table.cell(0, 0).text == "Cifra"]
    shown = {row[0]: row[1] for row in rows_of(figures)}
    assert {name: number(shown[name]) for name in counted} == counted
    text = text_of(pdf(document, digest, say))
    for name, value in counted.items():
        found = re.search(rf"{name}\s+([\d.,]+)", text)
        assert found, name
        assert number(found.group(1)) == value, name


def number(said: str) -> float:
    """Return a number as a report writes it."""
    return float(said.replace(",", "").replace("%", "").strip())


def text_of(data: bytes) -> str:
    """Return the words of a PDF, page after page."""
    paper = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in paper)
    finally:
        paper.close()


@_ONCE
def test_what_was_planned_and_went_out_is_counted_by_theme(database: Database, planted: Planted) -> None:
    document, digest, _ = written(database)
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document, digest)))
    rows = {row[0]: row[1:4] for row in book.get_sheet_by_name("Plan por tema").to_python()[3:]}
    out = Counter(theme for _, theme, *_ in planted.out)
    held = {planted.themes[1].id: len(planted.planned_not_out)}
    for theme in planted.themes[1:]:
        went, waits = out[theme.id], held.get(theme.id, 0)
        assert rows[theme.title] == [went + waits, went, round(100 * went / (went + waits))]
    [line] = book.get_sheet_by_name("Plan por línea").to_python()[3:]
    assert line[1:3] == [out[planted.themes[1].id] + len(planted.planned_not_out), out[planted.themes[1].id]]


def test_networks_states_forms_and_evidence_add_up(database: Database, planted: Planted) -> None:
    document, digest, _ = written(database)
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document, digest)))
    for name, median_of in (("Recibido por red", 2),):
        rows = book.get_sheet_by_name(name).to_python()[3:]
        networks = {network for _, _, network, *_ in planted.out}
        sums = {
            (
                sum(net == one for _, _, net, *_ in planted.out),
                sum(e for _, _, net, e, _ in planted.out if net == one and e is not None),
                median([e for _, _, net, e, _ in planted.out if net == one and e is not None]),
            )
            for one in networks
        }
        assert {(row[1], row[3], row[median_of + 2]) for row in rows} == sums
    states = {row[0]: row[1] for row in book.get_sheet_by_name("Mapa").to_python()[3:]}
    by_body = Counter(body for _, body in planted.taken)
    for body in planted.bodies:
        name = "Federal" if body.state_iso == "MX" else body.state_name
        assert states[name] == (by_body[body.id] or _NO_DATA)
    forms = {row[0]: row[1] for row in book.get_sheet_by_name("Formas").to_python()[3:]}
    kinds = Counter(kind for _, kind in planted.taken.values())
    assert forms == {"Copia igual": kinds[ReplicationKind.COPY], "Nota propia": kinds[ReplicationKind.NOTE]}
    assert len(book.get_sheet_by_name("Evidencias").to_python()[3:]) == len(planted.taken)
    assert len(book.get_sheet_by_name("Salidas").to_python()[3:]) == len(planted.out)


@_ONCE
def test_a_partial_report_is_of_one_body_alone(database: Database, planted: Planted) -> None:
    body = planted.bodies[0]
    document, digest, _ = written(database, Subject(ReportKind.PARTIAL, 2026, 5, body.slug), body)
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document, digest)))
    sheet = {row[0]: row[1] for row in book.get_sheet_by_name("Cifras").to_python()[3:]}
    mine = [post for post, one in planted.taken if one == body.id]
    assert sheet["Publicaciones de la Comisión"] == len(planted.posts)
    assert sheet["Publicaciones que replicó"] == len(mine)
    assert sheet["Salidas en sus cuentas"] == sum(n % 3 == 0 for n in range(len(planted.out)))
    assert len(book.get_sheet_by_name("Evidencias").to_python()[3:]) == len(mine)
    assert body.name in " ".join(document.about)


@_ONCE
def test_nothing_published_is_told_as_no_data_and_never_as_zero(database: Database) -> None:
    document, digest, say = written(database)
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document, digest)))
    sheet = {row[0]: row[1] for row in book.get_sheet_by_name("Cifras").to_python()[3:]}
    assert sheet["Interacciones a 7 días"] == sheet["Réplicas de organismos"] == _NO_DATA
    assert sheet["Publicaciones que salieron"] == 0
    assert "No salió ninguna publicación" in text_of(pdf(document, digest, say))
