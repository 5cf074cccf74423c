"""The same for machines: JSON to read, for somebody signed in or with a key of a body."""

from webapp.api import formats, openapi, replications, toolbox, wire
from webapp.api.views import blueprint

__all__ = ["blueprint", "formats", "openapi", "replications", "toolbox", "wire"]
