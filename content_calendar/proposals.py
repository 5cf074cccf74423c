"""What a bimester could be about: the themes whose dates, or whose habit of coming back, fall in it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from content_calendar.calendar_facts import ObservanceFact, calendar_facts
from content_calendar.directory import fold
from content_calendar.models.plan import Bimester, Theme, ThemeSpan
from content_calendar.planning import ThemeFields, make_theme, place_theme

_DAYS_A_YEAR = 365
_DAYS_OFF = frozenset({"federal_holiday"})
_EVERY_BIMESTER = frozenset({"permanent", "daily"})
# Habits that the sources name, in years from one time to the next.
_YEARS_BETWEEN = {"annual": 1, "every 2 years": 2}


class Why(StrEnum):
    """Why a theme is proposed.

    dated: its source's own dates fall in the bimester.
    recurring: it comes back, and its turn falls in the bimester.
    last_year: it stood in the same bimester of the year before.
    permanent: it is always on.
    """

    DATED = "dated"
    RECURRING = "recurring"
    LAST_YEAR = "last_year"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Turn:
    """The days of a theme in a bimester, both in it, and why."""

    starts_on: date
    ends_on: date
    why: Why


@dataclass(frozen=True, slots=True)
class Proposal:
    """A theme that could stand in the bimester; its lines of action are loaded."""

    theme: Theme
    turn: Turn


def turn_in(
    first: date, last: date, starts_on: date | None, ends_on: date | None, recurrence: str
) -> Turn | None:
    """Return a theme's days between ``first`` and ``last``; None when it has none there. Pure.

    A theme without an end lasts one month from its start if it comes back, else until it is archived. One
    that comes back and lasts a year or more is on all the time within its dates, and only then. What comes
    back every bimester does so for ever, unless its source gives it more than one bimester of dates.
    """
    if recurrence in _EVERY_BIMESTER and starts_on is None:
        return Turn(first, last, Why.PERMANENT)
    if starts_on is None:
        return None
    between = _YEARS_BETWEEN.get(recurrence)
    end = ends_on or (_month_end(starts_on) if between else last)
    if starts_on <= last and end >= first:
        return Turn(max(first, starts_on), min(last, end), Why.DATED)
    if recurrence == "bimonthly" and ends_on is not None and _lasts_a_bimester(starts_on, ends_on):
        return Turn(first, last, Why.RECURRING) if starts_on <= last else None
    if between is None or (end - starts_on).days + 1 >= _DAYS_A_YEAR:
        return None
    return _repeated(first, last, starts_on, end, between)


def _repeated(first: date, last: date, starts_on: date, ends_on: date, between: int) -> Turn | None:
    crosses = ends_on.year - starts_on.year
    for year in range(first.year - crosses, last.year + 1):
        away = year - starts_on.year
        if away <= 0 or away % between:
            continue
        begins, ends = _in_year(starts_on, year), _in_year(ends_on, year + crosses)
        if begins <= last and ends >= first:
            return Turn(max(first, begins), min(last, ends), Why.RECURRING)
    return None


def _lasts_a_bimester(starts_on: date, ends_on: date) -> bool:
    return (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month < 2  # noqa: PLR2004 -- two months


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _in_year(day: date, year: int) -> date:
    """Return the same day of another year; what ended a month ends it there too (29 February)."""
    if day == _month_end(day):
        return _month_end(date(year, day.month, 1))
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def proposals(session: Session, bimester: Bimester) -> list[Proposal]:
    """Return what could stand in a bimester and does not yet, the surest first; four queries."""
    placed = select(ThemeSpan.theme_id).where(ThemeSpan.bimester_id == bimester.id)
    themes = session.scalars(
        select(Theme)
        .where(Theme.archived_at.is_(None), Theme.id.not_in(placed))
        .options(selectinload(Theme.lines))
        .order_by(Theme.id)
    )
    before = _year_before(session, bimester)
    found = []
    for theme in themes:
        turn = turn_in(bimester.starts_on, bimester.ends_on, theme.starts_on, theme.ends_on, theme.recurrence)
        # What is always on is better told by the days that it had a year ago.
        if (turn is None or turn.why is Why.PERMANENT) and theme.id in before:
            turn = before[theme.id]
        if turn is not None:
            found.append(Proposal(theme, turn))
    order = list(Why)
    return sorted(
        found,
        key=lambda proposal: (order.index(proposal.turn.why), proposal.turn.starts_on, proposal.theme.id),
    )


def _year_before(session: Session, bimester: Bimester) -> dict[int, Turn]:
    """Return the days of each theme in the same bimester of the year before, a year later."""
    rows = session.execute(
        select(ThemeSpan.theme_id, ThemeSpan.starts_on, ThemeSpan.ends_on)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(Bimester.year == bimester.year - 1, Bimester.number == bimester.number)
        .order_by(ThemeSpan.starts_on.desc(), ThemeSpan.id)
    )
    return {
        theme_id: Turn(_in_year(first, bimester.year), _in_year(last, bimester.year), Why.LAST_YEAR)
        for theme_id, first, last in rows
    }


def observed(session: Session, bimester: Bimester) -> list[ObservanceFact]:
    """Return the observances of a bimester that no theme of it is called after; two queries.

    A day on which nobody works is no theme.
    """
    facts = calendar_facts(session, bimester.starts_on, bimester.ends_on)
    called = {fold(span.title) for span in facts.spans}
    return [one for one in facts.observances if one.kind not in _DAYS_OFF and fold(one.name) not in called]


def place_observance(
    session: Session, bimester: Bimester, one: ObservanceFact, *, actor_ref: str
) -> ThemeSpan:
    """Place the theme of an observance on its days, made if there is none of its name; raises what placing raises."""
    named = session.scalars(
        select(Theme).where(Theme.title == one.name, Theme.archived_at.is_(None)).order_by(Theme.id).limit(1)
    ).one_or_none()
    theme = named or make_theme(session, ThemeFields(one.name, note=one.note), actor_ref=actor_ref)
    first, last = max(one.starts_on, bimester.starts_on), min(one.ends_on, bimester.ends_on)
    return place_theme(session, bimester, theme, first, last, actor_ref=actor_ref)
