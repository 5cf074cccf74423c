"""Events and their further dates as the calendar's boards note them."""

from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import gettext, ngettext

from content_calendar.bimesters import bimester_of
from content_calendar.calendar_facts import CalendarFacts
from content_calendar.event_facts import EventFact
from content_calendar.wall_time import wall_time, zone_named
from webapp.calendar.periods import short
from webapp.event_kinds import KINDS, kind_name
from webapp.session import viewer

# What lasts longer is told where it begins, and by its further dates.
_LONG = timedelta(days=7)
_MOST = 8


def event_notes(facts: CalendarFacts, first: date, last: date) -> list[dict[str, object]]:
    """Return the events that are told on some days, both in it, each with its address; of many, how many are left.

    ``head`` is their day, where the days are several, and their hour; ``prefix`` what they are.
    """
    page = url_for("events.event", ref="-")
    here = [one for one in facts.events if _told_on(one, max(first, facts.starts_on), last, facts.starts_on)]
    shown = here if len(here) <= _MOST + 1 else here[:_MOST]
    told: list[dict[str, object]] = [
        {
            "kind": "deadline" if one.deadline else "event",
            "icon": "hourglass" if one.deadline else KINDS[one.kind].icon,
            "off": one.cancelled,
            "head": " ".join(_head(one, within_weeks=first != last)),
            "prefix": _prefix(one),
            "text": f"{one.title} · {one.body_name}" if one.body_name and not one.deadline else one.title,
            "url": page.replace("-", one.ref),
        }
        for one in shown
    ]
    if left := len(here) - len(shown):
        year, number = bimester_of(last)
        told.append(
            {
                "kind": "event",
                "icon": "plus",
                "text": ngettext("%(num)s evento más", "%(num)s eventos más", left),
                "url": url_for("events.listing", year=year, number=number),
            }
        )
    return told


def _told_on(one: EventFact, first: date, last: date, board_begins: date) -> bool:
    if one.starts_on > last or one.ends_on < first:
        return False
    # What began before the board is told on its first day.
    begins = max(one.starts_on, board_begins)
    return one.ends_on - one.starts_on < _LONG or first <= begins <= last


def _head(one: EventFact, *, within_weeks: bool) -> list[str]:
    said = [short(one.starts_on)] if within_weeks else []
    if one.all_day or one.deadline:
        return said
    said.append(one.local[11:16])
    if one.zone != viewer().zone:
        local = datetime.fromisoformat(one.local)
        mine = wall_time(local.replace(tzinfo=zone_named(one.zone)), viewer().zone)
        if mine != local:
            said.append(gettext("(%(hour)s en tu reloj)", hour=mine.strftime("%H:%M")))
    return said


def _prefix(one: EventFact) -> str:
    said = f"{one.deadline[:1].upper()}{one.deadline[1:]}" if one.deadline else kind_name(one.kind)
    return gettext("Cancelado: %(what)s", what=said) if one.cancelled else said
