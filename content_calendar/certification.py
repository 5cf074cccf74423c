"""Saying yes to an owner's accounts, asking for it in time, and telling who has not answered.

Whoever answers for a body says yes to its accounts; the commission's staff to all others, and where nobody answers.
They are told some weeks before a certification ends and once more when it has ended; then the staff is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from content_calendar import certifying, notices
from content_calendar.audience import Audience, Somebody, holders
from content_calendar.certifying import LASTS
from content_calendar.clock import now
from content_calendar.errors import ConflictError
from content_calendar.models.directory import Account, Owner, OwnerKind, Standing
from content_calendar.models.people import Person
from content_calendar.models.standing import CertificationWatch
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Rights, Scope

BEFORE = timedelta(days=14)
# One mail is about all that ends in these days, so that nobody is written to every week.
GATHERED = timedelta(days=30)
PATIENCE = timedelta(days=7)
_STANDING = (Standing.IN_FORCE, Standing.TO_CERTIFY)
_MOST_AT_ONCE = 2000
_MOST_NAMED = 5


@dataclass
class Yes:
    """What came of somebody's yes: accounts in force, those that wait for a second person, and those refused."""

    done: list[Account] = field(default_factory=list)
    waiting: list[Account] = field(default_factory=list)
    refused: list[tuple[Account, ConflictError]] = field(default_factory=list)


def may_certify(rights: Rights, owner: Owner) -> bool:
    """Return whether somebody with these rights may say yes to the owner's accounts."""
    if rights.can(Permission.CERTIFY_ACCOUNTS):
        return True
    scope = Scope(owner.id, owner.region_id)
    return owner.kind is OwnerKind.BODY and rights.can(Permission.CERTIFY_OWN_ACCOUNTS, scope)


def say_yes(
    session: Session, owner: Owner, accounts: Sequence[Account], person: Person, lasts: timedelta = LASTS
) -> Yes:
    """Certify these accounts of an owner as one person; what cannot be is told apart and changes nothing."""
    said = Yes()
    for account in accounts:
        try:
            done = certifying.certify(session, account, person, lasts=lasts)
        except ConflictError as error:
            said.refused.append((account, error))
        else:
            (said.done if done else said.waiting).append(account)
    after_yes(session, owner, said, person)
    return said


def after_yes(session: Session, owner: Owner, said: Yes, person: Person) -> None:
    """Close what was asked of the owner's accounts if nothing is left, and ask for the second yes where one is due."""
    if said.waiting:
        _ask_for_second(session, owner, said.waiting, person)
    if said.done and not _owed(session, owner):
        notices.over(session, Subject.CERTIFICATION, [owner.slug], person.id)


def _owed(session: Session, owner: Owner) -> bool:
    query = select(Account.id).where(
        Account.owner_id == owner.id,
        Account.valid_to.is_(None),
        Account.standing.in_(_STANDING),
        Account.certified_until <= now() + BEFORE,
    )
    return session.scalars(query.limit(1)).first() is not None


def _ask_for_second(session: Session, owner: Owner, waiting: Sequence[Account], person: Person) -> None:
    people = notices.people_to_tell(session, now().date())
    told = holders(people, Permission.CERTIFY_ACCOUNTS) - frozenset({person.id})
    happening = Happening(
        f"certify:{waiting[0].ref}:second:{int(now().timestamp())}",
        Code.CERTIFICATION_SECOND.value,
        Subject.CERTIFICATION,
        owner.slug,
        {**_params(owner, waiting), "name": person.name},
    )
    notices.tell(session, [(happening, Audience(told, told))])


def certifiers(people: Collection[Somebody], owner: Owner) -> frozenset[int]:
    """Return who is asked about the owner's accounts: those who answer for it, else the commission's staff."""
    own: frozenset[int] = frozenset()
    if owner.kind is OwnerKind.BODY:
        scope = Scope(owner.id, owner.region_id)
        own = frozenset(
            one.id
            for one in people
            if owner.id in one.rights.bodies() and one.rights.can(Permission.CERTIFY_OWN_ACCOUNTS, scope)
        )
    return own or holders(people, Permission.CERTIFY_ACCOUNTS)


