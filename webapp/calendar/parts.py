"""The parts of a post in the composer: added, taken away, moved, cut out of a long text, folded into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from content_calendar.rules import NetworkRules
from content_calendar.splitting import split

MOST_PARTS = 25
_NUMBER = 2
_BREAK = "\n\n"


@dataclass
class Picture:
    """A picture or video in the composer: which version of which material, its alternative text here, its part."""

    ref: str
    version: int
    alt: str
    part: int = 1

    @property
    def key(self) -> str:
        """Return its name in the form."""
        return f"{self.ref}:{self.version}"


@dataclass
class Parts:
    """The texts of a post's parts, and by network those that differ from them: an empty one differs in nothing."""

    texts: list[str] = field(default_factory=lambda: [""])
    variants: dict[str, list[str]] = field(default_factory=dict)

    def variant(self, slug: str, number: int) -> str:
        """Return what a network says in a part of its own; empty when it says the same."""
        return self.variants.get(slug, [""] * number)[number - 1]

    def differing(self, slug: str) -> tuple[str, ...]:
        """Return every part as that network says it; empty when it says what all say."""
        base = tuple(text.strip() for text in self.texts)
        own = self.variants.get(slug, [""] * len(base))
        said = tuple(mine.strip() or common for mine, common in zip(own, base, strict=True))
        return () if said == base else said


def name_of(field_name: str, number: int) -> str:
    """Return the name of a part's field: the first part's has no number."""
    return field_name if number == 1 else f"{field_name}-{number}"


def read(form: MultiDict[str, str]) -> Parts:
    """Return the parts that were typed, up to the first number that is not there."""
    count = 1
    while count <= MOST_PARTS and name_of("text", count + 1) in form:
        count += 1
    parts = Parts([_text(form, name_of("text", number)) for number in range(1, count + 1)])
    for name in form:
        head, _, rest = name.partition("-")
        slug, _, number = rest.partition("-")
        if head == "variant" and slug and not number.strip("0123456789"):
            own = [_text(form, name_of(f"variant-{slug}", n)) for n in range(1, count + 1)]
            if any(text.strip() for text in own):
                parts.variants[slug] = own
    return parts


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n")


def folded(parts: Parts) -> Parts:
    """Return the parts as one, whatever is empty left out: only a thread has several."""
    if len(parts.texts) == 1:
        return parts
    variants = {slug: [_joined(parts.differing(slug))] for slug in parts.variants if parts.differing(slug)}
    return Parts([_joined(parts.texts)], variants)


def _joined(texts: Sequence[str]) -> str:
    return _BREAK.join(text.strip() for text in texts if text.strip())


def append(parts: Parts, words: str) -> None:
    """Put words to reuse at the end of the last part."""
    last = parts.texts[-1].rstrip()
    parts.texts[-1] = f"{last}\n{words}" if last else words


def separate(parts: Parts, command: str) -> None:
    """Do what ``detach-NETWORK-N`` or ``attach-NETWORK-N`` says: the common text, to change, or none of its own."""
    what, _, rest = command.partition("-")
    slug, _, said = rest.rpartition("-")
    number = int(said) if said.isdecimal() and len(said) <= _NUMBER else 0
    if not slug or not 1 <= number <= len(parts.texts):
        return
    own = parts.variants.setdefault(slug, [""] * len(parts.texts))
    own[number - 1] = parts.texts[number - 1] if what == "detach" else ""


def act(parts: Parts, pictures: Sequence[Picture], command: str) -> None:
    """Do what a button of the parts says: ``add``, or ``up``, ``down``, ``drop`` with a part's number.

    What cannot be done is left undone: a button was pressed on a page that is older than the form.
    """
    what, _, said = command.partition("-")
    number = int(said) if said.isdecimal() and len(said) <= _NUMBER else 0
    count = len(parts.texts)
    if what == "add" and count < MOST_PARTS:
        _insert(parts, count, "")
    elif what == "up" and 1 < number <= count:
        _swap(parts, pictures, number - 1)
    elif what == "down" and 1 <= number < count:
        _swap(parts, pictures, number)
    elif what == "drop" and 1 <= number <= count and count > 1:
        for texts in (parts.texts, *parts.variants.values()):
            del texts[number - 1]
        # A picture is never lost with a text: it goes to the part before.
        for one in pictures:
            if one.part >= number:
                one.part = max(1, one.part - 1)


def _insert(parts: Parts, at: int, text: str) -> None:
    parts.texts.insert(at, text)
    for texts in parts.variants.values():
        texts.insert(at, "")


def _swap(parts: Parts, pictures: Sequence[Picture], number: int) -> None:
    for texts in (parts.texts, *parts.variants.values()):
        texts[number - 1], texts[number] = texts[number], texts[number - 1]
    other = {number: number + 1, number + 1: number}
    for one in pictures:
        one.part = other.get(one.part, one.part)


def cut(parts: Parts, pictures: Sequence[Picture], rules: Mapping[str, NetworkRules]) -> dict[str, list[str]]:
    """Cut every part that is too long for one of these networks into parts that fit all.

    Returns what keeps it from being done, by the field: a network's own text cannot be cut together with
    the common one.
    """
    limited = [one for one in rules.values() if one.max_length is not None]

    def fits(text: str) -> bool:
        return all(one.max_length is None or one.measure(text) <= one.max_length for one in limited)

    if not limited:
        return {
            "text": [gettext("Elige primero las cuentas: ninguna de las elegidas pone un límite al texto.")]
        }
    whole = [split(text, fits) for text in parts.texts]
    if sum(len(some) for some in whole) > MOST_PARTS:
        return {"text": [gettext("Saldrían más de %(most)s partes. Acorta el texto.", most=MOST_PARTS)]}
    if own := _own_text_of(parts, [number for number, some in enumerate(whole, start=1) if len(some) > 1]):
        said = gettext("Este texto distinto no se parte solo: acórtalo o bórralo antes de partir.")
        return {own: [said]}
    for number in range(len(whole), 0, -1):
        parts.texts[number - 1], *later = whole[number - 1]
        for text in reversed(later):
            _insert(parts, number, text)
        for one in pictures:
            if one.part > number:
                one.part += len(later)
    return {}


def _own_text_of(parts: Parts, numbers: Sequence[int]) -> str:
    """Return the name of the first field in which a network says one of these parts in its own words."""
    names = (
        name_of(f"variant-{slug}", number)
        for number in numbers
        for slug in parts.variants
        if parts.variant(slug, number).strip()
    )
    return next(names, "")
