"""``/api/v1/materiales`` and ``/api/v1/publicaciones``: what a body may use today, for its own site.

As everywhere in the tool-box: materials that may be used that day where the body is, and texts that were
approved. A page is asked for by what the last one ended with, and may hold fewer than ``limit``.
"""

from collections.abc import Sequence
from typing import Any

from flask import Response, request, url_for
from sqlalchemy import false, select
from sqlalchemy.orm import Session

from assets import library, packs
from assets.clearance import Scope
from assets.models import Asset, AssetKind, AssetVersion, KeyScope
from assets.packs import PackedPost
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from content_calendar.visibility import APPROVED
from webapp.api.bearer import key, opens, tagged
from webapp.api.operations import MOST, PAGED, USUAL, Operation, described
from webapp.api.views import blueprint, number
from webapp.session import db
from webapp.toolbox.packing import zone_of
from webapp.words import N_


def body_of_key() -> Body:
    """Return the body whose key this request shows."""
    return db().get_one(Body, key().body_id)


def _cleared(session: Session, refs: Sequence[str], body: Body) -> list[str]:
    answers = library.clearance_of(session, refs, now(), zone_of(body), Scope.NETWORKS)
    return [ref for ref in refs if answers[ref].ok]


@blueprint.get("/materiales")
@opens(KeyScope.MATERIALS)
@described(
    Operation(
        N_("Los materiales que tu organismo puede usar hoy."),
        "Materials",
        KeyScope.MATERIALS,
        (*PAGED, "tema", "tipo"),
        topic="site",
        tagged=True,
    )
)
def materials() -> Response:
    """Return the materials that the body may use today; ``tema`` and ``tipo`` narrow them down."""
    limit, after = number("limit", USUAL, MOST), number("after", 0, None)
    query = select(Asset.id, Asset.ref).where(Asset.archived_at.is_(None), Asset.id > after)
    if theme := request.args.get("tema"):
        query = query.join(Theme, Theme.id == Asset.theme_id).where(Theme.ref == theme)
    if (kind := request.args.get("tipo")) is not None:
        query = query.where(Asset.kind == kind) if kind in set(AssetKind) else query.where(false())
    rows = db().execute(query.order_by(Asset.id).limit(limit + 1)).all()
    shown = rows[:limit]
    refs = _cleared(db(), [row.ref for row in shown], body_of_key())
    items = [plain_material(asset, version) for asset, version in last_versions(refs)]
    theme, kind = request.args.get("tema"), request.args.get("tipo")
    following = (
        url_for(".materials", after=shown[-1].id, limit=limit, tema=theme, tipo=kind) if shown else None
    )
    more = following if len(rows) > limit else None
    return tagged({"items": items, "next": more}, now().isoformat())


def last_versions(refs: Sequence[str]) -> list[tuple[Asset, AssetVersion]]:
    """Return the materials with their last versions, in their order."""
    rows = db().execute(
        select(Asset, AssetVersion)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(Asset.ref.in_(refs))
        .order_by(Asset.id, AssetVersion.n)
    )
    return list({asset.id: (asset, version) for asset, version in rows}.values())


def plain_material(asset: Asset, version: AssetVersion) -> dict[str, Any]:
    """Return what is told of a material and its last version."""
    return {
        "ref": asset.ref,
        "kind": asset.kind.value,
        "title": asset.title,
        "description": asset.description,
        "alt_text": asset.alt_text,
        "language": asset.language,
        "author": asset.author or None,
        "source": asset.source or None,
        "licence": asset.licence or None,
        "expires_on": asset.expires_on.isoformat() if asset.expires_on else None,
        "version": version.n,
        "media_type": version.media_type,
        "size": version.size,
        "width": version.width,
        "height": version.height,
        "added_at": asset.created_at.isoformat(),
        "url": url_for(".material", ref=asset.ref),
    }


@blueprint.get("/publicaciones")
@opens(KeyScope.TEXTS)
@described(
    Operation(
        N_("Las publicaciones aprobadas: sus textos, por red donde cambian, y sus materiales."),
        "ApprovedTexts",
        KeyScope.TEXTS,
        PAGED,
        topic="site",
        tagged=True,
    )
)
def approved_texts() -> Response:
    """Return the approved posts: their texts, by network where they differ, and their materials by reference."""
    limit, after = number("limit", USUAL, MOST), number("after", 0, None)
    ids = list(
        db().scalars(
            select(Post.id)
            .where(Post.state.in_(APPROVED), Post.approved_version_id.is_not(None), Post.id > after)
            .order_by(Post.id)
            .limit(limit + 1)
        )
    )
    shown = packs.approved(db(), Post.id.in_(ids[:limit]))
    refs = {one.asset_ref for post in shown for one in post.content.media}
    cleared = set(_cleared(db(), sorted(refs), body_of_key()))
    items = [_post(post, cleared) for post in sorted(shown, key=lambda one: one.id)]
    more = url_for(".approved_texts", after=ids[limit - 1], limit=limit) if len(ids) > limit else None
    return tagged({"items": items, "next": more}, now().isoformat())


def _post(post: PackedPost, cleared: set[str]) -> dict[str, Any]:
    content = post.content
    return {
        "ref": post.ref,
        "kind": content.kind,
        "title": post.title,
        "language": content.language,
        "parts": list(content.parts),
        "variants": {network: list(parts) for network, parts in content.variants.items()},
        "target": content.target or None,
        "tags": list(post.tags),
        "due_at": post.due_at.isoformat() if post.due_at else None,
        "media": [
            {"ref": one.asset_ref, "version": one.asset_version, "part": one.part, "alt_text": one.alt_text}
            for one in content.media
            if one.asset_ref in cleared
        ],
    }
