"""The dialogue: numbered series, and the replies to them."""

from webapp.dialogue import reply_pages, series_pages, settling
from webapp.dialogue.doors import blueprint

__all__ = ["blueprint", "reply_pages", "series_pages", "settling"]
