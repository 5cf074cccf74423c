"""When a limit ends, by what an API says of it: never farther than a limit lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from content_calendar import clock
from scheduler.dialects.api_calls import end_of_limits
from scheduler.dialects.replies import reset_of
from scheduler.wire import Reply

_NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
_FAR = ["99999999999", "9" * 19, "9" * 5000]


def _told(reset: str) -> dict[str, str]:
    return {"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}


def test_the_end_that_is_told_holds() -> None:
    at = _NOW + timedelta(minutes=12)
    with clock.standing_at(_NOW):
        assert end_of_limits(_told(str(int(at.timestamp()))), ("x-rate-limit",)) == at


@pytest.mark.parametrize("reset", _FAR)
def test_an_end_in_the_year_5138_rests_an_account_for_a_day(reset: str) -> None:
    with clock.standing_at(_NOW):
        assert end_of_limits(_told(reset), ("x-rate-limit",)) == _NOW + timedelta(hours=24)


@pytest.mark.parametrize("reset", _FAR)
def test_no_other_header_rests_an_account_for_ever(reset: str) -> None:
    with clock.standing_at(_NOW):
        at = reset_of(Reply(429, {"x-ratelimit-reset": reset}, b""))
        assert at is None or at <= _NOW + timedelta(hours=24)


def test_what_is_no_moment_is_none() -> None:
    for said in ("", "soon", "-5", "²"):
        assert end_of_limits(_told(said), ("x-rate-limit",)) is None
