"""The tool-box's tables."""

from assets.models.fingerprints import Fingerprint
from assets.models.materials import (
    Asset,
    AssetKind,
    AssetUse,
    AssetVersion,
    Consent,
    ConsentBy,
    People,
    UseKind,
)
from assets.models.renditions import AssetFraming, Cut, Rendition
from assets.models.sharing import KeyScope, PackOf, ShareLink, ShareLinkDay, ToolboxKey
from assets.models.takedowns import BodyView, SeenThing, Takedown, TakedownAnswer, UsedAs

__all__ = [
    "Asset",
    "AssetFraming",
    "AssetKind",
    "AssetUse",
    "AssetVersion",
    "BodyView",
    "Consent",
    "ConsentBy",
    "Cut",
    "Fingerprint",
    "KeyScope",
    "PackOf",
    "People",
    "Rendition",
    "SeenThing",
    "ShareLink",
    "ShareLinkDay",
    "Takedown",
    "TakedownAnswer",
    "ToolboxKey",
    "UseKind",
    "UsedAs",
]
