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

__all__ = ["Asset", "AssetKind", "AssetUse", "AssetVersion", "Consent", "ConsentBy", "People", "UseKind"]
