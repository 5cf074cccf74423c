"""How an edition of PlanDAI stands on a day: states, actions, reports and goals, as plain values.

It holds no name of a person, no contact and no file: what it tells may be shown to anybody. The pages, the reports
and the public traffic light all read it here, so that they say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from content_calendar.models.directory import Body
from content_calendar.models.local_plans import (
    ActivityKind,
    LocalActivity,
    LocalPlan,
    MilestoneClaim,
    Modality,
    NetworkMember,
    PartialReport,
    Proof,
    ReportStage,
)
from content_calendar.models.programme import Action, Edition, Milestone, Participation
from content_calendar.programme_facts import (
    ActionFacts,
    Cell,
    EditionFacts,
    Figure,
    ReportStanding,
    Standing,
    StateStanding,
)
from content_calendar.programme_goals import measured
from content_calendar.programme_rules import (
    Light,
    due_of,
    is_known,
    last_day_of_plan,
    light,
    report_bimesters,
    report_due,
    report_light,
)

__all__ = [
    "ActionFacts",
    "Cell",
    "EditionFacts",
    "Figure",
    "ReportStanding",
    "Standing",
    "StateStanding",
    "figures_by_edition",
    "plan_end",
    "standing_of",
]


@dataclass(frozen=True)
class _Rows:
    """What of an edition is stored, by participation."""

    milestones: Mapping[tuple[int, int], Milestone]
    claims: Mapping[tuple[int, int], date | None]
    plans: Mapping[int, LocalPlan]
    members: Mapping[int, int]
    figures: Mapping[int, Mapping[ActivityKind, Figure]]
    reports: Mapping[int, Mapping[tuple[int, int], PartialReport]]
    proofs: Mapping[tuple[int, int], int]


def standing_of(session: Session, edition: Edition, today: date) -> Standing:
    """Return how an edition stands on that day; as many queries however many states take part."""
    actions = tuple(_action_facts(session, edition))
    part = session.execute(
        select(Participation, Body)
        .join(Body, Body.id == Participation.body_id)
        .where(Participation.edition_id == edition.id)
        .order_by(Body.state_name, Body.slug)
    ).all()
    rows = _rows(session, edition)
    states = tuple(_state(edition, actions, one, body, rows, today) for one, body in part if one.takes_part)
    lights = [cell.light for state in states for cell in state.cells]
    return Standing(
        edition=EditionFacts(
            edition.slug, edition.name, edition.starts_on, edition.ends_on, edition.followed_since,
            edition.source, edition.note,
        ),
        today=today,
        actions=actions,
        states=states,
        absent=tuple(body.state_name for one, body in part if not one.takes_part),
        counts={each: lights.count(each) for each in Light},
        goals=measured(states),
    )  # fmt: skip


def _action_facts(session: Session, edition: Edition) -> Sequence[ActionFacts]:
    rows = session.scalars(select(Action).where(Action.edition_id == edition.id).order_by(Action.position))
    return [
        ActionFacts(
            row.position,
            row.stage,
            row.stage_title,
            row.title,
            row.timing,
            row.starts_on,
            row.due_on,
            row.responsible,
        )
        for row in rows
    ]


def _rows(session: Session, edition: Edition) -> _Rows:
    mine = select(Participation.id).where(Participation.edition_id == edition.id)
    positions = dict(
        session.execute(select(Action.id, Action.position).where(Action.edition_id == edition.id)).all()
    )
    milestones = session.scalars(select(Milestone).where(Milestone.participation_id.in_(mine)))
    claims = session.scalars(
        select(MilestoneClaim)
        .where(MilestoneClaim.participation_id.in_(mine), MilestoneClaim.accepted.is_(None))
        .order_by(MilestoneClaim.id)
    )
    members = session.execute(
        select(NetworkMember.participation_id, func.count())
        .where(NetworkMember.participation_id.in_(mine), NetworkMember.left_at.is_(None))
        .group_by(NetworkMember.participation_id)
    )
    proofs = session.execute(
        select(Proof.participation_id, Proof.position, func.count())
        .where(Proof.participation_id.in_(mine), Proof.position.is_not(None), Proof.removed_at.is_(None))
        .group_by(Proof.participation_id, Proof.position)
    )
    reports: dict[int, dict[tuple[int, int], PartialReport]] = {}
    for report in session.scalars(select(PartialReport).where(PartialReport.participation_id.in_(mine))):
        reports.setdefault(report.participation_id, {})[report.year, report.number] = report
    plans = session.scalars(select(LocalPlan).where(LocalPlan.participation_id.in_(mine)))
    return _Rows(
        milestones={(row.participation_id, positions[row.action_id]): row for row in milestones},
        claims={(row.participation_id, positions[row.action_id]): row.done_on for row in claims},
        plans={row.participation_id: row for row in plans},
        members=dict(members.all()),
        figures=_figures(session, edition),
        reports=reports,
        proofs={
            (participation_id, position): count
            for participation_id, position, count in proofs
            if participation_id is not None and position is not None
        },
    )


def _figures(session: Session, edition: Edition) -> Mapping[int, Mapping[ActivityKind, Figure]]:
    return _counted(session, LocalActivity.participation_id, edition.id)


def figures_by_edition(session: Session) -> Mapping[int, Mapping[ActivityKind, Figure]]:
    """Return what each edition's states did in all, by the edition's id and the kind; one query."""
    return _counted(session, Participation.edition_id, None)


def _counted(
    session: Session, by: InstrumentedAttribute[int], edition_id: int | None
) -> Mapping[int, Mapping[ActivityKind, Figure]]:
    proved = (
        select(Proof.activity_id)
        .where(Proof.activity_id.is_not(None), Proof.removed_at.is_(None))
        .distinct()
        .subquery()
    )
    asked = (
        select(
            by,
            LocalActivity.kind,
            func.count(),
            func.sum(LocalActivity.people),
            func.count(LocalActivity.people),
            func.count(proved.c.activity_id),
            func.sum(LocalActivity.women),
            func.sum(LocalActivity.men),
        )
        .join(Participation, Participation.id == LocalActivity.participation_id)
        .outerjoin(proved, proved.c.activity_id == LocalActivity.id)
        .where(LocalActivity.removed_at.is_(None), Participation.takes_part.is_(True))
        .group_by(by, LocalActivity.kind)
    )
    if edition_id is not None:
        asked = asked.where(Participation.edition_id == edition_id)
    found: dict[int, dict[ActivityKind, Figure]] = {}
    for key, kind, times, people, counted, shown, women, men in session.execute(asked):
        # A sum is a decimal on one of the databases.
        total, of_women, of_men = (None if one is None else int(one) for one in (people, women, men))
        found.setdefault(key, {})[kind] = Figure(times, total, counted, shown, of_women, of_men)
    return found


def _state(
    edition: Edition, actions: Sequence[ActionFacts], row: Participation, body: Body, rows: _Rows, today: date
) -> StateStanding:
    plan = rows.plans.get(row.id)
    starts_on = plan.starts_on if plan else None
    return StateStanding(
        ref=row.ref,
        body_id=body.id,
        region_id=body.region_id,
        slug=body.slug,
        short_name=body.short_name,
        state_iso=body.state_iso,
        name=body.state_name,
        source=row.source,
        confidence=row.confidence,
        modality=plan.modality if plan else Modality.GENERAL,
        plan_starts_on=starts_on,
        plan_ends_on=plan_end(plan),
        plan_link=plan.link if plan else "",
        has_liaison=bool(plan and plan.liaison_name),
        members=rows.members.get(row.id, 0),
        cells=tuple(_cell(edition, action, row.id, plan, rows, today) for action in actions),
        figures=rows.figures.get(row.id, {}),
        reports=_reports(edition, plan, rows.reports.get(row.id, {}), today),
    )


def plan_end(plan: LocalPlan | None) -> date | None:
    """Return the last day of a local plan: its own, or that of its twelfth month; None without a first day."""
    if plan is None or plan.starts_on is None:
        return None
    return plan.ends_on or last_day_of_plan(plan.starts_on)


def _cell(
    edition: Edition, action: ActionFacts, row_id: int, plan: LocalPlan | None, rows: _Rows, today: date
) -> Cell:
    key = row_id, action.position
    milestone = rows.milestones.get(key)
    own = milestone.due_on if milestone else None
    permanent = _is_permanent(action)
    due_on = due_of(
        action.position, own, action.due_on, plan.starts_on if plan else None,
        (plan_end(plan) or edition.ends_on) if permanent else None,
    )  # fmt: skip
    done_on = milestone.done_on if milestone else None
    # A row that says nothing any more tells nothing: what it said was taken back.
    said = milestone is not None and (milestone.done_on or milestone.due_on or milestone.note)
    told = bool(said) or key in rows.claims
    known = is_known(due_on, edition.followed_since, told=told)
    return Cell(
        light(due_on, done_on, today, known=known), due_on, done_on, rows.claims.get(key), own,
        milestone.note if milestone else "", rows.proofs.get(key, 0),
    )  # fmt: skip


def _is_permanent(action: ActionFacts) -> bool:
    return action.timing.strip().casefold() == "permanente"


def _reports(
    edition: Edition, plan: LocalPlan | None, handed_in: Mapping[tuple[int, int], PartialReport], today: date
) -> tuple[ReportStanding, ...]:
    own = plan is not None and plan.starts_on is not None
    begins = plan.starts_on if plan is not None and own else edition.starts_on
    ends = plan_end(plan) if own else edition.ends_on
    owed = sorted({*report_bimesters(begins, ends), *handed_in})
    return tuple(_report(edition, one, handed_in.get(one), today, own=own) for one in owed)


def _report(
    edition: Edition, bimester: tuple[int, int], row: PartialReport | None, today: date, *, own: bool
) -> ReportStanding:
    due_on = report_due(*bimester)
    known = is_known(due_on, edition.followed_since, told=own)
    # What was withdrawn before anybody answered is owed as if it had never come.
    withdrawn = row is not None and row.stage is ReportStage.RETURNED and not row.answer
    stage = row.stage.value if row and not withdrawn else None
    told = report_light(due_on, stage, today, known=known)
    if row is None:
        return ReportStanding(*bimester, due_on, told)
    return ReportStanding(*bimester, due_on, told, row.ref, row.delivered_at, row.decided_at, row.answer)
