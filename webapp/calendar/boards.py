"""The calendar: bimester, month, week and list, with the same filters in the address."""

from calendar import Calendar
from datetime import date, timedelta

from babel.dates import format_date
from flask import render_template, request
from flask_babel import get_locale, gettext
from sqlalchemy import select

from content_calendar import agenda, visibility
from content_calendar.agenda import Entry, Wanted
from content_calendar.bimesters import bimester_of
from content_calendar.calendar_facts import CalendarFacts, calendar_facts
from content_calendar.models.directory import Account, Owner
from content_calendar.models.plan import Campaign
from content_calendar.permissions import Permission
from content_calendar.planning import find_bimester
from content_calendar.states import PostState, PublicationState
from webapp.calendar import periods, tiles
from webapp.calendar.choices import network_name
from webapp.calendar.doors import blueprint
from webapp.calendar.periods import Period
from webapp.session import db, needs, viewer

_LAST_MOMENT = (PublicationState.CLAIMED, PublicationState.SENDING)


def _wanted() -> Wanted:
    args = request.args
    return Wanted(
        theme_ref=args.get("tema", ""),
        campaign_slug=args.get("campana", ""),
        state=args.get("estado", ""),
        account_ref=args.get("cuenta", ""),
        body_slug=args.get("organismo", ""),
    )


def _draw(template: str, period: Period, first: date, last: date, **more: object) -> str:
    wanted = _wanted()
    filters = periods.kept(wanted)
    facts = calendar_facts(db(), first, last, body_slug=wanted.body_slug, theme_ref=wanted.theme_ref)
    entries = agenda.entries(db(), first, last, wanted, visibility.visible_states(viewer().rights))
    return render_template(
        template,
        period=period,
        facts=facts,
        entries=entries,
        views=periods.views(period, filters),
        today_url=periods.today_url(period, filters),
        filters_on=bool(filters),
        wanted=wanted,
        offered=_offered(facts),
        clear_url=request.path,
        **_tiles(period, facts, entries, filters),
        **more,
    )


def _tiles(
    period: Period, facts: CalendarFacts, entries: list[Entry], filters: dict[str, str]
) -> dict[str, object]:
    new = viewer().can(Permission.WRITE_POSTS)
    if period.kind == "bimester":
        whole = not set(filters) - {"tema"}
        return {
            "weeks": tiles.bimester_weeks(facts),
            "rows": tiles.bimester_rows(facts, entries, new=new, whole=whole),
        }
    month = period.first.month if period.kind == "month" else 0
    days = tiles.days(facts, entries, facts.starts_on, facts.ends_on, new=new, month=month)
    return {"days": days, "weeks": tiles.in_weeks(days)}


def _offered(facts: CalendarFacts) -> dict[str, list[tuple[str, str]]]:
    """Return what the filters offer: two queries."""
    accounts = db().execute(
        select(Account.ref, Account.handle, Account.network, Owner.slug, Owner.short_name)
        .join(Owner, Owner.id == Account.owner_id)
        .where(Account.connected_at.is_not(None))
        .order_by(Account.network, Account.handle_folded)
    )
    rows = list(accounts)
    campaigns = db().execute(select(Campaign.slug, Campaign.name).order_by(Campaign.id))
    seen = visibility.visible_states(viewer().rights)
    themes = dict.fromkeys((span.theme_ref, span.title) for span in facts.spans)
    return {
        "themes": list(themes),
        "campaigns": [(slug, name) for slug, name in campaigns],
        "accounts": [
            (ref, f"@{handle.lstrip('@')} · {network_name(network)}") for ref, handle, network, *_ in rows
        ],
        "bodies": list(dict.fromkeys((slug, name) for *_, slug, name in rows)),
        "states": [
            (one.value, one.value)
            for one in (PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED, *PublicationState)
            if one not in _LAST_MOMENT and (not isinstance(one, PostState) or one in seen)
        ],
    }


@blueprint.get("/calendario")
@blueprint.get("/calendario/<int:year>/<int:number>")
@needs(Permission.VIEW_PLAN)
def bimester(year: int = 0, number: int = 0) -> str:
    """Show a bimester: its themes as bands over its weeks; today's when none is named."""
    if not year:
        year, number = bimester_of(periods.today())
    period = periods.of_bimester(year, number, periods.kept(_wanted()))
    found = find_bimester(db(), year, number)
    return _draw(
        "calendar/bimester.html",
        period,
        period.first,
        period.last,
        year=year,
        number=number,
        goal=found.goal if found else "",
        undated=agenda.undated(db(), states=visibility.visible_states(viewer().rights)),
    )


@blueprint.get("/calendario/<int:year>/mes/<int:month>")
@needs(Permission.VIEW_PLAN)
def month(year: int, month: int) -> str:
    """Show a month, day by day."""
    period = periods.of_month(year, month, periods.kept(_wanted()))
    shown = list(Calendar().itermonthdates(year, month))
    locale = "es_MX" if str(get_locale() or "es").startswith("es") else "en"
    names = [format_date(date(2026, 6, 1) + timedelta(days=n), "EEE", locale=locale) for n in range(7)]
    return _draw("calendar/month.html", period, shown[0], shown[-1], weekdays=names)


@blueprint.get("/calendario/semana/<iso>")
@needs(Permission.VIEW_PLAN)
def week(iso: str) -> str:
    """Show a week, named like 2026-W48."""
    period = periods.of_week(iso, periods.kept(_wanted()))
    return _draw("calendar/week.html", period, period.first, period.last)


@blueprint.get("/calendario/lista")
@blueprint.get("/calendario/<int:year>/<int:number>/lista")
@needs(Permission.VIEW_PLAN)
def agenda_list(year: int = 0, number: int = 0) -> str:
    """Show a bimester as a list of days."""
    if not year:
        year, number = bimester_of(periods.today())
    period = periods.of_bimester(year, number, periods.kept(_wanted()), "list")
    title = gettext("No hay nada planeado en estos días.")
    return _draw("calendar/list.html", period, period.first, period.last, nothing=title)
