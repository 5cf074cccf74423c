"""The bimester's sheet as a workbook (XLSX) and as a text file (CSV): to read, to fill, and to import again.

No cell is ever a formula: texts are written as texts, and one that begins as a formula would is marked as text,
so that it stays one when somebody edits it.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import xlsxwriter
from flask_babel import gettext
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from content_calendar.db import new_ref
from content_calendar.sheet_columns import Column
from webapp.exchange.rows import WRITTEN, Cell, Cells, Offered, heading
from webapp.exchange.telling import instructions
from webapp.sheets import neutral

_WIDTHS: Mapping[Column, int] = {
    Column.THEME: 28, Column.DAY: 12, Column.UNTIL: 12, Column.HOUR: 8, Column.ACCOUNTS: 26, Column.TITLE: 28,
    Column.TEXT: 60, Column.LINK: 30, Column.TAGS: 22, Column.ALT: 36, Column.BODY: 22, Column.AUDIENCE: 22,
    Column.CAMPAIGN: 18, Column.NOTES: 30, Column.ZONE: 16, Column.KEY: 26,
}  # fmt: skip
_BLANK_ROWS = 300
# Rows beyond those that are filled, in which one may write too.
_SPARE_ROWS = 500
_INK, _PAPER, _PALE = "#3b1a5a", "#f1eaf7", "#8a8794"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(title: str, rows: Sequence[Cells], offered: Offered, *, blank: bool = False) -> bytes:
    """Return a workbook with the rows, what its lists offer, and instructions; ``blank`` adds rows to fill."""
    written = io.BytesIO()
    # Keys of the template look like those of posts, and name none.
    spare: list[Cells] = [{Column.KEY: f"nueva-{new_ref()}"} for _ in range(_BLANK_ROWS)] if blank else []
    with xlsxwriter.Workbook(written, _OPTIONS) as book:
        book.set_properties({"title": title, "author": "Resuena", "created": datetime(2026, 1, 1)})  # noqa: DTZ001 -- the file's own clock has no zone; one date for equal files
        calendar = book.add_worksheet(gettext("Calendario"))
        _write(book, calendar, [*rows, *spare])
        _explain(book, book.add_worksheet(gettext("Instrucciones")), title)
        _offer(book, calendar, offered, len(rows) + len(spare) + _SPARE_ROWS)
    return written.getvalue()


def _write(book: Workbook, sheet: Worksheet, rows: Sequence[Cells]) -> None:
    looks = _Looks(book)
    for place, column in enumerate(WRITTEN):
        sheet.set_column(place, place, _WIDTHS[column])
        sheet.write_string(0, place, heading(column), looks.heading)
    for n, row in enumerate(rows, start=1):
        for place, column in enumerate(WRITTEN):
            put(sheet, n, place, row.get(column, ""), looks, pale=column is Column.KEY)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(WRITTEN) - 1)
    sheet.set_landscape()
    sheet.set_paper(1)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


class _Looks:
    """How cells look; ``guarded`` marks a text as text, whatever it begins with."""

    def __init__(self, book: Workbook) -> None:
        base = {"valign": "top", "text_wrap": True}
        self.heading: Format = book.add_format(
            {"bold": True, "font_color": "#ffffff", "bg_color": _INK, "valign": "vcenter"}
        )
        self.text: Format = book.add_format(base)
        self.guarded: Format = book.add_format({**base, "quote_prefix": True})
        self.day: Format = book.add_format({**base, "num_format": "dd/mm/yyyy"})
        self.hour: Format = book.add_format({**base, "num_format": "hh:mm"})
        self.pale: Format = book.add_format({"valign": "top", "font_color": _PALE, "bg_color": _PAPER})


def put(sheet: Worksheet, row: int, place: int, cell: Cell, looks: _Looks, *, pale: bool = False) -> None:
    """Write one cell: days and hours as such, everything else as text and never as a formula."""
    if isinstance(cell, datetime | date):
        sheet.write_datetime(row, place, datetime.combine(cell, time()), looks.day)
    elif isinstance(cell, time):
        sheet.write_datetime(row, place, cell, looks.hour)
    elif cell:
        look = looks.guarded if neutral(cell) != cell else looks.text
        sheet.write_string(row, place, cell, looks.pale if pale else look)


def _explain(book: Workbook, sheet: Worksheet, title: str) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"text_wrap": True, "valign": "top", "bold": True})
    head = book.add_format({"bold": True, "font_size": 16, "font_color": _INK})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, head)
    for n, (name, said) in enumerate(instructions(), start=2):
        sheet.write_string(n, 0, name, bold)
        sheet.write_string(n, 1, said, wrapped)


def _offer(book: Workbook, calendar: Worksheet, offered: Offered, rows: int) -> None:
    """Add drop-downs; other words may be typed too, since a cell can hold several accounts or a new theme."""
    lists = book.add_worksheet(gettext("Listas"))
    lists.hide()
    for place, (column, some) in enumerate(
        {
            Column.THEME: offered.themes, Column.ACCOUNTS: offered.accounts, Column.BODY: offered.bodies,
            Column.AUDIENCE: offered.audiences, Column.CAMPAIGN: offered.campaigns,
        }.items()
    ):  # fmt: skip
        lists.write_string(0, place, heading(column))
        for n, name in enumerate(some, start=1):
            lists.write_string(n, place, name)
        if some:
            letter = "ABCDE"[place]
            at = WRITTEN.index(column)
            name = gettext("Listas")
            calendar.data_validation(
                1, at, rows, at,
                {"validate": "list", "source": f"='{name}'!${letter}$2:${letter}${len(some) + 1}", "show_error": False},
            )  # fmt: skip


def text_file(rows: Sequence[Cells]) -> bytes:
    """Return the rows as CSV in UTF-8, with the mark that spreadsheets look for; no cell begins as a formula does."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([heading(column) for column in WRITTEN])
    table.writerows([guarded(_text(row.get(column, ""))) for column in WRITTEN] for row in rows)
    return ("\ufeff" + written.getvalue()).encode()


def _text(cell: Cell) -> str:
    if isinstance(cell, time):
        return f"{cell:%H:%M:%S}" if cell.second else f"{cell:%H:%M}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before; ``bare`` takes it away."""
    return f"'{text}" if neutral(text.lstrip("'")) != text.lstrip("'") else text


def bare(text: str) -> str:
    """Return a cell of a text file as it was before ``guarded``."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text
