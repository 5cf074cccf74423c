"""Certifying: a named person says that an account is its owner's, and the word is good for some months.

An account of a commission takes two different people. A certification that ends makes the account wait to be
certified again: ``lapse_due`` does it in time, and whoever answers in public looks at the clock as well.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, notices
from content_calendar.clock import now
from content_calendar.errors import ConflictError
from content_calendar.models.directory import Account, Confidence, Owner, OwnerKind, Standing
from content_calendar.models.people import Person
from content_calendar.models.standing import AccountLook, CertificationYes
from content_calendar.notices import Subject

LASTS = timedelta(days=90)
# A first yes is forgotten after this: two yeses are about the same state of things.
YES_LASTS = timedelta(days=14)
# Those certified before certifications ended get this much warning, however long ago that was.
_GRACE = timedelta(days=21)
_MOST_AT_ONCE = 500


class AccountRetiredError(ConflictError):
    """The account was retired; a handle that comes back is a new account. ``on`` is a date."""

    code = "account_retired"


class OwnerDissolvedError(ConflictError):
    """Whoever owns the account no longer exists, so it cannot be certified. ``on`` is a date."""

    code = "owner_dissolved"


class SameCertifierError(ConflictError):
    """The second yes to an account is another person's. ``handle`` is the account's."""

    code = "same_certifier"


class AccountUnderAlarmError(ConflictError):
    """Its handle belongs to another number on the network: only who checked that number can say that it is ours."""

    code = "account_under_alarm"


# Whose accounts take the yes of two people.
TWO_FOR = OwnerKind.COMMISSION


def needs_two(owner: Owner) -> bool:
    """Return whether an account of that owner takes the yes of two people: those of commissions do."""
    return owner.kind is TWO_FOR


def is_lapsed(account: Account, at: datetime) -> bool:
    """Return whether it was certified, and nobody has said yes again in time."""
    until = account.certified_until
    waiting = account.standing in {Standing.IN_FORCE, Standing.TO_CERTIFY}
    return until is not None and until <= at and waiting and account.valid_to is None


def unlapsed(at: datetime) -> ColumnElement[bool]:
    """Return the condition that an account's certification has not ended."""
    return or_(Account.certified_until.is_(None), Account.certified_until > at)


def certify(
    session: Session, account: Account, person: Person, *, remote_id: str = "", lasts: timedelta = LASTS
) -> bool:
    """Say, as a person, that the account is its owner's; ``remote_id`` is the network's own number of it.

    Returns whether it is in force now; a commission's waits for the yes of a second person. Raises
    AccountRetiredError, OwnerDissolvedError when nobody is left to speak through it, SameCertifierError, and
    AccountUnderAlarmError when its number changed and the new one is not given.
    """
    moment, remote_id = now(), remote_id.strip()
    # Two people may say yes at once: the second waits here, and then finds the first.
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    _may_be_certified(account, moment, remote_id)
    first = ""
    if needs_two(account.owner):
        given = _first_yes(session, account, person, moment)
        if given is None:
            _keep_yes(session, account, person, moment, remote_id)
            return False
        first, remote_id = given.person.ref, remote_id or given.remote_id
    before, before_id = account.standing, account.remote_id
    account.standing, account.confidence = Standing.IN_FORCE, Confidence.HIGH
    account.certified_at, account.certified_by_id = moment, person.id
    account.certified_until = moment + lasts
    account.remote_id = remote_id or account.remote_id
    session.execute(delete(CertificationYes).where(CertificationYes.account_id == account.id))
    # What its network says of it is asked at once: its number, if nobody gave it.
    session.execute(update(AccountLook).where(AccountLook.account_id == account.id).values(next_at=moment))
    notices.over(session, Subject.STANDING, [account.ref], person.id)
    session.flush()
    audit.record(
        session, person.ref, "account_certified", "account", account.ref,
        handle=account.handle, network=account.network, before=before.value, first=first,
        until=account.certified_until.isoformat(timespec="seconds"),
        remote_id=account.remote_id, remote_id_before=before_id,
    )  # fmt: skip
    return True


def _may_be_certified(account: Account, moment: datetime, remote_id: str) -> None:
    if account.valid_to is not None:
        raise AccountRetiredError(on=account.valid_to)
    ended = account.owner.valid_to
    if ended is not None and ended <= moment.date():
        raise OwnerDissolvedError(owner=account.owner.short_name, on=ended)
    if account.standing is Standing.IMPERSONATED and remote_id in {"", account.remote_id}:
        raise AccountUnderAlarmError(handle=account.handle)


