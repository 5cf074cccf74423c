"""What to do next after a try that did not end well. Pure.

The times come from the delivery model: a call may be written until ``DEADLINE`` after it was begun, lasts
``READ`` at most, and a network may apply it for its own ``flight`` after we gave up. Nothing is concluded
before that quiet time is over, and no absence counts before the network's read lag is over too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from content_calendar.states import HoldReason
from scheduler.network import Protection

CONNECT = timedelta(seconds=5)
READ = timedelta(seconds=30)
DEADLINE = timedelta(seconds=45)
FLIGHT = timedelta(seconds=120)
READ_LAG = timedelta(seconds=60)
LEASE = timedelta(seconds=120)
UNRESOLVED = timedelta(minutes=30)
MAX_ATTEMPTS = 3
READS_NEEDED = 2
LOOKS = (timedelta(minutes=4), timedelta(minutes=6), timedelta(minutes=10))
LATER_LOOKS = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(minutes=10)


class Next(StrEnum):
    """What to do with a doubt."""

    WAIT = "wait"
    LOOK = "look"
    # It has been in doubt for long: look once more, and ask a person if that says nothing.
    LAST_LOOK = "last_look"
    RESEND = "resend"
    HOLD = "hold"


@dataclass(frozen=True)
class Decision:
    """What to do; ``until`` with WAIT, ``reason`` with HOLD."""

    next: Next
    until: datetime | None = None
    reason: HoldReason | None = None


_ASK = Decision(Next.HOLD, reason=HoldReason.UNCONFIRMED)


@dataclass(frozen=True)
class Doubt:
    """What is known of a publication that may be out.

    ``begun_at`` is when its last call began; for one that a restored database forgot, when we noticed.
    ``late`` tells that it could not go out any more, were it given back to the queue.
    """

    begun_at: datetime
    since: datetime
    attempts: int
    absent_reads: int
    refused_as_equal: bool
    late: bool


def quiet_time(flight: timedelta) -> timedelta:
    """Return how long after its beginning a call may still take effect."""
    return DEADLINE + READ + flight


def backoff(tries: int) -> timedelta:
    """Return how long to wait before the next try, after ``tries`` that certainly sent nothing."""
    doublings = min(max(tries - 1, 0), 10)
    return min(FIRST_RETRY * (1 << doublings), LAST_RETRY)


def next_look(begun_at: datetime, now: datetime) -> datetime:
    """Return when to look next at the account: +4, +6 and +10 minutes, then every 5."""
    return next((begun_at + after for after in LOOKS if begun_at + after > now), now + LATER_LOOKS)


def absence_counts(begun_at: datetime, now: datetime, flight: timedelta, read_lag: timedelta) -> bool:
    """Tell whether not finding it now proves anything."""
    return now > begun_at + quiet_time(flight) + read_lag


def after_doubt(
    protection: Protection, doubt: Doubt, now: datetime, flight: timedelta, key_life: timedelta
) -> Decision:
    """Decide on a doubt.

    A harmless repeat needs no look, but is not made of what would then be called late: it may be out.
    A key that lives only ``key_life`` makes no repeat harmless by itself: given back to the queue it may be
    held for hours. There it is looked for first, and the key protects the try that follows an absence.
    """
    quiet_until = doubt.begun_at + quiet_time(flight)
    if now <= quiet_until:
        return Decision(Next.WAIT, until=quiet_until)
    if protection is Protection.BLIND:
        return _ASK
    lasting = protection in {Protection.REPLAY, Protection.TWO_PHASE} and not key_life
    harmless = lasting and not doubt.late
    spent = doubt.attempts >= MAX_ATTEMPTS
    if harmless and not spent:
        return Decision(Next.RESEND)
    if doubt.absent_reads >= READS_NEEDED:
        return _after_absence(doubt, spent=spent)
    return Decision(Next.LAST_LOOK if now >= doubt.since + UNRESOLVED else Next.LOOK)


def _after_absence(doubt: Doubt, *, spent: bool) -> Decision:
    if doubt.refused_as_equal:
        return Decision(Next.HOLD, reason=HoldReason.DUPLICATE)
    return _ASK if spent else Decision(Next.RESEND)
