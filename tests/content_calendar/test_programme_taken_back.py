"""What is taken back in the programme leaves things as they were, and what says nothing counts for nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from content_calendar import local_plans, partial_reports, programme, programme_milestones
from content_calendar.local_plans import PlanFields
from content_calendar.programme import EditionDays
from content_calendar.programme_milestones import Told
from content_calendar.programme_rules import Light, ReportLight
from tests.content_calendar.makers import make_person
from tests.content_calendar.test_programme import ON_ONE, TODAY, first, planted, state


@ON_ONE
def test_a_report_says_something_and_one_that_was_withdrawn_is_owed_as_if_it_had_never_come(
    session: Session,
) -> None:
    edition, ana = planted(session), make_person(session)
    row = first(session, edition)
    local_plans.save_plan(session, row, PlanFields(starts_on=date(2025, 9, 1)), ana)
    with pytest.raises(partial_reports.ReportEmptyError):
        partial_reports.deliver(session, row, (2025, 5), "  ", ana)
    with pytest.raises(partial_reports.ReportTooEarlyError):
        partial_reports.deliver(session, row, (2199, 1), "Mucho.", ana)
    report = partial_reports.deliver(session, row, (2025, 5), "", ana, files=1)
    partial_reports.take_back(session, report, ana)
    assert state(session, edition, row).reports[0].light is ReportLight.OVERDUE


@ON_ONE
def test_what_was_recorded_and_taken_back_leaves_a_day_that_passed_before_untold(session: Session) -> None:
    edition, luz = planted(session), make_person(session)
    row = first(session, edition)
    due = {1: TODAY - timedelta(days=40)}
    programme.set_days(session, edition, EditionDays(None, None, due), TODAY, actor_ref=luz.ref)
    edition.followed_since = TODAY
    session.flush()
    action = programme_milestones.find_action(session, row, 1)

    def light() -> Light:
        return state(session, edition, row).cells[0].light

    before = light()
    said = programme_milestones.record(session, row, action, Told(TODAY), TODAY, luz)
    assert (before, light()) == (Light.NO_DATA, Light.DONE)
    programme_milestones.take_back(session, said, luz)
    assert light() is Light.NO_DATA
