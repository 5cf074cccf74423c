"""Open data of the plan, as far as it is public: themes of bimesters that have begun, events that anybody knows of."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from content_calendar.models.directory import Account, Owner
from content_calendar.models.events import Event, EventKind, EventPost, Step
from content_calendar.models.plan import Bimester, LineOfAction, Theme, ThemeSpan, theme_line
from content_calendar.models.publications import Publication
from webapp.open_data import declaring as d
from webapp.open_data import written
from webapp.open_data.declaring import TOGETHER, Ask, DataSet, Row
from webapp.open_data.outgoing_sets import is_out
from webapp.words import N_

_CALENDAR = N_("Calendario de la Comisión")
_OWNER = aliased(Owner, flat=True)
THEME_KINDS = {
    "campaign": ("campana", N_("Una campaña.")),
    "permanent": ("permanente", N_("Un tema de todo el año.")),
    "publication": ("documento", N_("Un documento o una revista.")),
    "event": ("actividad", N_("Una actividad o una sesión.")),
    "contest": ("concurso", N_("Un concurso.")),
    "metric": ("indicador", N_("Un indicador.")),
}


def has_begun(ask: Ask) -> ColumnElement[bool]:
    """Return the condition on ``Bimester`` that it has begun: what comes after is being prepared."""
    return Bimester.starts_on <= ask.today


def is_announced(ask: Ask) -> ColumnElement[bool]:
    """Return the condition on ``Event`` that anybody knows of it: it has begun, or its announcement is out."""
    announced = (
        select(EventPost.id)
        .join(Publication, Publication.post_id == EventPost.post_id)
        .join(Account, Account.id == Publication.account_id)
        .where(EventPost.event_id == Event.id, EventPost.step == Step.ANNOUNCE, *is_out(ask))
    )
    return and_(Event.cancelled_at.is_(None), or_(Event.starts_at <= ask.now, exists(announced)))


def _themes(asked: Select[Any], ask: Ask) -> Select[Any]:
    placed = (
        select(ThemeSpan.id)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(ThemeSpan.theme_id == Theme.id, has_begun(ask))
    )
    return (
        asked.select_from(Theme)
        .outerjoin(_OWNER, _OWNER.id == Theme.commission_id)
        .where(exists(placed))
        .order_by(Theme.id)
    )


def _codes(_ask: Ask) -> ColumnElement[Any]:
    """Return the codes of a theme's lines of action, one after the other."""
    codes = (
        select(LineOfAction.code.label("code"))
        .join(theme_line, theme_line.c.line_id == LineOfAction.id)
        .where(theme_line.c.theme_id == Theme.id, LineOfAction.code != "")
        .order_by(LineOfAction.code)
        .correlate(Theme)
        .subquery("codes")
    )
    return select(func.aggregate_strings(codes.c.code, ", ")).scalar_subquery()


THEMES = DataSet(
    slug="temas",
    title=N_("Temas"),
    about=N_("De qué habla la Comisión: los temas que ya están, o estuvieron, en un bimestre que comenzó."),
    row=N_("un tema"),
    fresh=N_("cada bimestre"),
    key=("tema",),
    keywords=("temas", "calendario", "PROTAI", "PRONADATOS"),
    joined=_themes,
    columns=(
        d.text("tema", N_("Clave del tema."), _CALENDAR, Theme.ref),
        d.text("titulo", N_("Título."), _CALENDAR, Theme.title, typed=True),
        d.text("descripcion", N_("De qué trata."), _CALENDAR, Theme.description, typed=True, empty=N_("No tiene.")),
        d.word("clase", N_("Qué clase de tema es."), _CALENDAR, THEME_KINDS, Theme.kind, empty=N_("No se dijo.")),
        d.text(
            "comision", N_("Nombre corto de la comisión del SNT de la que viene."), _CALENDAR, _OWNER.slug,
            empty=N_("No viene de una sola."),
        ),
        d.text(
            "lineas_de_accion", N_("Claves de las líneas de acción a las que sirve, separadas por comas."),
            N_("Programas nacionales y plan de trabajo"), _codes, empty=N_("Nadie ha dicho a cuáles."),
        ),
    ),
)  # fmt: skip

