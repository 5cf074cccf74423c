"""What is known of how a publication was received, age by age, for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from content_calendar.models.money import Charge
from scheduler.models import Reading, ReadingRound
from scheduler.readings import READING, WINDOWS
from scheduler.results.figure_models import IMPORTED
from webapp.session import db
from webapp.words import N_

WINDOW_WORDS: Mapping[str, str] = {
    "1h": N_("a 1 hora"),
    "24h": N_("a 24 horas"),
    "72h": N_("a 72 horas"),
    "7d": N_("a 7 días"),
    "28d": N_("a 28 días"),
}
# In the order in which they are shown; a figure without a word here is shown by the network's name for it.
METRIC_WORDS: Mapping[str, str] = {
    "views": N_("Veces vista"),
    "likes": N_("Me gusta"),
    "reposts": N_("Veces compartida"),
    "quotes": N_("Citas"),
    "replies": N_("Respuestas"),
    "bookmarks": N_("Guardada"),
    "clicks": N_("Clics"),
    "link_clicks": N_("Clics en el enlace"),
    "profile_clicks": N_("Clics en el perfil"),
    "engagements": N_("Interacciones"),
    "reach": N_("Personas alcanzadas"),
}


@dataclass(frozen=True)
class Line:
    """One age: when it is due, when it was read, what it gave, and why it gave nothing.

    ``due_at`` is None where nothing is read and a person brought the figures; ``imported`` are those so brought.
    """

    words: str
    due_at: datetime | None
    read_at: datetime | None
    figures: Mapping[str, int]
    missed: bool
    said_code: str
    imported: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Measured:
    """The lines in order of age, the figures that any of them has, and what reading them has cost in mills."""

    lines: Sequence[Line]
    metrics: Sequence[tuple[str, str]]
    mills: int


def measured(publication_id: int) -> Measured:
    """Return what was read of a publication; no lines when nothing is to be read. Three queries."""
    rounds = {
        one.window: one
        for one in db().scalars(select(ReadingRound).where(ReadingRound.publication_id == publication_id))
    }
    figures: dict[str, dict[str, int]] = {}
    read_at: dict[str, datetime] = {}
    imported: dict[str, set[str]] = {}
    for one in db().scalars(select(Reading).where(Reading.publication_id == publication_id)):
        figures.setdefault(one.window, {})[one.metric] = one.value
        read_at[one.window] = one.taken_at
        if one.source.startswith(IMPORTED):
            imported.setdefault(one.window, set()).add(one.metric)
    lines = []
    for name in (window.name for window in WINDOWS):
        planned = rounds.get(name)
        if planned is None and name not in figures:
            continue
        over = planned is not None and planned.taken_at is not None
        lines.append(
            Line(
                WINDOW_WORDS[name],
                planned.due_at if planned is not None else None,
                read_at.get(name),
                figures.get(name, {}),
                over and name not in figures,
                planned.said_code if planned is not None and over else "",
                frozenset(imported.get(name, ())),
            )
        )
    given = {metric for told in figures.values() for metric in told}
    known = [(name, word) for name, word in METRIC_WORDS.items() if name in given]
    others = [(name, name) for name in sorted(given - METRIC_WORDS.keys())]
    mills = db().scalar(
        select(func.sum(Charge.mills)).where(
            Charge.publication_id == publication_id, Charge.what.startswith(READING)
        )
    )
    return Measured(lines, [*known, *others], int(mills or 0))
