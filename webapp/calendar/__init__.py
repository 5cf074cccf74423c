"""The main path: calendar, themes and contributions, posts and their review."""

from webapp.calendar import (
    boards,
    composer,
    contributing,
    keeping,
    pictures,
    post_page,
    reviews,
    theme_edits,
    themes,
    wordings,
)
from webapp.calendar.doors import blueprint

__all__ = [
    "blueprint",
    "boards",
    "composer",
    "contributing",
    "keeping",
    "pictures",
    "post_page",
    "reviews",
    "theme_edits",
    "themes",
    "wordings",
]
