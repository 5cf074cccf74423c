"""Several posts chosen on a board: moved by days, or given a theme or a campaign, with one way back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import agenda, campaigns, planning, rearranging
from content_calendar.agenda import Entry
from content_calendar.clashes import clashes_when_moved
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.rearranging import Outcome
from content_calendar.wall_time import resolve
from webapp.calendar import clashing
from webapp.calendar.doors import CONFLICT, SEE_OTHER, announce, back, blueprint
from webapp.errors import tell
from webapp.session import db, needs, person, settings

_TOLD = 12
_A_DAY = timedelta(days=1)
_NO_THEME = "ninguno"


class NothingToDoError(InvalidError):
    """Nobody said what to do with what was chosen."""

    code = "nothing_to_do"


@blueprint.post("/calendario/varias")
@needs(Permission.WRITE_POSTS)
def rearrange() -> BaseResponse:
    """Move or assign the chosen posts; each that refuses is told with its reason, the others are changed."""
    try:
        if request.form.get("do") == "move" and not request.form.get("insiste"):
            days, refs = _days(), _chosen()
            if clashes := _in_the_way(refs, days):
                return _asking(refs, days, clashes)
        outcome = _done()
    except (InvalidError, ConflictError, NotFoundError) as error:
        db().rollback()
        announce(tell(error), "error")
        return redirect(back(), SEE_OTHER)
    _tell(
        outcome,
        ngettext("Cambiamos %(num)s publicación.", "Cambiamos %(num)s publicaciones.", outcome.changed),
    )
    return redirect(back(), SEE_OTHER)


def _done() -> Outcome:
    form = request.form
    refs = _chosen()
    what = form.get("do", "")
    if what == "move":
        return rearranging.shift(db(), refs, _days(), person(), settings().lateness)
    if what == "theme" and (ref := form.get("tema", "")):
        theme = None if ref == _NO_THEME else planning.find_theme(db(), ref)
        return rearranging.assign_theme(db(), refs, theme, person())
    if what == "campaign" and (slug := form.get("campana", "")):
        return rearranging.add_campaign(db(), refs, campaigns.find(db(), slug), person())
    raise NothingToDoError(field="do")


def _chosen() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("post")))


def _in_the_way(refs: Sequence[str], days: int) -> list[str]:
    """Return a sentence for each clash that moving the posts by days would make; three queries, however many."""
    if not 0 < len(refs) <= rearranging.MOST_POSTS or not 0 < abs(days) <= rearranging.MOST_DAYS:
        return []
    locals_ = db().scalars(select(Post.due_local).where(Post.ref.in_(refs), Post.due_local != "")).all()
    if not locals_:
        return []
    by = timedelta(days=days)
    first, last = (date.fromisoformat(one[:10]) for one in (min(locals_), max(locals_)))
    before = agenda.entries(db(), first, last)
    there = agenda.entries(db(), first + by - _A_DAY, last + by + _A_DAY)
    asked = [_moved(one, by) for one in before if one.post_ref in refs and one.movable]
    moved = [one for one in asked if one is not None]
    found = clashes_when_moved(clashing.sayings(moved), clashing.sayings(before), clashing.sayings(there))
    return [clashing.sentence(one) for one in found]


def _moved(entry: Entry, by: timedelta) -> Entry | None:
    """Return the entry where it would be; None where it cannot: the move itself tells that, of that post alone."""
    try:
        moment = resolve(entry.local + by, entry.zone)
    except InvalidError:
        return None
    return replace(entry, local=moment.local, due_at=moment.utc)


def _asking(refs: Sequence[str], days: int, clashes: Sequence[str]) -> Response:
    """Tell what is in the way before anything is moved, and ask whether to go on."""
    body = render_template(
        "calendar/move_several.html",
        refs=refs,
        days=days,
        clashes=clashes[:_TOLD],
        more=len(clashes) - _TOLD,
        back=back(),
    )
    return make_response(body, CONFLICT)


def _days() -> int:
    try:
        return int(request.form.get("dias", "").strip().replace("\N{MINUS SIGN}", "-")[:5])
    except ValueError as error:
        raise rearranging.DaysOutOfRangeError(field="dias", most=rearranging.MOST_DAYS) from error


@blueprint.post("/calendario/varias/<ref>/deshacer")
@needs(Permission.WRITE_POSTS)
def undo_rearranging(ref: str) -> BaseResponse:
    """Put back what was changed at once."""
    try:
        outcome = rearranging.undo(db(), ref, person(), settings().lateness)
    except NotFoundError as error:
        db().rollback()
        announce(tell(error), "error")
        return redirect(back(), SEE_OTHER)
    said = ngettext(
        "%(num)s publicación está otra vez como estaba.",
        "%(num)s publicaciones están otra vez como estaban.",
        outcome.changed,
    )
    _tell(outcome, said)
    return redirect(back(), SEE_OTHER)


def _tell(outcome: Outcome, said: str) -> None:
    if outcome.changed and outcome.undo_ref:
        undo = url_for("calendar.undo_rearranging", ref=outcome.undo_ref, back=back())
        announce({"text": said, "undo_url": undo})
    elif outcome.changed:
        announce(said)
    elif not outcome.refused:
        announce(gettext("Ya estaban así: no había nada que cambiar."), "info")
    told = [
        gettext("«%(title)s»: %(why)s", title=one.title or gettext("Sin título"), why=tell(one.why))
        for one in outcome.refused[:_TOLD]
    ]
    if more := len(outcome.refused) - len(told):
        told.append(ngettext("Y %(num)s más.", "Y %(num)s más.", more))
    for one in told:
        announce(one, "warning")
