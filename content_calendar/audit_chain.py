r"""The audit's chain: every event's hash covers the one before, so that a changed, lost or slipped-in row is found.

The hash is SHA-256 over ``previous + "\n" + canonical``: ``previous`` the hash before in hexadecimal (64 zeros for the
first), ``canonical`` the event as JSON in UTF-8 without spaces, its keys in order (see ``canonical``). Events are
sealed in the order of their ids, those that became visible late after the others; a seal, once written, says which
number an event has. What is not sealed yet is the tail: a few seconds long while the worker lives, and always told.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from content_calendar.models.people import AuditEvent
from content_calendar.models.sealing import AuditSeal

FIRST = "0" * 64
ALGORITHM = "sha256"
BATCH = 500
# An event that becomes visible later than so many newer ones was not written by us.
_LATE = 10_000
_LOCK = 7_268_310_114
_MOST = 50


@dataclass(frozen=True)
class Fault:
    """A link that does not hold: its number (0 for an event without one), the event's id, and how."""

    code: str
    n: int
    event_id: int


@dataclass
class Checked:
    """How the chain stands: links that were looked at, events that wait for their seal, the last hash, the faults."""

    sealed: int = 0
    unsealed: int = 0
    head: str = FIRST
    faults: list[Fault] = field(default_factory=list)
    more: bool = False

    def note(self, code: str, n: int, event_id: int) -> None:
        """Remember a fault; beyond a few dozen, only that there are more."""
        if len(self.faults) < _MOST:
            self.faults.append(Fault(code, n, event_id))
        else:
            self.more = True


def canonical(event: AuditEvent) -> bytes:
    """Return the event as its hash covers it; equal on both databases."""
    said = {
        "act": event.act,
        "actor": event.actor_ref,
        "at": instant(event.at),
        "details": event.details,
        "id": event.id,
        "kind": event.subject_kind,
        "subject": event.subject_ref,
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def instant(at: datetime) -> str:
    """Return a moment as the chain writes it: UTC, microseconds, a Z."""
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"


def link(previous: str, event: AuditEvent) -> str:
    """Return the hash of an event that follows ``previous``."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(event)).hexdigest()


def seal(session: Session, limit: int = BATCH) -> int:
    """Seal what waits, at most ``limit`` events; return how many. One at a time does it, on both databases."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = session.execute(
        select(AuditSeal.n, AuditSeal.hash).order_by(AuditSeal.n.desc()).limit(1)
    ).one_or_none()
    n, previous = (last.n, last.hash) if last else (0, FIRST)
    seals = []
    for event in _waiting(session, limit):
        n, previous = n + 1, link(previous, event)
        seals.append(AuditSeal(n=n, event_id=event.id, hash=previous))
    session.add_all(seals)
    session.flush()
    return len(seals)


def _waiting(session: Session, limit: int) -> Sequence[AuditEvent]:
    newest = session.scalar(select(func.max(AuditSeal.event_id))) or 0
    return session.scalars(
        select(AuditEvent)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditEvent.id > newest - _LATE, AuditSeal.n.is_(None))
        .order_by(AuditEvent.id)
        .limit(limit)
    ).all()


def waits(session: Session) -> bool:
    """Return whether an event waits for its seal."""
    return bool(_waiting(session, 1))


def check(session: Session, *, known: tuple[int, str] | None = None) -> Checked:
    """Return how the chain stands; ``known`` is a number and its hash that somebody kept elsewhere."""
    told = Checked()
    expected = 1
    for n, hashed, event_id, event in _links(session):
        if n != expected:
            told.note("audit_seal_missing", expected, 0)
            # What follows is looked at from here: one gap is one fault.
            told.head = _stored(session, n - 1) or told.head
        if event is None:
            told.note("audit_event_missing", n, event_id)
        elif link(told.head, event) != hashed:
            told.note("audit_event_changed", n, event_id)
        if known is not None and known[0] == n and known[1] != hashed:
            told.note("audit_head_differs", n, event_id)
        told.head, expected = hashed, n + 1
        told.sealed += 1
    if known is not None and known[0] >= expected:
        told.note("audit_head_missing", known[0], 0)
    _look_at_unsealed(session, told)
    return told


def _stored(session: Session, n: int) -> str | None:
    return session.scalar(select(AuditSeal.hash).where(AuditSeal.n == n))


def _links(session: Session) -> Iterator[tuple[int, str, int, AuditEvent | None]]:
    after = 0
    while True:
        rows = session.execute(
            select(AuditSeal.n, AuditSeal.hash, AuditSeal.event_id, AuditEvent)
            .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
            .where(AuditSeal.n > after)
            .order_by(AuditSeal.n)
            .limit(BATCH)
        ).all()
        for n, hashed, event_id, event in rows:
            yield n, hashed, event_id, event
            after = n
        session.expunge_all()
        if len(rows) < BATCH:
            return


def _look_at_unsealed(session: Session, told: Checked) -> None:
    newest = session.scalar(select(func.max(AuditSeal.event_id))) or 0
    rows = session.scalars(
        select(AuditEvent.id)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.n.is_(None))
        .order_by(AuditEvent.id)
    )
    for event_id in rows:
        if event_id <= newest - _LATE:
            told.note("audit_event_inserted", 0, event_id)
        else:
            told.unsealed += 1


def seal_all(session: Session) -> int:
    """Seal everything that waits; return how many."""
    sealed = 0
    while found := seal(session):
        sealed += found
    return sealed
