"""Spreadsheets from outside: read as plain texts, and refused when they hold what no sheet needs."""

import zipfile
from datetime import datetime, time
from io import BytesIO

import pytest
import xlsxwriter

from assets.tables import LARGEST_MEGABYTES, REFUSALS, TableRefusedError, sheets_of


def _book(**more: bytes) -> bytes:
    """A small workbook, with parts put into it."""
    written = BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Tema", "Fecha"])
        sheet.write_datetime(1, 1, datetime(2030, 3, 15), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001 -- a cell has no zone
        sheet.write_datetime(2, 1, time(9, 5), book.add_format({"num_format": "hh:mm"}))
        sheet.write_formula(3, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 0, '="a"&"b"', None, "ab")
        # Nobody has worked this one out.
        sheet.write_formula(5, 0, '=HYPERLINK("http://malo.example")', None, "")
        book.add_worksheet("Oculta").hide()
    if not more:
        return written.getvalue()
    changed = BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in more:
                new.writestr(name, old.read(name))
        for name, data in more.items():
            new.writestr(name, data)
    return changed.getvalue()


def test_a_workbook_is_read_as_people_typed_it_and_formulas_by_their_value() -> None:
    (sheet,) = sheets_of("plan.xlsx", _book())
    assert [row[0] for row in sheet.rows] == ["Tema", "", "", "#DIV/0!", "ab", "#N/A"]
    assert [row[1] for row in sheet.rows[:3]] == ["Fecha", "2030-03-15", "09:05"]


@pytest.mark.parametrize(
    ("part", "data", "code"),
    [
        ("xl/vbaProject.bin", b"macro", "table_macros"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "table_outside"),
        ("xl/embeddings/oleObject1.bin", b"x", "table_outside"),
        ("xl/theme/theme1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "table_entities"),
        ("xl/theme/theme1.xml", '<!DOCTYPE a [<!ENTITY b "c">]>'.encode("utf-16-le"), "table_entities"),
        ("xl/media/image1.png", bytes(100 << 20), "table_too_heavy"),
        ("xl/workbook.xml", b"roto", "table_unreadable"),
    ],
)
def test_what_no_sheet_needs_is_refused(part: str, data: bytes, code: str) -> None:
    with pytest.raises(TableRefusedError) as told:
        sheets_of("plan.xlsx", _book(**{part: data}))
    assert told.value.code == code


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("plan.xlsm", _book(), "table_macros"),
        ("plan.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "table_old_or_locked"),
        ("plan.xlsx", b"PK\x03\x04", "table_unreadable"),
        ("plan.csv", b"a\0b", "table_kind_not_taken"),
        ("plan.csv", b"x" * ((LARGEST_MEGABYTES << 20) + 1), "table_too_large"),
        ("plan.csv", b"a,b\n" * 4000, "table_rows_too_many"),
        ("plan.csv", b",".join([b"x"] * 200), "table_columns_too_many"),
    ],
)
def test_a_file_that_cannot_be_a_sheet_is_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(TableRefusedError) as told:
        sheets_of(name, data)
    assert told.value.code == code
    assert code in REFUSALS


def test_a_zip_of_something_else_is_no_sheet() -> None:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("hola.txt", "hola")
    with pytest.raises(TableRefusedError) as told:
        sheets_of("plan.xlsx", written.getvalue())
    assert told.value.code == "table_kind_not_taken"


@pytest.mark.parametrize(
    ("encoding", "sign"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("cp1252", "\t"), ("utf-16", "\t")],
)
def test_a_text_file_is_read_whatever_its_signs(encoding: str, sign: str) -> None:
    said = f'Tema{sign}Publicación\nÁrbol{sign}"Uno{sign} y\ndos ñ"\n'
    (sheet,) = sheets_of("plan.csv", said.encode(encoding))
    assert [list(row) for row in sheet.rows] == [["Tema", "Publicación"], ["Árbol", f"Uno{sign} y\ndos ñ"]]
    assert sheet.is_list
