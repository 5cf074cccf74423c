"""Open data: what each set is, its files at addresses that stay, and their catalogue."""

from webapp.open_data import views
from webapp.open_data.doors import blueprint

__all__ = ["blueprint", "views"]
