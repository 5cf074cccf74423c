"""PlanDAI: how an edition stands, and what people say of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import (
    local_plans,
    partial_reports,
    programme,
    programme_milestones,
    programme_notices,
    proofs,
)
from content_calendar.local_plans import ActivityFields, PlanFields
from content_calendar.models.directory import Body, Confidence
from content_calendar.models.local_plans import (
    ActivityKind,
    CustodyAct,
    LocalActivity,
    MilestoneClaim,
    Modality,
    ProofSort,
    ReportStage,
    Sector,
)
from content_calendar.models.notices import Notice
from content_calendar.models.people import AuditEvent, Membership, Person
from content_calendar.models.programme import Edition, Milestone, Participation
from content_calendar.permissions import Role
from content_calendar.programme import EditionDays, EditionNotFoundError, ParticipationNotFoundError
from content_calendar.programme_goals import GoalKey
from content_calendar.programme_milestones import Told
from content_calendar.programme_rules import Light, ReportLight
from content_calendar.programme_standing import StateStanding, figures_by_edition, standing_of
from content_calendar.proofs import About, FileFacts, ProofFields
from content_calendar.seeds import plant
from tests.conftest import CountQueries
from tests.content_calendar.makers import make_person

TODAY = date(2026, 3, 2)
MOST_QUERIES = 10
# Where the two databases answer alike, one is asked.
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def planted(session: Session, slug: str = "plandai-2024") -> Edition:
    plant(session, TODAY)
    return programme.find_edition(session, slug)


def first(session: Session, edition: Edition, number: int = 0) -> Participation:
    return programme.find_participation(session, standing_of(session, edition, TODAY).states[number].ref)


def state(session: Session, edition: Edition, row: Participation, today: date = TODAY) -> StateStanding:
    return next(one for one in standing_of(session, edition, today).states if one.ref == row.ref)


def done(session: Session, row: Participation, position: int, by: Person, on: date = TODAY) -> None:
    action = programme_milestones.find_action(session, row, position)
    programme_milestones.record(session, row, action, Told(on), TODAY, by)


def did(
    session: Session, row: Participation, kind: ActivityKind, by: Person, people: int | None = None
) -> LocalActivity:
    return local_plans.add_activity(session, row, ActivityFields(kind, TODAY, "algo", people), TODAY, by)


def a_file(name: str = "lista.pdf") -> FileFacts:
    return FileFacts("abc", "d" * 64, "o" * 64, "application/pdf", 9, name)


@ON_ONE
def test_the_edition_of_2024_shows_29_states_by_seven_actions_without_data(
    session: Session, count_queries: CountQueries
) -> None:
    edition = planted(session)
    with count_queries() as queries:
        found = standing_of(session, edition, TODAY)
    assert len(queries) <= MOST_QUERIES
    assert len(found.states) == 29
    assert {len(one.cells) for one in found.states} == {7}
    assert found.counts[Light.NO_DATA] == 29 * 7
    assert set(found.absent) == {"Baja California Sur", "Sonora", "Zacatecas"}
    assert {one.confidence for one in found.states} == {Confidence.UNCONFIRMED}
    assert {action.stage for action in found.actions} == {1, 2, 3}


@ON_ONE
def test_an_edition_whose_participants_no_source_names_has_no_states(session: Session) -> None:
    found = standing_of(session, planted(session, "plandai-2021-2022"), TODAY)
    assert (found.states, found.absent, len(found.actions)) == ((), (), 7)
    assert [goal.percent for goal in found.goals] == [None] * len(GoalKey)
    with pytest.raises(EditionNotFoundError):
        programme.find_edition(session, "plandai-1999")


@ON_ONE
def test_what_a_state_says_waits_until_the_coordination_confirms_it(session: Session) -> None:
    edition, ana, luz = planted(session), make_person(session), make_person(session, "Luz")
    row = first(session, edition)
    action = programme_milestones.find_action(session, row, 1)
    said = programme_milestones.claim(session, row, action, Told(TODAY, " acta "), TODAY, ana)
    cell = state(session, edition, row).cells[0]
    assert (cell.light, cell.claimed_on, cell.done_on) == (Light.NO_DATA, TODAY, None)
    programme_milestones.accept(session, said, luz)
    cell = state(session, edition, row).cells[0]
    assert (cell.light, cell.claimed_on, cell.done_on, cell.note) == (Light.DONE, None, TODAY, "acta")
    with pytest.raises(programme_milestones.ClaimDecidedError):
        programme_milestones.give_back(session, said, "no", luz)


@ON_ONE
def test_a_claim_is_returned_with_a_reason_and_said_again(session: Session) -> None:
    edition, ana = planted(session), make_person(session)
    row = first(session, edition)
    action = programme_milestones.find_action(session, row, 1)
    with pytest.raises(programme_milestones.DoneDayMissingError):
        programme_milestones.claim(session, row, action, Told(None), TODAY, ana)
    said = programme_milestones.claim(session, row, action, Told(TODAY), TODAY, ana)
    with pytest.raises(programme_milestones.AnswerMissingError):
        programme_milestones.give_back(session, said, " ", ana)
    programme_milestones.give_back(session, said, "falta el acta", ana)
    assert state(session, edition, row).cells[0].claimed_on is None
    programme_milestones.claim(session, row, action, Told(TODAY), TODAY, ana)
    programme_milestones.claim(session, row, action, Told(TODAY - timedelta(days=1)), TODAY, ana)
    assert state(session, edition, row).cells[0].claimed_on == TODAY - timedelta(days=1)
    assert len(programme_milestones.history(session, row)) == 3


def test_what_the_coordination_records_counts_and_is_undone(session: Session) -> None:
    edition, luz = planted(session), make_person(session, "Luz")
    row = first(session, edition)
    action = programme_milestones.find_action(session, row, 1)
    done(session, row, 1, luz, TODAY - timedelta(days=9))
    again = programme_milestones.record(session, row, action, Told(TODAY), TODAY, luz)
    assert session.scalars(select(Milestone.done_on)).all() == [TODAY]
    with pytest.raises(programme_milestones.ClaimDecidedError):
        programme_milestones.take_back(session, again, make_person(session))
    programme_milestones.take_back(session, again, luz)
    assert session.scalars(select(Milestone.done_on)).all() == [TODAY - timedelta(days=9)]
    with pytest.raises(programme_milestones.DoneInFutureError):
        programme_milestones.record(session, row, action, Told(TODAY + timedelta(days=1)), TODAY, luz)
    with pytest.raises(programme.ActionNotFoundError):
        programme_milestones.find_action(session, row, 8)


@ON_ONE
def test_dates_that_the_coordination_sets_light_every_state_from_then_on(session: Session) -> None:
    edition, luz = planted(session), make_person(session, "Luz")
    days = {1: TODAY, 2: TODAY + timedelta(days=31), 3: TODAY - timedelta(days=1), 4: None, 7: None}
    programme.set_days(
        session, edition, EditionDays(TODAY - timedelta(days=40), TODAY + timedelta(days=90), days), TODAY,
        actor_ref=luz.ref,
    )  # fmt: skip
    lights = [cell.light for cell in state(session, edition, first(session, edition)).cells]
    # What was due before anybody followed it here has no data; what is permanent has not been dated by this source.
    assert lights[:3] == [Light.SOON, Light.PLANNED, Light.NO_DATA]
    later = standing_of(session, edition, TODAY + timedelta(days=1))
    assert {one.cells[0].light for one in later.states} == {Light.OVERDUE}
    with pytest.raises(programme.EditionDaysError):
        programme.set_days(
            session, edition, EditionDays(TODAY, TODAY - timedelta(days=1), {}), TODAY, actor_ref=""
        )


@ON_ONE
def test_the_edition_s_own_day_holds_for_a_state_that_set_no_other(session: Session) -> None:
    edition, luz = planted(session, "plandai-2021-2022"), make_person(session, "Luz")
    body = session.scalars(select(Body).where(Body.slug == "itei")).one()
    row = programme.set_participation(session, edition, body, takes_part=True, source="", actor_ref="p")
    assert row.confidence is Confidence.UNCONFIRMED
    action = programme_milestones.find_action(session, row, 7)
    programme_milestones.record(session, row, action, Told(None, "por hacer"), TODAY, luz)
    cells = state(session, edition, row).cells
    assert (cells[6].light, cells[6].due_on) == (Light.OVERDUE, date(2022, 4, 30))
    assert (cells[0].light, cells[0].due_on) == (Light.NO_DATA, date(2021, 6, 30))
    assert cells[4].due_on == edition.ends_on
    programme_milestones.set_due(session, row, action, TODAY, luz)
    assert state(session, edition, row).cells[6].light is Light.SOON


@ON_ONE
def test_a_local_plan_lasts_twelve_months_and_its_final_report_is_due_within_them(session: Session) -> None:
    edition, ana = planted(session), make_person(session)
    row = first(session, edition)
    with pytest.raises(local_plans.PlanStartMissingError):
        local_plans.save_plan(session, row, PlanFields(ends_on=TODAY), ana)
    with pytest.raises(local_plans.PlanTooLongError):
        local_plans.save_plan(session, row, PlanFields(starts_on=TODAY, ends_on=date(2027, 3, 2)), ana)
    with pytest.raises(local_plans.LocalLinkError):
        local_plans.save_plan(session, row, PlanFields(link="javascript:alert(1)"), ana)
    local_plans.save_plan(session, row, PlanFields(starts_on=TODAY, link="https://a.mx/plan"), ana)
    assert state(session, edition, row).final_report_due_on == date(2027, 3, 1)
    action = programme_milestones.find_action(session, row, 7)
    with pytest.raises(programme_milestones.FinalReportLateError):
        programme_milestones.set_due(session, row, action, date(2027, 3, 2), ana)
    reports = state(session, edition, row).reports
    assert [(one.year, one.number) for one in reports] == [(2026, n) for n in range(2, 7)] + [
        (2027, 1),
        (2027, 2),
    ]


def test_a_state_that_does_not_take_part_has_no_page_and_comes_back_with_what_it_had(
    session: Session,
) -> None:
    edition, luz = planted(session), make_person(session, "Luz")
    row = first(session, edition)
    done(session, row, 1, luz)
    everybody = set(session.scalars(select(Participation.body_id).where(Participation.takes_part.is_(True))))
    assert (
        programme.set_participants(session, edition, everybody - {row.body_id}, "oficio 3", actor_ref="p")
        == 1
    )
    assert (row.takes_part, row.source, row.confidence) == (False, "oficio 3", Confidence.HIGH)
    with pytest.raises(ParticipationNotFoundError):
        programme.find_participation(session, row.ref)
    programme.set_participants(session, edition, everybody, "", actor_ref="p")
    assert state(session, edition, row).cells[0].light is Light.DONE


def test_the_goals_are_what_the_raw_rows_come_to(session: Session, count_queries: CountQueries) -> None:
    edition, luz = planted(session), make_person(session, "Luz")
    rows = [first(session, edition, number) for number in range(4)]
    for number, row in enumerate(rows):
        done(session, row, 1, luz)
        if number:
            done(session, row, 2, luz)
            local_plans.save_plan(
                session, row,
                PlanFields(Modality.OVERSIGHT if number == 3 else Modality.GENERAL, link="https://a.mx/p"), luz,
            )  # fmt: skip
            did(session, row, ActivityKind.TRAINING, luz, 4 + number)
            did(session, row, ActivityKind.TRAINING, luz, 4)
            for _ in range(number + 1):
                made = did(session, row, ActivityKind.SESSION, luz)
                about = About(row.id, 4, activity_id=made.id)
                proofs.add(session, about, ProofFields(ProofSort.PHOTO, file=a_file()), TODAY, luz)
    gone = did(session, rows[3], ActivityKind.TRAINING, luz, 500)
    local_plans.remove_activity(session, gone, luz)
    did(session, rows[2], ActivityKind.SESSION, luz)
    did(session, rows[0], ActivityKind.COMMUNICATION, luz)
    with count_queries() as queries:
        found = standing_of(session, edition, TODAY)
    assert len(queries) <= MOST_QUERIES
    goals = {one.key: (one.met, one.of) for one in found.goals}
    people = {
        row.id: sum(
            one.people or 0
            for one in session.scalars(select(LocalActivity).where(LocalActivity.participation_id == row.id))
            if one.kind is ActivityKind.TRAINING and one.removed_at is None
        )
        for row in rows
    }
    assert sorted(people.values()) == [0, 9, 10, 11]
    assert goals == {
        GoalKey.NETWORKS: (4, 29),
        GoalKey.PLANS: (3, 4),
        GoalKey.FACILITATORS: (sum(one >= 10 for one in people.values()), 3),
        GoalKey.SESSIONS: (2, 3),
        GoalKey.DOCUMENTED: (2, 3),
        GoalKey.COMMUNICATED: (1, 29),
        GoalKey.FINAL_REPORT: (0, 29),
        GoalKey.REPORTS: (0, 0),
        GoalKey.MONITORS: (0, 1),
        GoalKey.PROJECTS: (0, 1),
    }
    assert figures_by_edition(session)[edition.id][ActivityKind.TRAINING].people == sum(people.values())
    assert next(one for one in found.goals if one.key is GoalKey.FACILITATORS).percent == 66


@ON_ONE
def test_a_partial_report_is_owed_handed_in_returned_and_accepted(session: Session) -> None:
    edition, ana, luz = planted(session), make_person(session), make_person(session, "Luz")
    row = first(session, edition)
    local_plans.save_plan(session, row, PlanFields(starts_on=date(2025, 9, 1)), ana)

    def told() -> list[ReportLight]:
        return [one.light for one in state(session, edition, row).reports]

    assert told()[:4] == [ReportLight.OVERDUE, ReportLight.OVERDUE, ReportLight.SOON, ReportLight.PLANNED]
    report = partial_reports.deliver(session, row, (2025, 5), "Se instaló la red.", ana)
    assert told()[0] is ReportLight.DELIVERED
    with pytest.raises(partial_reports.ReportAnswerMissingError):
        partial_reports.give_back(session, report, "", luz)
    partial_reports.give_back(session, report, "faltan números", luz)
    assert (told()[0], state(session, edition, row).reports_delivered) == (ReportLight.RETURNED, 0)
    partial_reports.deliver(session, row, (2025, 5), "Con números.", ana)
    partial_reports.accept(session, report, luz)
    assert (told()[0], report.stage, report.summary) == (
        ReportLight.ACCEPTED,
        ReportStage.ACCEPTED,
        "Con números.",
    )
    with pytest.raises(partial_reports.ReportDecidedError):
        partial_reports.deliver(session, row, (2025, 5), "otra vez", ana)
    found = state(session, edition, row)
    assert (found.reports_due, found.reports_delivered) == (2, 1)


@ON_ONE
def test_a_proof_tells_who_brought_it_and_everything_that_happened_to_it(session: Session) -> None:
    edition, ana = planted(session), make_person(session)
    row = first(session, edition)
    with pytest.raises(proofs.ProofMissingError):
        proofs.add(session, About(row.id, 1), ProofFields(ProofSort.PHOTO), TODAY, ana)
    fields = ProofFields(ProofSort.ATTENDANCE, link="https://a.mx/lista")
    with pytest.raises(proofs.ProofSortError):
        proofs.add(session, About(row.id, 1), fields, TODAY, ana)
    photo = proofs.add(
        session, About(row.id, 1), ProofFields(ProofSort.PHOTO, file=a_file("foto.png")), TODAY, ana
    )
    sheet = proofs.add(
        session, About(row.id, 1), ProofFields(ProofSort.ATTENDANCE, file=a_file()), TODAY, ana
    )
    assert (photo.erase_on, sheet.erase_on) == (None, date(2028, 3, 2))
    proofs.note(session, sheet, CustodyAct.OPENED, ana)
    proofs.remove(session, sheet, ana)
    assert state(session, edition, row).cells[0].proofs == 1
    proofs.remove(session, sheet, ana, removed=False)
    assert proofs.due_to_erase(session, date(2028, 3, 1)) == []
    assert proofs.due_to_erase(session, date(2028, 3, 2)) == [sheet]
    proofs.erased(session, sheet)
    assert (sheet.file_ref, sheet.filename, sheet.digest) == ("", "", "d" * 64)
    acts = [one.act for one in proofs.custody(session, sheet)]
    assert acts == [
        CustodyAct.RECEIVED, CustodyAct.OPENED, CustodyAct.REMOVED, CustodyAct.RESTORED, CustodyAct.ERASED,
    ]  # fmt: skip


@ON_ONE
def test_who_leaves_the_network_counts_no_more(session: Session) -> None:
    edition, ana = planted(session), make_person(session)
    row = first(session, edition)
    member = local_plans.add_member(session, row, Sector.UNIVERSITY, "UANL", "Eva", ana)
    assert state(session, edition, row).members == 1
    local_plans.member_left(session, row, member.ref, ana)
    assert state(session, edition, row).members == 0
    other = first(session, edition, 1)
    with pytest.raises(local_plans.MemberNotFoundError):
        local_plans.member_left(session, other, member.ref, ana)
    assert "Eva" not in str(session.scalars(select(AuditEvent.details)).all())


def test_what_falls_due_is_told_once_to_who_stands_for_the_body(session: Session) -> None:
    edition, luz = planted(session), make_person(session, "Luz")
    row = first(session, edition)
    beto = make_person(session, "Beto")
    session.add(
        Membership(person_id=beto.id, role=Role.LIAISON, body_id=row.body_id, valid_from=date(2020, 1, 1))
    )
    session.add(Membership(person_id=luz.id, role=Role.COORDINATOR, valid_from=date(2020, 1, 1)))
    session.flush()
    days = EditionDays(
        TODAY, TODAY + timedelta(days=200), {1: TODAY + timedelta(days=30), 2: TODAY + timedelta(days=31)}
    )
    programme.set_days(session, edition, days, TODAY, actor_ref=luz.ref)

    def told(person: Person) -> list[str]:
        asked = select(Notice.code).where(Notice.person_id == person.id, Notice.over_at.is_(None))
        return list(session.scalars(asked.order_by(Notice.id)))

    for _ in range(2):
        programme_notices.remind(session, TODAY)
    assert (told(beto), told(luz)) == (["milestone_due"], [])
    programme_notices.remind(session, TODAY + timedelta(days=1))
    assert told(beto) == ["milestone_due", "milestone_due"]
    action = programme_milestones.find_action(session, row, 1)
    said = programme_milestones.claim(session, row, action, Told(TODAY), TODAY, beto)
    programme_notices.claimed(session, said, row, action)
    assert (told(beto), told(luz)) == (["milestone_due"], ["milestone_claimed"])
    programme_milestones.give_back(session, said, "falta el acta", luz)
    programme_notices.claim_answered(session, said, row, action, luz)
    assert (told(beto), told(luz)) == (["milestone_due", "milestone_returned"], [])


@ON_ONE
def test_a_new_edition_takes_the_actions_and_no_days(session: Session) -> None:
    like = planted(session, "plandai-2021-2022")
    made = programme.open_edition(session, "PlanDAI 2027", like, actor_ref="p")
    rows = programme.actions_of(session, made)
    assert [(row.position, row.due_on) for row in rows] == [(n, None) for n in range(1, 8)]
    assert [row.timing for row in rows if row.timing] == ["Permanente", "Permanente"]
    with pytest.raises(programme.EditionTakenError):
        programme.open_edition(session, "plandai 2027", like, actor_ref="p")
    with pytest.raises(programme.EditionNameError):
        programme.open_edition(session, "  ", like, actor_ref="p")
    assert session.scalars(select(MilestoneClaim)).all() == []
