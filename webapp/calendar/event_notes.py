"""Events and their further dates as the calendar's boards note them."""

from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext

from content_calendar.calendar_facts import CalendarFacts
from content_calendar.event_facts import EventFact
from webapp.calendar.clocks import place
from webapp.calendar.periods import short
from webapp.event_kinds import kind_name
from webapp.session import viewer

# What lasts longer is told where it begins, and by its further dates.
_LONG = timedelta(days=7)


def event_notes(facts: CalendarFacts, first: date, last: date) -> list[dict[str, object]]:
    """Return the events that are told on some days, both in it, each with its address."""
    page = url_for("events.event", ref="-")
    return [
        {
            "kind": "deadline" if one.deadline else "event",
            "off": one.cancelled,
            "text": _said(one, within_weeks=first != last),
            "url": page.replace("-", one.ref),
        }
        for one in facts.events
        if _told_on(one, max(first, facts.starts_on), last, facts.starts_on)
    ]


def _told_on(one: EventFact, first: date, last: date, board_begins: date) -> bool:
    if one.starts_on > last or one.ends_on < first:
        return False
    # What began before the board is told on its first day.
    begins = max(one.starts_on, board_begins)
    return one.ends_on - one.starts_on < _LONG or first <= begins <= last


def _said(one: EventFact, *, within_weeks: bool) -> str:
    words = [] if not within_weeks else [short(one.starts_on)]
    if one.deadline:
        head = f"{one.deadline[:1].upper()}{one.deadline[1:]}: {one.title}"
    else:
        head = f"{kind_name(one.kind)}: {one.title}"
        if not one.all_day:
            words.append(one.local[11:16])
            if one.zone != viewer().zone:
                words.append(gettext("(hora de %(place)s)", place=place(one.zone)))
    if one.body_name and not one.deadline:
        head = f"{head} · {one.body_name}"
    if one.cancelled:
        head = gettext("Cancelado: %(what)s", what=head)
    return " ".join([*words, head])
