"""PlanDAI's traffic light."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import programme
from content_calendar.models.directory import Body, Confidence
from content_calendar.models.people import AuditEvent
from content_calendar.models.programme import Edition
from content_calendar.programme import (
    ActionNotFoundError,
    Cell,
    DoneInFutureError,
    EditionNotFoundError,
    Light,
    ParticipationNotFoundError,
    light,
)
from content_calendar.seeds import plant
from tests.conftest import CountQueries

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("due_on", "done_on", "expected"),
    [
        (None, None, Light.NO_DATA),
        (None, TODAY, Light.DONE),
        (date(2020, 1, 1), date(2025, 1, 1), Light.DONE),
        (date(2026, 3, 1), None, Light.OVERDUE),
        (TODAY, None, Light.SOON),
        (date(2026, 4, 1), None, Light.SOON),
        (date(2026, 4, 2), None, Light.PLANNED),
        # What somebody wrote as done tomorrow is not done yet.
        (date(2026, 3, 1), date(2026, 3, 3), Light.OVERDUE),
    ],
)
def test_a_light_follows_its_rule(due_on: date | None, done_on: date | None, expected: Light) -> None:
    assert light(due_on, done_on, TODAY) is expected


def test_the_edition_of_2024_shows_29_states_by_seven_actions_without_data(
    session: Session, count_queries: CountQueries
) -> None:
    plant(session, TODAY)
    with count_queries() as queries:
        grid = programme.traffic_light(session, "plandai-2024", TODAY)
    assert len(queries) == 4
    assert len(grid.rows) == 29
    assert {len(row.cells) for row in grid.rows} == {7}
    assert grid.counts[Light.NO_DATA] == 29 * 7
    assert set(grid.absent) == {"Baja California Sur", "Sonora", "Zacatecas"}
    assert {row.confidence for row in grid.rows} == {Confidence.UNCONFIRMED}
    assert {action.stage for action in grid.actions} == {1, 2, 3}


def test_an_edition_whose_participants_no_source_names_has_no_rows(session: Session) -> None:
    plant(session, TODAY)
    grid = programme.traffic_light(session, "plandai-2021-2022", TODAY)
    assert (grid.rows, grid.absent, len(grid.actions)) == ([], [], 7)
    assert len(programme.editions(session)) == 2
    with pytest.raises(EditionNotFoundError):
        programme.traffic_light(session, "plandai-1999", TODAY)


def test_what_a_state_did_is_recorded_and_shown(session: Session, count_queries: CountQueries) -> None:
    plant(session, TODAY)
    row = programme.traffic_light(session, "plandai-2024", TODAY).rows[0]
    part = programme.find_participation(session, row.ref)
    programme.record_milestone(
        session, part, 1, Cell(Light.DONE, None, TODAY, " acta "), TODAY, actor_ref="p"
    )
    for position, due_on in ((2, date(2026, 3, 1)), (3, date(2026, 3, 20)), (4, date(2026, 9, 1))):
        programme.record_milestone(session, part, position, Cell(Light.NO_DATA, due_on), TODAY, actor_ref="p")
    with count_queries() as queries:
        grid = programme.traffic_light(session, "plandai-2024", TODAY)
    assert len(queries) == 4
    assert [cell.light for cell in grid.rows[0].cells][:5] == [
        Light.DONE, Light.OVERDUE, Light.SOON, Light.PLANNED, Light.NO_DATA,
    ]  # fmt: skip
    assert grid.rows[0].cells[0].note == "acta"
    assert sum(grid.counts.values()) == 29 * 7
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts.count("milestone_recorded") == 4


def test_a_milestone_is_corrected_not_doubled(session: Session) -> None:
    plant(session, TODAY)
    part = programme.find_participation(
        session, programme.traffic_light(session, "plandai-2024", TODAY).rows[0].ref
    )
    first = programme.record_milestone(session, part, 1, Cell(Light.NO_DATA, TODAY), TODAY, actor_ref="p")
    again = programme.record_milestone(session, part, 1, Cell(Light.NO_DATA), TODAY, actor_ref="p")
    assert (first.id, again.due_on) == (again.id, None)
    with pytest.raises(ActionNotFoundError):
        programme.record_milestone(session, part, 8, Cell(Light.NO_DATA), TODAY, actor_ref="p")
    with pytest.raises(DoneInFutureError):
        programme.record_milestone(
            session, part, 1, Cell(Light.DONE, None, date(2026, 3, 3)), TODAY, actor_ref="p"
        )


def test_the_edition_s_own_day_holds_for_a_state_that_set_no_other(session: Session) -> None:
    plant(session, TODAY)
    edition = session.scalars(select(Edition).where(Edition.slug == "plandai-2021-2022")).one()
    body = session.scalars(select(Body).where(Body.slug == "itei")).one()
    part = programme.set_participation(session, edition, body, takes_part=True, source="", actor_ref="p")
    assert part.confidence is Confidence.UNCONFIRMED
    programme.record_milestone(session, part, 7, Cell(Light.NO_DATA), TODAY, actor_ref="p")
    cells = programme.traffic_light(session, edition.slug, TODAY).rows[0].cells
    assert (cells[6].light, cells[6].due_on) == (Light.OVERDUE, date(2022, 4, 30))
    assert cells[0].light is Light.NO_DATA


def test_a_state_that_does_not_take_part_has_no_milestones(session: Session) -> None:
    plant(session, TODAY)
    edition = session.scalars(select(Edition).where(Edition.slug == "plandai-2024")).one()
    body = session.scalars(select(Body).where(Body.slug == "istai")).one()
    out = programme.set_participation(
        session, edition, body, takes_part=False, source="oficio 3", actor_ref="p"
    )
    assert out.confidence is Confidence.HIGH
    with pytest.raises(ParticipationNotFoundError):
        programme.find_participation(session, out.ref)
