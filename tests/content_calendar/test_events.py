"""Events: what is refused, what is owed, how each is closed, and how far the plan's goals are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import event_chasing, event_closing, event_goals, events, planning
from content_calendar.calendar_facts import calendar_facts
from content_calendar.clock import now, standing_at
from content_calendar.errors import ResuenaError
from content_calendar.event_closing import Closing, Evidence
from content_calendar.event_goals import Counted, Progress
from content_calendar.events import Deadline, EventFields, Standing
from content_calendar.models.audiences import Audience
from content_calendar.models.events import Event, EventKind, EvidenceKind, Goal, Measure
from content_calendar.models.notices import Notice
from content_calendar.models.people import AuditEvent, Membership, Person
from content_calendar.permissions import Role
from content_calendar.seeds import plant
from tests.conftest import CountQueries
from tests.content_calendar.conftest import make_plan
from tests.content_calendar.makers import make_body, make_person, make_theme

ZONE = "America/Tijuana"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def at(local: str) -> datetime:
    """A wall time."""
    return datetime.fromisoformat(local)


FORUM = EventFields(EventKind.FORUM, "Gobierno abierto", at("2026-03-10T17"), at("2026-03-10T19"), ZONE)
SEEN = Evidence(EvidenceKind.LINK, "https://sitio.mx/fotos")


def _made(session: Session, person: Person, **changed: object) -> Event:
    return events.make(session, person, replace(FORUM, **changed))  # type: ignore[arg-type] # a test's own fields


@on_sqlite
def test_an_event_keeps_what_was_meant_and_its_moment(session: Session) -> None:
    event = _made(session, make_person(session), audiences=[Audience.MEDIA, Audience.CITIZENS])
    assert (event.starts_on, event.starts_local, event.zone) == (
        date(2026, 3, 10),
        "2026-03-10T17:00:00",
        ZONE,
    )
    assert event.starts_at == datetime(2026, 3, 11, 0, tzinfo=UTC)
    assert events.audiences_of(session, event) == [Audience.CITIZENS, Audience.MEDIA]


@on_sqlite
def test_an_event_of_whole_days_is_over_after_its_last(session: Session) -> None:
    event = _made(session, make_person(session), all_day=True, ends=at("2026-03-12T00"))
    assert (event.ends_on, event.ends_at) == (date(2026, 3, 12), datetime(2026, 3, 13, 7, tzinfo=UTC))
    assert events.standing(event, event.ends_at - timedelta(seconds=1)) is Standing.ON
    assert events.standing(event, event.ends_at) is Standing.OWED


@on_sqlite
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": "  "}, "event_title_missing"),
        ({"title": "x" * 201}, "event_too_long"),
        ({"ends": FORUM.starts}, "event_days"),
        ({"ends": at("2028-01-01T00")}, "event_days"),
        ({"starts": at("9999-12-31T00"), "ends": at("9999-12-31T01")}, "event_days"),
        ({"link": "javascript:alert(1)"}, "event_link"),
        ({"link": "https://"}, "event_link"),
        ({"link": "https://[::1"}, "event_link"),
        ({"deadlines": [Deadline(" ", date(2026, 3, 1))]}, "event_deadline_incomplete"),
        ({"zone": "Mars/Base"}, "unknown_zone"),
    ],
)
def test_what_cannot_be_an_event_is_refused(session: Session, changed: dict[str, object], code: str) -> None:
    with pytest.raises(ResuenaError) as refused:
        _made(session, make_person(session), **changed)
    assert refused.value.code == code


def test_a_save_over_somebody_elses_save_is_refused(session: Session) -> None:
    person = make_person(session)
    event = _made(session, person)
    events.edit(session, event, person, replace(FORUM, title="Otro"), 0)
    with pytest.raises(events.EventEditedMeanwhileError):
        events.edit(session, event, person, FORUM, 0)
    assert event.title == "Otro"


@on_sqlite
def test_a_further_date_that_is_edited_stays_the_same_one(session: Session) -> None:
    person = make_person(session)
    event = _made(
        session, person, deadlines=[Deadline("Cierre", date(2026, 4, 1)), Deadline("Fallo", date(2026, 5, 1))]
    )
    first = event.deadlines[0].ref
    events.edit(
        session, event, person, replace(FORUM, deadlines=[Deadline("Cierre", date(2026, 4, 8), first)]), 0
    )
    assert [(one.ref, one.due_on) for one in event.deadlines] == [(first, date(2026, 4, 8))]


@on_sqlite
def test_a_cancelled_event_takes_nothing_until_it_is_brought_back(session: Session) -> None:
    person = make_person(session)
    event = _made(session, person)
    with pytest.raises(events.CancelReasonMissingError):
        events.cancel(session, event, person, " ")
    events.cancel(session, event, person, "Se inundó la sala")
    assert events.standing(event, now()) is Standing.CANCELLED
    with pytest.raises(events.EventCancelledError):
        events.edit(session, event, person, FORUM, event.edition)
    with pytest.raises(events.EventCancelledError):
        event_closing.close(session, event, person, Closing(attendance=1, rating=3, evidence=[SEEN]))
    events.restore(session, event, person)
    events.edit(session, event, person, FORUM, event.edition)
    acts = set(session.scalars(select(AuditEvent.act).where(AuditEvent.subject_ref == event.ref)))
    assert acts >= {"event_made", "event_cancelled", "event_restored", "event_edited"}


def test_what_is_over_is_owed_until_it_is_closed(session: Session) -> None:
    person = make_person(session)
    over, ahead, off = (_made(session, person, starts=begins, ends=begins + timedelta(hours=1)) for begins in (
        at("2026-03-01T10"), at("2026-03-20T10"), at("2026-03-02T10")
    ))  # fmt: skip
    events.cancel(session, off, person, "No")
    then = datetime(2026, 3, 10, tzinfo=UTC)
    assert [one.ref for one in events.owed(session, then, 9)] == [over.ref]
    assert events.owed_count(session, then) == 1
    event_closing.close(session, over, person, Closing(women=3, men=2, rating=4, evidence=[SEEN]))
    assert (events.owed_count(session, then), over.attendance, over.closed_by_id) == (0, 5, person.id)
    with pytest.raises(events.EventClosedError):
        events.cancel(session, over, person, "Tarde")
    event_closing.reopen(session, over, person)
    assert events.owed_count(session, then) == 1
    assert ahead.closed_at is None


@on_sqlite
@pytest.mark.parametrize(
    ("closing", "code"),
    [
        (Closing(rating=3, evidence=[SEEN]), "event_attendance_missing"),
        (Closing(attendance=-1, rating=3, evidence=[SEEN]), "event_attendance_invalid"),
        (Closing(attendance=4, women=3, men=2, rating=3, evidence=[SEEN]), "event_attendance_mismatch"),
        (Closing(attendance=4, evidence=[SEEN]), "event_rating_missing"),
        (Closing(attendance=4, rating=6, evidence=[SEEN]), "event_rating_missing"),
        (Closing(attendance=4, rating=3), "event_evidence_missing"),
    ],
)
def test_a_closing_that_lacks_something_is_refused(session: Session, closing: Closing, code: str) -> None:
    person = make_person(session)
    event = _made(session, person)
    with standing_at(event.ends_at), pytest.raises(ResuenaError) as refused:
        event_closing.close(session, event, person, closing)
    assert refused.value.code == code


@on_sqlite
def test_an_event_to_come_is_not_closed_and_nobody_counts_heads_on_the_air(session: Session) -> None:
    person = make_person(session)
    event = _made(session, person, kind=EventKind.BROADCAST)
    closing = Closing(rating=5, evidence=[SEEN])
    with standing_at(event.starts_at - timedelta(hours=1)), pytest.raises(event_closing.EventNotBegunError):
        event_closing.close(session, event, person, closing)
    with standing_at(event.ends_at):
        event_closing.close(session, event, person, closing)
    assert event.attendance is None


def _goal(**changed: object) -> Goal:
    return Goal(
        **{"title": "Gira", "kind": EventKind.TOUR_STOP, "measure": Measure.BODIES, "target": 10, **changed}
    )


def _stop(body_id: int | None, *, closed: bool = False, day: date = date(2026, 2, 1)) -> Counted:
    return Counted(EventKind.TOUR_STOP, day, body_id, closed)


def test_a_tour_counts_bodies_and_not_stops() -> None:
    stops = [
        _stop(1, closed=True),
        _stop(1, closed=True),
        _stop(1),
        _stop(2),
        _stop(2),
        _stop(3),
        _stop(None),
    ]
    assert event_goals.progress(_goal(), stops) == Progress(1, 2, 7, 1)
    assert event_goals.progress(_goal(measure=Measure.EVENTS), stops) == Progress(2, 5, 3)


def test_a_goal_counts_its_kind_within_its_days_and_nothing_is_missing_of_no_number() -> None:
    stops = [
        _stop(1, closed=True),
        _stop(2, day=date(2027, 1, 1)),
        Counted(EventKind.FORUM, date(2026, 2, 1), 3, closed=True),
    ]
    assert event_goals.progress(_goal(ends_on=date(2026, 12, 31)), stops) == Progress(1, 0, 9)
    assert event_goals.progress(_goal(target=None), stops) == Progress(1, 1, None)
    assert event_goals.progress(_goal(target=1), stops).missing == 0


@on_sqlite
def test_the_plans_goals_are_planted_once_with_their_source(session: Session) -> None:
    plant(session, date(2026, 1, 1))
    plant(session, date(2026, 1, 1))
    goals = {one.kind: one for one in session.scalars(select(Goal))}
    assert session.scalar(select(func.count()).select_from(Goal)) == len(goals)
    assert (goals[EventKind.TOUR_STOP].target, goals[EventKind.TOUR_STOP].measure) == (10, Measure.BODIES)
    assert (goals[EventKind.FORUM].target, goals[EventKind.FORUM].measure) == (3, Measure.EVENTS)
    assert goals[EventKind.BROADCAST].target is None
    assert all(one.source for one in goals.values())


@on_sqlite
def test_a_cancelled_event_counts_toward_nothing(session: Session) -> None:
    plant(session, date(2026, 1, 1))
    person = make_person(session)
    kept, off = _made(session, person), _made(session, person)
    events.cancel(session, off, person, "No")
    (forums,) = [one for one in event_goals.followed(session) if one.goal.kind is EventKind.FORUM]
    assert forums.progress == Progress(0, 1, 2)
    event_closing.close(session, kept, person, Closing(attendance=9, rating=4, evidence=[SEEN]))
    (forums,) = [one for one in event_goals.followed(session) if one.goal.kind is EventKind.FORUM]
    assert forums.progress == Progress(1, 0, 2)


def test_the_calendar_tells_events_and_their_further_dates(
    session: Session, count_queries: CountQueries
) -> None:
    person, theme = make_person(session), make_theme(session)
    body = make_body(session, "bcn", "MX-BCN")
    planning.open_bimester(session, 2026, 2)
    contest = _made(
        session, person, kind=EventKind.CONTEST, all_day=True, ends=at("2026-04-01T00"), theme_id=theme.id,
        deadlines=[Deadline("Cierre", date(2026, 3, 20)), Deadline("Fallo", date(2026, 6, 1))],
    )  # fmt: skip
    forum = _made(session, person, body_id=body.id)
    events.cancel(session, forum, person, "No")
    with count_queries() as sent:
        facts = calendar_facts(session, date(2026, 3, 1), date(2026, 4, 30))
    assert len(sent) == 1
    assert [(one.ref, one.deadline, one.cancelled) for one in facts.events] == [
        (contest.ref, "", False), (forum.ref, "", True), (contest.ref, "Cierre", False),
    ]  # fmt: skip
    days = date(2026, 3, 1), date(2026, 4, 30)
    assert [one.body_name for one in calendar_facts(session, *days, body_slug="bcn").events] == ["BCN"]
    assert {one.ref for one in calendar_facts(session, *days, theme_ref=theme.ref).events} == {contest.ref}
    assert {one.ref for one in calendar_facts(session, *days, event_kind="forum").events} == {forum.ref}


def test_who_may_close_what_is_over_is_told_once_until_it_is_closed(session: Session) -> None:
    plan = make_plan(session)
    event = _made(session, plan.author, body_id=plan.body.id)
    luis = make_person(session, "Luis")
    session.add(
        Membership(person_id=luis.id, role=Role.LIAISON, body_id=plan.body.id, valid_from=date(2020, 1, 1))
    )
    session.flush()
    with standing_at(event.ends_at + timedelta(hours=1)):
        assert event_chasing.chase(session) == 0
    with standing_at(event.ends_at + timedelta(days=1)):
        assert [event_chasing.chase(session), event_chasing.chase(session)] == [1, 1]
        told = session.execute(select(Notice.person_id, Notice.code, Notice.mail_at.is_not(None))).all()
        # The coordinator finds it among their notices; the body's own liaison is mailed too.
        assert sorted(tuple(row) for row in told) == [
            (plan.reviewer.id, "event_to_close", False), (luis.id, "event_to_close", True),
        ]  # fmt: skip
        event_closing.close(session, event, luis, Closing(attendance=9, rating=4, evidence=[SEEN]))
        assert event_chasing.chase(session) == 0
    assert session.scalars(select(Notice.over_by_id)).all() == [luis.id, luis.id]
