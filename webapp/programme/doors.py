"""The blueprint of the programme, whose commitments one may follow, and what is told after an act."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, request
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import programme
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.models.programme import Participation
from content_calendar.permissions import Permission, Scope
from content_calendar.wall_time import zone_named
from webapp.session import db, settings, viewer

blueprint = Blueprint("programme", __name__)
SEE_OTHER, UNPROCESSABLE = 303, 422
_P = Permission
_NOBODY = Scope(0, None)


class DayUnreadableError(InvalidError):
    """A day is a year, a month and a day."""

    code = "programme_day_unreadable"


class NumberUnreadableError(InvalidError):
    """A number has digits only."""

    code = "programme_number_unreadable"


def today() -> date:
    """Return the day it is by the commission's clock: a due date is the same for everybody."""
    return now().astimezone(zone_named(settings().zone)).date()


def body_of(session: Session, participation: Participation) -> Body:
    """Return the body of a participating state."""
    return session.scalars(select(Body).where(Body.id == participation.body_id)).one()


def may(permission: Permission, body: Body | None) -> bool:
    """Return whether the viewer may do that for a body; for none, whether they may for all of them."""
    return viewer().can(permission, Scope(body.id, body.region_id) if body else _NOBODY)


def require(permission: Permission, body: Body | None) -> None:
    """Raise ForbiddenError when the viewer may not do that for the body."""
    if not may(permission, body):
        raise ForbiddenError


def followed(ref: str) -> tuple[Participation, Body]:
    """Return a state that the viewer may follow, with its body.

    Raises ParticipationNotFoundError and ForbiddenError.
    """
    participation = programme.find_participation(db(), ref)
    body = body_of(db(), participation)
    require(_P.FOLLOW_PROGRAMME, body)
    return participation, body


def day_in(form: Mapping[str, str], name: str) -> date | None:
    """Return the day of a field, None for an empty one. Raises DayUnreadableError."""
    typed = form.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise DayUnreadableError(name) from None


def number_in(form: Mapping[str, str], name: str, most: int) -> int | None:
    """Return the number of a field, however its thousands are parted; None for an empty one.

    Raises NumberUnreadableError.
    """
    bare = form.get(name, "").replace(",", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not bare:
        return None
    if not (bare.isascii() and bare.isdecimal()) or len(bare) > len(str(most)):
        raise NumberUnreadableError(name)
    return int(bare)


def typed_words() -> dict[str, str]:
    """Return what was typed, without the form's token."""
    return {key: value for key, value in request.form.items() if key != "csrf_token"}


def say(text: str, undo_url: str = "", undo_label: str = "") -> None:
    """Tell what was done at the top of the next page, with the button that takes it back where there is one."""
    if not undo_url:
        flash(text, "success")
        return
    said = {"text": text, "undo_url": undo_url, "undo_label": undo_label or gettext("Deshacer")}
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
