"""The main path: calendar, themes and contributions, posts and their review."""

from webapp.calendar import (
    approving,
    boards,
    campaigns,
    commenting,
    composer,
    contributing,
    pictures,
    post_page,
    reviews,
    theme_edits,
    themes,
)
from webapp.calendar.doors import blueprint

__all__ = [
    "approving",
    "blueprint",
    "boards",
    "campaigns",
    "commenting",
    "composer",
    "contributing",
    "pictures",
    "post_page",
    "reviews",
    "theme_edits",
    "themes",
]
