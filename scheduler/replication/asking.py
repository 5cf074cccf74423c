"""Asking a body whether a doubtful match is its own: a notice to whoever stands for it, and what they answer.

The body's yes is its word, like any declaration. Its no does not decide: it is told to whoever decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, notices
from content_calendar.audience import Audience
from content_calendar.clock import now
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.models.people import Person
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Scope
from scheduler.models import Replication, ReplicationStage
from scheduler.replication.deciding import Happened
from scheduler.replication.declaring import OF_ANOTHER

_TITLE = 90
_ASKED, _ANSWERED = "replication_asked", "replication_answered"


class NobodyToAskError(ConflictError):
    """Nobody stands for the body today. ``body`` is its short name."""

    code = "replication_nobody_to_ask"


class ReplicationSettledError(ConflictError):
    """It is not doubtful any more."""

    code = "replication_settled"


@dataclass(frozen=True)
class Question:
    """When the body was asked and what it said: "yes", "no", or empty while it has not answered."""

    asked_at: datetime | None
    answer: str = ""
    answered_at: datetime | None = None


def question_in(happened: Sequence[Happened]) -> Question | None:
    """Return the question that stands in a replication's history; None when nobody asked nor answered. Pure."""
    found: Question | None = None
    for one in happened:
        if one.act == _ASKED:
            found = Question(one.at)
        elif one.act == _ANSWERED:
            found = Question(found.asked_at if found else None, str(one.details.get("answer", "")), one.at)
    return found


def ask(session: Session, person: Person, ref: str) -> None:
    """Ask the people of the body; asked again, nobody is told twice.

    Raises NotFoundError, ReplicationSettledError, and NobodyToAskError.
    """
    row = _doubtful(session, ref)
    scope = Scope(row.body_id, row.body.region_id)
    told = frozenset(
        one.id
        for one in notices.people_to_tell(session, now().date())
        if row.body_id in one.rights.bodies() and one.rights.can(Permission.DECLARE_REPLICATIONS, scope)
    )
    if not told:
        raise NobodyToAskError(body=row.body.short_name)
    happening = Happening(
        f"replication:{ref}:asked",
        Code.REPLICATION_ASKED.value,
        Subject.REPLICATION,
        ref,
        {"title": (row.post.title or row.post.ref)[:_TITLE], "body": row.body.short_name},
    )
    notices.tell(session, [(happening, Audience(told, told))])
    audit.record(session, person.ref, _ASKED, "replication", ref)
    session.flush()


def answer(session: Session, person: Person, ref: str, *, ours: bool) -> Replication:
    """Note what somebody of the body says: a yes makes it declared, a no is told to whoever decides.

    A yes about a link that the directory knows as another's is told too: the body's own word is what is doubted.
    Raises NotFoundError, and ReplicationSettledError.
    """
    row = _doubtful(session, ref)
    if ours and row.why_code != OF_ANOTHER:
        row.stage, row.declared_by_id = ReplicationStage.DECLARED, person.id
    audit.record(session, person.ref, _ANSWERED, "replication", ref, answer="yes" if ours else "no")
    notices.over(session, Subject.REPLICATION, [ref], person.id)
    session.flush()
    return row


def settle(session: Session, ref: str, person: Person) -> None:
    """Take the question off the lists of those who were asked: somebody decided."""
    notices.over(session, Subject.REPLICATION, [ref], person.id)


def _doubtful(session: Session, ref: str) -> Replication:
    row = session.scalar(
        select(Replication)
        .where(Replication.ref == ref)
        .options(joinedload(Replication.post), joinedload(Replication.body))
        .with_for_update(of=Replication)
    )
    if row is None:
        raise NotFoundError
    if row.stage is not ReplicationStage.DOUBTFUL:
        raise ReplicationSettledError
    return row
