"""A region's week: its states beside each other, what is missing, and how the bimester goes."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import render_template, request
from sqlalchemy import select

from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.directory import RegionNotFoundError
from content_calendar.errors import ForbiddenError
from content_calendar.models.directory import Region
from content_calendar.permissions import Permission
from scheduler.replication import funnel
from scheduler.replication.funnel import Ledger, Span, Step
from webapp import dates
from webapp.calendar.periods import bimester_title
from webapp.dashboards import echo_filters, echo_words
from webapp.dashboards.figures import span_moments
from webapp.dashboards.heat import LEVELS, Column, Heat, Row, Square, heat, level_words
from webapp.dashboards.reach import bodies_within
from webapp.dashboards.views import blueprint
from webapp.doors import door
from webapp.session import db, needs, viewer

_P = Permission
_A_WEEK = timedelta(days=7)
_A_DAY = timedelta(days=1)
_MOST_POSTS = 24
# Further back than this no week is looked at.
_OLDEST = date(2000, 1, 3)


def _week_asked(today: date) -> date:
    """Return the Monday of the week that the address asks for, or of this week."""
    this = today - timedelta(days=today.weekday())
    try:
        day = date.fromisoformat(request.args.get("semana", ""))
    except ValueError:
        return this
    return day - timedelta(days=day.weekday()) if _OLDEST <= day <= today else this


def _read(week: date, ids: Sequence[int]) -> Ledger:
    return funnel.read(db(), Span(*span_moments(week, week + _A_WEEK - _A_DAY)), ids)


def _missing(found: Ledger, map_: Heat) -> Sequence[tuple[Column, Sequence[tuple[Row, Square]]]]:
    """Return the posts that some body is not known to have taken up, with these bodies and where to look."""
    told = []
    for n, column in enumerate(map_.columns):
        rows = [(row, row.squares[n]) for row in map_.rows]
        left = [one for one in rows if found.cell(column.post.id, one[0].body.id).taken is None]
        if left:
            told.append((column, left))
    return told


@blueprint.get("/replicas/region/<key>")
@needs(_P.VIEW_REPLICATIONS)
def region_echoes(key: str) -> str:
    """Show a region's bodies within reach, beside each other."""
    region = db().scalars(select(Region).where(Region.slug == key)).one_or_none()
    if region is None:
        raise RegionNotFoundError(slug=key)
    within = bodies_within(_P.VIEW_REPLICATIONS)
    bodies = echo_filters.narrowed(within, region.slug)
    if not bodies and not viewer().can(_P.VIEW_SUMMARIES):
        raise ForbiddenError
    today = now().astimezone(dates.zone()).date()
    week = _week_asked(today)
    ids = [body.id for body in bodies]
    this_week = _read(week, ids)
    if not this_week.posts and "semana" not in request.args:
        # On a Monday morning one still wants to know of the week that is over.
        week -= _A_WEEK
        this_week = _read(week, ids)
    year, number = bimester_of(week)
    bimester = funnel.read(db(), Span(*span_moments(*bimester_span(year, number))), ids)
    totals = bimester.by_body()
    map_ = heat(this_week, this_week.posts[::-1][:_MOST_POSTS], bodies)
    return render_template(
        "dashboards/region_echoes.html",
        region=region,
        regions=echo_filters.regions_of(within),
        week=week,
        week_words=dates.speaker().week_words(week),
        before=(week - _A_WEEK).isoformat(),
        after=(week + _A_WEEK).isoformat() if week + _A_WEEK <= today else "",
        heat=map_,
        levels=LEVELS,
        level_words=level_words(),
        this_week=this_week.total(),
        missing=_missing(this_week, map_),
        lines=[(row, totals[row.body.id]) for row in map_.rows],
        bimester=bimester.total(),
        title=bimester_title(year, number),
        bimester_word=f"{year}-{number}",
        unreached=[body for body in bodies if not totals[body.id].at(Step.OFFERED)] if bimester.posts else [],
        sweep_url=door("follow.sweep_week", ref=week.isoformat()),
        may_decide=viewer().can(_P.DECIDE_REPLICATIONS),
        cut_off=now(),
        say=echo_words,
    )
