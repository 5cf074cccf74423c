"""What people call each kind of event, and what its form begins with."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext

from content_calendar.models.events import EventKind
from webapp.words import N_


@dataclass(frozen=True)
class Look:
    """A kind of event: its name, its picture, and what a new one begins with."""

    name: str
    text: str
    icon: str
    all_day: bool = False
    hour: int = 10
    minutes: int = 120
    # How many days a new one lasts, when it is of whole days.
    days: int = 1
    deadlines: tuple[str, ...] = ()
    place: str = ""


KINDS: Mapping[EventKind, Look] = {
    EventKind.FORUM: Look(
        N_("Foro"),
        N_("Un tema, quienes saben y quienes preguntan."),
        "users-group",
        minutes=180,
        place=N_("La sala y la ciudad, o «en línea»."),
    ),
    EventKind.TOUR_STOP: Look(
        N_("Cine conversatorio"),
        N_("Una parada de la gira: película y conversación en un organismo."),
        "video",
        hour=17,
        minutes=180,
        place=N_("La sala y la ciudad."),
    ),
    EventKind.SPACE: Look(
        N_("Conversación en vivo (Space)"),
        N_("De viva voz, en una red, con sociedad civil y academia."),
        "microphone",
        hour=18,
        minutes=60,
        place=N_("La cuenta desde la que se transmite."),
    ),
    EventKind.BROADCAST: Look(
        N_("Radio o televisión"),
        N_("Un espacio al aire."),
        "broadcast",
        hour=9,
        minutes=30,
        place=N_("La estación o el canal, y el programa."),
    ),
    EventKind.CONTEST: Look(
        N_("Concurso"),
        N_("Una convocatoria con sus fechas: abre, cierra, se resuelve."),
        "star",
        all_day=True,
        days=60,
        deadlines=(N_("cierra la convocatoria"), N_("se publican los resultados")),
        place=N_("Dónde se entregan los trabajos, si no es en línea."),
    ),
    EventKind.MAGAZINE: Look(
        N_("Número de revista"),
        N_("Un número y las propuestas de contenido que recibe."),
        "books",
        all_day=True,
        deadlines=(N_("último día para proponer contenidos"), N_("último día para entregar textos")),
        place=N_("El nombre de la revista y su número."),
    ),
    EventKind.SESSION: Look(
        N_("Sesión o jornada"),
        N_("De la Comisión, o del PlanDAI con la gente."),
        "building-bank",
        place=N_("La sede y la ciudad, o «en línea»."),
    ),
}


def kind_name(kind: EventKind) -> str:
    """Return what people call a kind of event."""
    said: str = gettext(KINDS[kind].name)
    return said


def kind_options() -> list[tuple[str, str]]:
    """Return every kind as the options of a form."""
    return [(kind.value, gettext(look.name)) for kind, look in KINDS.items()]
