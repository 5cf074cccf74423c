"""Posts on the days of a calendar, as plain values: one query, however many posts there are.

What has been scheduled is shown by its publications, each at its own moment; what has not, by the post.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from content_calendar.audiences import speaks_to
from content_calendar.bulk import Prepared
from content_calendar.db import Moment
from content_calendar.models.directory import Account, Owner
from content_calendar.models.events import Event, EventPost
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, post_account, post_campaign
from content_calendar.models.publications import Publication
from content_calendar.states import HoldReason, PostState, PublicationState

# Wall time is at most fourteen hours away from UTC, and what is planned keeps its own zone.
_MARGIN = timedelta(days=1)
_UNPLANNED = frozenset({PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED})
_EVERY = frozenset(PostState)
# What a person looks at first, when one moment has several sendings.
_WORST_FIRST = (
    PublicationState.HELD,
    PublicationState.UNKNOWN,
    PublicationState.FAILED,
    PublicationState.SENDING,
    PublicationState.CLAIMED,
    PublicationState.SCHEDULED,
    PublicationState.PUBLISHED,
    PublicationState.EXPIRED,
    PublicationState.CANCELLED,
)
_RANK = {state: rank for rank, state in enumerate(_WORST_FIRST)}
_PUBLICATION_WORDS = {one.value: one for one in PublicationState}
_POST_WORDS = {one.value: one for one in PostState}
_CHOSEN = ("theme_ref", "campaign_slug", "account_ref", "body_slug", "network", "audience", "event_kind")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts to show; empty means all. ``state`` is a post's or a publication's state.

    ``event_kind`` leaves the posts that were prepared for an event of that kind.
    """

    theme_ref: str = ""
    campaign_slug: str = ""
    state: str = ""
    account_ref: str = ""
    body_slug: str = ""
    network: str = ""
    audience: str = ""
    event_kind: str = ""


@dataclass(slots=True)
class Entry:
    """A post at a moment. ``local`` is the wall time that was meant, in ``zone``.

    ``state`` is the worst of its sendings, else the post's; ``accounts`` are handles, ``networks`` and ``homes``
    (the zones of whoever owns them) stand in the same order.
    """

    post_id: int
    post_ref: str
    title: str
    theme_ref: str
    local: datetime
    zone: str
    due_at: datetime
    state: PostState | PublicationState
    reason: HoldReason | None = None
    accounts: list[str] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)
    movable: bool = True

    @property
    def day(self) -> date:
        """Return the day it stands on: that of the clock it was planned by."""
        return self.local.date()


def entries(
    session: Session,
    first: date,
    last: date,
    wanted: Wanted | None = None,
    states: Collection[PostState] = _EVERY,
) -> list[Entry]:
    """Return what goes out from ``first`` to ``last``, both in it, in order of time.

    ``states`` are those of the posts that the reader is shown (``visibility.visible_states``).
    """
    wanted = wanted or Wanted()
    begins = datetime.combine(max(first, date.min + _MARGIN), time.min, UTC) - _MARGIN
    ends = datetime.combine(min(last, date.max - _MARGIN), time.max, UTC) + _MARGIN
    values = {name: value for name in _CHOSEN if (value := getattr(wanted, name))}
    ask = _asking(frozenset(values), _UNPLANNED & set(states))
    rows = ask(session.connection(), {"begins": begins, "ends": ends, **values})
    found = [
        one for one in _grouped(rows) if first <= one.day <= last and wanted.state in {"", one.state.value}
    ]
    return sorted(found, key=lambda one: (one.local, one.post_id))


def _grouped(rows: Iterable[Sequence[Any]]) -> Iterable[Entry]:
    groups: dict[tuple[int, datetime], Entry] = {}
    for row in rows:
        post_id, ref, title, theme_ref, local, zone, due_at, state, reason, sent, handle, network, home, _ = (
            row
        )
        at = (post_id, due_at)
        entry = groups.get(at)
        if entry is None:
            meant = datetime.fromisoformat(local)
            word = _PUBLICATION_WORDS[state] if sent else _POST_WORDS[state]
            why = HoldReason(reason) if reason else None
            entry = groups[at] = Entry(post_id, ref, title, theme_ref or "", meant, zone, due_at, word, why)
        if handle is not None:
            entry.accounts.append(handle)
            entry.networks.append(network)
            entry.homes.append(home)
        if sent:
            _join(entry, _PUBLICATION_WORDS[state], reason)
    return groups.values()


def _join(entry: Entry, state: PublicationState, reason: str | None) -> None:
    if entry.state is not state and _RANK[state] < _RANK[PublicationState(entry.state.value)]:
        entry.state, entry.reason = state, HoldReason(reason) if reason else None
    if entry.state is not PublicationState.HELD:
        entry.reason = None
    entry.movable = entry.movable and state is PublicationState.SCHEDULED