def chase(session: Session) -> int:
    """End the certifications whose time is over, and ask for those that end soon; return how many owners were told.

    Whatever was done already is done no more, however often and late this runs.
    """
    certifying.lapse_due(session)
    at = now()
    rows = session.execute(
        select(Account, CertificationWatch)
        .join(Account.owner)
        .outerjoin(CertificationWatch, CertificationWatch.account_id == Account.id)
        .where(
            Account.valid_to.is_(None),
            Account.standing.in_(_STANDING),
            Account.certified_until <= at + GATHERED,
            or_(Owner.valid_to.is_(None), Owner.valid_to > at.date()),
        )
        .options(contains_eager(Account.owner))
        .order_by(Account.owner_id, Account.network, Account.id)
        .limit(_MOST_AT_ONCE)
    ).all()
    by_owner: dict[int, list[tuple[Account, CertificationWatch]]] = {}
    for account, kept in rows:
        by_owner.setdefault(account.owner_id, []).append((account, _watch(session, account, kept)))
    people = notices.people_to_tell(session, at.date()) if rows else []
    return sum(_chase_one(session, people, watched, at) for watched in by_owner.values())


def _watch(session: Session, account: Account, kept: CertificationWatch | None) -> CertificationWatch:
    """Return what was told of the account's present certification."""
    until = account.certified_until
    assert until is not None  # noqa: S101 -- the query asked for those that end
    if kept is None:
        kept = CertificationWatch(account_id=account.id, until=until)
        session.add(kept)
    elif kept.until != until:
        kept.until, kept.told_at, kept.reminded_at, kept.escalated_at = until, None, None, None
    return kept


def _chase_one(
    session: Session,
    people: Collection[Somebody],
    watched: Sequence[tuple[Account, CertificationWatch]],
    at: datetime,
) -> int:
    owner = watched[0][0].owner
    lapsed = [pair for pair in watched if pair[1].until <= at and pair[1].reminded_at is None]
    soon = [pair for pair in watched if pair[1].until > at and pair[1].told_at is None]
    asked = lapsed or any(pair[1].until <= at + BEFORE for pair in soon)
    told = certifiers(people, owner)
    if asked:
        code = Code.CERTIFICATION_LAPSED if lapsed else Code.CERTIFICATION_DUE
        about = [*lapsed, *soon]
        _tell(session, owner, about, code, Audience(told, told))
        for _account, watch in about:
            watch.told_at = watch.told_at or at
        for _account, watch in lapsed:
            watch.reminded_at = at
    late = [pair for pair in watched if _unanswered(pair[1], at)]
    if late:
        staff = holders(people, Permission.CERTIFY_ACCOUNTS)
        everybody = staff | holders(people, Permission.EDIT_DIRECTORY)
        _tell(session, owner, late, Code.CERTIFICATION_UNANSWERED, Audience(everybody, staff))
        for _account, watch in late:
            watch.escalated_at = at
    session.flush()
    return int(bool(asked or late))


def _unanswered(watch: CertificationWatch, at: datetime) -> bool:
    asked = watch.reminded_at
    return asked is not None and asked <= at - PATIENCE and watch.escalated_at is None


def _tell(
    session: Session,
    owner: Owner,
    about: Sequence[tuple[Account, CertificationWatch]],
    code: Code,
    audience: Audience,
) -> None:
    accounts = [account for account, _watch in about]
    first = min(watch.until for _account, watch in about)
    # What was told before is told anew, with all that is owed now.
    notices.over(session, Subject.CERTIFICATION, [owner.slug])
    happening = Happening(
        f"certify:{owner.slug}:{code.value}:{first.isoformat(timespec='minutes')}",
        code.value,
        Subject.CERTIFICATION,
        owner.slug,
        {**_params(owner, accounts), "until": first.isoformat(timespec="seconds")},
    )
    notices.tell(session, [(happening, audience)])


def _params(owner: Owner, accounts: Sequence[Account]) -> dict[str, object]:
    named = ", ".join(account.handle for account in accounts[:_MOST_NAMED])
    more = len(accounts) > _MOST_NAMED
    return {
        "body": owner.short_name,
        "accounts": [account.ref for account in accounts],
        "handles": named + ("…" if more else ""),
    }
