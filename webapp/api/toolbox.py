"""``/api/v1/materiales`` and ``/api/v1/publicaciones``: what a body may use today, for its own site.

As everywhere in the tool-box: materials that may be used that day where the body is, and texts that were
approved. A page is asked for by what the last one ended with, and may hold fewer than ``limit``.
"""

from collections.abc import Sequence
from typing import Any

from flask import Response, request, send_file, url_for
from sqlalchemy import false, select
from sqlalchemy.orm import Session

from assets import library, packs
from assets.clearance import Scope
from assets.library import AssetMissingError, Use, record_use
from assets.models import Asset, AssetKind, AssetVersion, KeyScope, PackOf, UseKind
from assets.packs import PackedMaterial, PackedPost
from assets.storage import Shelf
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from content_calendar.visibility import APPROVED
from webapp.api.bearer import key, opens, tagged
from webapp.api.views import MOST, USUAL, blueprint, number
from webapp.session import database, db
from webapp.toolbox.files import storage
from webapp.toolbox.packing import zone_of


def _body() -> Body:
    return db().get_one(Body, key().body_id)


def _cleared(session: Session, refs: Sequence[str], body: Body) -> list[str]:
    answers = library.clearance_of(session, refs, now(), zone_of(body), Scope.NETWORKS)
    return [ref for ref in refs if answers[ref].ok]


@blueprint.get("/materiales")
@opens(KeyScope.MATERIALS)
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
    refs = _cleared(db(), [row.ref for row in shown], _body())
    items = [_material(asset, version) for asset, version in _last(refs)]
    theme, kind = request.args.get("tema"), request.args.get("tipo")
    following = (
        url_for(".materials", after=shown[-1].id, limit=limit, tema=theme, tipo=kind) if shown else None
    )
    more = following if len(rows) > limit else None
    return tagged({"items": items, "next": more}, now().isoformat())


def _last(refs: Sequence[str]) -> list[tuple[Asset, AssetVersion]]:
    """Return the materials with their last versions, in their order."""
    rows = db().execute(
        select(Asset, AssetVersion)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(Asset.ref.in_(refs))
        .order_by(Asset.id, AssetVersion.n)
    )
    return list({asset.id: (asset, version) for asset, version in rows}.values())


def _material(asset: Asset, version: AssetVersion) -> dict[str, Any]:
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


def _found(ref: str) -> tuple[Asset, AssetVersion, PackedMaterial]:
    body = _body()
    pack = packs.gather(db(), storage(), PackOf.MATERIAL, ref, body, zone_of(body))
    if not pack.loose:
        raise AssetMissingError(ref=ref)
    return *_last([ref])[0], pack.loose[0]


@blueprint.get("/materiales/<ref>")
@opens(KeyScope.MATERIALS)
def material(ref: str) -> Response:
    """Return one material with the addresses of its files for the body."""
    asset, version, packed = _found(ref)
    files = [
        {
            "format": file.format or None,
            "media_type": file.media_type,
            "size": file.size,
            "sha256": file.sha256,
            "url": url_for(".material_file", ref=ref, sha256=file.sha256),
        }
        for file in packed.files
    ]
    return tagged(_material(asset, version) | {"files": files}, now().isoformat())


@blueprint.get("/materiales/<ref>/archivos/<sha256>")
@opens(KeyScope.MATERIALS)
def material_file(ref: str, sha256: str) -> Response:
    """Hand out one file of a material; each time counts as a download of the body."""
    _, version, packed = _found(ref)
    file = next((one for one in packed.files if one.sha256 == sha256), None)
    if file is None:
        raise AssetMissingError(ref=ref)
    stream = storage().open(Shelf.SERVED, sha256)
    name = file.name.rpartition("/")[2]
    answer: Response = send_file(stream, mimetype=file.media_type, download_name=name, as_attachment=True)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.content_length = file.size
    answer.set_etag(sha256)
    answer.make_conditional(request)
    if answer.status_code == 304:  # noqa: PLR2004 -- what it has already
        stream.close()
        return answer
    use = Use(UseKind.DOWNLOADED, body_id=key().body_id, format=file.format)
    with database().transaction() as session:
        record_use(session, ref, version.n, use)
    return answer


@blueprint.get("/publicaciones")
@opens(KeyScope.TEXTS)
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
    cleared = set(_cleared(db(), sorted(refs), _body()))
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
