"""The plan of a bimester: opened for any year, with its themes placed, moved and proposed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import planning
from content_calendar.bimesters import UnknownBimesterError
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from content_calendar.models.plan import Bimester, ThemeSpan
from content_calendar.planning import (
    ColourInvalidError,
    LineNotFoundError,
    SpanNotFoundError,
    SpanOutsideError,
    SpanRepeatedError,
    ThemeFields,
    ThemeNotFoundError,
    ThemeTitleMissingError,
    ThemeTooLongError,
)
from content_calendar.proposals import Why, observed, place_observance, proposals, turn_in
from content_calendar.seeds import plant
from content_calendar.silence import UpsideDownSpanError
from tests.conftest import CountQueries
from tests.content_calendar.makers import make_theme

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("year", "number", "starts_on", "ends_on"),
    [
        (1999, 6, date(1999, 11, 1), date(1999, 12, 31)),
        (2024, 1, date(2024, 1, 1), date(2024, 2, 29)),
        (2032, 1, date(2032, 1, 1), date(2032, 2, 29)),
        (2100, 1, date(2100, 1, 1), date(2100, 2, 28)),
    ],
)
def test_the_bimester_of_any_year_opens_and_opens_once(
    session: Session, year: int, number: int, starts_on: date, ends_on: date
) -> None:
    bimester = planning.open_bimester(session, year, number)
    assert (bimester.starts_on, bimester.ends_on) == (starts_on, ends_on)
    assert planning.open_bimester(session, year, number).id == bimester.id
    assert planning.bimester_for(session, ends_on).id == bimester.id


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 7), (0, 1), (9999, 1)])
def test_there_is_no_such_bimester(session: Session, year: int, number: int) -> None:
    with pytest.raises(UnknownBimesterError):
        planning.open_bimester(session, year, number)


def test_those_who_open_a_bimester_at_once_get_the_same(database: Database) -> None:
    def opened(_: int) -> int:
        with database.transaction() as session:
            return planning.open_bimester(session, 2032, 3).id

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(opened, range(8)))
    assert len(ids) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Bimester)) == 1


def test_a_bimester_that_nobody_opened_is_not_opened_by_looking(session: Session) -> None:
    assert planning.find_bimester(session, 2026, 2) is None
    assert session.scalar(select(func.count()).select_from(Bimester)) == 0


def test_a_bimester_has_a_goal(session: Session) -> None:
    bimester = planning.open_bimester(session, 2026, 2)
    planning.set_goal(session, bimester, "  Que se conozca el derecho  ", actor_ref="p")
    assert bimester.goal == "Que se conozca el derecho"
    with pytest.raises(ThemeTooLongError):
        planning.set_goal(session, bimester, "x" * 10_001, actor_ref="p")


def test_a_theme_is_made_edited_archived_and_found(session: Session) -> None:
    theme = planning.make_theme(
        session, ThemeFields("  Datos   abiertos ", colour="#ABCDEF", area="datos abiertos"), actor_ref="p"
    )
    assert (theme.title, theme.colour, theme.seed_key) == ("Datos abiertos", "#abcdef", None)
    planning.edit_theme(session, theme, ThemeFields("Datos en abierto", area="datos abiertos"), actor_ref="p")
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.act for event in events] == ["theme_made", "theme_edited"]
    assert events[1].details["changed"] == ["title", "colour"]
    assert [found.id for found in planning.list_themes(session, text="ABIÉRTO")] == [theme.id]
    planning.archive_theme(session, theme, actor_ref="p")
    assert planning.list_themes(session) == []
    assert planning.list_themes(session, archived=True, area="datos abiertos") == [theme]
    planning.archive_theme(session, theme, archived=False, actor_ref="p")
    assert planning.find_theme(session, theme.ref).archived_at is None
    with pytest.raises(ThemeNotFoundError):
        planning.find_theme(session, "nada")


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        (ThemeFields("   "), ThemeTitleMissingError),
        (ThemeFields("x" * 301), ThemeTooLongError),
        (ThemeFields("x", description="y" * 10_001), ThemeTooLongError),
        (ThemeFields("x", colour="red"), ColourInvalidError),
        (ThemeFields("x", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 1)), UpsideDownSpanError),
    ],
)
def test_a_theme_that_cannot_be_is_refused(
    session: Session, fields: ThemeFields, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        planning.make_theme(session, fields, actor_ref="p")


def test_a_theme_serves_lines_of_action(session: Session) -> None:
    plant(session, TODAY)
    theme = planning.make_theme(session, ThemeFields("Nuevo"), actor_ref="p")
    lines = [line.ref for line in planning.lines_of_action(session) if line.transversal][:2]
    planning.set_lines(session, theme, lines, actor_ref="p")
    assert {line.ref for line in planning.find_theme(session, theme.ref).lines} == set(lines)
    with pytest.raises(LineNotFoundError):
        planning.set_lines(session, theme, [*lines, "nada"], actor_ref="p")


def test_a_theme_is_placed_moved_to_another_bimester_and_removed(session: Session) -> None:
    bimester, theme = planning.open_bimester(session, 2026, 2), make_theme(session)
    span = planning.place_theme(session, bimester, theme, date(2026, 3, 2), date(2026, 3, 20), actor_ref="p")
    planning.move_theme(session, span, date(2026, 5, 4), date(2026, 5, 8), actor_ref="p")
    found = planning.find_span(session, span.ref)
    assert (found.starts_on, found.theme.id) == (date(2026, 5, 4), theme.id)
    assert found.bimester_id == planning.open_bimester(session, 2026, 3).id
    planning.remove_theme(session, span, actor_ref="p")
    with pytest.raises(SpanNotFoundError):
        planning.find_span(session, span.ref)
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts == ["theme_placed", "theme_moved", "theme_removed"]


def test_a_theme_keeps_to_its_bimester_and_does_not_start_twice_on_a_day(session: Session) -> None:
    bimester, theme = planning.open_bimester(session, 2026, 2), make_theme(session)
    first, last = date(2026, 3, 2), date(2026, 3, 20)
    with pytest.raises(SpanOutsideError):
        planning.place_theme(session, bimester, theme, first, date(2026, 5, 1), actor_ref="p")
    with pytest.raises(UpsideDownSpanError):
        planning.place_theme(session, bimester, theme, last, first, actor_ref="p")
    planning.place_theme(session, bimester, theme, first, last, actor_ref="p")
    with pytest.raises(SpanRepeatedError):
        planning.place_theme(session, bimester, theme, first, first, actor_ref="p")
    other = planning.place_theme(session, bimester, theme, date(2026, 4, 1), date(2026, 4, 2), actor_ref="p")
    with pytest.raises(SpanRepeatedError):
        planning.move_theme(session, other, first, last, actor_ref="p")
    # The refusal cost nothing of what was done before.
    assert session.scalar(select(func.count()).select_from(ThemeSpan)) == 2
    assert planning.find_span(session, other.ref).starts_on == date(2026, 4, 1)


_MARCH, _APRIL = date(2026, 3, 1), date(2026, 4, 30)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "recurrence", "expected"),
    [
        (date(2026, 2, 1), date(2026, 3, 15), "", (_MARCH, date(2026, 3, 15), Why.DATED)),
        (date(2026, 4, 1), None, "", (date(2026, 4, 1), _APRIL, Why.DATED)),
        (date(2025, 3, 1), date(2025, 3, 31), "", None),
        (None, None, "", None),
        (None, None, "annual", None),
        (None, None, "permanent", (_MARCH, _APRIL, Why.PERMANENT)),
        (None, None, "daily", (_MARCH, _APRIL, Why.PERMANENT)),
        (date(2021, 4, 1), date(2021, 4, 30), "annual", (date(2026, 4, 1), _APRIL, Why.RECURRING)),
        (date(2021, 5, 1), date(2021, 5, 31), "annual", None),
        (date(2027, 4, 1), date(2027, 4, 30), "annual", None),
        # Four years of work are no yearly event.
        (date(2016, 1, 1), date(2020, 12, 31), "annual", None),
        # A year without months says nothing of when it comes back.
        (date(2023, 1, 1), date(2023, 12, 31), "annual", None),
        (date(2024, 1, 1), date(2024, 12, 31), "annual", None),
        # From December to March, across the year's end.
        (date(2021, 12, 1), date(2022, 3, 31), "annual", (_MARCH, date(2026, 3, 31), Why.RECURRING)),
        (date(2022, 3, 1), date(2022, 3, 31), "every 2 years", (_MARCH, date(2026, 3, 31), Why.RECURRING)),
        (date(2021, 3, 1), date(2021, 3, 31), "every 2 years", None),
        (date(2022, 12, 1), date(2022, 12, 31), "bimonthly", (_MARCH, _APRIL, Why.RECURRING)),
        (date(2021, 6, 1), date(2022, 4, 30), "bimonthly", None),
        (date(2021, 5, 1), date(2022, 4, 30), "permanent", None),
    ],
)
def test_a_theme_has_its_turn(
    starts_on: date | None, ends_on: date | None, recurrence: str, expected: tuple[date, date, Why] | None
) -> None:
    turn = turn_in(_MARCH, _APRIL, starts_on, ends_on, recurrence)
    assert (turn and (turn.starts_on, turn.ends_on, turn.why)) == expected


def test_what_ends_in_february_ends_with_it_in_a_leap_year_too() -> None:
    turn = turn_in(date(2024, 1, 1), date(2024, 2, 29), date(2022, 2, 1), date(2022, 2, 28), "annual")
    assert turn is not None
    assert turn.ends_on == date(2024, 2, 29)
    back = turn_in(date(2026, 1, 1), date(2026, 2, 28), date(2024, 2, 1), date(2024, 2, 29), "annual")
    assert back is not None
    assert back.ends_on == date(2026, 2, 28)


def test_a_bimester_is_proposed_the_themes_of_its_dates_first(
    session: Session, count_queries: CountQueries
) -> None:
    plant(session, TODAY)
    bimester = planning.open_bimester(session, 2023, 5)
    with count_queries() as queries:
        found = proposals(session, bimester)
        assert all(proposal.theme.lines is not None for proposal in found)
    assert len(queries) <= 4
    whys = [proposal.turn.why for proposal in found]
    assert whys == sorted(whys, key=list(Why).index)
    titles = {proposal.theme.title for proposal in found if proposal.turn.why is Why.DATED}
    assert "Sociedad Abierta 2023 / Semanas Universitarias por la Transparencia" in titles
    permanent = {proposal.theme.title for proposal in found if proposal.turn.why is Why.PERMANENT}
    assert "Promoción del hashtag #VinculaciónSNT" in permanent
    for proposal in found:
        assert bimester.starts_on <= proposal.turn.starts_on <= proposal.turn.ends_on <= bimester.ends_on


def test_what_stands_in_the_bimester_is_not_proposed_again_nor_what_was_archived(session: Session) -> None:
    bimester = planning.open_bimester(session, 2026, 2)
    first, second, third = (
        make_theme(session, title, starts_on=_MARCH, ends_on=_APRIL) for title in ("uno", "dos", "tres")
    )
    planning.place_theme(session, bimester, first, _MARCH, _APRIL, actor_ref="p")
    planning.archive_theme(session, second, actor_ref="p")
    assert [proposal.theme.id for proposal in proposals(session, bimester)] == [third.id]


def test_what_stood_there_a_year_before_is_proposed_on_the_same_days(session: Session) -> None:
    before, bimester = planning.open_bimester(session, 2027, 1), planning.open_bimester(session, 2028, 1)
    theme, permanent = make_theme(session, "Radio"), make_theme(session, "Siempre", recurrence="permanent")
    for one in (theme, permanent):
        planning.place_theme(session, before, one, date(2027, 1, 11), date(2027, 2, 28), actor_ref="p")
    found = proposals(session, bimester)
    assert [(one.theme.title, one.turn.why) for one in found] == [
        ("Radio", Why.LAST_YEAR),
        ("Siempre", Why.LAST_YEAR),
    ]
    assert (found[0].turn.starts_on, found[0].turn.ends_on) == (date(2028, 1, 11), date(2028, 2, 29))
    assert {one.turn.why for one in proposals(session, planning.open_bimester(session, 2028, 2))} == {
        Why.PERMANENT
    }


def test_an_observance_becomes_a_theme_on_its_days_once(session: Session) -> None:
    plant(session, TODAY)
    bimester = planning.open_bimester(session, 2026, 5)
    one = next(one for one in observed(session, bimester) if "Derecho" in one.name)
    span = place_observance(session, bimester, one, actor_ref="p")
    assert (span.theme.title, span.starts_on) == (one.name, one.starts_on)
    assert one not in observed(session, bimester)
    later = planning.open_bimester(session, 2027, 5)
    again = next(other for other in observed(session, later) if other.slug == one.slug)
    assert place_observance(session, later, again, actor_ref="p").theme is span.theme


@pytest.mark.parametrize("year", [1999, 2024, 2032])
def test_any_year_of_real_themes_can_be_proposed(session: Session, year: int) -> None:
    plant(session, TODAY)
    assert proposals(session, planning.open_bimester(session, year, 1))
