"""The programme in the demonstration: an edition of PlanDAI in every light, lines that go well and others, stories."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets import evidence
from assets.object_storage import chosen
from content_calendar import (
    clock,
    indicators,
    local_plans,
    partial_reports,
    plan_lines,
    programme,
    programme_milestones,
    programme_notices,
    proofs,
    stories,
)
from content_calendar.db import Database
from content_calendar.local_plans import ActivityFields, PlanFields
from content_calendar.models.commitments import LineStatus, StorySort, TaskSort
from content_calendar.models.directory import Body
from content_calendar.models.local_plans import ActivityKind, Modality, ProofSort, Sector
from content_calendar.models.people import Person
from content_calendar.models.programme import Edition, Participation
from content_calendar.plan_lines import TaskFields
from content_calendar.programme import EditionDays
from content_calendar.programme_milestones import Told
from content_calendar.programme_rules import report_bimesters, report_due
from content_calendar.proofs import About, FileFacts, ProofFields
from content_calendar.settings import Settings
from webapp.demo.pictures import picture

_SOURCE = "Demostración"
_MINE = "infonl"
_STATES = (
    _MINE,
    "infocdmx",
    "cotaipec",
    "infocol",
    "ichitaip",
    "iaiptlaxcala",
    "infoem",
    "itei",
    "itaih",
    "ivai",
)
_BEGAN = timedelta(days=200)
# Of each action: how many days from today it is due; what is permanent has no day.
_WITH_PLAN, _WITH_FACILITATORS = 2, 3
_DUE = {1: -150, 2: -110, 3: -40, 4: 20, 5: None, 6: None, 7: 150}


@dataclass(frozen=True)
class _Scene:
    session: Session
    team: dict[str, Person]
    today: date

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)


def plant_commitments(database: Database, settings: Settings, team: dict[str, Person], today: date) -> None:
    """Plant an edition of PlanDAI in every light, how lines go, indicators and stories."""
    storage = chosen(settings)
    # Files are opened before the transaction begins.
    photo = evidence.take_in(storage, io.BytesIO(picture(7)), "jornada.png")
    with database.transaction() as session:
        scene = _Scene(session, team, today)
        edition, states = _edition(scene)
        for number, row in enumerate(states):
            _state(scene, row, number)
        _own_state(scene, edition, states[0])
        kept = evidence.keep(session, photo, team["beto"])
        file = FileFacts(kept.ref, kept.sha256, kept.original_hash, kept.media_type, kept.size, kept.filename)
        activity = local_plans.activities_of(session, states[0].id)[0]
        about = About(states[0].id, 4, activity_id=activity.id)
        for sort, title in (
            (ProofSort.ATTENDANCE, "Lista de asistencia de la jornada"), (ProofSort.PHOTO, "La plaza"),
        ):  # fmt: skip
            kept = evidence.keep(session, photo, team["beto"])
            file = FileFacts(
                kept.ref, kept.sha256, kept.original_hash, kept.media_type, kept.size, kept.filename
            )
            proofs.add(session, about, ProofFields(sort, title, file=file), today, team["beto"])
        _lines(scene)
        _stories(scene, edition)
        programme_notices.remind(session, today)


def _edition(scene: _Scene) -> tuple[Edition, Sequence[Participation]]:
    session, luz = scene.session, scene.team["luz"]
    like = programme.find_edition(session, "plandai-2021-2022")
    with clock.standing_at(clock.now() - _BEGAN):
        year = scene.day(-_BEGAN.days).year
        edition = programme.open_edition(session, f"PlanDAI {year}-{year + 1}", like, actor_ref=luz.ref)
        due = {position: None if days is None else scene.day(days) for position, days in _DUE.items()}
        days = EditionDays(scene.day(-_BEGAN.days), scene.day(165), due)
        programme.set_days(session, edition, days, scene.day(-_BEGAN.days), actor_ref=luz.ref)
        bodies = {
            one.slug: one
            for one in session.scalars(select(Body).where(Body.slug.in_(_STATES)).order_by(Body.id))
        }
        rows = [
            programme.set_participation(
                session, edition, bodies[slug], takes_part=True, source=_SOURCE, actor_ref=luz.ref
            )
            for slug in _STATES
            if slug in bodies
        ]
        session.flush()
    return edition, rows


def _state(scene: _Scene, row: Participation, number: int) -> None:
    """Let a state be as far as its number says: the first ones ahead, the last ones behind."""
    session, ana, luz = scene.session, scene.team["ana"], scene.team["luz"]
    done = max(0, 4 - number // 2) if number else 3
    starts_on = scene.day(-140 + 3 * number)
    fields = PlanFields(
        Modality.OVERSIGHT if number in {0, 4} else Modality.GENERAL,
        starts_on if done >= _WITH_PLAN else None,
        link=f"https://ejemplo.mx/plan-local-{number}" if done >= _WITH_PLAN else "",
        liaison_name=("Beto Garza" if number == 0 else "Persona de ejemplo") if done else "",
        liaison_post="Enlace del PlanDAI" if done else "",
    )
    local_plans.save_plan(session, row, fields, ana)
    for position in range(1, done + 1):
        action = programme_milestones.find_action(session, row, position)
        day = scene.day((_DUE[position] or 0) - 5 + number % 3)
        told = Told(min(day, scene.today), "Con su acta.")
        programme_milestones.record(session, row, action, told, scene.today, luz)
    if done >= _WITH_FACILITATORS:
        people = 8 + 3 * number
        _activity(scene, row, ActivityKind.TRAINING, -60, "Formación en línea", people, people // 2 + 1)
        _activity(scene, row, ActivityKind.CERTIFICATION, -20, "Evaluación EC-1477", people // 3, people // 5)
    for session_number in range(max(0, done - 1)):
        _activity(
            scene, row, ActivityKind.SESSION, -30 + 5 * session_number, f"Jornada {session_number + 1}", None
        )


def _activity(
    scene: _Scene,
    row: Participation,
    kind: ActivityKind,
    days: int,
    title: str,
    people: int | None,
    women: int | None = None,
) -> None:
    men = None if people is None or women is None else people - women
    fields = ActivityFields(kind, scene.day(days), title, people, women=women, men=men)
    local_plans.add_activity(scene.session, row, fields, scene.today, scene.team["ana"])


def _own_state(scene: _Scene, edition: Edition, row: Participation) -> None:
    """Give the state of the demonstration's liaison something of everything."""
    session, beto, luz = scene.session, scene.team["beto"], scene.team["luz"]
    for sector, institution in (
        (Sector.EXECUTIVE, "Secretaría de la Contraloría"), (Sector.UNIVERSITY, "Universidad de ejemplo"),
        (Sector.CIVIL_SOCIETY, "Vecinos por el agua, A.C."), (Sector.STATE_CONTROL, "Órgano estatal de control"),
    ):  # fmt: skip
        local_plans.add_member(session, row, sector, institution, "", beto)
    for kind, days, title, people in (
        (ActivityKind.MONITORS, -50, "Convocatoria y formación", 12),
        (ActivityKind.PROJECT, -35, "Seguimiento al programa de útiles escolares", 5),
        (ActivityKind.COMMUNICATION, -12, "Boletín de la instalación de la red", None),
        (ActivityKind.SESSION, -2, "Jornada en la plaza", 64),
    ):
        _activity(scene, row, kind, days, title, people)
    action = programme_milestones.find_action(session, row, 4)
    told = Told(scene.day(-2), "Ya van cuatro jornadas; la última, en la plaza.")
    claim = programme_milestones.claim(session, row, action, told, scene.today, beto)
    programme_notices.claimed(session, claim, row, action)
    owed = [
        one for one in report_bimesters(scene.day(-140), edition.ends_on) if report_due(*one) < scene.today
    ]
    for number, bimester in enumerate(owed):
        report = partial_reports.deliver(
            session, row, bimester, "Se instaló la red y se formó a la gente.", beto
        )
        if number == 0:
            partial_reports.accept(session, report, luz)
        else:
            partial_reports.give_back(session, report, "Falta decir cuántas personas vinieron.", luz)


