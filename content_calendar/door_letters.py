"""Letters about somebody's access: a link to enter once, an invitation, word that a second factor was reset.

The link's token is made when the letter is mailed, and only its hash is kept. It is used once, by the button of the
page that it opens: a mail scanner that follows links uses up nothing. A link to enter lasts fifteen minutes from then,
an invitation seven days (ASVS 5.0, 6.6.2, 6.6.3).
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from content_calendar import clock, people
from content_calendar.errors import NotFoundError
from content_calendar.models.factors import DoorLetter, DoorLetterKind
from content_calendar.models.people import Person
from content_calendar.permissions import Role

LASTS = {DoorLetterKind.ENTER: timedelta(minutes=15), DoorLetterKind.INVITE: timedelta(days=7)}
MOST_TRIES = 5
_KEPT = timedelta(days=30)
_RETRY = timedelta(minutes=1)
_LEASE = timedelta(minutes=2)


class DoorLinkMissingError(NotFoundError):
    """Nobody was mailed that link, it was used, or its time is over: nothing tells which."""

    code = "door_link_missing"


@dataclass(frozen=True)
class DoorParcel:
    """A letter to one person; ``token`` is what its link holds, empty for one without a link."""

    id: int
    kind: DoorLetterKind
    name: str
    email: str
    locale: str
    token: str = field(repr=False)


def enters_by_mail(session: Session, person: Person) -> bool:
    """Return whether a link may let them in: those who stand for a body only."""
    if person.left_at is not None:
        return False
    roles = people.rights(session, person.id, clock.now().date()).roles()
    return roles == {Role.LIAISON}


def ask(session: Session, person: Person, kind: DoorLetterKind) -> None:
    """Let a letter of that kind go out; links of the kind that were mailed before open nothing any more."""
    at = clock.now()
    session.execute(
        update(DoorLetter)
        .where(DoorLetter.person_id == person.id, DoorLetter.kind == kind, DoorLetter.used_at.is_(None))
        .values(expires_at=at, mail_at=None)
    )
    session.execute(delete(DoorLetter).where(DoorLetter.asked_at < at - _KEPT))
    session.add(DoorLetter(person_id=person.id, kind=kind, asked_at=at, mail_at=at))


def take(session: Session, limit: int) -> Sequence[DoorParcel]:
    """Take what is to be mailed, its links made; nobody else takes it for a while."""
    at = clock.now()
    due = (
        select(DoorLetter.id)
        .where(DoorLetter.mail_at <= at, DoorLetter.mailed_at.is_(None), DoorLetter.tries < MOST_TRIES)
        .order_by(DoorLetter.id)
        .limit(limit)
    )
    ids = session.scalars(
        update(DoorLetter)
        .where(DoorLetter.id.in_(due), DoorLetter.mail_at <= at)
        .values(mail_at=at + _LEASE, tries=DoorLetter.tries + 1)
        .returning(DoorLetter.id)
        .execution_options(synchronize_session=False)
    ).all()
    rows = session.execute(
        select(DoorLetter, Person)
        .join(Person, Person.id == DoorLetter.person_id)
        .where(DoorLetter.id.in_(ids), Person.left_at.is_(None))
        .execution_options(populate_existing=True)
    ).all()
    return [_parcel(row, somebody) for row, somebody in rows]


def _parcel(row: DoorLetter, person: Person) -> DoorParcel:
    token = ""
    if (lasts := LASTS.get(row.kind)) is not None:
        token = secrets.token_urlsafe(32)
        row.token_hash, row.expires_at = hash_of(token), clock.now() + lasts
    return DoorParcel(row.id, row.kind, person.name, person.email, person.locale, token)


def record_sent(session: Session, parcel: DoorParcel) -> None:
    """Note that the letter went out."""
    session.execute(
        update(DoorLetter).where(DoorLetter.id == parcel.id).values(mailed_at=clock.now(), mail_at=None)
    )


def record_failed(session: Session, parcel: DoorParcel) -> None:
    """Let the letter be tried again later."""
    session.execute(update(DoorLetter).where(DoorLetter.id == parcel.id).values(mail_at=clock.now() + _RETRY))


def hash_of(token: str) -> str:
    """Return what of a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def look(session: Session, token: str) -> tuple[DoorLetter, Person]:
    """Return the link's letter and its person, nothing changed; raise DoorLinkMissingError."""
    found = session.execute(
        select(DoorLetter, Person)
        .join(Person, Person.id == DoorLetter.person_id)
        .where(
            DoorLetter.token_hash == hash_of(token),
            DoorLetter.used_at.is_(None),
            DoorLetter.expires_at > clock.now(),
            Person.left_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise DoorLinkMissingError
    letter, somebody = found
    if letter.kind is DoorLetterKind.ENTER and not enters_by_mail(session, somebody):
        raise DoorLinkMissingError
    return letter, somebody


def use(session: Session, token: str) -> tuple[DoorLetter, Person]:
    """Use the link up; of two who press its button at once, one gets in. Raises DoorLinkMissingError."""
    letter, somebody = look(session, token)
    used = session.execute(
        update(DoorLetter)
        .where(DoorLetter.id == letter.id, DoorLetter.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(DoorLetter.id)
    ).first()
    if used is None:
        raise DoorLinkMissingError
    return letter, somebody