def _first_yes(
    session: Session, account: Account, person: Person, moment: datetime
) -> CertificationYes | None:
    """Return another person's yes that still counts; raise SameCertifierError for one's own."""
    given = waiting_yes(session, [account.id], moment).get(account.id)
    if given is not None and given.person_id == person.id:
        raise SameCertifierError(handle=account.handle)
    return given


def _keep_yes(session: Session, account: Account, person: Person, moment: datetime, remote_id: str) -> None:
    # One that is too old may still stand there.
    session.execute(delete(CertificationYes).where(CertificationYes.account_id == account.id))
    session.add(
        CertificationYes(account_id=account.id, person_id=person.id, given_at=moment, remote_id=remote_id)
    )
    session.flush()
    audit.record(
        session, person.ref, "account_certified_once", "account", account.ref,
        handle=account.handle, network=account.network,
    )  # fmt: skip


def waiting_yes(session: Session, account_ids: Sequence[int], at: datetime) -> dict[int, CertificationYes]:
    """Return by account the first yes that waits for a second person, its person loaded."""
    rows = session.scalars(
        select(CertificationYes)
        .where(CertificationYes.account_id.in_(account_ids), CertificationYes.given_at > at - YES_LASTS)
        .options(joinedload(CertificationYes.person))
    )
    return {one.account_id: one for one in rows}


def after_rename(session: Session, account: Account, *, same_id: bool) -> None:
    """Let an account with a new handle stand as it may: in force when its number is known to be the certified one."""
    session.execute(delete(CertificationYes).where(CertificationYes.account_id == account.id))
    if same_id and account.certified_at is not None and not _over(account):
        account.standing = Standing.IN_FORCE
    else:
        account.standing = Standing.TO_CERTIFY
    notices.over(session, Subject.STANDING, [account.ref])
    if not same_id:
        account.remote_id = account.certified_until = None
    session.flush()


def _over(account: Account) -> bool:
    return account.certified_until is not None and account.certified_until <= now()


def suspect(session: Session, account: Account, found_id: str) -> None:
    """Raise the alarm: the handle belongs to another number than the one that was certified."""
    before = account.standing
    account.standing = Standing.IMPERSONATED
    session.flush()
    audit.record(
        session, "", "account_suspected", "account", account.ref,
        handle=account.handle, network=account.network, before=before.value,
        remote_id=account.remote_id, found_id=found_id,
    )  # fmt: skip


def calm(session: Session, account: Account) -> None:
    """End the alarm: the handle belongs to the certified number again. A person says yes before it is official."""
    account.standing = Standing.TO_CERTIFY
    notices.over(session, Subject.STANDING, [account.ref])
    session.flush()
    audit.record(
        session, "", "account_calmed", "account", account.ref, handle=account.handle, network=account.network
    )


def learn_id(session: Session, account: Account, remote_id: str) -> None:
    """Keep the number that the network gave an account whose handle somebody certified."""
    account.remote_id = remote_id
    session.flush()
    audit.record(
        session, "", "account_id_learnt", "account", account.ref,
        handle=account.handle, network=account.network, remote_id=remote_id,
    )  # fmt: skip


def lapse_due(session: Session) -> int:
    """Let every certification that has ended make its account wait again; return how many did. Twice does no more.

    Those of before certifications ended get an end, with time to be warned.
    """
    at = now()
    endless = session.scalars(
        select(Account)
        .where(
            Account.certified_at.is_not(None),
            Account.certified_until.is_(None),
            Account.standing == Standing.IN_FORCE,
            Account.valid_to.is_(None),
        )
        .limit(_MOST_AT_ONCE)
    ).all()
    for one in endless:
        if one.certified_at is not None:
            one.certified_until = max(one.certified_at + LASTS, at + _GRACE)
    ended = session.scalars(
        select(Account)
        .where(
            Account.standing == Standing.IN_FORCE,
            Account.certified_until <= at,
            Account.valid_to.is_(None),
        )
        .order_by(Account.id)
        .limit(_MOST_AT_ONCE)
        .with_for_update()
    ).all()
    for one in ended:
        one.standing = Standing.TO_CERTIFY
        audit.record(
            session, "", "account_lapsed", "account", one.ref,
            handle=one.handle, network=one.network,
            until=one.certified_until.isoformat(timespec="seconds") if one.certified_until else "",
        )  # fmt: skip
    session.flush()
    return len(ended)