def _lines(scene: _Scene) -> None:
    session, ana, today = scene.session, scene.team["ana"], scene.today
    bodies = session.scalars(select(Body).where(Body.slug.in_(_STATES)).order_by(Body.id)).all()
    sessions = plan_lines.sessions_of(session, 1)
    said = (
        LineStatus.UNDER_WAY,
        LineStatus.DONE,
        LineStatus.UNDER_WAY,
        LineStatus.NOT_BEGUN,
        LineStatus.STOPPED,
    )
    ours = [one.line for one in plan_lines.followed(session) if one.line.programme.startswith("CVPDCS")]
    for number, line in enumerate(ours[:14]):
        status = said[number % len(said)]
        with clock.standing_at(clock.now() - timedelta(days=20 - number)):
            plan_lines.say(session, line, status, "", ana, sessions[0] if sessions and number < 6 else None)  # noqa: PLR2004 -- some were treated in it
    adopted = [
        one.line for one in plan_lines.followed(session) if one.line.code and one.line.programme == "PROTAI"
    ]
    for number, line in enumerate(adopted[:4]):
        some = [one.id for one in bodies[number : number + 2]]
        plan_lines.set_adopters(session, line, some, _SOURCE, today - timedelta(days=60), ana)
        for sort, text, target, reached in (
            (TaskSort.GOAL, "Talleres en municipios", 10, 3 + number),
            (TaskSort.ACTION, "Acordar el calendario con la universidad", None, None),
        ):
            due_on = scene.day(25) if sort is TaskSort.ACTION else None
            fields = TaskFields(sort, text, some[0], target, reached, due_on)
            plan_lines.save_task(session, line, fields, ana)
    index = next(one.indicator for one in indicators.series(session) if one.indicator.seed_key == "iga")
    for years, value in ((6, "0.58"), (4, "0.60"), (2, "0.59")):
        measured = indicators.ValueFields(today.year - years, value, None, None, f"{_SOURCE}: dato inventado")
        indicators.add_value(session, index, measured, ana)


def _stories(scene: _Scene, edition: Edition) -> None:
    session = scene.session
    body = session.scalars(select(Body).where(Body.slug == _MINE)).one()
    for sort, title, text in (
        (
            StorySort.SUCCESS, "Una solicitud que puso luz en la calle",
            "Vecinas de una colonia preguntaron cuándo tocaba arreglar su alumbrado, y en dos meses hubo luz.",
        ),
        (
            StorySort.PRACTICE, "Jornadas los días de mercado",
            "La jornada va al mercado: se atiende sin cita, y cada quien se va con su solicitud hecha.",
        ),
    ):  # fmt: skip
        fields = stories.StoryFields(sort, body.id, edition.id, title, text)
        stories.save(session, fields, scene.team["beto"])
