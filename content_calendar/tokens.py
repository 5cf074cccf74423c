"""Personal tokens: made once, kept as a hash, ended by a click, by their day, or with the person's access."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from content_calendar import audit, people
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from content_calendar.models.people import Person
from content_calendar.models.tokens import PersonToken
from content_calendar.permissions import Permission, Rights

# What a token begins with, so that people and scanners recognise one that was left somewhere.
MARK = "resuenap_"
LONGEST_NAME = 120
USUAL_DAYS = 90
DAYS = (30, 90, 180, 365)
# Of one person, in force at a time.
MOST = 20
_TOKEN_BYTES = 32
# How stale the last use may be: a write for each request would be a write too many.
_TOUCH = timedelta(minutes=5)


class TokenNameMissingError(InvalidError):
    """A token says where it is used, so that one knows which to end."""

    code = "token_name_missing"


class TokenScopeMissingError(InvalidError):
    """A token opens something."""

    code = "token_scope_missing"


class TokenScopeForeignError(ForbiddenError):
    """Nobody gives a program more than they may do themselves."""

    code = "token_scope_foreign"


class TokenDaysError(InvalidError):
    """A token ends: in 30, 90, 180 or 365 days."""

    code = "token_days"


class TooManyTokensError(ConflictError):
    """A person has so many tokens in force; ``limit`` says how many they may have."""

    code = "too_many_tokens"


class TokenMissingError(NotFoundError):
    """There is no such token, or it is somebody else's."""

    code = "token_missing"


@dataclass(frozen=True)
class Recognised:
    """Whose a token is, and what it may do today: what the person may, and no more than it was made for."""

    token: PersonToken
    person: Person
    rights: Rights


def hash_of(token: str) -> str:
    """Return what of a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(
    session: Session, by: Person, name: str, scopes: Collection[Permission], days: int = USUAL_DAYS
) -> tuple[PersonToken, str]:
    """Make a token of a person; return it with its text, which nothing tells again.

    Raises TokenNameMissingError, TokenScopeMissingError, TokenScopeForeignError, TokenDaysError and
    TooManyTokensError.
    """
    name = " ".join(name.replace("\0", "").split())[:LONGEST_NAME]
    if not name:
        raise TokenNameMissingError(field="name")
    chosen = [one for one in Permission if one in scopes]
    if not chosen:
        raise TokenScopeMissingError(field="scopes")
    may = people.rights(session, by.id, now().date())
    if not all(may.can(one) for one in chosen):
        raise TokenScopeForeignError
    if days not in DAYS:
        raise TokenDaysError(field="days")
    held = session.scalar(
        select(func.count())
        .select_from(PersonToken)
        .where(
            PersonToken.person_id == by.id, PersonToken.revoked_at.is_(None), PersonToken.expires_at > now()
        )
    )
    if (held or 0) >= MOST:
        raise TooManyTokensError(limit=MOST)
    text = MARK + secrets.token_urlsafe(_TOKEN_BYTES)
    # Whoever has signed in may ask who they are: no token is without that.
    words = " ".join(one.value for one in Permission if one in {*chosen, Permission.ENTER})
    token = PersonToken(
        token_hash=hash_of(text), person_id=by.id, name=name, scopes=words,
        expires_at=now() + timedelta(days=days),
    )  # fmt: skip
    session.add(token)
    session.flush()
    audit.record(session, by.ref, "token_made", "person_token", token.ref, scopes=words, days=days)
    return token, text


def revoke(session: Session, ref: str, by: Person) -> PersonToken:
    """End one of one's own tokens, from this moment; twice changes nothing. Raises TokenMissingError."""
    token = session.scalars(
        select(PersonToken).where(PersonToken.ref == ref, PersonToken.person_id == by.id)
    ).one_or_none()
    if token is None:
        raise TokenMissingError(ref=ref)
    if token.revoked_at is None:
        token.revoked_at = now()
        session.flush()
        audit.record(session, by.ref, "token_revoked", "person_token", token.ref)
    return token


def end_all(session: Session) -> int:
    """End every token in force; return how many.

    After a restore nobody can tell which of them were ended since the backup: all are made anew.
    """
    ended = session.scalars(
        update(PersonToken)
        .where(PersonToken.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(PersonToken.id)
    ).all()
    if ended:
        audit.record(session, "", "tokens_ended", "installation", "", ended=len(ended))
    return len(ended)


def listed(session: Session, person: Person) -> Sequence[PersonToken]:
    """Return a person's tokens, those in force first, then the newest."""
    return session.scalars(
        select(PersonToken)
        .where(PersonToken.person_id == person.id)
        .order_by(PersonToken.revoked_at.is_not(None), PersonToken.id.desc())
    ).all()


def recognise(session: Session, text: str) -> Recognised | None:
    """Return whose that token is, or None for one that is unknown, over or ended, or whose person has left."""
    found = session.execute(
        select(PersonToken, Person)
        .join(Person, Person.id == PersonToken.person_id)
        .where(
            PersonToken.token_hash == hash_of(text),
            PersonToken.revoked_at.is_(None),
            PersonToken.expires_at > now(),
            Person.left_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        return None
    token, person = found
    rights = people.rights(session, person.id, now().date())
    return Recognised(token, person, rights.narrowed(token.opens))


def is_stale(token: PersonToken) -> bool:
    """Return whether the token's last use is worth writing down anew."""
    return token.last_used_at is None or token.last_used_at < now() - _TOUCH


def touch(session: Session, token_id: int) -> None:
    """Note that the token was used now."""
    session.execute(update(PersonToken).where(PersonToken.id == token_id).values(last_used_at=now()))
