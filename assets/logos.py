"""The logos of the bodies: one material of its own kind for each, a new version when it changes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.clearance import People
from assets.labels import searchable
from assets.library import Taken
from assets.models import Asset, AssetKind, AssetVersion
from assets.renditions import PICTURES
from content_calendar.audit import record
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person


class LogoNotAPictureError(InvalidError):
    """A logo is a picture."""

    code = "logo_not_a_picture"


def logos(session: Session) -> dict[int, tuple[Asset, AssetVersion]]:
    """Return each body's logo and its newest version, by the body's id, in one query."""
    rows = session.execute(
        select(Asset, AssetVersion)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(Asset.kind == AssetKind.LOGO, Asset.body_id.is_not(None), Asset.archived_at.is_(None))
        .order_by(Asset.id, AssetVersion.n)
    )
    return {asset.body_id: (asset, version) for asset, version in rows if asset.body_id is not None}


def set_logo(session: Session, body: Owner, taken: Taken, title: str, by: Person) -> AssetVersion:
    """Make this picture the body's logo; formats with the one before are made anew when they are asked for.

    ``title`` is also its alternative text. The logo that it has already is not added again. Raises
    LogoNotAPictureError.
    """
    if taken.media_type not in PICTURES:
        raise LogoNotAPictureError("logo")
    # Two uploads for one body: the second waits here, so that it finds the first one's logo.
    session.execute(select(Owner.id).where(Owner.id == body.id).with_for_update(key_share=True))
    known = logos(session).get(body.id)
    if known is None:
        asset = Asset(
            kind=AssetKind.LOGO,
            title=title,
            alt_text=title,
            body_id=body.id,
            people=People.NONE,
            author=body.name[:200],
            added_by_id=by.id,
            search=searchable([title, body.name, body.short_name]),
        )
        session.add(asset)
        session.flush()
        n = 1
    else:
        asset, last = known
        if last.sha256 == taken.sha256:
            return last
        n = last.n + 1
    version = AssetVersion(asset_id=asset.id, n=n, added_by_id=by.id, created_at=now(), **vars(taken))
    session.add(version)
    session.flush()
    record(session, by.ref, "logo.set", "asset", asset.ref, version=n, sha256=taken.sha256)
    return version
