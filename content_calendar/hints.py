"""What a careful colleague would say of a text: personal data, hard words, words that leave somebody out. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from content_calendar import personal_data, plain_language
from content_calendar.content import Content, PostKind
from content_calendar.links import links
from content_calendar.plain_language import Glossary
from content_calendar.rules import Problem, Severity

PERSONAL, PLAIN, INCLUSIVE, ALIKE = "house:personal", "house:plain", "house:inclusive", "house:alike"
_MOST_HINTS = 4


def of_content(content: Content, glossary: Glossary) -> Iterator[Problem]:
    """Yield the warnings and hints of every text that goes out, those of a part or of a network under its own field.

    Codes: those of ``personal_data.CODES``; hard_to_read, sentence_too_long, jargon, not_inclusive.
    """
    if content.kind == PostKind.REPOST:
        return
    spanish = content.language.startswith("es")
    many = len(content.parts) > 1
    for number, text in enumerate(content.parts, start=1):
        for one in of_text(text, glossary, spanish=spanish):
            place = "text" if number == 1 else f"text.{number}"
            yield replace(one, field=place, params={**one.params, "part": number}) if many else one
    for slug, texts in content.variants.items():
        for number, text in enumerate(texts, start=1):
            if (text,) == content.parts[number - 1 : number]:
                continue
            for one in of_text(text, glossary, spanish=spanish):
                place = f"variant.{slug}" if number == 1 else f"variant.{slug}.{number}"
                yield replace(one, field=place)


@lru_cache(maxsize=256)
def of_text(text: str, glossary: Glossary, *, spanish: bool = True) -> tuple[Problem, ...]:
    """Return what is to be said of one text; of another language than Spanish only its personal data."""
    found = [*_personal(text)]
    if spanish:
        found += [*_plain(text), *_words(text, glossary)]
    return tuple(found)


def _personal(text: str) -> Iterator[Problem]:
    for one in personal_data.find(text, links(text)):
        yield Problem(one.code, Severity.WARNING, source=PERSONAL, params={"begins": one.begins})


def _plain(text: str) -> Iterator[Problem]:
    how = plain_language.read(text, links(text))
    if how.score is not None and how.score < plain_language.HARD:
        yield Problem("hard_to_read", Severity.HINT, source=PLAIN, params={"score": max(0, how.score)})
    if how.longest > plain_language.LONG_SENTENCE:
        said = {"begins": how.longest_begins, "words": how.longest, "most": plain_language.LONG_SENTENCE}
        yield Problem("sentence_too_long", Severity.HINT, source=PLAIN, params=said)


def _words(text: str, glossary: Glossary) -> Iterator[Problem]:
    for one in glossary.hits(text)[:_MOST_HINTS]:
        inclusive = one.term.kind == "inclusive"
        said = {"written": one.written, "advice": one.term.advice}
        yield Problem(
            "not_inclusive" if inclusive else "jargon",
            Severity.HINT,
            source=INCLUSIVE if inclusive else PLAIN,
            params=said,
        )
