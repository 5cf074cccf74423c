"""The forms of a report: a PDF that a screen reader reads, a DOCX to edit, an XLSX of numbers; text stays text."""

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from content_calendar.db import Database
from tests.webapp.reporting.staging import HOSTILE, plant, written
from tests.webapp.reporting.test_figures import text_of
from webapp.reporting.document import Column, Document, Section, Table, as_json, clean, hash_of
from webapp.reporting.legible import RANGES, legible
from webapp.reporting.pdf import pdf
from webapp.reporting.word import word
from webapp.reporting.wording import Wording
from webapp.reporting.workbook import workbook

Report = tuple[Document, str, Wording]


@pytest.fixture(scope="module")
def report(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """A bimester's report, made once for the tests of its forms."""
    path = tmp_path_factory.mktemp("report") / "resuena.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    with database.transaction() as session:
        plant(session)
    yield written(database)
    database.dispose()


@pytest.fixture(scope="module")
def paper(report: Report) -> bytes:
    return pdf(*report)


def elements(tree: Any) -> Iterator[Any]:  # noqa: ANN401 -- the library's own objects
    """Return every structure element of a PDF."""
    waiting = [tree]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                yield one
            if "/K" in one and one.get("/Type") != "/MCR":
                waiting.append(one["/K"])


def test_the_pdf_is_tagged_for_a_screen_reader(paper: bytes, report: Report) -> None:
    with pikepdf.open(io.BytesIO(paper)) as found:
        root = found.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "es-MX"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with found.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"].startswith("Informe bimestral de difusión · Bimestre 5 de 2026")
        told = list(elements(root.StructTreeRoot))
        tags = {str(one.S) for one in told}
        assert {"/H1", "/Table", "/TH", "/TD", "/Figure", "/L", "/LI", "/P", "/Link"} <= tags
        figures = [one for one in told if str(one.S) == "/Figure"]
        charts = [block for part in report[0].sections for block in part.blocks if block.sort == "chart"]
        assert len(figures) >= len(charts) > 0
        assert all(len(str(one.get("/Alt", ""))) > 20 for one in figures)
        with found.open_outline() as outline:
            assert [one.title for one in outline.root][:2] == ["En breve", "Lo planeado y lo publicado"]


def test_a_heading_row_of_the_pdf_is_marked_as_one_in_each_table(paper: bytes) -> None:
    with pikepdf.open(io.BytesIO(paper)) as found:
        tables = [one for one in elements(found.Root.StructTreeRoot) if str(one.S) == "/Table"]
        for table in tables:
            heads = [one for one in elements(table) if str(one.S) == "/TH"]
            assert heads
        assert len(tables) > 10


def test_the_docx_has_headings_repeating_rows_alternative_texts_and_its_language(report: Report) -> None:
    found = docx.Document(io.BytesIO(word(*report)))
    document = report[0]
    headings = [one.text for one in found.paragraphs if (one.style.name or "").startswith("Heading")]  # type: ignore[union-attr] # each has a style
    assert headings[:-1] == [part.title for part in document.sections]
    for table in found.tables:
        assert table.rows[0]._tr.get_or_add_trPr().find(qn("w:tblHeader")) is not None  # noqa: SLF001 -- no public name for it
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None  # noqa: SLF001 -- as above
    charts = [block for part in document.sections for block in part.blocks if block.sort == "chart"]
    alts = [one.get("descr") for one in found.element.body.iter(qn("wp:docPr"))]
    assert alts == [chart.alt for chart in charts]  # type: ignore[union-attr] # charts have one
    assert {one.get(qn("w:val")) for one in found.styles.element.iter(qn("w:lang"))} == {"es-MX"}
    about = found.core_properties
    assert (about.title, about.created) == (document.title, datetime.fromisoformat(document.cut_off))
    assert report[1] in "\n".join(one.text for one in found.paragraphs)


def test_numbers_of_the_xlsx_are_numbers_and_days_are_days(report: Report) -> None:
    data = workbook(report[0], report[1])
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    [first, *_] = book.get_sheet_by_name("Salidas").to_python()[3:]
    assert isinstance(first[3], datetime)
    weeks = book.get_sheet_by_name("Semanas").to_python()[3:]
    assert all(isinstance(row[0], date) and isinstance(row[1], float | int) for row in weeks)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheets = [packed.read(name).decode() for name in packed.namelist() if "worksheets/sheet" in name]
    assert all('state="frozen"' in sheet for sheet in sheets[1:])
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


@pytest.mark.parametrize("typed", ["<r><t>x</t></r>", "_x0041_ & <a>", "=1+1", "  con espacios  ", "+52 81"])
def test_a_cell_holds_what_was_typed_whatever_it_looks_like(report: Report, typed: str) -> None:
    table = Table("Una", (Column("Texto"),), ((typed,),), "Una")
    document = replace(report[0], sections=(Section("Una", (table,)),))
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(document, "0")))
    assert book.get_sheet_by_name("Una").to_python()[3:] == [[typed]]


def test_what_people_typed_is_text_in_every_form(report: Report, paper: bytes) -> None:
    typed = clean(HOSTILE)
    assert "\u202e" not in typed
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(report[0], report[1])))
    assert typed in {row[0] for row in book.get_sheet_by_name("Salidas").to_python()}
    found = docx.Document(io.BytesIO(word(*report)))
    cells = {cell.text for table in found.tables for cell in table.columns[0].cells}
    assert typed in cells
    text = " ".join(text_of(paper).split())
    assert "#strong[x] $a$ <b>&amp; {{ 7*7 }}" in text
    assert "ñandú" in text


def test_the_fonts_show_every_letter_that_is_let_through() -> None:
    letters = "".join(chr(code) for first, last in RANGES for code in range(first, last + 1))
    assert legible(letters) == letters
    assert legible("Hola 📢️ 漢字") == "Hola  □□"


def test_the_same_inputs_are_the_same_bytes_in_another_process(report: Report, tmp_path: Path) -> None:
    document, digest, say = report
    (tmp_path / "source.json").write_bytes(as_json(document))
    code = (
        "import sys, hashlib; from zoneinfo import ZoneInfo; from webapp.reporting import pdf, word, workbook;"
        "from webapp.reporting.document import from_json, hash_of; from webapp.reporting.wording import wording;"
        "k = open(sys.argv[1], 'rb').read(); d, h = from_json(k), hash_of(k); w = wording('es', ZoneInfo(d.zone));"
        "print(*(hashlib.sha256(b).hexdigest() for b in"
        " (pdf.pdf(d, h, w), word.word(d, h, w), workbook.workbook(d, h))))"
    )
    told = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", code, str(tmp_path / "source.json")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    here = [pdf(document, digest, say), word(document, digest, say), workbook(document, digest)]
    assert told == [hashlib.sha256(one).hexdigest() for one in here]
    assert hash_of(as_json(document)) == digest


def test_other_inputs_are_other_bytes(report: Report) -> None:
    document, digest, _ = report
    assert workbook(document, "0" * 64) != workbook(document, digest)
