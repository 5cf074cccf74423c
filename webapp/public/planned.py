"""The public calendar: a bimester's themes, the events that anybody knows of, and what is out already."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.errors import NotFoundError
from content_calendar.models.events import Event
from content_calendar.models.plan import Bimester, Theme, ThemeSpan
from content_calendar.planning import ThemeNotFoundError
from webapp import event_kinds
from webapp.calendar.periods import bimester_title
from webapp.inputs import small
from webapp.kept import kept_page
from webapp.open_data.doors import ask
from webapp.open_data.plan_sets import has_begun, is_announced
from webapp.public import outgoing
from webapp.public.doors import begins_at, blueprint, require_open, today
from webapp.public.outgoing import Narrowed
from webapp.session import db, public

A_PAGE = 30
_DAY = timedelta(days=1)


class NotBegunError(NotFoundError):
    """That bimester has not begun: what it will say is being prepared."""

    code = "bimester_not_begun"


def spans_of(year: int, number: int) -> Sequence[ThemeSpan]:
    """Return the themes of a bimester where they stand, with each one's theme; one query."""
    return db().scalars(
        select(ThemeSpan)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(Bimester.year == year, Bimester.number == number)
        .options(joinedload(ThemeSpan.theme))
        .order_by(ThemeSpan.starts_on, ThemeSpan.id)
    ).all()  # fmt: skip


def public_theme(ref: str) -> Theme:
    """Return a theme of a bimester that has begun; raise ThemeNotFoundError for any other."""
    placed = (
        select(ThemeSpan.id)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(ThemeSpan.theme_id == Theme.id, has_begun(ask()))
    )
    theme = db().scalars(select(Theme).where(Theme.ref == ref, placed.exists())).one_or_none()
    if theme is None:
        raise ThemeNotFoundError(ref=ref)
    return theme


def events_of(first: date, last: date) -> Sequence[Event]:
    """Return the events of those days that anybody knows of, in order of time; one query."""
    return db().scalars(
        select(Event)
        .where(Event.starts_on <= last, Event.ends_on >= first, is_announced(ask()))
        .options(joinedload(Event.body))
        .order_by(Event.starts_at, Event.id)
    ).all()  # fmt: skip


def asked_bimester(word: str) -> tuple[int, int]:
    """Return the bimester of a word such as 2026-6, or today's; raise NotBegunError for one to come."""
    present = bimester_of(today())
    year, _, number = word.partition("-")
    try:
        found = (small(year), small(number)) if word else present
    except ValueError:
        found = present
    first, _ = bimester_span(*found)
    if first > today():
        raise NotBegunError
    return found


@blueprint.get("/publico/calendario")
@public
def calendar() -> BaseResponse:
    """Show this bimester, or the one that is asked for."""
    return _calendar(*asked_bimester(request.args.get("bimestre", "")))


@blueprint.get("/publico/calendario/<int:year>/<int:number>")
@public
def calendar_of(year: int, number: int) -> BaseResponse:
    """Lead to the same page by its one address."""
    return redirect(url_for(".calendar", bimestre=f"{year}-{number}"))


def _calendar(year: int, number: int) -> Response:
    closed = require_open("calendario", "temas")
    first, last = bimester_span(year, number)
    page = max(1, request.args.get("pagina", 1, type=small))
    wanted = Narrowed(begins_at(first), begins_at(last + _DAY))
    out = "publicaciones" not in closed
    word = f"{year}-{number}"
    before, after = bimester_after(year, number, -1), bimester_after(year, number)
    total = outgoing.count(wanted) if out else 0
    return kept_page(
        lambda: render_template(
            "public/calendar.html",
            title=bimester_title(year, number),
            spans=spans_of(year, number),
            events=events_of(first, last),
            kind_name=event_kinds.kind_name,
            messages=outgoing.messages(wanted, A_PAGE, (page - 1) * A_PAGE) if out else [],
            total=total,
            page=page,
            pages=-(-total // A_PAGE),
            page_url=lambda n: url_for(".calendar", bimestre=word, pagina=n),
            before_url=url_for(".calendar", bimestre="{}-{}".format(*before)),
            after_url=url_for(".calendar", bimestre="{}-{}".format(*after))
            if after <= bimester_of(today())
            else "",
            closed=closed,
            demo=ask().demo,
            cut_off_at=now(),
        )
    )
