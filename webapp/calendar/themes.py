"""Themes: chosen for a bimester, made, looked at; and what each asks of the bodies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import contributions, events, planning, visibility
from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from content_calendar.directory import list_bodies
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.models.plan import Bimester, Contribution, Theme, ThemeSpan
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.proposals import Proposal, observed, place_observance, proposals
from content_calendar.states import PostState
from webapp.calendar import periods
from webapp.calendar.doors import SEE_OTHER, UNPROCESSABLE, announce, blueprint
from webapp.calendar.theme_kinds import theme_kind
from webapp.errors import status_of, tell
from webapp.session import db, needs, person, viewer
from webapp.words import N_

WHY = {
    "dated": N_("Sus fechas caen en este bimestre"),
    "recurring": N_("Vuelven cada cierto tiempo y les toca"),
    "last_year": N_("Estuvieron en este bimestre el año pasado"),
    "permanent": N_("Siempre vigentes"),
}
_AREA_LENGTH = 60
_PLACE = re.compile(r"\d{1,4}-\d", re.ASCII)


@dataclass(frozen=True)
class Place:
    """A bimester in an address, opened or not."""

    year: int
    number: int

    @property
    def text(self) -> str:
        """Return it as it stands in a form, such as "2026-6"."""
        return f"{self.year}-{self.number}"

    @property
    def title(self) -> str:
        """Return it in words."""
        return periods.bimester_title(self.year, self.number)


def place_from(text: str) -> Place:
    """Return the bimester that a form or an address names; today's when it names none."""
    year, _, number = text.partition("-")
    if _PLACE.fullmatch(text):
        periods.of_bimester(int(year), int(number), {})
        return Place(int(year), int(number))
    return Place(*bimester_of(periods.today()))


def _looked_at(place: Place) -> Bimester:
    """Return the bimester; one that nobody has opened is made only in mind, since looking writes nothing."""
    found = planning.find_bimester(db(), place.year, place.number)
    if found is not None:
        return found
    period = periods.of_bimester(place.year, place.number, {})
    return Bimester(year=place.year, number=place.number, starts_on=period.first, ends_on=period.last)


