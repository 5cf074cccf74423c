"""``/api/v1/materiales/REF``: one material, whole and in every format with the body's own logo.

A format is told whether it was made or not; whoever asks for its bytes has it made, as the pages do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, BinaryIO

from flask import Response, request, send_file, url_for
from flask_babel import get_locale

from assets import library, renditions
from assets.clearance import Scope
from assets.library import AssetMissingError, Use, record_use
from assets.models import Asset, AssetVersion, KeyScope, Rendition, UseKind
from assets.renditions import Format, FormatMissingError, Mark, Source
from assets.storage import Shelf
from assets.zipping import stem
from content_calendar.clock import now
from content_calendar.models.directory import Body
from webapp.api.adaptations import versions_of
from webapp.api.bearer import key, opens, tagged
from webapp.api.operations import Operation, described
from webapp.api.toolbox import body_of_key, last_versions, plain_material
from webapp.api.views import blueprint
from webapp.session import database, db
from webapp.toolbox import sets
from webapp.toolbox.files import storage
from webapp.toolbox.packing import zone_of
from webapp.words import N_


@dataclass(frozen=True)
class _Offer:
    """A material that the body may use today; ``wanted`` are the formats that it may have, ``made`` those there are."""

    asset: Asset
    version: AssetVersion
    body: Body
    source: Source
    mark: Mark
    wanted: Mapping[str, Format]
    made: Mapping[str, Rendition]


def _offer(ref: str) -> _Offer:
    """Return what is offered of a material; raises AssetMissingError where the body may not use it today."""
    body = body_of_key()
    allowed = partial(library.clearance_of, db(), [ref], now(), zone_of(body))
    if not allowed(Scope.NETWORKS)[ref].ok:
        raise AssetMissingError(ref=ref)
    asset, version = last_versions([ref])[0]
    source, mark = Source(version.sha256, version.original_sha256), Mark()
    if not renditions.is_framed(asset, version):
        return _Offer(asset, version, body, source, mark, {}, {})
    source, mark = renditions.source_of(db(), version), renditions.marks_of(db(), [body.id])[body.id]
    on_paper = allowed(Scope.PRINT)[ref].ok
    wanted = {slug: one for slug, one in renditions.formats().items() if on_paper or not one.is_for_paper}
    made = {slug: row for (_, slug), row in renditions.kept(db(), source, [mark]).items()}
    return _Offer(asset, version, body, source, mark, wanted, made)


@blueprint.get("/materiales/<ref>")
@opens(KeyScope.MATERIALS)
@described(
    Operation(
        N_("Un material: completo y en cada formato con el logo de tu organismo."),
        "MaterialWithFiles",
        KeyScope.MATERIALS,
        topic="site",
        tagged=True,
    )
)
def material(ref: str) -> Response:
    """Return one material with the addresses of its files for the body."""
    offer = _offer(ref)
    version = offer.version
    whole = {
        "format": None,
        "name": None,
        "width": version.width,
        "height": version.height,
        "media_type": version.media_type,
        "size": version.size,
        "sha256": version.sha256,
        "url": url_for(".material_file", ref=ref, sha256=version.sha256),
    }
    files = [whole, *(_format(ref, one, offer.made.get(slug)) for slug, one in offer.wanted.items())]
    more = {"files": files, "versions": versions_of(offer.asset)}
    return tagged(plain_material(offer.asset, version) | more, now().isoformat())


def _format(ref: str, one: Format, made: Rendition | None) -> dict[str, Any]:
    return {
        "format": one.slug,
        "name": one.name_en if str(get_locale()) == "en" else one.name,
        "width": made.width if made else one.width,
        "height": made.height if made else one.height,
        "media_type": made.media_type if made else None,
        "size": made.size if made else None,
        "sha256": made.sha256 if made else None,
        "url": url_for(".material_format", ref=ref, slug=one.slug),
    }


@blueprint.get("/materiales/<ref>/archivos/<sha256>")
@opens(KeyScope.MATERIALS)
@described(
    Operation(
        N_("El archivo completo de un material. Cada vez cuenta como una descarga."),
        opens=KeyScope.MATERIALS,
        topic="site",
        tagged=True,
    )
)
def material_file(ref: str, sha256: str) -> Response:
    """Hand out a material whole; each time counts as a download of the body."""
    offer = _offer(ref)
    if offer.version.sha256 != sha256:
        raise AssetMissingError(ref=ref)
    if request.if_none_match.contains(sha256):
        return _unchanged(sha256)
    served = library.open_served(db(), storage(), ref, offer.version.n)
    return _handed(offer, served.stream, served.filename, served.media_type, offer.version)


@blueprint.get("/materiales/<ref>/formatos/<slug>")
@opens(KeyScope.MATERIALS)
@described(
    Operation(
        N_("Un formato con el logo de tu organismo; si todavía no existe, se hace en ese momento."),
        opens=KeyScope.MATERIALS,
        refuses=(409, 422),
        topic="site",
        tagged=True,
    )
)
def material_format(ref: str, slug: str) -> Response:
    """Hand out a format with the body's logo, made if need be; each time counts as a download of the body."""
    offer = _offer(ref)
    if slug not in offer.wanted:
        raise FormatMissingError(format=slug)
    made = offer.made.get(slug)
    if made is None:
        made = sets.prepared(database(), storage(), offer.source, [offer.mark])[offer.mark.key, slug]
    if request.if_none_match.contains(made.sha256):
        return _unchanged(made.sha256)
    name = f"{stem(offer.asset.title)}-{slug}-{offer.body.slug}.jpg"
    return _handed(offer, storage().open(Shelf.SERVED, made.sha256), name, made.media_type, made)


def _unchanged(sha256: str) -> Response:
    answer = Response(status=HTTPStatus.NOT_MODIFIED)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(sha256)
    return answer


def _handed(
    offer: _Offer, stream: BinaryIO, name: str, media_type: str, row: AssetVersion | Rendition
) -> Response:
    answer: Response = send_file(stream, mimetype=media_type, download_name=name, as_attachment=True)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.content_length = row.size
    answer.set_etag(row.sha256)
    form = row.format if isinstance(row, Rendition) else ""
    used = Use(UseKind.DOWNLOADED, body_id=key().body_id, format=form)
    with database().transaction() as session:
        record_use(session, offer.asset.ref, offer.version.n, used)
    return answer
