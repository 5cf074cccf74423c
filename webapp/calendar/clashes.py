"""Two people saved the same post: both texts side by side, and what to do with them."""

from dataclasses import dataclass

from content_calendar import posts
from content_calendar.content import Content
from content_calendar.models.posts import Post
from webapp.calendar.comparing import ADDED, TAKEN, differences, joined, other_changes
from webapp.calendar.forms import Typed

Pieces = list[tuple[str, str]]


@dataclass(frozen=True)
class Clash:
    """What somebody else saved meanwhile, beside what was typed here.

    ``sentence`` says who and when; ``texts`` hold, by network ("" for the base), theirs and mine in pieces;
    ``others`` what else differs, as ``comparing.other_changes`` names it.
    """

    sentence: str
    texts: list[tuple[str, Pieces, Pieces]]
    others: set[str]


def clash_of(post: Post, mine: Content, sentence: str) -> Clash:
    """Return what the post, loaded by ``posts.find``, says now beside ``mine``."""
    if post.version is None:
        return Clash(sentence, [], set())
    theirs = posts.content_of(post.version)
    texts = [
        (
            slug,
            [one for one in pieces if one[0] != ADDED],
            [one for one in pieces if one[0] != TAKEN],
        )
        for slug, pieces in differences(theirs, mine)
    ]
    return Clash(sentence, texts, other_changes(theirs, mine))


def merge(post: Post, typed: Typed) -> None:
    """Put both texts into the fields, where they differ one after the other, for a person to finish."""
    if post.version is None:
        return
    theirs = posts.content_of(post.version)
    mine = typed.parts
    for number, text in enumerate(theirs.parts):
        if number == len(mine.texts):
            mine.texts.append("")
            for own in mine.variants.values():
                own.append("")
        mine.texts[number] = joined(text, mine.texts[number])
    for slug, texts in theirs.variants.items():
        own = mine.variants.setdefault(slug, [""] * len(mine.texts))
        for number, text in enumerate(texts):
            if text != theirs.parts[number]:
                own[number] = joined(text, own[number]) if own[number].strip() else text
    typed.kind = theirs.kind if len(theirs.parts) > 1 else typed.kind
