"""Posts on the days of a calendar, as plain values: two queries, however many posts there are.

What has been scheduled is shown by its publications, each at its own moment; what has not, by the post.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from content_calendar.models.directory import Account, Owner
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts to show; empty means all. ``state`` is a post's or a publication's state."""

    theme_ref: str = ""
    campaign_slug: str = ""
    state: str = ""
    account_ref: str = ""
    body_slug: str = ""


@dataclass(slots=True)
class Entry:
    """A post at a moment. ``local`` is the wall time that was meant, in ``zone``.

    ``state`` is the worst of its sendings, else the post's; ``accounts`` are handles.
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
    found = [*_planned(session, begins, ends, wanted), *_unplanned(session, begins, ends, wanted, states)]
    kept = [one for one in found if first <= one.day <= last and wanted.state in {"", one.state.value}]
    return sorted(kept, key=lambda one: (one.local, one.post_id))


def _planned(session: Session, begins: datetime, ends: datetime, wanted: Wanted) -> Iterable[Entry]:
    groups: dict[tuple[int, datetime], Entry] = {}
    for row in session.execute(_sendings(begins, ends, wanted)):
        post_id, ref, title, theme_ref, local, zone, due_at, state, reason, handle = row
        at = (post_id, due_at)
        if at not in groups:
            groups[at] = Entry(
                post_id,
                ref,
                title,
                theme_ref or "",
                datetime.fromisoformat(local),
                zone,
                due_at,
                state,
                reason,
            )
        _join(groups[at], state, reason, handle)
    return groups.values()


def _sendings(begins: datetime, ends: datetime, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Post.id,
            Post.ref,
            Post.title,
            Theme.ref,
            Publication.due_local,
            Publication.due_zone,
            Publication.due_at,
            Publication.state,
            Publication.hold_reason,
            Account.handle,
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Account, Account.id == Publication.account_id)
        .outerjoin(Theme, Theme.id == Post.theme_id)
        .where(
            Publication.due_at.between(begins, ends),
            Post.state.in_((PostState.SCHEDULED, PostState.DONE)),
            # What was withdrawn is history once its post is planned anew.
            or_(
                Publication.state.not_in((PublicationState.CANCELLED, PublicationState.EXPIRED)),
                and_(Post.state == PostState.DONE, Publication.version_id == Post.approved_version_id),
            ),
            *_where(wanted),
        )
        .order_by(Publication.due_at, Publication.id)
    )
    if wanted.account_ref:
        query = query.where(Account.ref == wanted.account_ref)
    if wanted.body_slug:
        query = query.where(Account.owner_id == _owner(wanted.body_slug))
    return query


def _join(entry: Entry, state: PublicationState, reason: HoldReason | None, handle: str) -> None:
    entry.accounts.append(handle)
    if _WORST_FIRST.index(state) < _WORST_FIRST.index(PublicationState(entry.state.value)):
        entry.state, entry.reason = state, reason
    if entry.state is not PublicationState.HELD:
        entry.reason = None
    entry.movable = entry.movable and state is PublicationState.SCHEDULED


def _unplanned(
    session: Session, begins: datetime, ends: datetime, wanted: Wanted, states: Collection[PostState]
) -> Iterable[Entry]:
    query = (
        select(
            Post.id, Post.ref, Post.title, Theme.ref, Post.due_local, Post.due_zone, Post.due_at, Post.state
        )
        .outerjoin(Theme, Theme.id == Post.theme_id)
        .where(Post.due_at.between(begins, ends), Post.state.in_(_UNPLANNED & set(states)), *_where(wanted))
        .order_by(Post.due_at, Post.id)
    )
    if wanted.account_ref or wanted.body_slug:
        goes_to = exists().where(
            post_account.c.post_id == Post.id, Account.id == post_account.c.account_id, *_of_account(wanted)
        )
        query = query.where(goes_to)
    for post_id, ref, title, theme_ref, local, zone, due_at, state in session.execute(query):
        if due_at is not None:
            yield Entry(
                post_id, ref, title, theme_ref or "", datetime.fromisoformat(local), zone, due_at, state
            )


def _of_account(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.account_ref:
        found.append(Account.ref == wanted.account_ref)
    if wanted.body_slug:
        found.append(Account.owner_id == _owner(wanted.body_slug))
    return found


def _owner(slug: str) -> ColumnElement[int]:
    return select(Owner.id).where(Owner.slug == slug).scalar_subquery()


def _where(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.theme_ref:
        found.append(Theme.ref == wanted.theme_ref)
    if wanted.campaign_slug:
        found.append(
            exists().where(
                post_campaign.c.post_id == Post.id,
                Campaign.id == post_campaign.c.campaign_id,
                Campaign.slug == wanted.campaign_slug,
            )
        )
    return found


def undated(
    session: Session, limit: int = 50, states: Collection[PostState] = _EVERY
) -> list[tuple[str, str, PostState]]:
    """Return posts in ``states`` that still have no moment: (ref, title, state), the newest first; one query."""
    rows = session.execute(
        select(Post.ref, Post.title, Post.state)
        .where(Post.due_at.is_(None), Post.state.in_(_UNPLANNED & set(states)))
        .order_by(Post.id.desc())
        .limit(limit)
    )
    return [(ref, title, state) for ref, title, state in rows]
