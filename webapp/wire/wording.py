"""What a post says that takes up another's note: its title, its source, the clean link, the tags. Pure.

The words are the post's, which is in Spanish whatever its writer's screens are in.
"""

from collections.abc import Callable, Sequence

from content_calendar.event_posts import with_tags
from content_calendar.models.plan import Campaign
from scheduler.relaying.topics import plain

_MOST_WORDS = 60
_FEWEST_WORDS = 4


def headline(title: str, summary: str) -> str:
    """Return what a note says in one line: its title, else the beginning of its text."""
    said = " ".join(plain(title).split()) or " ".join(plain(summary).split())
    words = said.split()
    return said if len(words) <= _MOST_WORDS else " ".join(words[:_MOST_WORDS]) + "…"


def told(said: str, link: str, credit: str, campaigns: Sequence[Campaign]) -> str:
    """Return the text: what the note says, "Vía" whoever said it, the link, and the campaigns' tags."""
    source = f"Vía {credit}: {link}" if link else f"Vía {credit}."
    return with_tags(f"{said}\n\n{source}".strip(), campaigns)


def quoted(credit: str, campaigns: Sequence[Campaign]) -> str:
    """Return what we say above a post that we quote, to begin with."""
    return with_tags(f"Así lo cuenta {credit}.", campaigns)


def fitting(said: str, fits: Callable[[str], bool]) -> str:
    """Return what the note says, with as few words left out at its end as ``fits`` asks for; four stay in any case."""
    words = said.split()
    while len(words) > _FEWEST_WORDS and not fits(said):
        words.pop()
        said = " ".join(words).rstrip(" ,.;:…") + "…"
    return said
