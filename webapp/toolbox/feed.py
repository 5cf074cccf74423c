"""New material as an Atom feed (RFC 4287), of all or of one theme, at an address that can be revoked.

Materials are for the bodies, not for anybody: so a feed has no public address. Its key stands in the address,
since readers of feeds send nothing else, and opens the feed and its files alone.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template, request, send_file, url_for
from sqlalchemy import select

from assets import library, machine_keys
from assets.clearance import Scope
from assets.library import AssetMissingError, Use, record_use
from assets.models import Asset, AssetKind, AssetVersion, KeyScope, UseKind
from assets.sharing import hash_of
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.plan import Theme
from content_calendar.planning import find_theme
from webapp.machine import recognised
from webapp.session import database, db, public
from webapp.toolbox.files import storage
from webapp.toolbox.packing import address_of, zone_of
from webapp.toolbox.views import blueprint

_MOST = 50
_LOOKED_AT = 200
_LONGEST = 200


@dataclass(frozen=True)
class Item:
    """An entry of the feed. ``id`` never changes (RFC 4151)."""

    asset: Asset
    version: AssetVersion
    theme: str
    url: str

    @property
    def id(self) -> str:
        """Return what names the material for ever."""
        return f"tag:resuena,{self.asset.created_at:%Y-%m-%d}:caja/{self.asset.ref}"

    @property
    def updated_at(self) -> datetime:
        """Return when it last became something else."""
        return max(self.asset.created_at, self.version.created_at)


def _body(token: str) -> Body:
    """Return whose feed it is; raises KeyMissingError for a key that is none, or opens something else."""
    key = recognised(token[:_LONGEST])
    if KeyScope.FEED not in key.opens:
        raise machine_keys.KeyMissingError
    return db().get_one(Body, key.body_id)


@blueprint.get("/canal/<token>/materiales.atom")
@public
def feed(token: str) -> Response:
    """Tell the newest materials that the body may use today."""
    return _feed(token, None)


@blueprint.get("/canal/<token>/tema/<ref>.atom")
@public
def theme_feed(token: str, ref: str) -> Response:
    """Tell the newest materials of one theme."""
    return _feed(token, ref)


def _feed(token: str, theme_ref: str | None) -> Response:
    body = _body(token)
    theme = find_theme(db(), theme_ref) if theme_ref else None
    items = _items(token, body, theme)
    updated_at = max((one.updated_at for one in items), default=body_began(body))
    here = (
        url_for("toolbox.theme_feed", token=token, ref=theme_ref)
        if theme_ref
        else url_for("toolbox.feed", token=token)
    )
    text = render_template(
        "toolbox/feed.xml",
        items=items,
        body=body,
        theme=theme,
        updated_at=updated_at,
        here=address_of(here),
        # The hash of the key, not the key: an id is copied where an address is not.
        id=f"tag:resuena,2026:canal/{hash_of(token)[:16]}/{theme_ref or 'todo'}",
    )
    answer = make_response(text)
    answer.mimetype = "application/atom+xml"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(hash_of(text)[:32])
    answer.make_conditional(request)
    return answer


def body_began(body: Body) -> datetime:
    """Return a moment for a feed in which nothing is yet: any will do that does not change."""
    return datetime.fromisoformat("2026-01-01T00:00:00+00:00").astimezone(zone_of(body))


def _items(token: str, body: Body, theme: Theme | None) -> list[Item]:
    query = (
        select(Asset, AssetVersion, Theme.title)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .outerjoin(Theme, Theme.id == Asset.theme_id)
        .where(Asset.archived_at.is_(None), Asset.kind != AssetKind.LOGO)
        .order_by(AssetVersion.created_at.desc(), AssetVersion.id.desc())
        .limit(_LOOKED_AT)
    )
    if theme is not None:
        query = query.where(Asset.theme_id == theme.id)
    newest: dict[str, tuple[Asset, AssetVersion, str]] = {}
    for asset, version, title in db().execute(query):
        newest.setdefault(asset.ref, (asset, version, title or ""))
    answers = library.clearance_of(db(), list(newest), now(), zone_of(body), Scope.NETWORKS)
    return [
        Item(
            asset, version, title, address_of(url_for("toolbox.feed_file", token=token, ref=ref, n=version.n))
        )
        for ref, (asset, version, title) in newest.items()
        if answers[ref].ok
    ][:_MOST]


@blueprint.get("/canal/<token>/material/<ref>/<int:n>")
@public
def feed_file(token: str, ref: str, n: int) -> Response:
    """Hand out the file of an entry; each time counts as a download of the body."""
    body = _body(token)
    if not library.clearance_of(db(), [ref], now(), zone_of(body), Scope.NETWORKS)[ref].ok:
        raise AssetMissingError(ref=ref, version=n)
    served = library.open_served(db(), storage(), ref, n)
    answer: Response = send_file(
        served.stream, mimetype=served.media_type, download_name=served.filename, as_attachment=True
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.content_length = _size(ref, n)
    with database().transaction() as session:
        record_use(session, ref, n, Use(UseKind.DOWNLOADED, body_id=body.id))
    return answer


def _size(ref: str, n: int) -> int:
    query = select(AssetVersion.size).join(AssetVersion.asset)
    return db().scalars(query.where(Asset.ref == ref, AssetVersion.n == n)).one()
