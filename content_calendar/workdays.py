"""Working days: Monday to Friday, but for the obligatory rest days (Ley Federal del Trabajo, art. 74)."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.models.plan import Observance, ObservanceDate
from content_calendar.observances import ObservanceRuleError, Span, occurrences, parse

_RESTS = frozenset({"federal_holiday"})


def rest_days(session: Session, first: date, last: date) -> dict[date, str]:
    """Return the obligatory rest days from ``first`` to ``last``, both in it, each with its name; one query."""
    dated: dict[tuple[str, str], dict[int, Span]] = {}
    for name, rule, year, starts_on, ends_on in session.execute(
        select(
            Observance.name,
            Observance.rule,
            ObservanceDate.year,
            ObservanceDate.starts_on,
            ObservanceDate.ends_on,
        )
        .outerjoin(ObservanceDate, ObservanceDate.observance_id == Observance.id)
        .where(Observance.kind.in_(_RESTS))
        .order_by(Observance.id)
    ):
        by_hand = dated.setdefault((name, rule), {})
        if year is not None:
            by_hand[year] = Span(starts_on, ends_on)
    found: dict[date, str] = {}
    for (name, rule), by_hand in dated.items():
        for span in _spans(rule, by_hand, first, last):
            for day in (span.starts_on + timedelta(days=n) for n in range(span.days)):
                if first <= day <= last:
                    found.setdefault(day, name)
    return found


def _spans(rule: str, by_hand: Mapping[int, Span], first: date, last: date) -> list[Span]:
    # What a person dated for a year takes the place of the rule.
    years = range(first.year, last.year + 1)
    return [span for year in years if (span := by_hand.get(year) or _by_rule(rule, year)) is not None]


@lru_cache(maxsize=512)
def _by_rule(rule: str, year: int) -> Span | None:
    try:
        return occurrences(parse(rule), year)
    except ObservanceRuleError:
        # A rule that nobody can read must not cost the page.
        return None
