"""The blueprint of the calendar: themes, contributions, posts and their review."""

from collections.abc import Mapping

from flask import Blueprint, flash, request, url_for

blueprint = Blueprint("calendar", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
CONFLICT = 409


def announce(said: str | Mapping[str, str], category: str = "success") -> None:
    """Show a notice on the next page; as a mapping it may offer to undo, or a link."""
    flash(said, category)  # type: ignore[arg-type] # the frame's notices take a mapping too


def back(ref: str = "") -> str:
    """Return the board that the form came from; else the page of the post ``ref``, or the calendar."""
    there: str = request.values.get("back", "")
    if there.startswith("/calendario") and "\\" not in there and there.isprintable():
        return there
    return url_for("calendar.post", ref=ref) if ref else url_for("calendar.bimester")
