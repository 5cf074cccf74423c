"""Series: what was counted, what is planned, which numbers are gaps, and how many replies wait."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import case, func, select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import replies, series, visibility
from content_calendar.clock import now
from content_calendar.content import from_json
from content_calendar.errors import InvalidError
from content_calendar.models.dialogue import Reply, ReplyStage, Series
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.permissions import Permission
from content_calendar.series import Place
from content_calendar.states import PostState
from webapp import dates
from webapp.calendar.choices import network_name
from webapp.dialogue.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import db, needs, person, viewer

_ON_A_PAGE = 50
_AHEAD = frozenset({PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED, PostState.SCHEDULED})


@dataclass(frozen=True)
class Row:
    """A number as the page shows it. ``post`` is empty when the reader is not shown it, or there is none."""

    place: Place
    post: Post | None
    when: str
    links: Sequence[tuple[str, str]]
    # The number that its text gives itself, when that is another.
    says: int | None
    replies: int
    waiting: int

    @property
    def ahead(self) -> bool:
        """Return whether it is still to come."""
        return self.post is not None and not self.place.gap and self.post.state in _AHEAD


@blueprint.get("/series")
@needs(Permission.VIEW_PLAN)
def every_series() -> Response:
    """List the series, and offer to begin one."""
    return _listed()


def _listed(errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    page = render_template(
        "dialogue/every_series.html",
        every=series.listed(db()),
        waiting=replies.waiting(db()),
        errors=errors or {},
        typed=request.form,
    )
    return make_response(page, status)


@blueprint.post("/series")
@needs(Permission.EDIT_PLAN)
def begin_series() -> BaseResponse:
    """Begin a series."""
    form = request.form
    try:
        made = series.begin(
            db(), form.get("name", ""), form.get("tag", ""), form.get("first", 0, type=small), person()
        )
    except InvalidError as error:
        db().rollback()
        return _listed({error.field or "name": [tell(error)]}, UNPROCESSABLE)
    flash(gettext("Serie creada. Elígela al escribir una publicación y se le da su número."), "success")
    return redirect(url_for(".one_series", ref=made.ref), SEE_OTHER)


@blueprint.get("/series/<ref>")
@needs(Permission.VIEW_PLAN)
def one_series(ref: str) -> str:
    """Show a series from the last number down."""
    found = series.find(db(), ref)
    highest = request.args.get("desde", found.next_number - 1, type=small)
    places = series.places(db(), found, highest, _ON_A_PAGE)
    rows = _rows(found, places)
    lowest = places[-1].n if places else found.first_number
    return render_template(
        "dialogue/one_series.html",
        series=found,
        rows=rows,
        ahead=sorted((row for row in rows if row.ahead), key=_moment),
        gaps=series.gaps(db(), found),
        waiting=replies.waiting(db()).get(found.id),
        older=lowest - 1 if lowest > found.first_number else None,
        newest=highest >= found.next_number - 1,
        network_name=network_name,
    )


def _moment(row: Row) -> tuple[bool, datetime, int]:
    due = row.post.due_at if row.post else None
    return due is None, due or now(), row.place.n


def _rows(found: Series, places: Sequence[Place]) -> list[Row]:
    """Return the numbers with all that their rows show: four questions, however many they are."""
    shown = visibility.visible_states(viewer().rights)
    posts = {one.given.post_id: one.given.post for one in places if one.given}
    links = _links(posts)
    texts = _texts(posts) if visibility.sees_unapproved(viewer().rights) else {}
    counted = _replies(posts)
    rows = []
    for place in places:
        post = place.given.post if place.given and place.given.post.state in shown else None
        ref = post.id if post else 0
        said = series.other_number(texts.get(ref, ""), found.tag, place.n)
        when = dates.words(post.due_at) if post else ""
        rows.append(Row(place, post, when, links.get(ref, ()), said, *counted.get(ref, (0, 0))))
    return rows


def _links(posts: Mapping[int, Post]) -> Mapping[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    rows = db().execute(
        select(Publication.post_id, Account.network, PublicationPart.remote_url)
        .join(PublicationPart, PublicationPart.publication_id == Publication.id)
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.post_id.in_(posts), PublicationPart.n == 1, PublicationPart.remote_url != "")
        .order_by(Publication.id)
    )
    for post_id, network, url in rows:
        found.setdefault(post_id, []).append((network_name(network), url))
    return found


def _texts(posts: Mapping[int, Post]) -> Mapping[int, str]:
    versions = {one.version_id: post_id for post_id, one in posts.items() if one.version_id}
    rows = db().execute(select(PostVersion.id, PostVersion.content).where(PostVersion.id.in_(versions)))
    return {versions[version_id]: "\n".join(from_json(content).parts) for version_id, content in rows}


def _replies(posts: Collection[int]) -> Mapping[int, tuple[int, int]]:
    waits = case((Reply.stage == ReplyStage.UNANSWERED, 1), else_=0)
    rows = db().execute(
        select(Reply.post_id, func.count(), func.sum(waits))
        .where(Reply.post_id.in_(posts), Reply.deleted_at.is_(None))
        .group_by(Reply.post_id)
    )
    return {post_id: (count, int(waiting)) for post_id, count, waiting in rows if post_id}
