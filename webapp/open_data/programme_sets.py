"""Open data of what was promised: PlanDAI's traffic light and goals, the plan's goals, the policy's indicators."""

from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from content_calendar import event_goals, indicators, programme
from content_calendar.models.commitments import Horizon
from content_calendar.models.events import Measure
from content_calendar.programme_goals import GoalKey
from content_calendar.programme_rules import Light
from content_calendar.programme_standing import Standing, standing_of
from webapp.open_data import declaring as d
from webapp.open_data.declaring import Ask, DataSet, Row
from webapp.open_data.plan_sets import EVENT_KINDS
from webapp.programme_words import GOALS as GOAL_WORDS
from webapp.programme_words import LIGHTS as LIGHT_WORDS
from webapp.words import N_

PLANDAI = N_("Seguimiento de PlanDAI")
_PLAN = N_("Plan de trabajo de la Comisión")
_POLICY = N_("Documento de la política nacional, y quien lo actualiza")
_COLOURS = {
    Light.DONE: "verde",
    Light.SOON: "amarillo",
    Light.OVERDUE: "rojo",
    Light.PLANNED: "planeado",
    Light.NO_DATA: "sin-dato",
}
# The rule of each light is the one that the programme's pages say.
LIGHTS = {light: (colour, LIGHT_WORDS[light].rule) for light, colour in _COLOURS.items()}


def standings(connection: Connection, ask: Ask) -> Iterator[Standing]:
    """Yield how each edition stands on the day that is asked for."""
    with Session(connection) as session:
        for edition in programme.editions(session):
            yield standing_of(session, edition, ask.today)


def _lights(connection: Connection, ask: Ask) -> Iterator[Row]:
    for standing in standings(connection, ask):
        edition = standing.edition
        for state in standing.states:
            for action, cell in zip(standing.actions, state.cells, strict=True):
                yield (
                    edition.slug, edition.name, state.slug, state.state_iso, action.position, action.title,
                    action.stage, cell.due_on, cell.done_on, LIGHTS[cell.light][0],
                )  # fmt: skip


EDITION = d.text("edicion", N_("Clave de la edición."), PLANDAI)
EDITION_NAME = d.text("edicion_nombre", N_("Nombre de la edición."), PLANDAI, typed=True)
BODY = d.text("organismo", N_("Nombre corto del organismo del estado; se une con «organismos»."), PLANDAI)
STATE = d.text("clave_estado", N_("Estado, en ISO 3166-2."), "ISO 3166-2", pattern=r"MX(-[A-Z0-9]{1,3})?")
STANDING = DataSet(
    slug="semaforo-plandai",
    title=N_("Semáforo de PlanDAI"),
    about=N_(
        "Cómo va cada estado que participa en PlanDAI con cada una de las acciones. El color sale de dos fechas y de "
        "nada más: verde si se hizo, amarillo si vence en 30 días o menos, rojo si ya venció."
    ),
    row=N_("una acción de un estado en una edición"),
    fresh=N_("cada día"),
    key=("edicion", "organismo", "accion"),
    keywords=("PlanDAI", "semáforo", "derecho de acceso a la información"),
    rows=_lights,
    columns=(
        EDITION,
        EDITION_NAME,
        BODY,
        STATE,
        d.number("accion", N_("Número de la acción."), PLANDAI),
        d.text("accion_titulo", N_("Qué hay que hacer."), PLANDAI, typed=True),
        d.number("etapa", N_("En cuál de las tres etapas está."), PLANDAI),
        d.day("vence", N_("Para cuándo es."), PLANDAI, empty=N_("Nadie lo ha dicho.")),
        d.day("hecha", N_("Cuándo se hizo."), PLANDAI, empty=N_("No consta que se haya hecho.")),
        d.word("luz", N_("El color del día en que se hizo el archivo."), N_("Calculado de las dos fechas"), LIGHTS),
    ),
)  # fmt: skip

_GOAL_CODES = {
    GoalKey.NETWORKS: "redes-instaladas",
    GoalKey.PLANS: "planes-publicados",
    GoalKey.FACILITATORS: "personas-facilitadoras",
    GoalKey.SESSIONS: "jornadas",
    GoalKey.DOCUMENTED: "documentado",
    GoalKey.COMMUNICATED: "comunicado",
    GoalKey.FINAL_REPORT: "informe-final",
    GoalKey.REPORTS: "informes-parciales",
    GoalKey.MONITORS: "personas-contraloras",
    GoalKey.PROJECTS: "proyectos",
}
PLANDAI_GOALS_WORDS = {key: (code, GOAL_WORDS[key][0]) for key, code in _GOAL_CODES.items()}


def _plandai_goals(connection: Connection, ask: Ask) -> Iterator[Row]:
    for standing in standings(connection, ask):
        edition = standing.edition
        for goal in standing.goals:
            yield edition.slug, edition.name, _GOAL_CODES[goal.key], goal.met, goal.of, goal.percent


