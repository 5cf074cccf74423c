"""What goes in and out of the calendar: spreadsheets, paper, live addresses."""

from webapp.exchange import exporting, importing_pages, subscriptions
from webapp.exchange.doors import blueprint

__all__ = ["blueprint", "exporting", "importing_pages", "subscriptions"]
