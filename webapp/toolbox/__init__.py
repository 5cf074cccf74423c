"""The tool-box's pages: look for a material, look at it, add one, put one away."""

from webapp.toolbox import bulk, collections, consenting, describing, files, uploading, views
from webapp.toolbox.views import blueprint

__all__ = ["blueprint", "bulk", "collections", "consenting", "describing", "files", "uploading", "views"]
