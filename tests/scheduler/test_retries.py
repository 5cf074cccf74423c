from datetime import UTC, datetime, timedelta

import pytest

from content_calendar.states import HoldReason
from scheduler.network import Protection
from scheduler.retries import (
    FLIGHT,
    READ_LAG,
    Decision,
    Doubt,
    Next,
    absence_counts,
    after_doubt,
    backoff,
    next_look,
    quiet_time,
)

BEGUN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ASK = Decision(Next.HOLD, reason=HoldReason.UNCONFIRMED)


def decide(
    protection: Protection,
    seconds: float,
    *,
    attempts: int = 1,
    absent_reads: int = 0,
    refused_as_equal: bool = False,
    late: bool = False,
    key_life: timedelta = timedelta(0),
) -> Decision:
    doubt = Doubt(BEGUN, BEGUN, attempts, absent_reads, refused_as_equal, late)
    return after_doubt(protection, doubt, BEGUN + timedelta(seconds=seconds), FLIGHT, key_life)


def test_the_quiet_time_is_195_seconds() -> None:
    assert quiet_time(FLIGHT) == timedelta(seconds=195)


@pytest.mark.parametrize("protection", Protection)
def test_nothing_is_concluded_within_the_quiet_time(protection: Protection) -> None:
    told = decide(protection, 195, absent_reads=2)
    assert told == Decision(Next.WAIT, until=BEGUN + timedelta(seconds=195))


@pytest.mark.parametrize("protection", [Protection.REPLAY, Protection.TWO_PHASE])
def test_a_harmless_repeat_needs_no_look_unless_it_would_be_late(protection: Protection) -> None:
    assert decide(protection, 196) == Decision(Next.RESEND)
    assert decide(protection, 196, late=True) == Decision(Next.LOOK)
    assert decide(protection, 196, attempts=3) == Decision(Next.LOOK)


HOUR = timedelta(minutes=55)


def test_a_key_that_lives_a_while_is_repeated_only_after_looking() -> None:
    assert decide(Protection.REPLAY, 196, key_life=HOUR) == Decision(Next.LOOK)
    assert decide(Protection.REPLAY, 700, key_life=HOUR, absent_reads=1) == Decision(Next.LOOK)
    assert decide(Protection.REPLAY, 700, key_life=HOUR, absent_reads=2) == Decision(Next.RESEND)


def test_control_a_key_that_lives_for_ever_is_repeated_whenever_it_is() -> None:
    assert decide(Protection.REPLAY, HOUR.total_seconds()) == Decision(Next.RESEND)


def test_a_blind_network_is_for_a_person() -> None:
    assert decide(Protection.BLIND, 196) == ASK


@pytest.mark.parametrize("protection", [Protection.READABLE, Protection.REFUSES_EQUAL])
def test_it_is_resent_after_two_absent_reads_and_not_after_one(protection: Protection) -> None:
    assert decide(protection, 700, absent_reads=1) == Decision(Next.LOOK)
    assert decide(protection, 700, absent_reads=2) == Decision(Next.RESEND)


def test_what_was_refused_as_equal_is_never_resent_by_itself() -> None:
    told = decide(Protection.REFUSES_EQUAL, 700, absent_reads=2, refused_as_equal=True)
    assert told == Decision(Next.HOLD, reason=HoldReason.DUPLICATE)


def test_three_attempts_are_enough() -> None:
    assert decide(Protection.READABLE, 700, absent_reads=2, attempts=3) == ASK


def test_after_half_an_hour_it_is_looked_at_once_more_before_a_person_decides() -> None:
    assert decide(Protection.READABLE, 1799) == Decision(Next.LOOK)
    assert decide(Protection.READABLE, 1800) == Decision(Next.LAST_LOOK)
    assert decide(Protection.BLIND, 1800) == ASK


def test_it_is_looked_at_after_4_6_and_10_minutes_and_then_every_5() -> None:
    looks, now = [], BEGUN
    for _ in range(5):
        now = next_look(BEGUN, now)
        looks.append((now - BEGUN) // timedelta(minutes=1))
    assert looks == [4, 6, 10, 15, 20]


def test_an_absence_counts_once_a_post_would_be_readable() -> None:
    readable = quiet_time(FLIGHT) + READ_LAG
    assert not absence_counts(BEGUN, BEGUN + readable, FLIGHT, READ_LAG)
    assert absence_counts(BEGUN, BEGUN + readable + timedelta(seconds=1), FLIGHT, READ_LAG)


def test_each_try_waits_longer_up_to_ten_minutes() -> None:
    waits = [backoff(tries).total_seconds() for tries in (1, 2, 3, 9, 10_000)]
    assert waits == [30, 60, 120, 600, 600]
