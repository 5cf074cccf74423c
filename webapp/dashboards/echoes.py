"""Réplicas: who took up what this bimester, who is not seen yet, what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, make_response, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from content_calendar.bimesters import bimester_after
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from content_calendar.posts import content_of
from content_calendar.states import PublicationState
from scheduler.replication import funnel
from scheduler.replication.funnel import Ledger, Totals
from webapp import dates
from webapp.calendar.periods import Filters, bimester_title
from webapp.dashboards import echo_filters, echo_words, figures
from webapp.dashboards.echo_filters import Asked
from webapp.dashboards.heat import LEVELS, heat, level_words
from webapp.dashboards.reach import bodies_within
from webapp.dashboards.views import blueprint
from webapp.doors import door
from webapp.inputs import small
from webapp.session import db, needs, viewer

_P = Permission
_POSTS_A_PAGE = 24
_DECLARABLE = timedelta(days=60)
_MOST_DECLARABLE = 200


@dataclass(frozen=True)
class Glance:
    """The bimester in one look: who took something up and how much, who is not seen yet, who was offered nothing."""

    taking: Sequence[tuple[Body, Totals]]
    unseen: Sequence[Body]
    unreached: Sequence[Body]


def glance(found: Ledger, bodies: Sequence[Body]) -> Glance:
    """Return who took up what; a body that nobody stands for is told apart, because nothing reaches it."""
    totals = found.by_body()
    taking = [(body, totals[body.id]) for body in bodies if totals[body.id].bodies]
    taking.sort(key=lambda one: -(one[1].at(funnel.Step.PUBLISHED) or 0))
    return Glance(
        taking,
        [body for body in bodies if not totals[body.id].bodies],
        [body for body in bodies if not totals[body.id].at(funnel.Step.OFFERED)],
    )


def declarable() -> Sequence[Post]:
    """Return the posts that went out lately, the newest first."""
    out = (
        select(Publication.post_id, func.min(Publication.published_at).label("at"))
        .where(
            Publication.state == PublicationState.PUBLISHED, Publication.published_at >= now() - _DECLARABLE
        )
        .group_by(Publication.post_id)
        .subquery()
    )
    return db().scalars(
        select(Post)
        .join(out, out.c.post_id == Post.id)
        .options(joinedload(Post.version))
        .order_by(out.c.at.desc())
        .limit(_MOST_DECLARABLE)
    ).all()  # fmt: skip


def title_of(post: Post) -> str:
    """Return the post's name for lists: its title, or how its text begins."""
    if post.title or post.version is None:
        return post.title or post.ref
    return content_of(post.version).parts[0].splitlines()[0][:90]


def _page() -> Response:
    wanted = echo_filters.asked()
    within = bodies_within(_P.VIEW_REPLICATIONS)
    bodies = echo_filters.narrowed(within, wanted.said["region"])
    found = funnel.read(db(), wanted.span, {body.id for body in bodies})
    may_declare = viewer().can(_P.DECLARE_REPLICATIONS)
    body = render_template(
        "dashboards/replications.html",
        **_map(wanted, found, bodies),
        wanted=wanted,
        title=bimester_title(wanted.year, wanted.number),
        options=echo_filters.options(wanted, within),
        doubtful=_doubtful(),
        within=within,
        found=found,
        glance=glance(found, bodies),
        total=found.total(),
        regions=_regions(found, bodies),
        weeks=_weeks(found),
        declaring=may_declare,
        sweep_url=door("follow.sweep"),
        cut_off=now(),
        say=echo_words,
    )
    return make_response(body)


def _map(wanted: Asked, found: Ledger, bodies: Sequence[Body]) -> Mapping[str, object]:
    """Return what the map shows: a page of posts, the last to go out first."""
    page = max(1, request.args.get("pagina", 1, type=small))
    every = found.posts[::-1]
    posts = every[(page - 1) * _POSTS_A_PAGE : page * _POSTS_A_PAGE]
    args: Filters = {"bimestre": wanted.word, **wanted.given}
    before = "{}-{}".format(*bimester_after(wanted.year, wanted.number, -1))
    after = "{}-{}".format(*bimester_after(wanted.year, wanted.number))
    return {
        "heat": heat(found, posts, bodies),
        "levels": LEVELS,
        "level_words": level_words(),
        "page": page,
        "pages": -(-len(every) // _POSTS_A_PAGE),
        "page_url": lambda n: url_for(".replications", **args, pagina=n),
        "before_url": url_for(".replications", **{**args, "bimestre": before}),
        "after_url": url_for(".replications", **{**args, "bimestre": after}),
    }


def _doubtful() -> int:
    if not viewer().can(_P.DECIDE_REPLICATIONS):
        return 0
    return figures.doubtful_count(bodies_within(_P.DECIDE_REPLICATIONS))


def _regions(found: Ledger, bodies: Sequence[Body]) -> Sequence[tuple[str, str, int, Totals]]:
    """Return each region with its address, how many bodies it has here and what they came to."""
    totals = found.by_region({body.id: body.region_id for body in bodies})
    rows = []
    for slug, name in echo_filters.regions_of(bodies):
        inside = [body for body in bodies if body.region is not None and body.region.slug == slug]
        url = url_for(".region_echoes", key=slug)
        rows.append((name, url, len(inside), totals.get(inside[0].region_id, Totals())))
    return rows


def _weeks(found: Ledger) -> Sequence[tuple[str, Totals]]:
    speaker = dates.speaker()
    return [(speaker.week_words(week), total) for week, total in found.by_week(dates.zone()).items()]


@blueprint.get("/replicas")
@needs(_P.VIEW_REPLICATIONS)
def replications() -> Response:
    """Show which body took up which post of the bimester, and what waits for a person."""
    return _page()
