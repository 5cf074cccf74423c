"""How equal a body's text is to what others already publish of the same post, before it goes out.

Platforms take near-identical texts of several accounts for spam; readers see the same thing many times. What is
compared: the post itself, the own texts that other bodies wrote of it, and what they were seen to publish.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar.likeness import THRESHOLD, begin_alike, closeness
from content_calendar.models.directory import Body
from content_calendar.models.local_texts import LocalText
from scheduler.models import Entry, Replication, ReplicationKind, ReplicationStage
from scheduler.networks import networks
from scheduler.powers import MindsEqualTexts

# Nothing that a reader would notice, and what shares most of its words without being the same text.
_EQUAL, _AKIN = 97, 65
_MOST_COMPARED = 80
_SAID = (ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED)
_COPIES = (ReplicationKind.COPY, ReplicationKind.ADAPTED)


class Closeness(StrEnum):
    """How equal a text is to the nearest of the others."""

    EQUAL = "equal"
    VERY = "very"
    AKIN = "akin"
    OWN = "own"


@dataclass(frozen=True)
class Rule:
    """A network that minds, within how long, and where it says so."""

    network: str
    window: timedelta
    source: str


@dataclass(frozen=True)
class Measure:
    """How equal a text is: to the nearest of them, to how many bodies', to ours, and whether only the beginning is.

    ``bodies`` are the short names of those whose text a platform would take for the same.
    """

    level: Closeness
    percent: int = 0
    bodies: Sequence[str] = ()
    like_ours: bool = False
    same_beginning: bool = False


def level_of(percent: int) -> Closeness:
    """Return what a percentage of likeness is called; from ``THRESHOLD`` on the gate of publications stops it. Pure."""
    if percent >= _EQUAL:
        return Closeness.EQUAL
    if percent >= THRESHOLD:
        return Closeness.VERY
    return Closeness.AKIN if percent >= _AKIN else Closeness.OWN


def rules() -> Sequence[Rule]:
    """Return the networks that mind equal texts, with their rule's source."""
    return [
        Rule(one.name, one.identical_window, one.identical_source)
        for one in networks().values()
        if isinstance(one, MindsEqualTexts) and one.identical_window
    ]


def measure(session: Session, text: str, ours: str, post_id: int, body_id: int) -> Measure:
    """Return how equal ``text`` is to ours and to what other bodies wrote or published of the post; two queries."""
    others = others_texts(session, post_id, body_id)
    return compare(text, ours, others)


def compare(text: str, ours: str, others: Mapping[str, Sequence[str]]) -> Measure:
    """Return the measure of a text beside ours and beside others', by who wrote them. Pure."""
    if not text.strip():
        return Measure(Closeness.OWN)
    to_ours = closeness(text, ours)
    nearest = {name: max(closeness(text, one) for one in some) for name, some in others.items() if some}
    alike = sorted(name for name, percent in nearest.items() if percent >= THRESHOLD)
    percent = max([to_ours, *nearest.values()])
    beginnings = [ours, *(one for some in others.values() for one in some)]
    return Measure(
        level_of(percent),
        percent,
        alike,
        to_ours >= THRESHOLD,
        any(begin_alike(text, one) for one in beginnings),
    )


def others_texts(session: Session, post_id: int, body_id: int) -> Mapping[str, Sequence[str]]:
    """Return what other bodies wrote or were seen to publish of a post, by short name; two queries."""
    found: dict[str, list[str]] = {}
    written = session.execute(
        select(Body.short_name, LocalText.text)
        .join(Body, Body.id == LocalText.body_id)
        .where(LocalText.post_id == post_id, LocalText.body_id != body_id)
        .limit(_MOST_COMPARED)
    )
    seen = session.execute(
        select(Body.short_name, func.coalesce(func.nullif(Entry.summary, ""), Entry.title))
        .select_from(Replication)
        .join(Body, Body.id == Replication.body_id)
        .join(Entry, Entry.id == Replication.entry_id)
        .where(
            Replication.post_id == post_id, Replication.body_id != body_id, Replication.stage.in_(_SAID),
            Replication.kind.in_(_COPIES), Entry.hidden_at.is_(None),
        )
        .order_by(Replication.id.desc())
        .limit(_MOST_COMPARED)
    )  # fmt: skip
    for name, text in (*written, *seen):
        found.setdefault(name, []).append(text)
    return found


def copied_by(session: Session, post_ids: Collection[int], body_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many other bodies published each post's text as it stands; one query, nothing for none."""
    rows = session.execute(
        select(Replication.post_id, func.count(Replication.body_id.distinct()))
        .where(
            Replication.post_id.in_(post_ids),
            Replication.body_id.not_in(body_ids),
            Replication.kind == ReplicationKind.COPY,
            Replication.stage.in_(_SAID),
        )
        .group_by(Replication.post_id)
    )
    return dict(rows.all())
