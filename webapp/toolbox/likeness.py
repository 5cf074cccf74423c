"""What looks like what is there already: told when it is uploaded, and on its page. Nothing is refused for it."""

from collections.abc import Sequence

from flask import flash
from flask_babel import gettext

from assets import fingerprints
from assets.fingerprints import Alike
from assets.library import Added, Taken
from assets.models import Asset, AssetKind
from assets.storage import Shelf, Storage
from webapp.session import db, viewer

_TITLE = 90


def look_at(storage: Storage, taken: Taken) -> int | None:
    """Return how an upload looks, as 64 bits; None for what is no picture. No transaction should be open."""
    return (
        fingerprints.look_at(storage, Shelf.SERVED, taken.sha256) if taken.kind is AssetKind.IMAGE else None
    )


def tell_alike(added: Added, bits: int | None) -> None:
    """Keep how a new material looks, and tell whoever uploaded it what it looks like."""
    like = kept(added, bits)
    if like is not None:
        flash(said_of(like), "warning")


def kept(added: Added, bits: int | None) -> Alike | None:
    """Keep how a new material looks; return what it looks like, if anything."""
    if bits is None or added.duplicate:
        return None
    fingerprints.remember(db(), added.asset.id, added.version.sha256, bits)
    return next(iter(fingerprints.look_alikes(db(), added.asset.id, most=1)), None)


def said_of(like: Alike) -> str:
    """Return what to tell of a material that looks like a new one."""
    said: str = gettext(
        "Se parece a «%(title)s», que ya está en la caja. Si es el mismo, archiva uno de los dos.",
        title=like.asset.title[:_TITLE],
    )
    return said


def alike(asset: Asset, *, may_edit: bool) -> Sequence[Alike]:
    """Return what the material looks like, for those who keep the tool-box."""
    return fingerprints.look_alikes(db(), asset.id) if may_edit and viewer().person else ()