PLANDAI_GOALS = DataSet(
    slug="metas-plandai",
    title=N_("Metas de PlanDAI"),
    about=N_("En cuántos de los estados de los que habla se cumple cada meta de PlanDAI, por edición."),
    row=N_("una meta en una edición"),
    fresh=N_("cada día"),
    key=("edicion", "meta"),
    keywords=("PlanDAI", "metas"),
    rows=_plandai_goals,
    columns=(
        EDITION,
        EDITION_NAME,
        d.word("meta", N_("Qué se quiere."), PLANDAI, PLANDAI_GOALS_WORDS),
        d.number("estados_que_cumplen", N_("En cuántos estados se cumple."), PLANDAI),
        d.number("estados_de_los_que_habla", N_("De cuántos estados habla."), PLANDAI),
        d.number(
            "porcentaje", N_("Qué parte de ellos la cumple, sin redondear hacia arriba."),
            N_("Calculado de lo anterior"), unit=N_("por ciento"), empty=N_("Todavía no habla de ningún estado."),
        ),
    ),
)  # fmt: skip

MEASURES = {
    Measure.EVENTS: ("eventos", N_("Cuenta eventos.")),
    Measure.BODIES: ("organismos", N_("Cuenta organismos distintos que los reciben.")),
}


def _goals(connection: Connection, _ask: Ask) -> Iterator[Row]:
    with Session(connection) as session:
        for one in event_goals.followed(session):
            goal = one.goal
            yield (
                goal.ref, goal.title, EVENT_KINDS[goal.kind][0], MEASURES[goal.measure][0], goal.target,
                one.progress.done, goal.starts_on, goal.ends_on,
            )  # fmt: skip


GOALS = DataSet(
    slug="metas",
    title=N_("Metas del plan"),
    about=N_("Cuántos eventos de cada clase quiere el plan de la Comisión, y cuántos van."),
    row=N_("una meta"),
    fresh=N_("cuando se cierra un evento"),
    key=("meta",),
    keywords=("metas", "plan de trabajo", "eventos"),
    rows=_goals,
    columns=(
        d.text("meta", N_("Clave de la meta."), _PLAN),
        d.text("titulo", N_("Qué se quiere."), _PLAN, typed=True),
        d.word("evento_clase", N_("Qué clase de evento cuenta."), _PLAN, EVENT_KINDS),
        d.word("medida", N_("Qué se cuenta."), _PLAN, MEASURES),
        d.number("cuantos_se_quieren", N_("Cuántos se quieren."), _PLAN, empty=N_("El plan no da número.")),
        d.number("cuantos_van", N_("Cuántos hay ya, con su cierre."), N_("Cierres de los eventos")),
        d.day("desde", N_("Primer día que cuenta."), _PLAN, empty=N_("Cuentan todos.")),
        d.day("hasta", N_("Último día que cuenta."), _PLAN, empty=N_("Cuentan todos.")),
    ),
)  # fmt: skip

HORIZONS = {
    Horizon.MEDIUM: ("mediano", N_("De mediano plazo.")),
    Horizon.LONG: ("largo", N_("De largo plazo.")),
}


def _indicators(connection: Connection, _ask: Ask) -> Iterator[Row]:
    with Session(connection) as session:
        for one in indicators.series(session):
            for point in one.points:
                yield (
                    one.indicator.ref, one.indicator.name, HORIZONS[one.indicator.horizon][0], point.year,
                    point.value, point.rank, point.ranked, "true" if point.base else "false",
                )  # fmt: skip


INDICATORS = DataSet(
    slug="indicadores",
    title=N_("Indicadores"),
    about=N_("Los indicadores de la política nacional, con su año base y lo que han valido cada año."),
    row=N_("un indicador en un año"),
    fresh=N_("cuando llega un valor nuevo"),
    key=("indicador", "anio"),
    keywords=("indicadores", "política nacional"),
    rows=_indicators,
    columns=(
        d.text("indicador", N_("Clave del indicador."), _POLICY),
        d.text("nombre", N_("Nombre del indicador."), _POLICY, typed=True),
        d.word("plazo", N_("A qué plazo se mira."), _POLICY, HORIZONS),
        d.number("anio", N_("Año."), _POLICY),
        d.decimal("valor", N_("Cuánto valió."), _POLICY, empty=N_("La fuente no da el valor.")),
        d.number("lugar", N_("En qué lugar quedó el país."), _POLICY, empty=N_("La fuente no da el lugar.")),
        d.number("de_cuantos", N_("Entre cuántos países."), _POLICY, empty=N_("La fuente no lo dice.")),
        d.yes_no("base", N_("Si es el año base."), _POLICY),
    ),
)  # fmt: skip
