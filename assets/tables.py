"""Spreadsheets from outside as plain texts: read in a room of its own, bounded, never worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import orjson

from assets import apart
from content_calendar.errors import InvalidError

LARGEST_MEGABYTES = 8
_SECONDS = 30.0


class TableRefusedError(InvalidError):
    """The file is no sheet that can be read; each reason is a class of its own below."""

    code = "table_unreadable"


REFUSALS: Mapping[str, type[TableRefusedError]] = MappingProxyType(
    {
        "table_unreadable": TableRefusedError,
        **{
            code: type(f"{code}_error", (TableRefusedError,), {"code": code})
            for code in (
                "table_too_heavy", "table_too_large", "table_kind_not_taken", "table_macros", "table_outside",
                "table_entities", "table_old_or_locked", "table_rows_too_many", "table_columns_too_many",
                "table_sheets_too_many",
            )
        },
    }
)  # fmt: skip
"""Why a file is refused. Sheets with macros are refused even where only their name says so."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file: its name, empty for a text file, and its rows of texts from the first one on."""

    name: str
    rows: Sequence[Sequence[str]]
    # Whether it comes from a text file, where whoever wrote it may have guarded cells by an apostrophe.
    is_list: bool = False


def sheets_of(filename: str, data: bytes) -> list[Sheet]:
    """Return the visible sheets of a workbook (XLSX) or the one of a text file (CSV, whatever its signs).

    Raises TableRefusedError or one of REFUSALS, and RoomsBusyError.
    """
    if len(data) > LARGEST_MEGABYTES << 20:
        raise REFUSALS["table_too_large"](field="file", megabytes=LARGEST_MEGABYTES)
    if filename.lower().endswith((".xlsm", ".xltm", ".xlsb", ".xlam")):
        raise REFUSALS["table_macros"](field="file")
    with apart.a_file(data) as given:
        told, rest = apart.run("tabulating", given, seconds=_SECONDS)
    if "refused" in told or not told:
        refusal = REFUSALS.get(str(told.get("refused", "")), TableRefusedError)
        raise refusal(field="file", **told.get("params", {}))
    is_list = told["kind"] == "list"
    return [Sheet(one["name"], one["rows"], is_list) for one in orjson.loads(rest)]
