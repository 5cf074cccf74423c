"""People and their roles: who may sign in, and as what."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.factors import DoorLetter, Passkey, RecoveryCode, TimeCode
from content_calendar.models.people import Membership, Person, SignInAttempt, WebSession
from content_calendar.models.providers import ProviderEntry, ProviderIdentity
from content_calendar.models.tokens import PersonToken
from content_calendar.permissions import Grant, Rights, Role, rights_of

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_EMAIL_LENGTH = 254
# Five wrong tries in a quarter of an hour are a forgotten password; more are a guess (ASVS 6.3.1).
TRIES = 5
TRIES_WINDOW = timedelta(minutes=15)
_TRIES_KEPT = timedelta(days=1)
LEAST_ADMINS = 2
# What stands in the place of a name that was erased.
ERASED = "—"
_NOWHERE = "erased.invalid"
# What opens the door for a person, beside a password.
_OPENING = (Passkey, RecoveryCode, TimeCode, DoorLetter, ProviderIdentity, ProviderEntry)


class PersonNotFoundError(NotFoundError):
    """There is nobody of that reference."""

    code = "person_not_found"


class EmailInvalidError(InvalidError):
    """That is not an e-mail address."""

    code = "email_invalid"


class EmailTakenError(ConflictError):
    """Somebody already has that address."""

    code = "email_taken"


class NameMissingError(InvalidError):
    """A person has a name."""

    code = "name_missing"


class ScopeInvalidError(InvalidError):
    """A liaison stands for one body, a regional coordination for one region, the others for all."""

    code = "scope_invalid"


class PersonHereError(ConflictError):
    """Somebody who may still enter is not erased: their access ends first."""

    code = "person_here"


class LastAdminError(ConflictError):
    """With fewer than two administrators, one lost telephone would lock everybody out."""

    code = "last_admin"


def fold_email(email: str) -> str:
    """Return the address as it is compared."""
    return email.strip().casefold()


def add(session: Session, email: str, name: str, password_hash: str = "", actor_ref: str = "") -> Person:
    """Add a person; raise EmailInvalidError, EmailTakenError or NameMissingError."""
    email, name = email.strip(), " ".join(name.split())
    if not _EMAIL.fullmatch(email) or len(email) > _EMAIL_LENGTH:
        raise EmailInvalidError(field="email", email=email)
    if not name:
        raise NameMissingError(field="name")
    if find_by_email(session, email) is not None:
        raise EmailTakenError(email=email)
    person = Person(email=email, email_folded=fold_email(email), name=name, password_hash=password_hash)
    session.add(person)
    session.flush()
    audit.record(session, actor_ref, "person_added", "person", person.ref)
    return person


def find(session: Session, ref: str) -> Person:
    """Return the person of that reference with memberships; raise PersonNotFoundError."""
    person = session.scalars(
        select(Person).where(Person.ref == ref).options(selectinload(Person.memberships))
    ).one_or_none()
    if person is None:
        raise PersonNotFoundError(ref=ref)
    return person


def find_by_email(session: Session, email: str) -> Person | None:
    """Return the person with that address, gone or not."""
    return session.scalars(select(Person).where(Person.email_folded == fold_email(email))).one_or_none()


def everybody(session: Session) -> Sequence[Person]:
    """Return all people with their memberships, by name."""
    return session.scalars(
        select(Person).options(selectinload(Person.memberships)).order_by(Person.name)
    ).all()


def grant(
    session: Session,
    person: Person,
    role: Role,
    *,
    on: date,
    body_id: int | None = None,
    region_id: int | None = None,
    actor_ref: str = "",
) -> Membership:
    """Give a role from ``on``; raise ScopeInvalidError when the scope is not the role's."""
    needs_body, needs_region = role is Role.LIAISON, role is Role.REGIONAL
    if (body_id is not None) != needs_body or (region_id is not None) != needs_region:
        raise ScopeInvalidError(field="scope", role=role.value)
    membership = Membership(
        person_id=person.id, role=role, body_id=body_id, region_id=region_id, valid_from=on
    )
    session.add(membership)
    session.flush()
    audit.record(session, actor_ref, "role_granted", "person", person.ref, role=role.value)
    return membership