def _choosing(place: Place, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    bimester = _looked_at(place)
    groups: dict[str, list[Proposal]] = {why: [] for why in WHY}
    for one in proposals(db(), bimester):
        groups[one.turn.why.value].append(one)
    spans = db().execute(
        select(ThemeSpan.ref, ThemeSpan.starts_on, ThemeSpan.ends_on, Theme.ref, Theme.title)
        .join(Theme, Theme.id == ThemeSpan.theme_id)
        .where(ThemeSpan.bimester_id == bimester.id)
        .order_by(ThemeSpan.starts_on, ThemeSpan.id)
    )
    every = db().execute(
        select(Theme.ref, Theme.title).where(Theme.archived_at.is_(None)).order_by(Theme.title)
    )
    body = render_template(
        "calendar/choose_themes.html",
        place=place,
        bimester=bimester,
        groups=[(gettext(WHY[why]), why, some) for why, some in groups.items() if some],
        spans=list(spans),
        every=[(ref, title[:100]) for ref, title in every],
        observances=observed(db(), bimester),
        errors=errors or {},
        typed=request.form,
        goal=bimester.goal or "",
    )
    return make_response(body, status)


@blueprint.get("/calendario/<int:year>/<int:number>/temas")
@needs(Permission.EDIT_PLAN)
def choose_themes(year: int, number: int) -> Response:
    """Show what the bimester could be about, and what it already is."""
    periods.of_bimester(year, number, {})
    return _choosing(Place(year, number))


@blueprint.post("/calendario/<int:year>/<int:number>/temas")
@needs(Permission.EDIT_PLAN)
def place_themes(year: int, number: int) -> BaseResponse:
    """Place the chosen themes and observances: proposals on their own days, others on those that are given."""
    place = Place(year, number)
    periods.of_bimester(year, number, {})
    bimester = planning.open_bimester(db(), year, number)
    turns = {one.theme.ref: one.turn for one in proposals(db(), bimester)}
    placed = 0
    try:
        for ref in dict.fromkeys(ref for ref in request.values.getlist("tema") if ref):
            turn = turns.get(ref)
            first = _day("desde") or (turn.starts_on if turn else bimester.starts_on)
            last = _day("hasta") or (turn.ends_on if turn else bimester.ends_on)
            theme = planning.find_theme(db(), ref)
            planning.place_theme(db(), bimester, theme, first, last, actor_ref=person().ref)
            placed += 1
        placed += _place_observances(bimester)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return _choosing(place, {"tema": [tell(error)]}, status_of(error))
    if not placed:
        return _choosing(place, {"tema": [gettext("Elige al menos un tema.")]}, UNPROCESSABLE)
    said = ngettext("Pusimos %(num)s tema en el bimestre.", "Pusimos %(num)s temas en el bimestre.", placed)
    flash(said, "success")
    return redirect(url_for("calendar.bimester", year=year, number=number), SEE_OTHER)


def _place_observances(bimester: Bimester) -> int:
    slugs = set(request.form.getlist("efemeride"))
    chosen = [one for one in observed(db(), bimester) if one.slug in slugs] if slugs else []
    for one in chosen:
        place_observance(db(), bimester, one, actor_ref=person().ref)
    return len(chosen)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return None


@blueprint.post("/calendario/temas/<span>/quitar")
@needs(Permission.EDIT_PLAN)
def take_theme(span: str) -> BaseResponse:
    """Take a theme off its days; the answer offers to put it back."""
    found = planning.find_span(db(), span)
    year, number = bimester_of(found.starts_on)
    undo = url_for(
        "calendar.place_themes",
        year=year,
        number=number,
        tema=found.theme.ref,
        desde=found.starts_on.isoformat(),
        hasta=found.ends_on.isoformat(),
    )
    planning.remove_theme(db(), found, actor_ref=person().ref)
    said = gettext(
        "Quitamos «%(title)s» del bimestre. Sus publicaciones y aportes siguen.", title=found.theme.title
    )
    announce({"text": said, "undo_url": undo})
    return redirect(url_for("calendar.choose_themes", year=year, number=number), SEE_OTHER)


@blueprint.post("/calendario/<int:year>/<int:number>/proposito")
@needs(Permission.EDIT_PLAN)
def set_goal(year: int, number: int) -> BaseResponse:
    """Write what the bimester is for."""
    periods.of_bimester(year, number, {})
    bimester = planning.open_bimester(db(), year, number)
    try:
        planning.set_goal(db(), bimester, request.form.get("goal", ""), actor_ref=person().ref)
    except InvalidError as error:
        db().rollback()
        return _choosing(Place(year, number), {"goal": [tell(error)]}, UNPROCESSABLE)
    flash(gettext("Guardamos el propósito del bimestre."), "success")
    return redirect(url_for("calendar.bimester", year=year, number=number), SEE_OTHER)


@blueprint.post("/temas")
@needs(Permission.EDIT_PLAN)
def make_theme() -> BaseResponse:
    """Make a theme and place it on the bimester it was made for."""
    place = place_from(request.form.get("bimestre", ""))
    fields = planning.ThemeFields(
        title=request.form.get("title", ""),
        description=request.form.get("description", "").strip(),
        area=request.form.get("area", "")[:_AREA_LENGTH].strip(),
    )
    try:
        bimester = planning.open_bimester(db(), place.year, place.number)
        theme = planning.make_theme(db(), fields, actor_ref=person().ref)
        first, last = _day("desde") or bimester.starts_on, _day("hasta") or bimester.ends_on
        planning.place_theme(db(), bimester, theme, first, last, actor_ref=person().ref)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        field = getattr(error, "field", None) or "title"
        named = {"starts_on": "desde", "ends_on": "hasta"}.get(field, field)
        return _choosing(place, {named: [tell(error)]}, status_of(error))
    flash(gettext("Hicimos el tema «%(title)s» y ya está en el bimestre.", title=theme.title), "success")
    return redirect(url_for("calendar.theme", ref=theme.ref, bimestre=place.text), SEE_OTHER)


@blueprint.get("/temas/<ref>")
@needs(Permission.VIEW_PLAN)
def theme(ref: str) -> Response:
    """Show a theme: its facts, its posts, who has contributed and who has not."""
    return show_theme(ref, request.args.get("bimestre", ""))


def show_theme(
    ref: str, where: str, errors: dict[str, list[str]] | None = None, status: int = 200
) -> Response:
    """Show a theme as of one bimester, the one named, or the theme's own that is nearest to come."""
    found = planning.find_theme(db(), ref)
    spans = db().execute(
        select(ThemeSpan.starts_on, ThemeSpan.ends_on, Bimester.year, Bimester.number)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(ThemeSpan.theme_id == found.id)
        .order_by(ThemeSpan.starts_on)
    )
    placed = [(first, last, Place(year, number)) for first, last, year, number in spans]
    place = place_from(where) if where else _nearest([(last, one) for _, last, one in placed])
    bimester = _looked_at(place)
    given = contributions.of_theme(db(), bimester, found) if bimester.id else []
    posts = db().execute(
        select(Post.ref, Post.title, Post.state, Post.due_at, Post.due_zone)
        .where(
            Post.theme_id == found.id,
            Post.state != PostState.DISCARDED,
            *visibility.visible_posts(viewer().rights),
        )
        .order_by(Post.due_at.is_(None), Post.due_at)
        .limit(200)
    )
    body = render_template(
        "calendar/theme.html",
        theme=found,
        theme_kind=theme_kind,
        placed=placed,
        place=place,
        places=list(dict.fromkeys([place, *(one for *_, one in placed)])),
        contributions=given,
        readable={one.id for one in given if visibility.reads_contribution(viewer().rights, one)},
        posts=list(posts),
        events=events.of_theme(db(), found),
        bodies=_bodies_to_ask(given) if viewer().can(Permission.ASK_CONTRIBUTIONS) else [],
        may_volunteer=_own_bodies() if viewer().can(Permission.CONTRIBUTE) else [],
        errors=errors or {},
        typed=request.form,
        today=periods.today().isoformat(),
    )
    return make_response(body, status)


def _nearest(spans: Sequence[tuple[date, Place]]) -> Place:
    return next((one for last, one in spans if last >= periods.today()), place_from(""))


def _own_bodies() -> Sequence[Body]:
    ids = viewer().rights.bodies()
    return db().scalars(select(Body).where(Body.id.in_(ids)).order_by(Body.state_iso)).all() if ids else []


def _bodies_to_ask(given: Sequence[Contribution]) -> list[tuple[str, str]]:
    asked = {one.body_id for one in given}
    return [
        (one.body.slug, f"{one.body.state_name} · {one.body.short_name}")
        for one in list_bodies(db(), now().date())
        if one.body.id not in asked
    ]
