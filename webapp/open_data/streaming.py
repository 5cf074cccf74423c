"""A set's rows as they come from the database, written as CSV, JSON and JSON lines in constant memory."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Connection

from content_calendar.bulk import streamed
from webapp.open_data.declaring import TOGETHER, Ask, DataSet, Row
from webapp.sheets import neutral

BOM = "\ufeff".encode()


def parts(connection: Connection, data_set: DataSet, ask: Ask) -> Iterator[Sequence[Row]]:
    """Yield the rows some thousands at a time; the database sends them as they are asked for."""
    if data_set.rows is not None:
        rows = iter(data_set.rows(connection, ask))
        while part := list(islice(rows, TOGETHER)):
            yield part
        return
    yield from streamed(connection, data_set.statement(ask), TOGETHER)


def csv_head(data_set: DataSet) -> bytes:
    """Return how the file begins: the mark that spreadsheets look for, and the names of the columns."""
    return BOM + ",".join(data_set.names).encode() + b"\r\n"


class CsvWriter:
    """Writes rows as CSV (RFC 4180)."""

    def __init__(self, data_set: DataSet) -> None:
        self._typed = data_set.typed
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer)

    def written(self, part: Sequence[Row]) -> bytes:
        """Return the rows as CSV. What people wrote is never a formula; the rest cannot be one."""
        self._writer.writerows(self._safe(part) if self._typed else part)
        said = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return said.encode()

    def _safe(self, part: Sequence[Row]) -> Iterator[Row]:
        for row in part:
            cells = list(row)
            for at in self._typed:
                cells[at] = neutral(cells[at])
            yield cells


def objects(data_set: DataSet, part: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield each row by its names; true and false as JSON has them."""
    for row in part:
        one = dict(zip(data_set.names, row, strict=True))
        for name in data_set.yes_no:
            if (said := one[name]) is not None:
                one[name] = said == "true"
        yield one


def lines(data_set: DataSet, part: Iterable[Row]) -> list[bytes]:
    """Return each row as a JSON text."""
    return [orjson.dumps(one, default=_number) for one in objects(data_set, part)]


def _number(value: object) -> float:
    # JSON's numbers are these; in CSV a decimal stands as its source wrote it.
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value))


def csv_stream(connection: Connection, data_set: DataSet, ask: Ask) -> Iterator[bytes]:
    """Yield the whole set as CSV."""
    yield csv_head(data_set)
    if data_set.lined:
        # A value a row, not one a cell: to make a million rows of Python's out of six million values takes longer
        # than all of the database's work.
        for some in streamed(connection, data_set.line_statement(ask), TOGETHER):
            yield "".join([f"{line}\r\n" for (line,) in some]).encode()
        return
    writer = CsvWriter(data_set)
    for part in parts(connection, data_set, ask):
        yield writer.written(part)
