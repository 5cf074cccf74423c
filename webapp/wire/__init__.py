"""The wire's pages: what others publish, whose turn it is, and what we replicated each day."""

from webapp.wire import days_page, declaring, drafting, hiding, page, theming, turning
from webapp.wire.doors import blueprint

__all__ = ["blueprint", "days_page", "declaring", "drafting", "hiding", "page", "theming", "turning"]
