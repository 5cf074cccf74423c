"""The calendar: bimester, month, week, day and list, with the same filters in the address."""

from calendar import Calendar
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from babel.dates import format_date
from flask import render_template, request, url_for
from flask_babel import get_locale, gettext

from content_calendar import agenda, visibility
from content_calendar.agenda import Entry, Wanted
from content_calendar.bimesters import bimester_of
from content_calendar.calendar_facts import CalendarFacts, calendar_facts
from content_calendar.permissions import Permission
from content_calendar.states import PostState
from webapp.calendar import clashing, filters, periods, tiles
from webapp.calendar.audience_words import left_out, reach
from webapp.calendar.doors import blueprint
from webapp.calendar.periods import Period
from webapp.calendar.tiles import Ink, Tile
from webapp.session import db, needs, viewer
from webapp.unchanged import unchanged

# A list goes on at another address after so many posts.
_ON_A_PAGE = 250


def _draw(template: str, period: Period, first: date, last: date, **more: object) -> str:
    """Return a view: its facts, its posts, and, while filters are on, every post for the clashes; three queries."""
    asked = filters.wanted()
    on, writes = filters.chosen(asked), viewer().can(Permission.WRITE_POSTS)
    whole = (first, last) if period.kind == "bimester" and writes else None
    facts = calendar_facts(
        db(),
        first,
        last,
        body_slug=asked.body_slug,
        theme_ref=asked.theme_ref,
        event_kind=asked.event_kind,
        also=filters.asks(first, last, tallied=whole is not None),
    )
    entries = agenda.entries(db(), first, last, asked, _seen())
    kept = filters.kept(asked)
    every = agenda.entries(db(), first, last, Wanted(), _seen()) if on and writes else entries
    clashes = clashing.coming(every) if writes else []
    ink = tiles.ink(
        facts,
        viewer().zone,
        writes=writes,
        choosing=filters.choosing() or (writes and period.kind in {"list", "day"}),
        clashing={ref for one in clashes for ref in one.post_refs},
        filters=kept,
    )
    offered = filters.offered(facts.also, [(span.theme_ref, span.title) for span in facts.spans])
    reached = reach(facts.also.get("reached", ()))
    return render_template(
        template,
        period=period,
        facts=facts,
        entries=entries,
        views=periods.views(period, kept),
        today_url=periods.today_url(period, kept),
        filter_fields=filters.fields(on, offered),
        filter_chips=filters.chips(on, offered),
        filters_on=bool(on),
        choosing=ink.choosing,
        choose_url=_choose_url(),
        offered=offered,
        warned=clashing.warned(clashes, every, whole, kept),
        left_out=left_out(reached),
        reached=reached,
        clear_url=request.path,
        here=request.full_path.rstrip("?"),
        **_tiles(period, facts, entries, ink, whole=not set(on) - {"tema"}),
        **more,
    )


def _seen() -> Collection[PostState]:
    return visibility.visible_states(viewer().rights)


def _choose_url() -> str:
    """Return this view's address, choosing several where it does not yet, and the other way round."""
    args = {name: value for name, value in filters.in_address().items() if name != filters.CHOOSING}
    if not filters.choosing():
        args[filters.CHOOSING] = "1"
    return url_for(str(request.endpoint), **(request.view_args or {}), **args)


def _tiles(
    period: Period, facts: CalendarFacts, entries: Sequence[Entry], ink: Ink, *, whole: bool
) -> dict[str, object]:
    if period.kind == "bimester":
        return {
            "weeks": tiles.bimester_weeks(facts),
            "rows": tiles.bimester_rows(facts, entries, ink, whole=whole),
        }
    if period.kind == "day":
        return {
            "day": tiles.days(facts, entries, ink)[0],
            "hours": tiles.hours(entries, period.first, ink),
            "bands": list({span.theme_ref: tiles.band(span, ink) for span in facts.spans}.values()),
        }
    if period.kind == "list":
        return _page_of_list(period, tiles.days(facts, entries, ink), ink)
    month = period.first.month if period.kind == "month" else 0
    days = tiles.days(facts, entries, ink, month=month, most=tiles.IN_A_DAY if month else 0)
    return {"days": days, "weeks": tiles.in_weeks(days)}


def _page_of_list(period: Period, days: Sequence[Tile], ink: Ink) -> dict[str, object]:
    """Return the days of a list from the one in the address on, as many as a page takes, and where it goes on."""
    since = request.args.get("desde", "")
    shown: list[Tile] = []
    posts = 0
    for day in days:
        when = str(day["date"])
        if when < since:
            continue
        here = day["posts"]
        count = len(here) if isinstance(here, list) else 0
        if shown and posts + count > _ON_A_PAGE:
            year, number = bimester_of(period.first)
            following = url_for(
                "calendar.agenda_list", year=year, number=number, **{**ink.filters, "desde": when}
            )
            return {"days": shown, "following": following, "following_day": day["date"]}
        shown.append(day)
        posts += count
    return {"days": shown, "following": "", "following_day": None}


@blueprint.get("/calendario")
@blueprint.get("/calendario/<int:year>/<int:number>")
@needs(Permission.VIEW_PLAN)
@unchanged
def bimester(year: int = 0, number: int = 0) -> str:
    """Show a bimester: its themes as bands over its weeks; today's when none is named."""
    if not year:
        year, number = bimester_of(periods.today())
    period = periods.of_bimester(year, number, filters.kept(filters.wanted()))
    return _draw("calendar/bimester.html", period, period.first, period.last, year=year, number=number)


@blueprint.get("/calendario/<int:year>/mes/<int:month>")
@needs(Permission.VIEW_PLAN)
@unchanged
def month(year: int, month: int) -> str:
    """Show a month, day by day."""
    period = periods.of_month(year, month, filters.kept(filters.wanted()))
    shown = list(Calendar().itermonthdates(year, month))
    locale = "es_MX" if str(get_locale() or "es").startswith("es") else "en"
    names = [format_date(date(2026, 6, 1) + timedelta(days=n), "EEE", locale=locale) for n in range(7)]
    return _draw("calendar/month.html", period, shown[0], shown[-1], weekdays=names)


@blueprint.get("/calendario/semana/<iso>")
@needs(Permission.VIEW_PLAN)
@unchanged
def week(iso: str) -> str:
    """Show a week, named like 2026-W48."""
    period = periods.of_week(iso, filters.kept(filters.wanted()))
    return _draw("calendar/week.html", period, period.first, period.last)


@blueprint.get("/calendario/dia/<iso>")
@needs(Permission.VIEW_PLAN)
@unchanged
def day(iso: str) -> str:
    """Show a day, hour by hour, named like 2026-11-24."""
    period = periods.of_day(iso, filters.kept(filters.wanted()))
    return _draw("calendar/day.html", period, period.first, period.last)


@blueprint.get("/calendario/lista")
@blueprint.get("/calendario/<int:year>/<int:number>/lista")
@needs(Permission.VIEW_PLAN)
@unchanged
def agenda_list(year: int = 0, number: int = 0) -> str:
    """Show a bimester as a list of days."""
    if not year:
        year, number = bimester_of(periods.today())
    period = periods.of_bimester(year, number, filters.kept(filters.wanted()), "list")
    title = gettext("No hay nada planeado en estos días.")
    return _draw("calendar/list.html", period, period.first, period.last, nothing=title)
