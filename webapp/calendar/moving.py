"""One post moved to another moment: by a form that says first what is in its way, or by dragging it there."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import agenda, posts
from content_calendar.clashes import clashes_of
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.posts import Due
from webapp.calendar import clashing, clocks
from webapp.calendar.doors import CONFLICT, SEE_OTHER, UNPROCESSABLE, announce, back, blueprint
from webapp.calendar.scheduling import due_of
from webapp.errors import status_of, tell
from webapp.session import db, needs, person, settings


def asked_moment() -> clocks.Meant:
    """Return the moment that the form or the address names."""
    values = request.values
    return clocks.meant(
        values.get("due_date", ""), values.get("due_time", ""), values.get("due_zone", "") or settings().zone
    )


def in_the_way(post: Post, due: Due) -> list[str]:
    """Return a sentence for each clash that the post would have at a moment; one query."""
    day = due.local.date()
    others = agenda.entries(db(), day - timedelta(days=1), day + timedelta(days=1))
    accounts = [f"{one.network}/{one.handle}" for one in post.accounts]
    found = clashes_of(post.ref, due.at, due.local, accounts, clashing.sayings(others))
    return [clashing.sentence(one) for one in found]


def _asking(
    post: Post,
    errors: Mapping[str, Sequence[str]] | None = None,
    status: int = 200,
    *,
    clashes: Sequence[str] = (),
) -> Response:
    before, values = due_of(post), request.values
    zone = values.get("due_zone", "") or (before.zone if before else settings().zone)
    meant = asked_moment() if values.get("due_date") else clocks.Meant(before)
    body = render_template(
        "calendar/move_post.html",
        post=post,
        date=values.get("due_date", "") or (before.local.date().isoformat() if before else ""),
        time=values.get("due_time", "") or (before.local.strftime("%H:%M") if before else ""),
        zone=zone,
        zones=clocks.zone_options(zone),
        words=clocks.words_of(meant) if meant.due else [],
        now_words=clocks.clock_words(before.at, before.zone) if before else [],
        homes=_homes(post, meant.due),
        clashes=clashes or (in_the_way(post, meant.due) if meant.due else []),
        insisting=bool(clashes),
        errors=errors or {},
        back=back(post.ref),
    )
    return make_response(body, status)


def _homes(post: Post, due: Due | None) -> list[str]:
    """Return the moment by the clocks of the bodies it speaks for, where they are others."""
    if due is None:
        return []
    return clocks.home_words(db(), [one.owner_id for one in post.accounts], due)


@blueprint.get("/publicaciones/<ref>/mover")
@needs(Permission.WRITE_POSTS)
def ask_moment(ref: str) -> Response:
    """Ask for another moment, and say what would be in its way."""
    return _asking(posts.find(db(), ref))


@blueprint.post("/publicaciones/<ref>/mover/mirar")
@needs(Permission.WRITE_POSTS)
def look_at_moment(ref: str) -> str:
    """Return what the form would say of the moment that stands in it; nothing is moved."""
    post, meant = posts.find(db(), ref), asked_moment()
    return render_template(
        "calendar/move_words.html",
        words=[*clocks.words_of(meant), *_homes(post, meant.due)],
        clashes=in_the_way(post, meant.due) if meant.due else [],
    )


@blueprint.post("/publicaciones/<ref>/mover")
@needs(Permission.WRITE_POSTS)
def move(ref: str) -> BaseResponse:
    """Give a post another moment; what is in its way is told before, the answer offers to undo it."""
    found = posts.find(db(), ref)
    meant, before = asked_moment(), due_of(found)
    if meant.error or meant.due is None:
        return _refused(ref, [meant.error or gettext("Elige el día y la hora.")])
    if not request.values.get("insiste") and (clashes := in_the_way(found, meant.due)):
        return _asking(found, status=CONFLICT, clashes=clashes)
    try:
        posts.reschedule(db(), found, person(), meant.due, settings().lateness)
    except (InvalidError, ConflictError) as error:
        return _refused(ref, [tell(error)], status_of(error))
    announce(_moved(found, before, meant.due))
    return redirect(back(ref), SEE_OTHER)


def _refused(ref: str, said: list[str], status: int = UNPROCESSABLE) -> Response:
    db().rollback()
    return _asking(posts.find(db(), ref), {"due": said}, status)


def _moved(found: Post, before: Due | None, after: Due) -> dict[str, str] | str:
    said: str = gettext(
        "Movimos «%(title)s» a %(when)s.", title=found.title, when=clocks.clock_words(after.at, after.zone)[0]
    )
    if before is None or before.at <= now():
        return said
    # The old moment goes in the address: undoing is one more move, and nothing stands in its way.
    undo = url_for(
        "calendar.move",
        ref=found.ref,
        due_date=before.local.date().isoformat(),
        due_time=before.local.time().isoformat(),
        due_zone=before.zone,
        insiste=1,
        back=back(found.ref),
    )
    return {"text": said, "undo_url": undo}
