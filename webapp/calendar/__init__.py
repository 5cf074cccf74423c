"""The main path: calendar, themes and contributions, posts and their review."""

from webapp.calendar import (
    boards,
    composer,
    contributing,
    events,
    moving,
    pictures,
    post_page,
    reviews,
    several,
    theme_edits,
    themes,
)
from webapp.calendar.doors import blueprint

__all__ = [
    "blueprint",
    "boards",
    "composer",
    "contributing",
    "events",
    "moving",
    "pictures",
    "post_page",
    "reviews",
    "several",
    "theme_edits",
    "themes",
]
