"""Whom a correction is told: who stands for the body it asks; those who write posts, when nobody does or answers.

The letter with its link goes out by itself: these notices are not mailed as well.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import notices
from content_calendar.audience import Audience, Somebody, holders
from content_calendar.clock import now
from content_calendar.models.directory import Owner
from content_calendar.models.posts import Post
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission
from scheduler.replication.correction_models import Correction, CorrectionTask

_TITLE = 90


def tell_asked(session: Session, correction: Correction, tasks: Sequence[CorrectionTask]) -> None:
    """Tell each of these bodies that it is asked."""
    _tell(session, [(correction, task, Code.CORRECTION_ASKED) for task in tasks])


def tell_late(session: Session, tasks: Sequence[CorrectionTask]) -> None:
    """Remind each of these bodies; of whom was reminded often enough, tell those who write posts."""
    _tell(
        session,
        [
            (
                task.correction,
                task,
                Code.CORRECTION_UNANSWERED if task.escalated_at is not None else Code.CORRECTION_REMINDER,
            )
            for task in tasks
        ],
    )


def close(
    session: Session, correction: Correction, tasks: Sequence[CorrectionTask], by_id: int | None = None
) -> None:
    """Close what was told of these tasks: they need nobody any more."""
    if tasks:
        notices.over(session, Subject.CORRECTION, [_subject(correction, one) for one in tasks], by_id)


def _subject(correction: Correction, task: CorrectionTask) -> str:
    return f"{correction.ref}-{task.body_id}"


def _tell(session: Session, asked: Sequence[tuple[Correction, CorrectionTask, Code]]) -> None:
    if not asked:
        return
    titles = dict(
        session.execute(
            select(Post.id, Post.title).where(Post.id.in_({correction.post_id for correction, _, _ in asked}))
        ).all()
    )
    names = dict(
        session.execute(
            select(Owner.id, Owner.short_name).where(Owner.id.in_({task.body_id for _, task, _ in asked}))
        ).all()
    )
    people = notices.people_to_tell(session, now().date())
    told = []
    for correction, task, code in asked:
        subject = _subject(correction, task)
        happening = Happening(
            f"correction:{task.ref}:{code.value}:{task.reminders}:{int(task.asked_at.timestamp())}",
            code.value,
            Subject.CORRECTION,
            subject,
            {
                "title": (titles[correction.post_id] or correction.said)[:_TITLE],
                "body": names[task.body_id],
                "why": correction.why[:_TITLE],
            },
        )
        notices.over(session, Subject.CORRECTION, [subject])
        told.append((happening, _audience(people, task.body_id, code)))
    notices.tell(session, told)


def _audience(people: Collection[Somebody], body_id: int, code: Code) -> Audience:
    mine = frozenset(one.id for one in people if body_id in one.rights.bodies())
    writers = holders(people, Permission.WRITE_POSTS)
    if code is Code.CORRECTION_UNANSWERED:
        return Audience(mine | writers, writers)
    # Nobody stands for it: whoever keeps the whole sends the link by hand.
    return Audience(mine) if mine else Audience(writers, writers)
