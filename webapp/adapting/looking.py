"""What the page of a version says of its text as one writes it: what is missing, hints, counts by network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from content_calendar import adaptations, adapted_posts, easy_read, glossary, posts
from content_calendar.languages import SPANISH
from content_calendar.models.adaptations import AdaptationForm, Adapted
from content_calendar.rules import Problem
from webapp import checks as checking
from webapp import outlets
from webapp.adapting.naming import field_id, field_names
from webapp.adapting.sources import Source
from webapp.checks import Count
from webapp.errors import sentence
from webapp.session import db


@dataclass(frozen=True)
class Look:
    """What the panel of checks shows."""

    checks: list[dict[str, object]]
    counts: list[Count]
    untouched: bool


def look(source: Source, language: str, form: AdaptationForm, texts: Mapping[str, str]) -> Look:
    """Return what is to be known of a version's texts beside its original; two queries at most."""
    said = {key: text for key, text in texts.items() if text.strip()}
    rows = list(_rows(source, language, form, said)) if said else []
    return Look(rows, _counts(source, form, said, language), untouched=not said)


def _rows(
    source: Source, language: str, form: AdaptationForm, said: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    original, names = source.original, field_names(source.original)
    left = adaptations.missing(original, said)
    if left:
        words = ngettext("Falta un texto: %(names)s.", "Faltan %(num)s textos: %(names)s.", len(left),
                         names=", ".join(names[key] for key in left))  # fmt: skip
        yield _row("warning", words, field_id(left[0]))
    for key, text in said.items():
        if form is AdaptationForm.WHOLE and text == original.texts.get(key):
            yield _row(
                "info", gettext("%(name)s: dice lo mismo que el original.", name=names[key]), field_id(key)
            )
    if form is not AdaptationForm.EASY_READ or language != SPANISH:
        return
    words_to_look_for = glossary.in_force(db())
    for key, text in said.items():
        for one in easy_read.problems(text, words_to_look_for):
            yield _hint(one, field_id(key))


def _hint(one: Problem, field: str) -> dict[str, object]:
    return _row("info", sentence(one.code, dict(one.params)), field) | {
        "source": gettext("lectura fácil: un consejo, no una obligación")
    }


def _row(level: str, said: str, field: str) -> dict[str, object]:
    return {"level": level, "sentence": said, "source": "", "source_url": "", "field": field}


def _counts(source: Source, form: AdaptationForm, said: Mapping[str, str], language: str) -> list[Count]:
    """Return how long it is for the networks of the original's accounts: a text for braille goes to none."""
    post = source.post
    if source.original.subject is not Adapted.POST or form is AdaptationForm.BRAILLE or post is None:
        return []
    if post.version is None:
        return []
    content = adapted_posts.content_of(dict(said), posts.content_of(post.version), language)
    chosen = outlets.outlets(db(), [one.id for one in post.accounts])
    return checking.counts(content, outlets.rules_by_network(chosen))
