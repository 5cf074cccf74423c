"""Saying yes to one review, or to several that were seen: signed, and scheduled when nobody's yes is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import posts, review, signatures
from content_calendar.clock import now
from content_calendar.errors import InvalidError, ResuenaError
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, Review
from content_calendar.permissions import Permission
from content_calendar.signing import Standing
from webapp import checks
from webapp.calendar import clocks, scheduling
from webapp.calendar.doors import SEE_OTHER, blueprint
from webapp.calendar.post_page import draft_of
from webapp.calendar.scheduling import due_of
from webapp.errors import tell
from webapp.session import db, needs, person, settings

_MOST_AT_ONCE = 50
_MOST_TOLD = 5


class ChecksChangedError(InvalidError):
    """Since the post was sent, something changed that breaks a rule."""

    code = "checks_changed"


class NotSeenError(InvalidError):
    """Nobody approves with others at once what they have not opened."""

    code = "not_seen"


@dataclass(frozen=True)
class Approved:
    """What came of a yes: where the review stands, and in words when it goes out; empty when it has no moment."""

    standing: Standing
    when: str = ""


def post_of(found: Review) -> Post:
    """Return the post that a review is of."""
    ref = db().scalar(select(Post.ref).where(Post.id == found.post_id))
    return posts.find(db(), ref or "")


def approve_one(found: Review, content_hash: str, by: Person | None = None) -> Approved:
    """Say yes ``by`` somebody, or as the person who is signed in.

    The post is scheduled when nobody's yes is missing and its moment is ahead.
    Raises ChecksChangedError, and what ``review.approve`` and ``scheduling.schedule`` raise.
    """
    post, by = post_of(found), by or person()
    errors = [one for one in checks.check(db(), draft_of(post), post.id) if one.severity.value == "error"]
    if errors and post.version_id == found.version_id:
        raise ChecksChangedError(field="decision")
    standing = review.approve(db(), found, post, by, content_hash)
    due = due_of(post)
    if not standing.complete or due is None or due.at <= now():
        return Approved(standing)
    scheduling.schedule(db(), post, due, settings().lateness, by.ref)
    return Approved(standing, clocks.clock_words(due.at, due.zone)[0])


def names_of(standings: Sequence[Standing]) -> Mapping[int, str]:
    """Return the names of everybody whose yes is waited for, in one query."""
    asked = frozenset().union(*(one.waits_for for one in standings))
    if not asked:
        return {}
    return {
        row.id: row.name for row in db().execute(select(Person.id, Person.name).where(Person.id.in_(asked)))
    }


def waits_words(standing: Standing, names: Mapping[int, str]) -> str:
    """Return in words whose yes is missing."""
    who = [names[one] for one in sorted(standing.waits_for) if one in names]
    if not who:
        return str(gettext("Falta el sí de otra persona de la coordinación, y hoy no hay quien pueda darlo."))
    said = gettext(" o ").join([", ".join(who[:-1]), who[-1]] if len(who) > 1 else who)
    if len(who) > _MOST_TOLD:
        said = gettext("alguien de la coordinación")
    if standing.of > 1:
        words = gettext(
            "Paso %(step)s de %(of)s: falta el sí de %(who)s.", step=standing.step, of=standing.of, who=said
        )
    else:
        words = gettext("Falta el sí de %(who)s.", who=said)
    return str(words)


@blueprint.post("/revision/aprobar")
@needs(Permission.REVIEW_POSTS)
def approve_several() -> BaseResponse:
    """Approve each that was chosen and seen; one that cannot be does not keep the others from it."""
    chosen = [one.partition(":") for one in request.form.getlist("chosen")[:_MOST_AT_ONCE]]
    if not chosen:
        flash(gettext("Marca al menos una que ya hayas visto."), "warning")
    done, refused = 0, []
    for ref, _, content_hash in chosen:
        title, said = _approve_seen(ref, content_hash)
        done += not said
        refused += [f"«{title}»: {said}"] if said else []
    if done:
        flash(ngettext("Aprobaste una.", "Aprobaste %(num)s.", done), "success")
    for said in refused[:_MOST_TOLD]:
        flash(said, "warning")
    if len(refused) > _MOST_TOLD:
        more = len(refused) - _MOST_TOLD
        flash(
            ngettext("Y otra no se pudo aprobar.", "Y otras %(num)s no se pudieron aprobar.", more), "warning"
        )
    return redirect(url_for(".reviews"), SEE_OTHER)


def _approve_seen(ref: str, content_hash: str) -> tuple[str, str]:
    """Return the title, and why it could not be approved; empty when it was."""
    title = ref
    try:
        with db().begin_nested():
            found = review.find(db(), ref)
            title = post_of(found).title or ref
            if found.id not in signatures.seen_by(db(), [found], person()):
                raise NotSeenError
            approve_one(found, content_hash)
    except ResuenaError as error:
        return title, tell(error)
    return title, ""
