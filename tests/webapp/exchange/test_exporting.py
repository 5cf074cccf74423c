"""What goes out comes back without differences, and nothing in it runs in anybody's spreadsheet."""

import csv
import re
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import pikepdf
import pytest
import xlsxwriter
from sqlalchemy import func, select

from assets.tables import sheets_of
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.posts import Post
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.exchange.conftest import DOOR, EXPORT, NUMBER, YEAR, good, send, xlsx
from webapp.exchange.workbook import bare, guarded

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EVIL = (
    "=1+1",
    "+52 81",
    "-5 %",
    "@INFO_NL dice",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://malo.example";"ve")',
)
_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c"
_FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"


def _full(eva: Browser) -> None:
    rows: list[dict[str, object]] = [
        good(0),
        {**good(1), "Texto": "=1+1 no es una cuenta", "Notas": "-5 % menos", "Título": "@comision avisa"},
        {
            **good(2),
            "Cuentas": "@ensayo, rehearsal: comision",
            "Zona": "Tijuana",
            "Campaña": "#SNTtips",
            "Público": "medios",
        },
        {**good(3), "Texto": 'Uno\n---\nDos «y» más;, "comillas"', "Organismo responsable": "INFONL"},
        {
            **good(4),
            "Hora": "18:30",
            "Enlace": "https://snt.org.mx",
            "Etiquetas": "#Saber",
            "Texto alternativo": "Un mapa",
        },
        {"Tema": "Datos personales", "Fecha": "01/03/2030", "Hasta": "30/03/2030"},
    ]
    eva.post(f"{send(eva, xlsx(rows))}/importar", {"edition": 0})


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_comes_back_without_differences(eva: Browser, office: Database, kind: str) -> None:
    _full(eva)
    path = send(eva, eva.get(f"{EXPORT}.{kind}").get_data(), f"plan.{kind}")
    page = words(eva.get(path))
    assert "7 quedan como están" in page, page
    assert "El calendario ya dice lo mismo" in page
    for nothing in ("0 publicaciones nuevas", "0 cambian", "0 temas nuevos"):
        assert nothing in page
    eva.post(f"{path}/importar", {"edition": 0})
    with office.reading() as session:
        assert session.scalars(select(func.count(Post.id))).one() == 5


@ONE_DATABASE
def test_a_changed_export_changes_only_that(eva: Browser) -> None:
    _full(eva)
    rows = list(csv.reader(StringIO(eva.get(f"{EXPORT}.csv").get_data(as_text=True).lstrip("\ufeff"))))
    at = rows[0].index("Notas")
    rows[3][at] = "Ya quedó"
    written = StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    page = words(eva.get(send(eva, written.getvalue().encode("cp1252"), "plan.csv")))
    assert "1 cambia" in page
    assert "0 publicaciones nuevas" in page


def _cells(book: bytes) -> list[ET.Element]:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return [
            cell
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
            for cell in ET.fromstring(archive.read(name)).iter(_CELL)  # noqa: S314 -- what we have just written
        ]


@ONE_DATABASE
def test_no_cell_of_a_workbook_is_a_formula(eva: Browser) -> None:
    rows = [{**good(n), "Texto": said, "Notas": said, "Título": said.strip()} for n, said in enumerate(EVIL)]
    eva.post(f"{send(eva, xlsx(rows))}/importar", {"edition": 0})
    book = eva.get(f"{EXPORT}.xlsx").get_data()
    cells = _cells(book)
    assert cells
    assert not [cell for cell in cells if cell.find(_FORMULA) is not None]
    with zipfile.ZipFile(BytesIO(book)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert 'quotePrefix="1"' in styles


def test_a_workbook_that_is_written_carelessly_has_formulas() -> None:
    written = BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet().write(0, 0, EVIL[0])
    assert [cell for cell in _cells(written.getvalue()) if cell.find(_FORMULA) is not None]


@ONE_DATABASE
def test_no_cell_of_a_text_file_begins_as_a_formula(eva: Browser) -> None:
    rows = [{**good(n), "Texto": said, "Notas": said, "Título": said.strip()} for n, said in enumerate(EVIL)]
    eva.post(f"{send(eva, xlsx(rows))}/importar", {"edition": 0})
    text = eva.get(f"{EXPORT}.csv").get_data(as_text=True)
    assert text.startswith("\ufeff")
    cells = [cell for row in csv.reader(StringIO(text.lstrip("\ufeff"))) for cell in row]
    assert [cell for cell in cells if "malo.example" in cell]
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)]


