"""How events, their moments, their posts and their goals are said."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import force_locale, gettext

from content_calendar.event_posts import Proposed
from content_calendar.events import Standing
from content_calendar.models.events import Event, EventDeadline, Measure, Step
from content_calendar.wall_time import wall_time
from webapp.calendar.clocks import place
from webapp.dates import day_words
from webapp.session import settings, viewer
from webapp.words import N_

STEPS: Mapping[Step, str] = {
    Step.ANNOUNCE: N_("Anunciar"),
    Step.REMIND: N_("Recordar"),
    Step.DURING: N_("En el momento"),
    Step.DEADLINE: N_("Fecha límite"),
    Step.THANK: N_("Agradecer"),
    Step.MEMORY: N_("Memoria"),
}
STANDINGS: Mapping[Standing, tuple[str, str, str]] = {
    Standing.PLANNED: ("violet", "clock", N_("planeado")),
    Standing.ON: ("info", "broadcast", N_("en curso")),
    Standing.OWED: ("warn", "hourglass", N_("falta cerrarlo")),
    Standing.CLOSED: ("good", "circle-check", N_("realizado")),
    Standing.CANCELLED: ("idle", "calendar-off", N_("cancelado")),
}
MEASURES: Mapping[Measure, str] = {
    Measure.EVENTS: N_("Eventos"),
    Measure.BODIES: N_("Organismos distintos"),
}


def step_name(one: Proposed) -> str:
    """Return what a post of an event is for; of a further date, which."""
    if one.deadline is not None:
        return f"{gettext(STEPS[one.step])}: {one.deadline.name}"
    said: str = gettext(STEPS[one.step])
    return said


def hours(event: Event) -> str:
    """Return the hours of an event by its own clock, such as "17:00 a 19:00"; of whole days, nothing."""
    if event.all_day:
        return ""
    begins, ends = (datetime.fromisoformat(one) for one in (event.starts_local, event.ends_local))
    if begins.date() != ends.date():
        return begins.strftime("%H:%M")
    said: str = gettext("%(begins)s a %(ends)s", begins=begins.strftime("%H:%M"), ends=ends.strftime("%H:%M"))
    return said


def clock_notes(event: Event) -> list[str]:
    """Return whose clock an event goes by, and its hour by the reader's, where that one shows another."""
    if event.all_day:
        return []
    local = wall_time(event.starts_at, viewer().zone)
    if local == datetime.fromisoformat(event.starts_local):
        return []
    return [
        gettext("hora de %(place)s", place=place(event.zone)),
        gettext("%(hour)s en tu reloj", hour=local.strftime("%H:%M")),
    ]


def days(first: date, last: date) -> str:
    """Return days in words, both in it."""
    if first == last:
        return day_words(first)
    said: str = gettext("del %(first)s al %(last)s", first=day_words(first), last=day_words(last))
    return said


def gaps_of(event: Event, deadline: EventDeadline | None = None) -> dict[str, str]:
    """Return what fills the gaps of a template, always in the posts' own language, whoever prepares them."""
    with force_locale("es"):
        first = day_words(event.starts_on)
        when = days(event.starts_on, event.ends_on)
        if not event.all_day:
            when = f"{first}, {event.starts_local[11:16]} h"
            if event.zone != settings().zone:
                when += f" ({place(event.zone)})"
        return {
            "titulo": event.title,
            "cuando": when[:1].upper() + when[1:],
            "dia": first,
            "donde": event.place,
            "organismo": event.body.short_name if event.body else "",
            "enlace": event.link,
            "plazo": deadline.name if deadline else "",
            "fecha": day_words(deadline.due_on) if deadline else "",
        }
