"""What kinds of theme the commission's documents tell apart, as people call them."""

from flask_babel import gettext

from webapp.words import N_

# The words of `content_calendar/seeds/data/themes.csv`.
_WORDS = {
    "campaign": N_("Campaña"),
    "permanent": N_("Tema permanente"),
    "publication": N_("Documento o revista"),
    "event": N_("Actividad o sesión"),
    "contest": N_("Concurso"),
    "metric": N_("Indicador"),
}


def theme_kind(kind: str) -> str:
    """Return a kind in words; what a person once typed stays as it is."""
    return gettext(_WORDS[kind]) if kind in _WORDS else kind


def theme_kind_options(kind: str) -> list[tuple[str, str]]:
    """Return the kinds to choose from, with the theme's own if it is none of them."""
    own = [(kind, kind)] if kind and kind not in _WORDS else []
    return [*own, *((value, gettext(word)) for value, word in _WORDS.items())]
