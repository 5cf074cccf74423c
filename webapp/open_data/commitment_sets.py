"""Open data of what states and the commission did of what was promised: activities, reports, facilitators, lines.

Counts only. What people typed of an activity, its title and its link, may name somebody, and is not told.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from content_calendar import plan_lines
from content_calendar.models.commitments import LineStatus
from content_calendar.models.directory import Body
from content_calendar.models.local_plans import ActivityKind, LocalActivity, Proof
from content_calendar.models.programme import Edition, Participation
from content_calendar.programme_rules import ReportLight
from webapp.open_data import declaring as d
from webapp.open_data.declaring import Ask, DataSet, Row
from webapp.open_data.programme_sets import BODY, EDITION, EDITION_NAME, PLANDAI, STATE, standings
from webapp.programme_words import ACTIVITIES as ACTIVITY_WORDS
from webapp.programme_words import REPORTS as REPORT_WORDS
from webapp.words import N_

_COUNTED = N_("Lo que el enlace del estado contó")
_NOBODY = N_("Nadie contó.")
_KIND_CODES = {
    ActivityKind.TRAINING: "formacion",
    ActivityKind.CERTIFICATION: "certificacion-ec1477",
    ActivityKind.SESSION: "jornada",
    ActivityKind.IMPACT: "incidencia",
    ActivityKind.MONITORS: "formacion-contraloria",
    ActivityKind.PROJECT: "proyecto",
    ActivityKind.COMMUNICATION: "comunicacion",
}
KINDS = {kind: (code, ACTIVITY_WORDS[kind].name) for kind, code in _KIND_CODES.items()}


def _activities(connection: Connection, _ask: Ask) -> Iterator[Row]:
    with Session(connection) as session:
        proved = select(Proof.activity_id).where(Proof.activity_id.is_not(None), Proof.removed_at.is_(None))
        asked = (
            select(
                LocalActivity.ref, Edition.slug, Body.slug, Body.state_iso, LocalActivity.kind, LocalActivity.held_on,
                LocalActivity.people, LocalActivity.women, LocalActivity.men, LocalActivity.id.in_(proved),
            )
            .join(Participation, Participation.id == LocalActivity.participation_id)
            .join(Edition, Edition.id == Participation.edition_id)
            .join(Body, Body.id == Participation.body_id)
            .where(LocalActivity.removed_at.is_(None), Participation.takes_part.is_(True))
            .order_by(LocalActivity.held_on, LocalActivity.id)
            .execution_options(yield_per=d.TOGETHER)
        )  # fmt: skip
        for ref, edition, body, state, kind, on, people, women, men, shown in session.execute(asked):
            yield (
                ref, edition, body, state, _KIND_CODES[kind], on.isoformat(), people, women, men,
                "true" if shown else "false",
            )  # fmt: skip


ACTIVITIES = DataSet(
    slug="actividades-plandai",
    title=N_("Actividades de PlanDAI"),
    about=N_("Lo que cada estado hizo: formaciones, certificaciones, jornadas, proyectos. Solo números, sin nombres."),
    row=N_("una actividad de un estado"),
    fresh=N_("cuando un estado anota algo"),
    key=("actividad",),
    keywords=("PlanDAI", "actividades", "jornadas", "personas facilitadoras"),
    rows=_activities,
    columns=(
        d.text("actividad", N_("Clave de la actividad."), PLANDAI),
        EDITION,
        BODY,
        STATE,
        d.word("tipo", N_("Qué fue."), PLANDAI, KINDS),
        d.day("dia", N_("Qué día fue."), _COUNTED),
        d.number("personas", N_("Cuántas personas, o solicitudes en la incidencia."), _COUNTED, empty=_NOBODY),
        d.number("mujeres", N_("De ellas, mujeres."), _COUNTED, empty=N_("Nadie las contó aparte.")),
        d.number("hombres", N_("De ellas, hombres."), _COUNTED, empty=N_("Nadie los contó aparte.")),
        d.yes_no("con_evidencia", N_("Si hay evidencia guardada de ella."), PLANDAI),
    ),
)  # fmt: skip


def _facilitators(connection: Connection, ask: Ask) -> Iterator[Row]:
    for standing in standings(connection, ask):
        edition = standing.edition
        for state in standing.states:
            formed, certified = state.figure(ActivityKind.TRAINING), state.figure(ActivityKind.CERTIFICATION)
            yield (
                edition.slug, edition.name, state.slug, state.state_iso, formed.people, formed.women, formed.men,
                certified.people, certified.women, certified.men,
            )  # fmt: skip


FACILITATORS = DataSet(
    slug="facilitadoras-plandai",
    title=N_("Personas facilitadoras de PlanDAI"),
    about=N_("Cuántas se formaron y cuántas se certificaron en EC-1477 en cada estado. Solo números, sin nombres."),
    row=N_("un estado en una edición"),
    fresh=N_("cuando un estado anota algo"),
    key=("edicion", "organismo"),
    keywords=("PlanDAI", "personas facilitadoras", "EC-1477"),
    rows=_facilitators,
    columns=(
        EDITION,
        EDITION_NAME,
        BODY,
        STATE,
        d.number("formadas", N_("Cuántas se formaron."), _COUNTED, empty=_NOBODY),
        d.number("formadas_mujeres", N_("De ellas, mujeres."), _COUNTED, empty=_NOBODY),
        d.number("formadas_hombres", N_("De ellas, hombres."), _COUNTED, empty=_NOBODY),
        d.number("certificadas", N_("Cuántas se certificaron en EC-1477."), _COUNTED, empty=_NOBODY),
        d.number("certificadas_mujeres", N_("De ellas, mujeres."), _COUNTED, empty=_NOBODY),
        d.number("certificadas_hombres", N_("De ellas, hombres."), _COUNTED, empty=_NOBODY),
    ),
)  # fmt: skip

_REPORT_CODES = {
    ReportLight.ACCEPTED: "aceptado",
    ReportLight.DELIVERED: "entregado",
    ReportLight.RETURNED: "regresado",
    ReportLight.SOON: "vence-pronto",
    ReportLight.OVERDUE: "vencido",
    ReportLight.PLANNED: "planeado",
    ReportLight.NO_DATA: "sin-dato",
}
REPORT_LIGHTS = {light: (code, REPORT_WORDS[light].rule) for light, code in _REPORT_CODES.items()}


def _reports(connection: Connection, ask: Ask) -> Iterator[Row]:
    for standing in standings(connection, ask):
        for state in standing.states:
            for one in state.reports:
                on = one.delivered_at.astimezone(ask.zone).date() if one.delivered_at else None
                yield (
                    standing.edition.slug, state.slug, state.state_iso, one.year, one.number, one.due_on,
                    on if one.light in _HANDED_IN else None, _REPORT_CODES[one.light],
                )  # fmt: skip


_HANDED_IN = frozenset({ReportLight.ACCEPTED, ReportLight.DELIVERED, ReportLight.RETURNED})
REPORTS = DataSet(
    slug="informes-plandai",
    title=N_("Informes parciales de PlanDAI"),
    about=N_("Qué informe de cada bimestre debe cada estado, para cuándo es y si ya lo entregó."),
    row=N_("un informe de un estado"),
    fresh=N_("cada día"),
    key=("edicion", "organismo", "anio", "bimestre"),
    keywords=("PlanDAI", "informes"),
    rows=_reports,
    columns=(
        EDITION,
        BODY,
        STATE,
        d.number("anio", N_("Año del bimestre."), PLANDAI),
        d.number("bimestre", N_("Número del bimestre, de 1 a 6."), PLANDAI),
        d.day("vence", N_("Para cuándo es."), N_("Diez días después del bimestre")),
        d.day("entregado", N_("Qué día se entregó."), PLANDAI, empty=N_("Todavía no se entrega.")),
        d.word("como_va", N_("Cómo va el día en que se hizo el archivo."), PLANDAI, REPORT_LIGHTS),
    ),
)  # fmt: skip

_PLAN = N_("Programas nacionales y plan de trabajo de la Comisión")
_STATUS_CODES = {
    LineStatus.NOT_BEGUN: "sin-empezar",
    LineStatus.UNDER_WAY: "en-marcha",
    LineStatus.DONE: "cumplida",
    LineStatus.STOPPED: "detenida",
}
STATUSES = {
    LineStatus.NOT_BEGUN: (_STATUS_CODES[LineStatus.NOT_BEGUN], N_("Alguien dijo que todavía no empieza.")),
    LineStatus.UNDER_WAY: (_STATUS_CODES[LineStatus.UNDER_WAY], N_("Alguien dijo que está en marcha.")),
    LineStatus.DONE: (_STATUS_CODES[LineStatus.DONE], N_("Alguien dijo que ya se cumplió.")),
    LineStatus.STOPPED: (_STATUS_CODES[LineStatus.STOPPED], N_("Alguien dijo que se detuvo.")),
}
TERMS = {
    "green": ("verde", N_("De 0 a 3 meses.")),
    "yellow": ("amarillo", N_("De 3 a 6 meses.")),
    "orange": ("naranja", N_("De 6 a 9 meses.")),
    "red": ("rojo", N_("De 9 a 12 meses.")),
    "blue": ("azul", N_("Permanente.")),
}


def _lines(connection: Connection, ask: Ask) -> Iterator[Row]:
    with Session(connection) as session:
        for one in plan_lines.followed(session):
            line, said = one.line, one.word
            yield (
                line.ref, line.programme, line.position, line.code or None,
                # What a public document says is public; what somebody typed without one is the house's own note.
                (line.title if line.source else "") or None,
                TERMS[line.term][0] if line.term in TERMS else None, _STATUS_CODES[said.status] if said else None,
                said.said_at.astimezone(ask.zone).date() if said else None, len(one.adopted_by), one.tasks,
                one.tasks_done,
            )  # fmt: skip


LINES = DataSet(
    slug="lineas-de-accion",
    title=N_("Líneas de acción"),
    about=N_("Cada línea de los programas y del plan, con su plazo y, aparte, cómo va según lo último que se dijo."),
    row=N_("una línea de acción"),
    fresh=N_("cuando alguien dice cómo va una"),
    key=("linea",),
    keywords=("PROTAI", "PRONADATOS", "líneas de acción", "plan de trabajo"),
    rows=_lines,
    columns=(
        d.text("linea", N_("Clave de la línea."), _PLAN),
        d.text("programa", N_("De qué programa o plan es."), _PLAN),
        d.number("posicion", N_("Su lugar en él."), _PLAN),
        d.text("codigo", N_("El código que le da su programa."), _PLAN, empty=N_("No se conoce."), typed=True),
        d.text(
            "titulo", N_("Qué dice, como está en su documento."), _PLAN, typed=True,
            empty=N_("No se conoce, o nadie ha dicho de qué documento viene."),
        ),
        d.word("plazo", N_("Su plazo en el plan."), _PLAN, TERMS, empty=N_("No tiene plazo.")),
        d.word("como_va", N_("Cómo va."), N_("Lo que se dijo"), STATUSES, empty=N_("Nadie lo ha dicho.")),
        d.day("dicho_el", N_("Qué día se dijo."), N_("Lo que se dijo"), empty=N_("Nadie lo ha dicho.")),
        d.number("organismos", N_("Cuántos organismos la adoptaron."), _PLAN),
        d.number("metas_y_acciones", N_("Cuántas metas y acciones tiene."), _PLAN),
        d.number("hechas", N_("Cuántas de ellas están hechas."), _PLAN),
    ),
)  # fmt: skip
