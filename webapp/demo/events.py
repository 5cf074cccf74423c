"""The demonstration's events: one of each kind at least, to come, over, closed and cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from content_calendar import clock, directory, event_closing, event_posts, events
from content_calendar.event_closing import Closing, Evidence
from content_calendar.event_posts import Around, Wanted
from content_calendar.events import Deadline, EventFields
from content_calendar.models.audiences import Audience
from content_calendar.models.events import Event, EventKind, EvidenceKind
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign, Theme
from content_calendar.wall_time import resolve

_A, _K = Audience, EventKind


@dataclass(frozen=True)
class Example:
    """An event: its days counted from today, its hours, and what became of it."""

    kind: EventKind
    title: str
    theme: str
    days: int
    hour: int = 0
    hours: int = 2
    body: str = ""
    place: str = ""
    link: str = ""
    lasts: int = 0
    audiences: tuple[Audience, ...] = (Audience.CITIZENS,)
    deadlines: tuple[tuple[str, int], ...] = ()
    closing: Closing | None = None
    cancelled: str = ""
    # What posts were prepared for it, by their place in the template.
    posts: Mapping[str, str] = field(default_factory=dict)


_NAMES = {"remind": "Recordar", "thank": "Agradecer"}
_PHOTOS = Evidence(EvidenceKind.LINK, "https://ejemplo.mx/fotos")
EXAMPLES: tuple[Example, ...] = (
    Example(
        _K.TOUR_STOP, "El expediente", "gira", -9, 17, 3, "infonl", "Cineteca Nuevo León, Monterrey",
        closing=Closing(
            women=48, men=39, others=2, rating=5,
            worked="La conversación duró más que la película. Ayudó invitar a la escuela de cine.",
            failed="Faltó intérprete de lengua de señas: pedirlo con dos semanas.",
            evidence=[_PHOTOS, Evidence(EvidenceKind.NOTE, "Lista de asistencia, archivo de la Comisión")],
        ),
    ),
    Example(_K.TOUR_STOP, "El expediente", "gira", -4, 17, 3, "cotaipec", "Teatro Juan de la Cabada, Campeche"),
    Example(_K.TOUR_STOP, "Papeles al sol", "gira", 8, 17, 3, "infocol", "Archivo Histórico, Colima"),
    Example(_K.TOUR_STOP, "Papeles al sol", "gira", 24, 18, 3, "ichitaip", "Cineteca de Chihuahua"),
    Example(
        _K.FORUM, "Gobierno abierto en tu municipio", "foros", 6, 10, 3, "infocdmx", "Museo de la Ciudad de México",
        "https://ejemplo.mx/foro", audiences=(_A.CITIZENS, _A.CIVIL_SOCIETY, _A.PUBLIC_SERVANTS),
        posts={
            "remind": "Mañana es el foro «Gobierno abierto en tu municipio». Ven, o síguelo en línea.",
            "thank": "Gracias a quienes vinieron al foro «Gobierno abierto en tu municipio».",
        },
    ),
    Example(
        _K.SPACE, "¿Quién cuida tus datos en la escuela?", "foros", 3, 18, 1, place="La cuenta de la Comisión",
        audiences=(_A.CIVIL_SOCIETY, _A.ACADEMIA),
    ),
    Example(
        _K.BROADCAST, "Preguntar es tu derecho", "tips", -2, 9, 1, place="Radio Universidad, «La mañana»",
        closing=Closing(
            rating=4, worked="Contestamos ocho llamadas.",
            evidence=[Evidence(EvidenceKind.LINK, "https://ejemplo.mx/programa")],
        ),
    ),
    Example(
        _K.CONTEST, "Concurso Nacional de Historieta Infantil", "concursos", -20, lasts=60,
        link="https://ejemplo.mx/bases",
        deadlines=(("cierra la convocatoria", 12), ("se publican los resultados", 35)),
    ),
    Example(
        _K.MAGAZINE, "«México Transparente», número de invierno", "revistas", 14, place="México Transparente",
        deadlines=(("último día para proponer contenidos", 4),), audiences=(_A.ACADEMIA, _A.PUBLIC_SERVANTS),
    ),
    Example(_K.SESSION, "Cuarta sesión ordinaria de la Comisión", "sesiones", 1, 11, 2, place="En línea"),
    Example(
        _K.SESSION, "Sesión extraordinaria", "sesiones", 5, 11, 2, place="En línea",
        cancelled="Sus puntos pasaron a la sesión ordinaria.",
    ),
)  # fmt: skip


def plant_events(
    session: Session, team: Mapping[str, Person], themes: Mapping[str, Theme], campaigns: Mapping[str, Campaign],
    today: date, zone: str,
) -> None:  # fmt: skip
    """Plant every example, written by the team's editor."""
    ana, around = team["ana"], Around((), [campaigns["vinculacionsnt"]])
    for one in EXAMPLES:
        event = events.make(session, ana, _fields(session, one, themes[one.theme], today, zone))
        wanted = [Wanted(slot, f"{_NAMES[slot]}: {one.title}", text) for slot, text in one.posts.items()]
        if wanted:
            event_posts.prepare(session, event, ana, wanted, around)
        if one.closing is not None:
            _close(session, event, ana, one.closing)
        if one.cancelled:
            events.cancel(session, event, ana, one.cancelled)


def _fields(session: Session, one: Example, theme: Theme, today: date, zone: str) -> EventFields:
    body = directory.find_body(session, one.body) if one.body else None
    begins = datetime.combine(today + timedelta(days=one.days), time(one.hour))
    return EventFields(
        one.kind,
        one.title,
        begins,
        begins + (timedelta(hours=one.hours) if one.hour else timedelta(days=one.lasts)),
        body.zone if body else zone,
        all_day=not one.hour,
        place=one.place,
        link=one.link,
        body_id=body.id if body else None,
        theme_id=theme.id,
        audiences=one.audiences,
        deadlines=[Deadline(name, today + timedelta(days=days)) for name, days in one.deadlines],
    )


def _close(session: Session, event: Event, person: Person, closing: Closing) -> None:
    day_after = resolve(datetime.fromisoformat(event.ends_local) + timedelta(hours=16), event.zone)
    with clock.standing_at(min(day_after.utc, clock.now())):
        event_closing.close(session, event, person, closing)
