"""The calendar's posts as JSON: for the boards' own scripts, and for machines that are signed in."""

from datetime import UTC, date, datetime

import orjson
from flask import Response, request, url_for

from content_calendar import agenda, visibility
from content_calendar.agenda import Entry
from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.calendar_facts import MOST_DAYS, RangeTooLongError
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from content_calendar.silence import UpsideDownSpanError
from webapp.calendar import filters
from webapp.calendar.doors import UNPROCESSABLE, blueprint
from webapp.calendar.periods import today
from webapp.errors import tell
from webapp.session import db, needs, viewer


class DayUnreadableError(InvalidError):
    """A day is written like 2026-11-24."""

    code = "event_day_unreadable"


@blueprint.get("/calendario/eventos.json")
@needs(Permission.VIEW_PLAN)
def events() -> Response:
    """Return the posts from ``desde`` to ``hasta``, both in it, with the filters of the boards; one query.

    Without days, those of today's bimester. Days that cannot be shown are refused as RFC 9457 says.
    """
    try:
        first, last = _days()
    except InvalidError as error:
        told = {"title": error.code, "detail": tell(error), "status": UNPROCESSABLE}
        return Response(orjson.dumps(told), UNPROCESSABLE, mimetype="application/problem+json")
    seen = visibility.visible_states(viewer().rights)
    found = agenda.entries(db(), first, last, filters.wanted(), seen)
    page = url_for("calendar.post", ref="-")[:-1]
    body = {"from": first, "to": last, "events": [_event(one, page) for one in found]}
    answer = Response(orjson.dumps(body), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _days() -> tuple[date, date]:
    if not (request.args.get("desde") or request.args.get("hasta")):
        return bimester_span(*bimester_of(today()))
    first, last = _day("desde"), _day("hasta")
    if last < first:
        raise UpsideDownSpanError(field="hasta", starts_on=first.isoformat(), ends_on=last.isoformat())
    if (last - first).days >= MOST_DAYS:
        raise RangeTooLongError(field="hasta", most=MOST_DAYS)
    return first, last


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError as error:
        raise DayUnreadableError(field=name) from error


def _event(one: Entry, page: str) -> dict[str, object]:
    return {
        "ref": one.post_ref,
        "title": one.title,
        "url": page + one.post_ref,
        "theme": one.theme_ref,
        "local": one.local,
        "zone": one.zone,
        "at": _utc(one.due_at),
        "state": one.state,
        "reason": one.reason,
        "accounts": one.accounts,
        "networks": one.networks,
        "movable": one.movable,
    }


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo is not UTC else at
