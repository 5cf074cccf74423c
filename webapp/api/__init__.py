"""The same for machines: JSON to read, for somebody signed in."""

from webapp.api.views import blueprint

__all__ = ["blueprint"]
