"""Signing in by the institution's own provider: who was sent there, and whom it may let in.

Nobody is made by signing in. At the first entry the provider's verified address finds the person who was invited;
from then on the pair of issuer and subject does, which the provider gives to nobody else (OpenID Connect Core 1.0,
5.7: an address may pass to somebody else, the pair never does).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content_calendar import audit, people
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError
from content_calendar.models.people import Person
from content_calendar.models.providers import ProviderEntry, ProviderIdentity

# Long enough to find a telephone for the provider's own second factor.
LASTS = timedelta(minutes=10)
_LONGEST_SUBJECT = 255


class EntryUnknownError(ForbiddenError):
    """Nobody was sent out with that state, it was used, its time is over, or another browser brought it."""

    code = "provider_entry_unknown"


class NotInvitedError(ForbiddenError):
    """The provider knows them; nobody has invited them here, or their access has ended."""

    code = "provider_not_invited"


class EmailUnverifiedError(ForbiddenError):
    """The provider does not vouch for the address: anybody may have typed it there."""

    code = "provider_email_unverified"


class OtherIdentityError(ForbiddenError):
    """The address is of somebody whom the provider knows by another subject."""

    code = "provider_other_identity"


@dataclass(frozen=True)
class Begun:
    """What goes to the provider in the address, and what stays in the browser."""

    state: str
    browser: str
    nonce: str
    challenge: str


@dataclass(frozen=True)
class Back:
    """A browser that has come back: what its answer is held against. ``person_id`` is set for a proof."""

    nonce: str
    verifier: str = field(repr=False)
    then: str
    person_id: int | None
    begun_at: datetime


@dataclass(frozen=True)
class Known:
    """Whom the provider says it is. ``email`` is empty where it said none."""

    issuer: str
    subject: str
    email: str
    email_verified: bool


def begin(session: Session, then: str, person_id: int | None = None) -> Begun:
    """Remember a browser that is sent out; those that never came back are forgotten."""
    session.execute(delete(ProviderEntry).where(ProviderEntry.made_at < now() - LASTS))
    state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
    session.add(
        ProviderEntry(
            state_hash=_hash(state),
            browser_hash=_hash(browser),
            nonce=nonce,
            verifier=verifier,
            then=then,
            person_id=person_id,
        )
    )
    # S256 (RFC 7636, 4.2).
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return Begun(state, browser, nonce, challenge)


def is_under_way(session: Session, state: str, browser: str) -> bool:
    """Return whether that browser was sent out with that state and may still come back."""
    asked = select(ProviderEntry.id).where(
        ProviderEntry.state_hash == _hash(state),
        ProviderEntry.browser_hash == _hash(browser),
        ProviderEntry.made_at > now() - LASTS,
    )
    return session.scalar(asked) is not None


def take(session: Session, state: str, browser: str) -> Back:
    """Return what a browser that comes back was sent out with; nobody takes it twice. Raises EntryUnknownError."""
    row = session.execute(
        delete(ProviderEntry)
        .where(
            ProviderEntry.state_hash == _hash(state),
            ProviderEntry.browser_hash == _hash(browser),
            ProviderEntry.made_at > now() - LASTS,
        )
        .returning(
            ProviderEntry.nonce,
            ProviderEntry.verifier,
            ProviderEntry.then,
            ProviderEntry.person_id,
            ProviderEntry.made_at,
        )
    ).one_or_none()
    if row is None:
        raise EntryUnknownError
    return Back(row.nonce, row.verifier, row.then, row.person_id, row.made_at)


def admit(session: Session, known: Known) -> Person:
    """Return the invited person whom the provider means, tied to its subject from now on.

    Raises NotInvitedError, EmailUnverifiedError, OtherIdentityError.
    """
    if found := _by_subject(session, known):
        identity, person = found
        if person.left_at is not None:
            raise NotInvitedError
        identity.last_used_at = now()
        return person
    if not known.email or not known.email_verified:
        raise EmailUnverifiedError
    meant = people.find_by_email(session, known.email)
    if meant is None or meant.left_at is not None:
        raise NotInvitedError
    if _tied(session, known.issuer, meant.id):
        raise OtherIdentityError
    try:
        with session.begin_nested():
            session.add(ProviderIdentity(person_id=meant.id, issuer=known.issuer, subject=known.subject))
    except IntegrityError:
        # Another first entry came in between: if it tied the same subject to them, this one is a second.
        if is_of(session, known, meant.id):
            return meant
        raise OtherIdentityError from None
    audit.record(session, meant.ref, "provider_tied", "person", meant.ref, issuer=known.issuer)
    return meant


def is_of(session: Session, known: Known, person_id: int) -> bool:
    """Return whether the provider's subject is that person's, by an entry made before."""
    found = _by_subject(session, known)
    return found is not None and found[1].id == person_id and found[1].left_at is None


def tied_people(session: Session) -> frozenset[int]:
    """Return the people whom a provider knows by a subject."""
    return frozenset(session.scalars(select(ProviderIdentity.person_id)))


def untie(session: Session, person: Person, actor_ref: str) -> None:
    """Forget what the provider calls somebody: their next entry by it is a first one again."""
    gone = session.scalars(
        delete(ProviderIdentity).where(ProviderIdentity.person_id == person.id).returning(ProviderIdentity.id)
    ).all()
    if gone:
        audit.record(session, actor_ref, "provider_untied", "person", person.ref)


def _by_subject(session: Session, known: Known) -> tuple[ProviderIdentity, Person] | None:
    if not 0 < len(known.subject) <= _LONGEST_SUBJECT:
        return None
    row = session.execute(
        select(ProviderIdentity, Person)
        .join(Person, Person.id == ProviderIdentity.person_id)
        .where(ProviderIdentity.issuer == known.issuer, ProviderIdentity.subject == known.subject)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _tied(session: Session, issuer: str, person_id: int) -> bool:
    asked = select(ProviderIdentity.id).where(
        ProviderIdentity.issuer == issuer, ProviderIdentity.person_id == person_id
    )
    return session.scalar(asked) is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
