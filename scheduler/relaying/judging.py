"""The theme of each note: suggested by comparing it with this bimester's themes, unless a person has decided.

Suggestions are stored, so that the wire can be filtered by theme in one question; a note is compared again when
the themes change, and with a new bimester that is by itself.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from content_calendar import audit, clock
from content_calendar.bimesters import bimester_of
from content_calendar.db import Database
from content_calendar.inserting import insert_absent
from content_calendar.models.people import Person
from content_calendar.models.plan import Bimester, Theme, ThemeSpan
from scheduler.listening.note_words import searched
from scheduler.models import Entry
from scheduler.relaying.models import EntryTheme
from scheduler.relaying.topics import Suggestion, Topic, Topics, prepare

# Older notes keep the theme that their own bimester suggested.
_COMPARED_FOR = timedelta(days=45)
_MOST_AT_ONCE, _MOST_ROUNDS = 300, 10
_LOOK_ANYWAY = 600.0  # seconds


@dataclass(frozen=True)
class Themes:
    """The themes of a bimester, ready to be compared with, and the name of that comparison."""

    listed: Sequence[Theme]
    topics: Topics
    name: str

    def suggest(self, entry: Entry) -> Suggestion | None:
        """Return the theme that is nearest to a note (loaded with its owner), or None.

        The owner's own name says nothing of what the note is about, and is full of the words of themes.
        """
        return self.topics.suggest(_without(entry.title, entry), _without(entry.summary, entry))


def current(session: Session, zone: str) -> Themes:
    """Return the themes of the bimester that it is in ``zone``; two queries."""
    year, number = bimester_of(clock.now().astimezone(ZoneInfo(zone)).date())
    placed = (
        select(ThemeSpan.theme_id)
        .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
        .where(Bimester.year == year, Bimester.number == number)
    )
    listed = session.scalars(
        select(Theme)
        .where(Theme.id.in_(placed), Theme.archived_at.is_(None))
        .options(selectinload(Theme.lines))
        .order_by(Theme.id)
    ).all()
    topics = [
        Topic(one.id, one.title, " . ".join([one.description, one.area, *(line.title for line in one.lines)]))
        for one in listed
    ]
    said = orjson.dumps([[one.id, one.title, one.more] for one in topics])
    return Themes(listed, prepare(topics), hashlib.sha256(said).hexdigest()[:32])


class Judge:
    """Compares what is new, tick after tick; where neither notes nor themes are, it asks three short questions."""

    def __init__(self, database: Database, zone: str) -> None:
        self._database = database
        self._zone = zone
        self._seen: tuple[str, int] = ("", 0)
        self._looked_at = -_LOOK_ANYWAY

    def tick(self) -> int:
        """Compare the notes that are new, or were compared with other themes; return how many were."""
        with self._database.reading() as session:
            themes = current(session, self._zone)
            seen = (themes.name, session.scalar(select(func.max(Entry.id))) or 0)
            # A note may be committed after one with a greater number: now and then all are looked at.
            fresh = clock.monotonic() - self._looked_at < _LOOK_ANYWAY
            if seen == self._seen and fresh:
                return 0
            waiting = bool(_waiting(session, themes, 1))
        if not waiting:
            self._seen, self._looked_at = seen, clock.monotonic()
            return 0
        compared = 0
        for _ in range(_MOST_ROUNDS):
            with self._database.transaction() as session:
                round_of = judge(session, themes)
            compared += round_of
            if round_of < _MOST_AT_ONCE:
                break
        return compared


def judge(session: Session, themes: Themes) -> int:
    """Store what these themes suggest for the notes that wait for it, some at once; return for how many."""
    waiting = _waiting(session, themes, _MOST_AT_ONCE)
    rows = []
    for entry in waiting:
        found = themes.suggest(entry)
        if not entry.searched:
            # Kept before notes could be searched, or pasted.
            entry.searched = searched(entry.title, entry.summary)
        rows.append(
            {
                "entry_id": entry.id,
                "theme_id": found.theme_id if found else None,
                "words": list(found.words) if found else [],
                "judged_by": themes.name,
            }
        )
    session.flush()
    session.execute(
        delete(EntryTheme).where(
            EntryTheme.entry_id.in_([entry.id for entry in waiting]), EntryTheme.decided_at.is_(None)
        )
    )
    insert_absent(session, EntryTheme, rows)
    return len(rows)


def decide(session: Session, entry: Entry, theme: Theme | None, person: Person) -> None:
    """Let a person say which theme a note is about, or that it is about none; no suggestion changes it."""
    session.execute(delete(EntryTheme).where(EntryTheme.entry_id == entry.id))
    session.execute(
        insert(EntryTheme).values(
            entry_id=entry.id,
            theme_id=theme.id if theme else None,
            words=[],
            decided_at=clock.now(),
            decided_by_id=person.id,
        )
    )
    audit.record(session, person.ref, "entry.theme", "entry", entry.ref, theme=theme.ref if theme else "")


def undecide(session: Session, entry: Entry, person: Person) -> None:
    """Take a person's decision back: the note is compared again."""
    session.execute(
        update(EntryTheme)
        .where(EntryTheme.entry_id == entry.id)
        .values(decided_at=None, decided_by_id=None, theme_id=None, words=[], judged_by="")
    )
    audit.record(session, person.ref, "entry.theme_undecided", "entry", entry.ref)


def theme_id_of(session: Session, entry: Entry, themes: Themes) -> int | None:
    """Return the theme of a note (loaded with its owner): decided, else what these themes suggest; one query."""
    row = session.get(EntryTheme, entry.id)
    if row is not None and row.decided_at is not None:
        return row.theme_id
    found = themes.suggest(entry)
    return found.theme_id if found else None


def _waiting(session: Session, themes: Themes, most: int) -> Sequence[Entry]:
    stale = and_(EntryTheme.decided_at.is_(None), EntryTheme.judged_by != themes.name)
    return session.scalars(
        select(Entry)
        .outerjoin(EntryTheme, EntryTheme.entry_id == Entry.id)
        .where(Entry.published_at > clock.now() - _COMPARED_FOR, or_(EntryTheme.entry_id.is_(None), stale))
        .options(joinedload(Entry.owner))
        .order_by(Entry.published_at.desc())
        .limit(most)
    ).all()


def _without(text: str, entry: Entry) -> str:
    for name in (entry.owner.name, entry.owner.short_name):
        at = text.casefold().find(name.casefold()) if name else -1
        if at >= 0:
            text = f"{text[:at]} | {text[at + len(name) :]}"
    return text
