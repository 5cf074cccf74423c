"""What anybody may see without an account."""

from webapp.public import (
    choosing,
    directory,
    feeds,
    handed,
    live_calendar,
    planned,
    standing,
    taken_up,
    views,
)
from webapp.public.doors import blueprint

__all__ = [
    "blueprint",
    "choosing",
    "directory",
    "feeds",
    "handed",
    "live_calendar",
    "planned",
    "standing",
    "taken_up",
    "views",
]
