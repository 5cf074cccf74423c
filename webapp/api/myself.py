"""``/api/v1/me`` and ``/api/v1/notices``: whose the token is, what it opens, and what needs that person."""

from typing import Any

from flask import Response, jsonify, url_for
from sqlalchemy import select

from content_calendar import notices
from content_calendar.clock import now
from content_calendar.models.directory import Body, Region
from content_calendar.models.notices import Notice
from content_calendar.permissions import Permission, Role
from webapp.account.noticing import told
from webapp.api.operations import MOST, PAGED, USUAL, Operation, described
from webapp.api.schema import (
    MAYBE_MOMENT,
    MAYBE_TEXT,
    MOMENT,
    TEXT,
    TRUTH,
    many,
    page,
    record,
    shape,
    shapes_of,
)
from webapp.api.views import blueprint, number, said_at
from webapp.session import db, needs, person, viewer
from webapp.words import N_

_P = Permission
_TOPIC = "me"
shapes_of(
    Me=record(
        ref=TEXT, name=TEXT, roles=many(shape("HeldRole")), permissions=many({"enum": sorted(Permission)}), zone=TEXT
    ),
    HeldRole=record(role={"enum": sorted(Role)}, body=MAYBE_TEXT, region=MAYBE_TEXT),
    Notice=record(
        ref=TEXT, code=TEXT, subject=record(kind=TEXT, ref=TEXT), at=MOMENT, read_at=MAYBE_MOMENT,
        over_at=MAYBE_MOMENT, waiting=TRUTH, what=TEXT, todo=TEXT,
    ),
    Notices=page("Notice"),
)  # fmt: skip


@blueprint.get("/me")
@needs(_P.ENTER)
@described(Operation(N_("De quién es la llave, y qué abre."), "Me", topic=_TOPIC))
def me() -> Response:
    """Return who asks, and what they may do with what they asked with."""
    grants = viewer().rights.grants
    bodies = dict(
        db().execute(select(Body.id, Body.slug).where(Body.id.in_([one.body_id for one in grants]))).all()
    )
    regions = dict(
        db()
        .execute(select(Region.id, Region.slug).where(Region.id.in_([one.region_id for one in grants])))
        .all()
    )
    return jsonify(
        {
            "ref": person().ref,
            "name": person().name,
            "roles": [
                {
                    "role": one.role.value,
                    "body": bodies.get(one.body_id or 0),
                    "region": regions.get(one.region_id or 0),
                }
                for one in grants
            ],
            "permissions": [one.value for one in Permission if viewer().can(one)],
            "zone": viewer().zone,
        }
    )


@blueprint.get("/notices")
@needs(_P.ENTER)
@described(Operation(N_("Tus avisos, del más antiguo al más nuevo."), "Notices", takes=PAGED, topic=_TOPIC))
def my_notices() -> Response:
    """Return one's own notices."""
    limit, after = number("limit", USUAL, MOST), number("after", 0, None)
    rows = db().scalars(
        select(Notice).where(Notice.person_id == person().id, Notice.id > after).order_by(Notice.id).limit(limit + 1)
    ).all()  # fmt: skip
    shown = rows[:limit]
    more = url_for(".my_notices", after=shown[-1].id, limit=limit) if len(rows) > limit else None
    return jsonify({"as_of": now().isoformat(), "items": [_plain(one) for one in shown], "next": more})


def _plain(row: Notice) -> dict[str, Any]:
    said = told(row)
    return {
        "ref": row.ref,
        "code": row.code,
        "subject": {"kind": row.subject_kind, "ref": row.subject_ref},
        "at": row.created_at.isoformat(),
        "read_at": said_at(row.read_at),
        "over_at": said_at(row.over_at),
        "waiting": row.read_at is None and row.over_at is None,
        "what": said.what,
        "todo": said.todo,
    }


@blueprint.post("/notices/<ref>/read")
@needs(_P.ENTER)
@described(Operation(N_("Marca un aviso como leído."), "Notice", topic=_TOPIC))
def read_notice(ref: str) -> Response:
    """Note that the person has seen it."""
    row = notices.find(db(), person().id, ref)
    notices.mark_read(db(), person().id, ref)
    db().refresh(row)
    return jsonify(_plain(row))


@blueprint.post("/notices/read")
@needs(_P.ENTER)
@described(Operation(N_("Marca todos tus avisos como leídos."), status=204, topic=_TOPIC))
def read_notices() -> Response:
    """Note that the person has seen everything."""
    notices.mark_all_read(db(), person().id)
    return Response(status=204)
