"""Cards for a liaison: this week's posts, ready to be taken up by their body."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from assets.clearance import Scope
from assets.library import clearance_of
from content_calendar.clock import now
from content_calendar.content import Content, Medium
from content_calendar.models.directory import Account, Body
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.posts import content_of
from content_calendar.states import PublicationState
from scheduler.models import Replication, ReplicationStage
from scheduler.networks import networks
from scheduler.powers import OpensComposer
from webapp import dates
from webapp.letters import network_name
from webapp.session import db

WEEK = timedelta(days=7)
_MOST = 5


@dataclass(frozen=True)
class Card:
    """A published post as a liaison takes it up: words, pictures, where it is, whether it was taken up."""

    post: Post
    content: Content
    published_at: datetime
    links: Sequence[tuple[str, str]]
    compose: Sequence[tuple[str, str]]
    taken_up: Sequence[Replication]

    @property
    def text(self) -> str:
        """Return the base text; a thread's parts one after the other."""
        return "\n\n".join(self.content.parts)

    @property
    def message(self) -> str:
        """Return the text with a link to what was published, for a chat."""
        return "\n\n".join([self.text, *(url for _, url in self.links[:1])])

    @property
    def media(self) -> Sequence[Medium]:
        """Return the pictures of the whole post."""
        return self.content.media


def _published(since: datetime) -> dict[int, datetime]:
    rows = db().execute(
        select(Publication.post_id, func.min(Publication.published_at))
        .where(Publication.state == PublicationState.PUBLISHED, Publication.published_at >= since)
        .group_by(Publication.post_id)
        .order_by(func.min(Publication.published_at).desc())
        .limit(_MOST)
    )
    return {post_id: at for post_id, at in rows if at is not None}


def _links(post_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    rows = db().execute(
        select(Publication.post_id, Account.network, PublicationPart.remote_url)
        .join(Publication.account)
        .join(Publication.parts)
        .where(
            Publication.post_id.in_(post_ids),
            PublicationPart.n == 1,
            PublicationPart.remote_url.like("http%"),
        )
        .order_by(Publication.id)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for post_id, network, url in rows:
        found.setdefault(post_id, []).append((network_name(network), url))
    return found


def compose_links(text: str) -> list[tuple[str, str]]:
    """Return for each network that has a composer its name and the link that opens it with the text."""
    return [
        (network.name, network.compose_link(text))
        for network in networks().values()
        if isinstance(network, OpensComposer)
    ]


def _readable(content: Content) -> Content:
    """Return the content with the pictures that bodies may use today: a withdrawn one is not offered."""
    answers = clearance_of(
        db(), [one.asset_ref for one in content.media], now(), dates.zone(), Scope.NETWORKS
    )
    return replace(content, media=tuple(one for one in content.media if answers[one.asset_ref].ok))


def cards(bodies: Sequence[Body]) -> Sequence[Card]:
    """Return this week's posts, newest first, with what these bodies made of them."""
    published = _published(now() - WEEK)
    if not published:
        return []
    posts = db().scalars(
        select(Post).where(Post.id.in_(published)).options(joinedload(Post.version), joinedload(Post.theme))
    ).all()  # fmt: skip
    links = _links(list(published))
    taken = (
        db()
        .scalars(
            select(Replication).where(
                Replication.post_id.in_(published),
                Replication.body_id.in_([body.id for body in bodies]),
                Replication.stage != ReplicationStage.REJECTED,
            )
        )
        .all()
    )
    made = []
    for post in sorted(posts, key=lambda one: published[one.id], reverse=True):
        version: PostVersion | None = post.version
        if version is None:
            continue
        content = _readable(content_of(version))
        made.append(
            Card(
                post,
                content,
                published[post.id],
                links.get(post.id, []),
                compose_links(content.parts[0]),
                [one for one in taken if one.post_id == post.id],
            )
        )
    return made
