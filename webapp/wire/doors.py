"""The blueprint of the wire, and the way back to where somebody was in it."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.errors import NotFoundError
from scheduler.models import Entry
from webapp.session import db

blueprint = Blueprint("wire", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
_PLACES = ("/cable", "/")


class EntryMissingError(NotFoundError):
    """There is no note of that reference."""

    code = "entry_missing"


def find_entry(ref: str) -> Entry:
    """Return the note of that reference with its owner; raise EntryMissingError."""
    entry = db().scalars(
        select(Entry).where(Entry.ref == ref).options(joinedload(Entry.owner))
    ).one_or_none()  # fmt: skip
    if entry is None:
        raise EntryMissingError(ref=ref)
    return entry


def announce(said: str | Mapping[str, str], category: str = "success") -> None:
    """Show a notice on the next page; as a mapping it may offer to undo, or a link."""
    flash(said, category)  # type: ignore[arg-type] # the frame's notices take a mapping too


def back(anchor: str = "") -> BaseResponse:
    """Go back to where in the wire, or on Hoy, the form stood."""
    there = request.form.get("back", "")
    path = there.partition("?")[0]
    known = path in _PLACES or path.startswith("/cable/")
    safe = known and not there.startswith("//") and "\\" not in there and there.isprintable()
    address = there if safe else url_for("wire.cable")
    return redirect(f"{address}#{anchor}" if anchor else address, SEE_OTHER)