def end_membership(session: Session, person: Person, membership_id: int, on: date, actor_ref: str) -> None:
    """End a role on a day; raise LastAdminError when nobody else administers, NotFoundError otherwise."""
    membership = session.scalars(
        select(Membership).where(Membership.id == membership_id, Membership.person_id == person.id)
    ).one_or_none()
    if membership is None or (membership.valid_to is not None and membership.valid_to <= on):
        raise PersonNotFoundError(ref=person.ref)
    if membership.role is Role.ADMIN and admins(session, on, but=membership.id) < LEAST_ADMINS:
        raise LastAdminError(least=LEAST_ADMINS)
    membership.valid_to = on
    audit.record(session, actor_ref, "role_ended", "person", person.ref, role=membership.role.value)


def admins(session: Session, on: date, *, but: int = 0) -> int:
    """Return how many people administer on that day, without counting one membership."""
    return (
        session.scalar(
            select(func.count(Membership.person_id.distinct()))
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.role == Role.ADMIN, Membership.id != but, *_counts_on(on), Person.left_at.is_(None)
            )
        )
        or 0
    )


def _counts_on(day: date) -> tuple[ColumnElement[bool], ...]:
    return (Membership.valid_from <= day, or_(Membership.valid_to.is_(None), Membership.valid_to > day))


def rights(session: Session, person_id: int, on: date) -> Rights:
    """Return what the person may do on that day."""
    rows = session.execute(
        select(Membership.role, Membership.body_id, Membership.region_id).where(
            Membership.person_id == person_id, *_counts_on(on)
        )
    )
    return rights_of(Grant(role, body_id, region_id) for role, body_id, region_id in rows)


def leave(session: Session, person: Person, actor_ref: str, on: date) -> None:
    """Take a person's access away, at once: roles, sessions and tokens end. What they did stays theirs."""
    for membership in person.memberships:
        if membership.valid_to is None or membership.valid_to > on:
            end_membership(session, person, membership.id, on, actor_ref)
    person.left_at = now()
    end_sessions(session, person)
    session.execute(
        update(PersonToken)
        .where(PersonToken.person_id == person.id, PersonToken.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    audit.record(session, actor_ref, "person_left", "person", person.ref)


def erase(session: Session, person: Person, actor_ref: str) -> None:
    """Forget who somebody was that has left: name, address, sessions and what opened the door for them.

    What they did stays, under a reference that tells nothing; raise PersonHereError while they may still enter.
    """
    if person.left_at is None and person.memberships:
        raise PersonHereError(name=person.name)
    person.left_at = person.left_at or now()
    person.name = ERASED
    person.email = person.email_folded = f"{person.ref}@{_NOWHERE}"
    person.password_hash, person.wants_mail = "", False
    for table in (WebSession, PersonToken, *_OPENING):
        session.execute(delete(table).where(table.person_id == person.id))
    audit.record(session, actor_ref, "person_erased", "person", person.ref)


def end_sessions(session: Session, person: Person, keep_id: int | None = None) -> int:
    """End the person's open sessions, all but one; return how many."""
    ended = session.scalars(
        update(WebSession)
        .where(
            WebSession.person_id == person.id, WebSession.ended_at.is_(None), WebSession.id != (keep_id or 0)
        )
        .values(ended_at=now())
        .returning(WebSession.id)
    )
    return len(ended.all())


def note_try(session: Session, keys: Collection[str], *, succeeded: bool) -> None:
    """Remember a try at signing in under each hashed key; forget those of yesterday."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now() - _TRIES_KEPT))
    session.add_all(SignInAttempt(key=key, succeeded=succeeded) for key in keys)


def must_wait(session: Session, key: str, tries: int = TRIES) -> bool:
    """Return whether the last ``tries`` under this key all failed lately."""
    recent = session.scalars(
        select(SignInAttempt.succeeded)
        .where(SignInAttempt.key == key, SignInAttempt.at > now() - TRIES_WINDOW)
        .order_by(SignInAttempt.id.desc())
        .limit(tries)
    ).all()
    return len(recent) == tries and not any(recent)
