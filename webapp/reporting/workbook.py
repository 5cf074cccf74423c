"""A report as XLSX: a sheet for each table, numbers as numbers, days as days, headings that stay in sight.

Text is text, however it begins: nothing that somebody typed becomes a formula or a link.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from webapp.reporting.document import NUMERIC, Cell, Column, Document, Figures, Kind, Table

_SHEET_LENGTH: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_LOOKS_LIKE_CODE: Final = re.compile(r"(_x[0-9a-fA-F]{4}_)")
_LONGEST: Final = 32_000
_FORMATS: Final = {
    Kind.NUMBER: "#,##0",
    Kind.DECIMAL: "#,##0.0",
    Kind.HOURS: "#,##0.0",
    Kind.PERCENT: '0" %"',
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}
_WIDTHS: Final = {Kind.TEXT: 30, Kind.LINK: 44, Kind.DAY: 13, Kind.MOMENT: 18}
_NARROW, _TOP = 14, 3
# What a workbook counts days from, of any since March 1900; and the seconds of one.
_ORIGIN, _A_DAY = datetime(1899, 12, 30), 86_400  # noqa: DTZ001 -- a workbook knows no zones
_INDEX_WIDTHS: Final = (34, 66, 60)


def workbook(document: Document, digest: str) -> bytes:
    """Return the report as XLSX; ``digest`` is the hash of what it is made from. The same in, the same out."""
    written = io.BytesIO()
    options = {
        # Row by row to a file that vanishes: a year of evidence does not stand in memory.
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(written, options)
    at = datetime.fromisoformat(document.cut_off).replace(tzinfo=None)
    book.set_properties(
        {
            "title": f"{document.title} · {document.subtitle}", "author": document.author, "created": at,
            "comments": f"SHA-256 {digest}",
        }
    )  # fmt: skip
    _Book(book, document).write(digest)
    book.close()
    return written.getvalue()


class _Sheet(Worksheet):  # type: ignore[misc] # the library has no types
    # A sheet whose texts are always text: the library lets one that begins and ends as a rich text does pass into
    # the sheet as it is. And that takes rows that are written already: a call a cell takes eight times as long.
    def _write_cell(self, row: int, column: int, cell: Any) -> None:  # noqa: ANN401 -- the library's own cells
        if cell.__class__.__name__ != "String":
            super()._write_cell(row, column, cell)
            return
        style = f' s="{cell.format._get_xf_index()}"' if cell.format else ""  # noqa: SLF001 -- as the library does
        self.fh.write(
            f'<c r="{xl_col_to_name(column)}{row + 1}"{style} t="inlineStr">{_inline(cell.string)}</c>'
        )

    def begin_rows(self, columns: int) -> None:
        """Write what waits; after it come rows that are written already, and no other cell."""
        self._write_single_row(self.xls_rowmax)
        self._check_dimensions(self.dim_rowmax, columns - 1, ignore_row=True)

    def put_row(self, number: str, cells: str) -> None:
        """Put a row whose cells are written; ``number`` counts from one. What no sheet has room for is left out."""
        if not self._check_dimensions(int(number) - 1, 0, ignore_col=True):
            self.fh.write(f'<row r="{number}">{cells}</row>')


@lru_cache(4096)
def _inline(text: str) -> str:
    # What looks like the sheet's own way to write a control character is not one.
    said = _LOOKS_LIKE_CODE.sub(r"_x005F\1", _fitting(text))
    return f'<is><t xml:space="preserve">{escape(said, quote=False)}</t></is>'


def _fitting(text: str) -> str:
    """Return as much of a text as a cell takes, which counts letters as UTF-16 does."""
    if len(text) <= _LONGEST // 2:
        return text
    return text.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore")


class _Book:
    # The workbook being written: its formats, and the names of sheets that are taken.
    def __init__(self, book: Any, document: Document) -> None:  # noqa: ANN401 -- the library has no types
        self._book, self._document = book, document
        self._zone = ZoneInfo(document.zone)
        self._bold = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format(
            {"bold": True, "bottom": 2, "bg_color": "#F1EAF7", "text_wrap": True, "valign": "top"}
        )
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._formats = {
            kind: book.add_format({"num_format": said, "valign": "top"}) for kind, said in _FORMATS.items()
        }
        self._names: set[str] = set()

    def write(self, digest: str) -> None:
        """Write all sheets: what stands where, the figures, and every table."""
        told, words = self._document, self._document.words
        index = self._book.add_worksheet(self._named(words["sheet"]), _Sheet)
        blocks = [one for part in told.sections for one in part.blocks if isinstance(one, Figures | Table)]
        named = [(self._named(one.sheet), one) for one in blocks]
        lines: list[tuple[str, ...]] = [
            (told.title,), (told.subtitle,), (told.author,), *((line,) for line in told.about), (),
            (words["made"],), (words["hash"], digest), (), (words["index"],),
            *((name, one.title, one.note if isinstance(one, Table) else "") for name, one in named),
        ]  # fmt: skip
        for column, width in enumerate(_INDEX_WIDTHS):
            index.set_column(column, column, width)
        for n, line in enumerate(lines):
            for column, said in enumerate(line):
                index.write_string(n, column, said[:_LONGEST], self._bold if n == 0 else None)
        for name, block in named:
            if isinstance(block, Figures):
                self._figures(name, block)
            else:
                self._table(name, block.title, block.columns, block.rows)

    def _named(self, asked: str) -> str:
        """Return the name of a sheet that no other has, as long as one may be."""
        bare = _FORBIDDEN.sub(" ", asked).strip()[:_SHEET_LENGTH] or "-"
        name, n = bare, 1
        while name.casefold() in self._names:
            n += 1
            name = f"{bare[: _SHEET_LENGTH - 3]} {n}"
        self._names.add(name.casefold())
        return name

    def _figures(self, name: str, block: Figures) -> None:
        words = self._document.words
        columns = (Column(words["figure"]), Column(words["value"], Kind.NUMBER), Column(words["note"]))
        text = self._writer(Kind.TEXT)
        self._put(
            self._sheet(name, block.title, columns),
            columns,
            [(text(one.label), self._writer(one.kind)(one.value), text(one.note)) for one in block.items],
        )

    def _table(
        self, name: str, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]
    ) -> None:
        sheet = self._sheet(name, title, columns)
        if rows:
            writers = [self._writer(column.kind) for column in columns]
            self._put(
                sheet, columns, ([w(value) for w, value in zip(writers, row, strict=True)] for row in rows)
            )
            sheet.autofilter(_TOP - 1, 0, _TOP - 1 + len(rows), len(columns) - 1)

    @staticmethod
    def _put(sheet: Any, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:  # noqa: ANN401 -- as above
        """Put rows of cells that are written but for their places."""
        sheet.begin_rows(len(columns))
        places = [f'<c r="{xl_col_to_name(n)}' for n in range(len(columns))]
        for n, row in enumerate(rows, _TOP + 1):
            at = str(n)
            sheet.put_row(
                at, "".join([f"{place}{at}{said}" for place, said in zip(places, row, strict=True)])
            )

    def _writer(self, kind: Kind) -> Callable[[Cell], str]:
        """Return what writes a cell of that kind, after its place."""
        wrap = self._wrap._get_xf_index()  # noqa: SLF001 -- as the library does when it writes
        style = (self._formats.get(kind) or self._wrap)._get_xf_index()  # noqa: SLF001 -- as above
        text, number = f'" s="{wrap}" t="inlineStr">', f'" s="{style}"><v>'
        none = f"{text}{_inline(self._document.words['no_data'])}</c>"

        def told(value: Cell) -> str:
            return none if value is None else f"{text}{_inline(str(value))}</c>"

        def counted(value: Cell) -> str:
            # A figure may be told in words.
            return f"{number}{value:.16G}</v></c>" if isinstance(value, int | float) else told(value)

        def dated(value: Cell) -> str:
            return none if value is None else f"{number}{self._days(str(value), kind):.16G}</v></c>"

        if kind in NUMERIC:
            return counted
        return dated if kind in (Kind.DAY, Kind.MOMENT) else told

    def _days(self, said: str, kind: Kind) -> float:
        """Return a day or a moment as a workbook counts it: days since the end of 1899, by the zone's clocks."""
        if kind is Kind.DAY:
            return (date.fromisoformat(said) - _ORIGIN.date()).days
        passed = datetime.fromisoformat(said).astimezone(self._zone).replace(tzinfo=None) - _ORIGIN
        return passed.days + (passed.seconds + passed.microseconds / 1e6) / _A_DAY

    def _sheet(self, name: str, title: str, columns: Sequence[Column]) -> Any:  # noqa: ANN401 -- as above
        sheet = self._book.add_worksheet(name, _Sheet)
        for n, column in enumerate(columns):
            wide = 44 if n == 0 else _WIDTHS.get(column.kind, _NARROW)
            sheet.set_column(n, n, wide)
        sheet.write_string(0, 0, title[:_LONGEST], self._bold)
        sheet.write_string(1, 0, self._document.words["cut_off"])
        for n, column in enumerate(columns):
            sheet.write_string(_TOP - 1, n, column.title, self._head)
        sheet.freeze_panes(_TOP, 1)
        sheet.repeat_rows(_TOP - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet
