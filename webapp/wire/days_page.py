"""Lo que replicamos cada día: the days of a bimester as a calendar, as a list, as figures and as CSV."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, render_template, request
from flask_babel import gettext

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.permissions import Permission
from content_calendar.workdays import rest_days
from scheduler.relaying import days, streak
from scheduler.relaying.days import Replica
from scheduler.relaying.relays import DECLARED_FOR
from scheduler.relaying.streak import Day, Mark, Span, Streak
from webapp import dates
from webapp.session import db, needs, settings, viewer
from webapp.sheets import csv_answer
from webapp.wire import glance, words
from webapp.wire.doors import blueprint

_P = Permission
_WEEK = 7


@dataclass(frozen=True)
class Square:
    """A day in the calendar: what it came to, what was replicated, and the name of its rest."""

    day: Day
    replicas: Sequence[Replica]
    rest: str


@dataclass(frozen=True)
class Period:
    """A bimester of days."""

    year: int
    number: int
    squares: Sequence[Square]
    streak: Streak

    @property
    def weeks(self) -> list[list[Square | None]]:
        """Return the squares by week, from Monday; days of other bimesters are empty."""
        before: list[Square | None] = [None] * self.squares[0].day.on.weekday()
        every = [*before, *self.squares]
        every += [None] * (-len(every) % _WEEK)
        return [every[at : at + _WEEK] for at in range(0, len(every), _WEEK)]


def period(year: int, number: int) -> Period:
    """Return the days of a bimester; raises UnknownBimesterError. Four queries."""
    first, last = bimester_span(year, number)
    zone = settings().zone
    replicas = days.by_day(days.replicas(db(), first, last, zone))
    holidays: Mapping[date, str] = rest_days(db(), first, last)
    since = days.promised_since(db(), zone)
    kept = streak.keep_count(Span(first, last, glance.today(), since), replicas.keys(), holidays)
    squares = [Square(one, replicas.get(one.on, ()), holidays.get(one.on, "")) for one in kept.days]
    return Period(year, number, squares, kept)


def _asked(year: int, number: int) -> tuple[int, int]:
    return (year, number) if year else bimester_of(glance.today())


@blueprint.get("/cable/cada-dia", defaults={"year": 0, "number": 0})
@blueprint.get("/cable/cada-dia/<int:year>/<int:number>")
@needs(_P.VIEW_WIRE)
def every_day(year: int, number: int) -> str:
    """Show what we replicated on each day of a bimester, and the days missed."""
    year, number = _asked(year, number)
    shown = period(year, number)
    monday, on = date(2026, 11, 23), glance.today()
    return render_template(
        "wire/every_day.html",
        shown=shown,
        first=shown.squares[0].day.on,
        last=shown.squares[-1].day.on,
        before=bimester_after(year, number, -1),
        after=bimester_after(year, number),
        kept=glance.kept(),
        told=[one for one in reversed(shown.squares) if one.day.on <= on and one.day.mark is not Mark.BEFORE],
        rehearsed=any(one.rehearsed for square in shown.squares for one in square.replicas),
        weekdays=[dates.day_words(monday + timedelta(days=n)).split(" ")[0] for n in range(_WEEK)],
        Mark=Mark,
        declared_from=on - DECLARED_FOR,
        words=words,
        may_write=viewer().can(_P.WRITE_POSTS),
        here=request.path,
        cut_off=now(),
    )


@blueprint.get("/cable/cada-dia/<int:year>/<int:number>.csv")
@needs(_P.VIEW_WIRE)
def every_day_sheet(year: int, number: int) -> Response:
    """Return the days of a bimester as CSV: a line for each thing replicated, one for each day without any."""
    cut = [gettext("Corte al"), now().astimezone(dates.zone()).isoformat(timespec="minutes")]
    return csv_answer(f"resuena-cada-dia-{year}-{number}", [*_lines(period(year, number)), [], cut])


def _lines(shown: Period) -> Iterator[Sequence[object]]:
    yield [
        gettext("Día"), gettext("Cómo quedó"), gettext("Descanso"), gettext("A quién"), gettext("Quién es"),
        gettext("Qué"), gettext("Cómo"), gettext("Red"), gettext("Enlace"), gettext("Cómo se sabe"),
    ]  # fmt: skip
    for square in shown.squares:
        head = [square.day.on.isoformat(), gettext(words.MARKS[square.day.mark]), square.rest]
        for one in square.replicas:
            known = gettext("salió en ensayo") if one.rehearsed else gettext("salió")
            yield [
                *head, one.owner_name, gettext(words.OWNERS[one.owner_kind]), one.title,
                gettext(words.KINDS[one.kind]), words.network_name(one.network), one.link,
                known if one.post_ref else gettext("anotado a mano"),
            ]  # fmt: skip
        if not square.replicas:
            yield head
