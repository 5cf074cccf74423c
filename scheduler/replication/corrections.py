"""Corrections (fe de erratas): they reach the bodies that took the post up, until each has answered.

A body that is found later to have taken it up is asked too. Functions take a session and never commit.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.listening.cleaning import link as clean_link
from scheduler.models import Replication, ReplicationStage
from scheduler.replication import correction_notices
from scheduler.replication.correction_models import (
    Correction,
    CorrectionAnswer,
    CorrectionLink,
    CorrectionTask,
)
from scheduler.replication.declaring import PostNotPublishedError

LASTS = timedelta(days=30)
REMIND_AFTER = timedelta(days=3)
MOST_REMINDERS = 2
# Whoever is found to have taken a post up after this is asked no more: nobody reads it any longer.
LOOK_BACK = timedelta(days=180)
LONGEST_WHY, LONGEST_TEXT, LONGEST_NOTE = 500, 10_000, 1000
_TOKEN_BYTES = 32
_SURE = frozenset({ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED})


class CorrectionMissingError(NotFoundError):
    """There is no such correction or task, or it is another body's."""

    code = "correction_missing"


class CorrectionWhyError(InvalidError):
    """What was wrong is said in a sentence of at most ``limit`` characters."""

    code = "correction_why"


class CorrectionSameError(InvalidError):
    """What it should say is what it said, or nothing, or longer than ``limit`` characters."""

    code = "correction_same"


class CorrectionClosedError(ConflictError):
    """The correction was called off, or this body is asked no more."""

    code = "correction_closed"


class CorrectionLinkNeededError(InvalidError):
    """Whoever corrected it says where."""

    code = "correction_link"


class CorrectionNoteError(InvalidError):
    """Whom it does not apply to says why, in at most ``limit`` characters."""

    code = "correction_note"


class CorrectionLinkOverError(ConflictError):
    """The letter's link was good for thirty days, and they are over."""

    code = "correction_link_over"


def begin(session: Session, post: Post, person: Person, why: str, said: str, right: str) -> Correction:
    """Correct a published post and ask every body that took it up.

    ``said`` is what it says, ``right`` what it should say. Raises PostNotPublishedError, CorrectionWhyError and
    CorrectionSameError.
    """
    _require_out(session, post.id)
    why, right = " ".join(why.split()), right.strip()
    if not why or len(why) > LONGEST_WHY:
        raise CorrectionWhyError(field="why", limit=LONGEST_WHY)
    if not right or right == said.strip() or len(right) > LONGEST_TEXT:
        raise CorrectionSameError(field="right", limit=LONGEST_TEXT)
    correction = Correction(post_id=post.id, why=why, said=said, right=right, made_by_id=person.id)
    session.add(correction)
    session.flush()
    audit.record(session, person.ref, "correction_made", "correction", correction.ref, post=post.ref)
    ask(session, correction)
    return correction


def ask(session: Session, correction: Correction) -> int:
    """Ask every body that took the post up and was not asked; return how many tasks are new.

    To be said again at any time. A body about which everybody changed their mind is asked no more, one that was
    doubtful and is not any more is told as sure from then on.
    """
    session.refresh(correction, with_for_update=True)
    if correction.called_off_at is not None:
        return 0
    at = now()
    found = _took_up(session, correction.post_id)
    asked = {one.body_id for one in _tasks(session, correction.id)}
    insert_absent(
        session,
        CorrectionTask,
        [
            {
                "correction_id": correction.id,
                "body_id": body_id,
                "link": link,
                "doubtful": doubtful,
                "asked_at": at,
            }
            for body_id, (link, doubtful) in found.items()
            if body_id not in asked
        ],
    )
    fresh, closed = [], []
    for task in _tasks(session, correction.id):
        if task.body_id not in found:
            if task.open:
                task.closed_at, task.mail_at = at, None
                closed.append(task)
            continue
        link, doubtful = found[task.body_id]
        again = task.closed_at is not None and task.answered_at is None
        if again:
            task.closed_at, task.asked_at, task.reminders, task.reminded_at = None, at, 0, None
        task.doubtful, task.link = doubtful, task.link or link
        if again or task.body_id not in asked:
            task.mail_at = at
            fresh.append(task)
    session.flush()
    correction_notices.tell_asked(session, correction, fresh)
    correction_notices.close(session, correction, closed)
    return len(fresh)


def call_off(session: Session, correction: Correction, person: Person) -> None:
    """Ask nobody any more: the correction was a mistake. What was answered stays answered."""
    if correction.called_off_at is not None:
        raise CorrectionClosedError
    correction.called_off_at = now()
    for task in _tasks(session, correction.id):
        if task.open:
            task.closed_at, task.mail_at = now(), None
    session.flush()
    correction_notices.close(session, correction, _tasks(session, correction.id))
    audit.record(session, person.ref, "correction_called_off", "correction", correction.ref)


