"""Marks a sentence for the catalogue where it stands as data, to be translated when it is shown."""

from dataclasses import dataclass


def N_(sentence: str) -> str:  # noqa: N802 -- the name that translators' tools look for
    """Return the sentence as it is; the catalogue's extractor finds it by this name."""
    return sentence


@dataclass(frozen=True)
class Words:
    """What happened and what to do, in Spanish; ``place`` is where, for a letter that has no address to give."""

    what: str
    todo: str
    place: str
