"""The plan's audiences as people call them, and those that a bimester leaves out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

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


def named(some: Collection[Audience]) -> str:
    """Return these audiences in one line, in the plan's order; empty for none."""
    return ", ".join(gettext(word) for one, word in _WORDS.items() if one in some)


@dataclass(frozen=True)
class Reached:
    """How many themes, posts and events of a bimester speak to an audience."""

    audience: str
    name: str
    themes: int
    posts: int
    events: int

    @property
    def gap(self) -> bool:
        """Return whether nothing is said to it: a theme alone is only a wish."""
        return not self.posts and not self.events


def reach(tally: Sequence[tuple[Any, ...]]) -> list[Reached]:
    """Return every audience with what reaches it, those of whom nobody has said anything too; empty without any.

    ``tally`` are the rows of ``audiences.tally``.
    """
    found: dict[Audience, tuple[int, int, int]] = {
        one: (themes, posts, events) for one, themes, posts, events in tally
    }
    if not found:
        return []
    return [Reached(one.value, gettext(word), *found.get(one, (0, 0, 0))) for one, word in _WORDS.items()]


def left_out(reached: Sequence[Reached]) -> str:
    """Return a sentence about whom nothing of a bimester speaks to; empty when all are reached."""
    missing = [one.name for one in reached if one.gap and not one.themes]
    if not missing:
        return ""
    said: str = gettext(
        "Ningún tema, publicación ni evento de este bimestre habla a: %(who)s.", who=", ".join(missing)
    )
    return said
