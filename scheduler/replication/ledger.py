"""The ledger: which body took up which post, how we know, and what people said to it.

The machine writes what it finds once and may raise its own doubt to a certainty; whatever a person declared,
confirmed or overruled it leaves alone, however often everything is matched again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from content_calendar import audit, clock, webhooks
from content_calendar.db import Database, new_ref
from content_calendar.errors import NotFoundError
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.webhooks import EventKind
from scheduler.listening.cleaning import plain
from scheduler.models import Entry, Replication, ReplicationKind, ReplicationStage
from scheduler.replication import evidence, tuning
from scheduler.replication.evidence import Seen
from scheduler.replication.facts import published, published_facts
from scheduler.replication.index import ReplicationIndex
from scheduler.replication.match import EntryFacts, Thresholds, Verdict, links_in, said_in, tags_in
from scheduler.replication.retracting import retract
from scheduler.replication.same_links import evidence_key, same_link
from scheduler.replication.seek_models import EvidenceSort
from scheduler.replication.verdicts import taken_up

_CHUNK = 500


@dataclass(frozen=True)
class Finding:
    """Something the machine found: a body took a post up, in this form, so sure, for this reason, seen like this.

    ``at`` is when that happened, or where it is not ``dated`` when it was first seen; None counts as now, and not as
    dated.
    """

    post_id: int
    body_id: int
    evidence_key: str
    kind: ReplicationKind
    score: int
    certain: bool
    why_code: str
    why_params: Mapping[str, Any]
    out_at: datetime
    at: datetime | None
    link: str
    seen: Seen
    entry_id: int | None = None
    dated: bool = True


class Matcher:
    """Matches notes with posts, and remembers between two calls which posts it knows.

    One thread uses it at a time. Two of them on one database do no harm.
    """

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self._given = thresholds
        self._thresholds = thresholds or Thresholds()
        self._index = ReplicationIndex()
        self._known: frozenset[int] = frozenset()
        self._begun = False
        # From when the posts are that came to be known with the last call; nothing at the first, when all do.
        self.news_since: datetime | None = None

    def match(self, database: Database) -> int:
        """Match new notes with all posts, and new posts with all notes since; return replications written.

        The order in which notes and posts arrive makes no difference.
        """
        since = self._learn(database)
        self.news_since, self._begun = (since if self._begun else None), True
        if self._given is None:
            with database.reading() as session:
                self._thresholds = tuning.thresholds(session)
        written, last_id = 0, 0
        while rows := self._entries(database, since, last_id):
            last_id = rows[-1].id
            found = self._judge(rows)
            with database.transaction() as session:
                told = {(one.post_id, one.entry_id) for one in found}
                retract(session, [row.id for row in rows if _is_young(row)], told)
                written += write(session, found)
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

    def _judge(self, rows: Sequence[Entry]) -> list[Finding]:
        entries = [entry_facts(row) for row in rows]
        return [
            _finding(post.post_id, post.published_at, rows[n], verdict)
            for n, posts in taken_up(self._index, entries, self._thresholds)
            for post, verdict in posts
        ]


def _is_young(row: Entry) -> bool:
    # What is new, or was asked to be judged again; of older ones what was said stands, whatever counts today.
    return row.matched_at is None or row.published_at >= clock.now() - tuning.JUDGED_AGAIN


def _finding(post_id: int, out_at: datetime, row: Entry, verdict: Verdict) -> Finding:
    return Finding(
        post_id=post_id,
        body_id=row.owner_id,
        evidence_key=evidence_key(row.link) or row.identity,
        kind=ReplicationKind(verdict.form.value),
        score=verdict.score,
        certain=verdict.certain,
        why_code=verdict.code,
        why_params=verdict.params,
        out_at=out_at,
        at=row.published_at,
        link=row.link,
        seen=Seen(
            EvidenceSort.NOTE,
            f"{row.title}\n{plain(row.summary, evidence.LONGEST_TEXT)}".strip(),
            row.link,
        ),
        entry_id=row.id,
        dated=row.dated,
    )


def entry_facts(entry: Entry) -> EntryFacts:
    """Return what matching needs to know of a note."""
    text = f"{entry.title}\n{entry.summary}"
    return EntryFacts(
        entry_id=entry.id,
        owner_id=entry.owner_id,
        text=said_in(text),
        published_at=entry.published_at,
        dated=entry.dated,
        link=same_link(entry.link),
        links=frozenset(map(same_link, links_in(text))),
        tags=tags_in(text),
    )


def write(session: Session, found: Sequence[Finding]) -> int:
    """Write down what was found, with its evidence; return how many replications are new or surer than before.

    To write the same again changes nothing; what a person declared or decided keeps what it says.
    """
    if not found:
        return 0
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    written, certain = 0, list[str]()
    for one in found:
        new = insert(Replication).values(_row(one))
        stored = session.execute(
            new.on_conflict_do_update(
                index_elements=["post_id", "body_id", "evidence_key"],
                set_={
                    name: new.excluded[name]
                    for name in ("kind", "stage", "score", "why_code", "why_params", "occurred_at", "dated")
                },
                where=(
                    Replication.decided_at.is_(None)
                    & Replication.declared_by_id.is_(None)
                    # Surer than before; or as sure, where what counts as sure was changed meanwhile.
                    & (
                        (Replication.score < new.excluded.score)
                        | (
                            (Replication.score == new.excluded.score)
                            & (Replication.stage != new.excluded.stage)
                            & Replication.stage.in_([ReplicationStage.SEEN, ReplicationStage.DOUBTFUL])
                        )
                    )
                ),
            ).returning(Replication.ref)
        )
        refs = stored.scalars().all()
        written += len(refs)
        certain += refs if one.certain else []
    webhooks.note(session, EventKind.REPLICATION_FOUND, {ref: ref for ref in certain})
    seen: dict[evidence.Key, list[Seen]] = {}
    for one in found:
        seen.setdefault((one.post_id, one.body_id, one.evidence_key), []).append(one.seen)
    evidence.keep(session, seen)
    return written


def _row(one: Finding) -> dict[str, Any]:
    now = clock.now()
    return {
        "ref": new_ref(),
        "post_id": one.post_id,
        "body_id": one.body_id,
        "entry_id": one.entry_id,
        "evidence_key": one.evidence_key,
        "link": one.link,
        "kind": one.kind,
        "stage": ReplicationStage.SEEN if one.certain else ReplicationStage.DOUBTFUL,
        "score": one.score,
        "why_code": one.why_code,
        "why_params": dict(one.why_params),
        # A clock a few hours wrong must not make an echo older than the voice.
        "occurred_at": max(one.at or now, one.out_at),
        "dated": one.at is not None and one.dated,
        "seen_at": now,
    }


def confirm(session: Session, person: Person, replication_ref: str) -> Replication:
    """Record that a person looked and says: yes, this takes up the post. Raises NotFoundError."""
    return _decide(session, person, replication_ref, ReplicationStage.CONFIRMED, "replication_confirmed")


def overrule(session: Session, person: Person, replication_ref: str) -> Replication:
    """Record that a person looked and says: no, it does not. Raises NotFoundError."""
    return _decide(session, person, replication_ref, ReplicationStage.REJECTED, "replication_overruled")


def _decide(session: Session, person: Person, ref: str, stage: ReplicationStage, act: str) -> Replication:
    # Held: of two who decide at once, the second decides over what the first said, and the trail tells both.
    replication = session.scalar(select(Replication).where(Replication.ref == ref).with_for_update())
    if replication is None:
        raise NotFoundError
    before = replication.stage.value
    replication.stage = stage
    replication.decided_by_id = person.id
    replication.decided_at = clock.now()
    audit.record(session, person.ref, act, "replication", ref, before=before)
    if stage is ReplicationStage.CONFIRMED:
        webhooks.note(session, EventKind.REPLICATION_FOUND, {ref: ref})
    session.flush()
    return replication
