from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.listening.polling_plan import Intervals, after_a_failure, after_an_answer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TAGGED = {"etag": '"a"'}


def answered(
    quiet_for: timedelta = timedelta(),
    headers: dict[str, str] | None = None,
    ttl: timedelta | None = None,
    jitter: float = 0,
) -> timedelta:
    return after_an_answer(
        Intervals(),
        quiet_for=quiet_for,
        headers=TAGGED if headers is None else TAGGED | headers,
        ttl=ttl,
        now=NOW,
        jitter=jitter,
    )


@pytest.mark.parametrize(
    ("quiet_for", "wait"),
    [(timedelta(), HOUR), (3 * HOUR, HOUR), (DAY, 6 * HOUR), (4 * DAY, DAY), (400 * DAY, DAY)],
)
def test_a_feed_that_rests_is_visited_less(quiet_for: timedelta, wait: timedelta) -> None:
    assert answered(quiet_for) == wait


def test_a_feed_without_validators_is_visited_once_a_day() -> None:
    plain = after_an_answer(Intervals(), quiet_for=timedelta(), headers={}, ttl=None, now=NOW, jitter=0)
    assert plain == DAY


@pytest.mark.parametrize(
    ("headers", "ttl", "wait"),
    [
        ({"cache-control": "public, max-age=7200"}, None, 2 * HOUR),
        ({"cache-control": "s-maxage=7200"}, None, HOUR),
        ({"cache-control": "max-age=999999999"}, None, DAY),
        ({"cache-control": "max-age=٣"}, None, HOUR),
        ({"expires": "Sun, 22 Nov 2026 15:00:00 GMT"}, None, 3 * HOUR),
        ({"expires": "0"}, None, HOUR),
        ({"expires": "Thu, 19 Nov 1981 08:52:00 GMT"}, None, HOUR),
        ({}, timedelta(minutes=180), 3 * HOUR),
        ({}, timedelta(minutes=1), HOUR),
    ],
)
def test_what_the_site_asks_for_is_a_least(
    headers: dict[str, str], ttl: timedelta | None, wait: timedelta
) -> None:
    assert answered(headers=headers, ttl=ttl) == wait


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 24), (5000, 24)])
def test_each_failure_doubles_the_wait_up_to_a_day_and_never_ends_it(failures: int, hours: int) -> None:
    waited = after_a_failure(Intervals(), failures=failures, retry_after=None, jitter=0)
    assert waited == hours * HOUR


def test_a_site_that_asks_to_be_left_alone_is() -> None:
    waited = after_a_failure(Intervals(), failures=1, retry_after=5 * HOUR, jitter=0)
    assert waited == 5 * HOUR


@given(
    quiet=st.timedeltas(timedelta(), timedelta(days=4000)),
    ttl=st.none() | st.timedeltas(timedelta(), timedelta(days=4000)),
    jitter=st.floats(0, 1),
    failures=st.integers(1, 10_000),
)
def test_a_wait_is_never_under_an_hour_nor_over_a_day(
    quiet: timedelta, ttl: timedelta | None, jitter: float, failures: int
) -> None:
    assert HOUR <= answered(quiet, ttl=ttl, jitter=jitter) <= DAY
    waited = after_a_failure(Intervals(), failures=failures, retry_after=ttl, jitter=jitter)
    assert HOUR <= waited <= DAY
