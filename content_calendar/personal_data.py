"""Personal data that a text may tell: identity numbers, phones, addresses, bank numbers. Pure.

Whatever carries a check digit is told only when the digit is right, so that an ordinary number is not taken for a
person's. CURP: instructivo normativo, DOF 18/10/2021; RFC: SAT, Anexo 20; CLABE: Circular 3/2012 of the Banco de
México; cards: ISO/IEC 7812.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex

from content_calendar.links import Link
from content_calendar.text_rules import without_accents

CODES = frozenset(
    {
        "personal_curp",
        "personal_rfc",
        "personal_phone",
        "personal_email",
        "personal_card",
        "personal_clabe",
        "personal_folio",
    }
)
"""A post with one of these is sent to review only with a reason."""

_CURP_SIGNS = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_RFC_SIGNS = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
_STATES = "AS|BC|BS|CC|CL|CM|CS|CH|DF|DG|GT|GR|HG|JC|MC|MN|MS|NT|NL|OC|PL|QT|QR|SP|SL|SR|TC|TS|TL|VZ|YN|ZS|NE"
_DAY = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_CURP = rf"(?<![\p{{L}}\d])[A-Z][AEIOUX][A-ZÑ]{{2}}{_DAY}"
_CURP += rf"[HMX](?:{_STATES})[B-DF-HJ-NP-TV-ZÑ]{{3}}[A-Z\d]\d(?![\p{{L}}\d])"
# A person's has four letters; a company's, of three, is nobody's personal data.
_RFC = rf"(?<![\p{{L}}\d&])[A-ZÑ&]{{4}}[ -]?{_DAY}[ -]?[A-Z\d]{{2}}[A\d](?![\p{{L}}\d])"
_EVERYBODYS_RFC = frozenset({"XAXX010101000", "XEXX010101000"})
_CLABE = r"(?<![\d.])\d{3}[ -]?\d{3}[ -]?\d{11}[ -]?\d(?![\d])"
_CARD = r"(?<![\d.])(?:(?:[46]\d{3}|(?:5[1-5]|2[2-7])\d{2})(?:[ -]?\d{4}){3}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?!\d)"
_PHONE = (
    r"(?<![\d.#$])(?:\+?52[ .-]?(?:1[ .-]?)?)?"
    r"(?:\([2-9]\d{1,2}\)[ ]?\d{3,4}[ .-]?\d{4}|[2-9]\d[ .-]?\d{4}[ .-]?\d{4}|"
    r"[2-9]\d{2}[ .-]?\d{3}[ .-]?\d{2}[ .-]?\d{2})"
    r"(?![\d])"
)
_FREE_CALLS = ("800", "900")
_TEN = 10
_EMAIL = r"(?<![@\p{L}\d._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?![\p{L}\d@-])"
_FOLIO = (
    r"(?i)\b(?:folio|solicitud|expediente|recurso(?: de revisi[oó]n)?|rra|rda)\b[^\d\n]{0,25}\d[\d/-]{4,}"
)
_PERSON = r"\b(?P<given>\p{Lu}[\p{Ll}]+)(?:\s+(?:de|del|la|las|los|y))*\s+\p{Lu}\p{Ll}+"
_NEAR = 160  # characters between a folio and whose it is


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of personal data: its code, and how it begins, so that the text itself is not repeated elsewhere."""

    code: str
    begins: str


def find(text: str, found_links: Sequence[Link] = ()) -> list[Found]:
    """Return what of ``text`` may be somebody's personal data, one for each piece; links are not looked into."""
    if "@" not in text and not _SOME_DIGITS.search(text):
        return []
    rest = text
    for link in found_links:
        rest = rest[: link.start] + " " * (link.end - link.start) + rest[link.end :]
    found: list[Found] = []
    for code, pattern, right in _KINDS:
        for match in pattern.finditer(rest):
            said = match.group()
            if right(said):
                found.append(Found(code, _begins(said)))
                # A number is one thing only: what was a CLABE is no card too.
                rest = rest[: match.start()] + " " * len(said) + rest[match.end() :]
    return [*found, *_folios(rest)]


def curp_is_right(said: str) -> bool:
    """Tell whether the last digit of a CURP follows from the rest."""
    total = sum(_CURP_SIGNS.index(sign) * (18 - at) for at, sign in enumerate(said[:17]))
    return said[17] == str(-total % 10)


def rfc_is_right(said: str) -> bool:
    """Tell whether the last sign of a person's RFC follows from the rest; the public's own one is nobody's."""
    plain = said.replace(" ", "").replace("-", "")
    rest = sum(_RFC_SIGNS.index(sign) * (13 - at) for at, sign in enumerate(plain[:12])) % 11
    right = "0" if rest == 0 else "A" if rest == 1 else str(11 - rest)
    return plain[12] == right and plain not in _EVERYBODYS_RFC


def clabe_is_right(said: str) -> bool:
    """Tell whether the last digit of a CLABE follows from the rest, by the weights 3, 7 and 1."""
    digits = _digits(said)
    total = sum(digit * (3, 7, 1)[at % 3] % 10 for at, digit in enumerate(digits[:17]))
    return digits[17] == -total % 10 and any(digits)


def card_is_right(said: str) -> bool:
    """Tell whether the last digit of a card follows from the rest, by Luhn's sum."""
    digits = _digits(said)[::-1]
    return (
        sum(digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(digits)) % 10 == 0
    )


def _is_phone(said: str) -> bool:
    digits = "".join(filter(str.isdecimal, said))
    national = digits[-_TEN:]
    return len(digits) >= _TEN and not national.startswith(_FREE_CALLS) and len(set(national)) > 1


def _is_persons_address(said: str) -> bool:
    return said.partition("@")[0].casefold().strip("._-") not in _words("office_mailboxes")


def _folios(text: str) -> Iterator[Found]:
    for folio in _COMPILED_FOLIO.finditer(text):
        around = text[max(0, folio.start() - _NEAR) : folio.end() + _NEAR]
        for person in _COMPILED_PERSON.finditer(around, overlapped=True):
            if without_accents(person["given"]).casefold() in _words("given_names"):
                yield Found("personal_folio", _begins(folio.group()))
                break


def _begins(said: str) -> str:
    return f"{said[:4]}…"


def _digits(said: str) -> list[int]:
    return [int(sign) for sign in said if sign.isdecimal()]


@cache
def _words(name: str) -> frozenset[str]:
    file = resources.files(__package__).joinpath(f"{name}.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


_SOME_DIGITS = regex.compile(r"\d{4}|\d[ .-]\d{2}|\(\d")
_COMPILED_FOLIO = regex.compile(_FOLIO)
_COMPILED_PERSON = regex.compile(_PERSON)
_Right = Callable[[str], bool]
_KINDS: Sequence[tuple[str, regex.Pattern[str], _Right]] = (
    ("personal_curp", regex.compile(_CURP), curp_is_right),
    ("personal_rfc", regex.compile(_RFC), rfc_is_right),
    ("personal_email", regex.compile(_EMAIL), _is_persons_address),
    ("personal_clabe", regex.compile(_CLABE), clabe_is_right),
    ("personal_card", regex.compile(_CARD), card_is_right),
    ("personal_phone", regex.compile(_PHONE), _is_phone),
)
