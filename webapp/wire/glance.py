"""The promise at a glance: what we replicated today, whose turn it is, and how many days in a row we kept it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.permissions import Permission
from content_calendar.wall_time import wall_time
from content_calendar.workdays import rest_days
from scheduler.relaying import candidates, days, streak
from scheduler.relaying.candidates import Turns
from scheduler.relaying.days import Replica
from scheduler.relaying.streak import Mark, Span, Streak
from webapp.session import db, settings, viewer

_A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Kept:
    """How the promise was kept: the days in a row, of this year, and the days of this bimester."""

    today: date
    since: date | None
    present: int
    longest: int
    bimester: Streak

    @property
    def is_off(self) -> bool:
        """Return whether nothing is owed today."""
        return self.bimester.days[(self.today - self.bimester.days[0].on).days].mark in {Mark.OFF, Mark.EXTRA}


@dataclass(frozen=True)
class Glance:
    """What the wire and Hoy show above everything else. ``turns`` only for whoever writes posts."""

    kept: Kept
    replicas: Sequence[Replica]
    coming: bool
    turns: Turns | None


def today() -> date:
    """Return the commission's day."""
    return wall_time(now(), settings().zone).date()


def kept() -> Kept:
    """Return how the promise was kept to this day; four queries."""
    zone, on = settings().zone, today()
    first, last = bimester_span(*bimester_of(on))
    begin = on - _A_YEAR
    since = days.promised_since(db(), zone)
    done = days.days_kept(db(), begin, last, zone)
    holidays = rest_days(db(), begin, last)
    year = streak.keep_count(Span(begin, on, on, since), done, holidays)
    return Kept(
        on, since, year.present, year.longest, streak.keep_count(Span(first, last, on, since), done, holidays)
    )


def glance() -> Glance:
    """Return the promise as it stands today."""
    zone, on = settings().zone, today()
    return Glance(
        kept(),
        days.replicas(db(), on, on, zone),
        days.coming_on(db(), on, zone),
        candidates.turns(db(), zone) if viewer().can(Permission.WRITE_POSTS) else None,
    )
