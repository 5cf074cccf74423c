"""Events of the commission's plan: listed, written, announced, closed, and counted toward their goals."""

from webapp.events import closing, goals, listing, page, preparing, wordings, writing
from webapp.events.doors import blueprint

__all__ = ["blueprint", "closing", "goals", "listing", "page", "preparing", "wordings", "writing"]
