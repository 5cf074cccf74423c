"""Cards: a text in one of the house's templates, as a picture. The press draws it."""

from dataclasses import dataclass
from enum import StrEnum

from assets.labels import clean
from assets.printing import printed
from content_calendar.errors import InvalidError

_LIMITS = {"main": 240, "second": 240, "third": 120}


class Template(StrEnum):
    """What a card is for."""

    QUOTE = "quote"
    DATE = "date"
    FIGURE = "figure"


class Palette(StrEnum):
    """The colours of a card, of the house's own."""

    VIOLET = "violet"
    TEAL = "teal"
    PAPER = "paper"


class CardTextMissingError(InvalidError):
    """The card has no text where its template needs one."""

    code = "card_text_missing"


class CardTextLimitError(InvalidError):
    """A text of the card is longer than is taken: ``limit`` characters."""

    code = "card_text_limit"


@dataclass(frozen=True)
class Card:
    """What a card says. A quote: the words, who said them. A date: the day, what of it. A figure: it, of what, source.

    ``signature`` says whose card it is.
    """

    template: Template
    palette: Palette
    main: str
    second: str = ""
    third: str = ""
    signature: str = ""


def checked(card: Card) -> Card:
    """Return the card with clean texts; raise CardTextMissingError and CardTextLimitError with their field."""
    texts = {name: " ".join(clean(getattr(card, name)).split()) for name in _LIMITS}
    if card.template is not Template.FIGURE:
        texts["third"] = ""
    for name, limit in _LIMITS.items():
        if len(texts[name]) > limit:
            raise CardTextLimitError(name, limit=limit)
    needed = ("main",) if card.template is Template.QUOTE else ("main", "second")
    for name in needed:
        if not texts[name]:
            raise CardTextMissingError(name)
    return Card(card.template, card.palette, **texts, signature=clean(card.signature))


def drawn(card: Card) -> bytes:
    """Return the card as a PNG of 1080 by 1350; raise CardTextTooLongError and CardCharactersError."""
    job = {
        "do": "card",
        "template": str(card.template),
        "palette": str(card.palette),
        "texts": {
            "main": card.main,
            "second": card.second,
            "third": card.third,
            "signature": card.signature,
        },
    }
    (_, (data,)), *_ = printed(job, field="main")
    return data
