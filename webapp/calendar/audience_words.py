"""The plan's audiences as people call them, and those that a bimester leaves out."""

from collections.abc import Collection

from flask_babel import gettext

from content_calendar.models.audiences import Audience
from webapp.words import N_

_WORDS = {
    Audience.CITIZENS: N_("Ciudadanía"),
    Audience.ACADEMIA: N_("Academia"),
    Audience.CIVIL_SOCIETY: N_("Sociedad civil"),
    Audience.BUSINESS: N_("Empresas"),
    Audience.INDIGENOUS: N_("Pueblos indígenas"),
    Audience.PUBLIC_SERVANTS: N_("Personas servidoras públicas"),
    Audience.MEDIA: N_("Medios de comunicación"),
}


def audience_options() -> list[tuple[str, str]]:
    """Return every audience as the options of a form."""
    return [(one.value, gettext(word)) for one, word in _WORDS.items()]


def left_out(reached: Collection[Audience]) -> str:
    """Return a sentence about whom nobody speaks to; empty when all are reached, or nobody has said of any theme."""
    missing = [gettext(word) for one, word in _WORDS.items() if one not in reached]
    if not reached or not missing:
        return ""
    said: str = gettext("Ningún tema de este bimestre habla a: %(who)s.", who=", ".join(missing))
    return said