@pytest.mark.parametrize("said", [*EVIL, "'=1", "''", "hola", "'hola", ""])
def test_a_guarded_cell_is_bared_again(said: str) -> None:
    assert bare(guarded(said)) == said
    assert not re.match(r"[=+\-@\t\r]", guarded(said))


@ONE_DATABASE
def test_the_template_explains_itself_and_its_lists_offer_what_there_is(eva: Browser) -> None:
    book = eva.get(f"/calendario/{YEAR}/{NUMBER}/plantilla.xlsx").get_data()
    calendar, instructions = sheets_of("plantilla.xlsx", book)
    assert (calendar.name, instructions.name) == ("Calendario", "Instrucciones")
    assert list(calendar.rows[0])[:4] == ["Tema", "Fecha", "Hasta", "Hora"]
    keys = [row[-1] for row in calendar.rows[1:]]
    assert len(set(keys)) == len(keys) == 300
    assert any("No la cambies" in cell for row in instructions.rows for cell in row)
    with zipfile.ZipFile(BytesIO(book)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        listed = archive.read("xl/sharedStrings.xml").decode()
    assert sheet.count("<dataValidation ") == 5
    for offered in ("Tu derecho a saber", "Sociedad civil", "@ensayo", "INFONL"):
        assert offered in listed
    assert "@lejos" not in listed
    # As it is, it says nothing.
    eva.get(DOOR)
    answer = eva.post(f"/calendario/{YEAR}/{NUMBER}/importar", {"file": (BytesIO(book), "plantilla.xlsx")})
    assert answer.status_code == 422


@ONE_DATABASE
def test_the_paper_is_said_to_be_made_and_asked_for_with_and_without_scripts(eva: Browser) -> None:
    page = eva.get(f"/calendario/{YEAR}/{NUMBER}/hacer-pdf").get_data(as_text=True)
    assert f'data-making="{EXPORT}.pdf"' in page
    assert f'<noscript><meta http-equiv="refresh" content="0; url={EXPORT}.pdf"></noscript>' in page
    assert "/hacer-pdf" in eva.get(DOOR).get_data(as_text=True)


@ONE_DATABASE
def test_the_paper_is_letter_and_numbered(eva: Browser) -> None:
    rows = [{**good(n), "Texto": f"¿Sabías qué? 🎉 <b>ñandú</b> número {n}"} for n in range(60)]
    eva.post(f"{send(eva, xlsx(rows))}/importar", {"edition": 0})
    data = eva.get(f"{EXPORT}.pdf").get_data()
    with pikepdf.open(BytesIO(data)) as paper:
        assert len(paper.pages) > 2
        assert [float(one) for one in paper.pages[0].mediabox] == [0, 0, 792, 612]
        assert str(paper.Root.Lang) == "es-MX"
        assert str(paper.docinfo.Title) == "Calendario de marzo y abril de 2030"


@ONE_DATABASE
def test_whoever_only_reads_is_given_what_was_approved(
    eva: Browser, client_as: Callable[..., Browser], office: Database
) -> None:
    _full(eva)
    with office.reading() as session:
        body_id = session.scalars(select(Body.id)).first()
    beto = client_as("liaison", "beto", body_id=body_id)
    for kind in ("csv", "xlsx", "pdf"):
        answer = beto.get(f"{EXPORT}.{kind}")
        assert answer.status_code == 200
        assert "no es una cuenta" not in answer.get_data().decode("utf-8", "ignore")
    assert "Datos personales" in beto.get(f"{EXPORT}.csv").get_data(as_text=True)
    assert "Subir una hoja" not in words(beto.get(DOOR))


@ONE_DATABASE
def test_a_fuller_bimester_asks_the_database_no_more(eva: Browser, count_queries: CountQueries) -> None:
    _full(eva)
    with count_queries() as few:
        eva.get(f"{EXPORT}.csv")
    eva.post(f"{send(eva, xlsx([good(n) for n in range(10, 60)]))}/importar", {"edition": 0})
    with count_queries() as many:
        eva.get(f"{EXPORT}.csv")
    assert len(many) == len(few) <= 20
