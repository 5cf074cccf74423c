"""The tool-box's pages: look for a material, look at it, add one, put one away."""

from webapp.toolbox import files, uploading, views
from webapp.toolbox.views import blueprint

__all__ = ["blueprint", "files", "uploading", "views"]
