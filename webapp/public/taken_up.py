"""What was published in a bimester, and how it was taken up: counts, a map of the bodies, and each message."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Response, render_template, request, url_for
from sqlalchemy import func, select

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from scheduler.results.models import Result
from webapp.calendar.periods import bimester_title
from webapp.directory.tiles import letters_of, place_of
from webapp.federal import state_of
from webapp.inputs import small
from webapp.kept import kept_page
from webapp.open_data.doors import ask
from webapp.open_data.outgoing_sets import is_out
from webapp.public import outgoing
from webapp.public.doors import begins_at, blueprint, require_open, today
from webapp.public.outgoing import Narrowed
from webapp.public.planned import A_PAGE, asked_bimester
from webapp.session import db, public

# The age at which figures are compared: by then nearly all of what a post will bring has come.
_AGE = "7d"
_DAY = timedelta(days=1)
_STRENGTHS = 3


@dataclass(frozen=True)
class Received:
    """Figures at seven days of those publications whose network gave them; None where none did, which is not zero."""

    measured: int
    engagements: int | None
    views: int | None


def _received(wanted: Narrowed) -> Received:
    row = db().execute(
        select(func.count(Result.engagements), func.sum(Result.engagements), func.sum(Result.views))
        .select_from(Publication)
        .join(Account, Account.id == Publication.account_id)
        .join(Result, (Result.publication_id == Publication.id) & (Result.window == _AGE))
        .where(Publication.published_at >= wanted.begin, Publication.published_at < wanted.end, *is_out(ask()))
    ).one()  # fmt: skip
    measured, engagements, views = row
    return Received(measured, _whole(engagements), _whole(views))


def _whole(value: object) -> int | None:
    # PostgreSQL sums whole numbers as decimals.
    return None if value is None else int(str(value))


@blueprint.get("/publico/publicado")
@public
def published() -> Response:
    """Show a bimester's messages and how they were taken up."""
    closed = require_open("publicaciones", "replicas")
    year, number = asked_bimester(request.args.get("bimestre", ""))
    first, last = bimester_span(year, number)
    wanted = Narrowed(begins_at(first), begins_at(last + _DAY))
    page = max(1, request.args.get("pagina", 1, type=small))
    word = f"{year}-{number}"
    before, after = bimester_after(year, number, -1), bimester_after(year, number)
    found = outgoing.uptake(wanted)
    return kept_page(
        lambda: render_template(
            "public/published.html",
            title=bimester_title(year, number),
            uptake=found,
            bodies=[one for one in outgoing.every_body() if not one.dissolved_on or one.id in found.bodies],
            received=_received(wanted) if "resultados" not in closed else None,
            strength=lambda many: min(_STRENGTHS, -(-many * _STRENGTHS // max(1, found.messages))),
            place_of=place_of,
            letters_of=letters_of,
            state_of=state_of,
            messages=outgoing.messages(wanted, A_PAGE, (page - 1) * A_PAGE),
            page=page,
            pages=-(-found.messages // A_PAGE),
            page_url=lambda n: url_for(".published", bimestre=word, pagina=n),
            before_url=url_for(".published", bimestre="{}-{}".format(*before)),
            after_url=url_for(".published", bimestre="{}-{}".format(*after))
            if after <= bimester_of(today())
            else "",
            closed=closed,
            demo=ask().demo,
            cut_off_at=now(),
        )
    )
