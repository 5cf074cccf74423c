"""``/api/v1/replications``: who took what up, with the sum of the evidence; and a body's own word, with its link.

The word of a body's site counts as that of whoever made its key.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, jsonify, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from assets.models import KeyScope
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from content_calendar.posts import PostNotFoundError
from content_calendar.states import PublicationState
from scheduler.models import Replication, ReplicationKind
from scheduler.replication import declaring, evidence
from scheduler.replication.evidence import Summary
from webapp.api.bearer import by_person, key, opens
from webapp.api.operations import MOST, PAGED, USUAL, Operation, described
from webapp.api.reading import body
from webapp.api.views import blueprint, number, said_at
from webapp.dashboards.reach import bodies_within, body_within
from webapp.problems import Fault, ShapeError
from webapp.security import csrf
from webapp.session import db, needs, person, viewer
from webapp.words import N_

_P = Permission
_CREATED = 201


@blueprint.get("/replications")
@needs(Permission.VIEW_REPLICATIONS)
@described(
    Operation(
        N_("Las réplicas de los organismos a tu alcance."), "Replications", takes=PAGED, topic="replications"
    )
)
def replications() -> Response:
    """Return the replications of the bodies within reach; six queries, however many there are."""
    limit, after = number("limit", USUAL, MOST), number("after", 0, None)
    within = [body.id for body in bodies_within(Permission.VIEW_REPLICATIONS)]
    rows = db().scalars(
        select(Replication)
        .where(Replication.body_id.in_(within), Replication.id > after)
        .options(joinedload(Replication.post), joinedload(Replication.body))
        .order_by(Replication.id)
        .limit(limit + 1)
    ).all()  # fmt: skip
    shown = rows[:limit]
    more = url_for(".replications", after=shown[-1].id, limit=limit) if len(rows) > limit else None
    return jsonify({"as_of": now().isoformat(), "items": plain(shown), "next": more})


def plain(rows: Sequence[Replication]) -> list[dict[str, Any]]:
    """Return what is told of replications: two queries, however many there are."""
    seen = evidence.summaries(db(), [row.id for row in rows])
    out = db().execute(
        select(Publication.post_id, func.min(Publication.published_at))
        .where(
            Publication.post_id.in_({row.post_id for row in rows}),
            Publication.state == PublicationState.PUBLISHED,
        )
        .group_by(Publication.post_id)
    )
    out_at = {post_id: at for post_id, at in out if at is not None}
    return [_replication(row, out_at.get(row.post_id), seen.get(row.id)) for row in rows]


def _replication(row: Replication, out_at: Any, seen: Summary | None) -> dict[str, Any]:  # noqa: ANN401 -- a moment or nothing
    lag = None if out_at is None or not row.dated else max(0, int((row.occurred_at - out_at).total_seconds()))
    return {
        "ref": row.ref,
        "post": row.post.ref,
        "body": row.body.slug,
        "kind": row.kind.value,
        "stage": row.stage.value,
        "score": row.score,
        "why": {"code": row.why_code, "params": row.why_params},
        "link": row.link or None,
        "occurred_at": said_at(row.occurred_at),
        "seen_at": said_at(row.seen_at),
        "lag_seconds": lag,
        "evidence": {
            "pieces": seen.pieces if seen else 0,
            "files": seen.files if seen else 0,
            "first_at": said_at(seen.first_at) if seen else None,
            "last_at": said_at(seen.last_at) if seen else None,
        },
    }


@blueprint.post("/replications")
@opens(KeyScope.REPLICAS, _P.DECLARE_REPLICATIONS)
@described(
    Operation(
        N_(
            "Anota que tu organismo retomó una publicación, con su enlace; el mismo otra vez es la misma réplica."
        ),
        "Declared",
        KeyScope.REPLICAS,
        (),
        (404,),
        sends="Declaration",
        status=201,
        topic="replications",
    )
)
def declare_replication() -> Response:
    """Take the word of a body's site, or of somebody of it, that it took a post up; the same link again is the same."""
    said = body("Declaration")
    post = db().scalars(select(Post).where(Post.ref == said["post"])).one_or_none()
    if post is None:
        raise PostNotFoundError(ref=said["post"])
    by, body_id = _declarer(said)
    declared = declaring.declare(
        db(),
        by,
        post_id=post.id,
        body_id=body_id,
        link=said["link"],
        occurred_at=datetime.fromisoformat(said["occurred_at"]) if "occurred_at" in said else None,
        kind=ReplicationKind(said.get("kind", ReplicationKind.NOTE)),
    )
    row = declared.replication
    told = {
        "ref": row.ref,
        "post": post.ref,
        "body": db().get_one(Body, row.body_id).slug,
        "kind": row.kind.value,
        "stage": row.stage.value,
    }
    says = declared.says
    account = {"network": says.network, "handle": says.handle, "known": says.own} if says.network else None
    answer = jsonify(told | {"occurred_at": said_at(row.occurred_at), "account": account})
    answer.status_code = _CREATED
    return answer


def _declarer(said: dict[str, Any]) -> tuple[Person, int]:
    """Return who declares, and for which body: that of the key, or one that the person may declare for."""
    if not by_person():
        return db().get_one(Person, key().made_by_id), key().body_id
    own = viewer().rights.bodies()
    if "body" not in said:
        if len(own) != 1:
            raise ShapeError([Fault("/body", "value_missing")])
        return person(), next(iter(own))
    return person(), body_within(_P.DECLARE_REPLICATIONS, said["body"]).id


# It is opened by a key in a header, which no other site can make a browser send.
csrf.exempt(declare_replication)
