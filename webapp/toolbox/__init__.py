"""The tool-box's pages: look for a material, look at it, add one, put one away."""

from webapp.toolbox import consenting, files, packing, pulling, shared, takedowns, uploading, views
from webapp.toolbox.views import blueprint

__all__ = [
    "blueprint",
    "consenting",
    "files",
    "packing",
    "pulling",
    "shared",
    "takedowns",
    "uploading",
    "views",
]
