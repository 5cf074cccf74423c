"""Who comes next: the owners with something fresh, in the order of their turns, and who is passed over and why.

Bodies take turns among themselves, commissions and coordinations among themselves: however much a commission
publishes, no body loses its day to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, with_polymorphic

from content_calendar import audit, clock
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account, Body, Owner, OwnerKind, SilenceWindow
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.silence import EVERYBODY, Window, may_speak
from content_calendar.states import PostState, PublicationState
from content_calendar.wall_time import wall_time
from scheduler.models import Entry, Replication, ReplicationStage
from scheduler.relaying import days
from scheduler.relaying.models import DeclaredRelay, Relay, SkipReason, TurnSkip
from scheduler.relaying.turns import Hopeful, in_turn

FRESH = timedelta(days=7)
# A post that was begun longer ago no longer stands for its owner's turn.
_UNDER_WAY = timedelta(days=7)
_LONGEST_NOTE = 200
_WRITTEN = frozenset({PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED, PostState.SCHEDULED})
# A replication that waits for a person to decide on it is not one yet.
SURE = frozenset({ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED})
_OWNER = with_polymorphic(Owner, [Body], flat=True)


class PassedOver(StrEnum):
    """Why an owner with something fresh does not come next.

    skipped: a person said so for today. silent: it keeps electoral silence. under_way: a post of its notes is
    being written or waits for its hour. today: something of it was replicated today.
    """

    SKIPPED = "skipped"
    SILENT = "silent"
    UNDER_WAY = "under_way"
    TODAY = "today"


@dataclass(frozen=True)
class Turn:
    """An owner who comes in its turn: its newest note that nobody has used, and when it last came."""

    entry: Entry
    last_on: date | None

    @property
    def owner(self) -> Owner:
        """Return whose turn it is."""
        return self.entry.owner


@dataclass(frozen=True)
class Passed:
    """An owner who is passed over today, and why; ``until`` is the last day of its silence."""

    owner: Owner
    why: PassedOver
    skip: TurnSkip | None = None
    until: date | None = None
    post_ref: str = ""


@dataclass(frozen=True)
class Turns:
    """Who comes next, in order: the bodies, and apart from them the commissions and coordinations."""

    bodies: Sequence[Turn] = ()
    others: Sequence[Turn] = ()
    passed: Sequence[Passed] = ()

    @property
    def candidate(self) -> Turn | None:
        """Return who comes today: a body; without one, a commission or coordination."""
        return next(iter([*self.bodies, *self.others]), None)


@dataclass(frozen=True)
class _Asked:
    """What is known of today, by owner."""

    today: date
    last: dict[int, date]
    skips: dict[int, TurnSkip]
    windows: Sequence[SilenceWindow]
    under_way: dict[int, str] = field(default_factory=dict)


def turns(session: Session, zone: str) -> Turns:
    """Return who comes next today by the clock of ``zone``; seven queries, however many notes there are."""
    today = wall_time(clock.now(), zone).date()
    fresh = _fresh(session, today)
    if not fresh:
        return Turns()
    asked = _Asked(
        today,
        days.last_days(session, zone),
        {one.owner_id: one for one in session.scalars(select(TurnSkip).where(TurnSkip.skipped_on == today))},
        # A day more on each side: where the body is, it may be another day already.
        session.scalars(
            select(SilenceWindow).where(
                SilenceWindow.starts_on <= today + timedelta(days=1),
                SilenceWindow.ends_on >= today - timedelta(days=1),
            )
        ).all(),
        _under_way(session),
    )
    newest = {entry.owner_id: entry for entry in fresh}
    passed = {owner_id: why for owner_id, entry in newest.items() if (why := _passed(entry, asked))}
    waiting = in_turn(
        Hopeful(one.owner_id, one.owner.short_name, one.published_at, asked.last.get(one.owner_id))
        for one in newest.values()
        if one.owner_id not in passed
    )
    order = [Turn(newest[one.owner_id], one.last_on) for one in waiting]
    return Turns(
        [one for one in order if one.owner.kind is OwnerKind.BODY],
        [one for one in order if one.owner.kind is not OwnerKind.BODY],
        sorted(passed.values(), key=lambda one: one.owner.short_name),
    )


def _fresh(session: Session, today: date) -> Sequence[Entry]:
    """Return the newest note of each owner that nobody has used, of this week; the oldest of equals comes last.

    Our own commission does not replicate itself: it is the one that publishes.
    """
    now = clock.now()
    ours = exists().where(Account.owner_id == Owner.id, Account.connected_at.is_not(None))
    newest = (
        select(Entry.owner_id, func.max(Entry.published_at).label("at"))
        .join(Owner, Owner.id == Entry.owner_id)
        .where(
            Entry.published_at > now - FRESH,
            Entry.published_at <= now,
            Entry.hidden_at.is_(None),
            or_(Owner.valid_to.is_(None), Owner.valid_to > today),
            or_(Owner.kind != OwnerKind.COMMISSION, ~ours),
            unused(),
            ~echoes_ours(),
        )
        .group_by(Entry.owner_id)
        .subquery()
    )
    return session.scalars(
        select(Entry)
        .join(newest, (newest.c.owner_id == Entry.owner_id) & (newest.c.at == Entry.published_at))
        .where(Entry.hidden_at.is_(None), unused(), ~echoes_ours())
        .options(joinedload(Entry.owner.of_type(_OWNER)).joinedload(_OWNER.region))
        .order_by(Entry.id)
    ).all()


def unused() -> ColumnElement[bool]:
    """Return the condition on a note that nobody has made a post of it, nor declared that it was replicated."""
    made = exists().where(
        Relay.entry_id == Entry.id, Post.id == Relay.post_id, Post.state != PostState.DISCARDED
    )
    declared = exists().where(DeclaredRelay.entry_id == Entry.id, DeclaredRelay.withdrawn_at.is_(None))
    return ~made & ~declared


def echoes_ours() -> ColumnElement[bool]:
    """Return the condition that a note takes up a post of ours: to replicate it would be to replicate ourselves."""
    return exists().where(Replication.entry_id == Entry.id, Replication.stage.in_(SURE))


def _under_way(session: Session) -> dict[int, str]:
    # What is out on one account and waits on another has had its day.
    out = exists().where(
        Publication.post_id == Relay.post_id, Publication.state == PublicationState.PUBLISHED
    )
    rows = session.execute(
        select(Relay.owner_id, Post.ref)
        .join(Post, Post.id == Relay.post_id)
        .where(Relay.made_at > clock.now() - _UNDER_WAY, Post.state.in_(_WRITTEN), ~out)
        .order_by(Relay.id)
    )
    return dict(rows.all())


def _passed(entry: Entry, asked: _Asked) -> Passed | None:
    owner = entry.owner
    if (skip := asked.skips.get(owner.id)) is not None:
        return Passed(owner, PassedOver.SKIPPED, skip)
    if asked.last.get(owner.id) == asked.today:
        return Passed(owner, PassedOver.TODAY)
    there = wall_time(clock.now(), owner.zone).date()
    state_iso = owner.state_iso if isinstance(owner, Body) else ""
    windows = [_window(row, owner) for row in asked.windows if row.body_id in {None, owner.id}]
    silence = may_speak(owner.slug, state_iso, there, windows, ()).window
    if silence is not None:
        return Passed(owner, PassedOver.SILENT, until=silence.ends_on)
    if owner.id in asked.under_way:
        return Passed(owner, PassedOver.UNDER_WAY, post_ref=asked.under_way[owner.id])
    return None


def _window(row: SilenceWindow, owner: Owner) -> Window:
    scope = owner.slug if row.body_id is not None else row.state_iso or EVERYBODY
    return Window(row.starts_on, row.ends_on, scope, row.reason, row.source)


def skip(session: Session, owner: Owner, on: date, reason: SkipReason, note: str, person: Person) -> None:
    """Pass an owner over on a day, for a reason; done twice, the first stands. Its turn stays the next one."""
    row = {
        "owner_id": owner.id,
        "skipped_on": on,
        "reason": reason,
        "note": " ".join(note.split())[:_LONGEST_NOTE],
        "skipped_by_id": person.id,
    }
    insert_absent(session, TurnSkip, [row])
    audit.record(
        session, person.ref, "turn.skipped", "owner", owner.slug, on=on.isoformat(), reason=reason.value
    )


def unskip(session: Session, owner: Owner, on: date, person: Person) -> None:
    """Give an owner its turn of a day back."""
    row = session.scalars(
        select(TurnSkip).where(TurnSkip.owner_id == owner.id, TurnSkip.skipped_on == on)
    ).first()
    if row is not None:
        session.delete(row)
        audit.record(session, person.ref, "turn.given_back", "owner", owner.slug, on=on.isoformat())
