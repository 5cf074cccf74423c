"""The tool-box's pages: look for a material, look at it, add one, put one away."""

from webapp.toolbox import collections, consenting, describing, files, uploading, views
from webapp.toolbox.views import blueprint

__all__ = ["blueprint", "collections", "consenting", "describing", "files", "uploading", "views"]
