"""What the fonts of the PDF can show. A PDF that claims to be accessible may not hold a letter that nobody can read.

The ranges are of the bundled typeface and of those inside the typesetter; a test sets every letter of them.
"""

import unicodedata
from typing import Final

# Latin with all its marks (the languages of Mexico among them), Greek, Cyrillic, punctuation, signs, simple shapes.
RANGES: Final = (
    (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x377), (0x38E, 0x3A1), (0x3A3, 0x4FF), (0x1E00, 0x1EFF), (0x2000, 0x200A),
    (0x2010, 0x2027), (0x202F, 0x2040), (0x2070, 0x2071), (0x2074, 0x208E), (0x20A0, 0x20C0), (0x2100, 0x211E),
    (0x2190, 0x23FF), (0x2500, 0x25FF), (0xA789, 0xA78E), (0xFB00, 0xFB06),
)  # fmt: skip
NO_BREAK, INSTEAD = 0xA0, "□"
# Pictures that say nothing by themselves, and what joins or colours them.
_PICTURES: Final = frozenset({"So", "Sk", "Cf", "Mn", "Me", "Cn", "Co"})


def legible(text: str) -> str:
    """Return the text as the PDF can show it: emojis are left out, letters of other scripts become a square."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    code = ord(letter)
    if code == NO_BREAK or any(first <= code <= last for first, last in RANGES):
        return letter
    return "" if unicodedata.category(letter) in _PICTURES else INSTEAD
