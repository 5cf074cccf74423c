"""The tool-box's pages: look for a material, look at it, add one, put one away."""

from webapp.toolbox import (
    bulk,
    cards,
    collections,
    consenting,
    describing,
    files,
    formats,
    logos,
    packing,
    pulling,
    shared,
    takedowns,
    uploading,
    views,
)
from webapp.toolbox.views import blueprint

__all__ = [
    "blueprint",
    "bulk",
    "cards",
    "collections",
    "consenting",
    "describing",
    "files",
    "formats",
    "logos",
    "packing",
    "pulling",
    "shared",
    "takedowns",
    "uploading",
    "views",
]
