"""What lasts long beside the worker does not hold up its end."""

import threading
from datetime import timedelta

import pytest

from content_calendar import clock
from scheduler.timetable import Tick, Timetable
from webapp.beside import Beside

PROMPT = timedelta(seconds=8)


def test_a_worker_that_stops_ends_what_runs_beside_it() -> None:
    beside, begun, told = Beside(), threading.Event(), []

    def act() -> None:
        begun.set()
        told.append(beside.run("tests.webapp.lasting", 60))

    timetable = Timetable([Tick("long", timedelta(seconds=0.1), act, beside.stop)])
    timetable.start()
    assert begun.wait(10)
    at = clock.monotonic()
    timetable.stop()
    assert clock.monotonic() - at < PROMPT.total_seconds()
    assert told[0] is False


@pytest.mark.parametrize(
    ("module", "longest", "by_itself"), [("this", 30, True), ("tests.webapp.lasting", 0, False)]
)
def test_what_takes_too_long_is_ended(module: str, longest: float, by_itself: bool) -> None:  # noqa: FBT001 -- a case
    assert Beside().run(module, longest) is by_itself
