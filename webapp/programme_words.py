"""The words of the programme: lights with their rule, goals, what states do. Pages, reports and portal say the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from content_calendar.models.commitments import LineStatus, StorySort, TaskSort
from content_calendar.models.local_plans import (
    ActivityKind,
    CustodyAct,
    Modality,
    ProofSort,
    Sector,
)
from content_calendar.programme_goals import GoalKey
from content_calendar.programme_rules import Light, ReportLight
from webapp.words import N_


@dataclass(frozen=True)
class LightWords:
    """How a light is told: the colour of its shape (empty for none of the three), its word, and its rule."""

    colour: str
    word: str
    rule: str


LIGHTS: Mapping[Light, LightWords] = {
    Light.DONE: LightWords(
        "green", N_("hecho"), N_("La coordinación confirmó que se hizo, antes o después de su fecha.")
    ),
    Light.SOON: LightWords("yellow", N_("vence pronto"), N_("Falta, y vence hoy o en los próximos 30 días.")),
    Light.OVERDUE: LightWords("red", N_("vencido"), N_("Su fecha pasó y nadie ha confirmado que se hizo.")),
    Light.PLANNED: LightWords("planned", N_("aún no vence"), N_("Falta, y vence en más de 30 días.")),
    Light.NO_DATA: LightWords(
        "", N_("sin dato"),
        N_("Nadie ha dicho cuándo vence, o venció antes de seguirlo aquí. No quiere decir que no se hizo."),
    ),
}  # fmt: skip
REPORTS: Mapping[ReportLight, LightWords] = {
    ReportLight.ACCEPTED: LightWords("green", N_("aceptado"), N_("La coordinación lo aceptó.")),
    ReportLight.DELIVERED: LightWords(
        "delivered", N_("entregado"), N_("Espera respuesta de la coordinación.")
    ),
    ReportLight.RETURNED: LightWords(
        "orange", N_("regresado"), N_("Hay que corregirlo y entregarlo otra vez.")
    ),
    ReportLight.SOON: LIGHTS[Light.SOON],
    ReportLight.OVERDUE: LIGHTS[Light.OVERDUE],
    ReportLight.PLANNED: LIGHTS[Light.PLANNED],
    ReportLight.NO_DATA: LIGHTS[Light.NO_DATA],
}
GOALS: Mapping[GoalKey, tuple[str, str]] = {
    GoalKey.NETWORKS: (N_("Redes locales instaladas"), N_("De los estados que participan.")),
    GoalKey.PLANS: (N_("Planes locales publicados"), N_("De los que instalaron su red.")),
    GoalKey.FACILITATORS: (N_("Al menos 10 personas facilitadoras"), N_("En cada estado con plan local.")),
    GoalKey.SESSIONS: (
        N_("Al menos 4 jornadas ciudadanas"), N_("En cada estado con plan local y personas facilitadoras."),
    ),
    GoalKey.DOCUMENTED: (
        N_("Trabajo documentado"), N_("De los que tuvieron jornadas: cada una con su evidencia."),
    ),
    GoalKey.COMMUNICATED: (N_("Trabajo comunicado"), N_("De los que participan: al menos una vez.")),
    GoalKey.FINAL_REPORT: (N_("Informe final entregado"), N_("De los estados que participan.")),
    GoalKey.REPORTS: (N_("Informes parciales al corriente"), N_("De los que ya deben alguno.")),
    GoalKey.MONITORS: (
        N_("Al menos 10 personas contraloras"), N_("En la modalidad de contraloría y vigilancia ciudadana."),
    ),
    GoalKey.PROJECTS: (
        N_("Al menos 5 proyectos de incidencia"), N_("En la modalidad de contraloría y vigilancia ciudadana."),
    ),
}  # fmt: skip
MODALITIES: Mapping[Modality, str] = {
    Modality.GENERAL: N_("general"),
    Modality.OVERSIGHT: N_("con contraloría y vigilancia ciudadana"),
}
SECTORS: Mapping[Sector, str] = {
    Sector.GUARANTOR: N_("Organismo garante"),
    Sector.EXECUTIVE: N_("Poder Ejecutivo del estado"),
    Sector.UNIVERSITY: N_("Educación superior"),
    Sector.CIVIL_SOCIETY: N_("Sociedad civil"),
    Sector.MUNICIPAL: N_("Municipio"),
    Sector.STATE_CONTROL: N_("Órgano estatal de control"),
    Sector.ADVISER: N_("Asesoría"),
    Sector.OTHER: N_("Otro"),
}


@dataclass(frozen=True)
class ActivityWords:
    """How an activity is told: what it is, what its number counts, its icon."""

    name: str
    people: str
    icon: str


ACTIVITIES: Mapping[ActivityKind, ActivityWords] = {
    ActivityKind.TRAINING: ActivityWords(
        N_("Formación de personas facilitadoras"), N_("personas facilitadoras formadas"), "users-group"
    ),
    ActivityKind.CERTIFICATION: ActivityWords(
        N_("Certificación EC-1477"), N_("personas facilitadoras certificadas"), "shield-check"
    ),
    ActivityKind.SESSION: ActivityWords(
        N_("Jornada ciudadana de socialización"), N_("personas asistentes"), "users"
    ),
    ActivityKind.IMPACT: ActivityWords(
        N_("Incidencia: solicitudes, consultas u oficios"), N_("solicitudes, consultas u oficios"), "send"
    ),
    ActivityKind.MONITORS: ActivityWords(
        N_("Formación de personas contraloras y vigilantes"), N_("personas contraloras formadas"), "eye-check"
    ),
    ActivityKind.PROJECT: ActivityWords(
        N_("Proyecto de incidencia social"), N_("personas que participan"), "target-arrow"
    ),
    ActivityKind.COMMUNICATION: ActivityWords(
        N_("Comunicación de lo hecho"), N_("personas alcanzadas"), "broadcast"
    ),
}
SORTS: Mapping[ProofSort, str] = {
    ProofSort.MINUTES: N_("Acta o minuta"),
    ProofSort.PLAN: N_("Plan local"),
    ProofSort.ATTENDANCE: N_("Lista de asistencia"),
    ProofSort.PHOTO: N_("Fotografía"),
    ProofSort.RECEIPT: N_("Acuse"),
    ProofSort.REPORT: N_("Informe"),
    ProofSort.MATERIAL: N_("Material"),
    ProofSort.OTHER: N_("Otra evidencia"),
}
CUSTODY: Mapping[CustodyAct, str] = {
    CustodyAct.RECEIVED: N_("recibida"),
    CustodyAct.OPENED: N_("abierta"),
    CustodyAct.INTACT: N_("comprobada: el archivo es el mismo"),
    CustodyAct.ALTERED: N_("comprobada: el archivo NO es el mismo"),
    CustodyAct.REMOVED: N_("quitada"),
    CustodyAct.RESTORED: N_("devuelta a su lugar"),
    CustodyAct.ERASED: N_("archivo borrado, por los datos personales que tenía"),
}
TERMS: Mapping[str, str] = {
    "green": N_("de 0 a 3 meses"),
    "yellow": N_("de 3 a 6 meses"),
    "orange": N_("de 6 a 9 meses"),
    "red": N_("de 9 a 12 meses"),
    "blue": N_("permanente"),
}
STATUSES: Mapping[LineStatus, tuple[str, str, str]] = {
    LineStatus.NOT_BEGUN: (N_("sin empezar"), "idle", "circle-dashed"),
    LineStatus.UNDER_WAY: (N_("en marcha"), "info", "refresh"),
    LineStatus.DONE: (N_("cumplida"), "good", "circle-check"),
    LineStatus.STOPPED: (N_("detenida"), "warn", "hand-stop"),
}
"""The word, look and icon of how a line goes."""
TASKS: Mapping[TaskSort, str] = {TaskSort.GOAL: N_("Meta"), TaskSort.ACTION: N_("Acción")}
STORIES: Mapping[StorySort, str] = {
    StorySort.PRACTICE: N_("Mejor práctica"),
    StorySort.SUCCESS: N_("Historia de éxito"),
}
