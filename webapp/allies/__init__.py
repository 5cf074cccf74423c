"""The network of allied facilitators: who they are, the weekly pack, what they did with it, and their own pages."""

from webapp.allies import (
    activity,
    listing,
    listing_in,
    own_pack,
    own_pages,
    page,
    settling,
    weeks,
    writing,
)
from webapp.allies.doors import blueprint

__all__ = [
    "activity",
    "blueprint",
    "listing",
    "listing_in",
    "own_pack",
    "own_pages",
    "page",
    "settling",
    "weeks",
    "writing",
]
