"""A replication's own page, and the page of a pair of which no replication is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.posts import PostNotFoundError
from scheduler.models import Replication, ReplicationStage
from scheduler.replication import asking, barrido, deciding, funnel
from scheduler.replication.funnel import Cell, OutPost
from webapp import barrido_words
from webapp.dashboards import echo_words
from webapp.dashboards.doubts import find_echo, pair_of
from webapp.dashboards.echoes import title_of
from webapp.dashboards.reach import body_within, scope_of
from webapp.dashboards.views import blueprint
from webapp.doors import door
from webapp.session import db, needs, viewer

_P = Permission
_MOST = 50


@dataclass(frozen=True)
class Known:
    """What is known of a post with a body: how far it came, and every proof of it."""

    post: Post
    title: str
    out: OutPost | None
    body: Body
    cell: Cell
    proofs: Sequence[Replication]


def known_of(post: Post, body: Body) -> Known:
    """Return what is known of the pair; nobody can have taken up what is not out."""
    out = funnel.first_out(db(), post)
    cell = funnel.of_posts(db(), [out], [body.id]).cell(post.id, body.id) if out else Cell()
    proofs = db().scalars(
        select(Replication)
        .where(Replication.post_id == post.id, Replication.body_id == body.id)
        .order_by(Replication.occurred_at, Replication.id)
        .limit(_MOST)
    ).all()  # fmt: skip
    return Known(post, title_of(post), out, body, cell, proofs)


def _shown(known: Known) -> dict[str, object]:
    body = known.body
    may_declare = viewer().can(_P.DECLARE_REPLICATIONS, scope_of(body)) and not body.dissolved_on
    return {
        "known": known,
        "declare_url": door("replicas.declare", publicacion=known.post.ref, organismo=body.slug),
        "offline_url": door(
            "replicas.declare", publicacion=known.post.ref, organismo=body.slug, _anchor="fuera-de-linea"
        ),
        "may_declare": may_declare,
        "pack_url": door(
            "toolbox.pack",
            of="publicacion",
            subject=known.post.ref,
            organismo=body.slug if may_declare else None,
        ),
        "may_decide": viewer().can(_P.DECIDE_REPLICATIONS, scope_of(body)),
        "steps": funnel.STEPS,
        "looks": barrido.looks_of(db(), known.post.id, body.id),
        "look_words": {key: gettext(word) for key, word in barrido_words.ANSWERS.items()},
        "why_words": {key: gettext(word) for key, word in barrido_words.WHYS.items()},
        "say": echo_words,
        "cut_off": now(),
    }


@blueprint.get("/replicas/<ref>")
@needs(_P.VIEW_REPLICATIONS)
def echo(ref: str) -> str:
    """Show one replication: both texts, why we think so, who decided what, and what one may decide."""
    row = find_echo(ref, _P.VIEW_REPLICATIONS)
    known = known_of(row.post, row.body)
    happened = deciding.history(db(), row.ref)
    out_at = known.out.first_at if known.out else None
    return render_template(
        "dashboards/echo.html",
        pair=pair_of(row),
        row=row,
        lag=row.occurred_at - out_at if row.dated and out_at and row.occurred_at >= out_at else None,
        happened=happened,
        question=asking.question_in(happened),
        may_answer=row.stage is ReplicationStage.DOUBTFUL and row.body_id in viewer().rights.bodies(),
        **_shown(known),
    )


@blueprint.get("/replicas/par/<post_ref>/<slug>")
@needs(_P.VIEW_REPLICATIONS)
def pair(post_ref: str, slug: str) -> str:
    """Show what is known of a post with a body, and what one can do so that it is known better."""
    body = body_within(_P.VIEW_REPLICATIONS, slug)
    post = db().scalars(
        select(Post).where(Post.ref == post_ref).options(joinedload(Post.version))
    ).one_or_none()  # fmt: skip
    known = known_of(post, body) if post is not None else None
    # What is not out yet is nobody's to read here.
    if known is None or known.out is None:
        raise PostNotFoundError(ref=post_ref)
    return render_template("dashboards/pair.html", **_shown(known))
