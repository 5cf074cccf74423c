"""The tool-box's tables."""

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
from assets.models.shelving import Captions, Collection, CollectionItem, Upload, UploadBatch

__all__ = [
    "Asset",
    "AssetKind",
    "AssetUse",
    "AssetVersion",
    "Captions",
    "Collection",
    "CollectionItem",
    "Consent",
    "ConsentBy",
    "People",
    "Upload",
    "UploadBatch",
    "UseKind",
]
