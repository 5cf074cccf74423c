"""Who is told of PlanDAI: the liaisons of what falls due, the coordination of what waits for its yes. Each once."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content_calendar import notices
from content_calendar.audience import Audience, Somebody, holders
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.local_plans import MilestoneClaim, PartialReport, ReportStage
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.programme import Action, Edition, Participation
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Scope
from content_calendar.programme_rules import Light, ReportLight
from content_calendar.programme_standing import ReportStanding, StateStanding, standing_of

_ANSWER = 200
_DUE = (Light.SOON, ReportLight.SOON)


def claimed(session: Session, row: MilestoneClaim, participation: Participation, action: Action) -> None:
    """Tell the coordination that a state says it did an action; what fell due of it needs its liaison no more."""
    _over(session, participation, f":{action.position}:")
    happening = _happening(
        session, Code.MILESTONE_CLAIMED, participation, f"claim:{row.ref}", action=action.title
    )
    notices.tell(session, [(happening, _of_coordination(_people(session)))])


def claim_answered(
    session: Session, row: MilestoneClaim, participation: Participation, action: Action, by: Person
) -> None:
    """Close what the coordination was told of a claim; of a no, tell who stands for the body."""
    claim_gone(session, row, by)
    if row.accepted:
        return
    happening = _happening(
        session, Code.MILESTONE_RETURNED, participation, f"answer:{row.ref}",
        action=action.title, answer=row.answer[:_ANSWER],
    )  # fmt: skip
    notices.tell(session, [(happening, _of_body(_people(session), participation.body_id))])


def claim_gone(session: Session, row: MilestoneClaim, by: Person) -> None:
    """Close what the coordination was told of a claim: it waits for nobody any more."""
    _close(session, f"programme:claim:{row.ref}", by)


def delivered(session: Session, row: PartialReport, participation: Participation) -> None:
    """Tell the coordination that a report came in; what was owed of it needs its liaison no more."""
    _over(session, participation, f":report:{row.year}-{row.number}:")
    happening = _happening(
        session, Code.PARTIAL_DELIVERED, participation, f"delivered:{row.ref}:{int(row.delivered_at.timestamp())}",
        year=row.year, number=row.number,
    )  # fmt: skip
    notices.tell(session, [(happening, _of_coordination(_people(session)))])


def report_answered(session: Session, row: PartialReport, participation: Participation, by: Person) -> None:
    """Close what the coordination was told of a report; of a no, tell who stands for the body."""
    _close(session, f"programme:delivered:{row.ref}:", by)
    if row.stage is not ReportStage.RETURNED or not row.answer:
        return
    at = int(row.decided_at.timestamp()) if row.decided_at else 0
    happening = _happening(
        session, Code.PARTIAL_RETURNED, participation, f"report-answer:{row.ref}:{at}",
        year=row.year, number=row.number, answer=row.answer[:_ANSWER],
    )  # fmt: skip
    notices.tell(session, [(happening, _of_body(_people(session), participation.body_id))])


def remind(session: Session, today: date) -> int:
    """Tell each state's liaisons what falls due within 30 days; return how many things that were.

    The same action and day is told once, however often this is asked; another day is another thing to tell.
    """
    editions = session.scalars(
        select(Edition).where(
            Edition.followed_since.is_not(None), or_(Edition.ends_on.is_(None), Edition.ends_on >= today)
        )
    ).all()
    told: list[tuple[Happening, Audience]] = []
    people = _people(session) if editions else []
    for edition in editions:
        standing = standing_of(session, edition, today)
        titles = {one.position: one.title for one in standing.actions}
        for state in standing.states:
            audience = _of_body(people, state.body_id)
            if audience.told:
                told += [(one, audience) for one in _due_of(state, edition, titles)]
    notices.tell(session, told)
    return len(told)


def _due_of(state: StateStanding, edition: Edition, titles: Mapping[int, str]) -> list[Happening]:
    said = {"state": state.name, "edition": edition.name}
    found = [
        Happening(
            f"programme:due:{state.ref}:{position}:{cell.due_on}",
            Code.MILESTONE_DUE.value, Subject.PARTICIPATION, state.ref,
            {**said, "action": titles[position], "due_on": str(cell.due_on)},
        )
        for position, cell in enumerate(state.cells, start=1)
        if cell.light in _DUE and cell.claimed_on is None
    ]  # fmt: skip
    return found + [_report_due(state, one, said) for one in state.reports if one.light in _DUE]


def _report_due(state: StateStanding, one: ReportStanding, said: Mapping[str, object]) -> Happening:
    return Happening(
        f"programme:due:{state.ref}:report:{one.year}-{one.number}:{one.due_on}",
        Code.PARTIAL_DUE.value, Subject.PARTICIPATION, state.ref,
        {**said, "year": str(one.year), "number": one.number, "due_on": str(one.due_on)},
    )  # fmt: skip


def _of_body(people: Collection[Somebody], body_id: int) -> Audience:
    scope = Scope(body_id, None)
    told = frozenset(
        one.id
        for one in people
        if body_id in one.rights.bodies() and one.rights.can(Permission.FOLLOW_PROGRAMME, scope)
    )
    return Audience(told, told)


def _of_coordination(people: Collection[Somebody]) -> Audience:
    told = holders(people, Permission.EDIT_PROGRAMME)
    return Audience(told, told)


def _people(session: Session) -> list[Somebody]:
    return notices.people_to_tell(session, now().date())


def _happening(
    session: Session, code: Code, participation: Participation, key: str, **said: object
) -> Happening:
    names = session.execute(
        select(Body.state_name, Edition.name)
        .join(Participation, Participation.body_id == Body.id)
        .join(Edition, Edition.id == Participation.edition_id)
        .where(Participation.id == participation.id)
    ).one()
    if "year" in said:
        said["year"] = str(said["year"])
    params = {"state": names[0], "edition": names[1], **said}
    return Happening(f"programme:{key}", code.value, Subject.PARTICIPATION, participation.ref, params)


def _over(session: Session, participation: Participation, part: str) -> None:
    rows = session.scalars(
        select(Notice.id).where(
            Notice.over_at.is_(None),
            Notice.subject_ref == participation.ref,
            Notice.happening.startswith(f"programme:due:{participation.ref}{part}", autoescape=True),
        )
    )
    notices.over_ids(session, rows.all())


def _close(session: Session, key: str, by: Person) -> None:
    rows = session.scalars(
        select(Notice.id).where(
            Notice.over_at.is_(None),
            Notice.subject_kind == Subject.PARTICIPATION.value,
            Notice.happening.startswith(key, autoescape=True),
        )
    )
    notices.over_ids(session, rows.all(), by.id)
