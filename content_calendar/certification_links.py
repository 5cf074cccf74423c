"""Saying yes to accounts from a mail, without signing in: a link for one person and some accounts of one owner.

What is mailed is random and only its hash is kept. It ends after three weeks, with its use, and when its person may
no longer say yes to them. Opening it changes nothing.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, people
from content_calendar.certification import may_certify
from content_calendar.clock import now
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.models.directory import Account, Owner
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.standing import CertificationLink
from content_calendar.notices import Code, Subject
from content_calendar.review_links import hash_of

LASTS = timedelta(days=21)
_KEPT = timedelta(days=60)
_ASKING = frozenset(
    {
        Code.CERTIFICATION_DUE.value,
        Code.CERTIFICATION_LAPSED.value,
        Code.CERTIFICATION_SECOND.value,
    }
)
_TOKEN_BYTES = 32
_LONGEST_TOKEN = 64


class CertificationLinkMissingError(NotFoundError):
    """Nobody was mailed that link, or it is long over."""

    code = "certification_link_missing"


class CertificationLinkOverError(ConflictError):
    """The link says yes to nothing any more; each reason is a class of its own."""

    code = "certification_link_over"


class CertificationLinkUsedError(CertificationLinkOverError):
    """Its person has answered with it."""

    code = "certification_link_used"


class CertificationLinkExpiredError(CertificationLinkOverError):
    """Its days have passed."""

    code = "certification_link_expired"


class CertificationLinkPersonError(CertificationLinkOverError):
    """Its person may not say yes to these accounts any more."""

    code = "certification_link_person"


@dataclass(frozen=True)
class Opened:
    """What a link opens: for whom, whose accounts, and those of them that are still the owner's."""

    link: CertificationLink
    person: Person
    owner: Owner
    accounts: Sequence[Account]


def issue(session: Session, told: Sequence[Notice]) -> dict[int, str]:
    """Make a link for each of the notices that asks about accounts; return the tokens by the notice's id.

    An earlier one stays good until it ends: a mailbox may show the first of two letters only.
    """
    asking = [one for one in told if one.subject_kind == Subject.CERTIFICATION and one.code in _ASKING]
    if not asking:
        return {}
    at = now()
    session.execute(delete(CertificationLink).where(CertificationLink.expires_at < at - _KEPT))
    slugs = {one.subject_ref for one in asking}
    owners = dict(session.execute(select(Owner.slug, Owner.id).where(Owner.slug.in_(slugs))).all())
    tokens: dict[int, str] = {}
    for one in asking:
        owner_id, refs = owners.get(one.subject_ref), one.params.get("accounts")
        if owner_id is None or not isinstance(refs, list):
            continue
        token = tokens[one.id] = secrets.token_urlsafe(_TOKEN_BYTES)
        session.add(
            CertificationLink(
                token_hash=hash_of(token), person_id=one.person_id, owner_id=owner_id,
                account_refs=[str(ref) for ref in refs], made_at=at, expires_at=at + LASTS,
            )
        )  # fmt: skip
    session.flush()
    return tokens


def opened(session: Session, token: str) -> Opened:
    """Return what a token opens; raise CertificationLinkMissingError or a CertificationLinkOverError."""
    link = None
    if 0 < len(token) <= _LONGEST_TOKEN:
        link = session.scalars(
            select(CertificationLink)
            .where(CertificationLink.token_hash == hash_of(token))
            .options(joinedload(CertificationLink.person), joinedload(CertificationLink.owner))
        ).one_or_none()
    if link is None:
        raise CertificationLinkMissingError
    at = now()
    if link.used_at is not None:
        raise CertificationLinkUsedError
    if link.expires_at <= at:
        raise CertificationLinkExpiredError
    rights = people.rights(session, link.person_id, at.date())
    if link.person.left_at is not None or not may_certify(rights, link.owner):
        raise CertificationLinkPersonError
    accounts = session.scalars(
        select(Account)
        .where(
            Account.ref.in_(link.account_refs),
            Account.owner_id == link.owner_id,
            Account.valid_to.is_(None),
        )
        .options(joinedload(Account.owner))
        .order_by(Account.network, Account.handle_folded)
    ).all()
    return Opened(link, link.person, link.owner, accounts)


def use(session: Session, found: Opened) -> None:
    """Take the link for an answer, in the transaction that answers; raise CertificationLinkUsedError."""
    taken = session.scalars(
        update(CertificationLink)
        .where(CertificationLink.id == found.link.id, CertificationLink.used_at.is_(None))
        .values(used_at=now())
        .returning(CertificationLink.id)
    ).first()
    if taken is None:
        raise CertificationLinkUsedError
    audit.record(
        session, found.person.ref, "certification_link_used", "owner", found.owner.slug,
        handles=", ".join(account.handle for account in found.accounts),
    )  # fmt: skip
