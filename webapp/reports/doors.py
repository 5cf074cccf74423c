"""The blueprint of the reports, and who may have which."""

from collections.abc import Sequence

from flask import Blueprint

from content_calendar.errors import ForbiddenError
from content_calendar.models.directory import Body
from content_calendar.models.reports import Report
from content_calendar.permissions import Permission, Scope
from webapp.dashboards.reach import bodies_within, scope_of
from webapp.session import viewer

blueprint = Blueprint("reports", __name__)
SEE_OTHER, UNPROCESSABLE = 303, 422
# What is of the whole commission is of no body and no region: only a right over everything reaches it.
_EVERYTHING = Scope(0, 0)


def sees_all() -> bool:
    """Return whether the viewer may make the commission's own reports."""
    return viewer().can(Permission.MAKE_REPORTS, _EVERYTHING)


def bodies() -> Sequence[Body]:
    """Return the bodies whose reports the viewer may make."""
    return bodies_within(Permission.MAKE_REPORTS)


def require(report: Report) -> None:
    """Raise ForbiddenError when the viewer may not have this report."""
    scope = scope_of(report.body) if report.body else _EVERYTHING
    if not viewer().can(Permission.MAKE_REPORTS, scope):
        raise ForbiddenError
