"""The ledger: which body took up which post, how we know, and what people said to it.

The machine writes what it finds once and may raise its own doubt to a certainty; whatever a person declared,
confirmed or overruled it leaves alone, however often everything is matched again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from content_calendar import audit, clock
from content_calendar.db import Database, new_ref
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.listening.cleaning import link as clean_link
from scheduler.listening.identity import canonical_link, link_key
from scheduler.models import Entry, Replication, ReplicationKind, ReplicationStage
from scheduler.replication import tuning
from scheduler.replication.facts import published, published_facts
from scheduler.replication.index import ReplicationIndex
from scheduler.replication.match import EntryFacts, Thresholds, Verdict, links_in, said_in, tags_in
from scheduler.replication.retracting import retract
from scheduler.replication.verdicts import taken_up

_CHUNK = 500


class LinkNotUsableError(InvalidError):
    """What was pasted is not a link of the web."""

    code = "replication_link_invalid"


class PostNotPublishedError(ConflictError):
    """Nobody can have taken up a post that is not out."""

    code = "replication_post_not_published"


class ReplicationRejectedError(ConflictError):
    """A person already said that this link does not take up this post."""

    code = "replication_rejected"


@dataclass(frozen=True)
class _Found:
    """A verdict with the pair it is about."""

    post_id: int
    post_published_at: datetime
    entry: EntryFacts
    evidence_key: str
    link: str
    verdict: Verdict


class Matcher:
    """Matches notes with posts, and remembers between two calls which posts it knows.

    One thread uses it at a time. Two of them on one database do no harm.
    """

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self._given = thresholds
        self._thresholds = thresholds or Thresholds()
        self._index = ReplicationIndex()
        self._known: frozenset[int] = frozenset()

    def match(self, database: Database) -> int:
        """Match new notes with all posts, and new posts with all notes since; return replications written.

        The order in which notes and posts arrive makes no difference.
        """
        since = self._learn(database)
        if self._given is None:
            with database.reading() as session:
                self._thresholds = tuning.thresholds(session)
        written, last_id = 0, 0
        while rows := self._entries(database, since, last_id):
            last_id = rows[-1].id
            found = self._judge(rows)
            with database.transaction() as session:
                retract(
                    session, [row.id for row in rows], {(one.post_id, one.entry.entry_id) for one in found}
                )
                written += _write(session, found)
                session.execute(
                    update(Entry).where(Entry.id.in_([row.id for row in rows])).values(matched_at=clock.now())
                )
        return written

    def _learn(self, database: Database) -> datetime | None:
        with database.reading() as session:
            all_published = published(session)
            facts = published_facts(session, all_published - self._known)
        self._index.put(facts)
        self._known |= all_published
        return min((one.published_at for one in facts), default=None)

    def _entries(self, database: Database, since: datetime | None, last_id: int) -> Sequence[Entry]:
        waiting: ColumnElement[bool] = Entry.matched_at.is_(None)
        if since is not None:
            waiting = or_(waiting, Entry.published_at >= since - self._thresholds.early)
        with database.reading() as session:
            rows = session.scalars(
                select(Entry)
                .join(Body, Body.id == Entry.owner_id)
                .where(waiting, Entry.hidden_at.is_(None), Entry.id > last_id)
                .order_by(Entry.id)
                .limit(_CHUNK)
            ).all()
            session.expunge_all()
            return rows

    def _judge(self, rows: Sequence[Entry]) -> list[_Found]:
        entries = [entry_facts(row) for row in rows]
        return [
            _Found(
                post.post_id, post.published_at, entries[n], rows[n].link_key or rows[n].identity, rows[n].link, verdict
            )
            for n, posts in taken_up(self._index, entries, self._thresholds)
            for post, verdict in posts
        ]  # fmt: skip


def entry_facts(entry: Entry) -> EntryFacts:
    """Return what matching needs to know of a note."""
    text = f"{entry.title}\n{entry.summary}"
    return EntryFacts(
        entry_id=entry.id,
        owner_id=entry.owner_id,
        text=said_in(text),
        published_at=entry.published_at,
        dated=entry.dated,
        link=canonical_link(entry.link),
        links=links_in(text),
        tags=tags_in(text),
    )


def _write(session: Session, found: Sequence[_Found]) -> int:
    if not found:
        return 0
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    written = 0
    for one in found:
        verdict = one.verdict
        new = insert(Replication).values(
            ref=new_ref(),
            post_id=one.post_id,
            body_id=one.entry.owner_id,
            entry_id=one.entry.entry_id,
            evidence_key=one.evidence_key,
            link=one.link,
            kind=ReplicationKind(verdict.form.value),
            stage=ReplicationStage.SEEN if verdict.certain else ReplicationStage.DOUBTFUL,
            score=verdict.score,
            why_code=verdict.code,
            why_params=dict(verdict.params),
            # A clock a few hours wrong must not make an echo older than the voice.
            occurred_at=max(one.entry.published_at, one.post_published_at),
            seen_at=clock.now(),
        )
        stored = session.execute(
            new.on_conflict_do_update(
                index_elements=["post_id", "body_id", "evidence_key"],
                set_={
                    name: new.excluded[name] for name in ("kind", "stage", "score", "why_code", "why_params")
                },
                where=(
                    Replication.decided_at.is_(None)
                    & Replication.declared_by_id.is_(None)
                    & (Replication.score < new.excluded.score)
                ),
            ).returning(Replication.id)
        )
        written += len(stored.all())
    return written


def declare(
    session: Session,
    person: Person,
    *,
    post_id: int,
    body_id: int,
    link: str,
    occurred_at: datetime | None = None,
    kind: ReplicationKind = ReplicationKind.NOTE,
) -> Replication:
    """Record that a body took up a post, as its liaison says with a link; return the replication.

    The same link twice is one replication. What the machine had seen or doubted is then also declared.
    Raises LinkNotUsableError, PostNotPublishedError, and ReplicationRejectedError when a person had
    already said no to this very link.
    """
    cleaned = clean_link(link)
    if cleaned is None or not (key := link_key(cleaned)):
        raise LinkNotUsableError("link")
    out_at = _out_at(session, post_id)
    now = clock.now()
    _insert_once(
        session,
        {
            "ref": new_ref(),
            "post_id": post_id,
            "body_id": body_id,
            "evidence_key": key,
            "link": cleaned,
            "kind": kind,
            "stage": ReplicationStage.DECLARED,
            "why_code": "replication_declared",
            "why_params": {},
            "occurred_at": min(max(occurred_at or now, out_at), now),
            "seen_at": now,
            "declared_by_id": person.id,
        },
    )
    replication = _declared(session, person, post_id, body_id, key)
    audit.record(session, person.ref, "replication_declared", "replication", replication.ref)
    session.flush()
    return replication


def _declared(session: Session, person: Person, post_id: int, body_id: int, key: str) -> Replication:
    replication = session.scalars(
        select(Replication).where(
            Replication.post_id == post_id,
            Replication.body_id == body_id,
            Replication.evidence_key == key,
        )
    ).one()
    if replication.stage is ReplicationStage.REJECTED:
        raise ReplicationRejectedError
    if replication.declared_by_id is None:
        replication.declared_by_id = person.id
    if replication.stage is ReplicationStage.DOUBTFUL:
        replication.stage = ReplicationStage.DECLARED
    return replication


def _out_at(session: Session, post_id: int) -> datetime:
    out_at = session.scalar(
        select(func.min(Publication.published_at)).where(
            Publication.post_id == post_id, Publication.state == PublicationState.PUBLISHED
        )
    )
    if out_at is None:
        raise PostNotPublishedError
    return out_at


def _insert_once(session: Session, values: dict[str, Any]) -> None:
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    session.execute(
        insert(Replication)
        .values(values)
        .on_conflict_do_nothing(index_elements=["post_id", "body_id", "evidence_key"])
    )


def confirm(session: Session, person: Person, replication_ref: str) -> Replication:
    """Record that a person looked and says: yes, this takes up the post. Raises NotFoundError."""
    return _decide(session, person, replication_ref, ReplicationStage.CONFIRMED, "replication_confirmed")


def overrule(session: Session, person: Person, replication_ref: str) -> Replication:
    """Record that a person looked and says: no, it does not. Raises NotFoundError."""
    return _decide(session, person, replication_ref, ReplicationStage.REJECTED, "replication_overruled")


def _decide(session: Session, person: Person, ref: str, stage: ReplicationStage, act: str) -> Replication:
    replication = session.scalar(select(Replication).where(Replication.ref == ref))
    if replication is None:
        raise NotFoundError
    before = replication.stage.value
    replication.stage = stage
    replication.decided_by_id = person.id
    replication.decided_at = clock.now()
    audit.record(session, person.ref, act, "replication", ref, before=before)
    session.flush()
    return replication
