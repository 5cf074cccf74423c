"""The main path: calendar, themes and contributions, posts and their review."""

from webapp.calendar import (
    approving,
    boards,
    campaigns,
    commenting,
    composer,
    contributing,
    contribution_board,
    events,
    keeping,
    moving,
    pictures,
    post_page,
    reviews,
    several,
    theme_edits,
    themes,
    wordings,
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
    "contribution_board",
    "events",
    "keeping",
    "moving",
    "pictures",
    "post_page",
    "reviews",
    "several",
    "theme_edits",
    "themes",
    "wordings",
]
