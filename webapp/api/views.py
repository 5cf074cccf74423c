"""``/api/v1``: posts, bodies, publications and replications as JSON, a page at a time.

A page is asked for by what the last one ended with (``after``), so that rows added meanwhile are neither
missed nor told twice. Errors are problem+json (RFC 9457), made by ``webapp/errors.py``.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from content_calendar import visibility
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.directory import Account, Body
from content_calendar.models.events import Event
from content_calendar.models.plan import Campaign, Contribution, Theme
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from content_calendar.posts import content_of
from scheduler.models import Replication
from webapp.api.operations import MOST, PAGED, USUAL, Operation, described
from webapp.session import db, needs, viewer
from webapp.words import N_

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_P = Permission
T = TypeVar("T", Post, Body, Publication, Replication, Theme, Campaign, Event, Contribution, Account)


class PageInvalidError(InvalidError):
    """``limit`` is a number from 1 to 200 and ``after`` what a page gave as ``next``."""

    code = "page_invalid"


def number(name: str, usual: int, most: int | None) -> int:
    """Return a number of the address, ``usual`` where there is none; raises PageInvalidError."""
    asked = request.args.get(name)
    if asked is None:
        return usual
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 18:  # noqa: PLR2004 -- digits of a row's number
        raise PageInvalidError(field=name, name=name)
    number = int(asked)
    if most is not None and not 1 <= number <= most:
        raise PageInvalidError(field=name, name=name)
    return number


def page_of(model: type[T], query: Select[T], plain: Callable[[T], dict[str, Any]]) -> Response:
    """Return a page of these rows, each as ``plain`` tells it."""
    limit = number("limit", USUAL, MOST)
    after = number("after", 0, None)
    rows: Sequence[T] = (
        db().scalars(query.where(model.id > after).order_by(model.id).limit(limit + 1)).unique().all()
    )
    shown = rows[:limit]
    following = (
        url_for(f".{request.endpoint.rpartition('.')[2]}", after=shown[-1].id, limit=limit)
        if len(rows) > limit and request.endpoint
        else None
    )
    return jsonify({"as_of": now().isoformat(), "items": [plain(row) for row in shown], "next": following})


def said_at(moment: datetime | date | None) -> str | None:
    """Return a moment or a day as JSON tells it."""
    return moment.isoformat() if moment else None


@blueprint.get("/posts")
@needs(_P.VIEW_PLAN)
@described(Operation(N_("Las publicaciones del calendario."), "Posts", takes=PAGED, topic="posts"))
def posts() -> Response:
    """Return the posts; who does not write them sees what was approved, not what is being written."""
    query = (
        select(Post)
        .where(*visibility.visible_posts(viewer().rights))
        .options(joinedload(Post.version), joinedload(Post.theme), selectinload(Post.campaigns))
    )
    return page_of(Post, query, _post)


def _post(post: Post) -> dict[str, Any]:
    version = visibility.shown_version(db(), post, viewer().rights)
    content = content_of(version) if version else None
    return {
        "ref": post.ref,
        "state": post.state.value,
        # As the version says it that the reader is shown.
        "kind": content.kind if content else post.kind.value,
        "title": post.title,
        "parts": list(content.parts) if content else [],
        "target": (content.target if content else "") or None,
        "language": post.language,
        "theme": post.theme.title if post.theme else None,
        "campaigns": [campaign.slug for campaign in post.campaigns],
        "due_at": said_at(post.due_at),
        "changed_at": said_at(post.changed_at),
    }


@blueprint.get("/bodies")
@needs(_P.VIEW_DIRECTORY)
@described(Operation(N_("Los organismos garantes."), "Bodies", takes=PAGED, topic="directory"))
def bodies() -> Response:
    """Return the bodies of the directory."""
    return page_of(Body, select(Body).options(joinedload(Body.region)), _body)


def _body(body: Body) -> dict[str, Any]:
    return {
        "slug": body.slug,
        "short_name": body.short_name,
        "name": body.name,
        "state": body.state_iso,
        "region": body.region.slug if body.region else None,
        "region_confidence": body.region_confidence.value,
        "zone": body.zone,
        "dissolved_on": body.dissolved_on or None,
        "successor": body.successor or None,
        "confidence": body.confidence.value,
        "source": body.source,
    }


@blueprint.get("/publications")
@needs(_P.VIEW_PUBLICATIONS)
@described(
    Operation(
        N_("Las salidas, con el enlace donde se ven."), "Publications", takes=PAGED, topic="publications"
    )
)
def publications() -> Response:
    """Return the publications, with where they can be seen."""
    query = select(Publication).options(
        joinedload(Publication.account).joinedload(Account.owner),
        joinedload(Publication.post),
        selectinload(Publication.parts),
    )
    return page_of(Publication, query, plain_publication)


def plain_publication(row: Publication) -> dict[str, Any]:
    """Return what is told of a publication."""
    return {
        "ref": row.ref,
        "post": row.post.ref,
        "account": row.account.ref,
        "network": row.account.network,
        "owner": row.account.owner.slug,
        "state": row.state.value,
        "hold_reason": row.hold_reason.value if row.hold_reason else None,
        "due_at": said_at(row.due_at),
        "published_at": said_at(row.published_at),
        "attempts": row.attempts,
        "links": [part.remote_url for part in row.parts if part.remote_url],
        "said": {"code": row.said_code, "params": row.said_params} if row.said_code else None,
    }
