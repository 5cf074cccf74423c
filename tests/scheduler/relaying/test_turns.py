"""Turns: over a quarter each body with something fresh gets its day, and nobody twice before all once."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from scheduler.relaying.turns import Hopeful, in_turn

BODIES = range(33)
START = date(2026, 10, 1)
FRESH = timedelta(days=7)


def hopefuls(day: date, notes: dict[int, list[date]], last: dict[int, date]) -> list[Hopeful]:
    """The bodies with a note of the week before that day."""
    found = []
    for body in BODIES:
        fresh = [on for on in notes[body] if day - FRESH < on <= day]
        if fresh:
            at = datetime(fresh[-1].year, fresh[-1].month, fresh[-1].day, tzinfo=UTC)
            found.append(Hopeful(body, f"Cuerpo {body}", at, last.get(body)))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_over_a_quarter_each_body_gets_its_day_and_nobody_twice_before_all_once(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 -- a simulated quarter
    days = [START + timedelta(days=n) for n in range(92)]
    working = [day for day in days if day.weekday() < 5]
    # From one note a day to about one in two weeks: big bodies publish much, small ones little.
    often = {body: chance.choice((1.0, 0.4, 0.15, 0.07)) for body in BODIES}
    notes = {body: [day for day in days if chance.random() < often[body]] for body in BODIES}
    last: dict[int, date] = {}
    for day in working:
        waiting = hopefuls(day, notes, last)
        if not waiting:
            continue
        chosen = in_turn(waiting)[0]
        never = [one for one in waiting if one.last_on is None]
        # Nobody a second time while somebody with something fresh has not come once, or has waited longer.
        assert chosen.last_on is None or not never
        assert all(
            one.last_on is None or chosen.last_on is None or chosen.last_on <= one.last_on for one in waiting
        )
        last[chosen.owner_id] = day
    heard = {
        body
        for body in BODIES
        if any(hopeful.owner_id == body for day in working for hopeful in hopefuls(day, notes, {}))
    }
    assert heard - set(last) == set()
    assert len(last) == 33


def test_control_by_the_newest_note_alone_small_bodies_never_come() -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    loud = [Hopeful(1, "Mucho", at + timedelta(days=n), None if n == 0 else START) for n in range(30)]
    quiet = Hopeful(2, "Poco", at - timedelta(days=3), None)
    assert in_turn([loud[9], quiet])[0] is quiet
    assert max([loud[9], quiet], key=lambda one: one.fresh_at) is loud[9]
