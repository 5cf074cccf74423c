"""What helps an easy-read text in Spanish, as hints: short sentences, one idea in a line, figures, few signs. Pure.

After Inclusion Europe's "Information for all" and UNE 153101:2018 EX. A hint is no verdict: whoever reviews an
easy-read text asks people who need it.
"""

from collections.abc import Iterator

import regex

from content_calendar import plain_language
from content_calendar.links import links
from content_calendar.plain_language import Glossary
from content_calendar.rules import Problem, Severity

SOURCE = "house:easy"
LONGEST_SENTENCE = 15
"""Words: beyond these a sentence holds more than one idea."""
_MOST_SHOWN = 3

_TAGGED = regex.compile(r"[#@][\p{L}\p{M}\p{N}_.]+")
_SEVERAL = regex.compile(r"[.!?…](?=\s+[\p{Lu}¿¡])")
_NUMBERS = regex.compile(
    r"\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\p{L}+|veint\p{L}+|"
    r"treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien(?:to)?|\p{L}*cient[oa]s|quinient[oa]s|mil)\b",
    regex.IGNORECASE,
)
_ROMAN = regex.compile(r"\b(?=[IVXLC]{2,}\b)(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
_PERCENT = regex.compile(r"\d[\d.,]*\s*%|\bpor ciento\b", regex.IGNORECASE)
_SIGNS = regex.compile(r"[;()\[\]{}/&§<>]|\.\.\.|…")
_ACRONYM = regex.compile(r"\b\p{Lu}{2,}\b")
_ADVERB = regex.compile(r"\b\p{L}{5,}mente\b", regex.IGNORECASE)


def problems(text: str, glossary: Glossary) -> list[Problem]:
    """Return what would make the text easier, each kind once.

    Codes: easy_long_sentence, easy_many_ideas, easy_number_in_words, easy_roman, easy_percent, easy_signs,
    easy_acronym, easy_adverb, jargon.
    """
    bare = text
    for link in reversed(links(text)):
        bare = f"{bare[: link.start]} {bare[link.end :]}"
    return list(_found(_TAGGED.sub(" ", bare), glossary))


def _found(text: str, glossary: Glossary) -> Iterator[Problem]:
    how = plain_language.read(text)
    if how.longest > LONGEST_SENTENCE:
        yield _hint("easy_long_sentence", begins=how.longest_begins, words=how.longest, most=LONGEST_SENTENCE)
    crowded = next((line for line in text.split("\n") if _SEVERAL.search(line.strip())), "")
    if crowded:
        yield _hint("easy_many_ideas", begins=" ".join(crowded.split()[:4]))
    roman = _shown(_ROMAN, text)
    if roman:
        yield _hint("easy_roman", written=roman)
    for code, pattern in (
        ("easy_number_in_words", _NUMBERS),
        ("easy_percent", _PERCENT),
        ("easy_signs", _SIGNS),
        ("easy_adverb", _ADVERB),
    ):
        if written := _shown(pattern, text):
            yield _hint(code, written=written)
    if written := _shown(_ACRONYM, _ROMAN.sub(" ", text)):
        yield _hint("easy_acronym", written=written)
    for one in glossary.hits(text)[:_MOST_SHOWN]:
        if one.term.kind == "jargon":
            yield _hint("jargon", written=one.written, advice=one.term.advice)


def _shown(pattern: regex.Pattern[str], text: str) -> str:
    found = dict.fromkeys(match.group().strip() for match in pattern.finditer(text))
    return ", ".join(list(found)[:_MOST_SHOWN])


def _hint(code: str, **params: object) -> Problem:
    return Problem(code, Severity.HINT, source=SOURCE, params=params)
