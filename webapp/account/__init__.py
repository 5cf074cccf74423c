"""One's own account, and the administrator's: people, sessions, audit, health."""

from webapp.account import people, system, views
from webapp.account.views import blueprint

__all__ = ["blueprint", "people", "system", "views"]
