"""The traffic light of an edition: participating states by seven actions, on the page and as a file."""

from collections.abc import Iterator, Sequence

from flask import Response, make_response, render_template, request
from flask_babel import gettext

from content_calendar import programme
from content_calendar.models.programme import Edition
from content_calendar.permissions import Permission, Scope
from content_calendar.programme_rules import Light
from content_calendar.programme_standing import Standing, StateStanding, standing_of
from webapp import programme_words as words
from webapp.programme.doors import blueprint, today
from webapp.session import db, needs, viewer
from webapp.sheets import csv_answer

_P = Permission


def latest(every: Sequence[Edition]) -> str:
    """Return the edition that is on today, else the newest: its dates, or else its name, say which that is."""
    on = today()
    here = [one for one in every if one.starts_on and one.starts_on <= on and (one.ends_on or on) >= on]
    return (here or every)[0].slug if every else ""


@blueprint.get("/programa")
@needs(_P.VIEW_PROGRAMME)
def overview() -> Response:
    """Show the traffic light of the edition that is on."""
    every = programme.editions(db())
    asked = request.args.get("edicion", "") or latest(every)
    return _shown(every, asked) if asked else make_response(render_template("programme/nothing.html"))


@blueprint.get("/programa/plandai/<slug>")
@needs(_P.VIEW_PROGRAMME)
def plandai(slug: str) -> Response:
    """Show an edition's traffic light."""
    return _shown(programme.editions(db()), slug)


def _shown(every: Sequence[Edition], slug: str) -> Response:
    standing = standing_of(db(), programme.find_edition(db(), slug), today())
    wanted = request.args.get("luz", "")
    mine = {one.ref for one in standing.states if _is_mine(one)}
    states = [one for one in standing.states if not wanted or any(cell.light == wanted for cell in one.cells)]
    page = render_template(
        "programme/overview.html",
        standing=standing,
        states=sorted(states, key=lambda one: one.ref not in mine),
        editions=[(one.slug, one.name) for one in every],
        wanted=wanted if wanted in set(Light) else "",
        mine=mine,
        words=words,
    )
    return make_response(page)


def _is_mine(state: StateStanding) -> bool:
    scope = Scope(state.body_id, state.region_id)
    return state.body_id in viewer().rights.bodies() and viewer().can(_P.FOLLOW_PROGRAMME, scope)


@blueprint.get("/programa/plandai/<slug>/semaforo.csv")
@needs(_P.VIEW_PROGRAMME)
def light_file(slug: str) -> Response:
    """Return the traffic light as a file, a row for each state and action."""
    standing = standing_of(db(), programme.find_edition(db(), slug), today())
    return csv_answer(f"semaforo-{standing.edition.slug}", _rows(standing))


def _rows(standing: Standing) -> Iterator[Sequence[object]]:
    yield [
        gettext("estado"), gettext("organismo"), gettext("etapa"), gettext("acción"), gettext("qué"),
        gettext("semáforo"), gettext("vence"), gettext("se hizo"), gettext("por confirmar"),
        gettext("evidencias"), gettext("corte"),
    ]  # fmt: skip
    for state in standing.states:
        for action, cell in zip(standing.actions, state.cells, strict=True):
            yield [
                state.name, state.short_name, action.stage_title, action.position, action.title,
                gettext(words.LIGHTS[cell.light].word), cell.due_on, cell.done_on, cell.claimed_on,
                cell.proofs, standing.today,
            ]  # fmt: skip
