"""The guide's pages as they are written: a few facts, a line of three hyphens, and Markdown.

The facts of a page (``roles``, ``screens``) stand in the Spanish file only; ``title`` and ``about`` in each.
``screens`` are endpoints; one that ends in an asterisk is every endpoint that begins so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from webapp.guide.contents import CONTENTS

FOLDER = Path(__file__).parent
LANGUAGES = ("es", "en")
_RULE = "\n---\n"


@dataclass(frozen=True)
class Page:
    """A page of the guide in one language."""

    slug: str
    language: str
    title: str
    about: str
    body: str
    roles: tuple[str, ...]
    screens: tuple[str, ...]


def parts(path: Path) -> tuple[dict[str, str], str]:
    """Return the facts and the Markdown of a file. Raises ValueError when a line of the facts is none."""
    head, _, body = path.read_text(encoding="utf-8").partition(_RULE)
    facts = {}
    for line in head.strip().splitlines():
        name, colon, said = line.partition(":")
        if not colon:
            raise ValueError(f"{path}: {line!r} is not a fact")
        facts[name.strip()] = said.strip()
    return facts, body.strip()


def slugs() -> tuple[str, ...]:
    """Return the name of every page, in the guide's order."""
    return tuple(slug for some in CONTENTS.values() for slug in some)


@lru_cache(maxsize=8)
def pages(language: str) -> Mapping[str, Page]:
    """Return every page in that language, by its name."""
    found = {}
    for slug in slugs():
        facts, _ = parts(FOLDER / "es" / f"{slug}.md")
        told, body = parts(FOLDER / language / f"{slug}.md")
        roles, screens = tuple(facts["roles"].split()), tuple(facts["screens"].split())
        found[slug] = Page(slug, language, told["title"], told["about"], body, roles, screens)
    return found


@lru_cache(maxsize=512)
def slug_of_screen(endpoint: str) -> str:
    """Return the page that tells how to do what a screen is for: the one that names it most exactly; or nothing."""
    best, length = "", 0
    for slug, page in pages("es").items():
        for named in page.screens:
            exact = named == endpoint
            if exact or (named.endswith("*") and endpoint.startswith(named[:-1])):
                weight = 1000 if exact else len(named)
                if weight > length:
                    best, length = slug, weight
    return best
