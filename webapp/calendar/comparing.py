"""Two texts, word by word: what stayed, what was added, what was taken away."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from content_calendar.content import Content

_WORD = re.compile(r"\s+|[^\s]+")
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?…]+(?=\s|$)[ \t]*|(?=\n)|$)|\n+")
SAME, ADDED, TAKEN = "same", "ins", "del"


def word_difference(before: str, after: str) -> list[tuple[str, str]]:
    """Return the pieces of both texts in reading order, each marked as same, ins or del."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[tuple[str, str]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append((SAME, "".join(old[i:j])))
            continue
        if j > i:
            pieces.append((TAKEN, "".join(old[i:j])))
        if m > k:
            pieces.append((ADDED, "".join(new[k:m])))
    return pieces


def joined(theirs: str, mine: str) -> str:
    """Return both texts in one, sentence by sentence: what they share once, where they differ theirs, then mine."""
    old, new = (_SENTENCE.findall(text) for text in (theirs, mine))
    same = SequenceMatcher(None, [one.strip() for one in old], [one.strip() for one in new], autojunk=False)
    kept: list[str] = []
    for what, i, j, k, m in same.get_opcodes():
        kept += new[k:m] if what == "equal" else [*old[i:j], *new[k:m]]
    text = ""
    for one in kept:
        text += one if not text or text[-1].isspace() or one[:1].isspace() else f" {one}"
    return text


def differences(before: Content, after: Content) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield what differs between two contents: (what: "" for the base, else a network; its pieces)."""
    texts = {"": ("\n\n".join(before.parts), "\n\n".join(after.parts))}
    for slug in sorted({*before.variants, *after.variants}):
        texts[slug] = ("\n\n".join(before.parts_for(slug)), "\n\n".join(after.parts_for(slug)))
    for slug, (old, new) in texts.items():
        if old != new:
            yield slug, word_difference(old, new)


def other_changes(before: Content, after: Content) -> set[str]:
    """Return what else differs: "images", "alt", "accounts", "language", "kind", "target"."""
    found = set()
    if [(one.asset_ref, one.asset_version, one.part) for one in before.media] != [
        (one.asset_ref, one.asset_version, one.part) for one in after.media
    ]:
        found.add("images")
    elif [one.alt_text for one in before.media] != [one.alt_text for one in after.media]:
        found.add("alt")
    if set(before.accounts) != set(after.accounts):
        found.add("accounts")
    found |= {
        name for name in ("language", "kind", "target") if getattr(before, name) != getattr(after, name)
    }
    return found
