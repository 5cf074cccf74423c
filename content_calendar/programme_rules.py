"""The rules of the programme: lights, terms, the twelve months of a local plan, when a report is due. Pure.

What a person reads beside the traffic light says the same as ``light``.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span

SOON = timedelta(days=30)
REPORT_GRACE = timedelta(days=10)
"""A partial report tells of a whole bimester: it is due so long after that ends. The source only says "bimestral"."""
PLAN_MONTHS = 12
"""A local plan lasts at most so long, and its final report is due before they end (PlanDAI 2021, B.2 and B.7)."""
FINAL_REPORT = 7
"""The position of the action "informe final"."""
# Acciones a realizar dentro de los primeros 3 meses: verde; de 3 a 6: amarillo; … (plan of the commission, table).
TERM_MONTHS: Mapping[str, tuple[int, int]] = {
    "green": (0, 3), "yellow": (3, 6), "orange": (6, 9), "red": (9, 12),
}  # fmt: skip
PERMANENT = "blue"
_YEARS = re.compile(r"\b(20\d\d)-20\d\d\b")
_PLAN_BEGINS = 11
_MOST_REPORTS = 60


class Light(StrEnum):
    """How an action stands. The rule is printed beside the light.

    done: it was done, early or late, and the coordination says so.
    soon: due today or within 30 days.
    overdue: its day has passed.
    planned: due later than that; none of the three colours.
    no_data: nobody said when it is due, or anything at all; never "not done".
    """

    DONE = "done"
    SOON = "soon"
    OVERDUE = "overdue"
    PLANNED = "planned"
    NO_DATA = "no_data"


class ReportLight(StrEnum):
    """How a partial report stands: what became of it, or when it is due."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    RETURNED = "returned"
    SOON = "soon"
    OVERDUE = "overdue"
    PLANNED = "planned"
    NO_DATA = "no_data"


def light(due_on: date | None, done_on: date | None, today: date, *, known: bool = True) -> Light:
    """Return the light of an action.

    ``known`` is no where nobody told anything of it and its day passed before anybody followed it here: then a
    passed day says nothing.
    """
    if done_on is not None and done_on <= today:
        return Light.DONE
    if due_on is None:
        return Light.NO_DATA
    if due_on < today:
        return Light.OVERDUE if known else Light.NO_DATA
    return Light.SOON if due_on - today <= SOON else Light.PLANNED


def is_known(due_on: date | None, followed_since: date | None, *, told: bool) -> bool:
    """Return whether a passed day says something: somebody told of the action, or it was followed when it was due."""
    return told or (followed_since is not None and due_on is not None and due_on >= followed_since)


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has no such day."""
    ahead, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + ahead, index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day_of_plan(starts_on: date) -> date:
    """Return the last day that a local plan may have: that of its twelfth month."""
    return months_after(starts_on, PLAN_MONTHS) - timedelta(days=1)


def due_of(
    position: int,
    own: date | None,
    edition: date | None,
    plan_starts_on: date | None,
    permanent_until: date | None,
) -> date | None:
    """Return when an action of a state is due.

    It is the state's own day; else the edition's; else, for what is permanent, the last day of the plan or edition.
    The final report is never due later than the local plan's twelfth month ends, whatever else says so.
    """
    day = own or edition or permanent_until
    if position != FINAL_REPORT or plan_starts_on is None:
        return day
    limit = last_day_of_plan(plan_starts_on)
    return limit if day is None else min(day, limit)


def term_span(programme: str, term: str) -> tuple[date, date] | None:
    """Return the first and last day of a term in the commission's plan of some years, such as "CVPDCS 2022-2023".

    The plan's twelve months begin in November of its first year. None for what is permanent or has no term, and for
    a programme whose name tells no years.
    """
    found, months = _YEARS.search(programme), TERM_MONTHS.get(term)
    if found is None or months is None:
        return None
    begins = date(int(found.group(1)), _PLAN_BEGINS, 1)
    return months_after(begins, months[0]), months_after(begins, months[1]) - timedelta(days=1)


def report_bimesters(starts_on: date | None, ends_on: date | None) -> Sequence[tuple[int, int]]:
    """Return the bimesters of which a state owes a partial report, year and number; none without both days."""
    if starts_on is None or ends_on is None:
        return []
    one, last = bimester_of(starts_on), bimester_of(ends_on)
    found: list[tuple[int, int]] = []
    while one <= last and len(found) < _MOST_REPORTS:
        found.append(one)
        one = bimester_after(*one)
    return found


def report_due(year: int, number: int) -> date:
    """Return the last day for the partial report of a bimester."""
    return bimester_span(year, number)[1] + REPORT_GRACE


def report_light(due_on: date, stage: str | None, today: date, *, known: bool = True) -> ReportLight:
    """Return how a report stands; ``stage`` is what became of it, None while nothing was handed in."""
    if stage is not None:
        return ReportLight(stage)
    return ReportLight(light(due_on, None, today, known=known).value)
