"""The languages that a text can be in: Spanish, English, Mexican Sign Language, and the nation's indigenous ones.

Names and families are those of INALI's Catálogo de las Lenguas Indígenas Nacionales (DOF, 14 January 2008): 68 groups
in 11 families. A code is a BCP 47 tag: the ISO 639 code where there is one for the whole group, otherwise a private
one ("mis-x-…"), for a group of several ISO languages has no code of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from content_calendar.seeds import sheets

SPANISH, SIGNED = "es", "mfs"
EASY_SPANISH = "es-x-lf"
"""The tag of an easy-read text in Spanish, as the posts have it."""


@dataclass(frozen=True)
class Language:
    """A language: its tag, INALI's name, its family's (empty for the others), and what its speakers call it.

    ``self_name`` is empty where the speakers' variants have several, or where we are not sure.
    """

    code: str
    name: str
    family: str = ""
    self_name: str = ""

    @property
    def is_signed(self) -> bool:
        """Return whether it is seen, not read: its versions are films."""
        return self.code == SIGNED

    @property
    def is_indigenous(self) -> bool:
        """Return whether it is one of the nation's indigenous languages."""
        return bool(self.family)


@lru_cache(maxsize=1)
def every() -> Mapping[str, Language]:
    """Return all languages by code: Spanish, English and the signed one first, then by name."""
    rows = [
        Language(row["code"], row["name"], row["family"], row["self_name"])
        for row in sheets.read("languages")
    ]
    first = [one for one in rows if not one.is_indigenous]
    others = sorted((one for one in rows if one.is_indigenous), key=lambda one: sheets.slug_of(one.name))
    return {one.code: one for one in [*first, *others]}


@lru_cache(maxsize=1)
def _former() -> Mapping[str, str]:
    return {row["former"]: row["code"] for row in sheets.read("languages") if row["former"]}


def find(code: str) -> Language | None:
    """Return the language of a code, also of one that we used before; None for one that is not listed."""
    return every().get(_former().get(code, code))