def resume(session: Session, correction: Correction, person: Person) -> None:
    """Undo ``call_off``: who had not answered is asked again."""
    correction.called_off_at = None
    session.flush()
    audit.record(session, person.ref, "correction_resumed", "correction", correction.ref)
    ask(session, correction)


def answer(
    session: Session, task: CorrectionTask, said: CorrectionAnswer, link: str, note: str, by: Person | None
) -> None:
    """Note what a body did; a later answer stands for an earlier one. ``by`` is None by the letter's link.

    Raises CorrectionClosedError, CorrectionLinkNeededError for a ``corrected`` without a link, and
    CorrectionNoteError for a ``not_applicable`` that does not say why.
    """
    if task.closed_at is not None:
        raise CorrectionClosedError
    note, cleaned = note.strip(), clean_link(link.strip()) if link.strip() else ""
    if cleaned is None or (said is CorrectionAnswer.CORRECTED and not cleaned):
        raise CorrectionLinkNeededError(field="link")
    if len(note) > LONGEST_NOTE or (said is CorrectionAnswer.NOT_APPLICABLE and not note):
        raise CorrectionNoteError(field="note", limit=LONGEST_NOTE)
    task.answer, task.note, task.answered_at = said, note, now()
    task.answer_link = cleaned if said is CorrectionAnswer.CORRECTED else ""
    task.answered_by_id, task.mail_at = by.id if by else None, None
    session.flush()
    correction = session.get_one(Correction, task.correction_id)
    correction_notices.close(session, correction, [task], by.id if by else None)
    audit.record(
        session, by.ref if by else "", "correction_answered", "correction_task", task.ref, answer=said.value
    )


def find(session: Session, ref: str) -> Correction:
    """Return the correction of that reference with its posts and maker; raise CorrectionMissingError."""
    found = session.scalars(
        select(Correction)
        .where(Correction.ref == ref)
        .options(joinedload(Correction.post), joinedload(Correction.told_by), joinedload(Correction.made_by))
    ).one_or_none()
    if found is None:
        raise CorrectionMissingError(ref=ref)
    return found


def find_task(session: Session, ref: str) -> CorrectionTask:
    """Return the task with its body and correction; raise CorrectionMissingError."""
    found = session.scalars(_whole_task().where(CorrectionTask.ref == ref)).one_or_none()
    if found is None:
        raise CorrectionMissingError(ref=ref)
    return found


def tasks_of(session: Session, correction_ids: Collection[int]) -> Sequence[CorrectionTask]:
    """Return what was asked about these corrections, with bodies and who answered, by state of the body."""
    rows = session.scalars(
        _whole_task().where(CorrectionTask.correction_id.in_(correction_ids)).order_by(CorrectionTask.id)
    ).all()
    return sorted(rows, key=lambda one: (one.body.state_name, one.body.slug))


def tasks_for(session: Session, body_ids: Collection[int]) -> Sequence[CorrectionTask]:
    """Return what these bodies were asked, what waits first, then the newest; nothing that was closed unanswered."""
    rows = session.scalars(
        _whole_task()
        .where(
            CorrectionTask.body_id.in_(body_ids),
            CorrectionTask.closed_at.is_(None) | CorrectionTask.answered_at.is_not(None),
        )
        .order_by(CorrectionTask.answered_at.is_not(None), CorrectionTask.id.desc())
    )
    return rows.all()


def listed(session: Session, most: int) -> Sequence[Correction]:
    """Return the corrections, the newest first, with their posts and makers."""
    return session.scalars(
        select(Correction)
        .options(joinedload(Correction.post), joinedload(Correction.told_by), joinedload(Correction.made_by))
        .order_by(Correction.id.desc())
        .limit(most)
    ).all()


def of_post(session: Session, post_id: int) -> Sequence[Correction]:
    """Return the corrections of a post, and the one that it tells, the newest first."""
    return session.scalars(
        select(Correction)
        .where((Correction.post_id == post_id) | (Correction.told_by_id == post_id))
        .options(joinedload(Correction.post), joinedload(Correction.told_by))
        .order_by(Correction.id.desc())
    ).all()


def standing(session: Session, post_ids: Collection[int]) -> Mapping[int, Sequence[Correction]]:
    """Return the corrections of these posts that were not called off, by post, the oldest first; one query."""
    found: dict[int, list[Correction]] = {}
    rows = session.scalars(
        select(Correction)
        .where(Correction.post_id.in_(post_ids), Correction.called_off_at.is_(None))
        .order_by(Correction.id)
    )
    for one in rows:
        found.setdefault(one.post_id, []).append(one)
    return found


