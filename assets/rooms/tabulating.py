"""A program of its own, run in a child process with few rights: one spreadsheet in, its cells as texts out.

Formulas are never worked out: of each the value that was kept is read, and one that failed is told. Macros, links
to other files and entities are refused. Writes one line of JSON, then the sheets as JSON. Imports nothing of the house.
"""

import codecs
import csv
import io
import json
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from xml.parsers import expat

import python_calamine

_MEMORY = 1 << 30
_CPU_SECONDS = 20
_MOST_FILES = 500
_MOST_BYTES = 96 << 20
_PIECE = 1 << 20
_MOST_SHEETS = 20
_MOST_ROWS = 3_000
_MOST_COLUMNS = 100
_LONGEST_CELL = 32_767
_LONGEST_LINE = 200_000
_OLD = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t|"
_SCANNED = 20
_MACROS = ("vbaproject", "macrosheets/", "dialogsheets/", "activex/", "basic/", "scripts/")
_OUTSIDE = ("externallinks/", "connections.xml", "querytables/", "embeddings/", "customdata/")
_ENTITY = ("<!DOCTYPE", "<!ENTITY")
_ENTITIES = tuple(said.encode(code) for said in _ENTITY for code in ("ascii", "utf-16-le", "utf-16-be"))
# Looked up before no file can be opened any more; a ZIP's names are in the first.
_ENCODINGS = ("cp437", "cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
_Rows = list[list[str]]


class _RefusedError(Exception):
    """``args[0]`` is the code of a domain error, ``args[1]`` what its sentence needs."""


def _refused(code: str, **params: object) -> _RefusedError:
    return _RefusedError(code, params)


def _workbook(data: bytes) -> list[dict[str, object]]:
    failed = _look_over(data)
    book = python_calamine.load_workbook(io.BytesIO(data))
    if len(book.sheets_metadata) > _MOST_SHEETS:
        raise _refused("table_sheets_too_many", most=_MOST_SHEETS)
    found: list[dict[str, object]] = []
    for n, told in enumerate(book.sheets_metadata):
        if told.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        if told.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(n)
        rows = _padded(sheet)
        for (row, column), said in failed.get(n, {}).items():
            if row < _MOST_ROWS and column < _MOST_COLUMNS:
                # A cell without a value may lie beyond all that the library calls the sheet.
                rows += [[] for _ in range(row + 1 - len(rows))]
                rows[row] += [""] * (column + 1 - len(rows[row]))
                rows[row][column] = said
        found.append({"name": told.name, "rows": rows})
    return found


def _padded(sheet: python_calamine.CalamineSheet) -> _Rows:
    """Return the sheet's rows from its first one on, so that a row's place is its number."""
    if sheet.start is None or sheet.end is None:
        return []
    if sheet.end[1] >= _MOST_COLUMNS:
        raise _refused("table_columns_too_many", most=_MOST_COLUMNS)
    rows: _Rows = [[] for _ in range(sheet.start[0])] if sheet.start[0] < _MOST_ROWS else []
    for row in sheet.iter_rows():
        rows.append([_said(cell) for cell in row])
        if len(rows) > _MOST_ROWS + _SCANNED and any(rows[-1]):
            raise _refused("table_rows_too_many", most=_MOST_ROWS)
    return rows[: _MOST_ROWS + _SCANNED]


def _said(cell: object) -> str:
    """Return a cell as a person would have typed it."""
    said = str(cell)
    if isinstance(cell, bool):
        said = "sí" if cell else "no"
    elif isinstance(cell, float):
        said = str(int(cell)) if cell.is_integer() else repr(cell)
    elif isinstance(cell, datetime):
        said = cell.isoformat(timespec="minutes") if cell.time() != time() else cell.date().isoformat()
    elif isinstance(cell, date):
        said = cell.isoformat()
    elif isinstance(cell, time):
        said = cell.isoformat(timespec="minutes")
    elif isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        said = f"{minutes // 60:02}:{minutes % 60:02}"
    return said[: _LONGEST_CELL + 1]


def _look_over(data: bytes) -> dict[int, dict[tuple[int, int], str]]:
    """Unpack every part within bounds, and look for what has no business there; return the formulas that failed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        names = [part.filename.lower() for part in parts]
        if len(parts) > _MOST_FILES:
            raise _refused("table_too_heavy")
        if "xl/workbook.xml" not in names:
            raise _refused("table_kind_not_taken")
        if any(mark in name for name in names for mark in _MACROS):
            raise _refused("table_macros")
        if any(mark in name for name in names for mark in _OUTSIDE):
            raise _refused("table_outside")
        left = _MOST_BYTES
        sheets = {}
        for part in parts:
            xml = _unpacked(archive, part, left)
            left -= len(xml)
            if any(mark in xml for mark in _ENTITIES):
                raise _refused("table_entities")
            if part.filename.lower() == "[content_types].xml" and b"macroEnabled" in xml:
                raise _refused("table_macros")
            if part.filename.startswith("xl/worksheets/sheet"):
                sheets[part.filename] = xml
        order = _order(archive)
    return {n: _failed(sheets[name]) for n, name in enumerate(order) if name in sheets}


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    # What a part says of its own size may be a lie: it is counted as it comes.
    found = bytearray()
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            found += piece
            if len(found) > most:
                raise _refused("table_too_heavy")
    return bytes(found)


def _order(archive: zipfile.ZipFile) -> list[str]:
    """Return the parts of the sheets, in the order of the workbook."""
    targets: dict[str, str] = {}
    order: list[str] = []

    def relation(name: str, said: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            target = said.get("Target", "").lstrip("/")
            targets[said.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"

    def sheet(name: str, said: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            order.append(next((value for key, value in said.items() if key.rpartition(":")[2] == "id"), ""))

    _parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    _parse(archive.read("xl/workbook.xml"), sheet)
    return [targets.get(one, "") for one in order]


def _parse(xml: bytes, start: object) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start  # type: ignore[assignment] # a handler of that shape
    parser.Parse(xml, True)  # noqa: FBT003 -- expat's own way to say that this is all


class _Failures:
    """Reads a sheet's XML and notes the cells whose formula failed or was never worked out."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self._at, self._kind, self._inside, self._value, self._formula = "", "", "", "", False

    def start(self, name: str, said: dict[str, str]) -> None:
        self._inside = name.rpartition(":")[2]
        if self._inside == "c":
            self._at, self._kind, self._value, self._formula = said.get("r", ""), said.get("t", ""), "", False
        elif self._inside == "f":
            self._formula = True

    def text(self, said: str) -> None:
        if self._inside == "v":
            self._value += said

    def end(self, name: str) -> None:
        self._inside = ""
        if name.rpartition(":")[2] != "c" or not self._at:
            return
        if self._kind == "e" or (self._formula and not self._value and self._kind != "str"):
            letters = self._at.rstrip("0123456789")
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - ord("A") + 1
            self.found[int(self._at[len(letters) :]) - 1, column - 1] = self._value or "#N/A"


def _failed(xml: bytes) -> dict[tuple[int, int], str]:
    notes = _Failures()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = notes.start
    parser.EndElementHandler = notes.end
    parser.CharacterDataHandler = notes.text
    parser.Parse(xml, True)  # noqa: FBT003 -- as above
    return notes.found


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if b"\0" in data:
        raise _refused("table_kind_not_taken")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel for Windows writes in Mexico; the few bytes that mean nothing there are told at their cell.
        return data.decode("cp1252", "replace")


def _listed(data: bytes) -> list[dict[str, object]]:
    text = _text(data)
    csv.field_size_limit(_LONGEST_LINE)
    lines = text.splitlines()
    head = [line for line in lines[:_SCANNED] if line.strip()]
    if head and head[0].lower().startswith("sep="):
        delimiter = head[0][4:5] or ","
        text = text.partition("\n")[2]
    else:
        delimiter = max(_DELIMITERS, key=lambda one: _width(head, one))
    rows: _Rows = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if len(row) > _MOST_COLUMNS:
            if any(cell.strip() for cell in row[_MOST_COLUMNS:]):
                raise _refused("table_columns_too_many", most=_MOST_COLUMNS)
            del row[_MOST_COLUMNS:]
        rows.append([cell[: _LONGEST_CELL + 1].replace("\r\n", "\n") for cell in row])
        if len(rows) > _MOST_ROWS + _SCANNED:
            raise _refused("table_rows_too_many", most=_MOST_ROWS)
    return [{"name": "", "rows": rows}]


def _width(lines: list[str], delimiter: str) -> int:
    return max((len(row) for row in csv.reader(lines, delimiter=delimiter)), default=0)


def main() -> None:
    """Read a spreadsheet, write its cells or why it is refused."""
    data = sys.stdin.buffer.read()
    for name in _ENCODINGS:
        codecs.lookup(name)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    told: dict[str, object] = {}
    sheets: list[dict[str, object]] = []
    try:
        if data.startswith(_OLD):
            raise _refused("table_old_or_locked")
        if data.startswith(b"PK"):
            told, sheets = {"kind": "workbook"}, _workbook(data)
        else:
            told, sheets = {"kind": "list"}, _listed(data)
    except _RefusedError as error:
        told = {"refused": error.args[0], "params": error.args[1]}
    except (
        zipfile.BadZipFile, zlib.error, expat.ExpatError, csv.Error, python_calamine.CalamineError,
        python_calamine.PasswordError, UnicodeError, KeyError, ValueError, EOFError, RuntimeError, OSError,
    ):  # fmt: skip
        told = {"refused": "table_unreadable", "params": {}}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + json.dumps(sheets).encode())


if __name__ == "__main__":
    main()
