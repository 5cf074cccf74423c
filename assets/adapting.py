"""A material as what is adapted: its words, by field."""

from assets.models import Asset
from content_calendar.adaptations import Original
from content_calendar.models.adaptations import Adapted

FIELDS = ("title", "description", "alt_text", "text")


def original_of(asset: Asset) -> Original:
    """Return a material, with its versions loaded, as what is adapted: what is said of it now."""
    return Original(
        Adapted.ASSET,
        asset.ref,
        asset.title,
        asset.language,
        asset.versions[-1].n,
        texts_of(asset),
    )


def texts_of(asset: Asset) -> dict[str, str]:
    """Return the words of a material by field, without the empty ones."""
    return {name: said for name in FIELDS if (said := getattr(asset, name).strip())}
