"""The tool-box's tables."""

from assets.models.contributed import ContributionFile
from assets.models.evidence import EvidenceFile
from assets.models.fingerprints import Fingerprint
from assets.models.looks import PictureLook
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
from assets.models.shelving import Captions, Collection, CollectionItem, Upload, UploadBatch
from assets.models.takedowns import BodyView, SeenThing, Takedown, TakedownAnswer, UsedAs

__all__ = [
    "Asset",
    "AssetFraming",
    "AssetKind",
    "AssetUse",
    "AssetVersion",
    "BodyView",
    "Captions",
    "Collection",
    "CollectionItem",
    "Consent",
    "ConsentBy",
    "ContributionFile",
    "Cut",
    "EvidenceFile",
    "Fingerprint",
    "KeyScope",
    "PackOf",
    "People",
    "PictureLook",
    "Rendition",
    "SeenThing",
    "ShareLink",
    "ShareLinkDay",
    "Takedown",
    "TakedownAnswer",
    "ToolboxKey",
    "Upload",
    "UploadBatch",
    "UseKind",
    "UsedAs",
]
