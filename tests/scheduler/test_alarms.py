import threading
from functools import partial

import pytest

from scheduler.alarms import ALARMS, Alarms
from scheduler.listening.aside import Aside
from tests.scheduler.scene import Time

PATIENCE = 20


def test_alarms_ring_in_the_order_of_their_moments_whatever_the_order_they_were_set_in() -> None:
    rung: list[float] = []
    alarms, done = Alarms(), threading.Event()
    alarms.after(0.2, done.set)
    for seconds in (0.1, 0.0, 0.05):
        alarms.after(seconds, partial(rung.append, seconds))
    assert done.wait(PATIENCE)
    assert rung == [0.0, 0.05, 0.1]


def test_a_cancelled_alarm_does_not_ring() -> None:
    alarms, rung, done = Alarms(), [], threading.Event()
    alarms.after(0.05, lambda: rung.append("cancelled")).cancel()
    alarms.after(0.1, done.set)
    assert done.wait(PATIENCE)
    assert rung == []


def test_whoever_cancels_waits_for_an_alarm_that_rings_right_now() -> None:
    alarms, rings, go_on, said = Alarms(), threading.Event(), threading.Event(), []

    def ring() -> None:
        rings.set()
        go_on.wait(PATIENCE)
        said.append("rung")

    alarm = alarms.after(0, ring)

    def cancel() -> None:
        alarm.cancel()
        said.append("cancelled")

    assert rings.wait(PATIENCE)
    cancelling = threading.Thread(target=cancel)
    cancelling.start()
    go_on.set()
    cancelling.join(PATIENCE)
    assert said == ["rung", "cancelled"]


def test_an_alarm_that_fails_does_not_silence_the_next(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError

    alarms, done = Alarms(), threading.Event()
    alarms.after(0, fail)
    alarms.after(0.01, done.set)
    assert done.wait(PATIENCE)
    assert "an alarm could not do what it was set for" in caplog.text


def test_a_line_that_is_open_lives_in_real_time_whatever_a_simulated_clock_says() -> None:
    cut: list[str] = []
    passed = threading.Event()
    with Time().ruling() as time:
        alarm = ALARMS.after(30, lambda: cut.append("cut"))
        time.pass_by(seconds=60)
        ALARMS.after(0, passed.set)
        assert passed.wait(PATIENCE)
        time.pass_by(hours=1)
        assert cut == []
    alarm.cancel()


def test_a_call_that_hangs_holds_up_no_other_and_threads_are_used_again() -> None:
    aside, go_on, hangs, done = Aside(), threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        go_on.wait(PATIENCE)

    aside.do(hang)
    assert hangs.wait(PATIENCE)
    before = threading.active_count()
    for _ in range(20):
        done.clear()
        aside.do(done.set)
        assert done.wait(PATIENCE)
    # One that has just said so may not be idle yet; twenty new ones would be a thread for each.
    assert threading.active_count() < before + 10
    go_on.set()
