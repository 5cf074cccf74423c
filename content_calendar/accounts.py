"""Official accounts: added, renamed, retired; and the question whether one is official.

Who says that one is, and for how long, is in ``certifying.py``.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, certifying, notices, pasted
from content_calendar.certifying import AccountRetiredError, OwnerDissolvedError, certify, unlapsed
from content_calendar.clock import now
from content_calendar.directory import valid_on
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Account, Body, Confidence, Owner, Standing
from content_calendar.models.plan import Campaign
from content_calendar.models.standing import CertificationYes, FormerHandle
from content_calendar.notices import Subject
from content_calendar.succession import line_of
from content_calendar.vault import forget_credential


class AccountNotFoundError(NotFoundError):
    """There is no account of that reference."""

    code = "account_not_found"


class HandleMissingError(InvalidError):
    """An account has a handle."""

    code = "handle_missing"


class AccountInUseError(ConflictError):
    """That handle is already somebody's on that network. ``owner`` is the short name, when it is known."""

    code = "account_in_use"


class StandingInvalidError(InvalidError):
    """A retired account is not in force. ``standing`` is what was asked for."""

    code = "standing_invalid"


__all__ = ["AccountRetiredError", "OwnerDissolvedError", "certify"]


class Answer(StrEnum):
    """Whether an account is official on a day.

    official: certified by a person, and in force.
    lapsed: it was certified until ``certified_until``, and nobody has said yes again.
    was_official: it belonged to its owner until ``until``; since then it says nothing official.
    not_official: it is known, and known to be no voice of its owner (impersonated, or out of its hands).
    uncertified: it is known from a source, and nobody has certified it yet.
    not_registered: nobody here knows it.
    """

    OFFICIAL = "official"
    LAPSED = "lapsed"
    WAS_OFFICIAL = "was_official"
    NOT_OFFICIAL = "not_official"
    UNCERTIFIED = "uncertified"
    NOT_REGISTERED = "not_registered"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person knows of an account.

    ``network`` is a network's slug and ``handle`` its canonical form; both are the caller's to check.
    """

    network: str
    handle: str
    url: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OfficialStatus:
    """The answer, with whose account it is or was; ``account`` has its owner loaded.

    ``handle`` is what was asked about, as it was written when it was the account's; ``now_called`` what the
    account is called since.
    """

    answer: Answer
    account: Account | None = None
    since: date | None = None
    until: date | None = None
    handle: str = ""
    now_called: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Whom a campaign's posts mention on one network.

    ``stands`` tells whether ``handle`` may be tagged; else ``name`` is written and the author warned.
    ``successor`` says in words who followed, when a source says so.
    """

    handle: str | None
    name: str
    stands: bool
    successor: str = ""


_LAPSED = frozenset({Standing.EXTINCT, Standing.SUCCEEDED})
_FALSE = frozenset({Standing.IMPERSONATED, Standing.NO_ACCESS})
# What an account that is retired may be.
ENDINGS = _LAPSED | _FALSE


def fold_handle(handle: str) -> str:
    """Return a handle as it is compared: no leading at sign, no capitals."""
    return handle.strip().removeprefix("@").casefold()


def find(session: Session, ref: str) -> Account:
    """Return the account of that reference with its owner; raise AccountNotFoundError."""
    account = session.scalars(
        select(Account).where(Account.ref == ref).options(joinedload(Account.owner))
    ).one_or_none()
    if account is None:
        raise AccountNotFoundError(ref=ref)
    return account


def add(session: Session, owner: Owner, new: NewAccount, on: date, *, actor_ref: str) -> Account:
    """Add an account that waits to be certified; raise HandleMissingError or AccountInUseError."""
    handle, folded = new.handle.strip().removeprefix("@"), fold_handle(new.handle)
    if not folded:
        raise HandleMissingError(field="handle")
    source = new.source.strip()
    account = Account(
        owner=owner,
        network=new.network,
        handle=handle,
        handle_folded=folded,
        url=new.url.strip() or pasted.address_of(new.network, handle),
        source=source,
        confidence=Confidence.MEDIUM if source else Confidence.UNCONFIRMED,
        note=new.note.strip(),
        valid_from=on,
    )
    _insert(session, account)
    audit.record(
        session, actor_ref, "account_added", "account", account.ref,
        owner=owner.slug, network=new.network, handle=handle,
    )  # fmt: skip
    return account


def _insert(session: Session, account: Account) -> None:
    """Insert it, unless its handle is in use: the index decides, since two people may ask at once."""
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        owner = _user_of(session, account.network, account.handle_folded)
        raise AccountInUseError(field="handle", handle=account.handle, owner=owner) from error


def _user_of(session: Session, network: str, folded: str) -> str:
    return (
        session.scalars(
            select(Owner.short_name)
            .join(Account, Account.owner_id == Owner.id)
            .where(Account.network == network, Account.handle_folded == folded, Account.valid_to.is_(None))
        ).first()
        or ""
    )


def rename(
    session: Session,
    account: Account,
    new: NewAccount,
    on: date,
    *,
    same_id: bool,
    actor_ref: str,
) -> None:
    """Give an account another handle on its network from a day on; what it was called is kept, with its days.

    ``same_id`` says that the network itself told that the certified number has the new handle: then its
    certification stands, and ends an alarm about the old one. Else the account waits to be certified.
    Raises AccountRetiredError, HandleMissingError, AccountInUseError.
    """
    handle, folded = new.handle.strip().removeprefix("@"), fold_handle(new.handle)
    if not folded:
        raise HandleMissingError(field="handle")
    if account.valid_to is not None:
        raise AccountRetiredError(on=account.valid_to)
    before, begun = account.handle, account.valid_from
    url = new.url.strip() or pasted.address_of(account.network, handle)
    if folded != account.handle_folded:
        session.add(
            FormerHandle(
                account_id=account.id, network=account.network, handle=before,
                handle_folded=account.handle_folded, valid_from=begun, valid_to=on,
            )
        )  # fmt: skip
        account.valid_from = on
    try:
        with session.begin_nested():
            account.handle, account.handle_folded, account.url = handle, folded, url
            session.flush()
    except IntegrityError as error:
        owner = _user_of(session, account.network, folded)
        raise AccountInUseError(field="handle", handle=handle, owner=owner) from error
    if folded != fold_handle(before):
        certifying.after_rename(session, account, same_id=same_id)
    audit.record(
        session, actor_ref, "account_renamed", "account", account.ref,
        owner=account.owner.slug, network=account.network, before=before, after=handle, same_id=same_id,
    )  # fmt: skip


