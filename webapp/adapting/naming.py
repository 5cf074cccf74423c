"""What versions and their fields are called."""

from collections.abc import Mapping

from flask_babel import gettext

from content_calendar.adaptations import Original
from content_calendar.languages import SPANISH
from content_calendar.models.adaptations import AdaptationForm
from webapp import languages
from webapp.words import N_

FORMS: Mapping[AdaptationForm, tuple[str, str]] = {
    AdaptationForm.WHOLE: (N_("Todo el texto"), N_("Dice lo mismo que el original, en otra lengua.")),
    AdaptationForm.EASY_READ: (
        N_("Lectura fácil"),
        N_("Frases cortas y palabras conocidas, para quien lee con dificultad."),
    ),
    AdaptationForm.BRAILLE: (
        N_("Texto para braille"),
        N_("Texto limpio, en líneas cortas, listo para que lo impriman en braille."),
    ),
}
_ALONE: Mapping[AdaptationForm, str] = {
    AdaptationForm.EASY_READ: N_("Lectura fácil"),
    AdaptationForm.BRAILLE: N_("Texto para braille"),
}
_IN_LANGUAGE: Mapping[AdaptationForm, str] = {
    AdaptationForm.WHOLE: N_("Versión en %(language)s"),
    AdaptationForm.EASY_READ: N_("Lectura fácil en %(language)s"),
    AdaptationForm.BRAILLE: N_("Texto para braille en %(language)s"),
}
_OF_MATERIAL: Mapping[str, str] = {
    "title": N_("Nombre"),
    "description": N_("Descripción"),
    "alt_text": N_("Texto alternativo"),
    "text": N_("Texto"),
}


def version_name(language: str, form: AdaptationForm) -> str:
    """Return what a version is called, such as "Versión en náhuatl" or "Lectura fácil"."""
    if language == SPANISH and form in _ALONE:
        return str(gettext(_ALONE[form]))
    return str(gettext(_IN_LANGUAGE[form]) % {"language": languages.name(language)})


def forms() -> list[dict[str, str]]:
    """Return the forms as the choices of a form."""
    return [
        {"value": form.value, "title": gettext(title), "text": gettext(text)}
        for form, (title, text) in FORMS.items()
    ]


def field_id(key: str) -> str:
    """Return the id and name of a field's text in a page."""
    return key.replace(".", "-")


def field_names(original: Original) -> dict[str, str]:
    """Return what each field of an original is called, in the order of its page."""
    parts = [key for key in original.texts if key.startswith("part.")]
    shown = [key for key in original.texts if key.startswith("alt.")]
    return {key: _field_name(key, len(parts), shown) for key in original.texts}


def _field_name(key: str, parts: int, shown: list[str]) -> str:
    kind, _, number = key.partition(".")
    if kind == "part":
        return str(gettext("Parte %(number)s", number=number) if parts > 1 else gettext("Texto"))
    if kind == "alt":
        if len(shown) == 1:
            return str(gettext("Texto alternativo de la imagen"))
        return str(gettext("Texto alternativo de la imagen %(number)s", number=shown.index(key) + 1))
    return str(gettext(_OF_MATERIAL[key]))