ENTRIES = {
    "theme": ("tema", N_("Un tema en un bimestre.")),
    "event": ("evento", N_("Algo que ocurre: un foro, una sesión, un concurso…")),
}
EVENT_KINDS = {
    EventKind.FORUM: ("foro", N_("Un tema, quienes saben y quienes preguntan.")),
    EventKind.TOUR_STOP: ("cine-conversatorio", N_("Una parada de la gira: película y conversación.")),
    EventKind.SPACE: ("conversacion-en-vivo", N_("Una conversación en vivo en una red.")),
    EventKind.BROADCAST: ("transmision", N_("Un programa de radio, televisión o internet.")),
    EventKind.CONTEST: ("concurso", N_("Un concurso, con su convocatoria.")),
    EventKind.MAGAZINE: ("revista", N_("Un número de una revista.")),
    EventKind.SESSION: ("sesion", N_("Una sesión de la Comisión, o de PlanDAI con la gente.")),
}


def _calendar(connection: Connection, ask: Ask) -> Iterator[Row]:
    """Yield the themes in their bimesters, then the events, each in order of time."""
    spans = (
        select(
            ThemeSpan.ref, literal_column("'tema'"), Theme.title, Theme.ref, null(), null(), null(),
            written.day(ThemeSpan.starts_on), written.day(ThemeSpan.ends_on),
        )
        .join(Theme, Theme.id == ThemeSpan.theme_id)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(has_begun(ask))
        .order_by(ThemeSpan.starts_on, ThemeSpan.id)
    )  # fmt: skip
    events = (
        select(
            Event.ref, literal_column("'evento'"), Event.title, Theme.ref, _CALENDAR_COLUMNS[4].asked(ask),
            _OWNER.slug, written.text(Event.place), written.day(Event.starts_on), written.day(Event.ends_on),
        )
        .outerjoin(Theme, Theme.id == Event.theme_id)
        .outerjoin(_OWNER, _OWNER.id == Event.body_id)
        .where(is_announced(ask))
        .order_by(Event.starts_at, Event.id)
    )  # fmt: skip
    for statement in (spans, events):
        yield from connection.execute(statement, execution_options={"yield_per": TOGETHER})


_ONLY_EVENTS = N_("Es un tema.")
_CALENDAR_COLUMNS = (
    d.text("entrada", N_("Clave de la entrada."), _CALENDAR),
    d.word("clase", N_("Qué es."), _CALENDAR, ENTRIES),
    d.text("titulo", N_("Título."), _CALENDAR, typed=True),
    d.text(
        "tema", N_("Clave del tema; se une con «temas»."), _CALENDAR, empty=N_("Un evento que no es de ningún tema."),
    ),
    d.word("evento_clase", N_("Qué clase de evento es."), _CALENDAR, EVENT_KINDS, Event.kind, empty=_ONLY_EVENTS),
    d.text(
        "organismo", N_("Nombre corto del organismo que lo recibe."), _CALENDAR,
        empty=N_("Es un tema, o un evento de la Comisión."),
    ),
    d.text("lugar", N_("Dónde es."), _CALENDAR, typed=True, empty=N_("Es un tema, o no se dijo.")),
    d.day("inicia", N_("Primer día."), _CALENDAR),
    d.day("termina", N_("Último día."), _CALENDAR),
)  # fmt: skip
CALENDAR = DataSet(
    slug="calendario",
    title=N_("Calendario"),
    about=N_(
        "Los temas de cada bimestre que ya comenzó y los eventos que ya fueron o ya se anunciaron. "
        "Lo que se está preparando no está."
    ),
    row=N_("un tema en un bimestre, o un evento"),
    fresh=N_("cuando cambia el calendario"),
    key=("entrada",),
    keywords=("calendario", "temas", "eventos"),
    rows=_calendar,
    columns=_CALENDAR_COLUMNS,
)
