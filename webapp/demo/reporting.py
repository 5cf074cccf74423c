"""The demonstration's reports: asked for, and made by the worker as soon as it starts."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from content_calendar import directory, reports
from content_calendar.bimesters import bimester_of
from content_calendar.models.people import Person
from content_calendar.models.reports import OWN_FORMATS, ReportKind
from content_calendar.reports import Wanted


def plant_reports(session: Session, today: date, team: Mapping[str, Person]) -> None:
    """Ask for the bimester's report and for a body's partial one."""
    year, number = bimester_of(today)
    body = directory.find_body(session, "infonl")
    forms = list(OWN_FORMATS)
    reports.ask(session, Wanted(ReportKind.BIMONTHLY, year, number, None, "es", forms), team["luz"])
    reports.ask(session, Wanted(ReportKind.PARTIAL, year, number, body, "es", forms), team["beto"])
