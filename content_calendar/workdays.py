"""Working days: Monday to Friday, but for the obligatory rest days (Ley Federal del Trabajo, art. 74)."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from content_calendar.calendar_facts import calendar_facts

_RESTS = frozenset({"federal_holiday"})


def rest_days(session: Session, first: date, last: date) -> dict[date, str]:
    """Return the obligatory rest days from ``first`` to ``last``, each with its name; one query.

    Raises what ``calendar_facts`` raises.
    """
    found: dict[date, str] = {}
    for one in calendar_facts(session, first, last).observances:
        if one.kind in _RESTS:
            for n in range((one.ends_on - one.starts_on).days + 1):
                found.setdefault(one.starts_on + timedelta(days=n), one.name)
    return found
