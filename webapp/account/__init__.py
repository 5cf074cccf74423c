"""One's own account, and the administrator's: people, sessions, audit, health."""

from webapp.account import (
    by_provider,
    door_links,
    noticing,
    passkeys,
    people,
    personal_tokens,
    second_step,
    system,
    trail,
    views,
)
from webapp.account.views import blueprint

__all__ = [
    "blueprint",
    "by_provider",
    "door_links",
    "noticing",
    "passkeys",
    "people",
    "personal_tokens",
    "second_step",
    "system",
    "trail",
    "views",
]
