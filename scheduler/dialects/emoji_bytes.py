"""Length where characters count one each, and emoji as many as their bytes in UTF-8. Pure."""

import unicodedata

import regex

_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Regional_Indicator}|[\ufe0f\u20e3]")


def length(text: str) -> int:
    """Return the length of ``text`` once normalised to NFC."""
    seen = regex.findall(r"\X", unicodedata.normalize("NFC", text))
    return sum(len(one.encode()) if _EMOJI.search(one) else len(one) for one in seen)
