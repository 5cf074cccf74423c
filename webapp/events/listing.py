"""The events of a bimester, with what is owed; and the same as JSON."""

import orjson
from flask import Response, render_template, request, url_for

from content_calendar import event_goals, events, visibility
from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.events import Standing, standing
from content_calendar.models.events import Event, EventKind
from content_calendar.permissions import Permission
from webapp.calendar import periods
from webapp.event_kinds import KINDS, kind_options
from webapp.events import words
from webapp.events.doors import blueprint
from webapp.session import db, needs, viewer

_OWED_SHOWN = 12


@blueprint.get("/eventos")
@blueprint.get("/eventos/<int:year>/<int:number>")
@needs(Permission.VIEW_PLAN)
def listing(year: int = 0, number: int = 0) -> str:
    """Show the events of a bimester, today's when none is named; ``clase`` leaves those of one kind."""
    if not year:
        year, number = bimester_of(periods.today())
    kind = _kind()
    chosen = {"clase": kind} if kind else {}
    period = periods.of_bimester(year, number, {})
    found = events.between(db(), period.first, period.last, kind)
    previous, following = (_address(*bimester_after(year, number, steps), chosen) for steps in (-1, 1))
    return render_template(
        "events/listing.html",
        period=period,
        year=year,
        number=number,
        kind=kind,
        kinds=kind_options(),
        looks=KINDS,
        rows=[_row(one) for one in found],
        counts=events.post_counts(db(), found) if visibility.sees_unapproved(viewer().rights) else None,
        owed=events.owed(db(), now(), _OWED_SHOWN),
        owed_count=events.owed_count(db(), now()),
        followed=event_goals.followed(db()),
        previous_url=previous,
        next_url=following,
        words=words,
        may_make=viewer().can(Permission.WRITE_EVENTS),
    )


def _kind() -> str:
    asked: str = request.args.get("clase", "")
    return asked if asked in set(EventKind) else ""


def _address(year: int, number: int, chosen: dict[str, str]) -> str:
    return url_for(".listing", year=year, number=number, **chosen)  # type: ignore[arg-type] # any value by name


def _row(one: Event) -> tuple[Event, Standing]:
    return one, standing(one, now())


@blueprint.get("/eventos/datos.json")
@needs(Permission.VIEW_PLAN)
def data() -> Response:
    """Return the events of a bimester (``bimestre`` as 2026-6, today's without it) as JSON."""
    try:
        year, _, number = request.args.get("bimestre", "").partition("-")
        first, last = bimester_span(int(year), int(number))
    except ValueError:
        first, last = bimester_span(*bimester_of(periods.today()))
    found = events.between(db(), first, last, _kind())
    body = {"from": first, "to": last, "events": [_told(one) for one in found]}
    answer = Response(orjson.dumps(body), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _told(one: Event) -> dict[str, object]:
    return {
        "ref": one.ref,
        "kind": one.kind,
        "title": one.title,
        "url": url_for(".event", ref=one.ref),
        "all_day": one.all_day,
        "starts": one.starts_local[:10] if one.all_day else one.starts_local,
        "ends": one.ends_local[:10] if one.all_day else one.ends_local,
        "zone": one.zone,
        "place": one.place,
        "link": one.link,
        "host": one.body.slug if one.body else "",
        "theme": one.theme.ref if one.theme else "",
        "state": standing(one, now()),
        "deadlines": [{"name": each.name, "on": each.due_on} for each in one.deadlines],
    }
