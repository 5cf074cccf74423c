"""Which networks people look at, and which week."""

from datetime import date

import pytest

from content_calendar.pasted import known_networks
from scheduler.networks import networks
from scheduler.replication.barrido import is_swept, week_shown

UNREAD = "red_que_nadie_lee"


def test_a_network_is_swept_unless_something_reads_it() -> None:
    swept = {one for one in known_networks() if is_swept(one)}
    assert swept
    assert is_swept(UNREAD)
    assert not is_swept("rehearsal")
    # Those whose accounts have public feeds need no person.
    assert swept < set(known_networks()) | set(networks())


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        ("2026-11-16", "2026-11-09"),
        ("2026-11-18", "2026-11-09"),
        ("2026-11-19", "2026-11-16"),
        ("2026-11-22", "2026-11-16"),
    ],
)
def test_until_wednesday_the_week_before_is_looked_at(today: str, monday: str) -> None:
    assert week_shown(date.fromisoformat(today)) == date.fromisoformat(monday)
