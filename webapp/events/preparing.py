"""The posts of an event: proposed with their moments and words, prepared as drafts, moved along with it."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import event_posts, event_templates, events
from content_calendar.errors import InvalidError
from content_calendar.event_posts import Around, Proposed, Wanted
from content_calendar.models.directory import Account, OwnerKind
from content_calendar.models.events import Event
from content_calendar.models.plan import Campaign
from content_calendar.permissions import Permission
from content_calendar.rearranging import Outcome
from webapp.calendar import choices, clocks
from webapp.calendar.doors import announce
from webapp.calendar.forms import LONGEST_TEXT, LONGEST_TITLE
from webapp.errors import status_of, tell
from webapp.event_kinds import KINDS
from webapp.events import words
from webapp.events.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.session import db, needs, person, settings


def _show(event: Event, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    templates = event_templates.of_kind(db(), event.kind)
    rows = event_posts.proposed(event, templates, event_posts.links(db(), event))
    offered = choices.offered(db(), event.starts_on, set())
    again = bool(errors)
    slugs = {slug for one in templates for slug in one.campaigns}
    body = render_template(
        "events/prepare.html",
        event=event,
        look=KINDS[event.kind],
        rows=[_row(event, one, again=again) for one in rows],
        open=sum(one.made is None for one in rows),
        campaigns=[
            {"value": one.slug, "title": one.name, "text": " ".join(one.tags)} for one in offered.campaigns
        ],
        chosen_campaigns=set(request.form.getlist("campaigns")) if again else slugs,
        accounts=choices.account_cards(_every(offered), offered.keyed),
        chosen_accounts=set(request.form.getlist("accounts")) if again else _usual(_every(offered)),
        errors=errors or {},
    )
    return make_response(body, status)


def _every(offered: choices.Offered) -> list[Account]:
    return [account for some in offered.accounts.values() for account in some]


def _usual(accounts: list[Account]) -> set[str]:
    """Return the accounts that tell of an event where nobody says otherwise: the commission's own."""
    return {one.ref for one in accounts if one.owner.kind is OwnerKind.COMMISSION}


def _row(event: Event, one: Proposed, *, again: bool) -> dict[str, object]:
    due = event_posts.due_of(one.local, event.zone)
    words_of_it = event_templates.fill(one.template.body, words.gaps_of(event, one.deadline))
    form = request.form
    return {
        "slot": one.slot,
        "name": words.step_name(one),
        "made": one.made,
        "late": due is None,
        "clock": clocks.clock_words(due.at, due.zone) if due else [],
        "local": one.local,
        "text": form.get(f"text-{one.slot}", "") if again else words_of_it,
        "chosen": one.slot in form.getlist("slots") if again else due is not None and one.made is None,
    }


@blueprint.get("/eventos/<ref>/publicaciones")
@needs(Permission.WRITE_POSTS)
def prepare(ref: str) -> Response:
    """Show the posts that an event asks for, each with its moment and its words."""
    found = events.find(db(), ref)
    events.require_standing(found)
    return _show(found)


@blueprint.post("/eventos/<ref>/publicaciones")
@needs(Permission.WRITE_POSTS)
def make(ref: str) -> BaseResponse:
    """Make the drafts that were chosen, those that are not there yet."""
    found, form = events.find(db(), ref), request.form
    chosen = form.getlist("slots")
    templates = event_templates.of_kind(db(), found.kind)
    rows = event_posts.proposed(found, templates, event_posts.links(db(), found))
    wanted = [
        Wanted(one.slot, _title(found, one), form.get(f"text-{one.slot}", "")[:LONGEST_TEXT])
        for one in rows
        if one.slot in chosen
    ]
    empty = [one.slot for one in wanted if not one.text.strip()]
    if not wanted or empty:
        said = (
            {f"text-{slot}": [gettext("Escribe qué dice, o no la elijas.")] for slot in empty}
            if wanted
            else {"slots": [gettext("Elige al menos una publicación.")]}
        )
        return _show(found, said, UNPROCESSABLE)
    try:
        made = event_posts.prepare(db(), found, person(), wanted, _around())
    except InvalidError as error:
        db().rollback()
        return _show(events.find(db(), ref), {error.field or "slots": [tell(error)]}, status_of(error))
    text = ngettext(
        "Preparamos %(num)s borrador. Léelo y envíalo a revisión.",
        "Preparamos %(num)s borradores. Léelos y envíalos a revisión.",
        len(made),
    )
    announce(text if made else gettext("Esas publicaciones ya estaban: no se hizo ninguna otra."))
    return redirect(url_for(".event", ref=ref, _anchor="publicaciones"), SEE_OTHER)


def _title(event: Event, one: Proposed) -> str:
    return f"{words.step_name(one)}: {event.title}"[:LONGEST_TITLE]


def _around() -> Around:
    form = request.form
    return Around(
        db()
        .scalars(
            select(Account).where(
                Account.ref.in_(form.getlist("accounts")),
                Account.connected_at.is_not(None),
                Account.valid_to.is_(None),
            )
        )
        .all(),
        db()
        .scalars(select(Campaign).where(Campaign.slug.in_(form.getlist("campaigns"))).order_by(Campaign.id))
        .all(),
    )


@blueprint.post("/eventos/<ref>/publicaciones/mover")
@needs(Permission.WRITE_POSTS)
def move_along(ref: str) -> BaseResponse:
    """Move the posts that were left behind when the event moved; the answer offers to undo it."""
    found = events.find(db(), ref)
    outcome = event_posts.move_along(db(), found, person(), settings().lateness)
    said = ngettext(
        "Movimos %(num)s publicación con el evento.",
        "Movimos %(num)s publicaciones con el evento.",
        outcome.changed,
    )
    if outcome.undo_ref:
        announce({"text": said, "undo_url": url_for(".stay_behind", ref=ref, done=outcome.undo_ref)})
    _tell_refused(outcome)
    return redirect(url_for(".event", ref=ref, _anchor="publicaciones"), SEE_OTHER)


@blueprint.post("/eventos/<ref>/publicaciones/regresar/<done>")
@needs(Permission.WRITE_POSTS)
def stay_behind(ref: str, done: str) -> BaseResponse:
    """Put the posts back to where they stood before they were moved along."""
    found = events.find(db(), ref)
    outcome = event_posts.stay_behind(db(), found, done, person(), settings().lateness)
    announce(gettext("Las publicaciones están donde estaban."))
    _tell_refused(outcome)
    return redirect(url_for(".event", ref=ref, _anchor="publicaciones"), SEE_OTHER)


def _tell_refused(outcome: Outcome) -> None:
    for one in outcome.refused:
        announce(f"«{one.title}»: {tell(one.why)}", "warning")
