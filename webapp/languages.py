"""The languages as people choose them: INALI's names, by family, for the composer, the tool-box and their versions."""

from collections.abc import Mapping

from flask_babel import gettext

from content_calendar import languages
from content_calendar.languages import EASY_SPANISH, SPANISH
from webapp.words import N_

# Names of peoples' languages are INALI's in every language of the screens; these are words of ours.
_OURS: Mapping[str, str] = {
    SPANISH: N_("español"),
    "en": N_("inglés"),
    languages.SIGNED: N_("Lengua de Señas Mexicana"),
    EASY_SPANISH: N_("español, lectura fácil"),
}


def known(code: str) -> str:
    """Return the code of a listed language, also of one that was written as before; Spanish for any other."""
    found = languages.find(code)
    return found.code if found else SPANISH


def name(code: str) -> str:
    """Return what a language is called; the code itself for one that is not listed."""
    found = languages.find(code)
    if code in _OURS or (found is not None and found.code in _OURS):
        return str(gettext(_OURS[code if code in _OURS else known(code)]))
    return found.name if found else code


def names() -> dict[str, str]:
    """Return the names of all languages by code."""
    return {code: name(code) for code in languages.every()}


def grouped(*, signed: bool = True, easy: bool = False, chosen: str = "") -> dict[str, list[tuple[str, str]]]:
    """Return the choices of a field, by family; with what the speakers call theirs.

    ``easy`` offers easy-read Spanish as a language, as posts have it; ``chosen`` stays though it is not listed.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, one in languages.every().items():
        if one.is_signed and not signed:
            continue
        group = (
            gettext("Familia %(family)s", family=one.family) if one.is_indigenous else gettext("De uso común")
        )
        said = f"{name(code)} ({one.self_name})" if one.self_name else name(code)
        groups.setdefault(group, []).append((code, said))
        if easy and code == SPANISH:
            groups[group].append((EASY_SPANISH, name(EASY_SPANISH)))
    if chosen and not any(chosen == code for some in groups.values() for code, _ in some):
        groups.setdefault(gettext("De uso común"), []).append((chosen, name(chosen)))
    return groups
