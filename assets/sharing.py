"""Share links: an address that opens one pack to whoever has it, for some days, counted, revocable.

The address holds a token of 192 bits, which nobody guesses however often they try; only its hash is kept, so
that the database opens nothing, and the address is shown once.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from assets.labels import clean
from assets.models import PackOf, ShareLink, ShareLinkDay, ToolboxKey
from content_calendar.audit import record
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError, InvalidError, NotFoundError
from content_calendar.models.people import Person

DAYS = (1, 7, 14, 30, 90)
USUAL_DAYS = 14
LONGEST_NOTE = 200
_TOKEN_BYTES = 24
_MOST_LISTED = 200
_OPENED = select(ShareLink).where(ShareLink.token_hash == bindparam("token_hash"))


class ShareDaysInvalidError(InvalidError):
    """A link lasts one of the spans that are offered."""

    code = "share_days_invalid"


class ShareLinkMissingError(NotFoundError):
    """There is no such link; nothing tells a wrong address from one that never was."""

    code = "share_link_missing"


class ShareLinkExpiredError(ForbiddenError):
    """The link's time is over. ``on`` is when it ended."""

    code = "share_link_expired"


class ShareLinkRevokedError(ForbiddenError):
    """Whoever shared it took the link back."""

    code = "share_link_revoked"


@dataclass(frozen=True)
class Counted:
    """A link, and how often it was opened and downloaded."""

    link: ShareLink
    opened: int
    pulled: int


def hash_of(token: str) -> str:
    """Return what of a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Shared:
    """What somebody wants to share: a pack, for a body or for the commission, for so many days."""

    of: PackOf
    subject: str
    body_id: int | None
    days: int = USUAL_DAYS
    note: str = ""


def share(session: Session, shared: Shared, by: Person) -> tuple[ShareLink, str]:
    """Make a link; return it with its token, which nothing tells again. Raises ShareDaysInvalidError."""
    if shared.days not in DAYS:
        raise ShareDaysInvalidError(field="days")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    at = now()
    link = ShareLink(
        token_hash=hash_of(token),
        of=shared.of,
        subject=shared.subject,
        body_id=shared.body_id,
        note=" ".join(clean(shared.note).split())[:LONGEST_NOTE],
        made_by_id=by.id,
        made_at=at,
        expires_at=at + timedelta(days=shared.days),
    )
    session.add(link)
    session.flush()
    record(
        session, by.ref, "share_link.made", "share_link", link.ref, of=shared.of.value, subject=shared.subject
    )
    return link, token


def revoke(session: Session, link: ShareLink, by: Person) -> None:
    """Take a link back, from this moment; to do it twice changes nothing."""
    if link.revoked_at is None:
        link.revoked_at = now()
        session.flush()
        record(session, by.ref, "share_link.revoked", "share_link", link.ref)


def end_all(session: Session) -> int:
    """End every link in force and return how many; the audit names each. After a restore: see ``open_links``."""
    return end_given(session, ShareLink, ShareLink.revoked_at.is_(None) & (ShareLink.expires_at > now()))


def end_given(session: Session, of: type[ShareLink | ToolboxKey], in_force: ColumnElement[bool]) -> int:
    """End those of one kind that are in force, one line of the audit each; return how many."""
    refs = session.scalars(update(of).where(in_force).values(revoked_at=now()).returning(of.ref)).all()
    for ref in sorted(refs):
        record(session, "", f"{of.__tablename__}.revoked", of.__tablename__, ref, why="restored")
    return len(refs)


def find(session: Session, ref: str) -> ShareLink:
    """Return a link by its reference; raises ShareLinkMissingError."""
    link = session.scalars(select(ShareLink).where(ShareLink.ref == ref)).one_or_none()
    if link is None:
        raise ShareLinkMissingError
    return link


def opened(session: Session, token: str) -> ShareLink:
    """Return the link of a token; raises ShareLinkMissingError, ShareLinkRevokedError and ShareLinkExpiredError."""
    link = session.scalars(_OPENED, {"token_hash": hash_of(token)}).one_or_none()
    if link is None:
        raise ShareLinkMissingError
    if link.revoked_at is not None:
        raise ShareLinkRevokedError
    if link.expires_at <= now():
        raise ShareLinkExpiredError(on=link.expires_at)
    return link


def count(session: Session, link_id: int, *, pulled: bool = False) -> None:
    """Count that a link was opened, or that what it shares was downloaded, today (UTC)."""
    on = now().date()
    column = ShareLinkDay.pulled if pulled else ShareLinkDay.opened
    # Held, so that two who open a link for the first time that day do not both begin its row.
    session.execute(select(ShareLink.id).where(ShareLink.id == link_id).with_for_update())
    day = update(ShareLinkDay).where(ShareLinkDay.link_id == link_id, ShareLinkDay.on == on)
    if not session.execute(day.values({column: column + 1}).returning(ShareLinkDay.id)).first():
        session.execute(
            insert(ShareLinkDay).values(link_id=link_id, on=on, opened=int(not pulled), pulled=int(pulled))
        )


def listed(
    session: Session, bodies: Collection[int] | None = None, about: tuple[PackOf, str] | None = None
) -> Sequence[Counted]:
    """Return the links, the newest first: of these bodies where given, and of one pack where given."""
    query = (
        select(
            ShareLink,
            func.coalesce(func.sum(ShareLinkDay.opened), 0),
            func.coalesce(func.sum(ShareLinkDay.pulled), 0),
        )
        .outerjoin(ShareLinkDay, ShareLinkDay.link_id == ShareLink.id)
        .group_by(ShareLink.id)
        .order_by(ShareLink.id.desc())
        .limit(_MOST_LISTED)
    )
    if bodies is not None:
        query = query.where(ShareLink.body_id.in_(bodies))
    if about is not None:
        query = query.where(ShareLink.of == about[0], ShareLink.subject == about[1])
    return [Counted(link, int(seen), int(pulled)) for link, seen, pulled in session.execute(query)]
