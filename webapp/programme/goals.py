"""PlanDAI's goals as they are measured, and its facilitators as counts: no list of people."""

from collections.abc import Iterator, Sequence

from flask import Response, render_template, request
from flask_babel import gettext

from content_calendar import programme
from content_calendar.models.local_plans import ActivityKind
from content_calendar.permissions import Permission
from content_calendar.programme_standing import Standing, figures_by_edition, standing_of
from webapp import programme_words as words
from webapp.programme.doors import blueprint, today
from webapp.programme.overview import latest
from webapp.session import db, needs
from webapp.sheets import csv_answer

_P = Permission


def _standing(slug: str) -> Standing:
    return standing_of(db(), programme.find_edition(db(), slug), today())


@blueprint.get("/programa/metas")
@needs(_P.VIEW_PROGRAMME)
def goals() -> str:
    """Show the goals of an edition, measured on what states wrote down."""
    every = programme.editions(db())
    asked = request.args.get("edicion", "") or latest(every)
    if not asked:
        return render_template("programme/nothing.html")
    return render_template(
        "programme/goals.html",
        standing=_standing(asked),
        editions=[(one.slug, one.name) for one in every],
        words=words,
    )


@blueprint.get("/programa/facilitadoras")
@needs(_P.VIEW_PROGRAMME)
def facilitators() -> str:
    """Show how many facilitators each edition formed and certified, and an edition's states."""
    every = programme.editions(db())
    asked = request.args.get("edicion", "") or latest(every)
    if not asked:
        return render_template("programme/nothing.html")
    totals = figures_by_edition(db())
    return render_template(
        "programme/facilitators.html",
        totals=[(one, totals.get(one.id, {})) for one in every],
        standing=_standing(asked),
        editions=[(one.slug, one.name) for one in every],
        training=ActivityKind.TRAINING,
        certification=ActivityKind.CERTIFICATION,
        words=words,
    )


@blueprint.get("/programa/facilitadoras/<slug>.csv")
@needs(_P.VIEW_PROGRAMME)
def facilitators_file(slug: str) -> Response:
    """Return an edition's counts of facilitators by state as a file."""
    standing = _standing(slug)
    return csv_answer(f"personas-facilitadoras-{standing.edition.slug}", _rows(standing))


def _rows(standing: Standing) -> Iterator[Sequence[object]]:
    yield [
        gettext("estado"), gettext("organismo"), gettext("formadas"), gettext("formadas, mujeres"),
        gettext("formadas, hombres"), gettext("certificadas EC-1477"), gettext("certificadas, mujeres"),
        gettext("certificadas, hombres"), gettext("corte"),
    ]  # fmt: skip
    for state in standing.states:
        formed, certified = state.figure(ActivityKind.TRAINING), state.figure(ActivityKind.CERTIFICATION)
        yield [
            state.name, state.short_name, formed.people, formed.women, formed.men, certified.people, certified.women,
            certified.men, standing.today,
        ]  # fmt: skip
