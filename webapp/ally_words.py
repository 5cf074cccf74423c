"""What people call an ally's kind, their consent, how far a pack came, and where something was done."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext

from content_calendar.ally_activity import Deed
from content_calendar.ally_sheets import Column
from content_calendar.ally_weeks import Level
from content_calendar.models.allies import (
    AllyKind,
    ConsentAct,
    ConsentStanding,
    EchoStanding,
    LetterStage,
    Medium,
)
from webapp import dates
from webapp.calendar.audience_words import audience_options
from webapp.words import N_

KINDS: Mapping[AllyKind, str] = {
    AllyKind.PERSON: N_("Persona"),
    AllyKind.ORGANISATION: N_("Organización"),
}
# A word and a look (colour and shape) for each standing.
CONSENTS: Mapping[ConsentStanding, tuple[str, str, str]] = {
    ConsentStanding.NONE: (N_("sin consentimiento"), "idle", "circle-dashed"),
    ConsentStanding.INVITED: (N_("invitación enviada"), "info", "mail"),
    ConsentStanding.GIVEN: (N_("acepta correos"), "good", "circle-check"),
    ConsentStanding.WITHDRAWN: (N_("ya no quiere correos"), "idle", "circle-x"),
}
ACTS: Mapping[ConsentAct, str] = {
    ConsentAct.INVITED: N_("Se le invitó"),
    ConsentAct.GIVEN: N_("Aceptó que le escribamos"),
    ConsentAct.WITHDRAWN: N_("Retiró su consentimiento"),
    ConsentAct.ERASED: N_("Pidió que borráramos sus datos"),
}
LEVELS: Mapping[Level, tuple[str, str, str]] = {
    Level.WAITING: (N_("por enviar"), "idle", "clock"),
    Level.OFFERED: (N_("ofrecido"), "info", "send"),
    Level.SEEN: (N_("visto"), "violet", "eye"),
    Level.DOWNLOADED: (N_("descargado"), "teal", "download"),
    Level.REPLICATED: (N_("replicado"), "good", "repeat"),
}
STAGES: Mapping[LetterStage, str] = {
    LetterStage.WAITING: N_("en la fila"),
    LetterStage.SENDING: N_("saliendo"),
    LetterStage.SENT: N_("enviada"),
    LetterStage.DOUBTFUL: N_("sin confirmar"),
    LetterStage.FAILED: N_("rechazada"),
    LetterStage.STOPPED: N_("no salió"),
}
MEDIA: Mapping[Medium, str] = {
    Medium.RADIO: N_("Radio o perifoneo"),
    Medium.MURAL: N_("Mural o periódico mural"),
    Medium.SESSION: N_("Sesión, clase o taller"),
    Medium.PRINT: N_("Impreso"),
    Medium.CHAT: N_("Grupo de mensajes"),
    Medium.OTHER: N_("Otro lugar"),
}
DEEDS: Mapping[Deed, tuple[str, str]] = {
    Deed.RECEIVED: (N_("recibió"), "eye"),
    Deed.REPLICATED: (N_("replicó"), "repeat"),
    Deed.CONTRIBUTED: (N_("aportó"), "message"),
}
ECHOES: Mapping[EchoStanding, tuple[str, str, str]] = {
    EchoStanding.DECLARED: (N_("por confirmar"), "warn", "hourglass"),
    EchoStanding.CONFIRMED: (N_("confirmada"), "good", "circle-check"),
    EchoStanding.REJECTED: (N_("rechazada"), "idle", "circle-x"),
}
COLUMNS: Mapping[Column, str] = {
    Column.NAME: N_("Nombre"),
    Column.KIND: N_("Tipo"),
    Column.CONTACT: N_("Contacto"),
    Column.EMAIL: N_("Correo"),
    Column.STATE: N_("Estado"),
    Column.SECTOR: N_("Sector"),
    Column.LINKS: N_("Redes"),
    Column.NOTE: N_("Nota"),
}


def medium_of(medium: Medium) -> str:
    """Return where something was done, as a person says it."""
    said: str = gettext(MEDIA[medium]) if medium in MEDIA else gettext("En línea")
    return said


def sector_of(value: str | None) -> str:
    """Return an audience's word; a dash for none."""
    known: dict[str, str] = dict(audience_options())
    return known.get(value or "", "—")


def week_words(starts_on: date) -> str:
    """Return a week in words, such as "del 23 al 29 de noviembre"."""
    return dates.speaker().week_words(starts_on)
