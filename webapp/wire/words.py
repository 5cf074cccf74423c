"""Words of the wire's pages: kinds, reasons, marks of days, headings of days."""

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext

from content_calendar.content import PostKind
from content_calendar.models.directory import OwnerKind
from scheduler.networks import networks
from scheduler.relaying.models import SkipReason
from scheduler.relaying.streak import Mark
from webapp import dates
from webapp.words import N_

KINDS: Mapping[PostKind, str] = {
    PostKind.POST: N_("publicación"),
    PostKind.THREAD: N_("hilo"),
    PostKind.REPOST: N_("repost"),
    PostKind.QUOTE: N_("cita"),
}
OWNERS: Mapping[OwnerKind, str] = {
    OwnerKind.BODY: N_("Organismo"),
    OwnerKind.COMMISSION: N_("Comisión"),
    OwnerKind.COORDINATION: N_("Coordinación regional"),
}
OWNER_GROUPS: tuple[tuple[str, str], ...] = (
    ("organismos", N_("Organismos")),
    ("comisiones", N_("Comisiones del SNT")),
    ("coordinaciones", N_("Coordinaciones regionales")),
)
REASONS: Mapping[SkipReason, str] = {
    SkipReason.NO_NEWS: N_("Sin novedades que valgan la pena"),
    SkipReason.NOT_FITTING: N_("No viene al caso de estos días"),
    SkipReason.ASKED_TO_WAIT: N_("El organismo pidió esperar"),
    SkipReason.OTHER: N_("Otro motivo"),
}
MARKS: Mapping[Mark, str] = {
    Mark.KEPT: N_("cumplido"),
    Mark.MISSED: N_("sin réplica"),
    Mark.EXTRA: N_("replicamos en día de descanso"),
    Mark.OFF: N_("descanso"),
    Mark.OPEN: N_("hoy, pendiente"),
    Mark.AHEAD: N_("por venir"),
    Mark.BEFORE: N_("antes de empezar"),
}
MARK_ICONS: Mapping[Mark, str] = {
    Mark.KEPT: "circle-check",
    Mark.MISSED: "circle-x",
    Mark.EXTRA: "circle-plus",
    Mark.OPEN: "hourglass",
}


def network_name(slug: str) -> str:
    """Return a network as people call it; empty for none."""
    found = networks().get(slug)
    return found.name if found else slug.capitalize()


def day_heading(day: date, today: date) -> str:
    """Return a day as a heading of the wire: today and yesterday by their names."""
    said = dates.day_words(day)
    if day == today:
        named: str = gettext("Hoy, %(day)s", day=said)
        return named
    if day == today - timedelta(days=1):
        before: str = gettext("Ayer, %(day)s", day=said)
        return before
    return said[:1].upper() + said[1:]


def for_words(words: list[str]) -> str:
    """Return a note's words between quotation marks, such as "«protección de datos», «niñas»"."""
    return ", ".join(f"«{word}»" for word in words)
