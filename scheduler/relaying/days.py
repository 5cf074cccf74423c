"""What was replicated on each day: what went out of the posts that take up others, and what was declared.

Drafts never count, nor what waits. What went out in the rehearsal counts only while nothing else can go out: an
installation where people practise sees its days, one that publishes does not count what nobody could see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from sqlalchemy.orm import Session

from content_calendar.content import PostKind
from content_calendar.models.directory import Account, Owner, OwnerKind
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import PublicationState
from scheduler.models import Entry, Feed
from scheduler.network import Verified
from scheduler.networks import networks
from scheduler.relaying.models import DeclaredRelay, Relay

_COMING = (
    PublicationState.SCHEDULED,
    PublicationState.CLAIMED,
    PublicationState.SENDING,
    PublicationState.UNKNOWN,
)


@dataclass(frozen=True)
class Replica:
    """Something of an owner's that we replicated: the commission's day, how, where it can be seen.

    ``post_ref`` is empty for what a person declared, ``ref`` for what went out. ``rehearsed``: nobody could see it.
    """

    on: date
    owner_slug: str
    owner_name: str
    owner_kind: OwnerKind
    kind: PostKind
    title: str
    link: str
    network: str
    post_ref: str = ""
    ref: str = ""
    entry_ref: str = ""
    rehearsed: bool = False


def rehearsing() -> list[str]:
    """Return the networks that publish by themselves and of which nothing leaves."""
    return [
        slug for slug, one in networks().items() if one.automatic and one.verified is Verified.NOTHING_LEAVES
    ]


def _practising() -> ColumnElement[bool]:
    """Whether nothing can go out: no account is connected of a network where something leaves."""
    nowhere = [slug for slug, one in networks().items() if one.verified is Verified.NOTHING_LEAVES]
    leaving = exists().where(
        Account.connected_at.is_not(None), Account.valid_to.is_(None), Account.network.not_in(nowhere)
    )
    return ~leaving.correlate(None)


def _went_out() -> list[ColumnElement[bool]]:
    return [
        Publication.state == PublicationState.PUBLISHED,
        Publication.published_at.is_not(None),
        Account.network.not_in(rehearsing()) | _practising(),
    ]


def replicas(session: Session, first: date, last: date, zone: str) -> list[Replica]:
    """Return what was replicated from ``first`` to ``last``, both in it, the oldest first; two queries.

    The same post on several accounts on one day is told once.
    """
    start, end = _bounds(first, last, zone)
    nowhere = set(rehearsing())
    found: dict[tuple[date, str], Replica] = {}
    for row in session.execute(_published(start, end)):
        on = row.published_at.astimezone(ZoneInfo(zone)).date()
        told = _of_post(row, on, row.network in nowhere)
        known = found.setdefault((on, row.ref), told)
        if known.rehearsed and not told.rehearsed:
            found[(on, row.ref)] = told
    declared = session.execute(_declared().where(DeclaredRelay.done_on.between(first, last)))
    return sorted([*found.values(), *map(_of_declared, declared)], key=lambda one: one.on)


def _published(start: datetime, end: datetime) -> Select[*tuple[object, ...]]:
    return (
        select(
            Publication.published_at, Post.ref, Post.title, Relay.kind, Account.network,
            Owner.slug, Owner.short_name, Owner.kind.label("owner_kind"),
            PublicationPart.remote_url, Entry.ref.label("entry_ref"), Entry.title.label("entry_title"),
        )
        .select_from(Relay)
        .join(Post, Post.id == Relay.post_id)
        .join(Publication, Publication.post_id == Post.id)
        .join(Account, Account.id == Publication.account_id)
        .join(PublicationPart, (PublicationPart.publication_id == Publication.id) & (PublicationPart.n == 1))
        .join(Owner, Owner.id == Relay.owner_id)
        .outerjoin(Entry, Entry.id == Relay.entry_id)
        .where(*_went_out(), Publication.published_at >= start, Publication.published_at < end)
        .order_by(Publication.published_at, Publication.id)
    )  # fmt: skip


def _declared() -> Select[*tuple[object, ...]]:
    return (
        select(
            DeclaredRelay.done_on, DeclaredRelay.ref, DeclaredRelay.kind, DeclaredRelay.network, DeclaredRelay.link,
            Owner.slug, Owner.short_name, Owner.kind.label("owner_kind"),
            Entry.ref.label("entry_ref"), Entry.title.label("entry_title"),
        )
        .join(Owner, Owner.id == DeclaredRelay.owner_id)
        .outerjoin(Entry, Entry.id == DeclaredRelay.entry_id)
        .where(DeclaredRelay.withdrawn_at.is_(None))
        .order_by(DeclaredRelay.done_on, DeclaredRelay.id)
    )  # fmt: skip


def _of_post(row: Row[*tuple[object, ...]], on: date, rehearsed: bool) -> Replica:  # noqa: FBT001 -- a value among others
    return Replica(
        on, row.slug, row.short_name, row.owner_kind, row.kind, row.entry_title or row.title, row.remote_url,
        row.network, post_ref=row.ref, entry_ref=row.entry_ref or "", rehearsed=rehearsed,
    )  # fmt: skip


def _of_declared(row: Row[*tuple[object, ...]]) -> Replica:
    return Replica(
        row.done_on, row.slug, row.short_name, row.owner_kind, row.kind, row.entry_title or "", row.link,
        row.network, ref=row.ref, entry_ref=row.entry_ref or "",
    )  # fmt: skip


def days_kept(session: Session, first: date, last: date, zone: str) -> set[date]:
    """Return the days from ``first`` to ``last`` on which something was replicated; two queries."""
    start, end = _bounds(first, last, zone)
    published = session.scalars(
        select(Publication.published_at)
        .join(Relay, Relay.post_id == Publication.post_id)
        .join(Account, Account.id == Publication.account_id)
        .where(*_went_out(), Publication.published_at >= start, Publication.published_at < end)
    )
    declared = session.scalars(
        select(DeclaredRelay.done_on)
        .where(DeclaredRelay.withdrawn_at.is_(None), DeclaredRelay.done_on.between(first, last))
        .distinct()
    )
    there = ZoneInfo(zone)
    return {moment.astimezone(there).date() for moment in published if moment} | set(declared)


def last_days(session: Session, zone: str) -> dict[int, date]:
    """Return, by owner, the day on which we last replicated something of theirs; two queries."""
    there = ZoneInfo(zone)
    last: dict[int, date] = {}
    published = session.execute(
        select(Relay.owner_id, func.max(Publication.published_at))
        .join(Publication, Publication.post_id == Relay.post_id)
        .join(Account, Account.id == Publication.account_id)
        .where(*_went_out())
        .group_by(Relay.owner_id)
    )
    for owner_id, moment in published:
        if moment is not None:
            last[owner_id] = moment.astimezone(there).date()
    declared = session.execute(
        select(DeclaredRelay.owner_id, func.max(DeclaredRelay.done_on))
        .where(DeclaredRelay.withdrawn_at.is_(None))
        .group_by(DeclaredRelay.owner_id)
    )
    for owner_id, on in declared:
        last[owner_id] = max(on, last.get(owner_id, on))
    return last


def coming_on(session: Session, day: date, zone: str) -> bool:
    """Return whether something that takes up others is to go out on that day; one query.

    What waits for a person to publish it is not sure to, unless it was made to be published by hand.
    """
    start, end = _bounds(day, day, zone)
    asked = (
        select(Publication.id)
        .join(Relay, Relay.post_id == Publication.post_id)
        .where(Publication.state.in_(_COMING), Publication.due_at >= start, Publication.due_at < end)
    )
    return session.execute(asked.limit(1)).first() is not None


def promised_since(session: Session, zone: str) -> date | None:
    """Return the day on which the first feed was added or the first thing replicated; None before that; one query."""
    begun = select(
        select(func.min(Feed.created_at)).scalar_subquery(),
        select(func.min(Relay.made_at)).scalar_subquery(),
        select(func.min(DeclaredRelay.done_on)).scalar_subquery(),
    )
    feed, relay, declared = session.execute(begun).one()
    there = ZoneInfo(zone)
    moments: list[datetime | None] = [feed, relay]
    known: list[date | None] = [
        declared,
        *(one.astimezone(there).date() for one in moments if one is not None),
    ]
    return min((one for one in known if one is not None), default=None)


def _bounds(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    there = ZoneInfo(zone)
    return (
        datetime.combine(first, time(), there),
        datetime.combine(last + timedelta(days=1), time(), there),
    )


def by_day(found: Sequence[Replica]) -> dict[date, list[Replica]]:
    """Return the replicas of each day."""
    days: dict[date, list[Replica]] = {}
    for one in found:
        days.setdefault(one.on, []).append(one)
    return days
