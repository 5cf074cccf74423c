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
from assets.models.takedowns import BodyView, SeenThing, Takedown, TakedownAnswer, UsedAs

__all__ = [
    "Asset",
    "AssetKind",
    "AssetUse",
    "AssetVersion",
    "BodyView",
    "Consent",
    "ConsentBy",
    "People",
    "SeenThing",
    "Takedown",
    "TakedownAnswer",
    "UseKind",
    "UsedAs",
]
