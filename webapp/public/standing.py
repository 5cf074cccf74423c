"""The public traffic light of PlanDAI, with its rule beside it, and its goals."""

from flask import Response, render_template
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import programme
from content_calendar.clock import now
from content_calendar.models.local_plans import ActivityKind
from content_calendar.models.programme import Edition
from content_calendar.programme_standing import standing_of as edition_standing
from webapp.kept import kept_page
from webapp.programme_words import GOALS, LIGHTS
from webapp.public.doors import blueprint, require_open, today
from webapp.session import db, public


@blueprint.get("/publico/semaforo")
@public
def standing() -> BaseResponse:
    """Show the newest edition's traffic light."""
    closed = require_open("semaforo-plandai")
    editions = programme.editions(db())
    if not editions:
        return kept_page(
            lambda: render_template(
                "public/standing.html", standing=None, editions=[], lights=LIGHTS, closed=closed
            )
        )
    return _page(editions[0], closed)


@blueprint.get("/publico/semaforo/<slug>")
@public
def standing_of(slug: str) -> BaseResponse:
    """Show an edition's traffic light; raise EditionNotFoundError."""
    closed = require_open("semaforo-plandai")
    return _page(programme.find_edition(db(), slug), closed)


def _page(edition: Edition, closed: frozenset[str]) -> Response:
    return kept_page(
        lambda: render_template(
            "public/standing.html",
            standing=edition_standing(db(), edition, today()),
            editions=programme.editions(db()),
            lights=LIGHTS,
            goals=GOALS,
            training=ActivityKind.TRAINING,
            certification=ActivityKind.CERTIFICATION,
            closed=closed,
            cut_off_at=now(),
        )
    )