@lru_cache(maxsize=256)
def _asking(chosen: frozenset[str], unplanned: frozenset[PostState]) -> Prepared:
    halves: list[Select[*tuple[Any, ...]]] = [_sendings(chosen)]
    if unplanned:
        halves.append(_waiting(chosen, unplanned))
    return Prepared(_together(halves))


def _together(halves: Sequence[Select[*tuple[Any, ...]]]) -> CompoundSelect[*tuple[Any, ...]]:
    both = union_all(*halves)
    return both.order_by(literal_column("due_at"), literal_column("row_id"))


def _sendings(chosen: frozenset[str]) -> Select[*tuple[Any, ...]]:
    due = Publication.due_at
    return (
        select(
            Post.id,
            Post.ref,
            Post.title,
            Theme.ref.label("theme_ref"),
            Publication.due_local,
            Publication.due_zone,
            due,
            type_coerce(Publication.state, String).label("state"),
            type_coerce(Publication.hold_reason, String).label("hold_reason"),
            literal_column("1").label("sent"),
            Account.handle,
            Account.network,
            Owner.zone,
            Publication.id.label("row_id"),
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Account, Account.id == Publication.account_id)
        .join(Owner, Owner.id == Account.owner_id)
        .outerjoin(Theme, Theme.id == Post.theme_id)
        .where(
            *_between(due),
            _one_of(Post.state, (PostState.SCHEDULED, PostState.DONE)),
            # What was withdrawn is history once its post is planned anew.
            or_(
                and_(
                    Publication.state != PublicationState.CANCELLED,
                    Publication.state != PublicationState.EXPIRED,
                ),
                and_(Post.state == PostState.DONE, Publication.version_id == Post.approved_version_id),
            ),
            *_where(chosen),
        )
    )


def _waiting(chosen: frozenset[str], states: Collection[PostState]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Post.id,
            Post.ref,
            Post.title,
            Theme.ref.label("theme_ref"),
            Post.due_local,
            Post.due_zone,
            Post.due_at,
            type_coerce(Post.state, String).label("state"),
            null().label("hold_reason"),
            literal_column("0").label("sent"),
            Account.handle,
            Account.network,
            Owner.zone,
            Post.id.label("row_id"),
        )
        .outerjoin(post_account, post_account.c.post_id == Post.id)
        .outerjoin(Account, Account.id == post_account.c.account_id)
        .outerjoin(Owner, Owner.id == Account.owner_id)
        .outerjoin(Theme, Theme.id == Post.theme_id)
        .where(*_between(Post.due_at), _one_of(Post.state, sorted(states)), *_where(chosen))
    )


def _between(due: Any) -> Sequence[ColumnElement[bool]]:  # noqa: ANN401 -- a model's attribute
    return due >= bindparam("begins", type_=Moment()), due <= bindparam("ends", type_=Moment())


def _one_of(column: Any, words: Collection[Any]) -> ColumnElement[bool]:  # noqa: ANN401 -- a model's attribute
    # Not as IN: a statement that is prepared once has no list in it. Not the bare column: without statistics SQLite
    # would walk the index of states, which nearly all posts share, instead of that of moments.
    bare = func.coalesce(column, literal_column("''"))
    return or_(*(bare == word for word in words))


def _where(chosen: frozenset[str]) -> Sequence[ColumnElement[bool]]:
    every: dict[str, ColumnElement[bool]] = {
        "theme_ref": Theme.ref == bindparam("theme_ref", type_=String()),
        "account_ref": Account.ref == bindparam("account_ref", type_=String()),
        "body_slug": Owner.slug == bindparam("body_slug", type_=String()),
        "network": Account.network == bindparam("network", type_=String()),
        "audience": speaks_to("audience"),
        "event_kind": exists().where(
            EventPost.post_id == Post.id,
            Event.id == EventPost.event_id,
            type_coerce(Event.kind, String) == bindparam("event_kind", type_=String()),
        ),
        "campaign_slug": exists().where(
            post_campaign.c.post_id == Post.id,
            Campaign.id == post_campaign.c.campaign_id,
            Campaign.slug == bindparam("campaign_slug", type_=String()),
        ),
    }
    return [every[name] for name in sorted(chosen)]


def undated(states: Collection[PostState] = _EVERY, limit: int = 50) -> Select[str, str, PostState]:
    """Return the query of posts in ``states`` that still have no moment, the newest first."""
    return (
        select(Post.ref, Post.title, Post.state)
        .where(Post.due_at.is_(None), _one_of(Post.state, sorted(_UNPLANNED & set(states))))
        .order_by(Post.id.desc())
        .limit(limit)
    )