def new_link(session: Session, task: CorrectionTask) -> str:
    """Return the token of a new link to answer a task, good for thirty days; earlier ones stay good too."""
    token, at = secrets.token_urlsafe(_TOKEN_BYTES), now()
    session.execute(delete(CorrectionLink).where(CorrectionLink.expires_at < at - LASTS))
    session.add(CorrectionLink(token_hash=_hash(token), task_id=task.id, made_at=at, expires_at=at + LASTS))
    session.flush()
    return token


def opened(session: Session, token: str) -> CorrectionTask:
    """Return the task that a letter's link is of; raise CorrectionMissingError or CorrectionLinkOverError."""
    found = session.scalars(
        select(CorrectionLink)
        .where(CorrectionLink.token_hash == _hash(token))
        .options(
            joinedload(CorrectionLink.task).joinedload(CorrectionTask.body),
            joinedload(CorrectionLink.task).joinedload(CorrectionTask.correction).joinedload(Correction.post),
        )
    ).one_or_none()
    if found is None:
        raise CorrectionMissingError
    if found.expires_at < now():
        raise CorrectionLinkOverError
    return found.task


def tick(session: Session) -> int:
    """Ask the bodies that were found since, remind who has not answered; return how many tasks were touched."""
    at = now()
    alive = session.scalars(
        select(Correction).where(Correction.made_at >= at - LOOK_BACK, Correction.called_off_at.is_(None))
    ).all()
    return sum(ask(session, one) for one in alive) + _chase(session, at)


def _chase(session: Session, at: datetime) -> int:
    asked = CorrectionTask.reminded_at.is_(None) & (CorrectionTask.asked_at <= at - REMIND_AFTER)
    waiting = session.scalars(
        select(CorrectionTask)
        .where(
            CorrectionTask.answered_at.is_(None),
            CorrectionTask.closed_at.is_(None),
            CorrectionTask.escalated_at.is_(None),
            (CorrectionTask.reminded_at <= at - REMIND_AFTER) | asked,
        )
        .options(joinedload(CorrectionTask.correction))
        .order_by(CorrectionTask.id)
    ).all()
    for one in waiting:
        if one.reminders < MOST_REMINDERS:
            one.reminders, one.reminded_at, one.mail_at = one.reminders + 1, at, at
        else:
            one.escalated_at = at
    session.flush()
    correction_notices.tell_late(session, waiting)
    return len(waiting)


def reached(session: Session, post_id: int) -> tuple[int, int]:
    """Return how many bodies certainly took a post up, and how many perhaps: whom a correction would ask."""
    found = _took_up(session, post_id)
    doubtful = sum(one for _link, one in found.values())
    return len(found) - doubtful, doubtful


def told_with(session: Session, correction: Correction, post: Post, person: Person) -> None:
    """Note which post tells the correction to everybody."""
    correction.told_by_id = post.id
    session.flush()
    audit.record(session, person.ref, "correction_told", "correction", correction.ref, post=post.ref)


def waiting_count(session: Session, body_ids: Collection[int]) -> int:
    """Return how many corrections wait for an answer of these bodies."""
    if not body_ids:
        return 0
    open_ = (CorrectionTask.answered_at.is_(None), CorrectionTask.closed_at.is_(None))
    return session.scalar(select(func.count()).where(CorrectionTask.body_id.in_(body_ids), *open_)) or 0


def _require_out(session: Session, post_id: int) -> None:
    out = exists().where(Publication.post_id == post_id, Publication.state == PublicationState.PUBLISHED)
    if not session.scalar(select(out)):
        raise PostNotPublishedError


def _took_up(session: Session, post_id: int) -> dict[int, tuple[str, bool]]:
    """Return where each body took the post up, and whether that is doubtful; who certainly did not is left out."""
    found: dict[int, tuple[str, bool]] = {}
    rows = session.execute(
        select(Replication.body_id, Replication.link, Replication.stage)
        .where(Replication.post_id == post_id, Replication.stage != ReplicationStage.REJECTED)
        .order_by(Replication.id)
    )
    for body_id, link, stage in rows:
        old = found.get(body_id)
        doubtful = stage not in _SURE
        if old is None or (old[1] and not doubtful):
            found[body_id] = (link, doubtful)
    return found


def _tasks(session: Session, correction_id: int) -> Sequence[CorrectionTask]:
    return session.scalars(
        select(CorrectionTask)
        .where(CorrectionTask.correction_id == correction_id)
        .order_by(CorrectionTask.id)
        .execution_options(populate_existing=True)
    ).all()


def _whole_task() -> Select[CorrectionTask]:
    return select(CorrectionTask).options(
        joinedload(CorrectionTask.body),
        joinedload(CorrectionTask.answered_by),
        joinedload(CorrectionTask.correction).joinedload(Correction.post),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
