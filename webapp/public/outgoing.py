"""What anybody can see of what went out: each message once, where it is, and how many bodies took it up.

As many queries whatever there is. Nothing here is read of a message before one of its publications is out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, distinct, func, select

from content_calendar.models.directory import Account, Body, Owner
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import thaw
from scheduler.models import Replication
from scheduler.replication.correction_models import Correction
from scheduler.replication.funnel import COUNTED
from webapp.directory.wording import network_name
from webapp.open_data.doors import ask
from webapp.open_data.outgoing_sets import is_out
from webapp.session import db

_TITLE = 90


@dataclass(frozen=True)
class Place:
    """Where a message is: the network as people call it, whose account, and the link if there is one."""

    network: str
    owner: str
    url: str


@dataclass(frozen=True)
class Message:
    """A message that is out. ``echoes`` is how many bodies took it up, as far as is known.

    ``corrected_at`` is when the last correction of it (fe de erratas) was made; None where it has none.
    """

    ref: str
    at: datetime
    text: str
    theme: str
    places: Sequence[Place]
    echoes: int
    corrected_at: datetime | None = None

    @property
    def title(self) -> str:
        """Return how it begins, for lists and feeds."""
        line = next((one.strip() for one in self.text.splitlines() if one.strip()), self.ref)
        return line if len(line) <= _TITLE else f"{line[: _TITLE - 1].rstrip()}…"

    @property
    def url(self) -> str:
        """Return the link of one of its places; empty where none has one."""
        return next((place.url for place in self.places if place.url), "")


@dataclass(frozen=True)
class Narrowed:
    """Which messages: those that first went out from ``begin`` until before ``end``, of a theme, an owner, a region."""

    begin: datetime | None = None
    end: datetime | None = None
    theme_id: int | None = None
    owner_id: int | None = None
    region_id: int | None = None


def _first(wanted: Narrowed) -> Select[int, datetime | None]:
    where: list[ColumnElement[bool]] = list(is_out(ask()))
    asked = select(Publication.post_id, func.min(Publication.published_at).label("at")).join(
        Account, Account.id == Publication.account_id
    )
    if wanted.theme_id is not None:
        asked = asked.join(Post, Post.id == Publication.post_id)
        where.append(Post.theme_id == wanted.theme_id)
    if wanted.owner_id is not None:
        where.append(Account.owner_id == wanted.owner_id)
    if wanted.region_id is not None:
        asked = asked.join(Owner, Owner.id == Account.owner_id)
        where.append(Owner.region_id == wanted.region_id)
    if wanted.end is not None:
        # What goes out later is not its first time: the index of what is out narrows the search.
        where.append(Publication.published_at < wanted.end)
    asked = asked.where(*where).group_by(Publication.post_id)
    if wanted.begin is not None:
        asked = asked.having(func.min(Publication.published_at) >= wanted.begin)
    return asked


def count(wanted: Narrowed) -> int:
    """Return how many messages there are."""
    return db().scalar(select(func.count()).select_from(_first(wanted).subquery())) or 0


def messages(wanted: Narrowed, most: int, skipped: int = 0) -> Sequence[Message]:
    """Return the messages, the last to go out first; four queries."""
    asked = _first(wanted).order_by(func.min(Publication.published_at).desc(), Publication.post_id.desc())
    firsts = {
        post_id: at for post_id, at in db().execute(asked.limit(most).offset(skipped)) if at is not None
    }
    if not firsts:
        return []
    rows = db().execute(
        select(
            Publication.post_id, Post.ref, Theme.title, Account.network, Owner.name, PublicationPart.remote_url,
            Publication.payload, Publication.payload_sha256,
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Account, Account.id == Publication.account_id)
        .join(Owner, Owner.id == Account.owner_id)
        .outerjoin(Theme, Theme.id == Post.theme_id)
        .outerjoin(PublicationPart, (PublicationPart.publication_id == Publication.id) & (PublicationPart.n == 1))
        .where(Publication.post_id.in_(firsts), *is_out(ask()))
        .order_by(Publication.published_at, Publication.id)
    )  # fmt: skip
    by_post: defaultdict[int, list[_Sent]] = defaultdict(list)
    for row in rows:
        by_post[row.post_id].append(_Sent(*row))
    echoes, corrected = _echoes(list(firsts)), _corrections(list(firsts))
    return [
        _message(by_post[post_id], at, echoes.get(post_id, 0), corrected.get(post_id))
        for post_id, at in firsts.items()
        if by_post[post_id]
    ]


class _Sent(NamedTuple):
    """One publication, as it is read."""

    post_id: int
    ref: str
    theme: str | None
    network: str
    owner: str
    url: str | None
    payload: bytes
    sha256: str


def _message(sent: Sequence[_Sent], at: datetime, echoes: int, corrected_at: datetime | None) -> Message:
    places = [
        Place(network_name(one.network), one.owner, one.url if one.url and one.url.startswith("http") else "")
        for one in sent
    ]
    first = sent[0]
    text = "\n\n".join(part.text for part in thaw(first.payload, first.sha256).parts)
    return Message(first.ref, at, text, first.theme or "", places, echoes, corrected_at)


def _corrections(post_ids: Sequence[int]) -> Mapping[int, datetime | None]:
    asked = (
        select(Correction.post_id, func.max(Correction.made_at))
        .where(Correction.post_id.in_(post_ids), Correction.called_off_at.is_(None))
        .group_by(Correction.post_id)
    )
    return {post_id: at for post_id, at in db().execute(asked)}  # noqa: C416 -- typed so


def _echoes(post_ids: Sequence[int]) -> Mapping[int, int]:
    asked = (
        select(Replication.post_id, func.count(distinct(Replication.body_id)))
        .where(Replication.post_id.in_(post_ids), Replication.stage.in_(COUNTED))
        .group_by(Replication.post_id)
    )
    return {post_id: number for post_id, number in db().execute(asked)}  # noqa: C416 -- typed so


@dataclass(frozen=True)
class Uptake:
    """How a span's messages were taken up: how many there were, and of each body how many it took up.

    A body that is not in ``bodies`` was not seen to take up anything; that is not the same as that it did not.
    """

    messages: int
    publications: int
    networks: Sequence[str]
    taken: int
    bodies: Mapping[int, int]


def uptake(wanted: Narrowed) -> Uptake:
    """Return how the messages of a span were taken up; three queries."""
    first = _first(wanted).subquery()
    networks = db().execute(
        select(Account.network, func.count())
        .select_from(Publication)
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.post_id.in_(select(first.c.post_id)), *is_out(ask()))
        .group_by(Account.network)
        .order_by(Account.network)
    ).all()  # fmt: skip
    pairs = (
        select(Replication.body_id, Replication.post_id)
        .join(first, first.c.post_id == Replication.post_id)
        .where(Replication.stage.in_(COUNTED))
        .distinct()
        .subquery()
    )
    by_body = select(pairs.c.body_id, func.count()).group_by(pairs.c.body_id)
    bodies = {body_id: number for body_id, number in db().execute(by_body)}  # noqa: C416 -- typed so
    taken = db().scalar(select(func.count(distinct(pairs.c.post_id)))) or 0
    return Uptake(
        count(wanted),
        sum(number for _, number in networks),
        [network_name(slug) for slug, _ in networks],
        taken,
        bodies,
    )


def every_body() -> Sequence[Body]:
    """Return every body by the name of its state; one query."""
    return db().scalars(select(Body).order_by(Body.state_name, Body.id)).all()
