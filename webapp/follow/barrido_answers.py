"""What is answered in a barrido: a post, all the rest of a body, or that it was a mistake."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.permissions import Permission
from scheduler.models import ReplicationKind
from scheduler.replication import barrido, barrido_reminders, link_owner
from scheduler.replication.barrido import Said
from scheduler.replication.barrido_board import BodyRow
from scheduler.replication.barrido_models import LookAnswer, NotReachedWhy
from scheduler.replication.link_owner import LinkOwner, Whose
from webapp.dashboards.reach import scope_of
from webapp.errors import status_of, tell
from webapp.follow.barrido import BarridoMissingError, Typed, board_of, row_of, show, week_asked
from webapp.follow.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.session import db, needs, person, settings, viewer
from webapp.words import N_

_P = Permission
_WARNINGS: Mapping[Whose, str] = {
    Whose.ANOTHERS: N_("%(handle)s es de %(owner)s, no de %(body)s. ¿Seguro que este enlace es suyo?"),
    Whose.LIKE: N_(
        "%(handle)s se parece a %(owner)s, pero no es la misma: así se hacen pasar por otros. Compruébala."
    ),
    Whose.UNKNOWN: N_("%(handle)s no está en el directorio como de %(body)s. Mira que de verdad sea suya."),
}


class BarridoDayError(InvalidError):
    """A day is written as the calendar of the form gives it, and is not to come."""

    code = "barrido_day"


def _said(week: date) -> Said:
    form = request.form
    answer, why, kind = form.get("answer", ""), form.get("why", ""), form.get("kind", "")
    if answer.startswith("not_reached:"):
        # One button says both, so that it takes one click.
        answer, _, why = answer.partition(":")
    if answer not in set(LookAnswer):
        raise barrido.BarridoWhyError(field="answer")
    return Said(
        LookAnswer(answer),
        NotReachedWhy(why) if why in set(NotReachedWhy) else None,
        form.get("link", "").strip(),
        ReplicationKind(kind) if kind in set(ReplicationKind) else ReplicationKind.ADAPTED,
        _day(form.get("day", ""), week),
    )


def _day(typed: str, week: date) -> datetime | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise BarridoDayError(field="day") from None
    # Noon: the form asks for a day, and a lag of hours should not depend on who typed it.
    return datetime.combine(max(day, week), time(12), ZoneInfo(settings().zone))


def _warning(found: LinkOwner, row: BodyRow) -> str:
    words = _WARNINGS.get(found.whose)
    if words is None:
        return ""
    return str(gettext(words) % {"handle": found.handle, "owner": found.owner, "body": row.body.short_name})


@blueprint.post("/barrido/semana/<ref>/<slug>/<post_ref>")
@needs(_P.DECIDE_REPLICATIONS)
def answer_sweep(ref: str, slug: str, post_ref: str) -> BaseResponse:
    """Take what came of looking for one post; a link that seems to be another's is asked about once more."""
    week = week_asked(ref)
    row = row_of(board_of(week), slug)
    pair = next((one for one in row.pairs if one.post.ref == post_ref), None)
    if pair is None:
        raise BarridoMissingError
    values = {key: request.form.get(key, "")[:2000] for key in ("link", "kind", "day")}
    try:
        said = _said(week)
        if said.answer is LookAnswer.SEEN:
            found = link_owner.owner_of(db(), said.link, row.body.id)
            if not request.form.get("sure") and (warning := _warning(found, row)):
                return show(week, slug, Typed(post_ref, values, warning=warning), UNPROCESSABLE)
        batch = barrido.answer_one(db(), person(), week, row.body.id, pair.post.id, said)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return show(week, slug, Typed(post_ref, values, error=tell(error)), status_of(error))
    barrido_reminders.settle(db(), week, board_of(week).rows, person().id)
    if request.headers.get("X-Requested-With") == "fetch":
        return show(week, slug)
    _announce(gettext("Anotado: «%(title)s».", title=pair.post.title), batch)
    return redirect(url_for(".sweep_body", ref=week, slug=slug, _anchor=f"p-{post_ref}"), SEE_OTHER)


@blueprint.post("/barrido/semana/<ref>/<slug>/resto")
@needs(_P.DECIDE_REPLICATIONS)
def answer_rest(ref: str, slug: str) -> BaseResponse:
    """Take the same of all that this page showed and nobody answered, and go on to the next body."""
    week = week_asked(ref)
    row = row_of(board_of(week), slug)
    # Only what was on the page: what went out meanwhile nobody has looked for.
    shown = set(request.form.getlist("post"))
    posts = [pair.post.id for pair in row.pairs if pair.open and pair.post.ref in shown]
    try:
        batch, count = barrido.answer_rest(db(), person(), week, row.body.id, posts, _said(week))
    except InvalidError as error:
        db().rollback()
        return show(week, slug, Typed(error=tell(error)), status_of(error))
    board = board_of(week)
    barrido_reminders.settle(db(), week, board.rows, person().id)
    following = board.next_after(slug)
    name = row.body.short_name
    if count:
        _announce(
            ngettext(
                "%(body)s: anotada %(num)s publicación.",
                "%(body)s: anotadas %(num)s publicaciones.",
                count,
                body=name,
            ),
            batch,
        )
    if following is None:
        flash(gettext("Terminaste el barrido de la semana. ¡Gracias!"), "success")
        return redirect(url_for(".sweep_week", ref=week), SEE_OTHER)
    return redirect(url_for(".sweep_body", ref=week, slug=following.body.slug), SEE_OTHER)


@blueprint.post("/barrido/deshacer/<batch>")
@needs(_P.DECIDE_REPLICATIONS)
def undo_sweep(batch: str) -> BaseResponse:
    """Undo what was answered together, for a body within reach."""
    look = barrido.find_batch(db(), batch)[0]
    body = db().scalars(select(Body).where(Body.id == look.body_id)).one()
    if not viewer().can(_P.DECIDE_REPLICATIONS, scope_of(body)):
        raise ForbiddenError
    week = look.week
    barrido.take_back(db(), person(), batch)
    flash(gettext("Deshecho: puedes contestar otra vez."), "success")
    return redirect(url_for(".sweep_body", ref=week, slug=body.slug), SEE_OTHER)


def _announce(said: str, batch: str) -> None:
    flash({"text": said, "undo_url": url_for(".undo_sweep", batch=batch)}, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
