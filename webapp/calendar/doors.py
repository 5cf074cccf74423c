"""The blueprint of the calendar: themes, contributions, posts and their review."""

from collections.abc import Mapping

from flask import Blueprint, flash

blueprint = Blueprint("calendar", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
CONFLICT = 409


def announce(said: str | Mapping[str, str], category: str = "success") -> None:
    """Show a notice on the next page; as a mapping it may offer to undo, or a link."""
    flash(said, category)  # type: ignore[arg-type] # the frame's notices take a mapping too