def retire(
    session: Session, account: Account, on: date, standing: Standing, *, reason: str, actor_ref: str
) -> None:
    """End an account on a day; it is disconnected, and its handle is free for somebody else.

    Raises AccountRetiredError when it had ended before, StandingInvalidError for one that still stands.
    """
    if account.valid_to is not None:
        raise AccountRetiredError(on=account.valid_to)
    if standing not in ENDINGS:
        raise StandingInvalidError(field="standing", standing=standing.value)
    before = account.standing
    account.standing, account.valid_to, account.connected_at = standing, on, None
    forget_credential(session, account)
    session.execute(delete(CertificationYes).where(CertificationYes.account_id == account.id))
    notices.over(session, Subject.STANDING, [account.ref])
    session.flush()
    audit.record(
        session, actor_ref, "account_retired", "account", account.ref,
        handle=account.handle, network=account.network, before=before.value,
        standing=standing.value, on=on.isoformat(), reason=reason.strip(),
    )  # fmt: skip


def official_status(session: Session, network: str, handle: str, on: date) -> OfficialStatus:
    """Return whether an account is official on a day, in one query; in two for a handle that nobody has.

    Of several owners that a handle had, the one valid on that day answers; else the last one, also when its
    account has another handle since.
    """
    accounts = session.scalars(
        select(Account)
        .where(Account.network == network, Account.handle_folded == fold_handle(handle))
        .options(joinedload(Account.owner))
        .order_by(Account.valid_to.is_not(None), Account.valid_to.desc(), Account.id.desc())
    ).all()
    account = next((row for row in accounts if _holds(row, on)), None)
    if account is None and (former := _former(session, network, handle)) is not None:
        ends = [row.valid_to for row in accounts if row.valid_to is not None]
        if not ends or former.valid_to >= max(ends):
            return _of_former(former, on)
    account = account or (accounts[0] if accounts else None)
    if account is None:
        return OfficialStatus(Answer.NOT_REGISTERED)
    since = account.valid_from or (account.certified_at.date() if account.certified_at else None)
    return OfficialStatus(_answer(account, on), account, since, _until(account), account.handle)


def _former(session: Session, network: str, handle: str) -> FormerHandle | None:
    return session.scalars(
        select(FormerHandle)
        .where(FormerHandle.network == network, FormerHandle.handle_folded == fold_handle(handle))
        .options(joinedload(FormerHandle.account).joinedload(Account.owner))
        .order_by(FormerHandle.valid_to.desc(), FormerHandle.id.desc())
        .limit(1)
    ).one_or_none()


def _of_former(former: FormerHandle, on: date) -> OfficialStatus:
    account = former.account
    known = account.handle if _answer(account, on) is Answer.OFFICIAL else ""
    return OfficialStatus(
        Answer.WAS_OFFICIAL, account, former.valid_from, former.valid_to, former.handle, known
    )


def _until(account: Account) -> date | None:
    ends = [day for day in (account.valid_to, account.owner.valid_to) if day is not None]
    return min(ends, default=None)


def _holds(account: Account, on: date) -> bool:
    begun = account.valid_from is None or account.valid_from <= on
    return begun and (account.valid_to is None or on < account.valid_to)


def _answer(account: Account, on: date) -> Answer:
    until = _until(account)
    if account.standing in _FALSE:
        return Answer.NOT_OFFICIAL
    if account.standing in _LAPSED or (until is not None and until <= on):
        return Answer.WAS_OFFICIAL
    if certifying.is_lapsed(account, now()):
        return Answer.LAPSED
    if account.standing is Standing.IN_FORCE and account.certified_at is not None:
        return Answer.OFFICIAL if _holds(account, on) else Answer.UNCERTIFIED
    return Answer.UNCERTIFIED


def mentioned_account(session: Session, campaign: Campaign, network: str, on: date) -> Mention | None:
    """Return whom a campaign's posts mention on a network, in three queries; None when it mentions nobody.

    The handle is the certified account in force of the owner that the campaign names or, where that one is
    gone, of the nearest successor that has one. Nobody who no longer exists is ever tagged.
    """
    if campaign.mentions_id is None:
        return None
    line = line_of(session, campaign.mentions_id)
    standing = [heir for heir in line if heir.stands(on)]
    accounts = session.scalars(
        select(Account)
        .where(
            Account.owner_id.in_([heir.owner_id for heir in standing]),
            Account.network == network,
            Account.standing == Standing.IN_FORCE,
            Account.certified_at.is_not(None),
            unlapsed(now()),
            *valid_on(Account, on),
        )
        .order_by(Account.certified_at.desc(), Account.id.desc())
    ).all()
    for heir in standing:
        for account in accounts:
            if account.owner_id == heir.owner_id:
                return Mention(account.handle, heir.short_name, stands=True)
    words = session.scalars(select(Body.successor).where(Body.id == campaign.mentions_id)).first()
    return Mention(None, (standing or line)[0].short_name, stands=False, successor=words or "")
