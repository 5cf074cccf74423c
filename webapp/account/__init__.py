"""One's own account, and the administrator's: people, sessions, audit, health."""

from webapp.account import noticing, people, personal_tokens, system, views
from webapp.account.views import blueprint

__all__ = ["blueprint", "noticing", "people", "personal_tokens", "system", "views"]
