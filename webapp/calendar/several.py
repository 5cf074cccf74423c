"""Several posts chosen on a board: moved by days, or given a theme or a campaign, with one way back."""

from flask import redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import campaigns, planning, rearranging
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.permissions import Permission
from content_calendar.rearranging import Outcome
from webapp.calendar.doors import SEE_OTHER, announce, back, blueprint
from webapp.errors import tell
from webapp.session import db, needs, person, settings

_TOLD = 12
_NO_THEME = "ninguno"


class NothingToDoError(InvalidError):
    """Nobody said what to do with what was chosen."""

    code = "nothing_to_do"


@blueprint.post("/calendario/varias")
@needs(Permission.WRITE_POSTS)
def rearrange() -> BaseResponse:
    """Move or assign the chosen posts; each that refuses is told with its reason, the others are changed."""
    try:
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
    refs = list(dict.fromkeys(form.getlist("post")))
    what = form.get("do", "")
    if what == "move":
        return rearranging.shift(db(), refs, _days(), person(), settings().lateness)
    if what == "theme" and (ref := form.get("tema", "")):
        theme = None if ref == _NO_THEME else planning.find_theme(db(), ref)
        return rearranging.assign_theme(db(), refs, theme, person())
    if what == "campaign" and (slug := form.get("campana", "")):
        return rearranging.add_campaign(db(), refs, campaigns.find(db(), slug), person())
    raise NothingToDoError(field="do")


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
