"""Six weeks of the simulated year, over the night in which the border towns change their clocks."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from content_calendar import catch_up
from content_calendar.states import HoldReason
from scheduler import reconciling
from scheduler.retries import MAX_ATTEMPTS, Decision, Doubt, Next
from tests.drill.year import Year, YearCount
from tests.drill.year_events import Span

SIX_WEEKS = Span(datetime(2026, 2, 6, tzinfo=UTC), 42)
THREE_WEEKS = Span(datetime(2026, 2, 6, tzinfo=UTC), 24)
THAT_NIGHT = Span(datetime(2026, 10, 29, tzinfo=UTC), 6)
TWO_WEEKS = Span(datetime(2026, 10, 24, tzinfo=UTC), 15)


def lived(folder: Path, template: Path, span: Span, seed: int = 7) -> YearCount:
    folder.mkdir(exist_ok=True)
    return Year(folder, template, seed, span, each=1).live()


def test_six_weeks_of_33_bodies_end_with_everything_where_it_should_be(
    sqlite_template: Path, tmp_path: Path
) -> None:
    found = lived(tmp_path, sqlite_template, SIX_WEEKS)
    assert found.good(), found
    assert found.published > 150, found
    assert found.published + found.waiting + found.cancelled + found.ahead == found.publications, found
    assert found.outages == found.catch_ups > 2, found
    # Half past two on the 8th of March is skipped in the three towns of the border.
    assert found.missing_hours == 3, found


def test_the_same_seed_lives_the_same_days_and_another_one_does_not(
    sqlite_template: Path, tmp_path: Path
) -> None:
    once, again, other = (
        lived(tmp_path / name, sqlite_template, THAT_NIGHT, seed)
        for name, seed in (("once", 7), ("again", 7), ("other", 8))
    )
    assert once == again
    assert once.states_sha256 != other.states_sha256
    # Half past one on the 1st of November comes twice there.
    assert once.repeated_hours == 3, once
    assert once.good()
    assert other.good()


def tries_three_times(_protection: object, doubt: Doubt, *_: object) -> Decision:
    if doubt.attempts < MAX_ATTEMPTS and not doubt.late:
        return Decision(Next.RESEND)
    return Decision(Next.HOLD, reason=HoldReason.UNCONFIRMED)


def test_control_who_does_not_look_before_sending_again_posts_twice(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "after_doubt", tries_three_times)
    assert lived(tmp_path, sqlite_template, TWO_WEEKS).double > 0


def test_control_who_does_not_catch_up_lets_things_leave_after_an_outage(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catch_up, "enter", lambda *_: [])
    assert lived(tmp_path, sqlite_template, THREE_WEEKS).missed_catch_ups > 0
