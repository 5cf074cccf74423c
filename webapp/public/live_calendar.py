"""The public calendar as iCalendar (RFC 5545): themes of bimesters that have begun, events that anybody knows of."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, make_response, request, url_for
from flask_babel import gettext
from icalendar import Calendar
from icalendar import Event as Entry
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from content_calendar.models.events import Event
from content_calendar.models.plan import Bimester, ThemeSpan
from webapp.event_kinds import kind_name
from webapp.open_data.doors import ask
from webapp.open_data.plan_sets import has_begun
from webapp.public.doors import begins_at, blueprint, require_open, today
from webapp.public.planned import events_of
from webapp.session import db, public
from webapp.toolbox.packing import address_of

BEHIND, AHEAD = timedelta(days=370), timedelta(days=370)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@blueprint.get("/publico/calendario.ics")
@public
def live_calendar() -> Response:
    """Tell the calendar to the programs that people carry."""
    require_open("calendario", "temas")
    made = Calendar()
    name = gettext("Calendario público del Sistema Nacional de Transparencia")
    for key, value in (
        ("prodid", "-//Resuena//Portal//ES"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("name", name),
    ):
        made.add(key, value)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", _HOUR, parameters={"VALUE": "DURATION"})
    first, last = today() - BEHIND, today() + AHEAD
    page = address_of(url_for(".calendar"))
    for entry in [*_themes(first), *map(_event, events_of(first, last))]:
        entry.add("url", page)
        made.add_component(entry)
    made.add_missing_timezones()
    text: bytes = made.to_ical()
    answer = make_response(text)
    answer.mimetype = "text/calendar"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.cache_control.public = True
    answer.cache_control.max_age = int(_HOUR.total_seconds())
    answer.vary.update(("Accept-Language", "Cookie"))
    answer.set_etag(hashlib.sha256(text).hexdigest()[:32])
    answer.make_conditional(request)
    return answer


def _themes(since: date) -> Iterator[Entry]:
    spans = db().scalars(
        select(ThemeSpan)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(has_begun(ask()), ThemeSpan.ends_on >= since)
        .options(joinedload(ThemeSpan.theme))
        .order_by(ThemeSpan.starts_on, ThemeSpan.id)
    )
    for one in spans:
        # Stamped with a moment of its own, which stays: the same calendar is the same text.
        yield _entry(
            f"tema-{one.ref}", one.theme.title, one.starts_on, one.ends_on + _DAY, begins_at(one.starts_on)
        )


def _event(one: Event) -> Entry:
    said = f"{kind_name(one.kind)}: {one.title}"
    if one.all_day:
        entry = _entry(f"evento-{one.ref}", said, one.starts_on, one.ends_on + _DAY, one.created_at)
    else:
        zone = ZoneInfo(one.zone)
        begins, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        entry = _entry(f"evento-{one.ref}", said, begins, ends, one.created_at)
    if one.place:
        entry.add("location", one.place)
    return entry


def _entry(uid: str, said: str, begins: Any, ends: Any, stamp: datetime) -> Entry:  # noqa: ANN401 -- days, or moments
    entry = Entry()
    entry.add("uid", f"{uid}@resuena")
    entry.add("dtstamp", stamp.replace(microsecond=0).astimezone(ZoneInfo("UTC")))
    entry.add("summary", said)
    entry.add("dtstart", begins)
    entry.add("dtend", ends)
    entry.add("transp", "TRANSPARENT")
    return entry
