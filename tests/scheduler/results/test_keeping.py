from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from content_calendar import clock
from scheduler.results.keeping import Keeper


class Time:
    """Seconds that pass when a test says so, or while something is worked out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(clock, "monotonic", lambda: self.now)
        monkeypatch.setattr(clock, "now", lambda: datetime.fromtimestamp(self.now, UTC))

    def taking(self, seconds: float, value: str) -> Callable[[], str]:
        def work() -> str:
            self.now += seconds
            return value

        return work


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


def test_what_is_true_still_is_not_worked_out_again(time: Time) -> None:
    keeper: Keeper[str] = Keeper()
    first = keeper.get("bimestre", 1, time.taking(1, "uno"))
    time.now += 200
    again = keeper.get("bimestre", 1, time.taking(1, "dos"))
    assert (again.value, again.as_of) == ("uno", first.as_of)


def test_what_changed_is_worked_out_at_once_where_that_is_quick(time: Time) -> None:
    keeper: Keeper[str] = Keeper()
    keeper.get("bimestre", 1, time.taking(0.005, "uno"))
    time.now += 0.2
    assert keeper.get("bimestre", 2, time.taking(0.005, "dos")).value == "dos"


def test_what_takes_long_stands_for_a_while_and_says_since_when(time: Time) -> None:
    keeper: Keeper[str] = Keeper()
    keeper.get("bimestre", 1, time.taking(1, "uno"))
    time.now += 19
    kept = keeper.get("bimestre", 2, time.taking(1, "dos"))
    assert (kept.value, kept.as_of.timestamp()) == ("uno", 100)
    time.now += 2
    assert keeper.get("bimestre", 2, time.taking(1, "dos")).value == "dos"


def test_nothing_stands_for_ever_though_nobody_tells_of_a_change(time: Time) -> None:
    keeper: Keeper[str] = Keeper()
    keeper.get("bimestre", 1, time.taking(1, "uno"))
    time.now += 301
    assert keeper.get("bimestre", 1, time.taking(1, "dos")).value == "dos"


def test_only_so_many_are_kept(time: Time) -> None:
    keeper: Keeper[str] = Keeper()
    for n in range(100):
        keeper.get(n, 1, time.taking(1, str(n)))
    assert keeper.get(0, 1, time.taking(1, "otra vez")).value == "otra vez"
    assert keeper.get(99, 1, time.taking(1, "otra vez")).value == "99"
