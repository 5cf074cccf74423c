"""An uploaded file turned into the rows of a bimester's sheet: of the sheet that has the headings, those columns."""

from dataclasses import dataclass

from flask import request

from assets.tables import LARGEST_MEGABYTES, Sheet, sheets_of
from content_calendar.errors import InvalidError
from content_calendar.sheet_columns import Layout, layout_of, rows_under
from content_calendar.taking_in import SheetEmptyError
from webapp.exchange.workbook import bare


class SheetFileMissingError(InvalidError):
    """No file was chosen."""

    code = "sheet_file_missing"


class HeadingsMissingError(InvalidError):
    """No sheet of the file has headings that we know."""

    code = "sheet_without_headings"


class HeadingRepeatedError(InvalidError):
    """Two columns are called the same, or mean the same. ``heading`` is the second one."""

    code = "sheet_heading_repeated"


@dataclass(frozen=True)
class Uploaded:
    """What was read of a file: its name, its rows with their numbers, and the headings that nobody knows."""

    filename: str
    cells: list[tuple[int, dict[str, str]]]
    unread: tuple[str, ...]


def uploaded() -> Uploaded:
    """Return the file of the request's form, read. Raises InvalidError with the reason, and RoomsBusyError."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise SheetFileMissingError(field="file")
    data = file.stream.read((LARGEST_MEGABYTES << 20) + 1)
    sheet, layout = _chosen(sheets_of(file.filename, data))
    if layout.repeated:
        raise HeadingRepeatedError(field="file", heading=layout.repeated[0])
    rows = [[bare(cell) for cell in row] for row in sheet.rows] if sheet.is_list else sheet.rows
    cells = rows_under(layout, rows)
    if not cells:
        raise SheetEmptyError(field="file")
    return Uploaded(file.filename, cells, layout.unread)


def _chosen(sheets: list[Sheet]) -> tuple[Sheet, Layout]:
    """Return the sheet with the most headings that we know."""
    found = [(sheet, layout) for sheet in sheets if (layout := layout_of(sheet.rows)) is not None]
    if not found:
        raise HeadingsMissingError(field="file")
    return max(found, key=lambda one: len({column for column in one[1].columns if column}))
