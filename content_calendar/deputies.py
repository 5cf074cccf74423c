"""Deputies: who stands in for a body's liaison, always or from one day to another.

A deputy holds a liaison's membership of their own, so that everything a liaison gets (asks, reminders, the
board, the right to answer) is theirs without a word about deputies anywhere else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, contribution_notices, people
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.deputies import Deputy
from content_calendar.models.directory import Body
from content_calendar.models.people import Membership, Person
from content_calendar.permissions import Role

_A_DAY = timedelta(days=1)
_LONGEST = timedelta(days=3660)


class DeputyAnswersAlreadyError(ConflictError):
    """The person answers for the body already in those days. ``name`` is theirs."""

    code = "deputy_answers_already"


class DeputyDaysError(InvalidError):
    """The last day lies before the first, in the past, or more than ten years away."""

    code = "deputy_days"


class DeputyGoneError(InvalidError):
    """The person has left: an administrator would have to let them in again."""

    code = "deputy_gone"


class DeputyNotFoundError(NotFoundError):
    """The body has no such deputy, or what was to be undone is over."""

    code = "deputy_not_found"


@dataclass(frozen=True)
class Answering:
    """Somebody who answers for a body; days of the membership, ``until`` the last one, None for always."""

    person: Person
    membership_id: int
    since: date
    until: date | None
    is_deputy: bool


def name(
    session: Session, body: Body, deputy: Person, starts_on: date, ends_on: date | None, by: Person
) -> Membership:
    """Let a person stand in for the body's liaison from one day to another, both included.

    What the body owes already is told to them when it begins today. Raises DeputyDaysError, DeputyGoneError and
    DeputyAnswersAlreadyError.
    """
    today = now().date()
    # Yesterday is still today west of Greenwich.
    if starts_on < today - _A_DAY or starts_on > today + _LONGEST:
        raise DeputyDaysError(field="starts_on")
    if ends_on is not None and not max(starts_on, today - _A_DAY) <= ends_on <= today + _LONGEST:
        raise DeputyDaysError(field="ends_on")
    if deputy.left_at is not None:
        raise DeputyGoneError(field="email")
    until = None if ends_on is None else ends_on + _A_DAY
    overlapping = select(Membership.id).where(
        Membership.person_id == deputy.id,
        Membership.role == Role.LIAISON,
        Membership.body_id == body.id,
        or_(Membership.valid_to.is_(None), Membership.valid_to > starts_on),
        *(() if until is None else (Membership.valid_from < until,)),
    )
    if session.scalar(overlapping.limit(1)) is not None:
        raise DeputyAnswersAlreadyError(name=deputy.name)
    held = people.grant(session, deputy, Role.LIAISON, on=starts_on, body_id=body.id, actor_ref=by.ref)
    held.valid_to = until
    session.add(Deputy(membership_id=held.id, named_by_id=by.id))
    session.flush()
    audit.record(
        session, by.ref, "deputy_named", "person", deputy.ref, body=body.slug,
        starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat() if ends_on else "",
    )  # fmt: skip
    if starts_on <= today:
        contribution_notices.handed_over(session, body, deputy)
    return held


def end(session: Session, body: Body, membership_id: int, by: Person) -> Person:
    """End a deputy at once; return who it was. Raises DeputyNotFoundError."""
    deputy = _found(session, body, membership_id)
    if deputy.ended_at is not None:
        raise DeputyNotFoundError
    held = deputy.membership
    deputy.ended_at, deputy.until_before = now(), held.valid_to
    held.valid_to = now().date()
    session.flush()
    audit.record(session, by.ref, "deputy_ended", "person", held.person.ref, body=body.slug)
    return held.person


def resume(session: Session, body: Body, membership_id: int, by: Person) -> Person:
    """Undo ``end``; return who it is. Raises DeputyNotFoundError, also when their last day has passed."""
    deputy = _found(session, body, membership_id)
    held = deputy.membership
    if deputy.ended_at is None or (deputy.until_before and deputy.until_before <= now().date()):
        raise DeputyNotFoundError
    held.valid_to, deputy.ended_at, deputy.until_before = deputy.until_before, None, None
    session.flush()
    audit.record(session, by.ref, "deputy_resumed", "person", held.person.ref, body=body.slug)
    return held.person


def answering(session: Session, body_ids: Collection[int], on: date) -> dict[int, list[Answering]]:
    """Return who answers for each body, or will: liaisons first, then deputies, by name; one query.

    A body for which nobody answers is left out.
    """
    rows = session.execute(
        select(Membership, Person, Deputy.id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Deputy, Deputy.membership_id == Membership.id)
        .where(
            Membership.role == Role.LIAISON,
            Membership.body_id.in_(body_ids),
            Person.left_at.is_(None),
            or_(Membership.valid_to.is_(None), Membership.valid_to > on),
            # Ended before it began: it never will.
            Deputy.ended_at.is_(None),
        )
        .order_by(Deputy.id.is_not(None), Person.name, Membership.id)
    )
    found: dict[int, list[Answering]] = {}
    for held, person, deputy_id in rows:
        until = held.valid_to - _A_DAY if held.valid_to else None
        one = Answering(person, held.id, held.valid_from, until, deputy_id is not None)
        found.setdefault(held.body_id or 0, []).append(one)
    return found


def is_only_deputy(session: Session, person_id: int, body_id: int) -> bool:
    """Return whether the person answers for the body as a deputy alone: a deputy names no other."""
    mine = [
        one
        for one in answering(session, [body_id], now().date()).get(body_id, [])
        if one.person.id == person_id and one.since <= now().date()
    ]
    return bool(mine) and all(one.is_deputy for one in mine)


def _found(session: Session, body: Body, membership_id: int) -> Deputy:
    found = session.scalars(
        select(Deputy)
        .join(Membership, Membership.id == Deputy.membership_id)
        .where(Membership.id == membership_id, Membership.body_id == body.id)
        .options(joinedload(Deputy.membership).joinedload(Membership.person))
        .with_for_update(of=Deputy)
    ).one_or_none()
    if found is None:
        raise DeputyNotFoundError
    return found
