"""What accounts' own networks say of them: whose a handle is today, kept beside the number that was certified.

The network is asked by the worker while no transaction is open; here its answer becomes what the directory says.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import accounts, certification, certifying, directory_proposals, notices, pasted
from content_calendar.audience import Audience, holders
from content_calendar.clock import now
from content_calendar.errors import ResuenaError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account, Owner, Standing
from content_calendar.models.standing import AccountLook, LookResult, ProposalKind
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission

EVERY = timedelta(days=7)
AGAIN = timedelta(days=1)
# Whoever took an account to look at it, and was heard of no more, has lost it after this.
_LEASE = timedelta(hours=1)
_MOST_NEW = 200
_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Told:
    """What a network told: whose the handle is, and what the certified number is called; empty for nobody."""

    found_id: str = ""
    called: str = ""


def take_due(session: Session, limit: int, leaving_out: Collection[str] = ()) -> Sequence[Account]:
    """Take at most ``limit`` accounts that are due for a look; nobody else takes them for an hour.

    Those of networks that are ``leaving_out`` are no real accounts.
    """
    at = now()
    looked_at = [
        Account.network.not_in(leaving_out),
        Account.valid_to.is_(None),
        or_(Owner.valid_to.is_(None), Owner.valid_to > at.date()),
        # Of what nobody has certified there is no number to hold on to.
        or_(Account.remote_id.is_not(None), Account.standing == Standing.IN_FORCE),
    ]
    new = session.scalars(
        select(Account.id)
        .join(Owner, Owner.id == Account.owner_id)
        .outerjoin(AccountLook, AccountLook.account_id == Account.id)
        .where(AccountLook.account_id.is_(None), *looked_at)
        .limit(_MOST_NEW)
    ).all()
    insert_absent(session, AccountLook, [{"account_id": one, "next_at": at} for one in new])
    due = session.scalars(
        select(AccountLook.account_id)
        .join(Account, Account.id == AccountLook.account_id)
        .join(Owner, Owner.id == Account.owner_id)
        .where(AccountLook.next_at <= at, *looked_at)
        .order_by(AccountLook.next_at, AccountLook.account_id)
        .limit(limit)
    ).all()
    taken = session.scalars(
        update(AccountLook)
        .where(AccountLook.account_id.in_(due), AccountLook.next_at <= at)
        .values(next_at=at + _LEASE)
        .returning(AccountLook.account_id)
        .execution_options(synchronize_session=False)
    ).all()
    query = select(Account).where(Account.id.in_(taken)).options(joinedload(Account.owner))
    return session.scalars(query.order_by(Account.id)).all()


def record(session: Session, account_id: int, told: Told | None) -> LookResult:
    """Write down what a look found, None when the network did not answer, and do what follows from it."""
    account = session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .options(joinedload(Account.owner))
        .with_for_update(of=Account)
    ).one()
    at = now()
    look = session.get(AccountLook, account_id) or AccountLook(account_id=account_id)
    session.add(look)
    if told is None:
        look.looked_at, look.result, look.next_at = at, LookResult.UNANSWERED, at + AGAIN
        session.flush()
        return LookResult.UNANSWERED
    result = _result(account, told)
    look.looked_at, look.result, look.next_at = at, result, _next(account, at)
    look.found_id, look.found_handle = told.found_id, told.called
    session.flush()
    if account.valid_to is None:
        _follow(session, account, told, result)
    return result


def put_off(session: Session, account_id: int) -> None:
    """Look again in a week at an account that its network tells nothing of."""
    look = session.get_one(AccountLook, account_id)
    look.next_at = now() + EVERY
    session.flush()


def _next(account: Account, at: datetime) -> datetime:
    """Return when to look again: a week later, at an hour of its own."""
    return at + EVERY + timedelta(hours=account.id % _A_DAY)


def _result(account: Account, told: Told) -> LookResult:
    if account.remote_id is None:
        return LookResult.LEARNT if told.found_id else LookResult.MISSING
    if told.found_id == account.remote_id:
        return LookResult.SAME
    if told.found_id:
        return LookResult.TAKEN
    other = told.called and accounts.fold_handle(told.called) != account.handle_folded
    return LookResult.RENAMED if other else LookResult.MISSING


def _follow(session: Session, account: Account, told: Told, result: LookResult) -> None:
    if result is LookResult.LEARNT and account.standing is Standing.IN_FORCE:
        certifying.learn_id(session, account, told.found_id)
    elif result is LookResult.SAME and account.standing is Standing.IMPERSONATED:
        certifying.calm(session, account)
    elif result is LookResult.TAKEN and account.standing is not Standing.IMPERSONATED:
        certifying.suspect(session, account, told.found_id)
        _alarm(session, account, told)
    if result in {LookResult.TAKEN, LookResult.RENAMED} and told.called:
        _propose_rename(session, account, told.called)


def _alarm(session: Session, account: Account, told: Told) -> None:
    """Tell the commission's staff and whoever answers for the owner, at once."""
    at = now()
    people = notices.people_to_tell(session, at.date())
    told_of_it = holders(people, Permission.CERTIFY_ACCOUNTS) | certification.certifiers(
        people, account.owner
    )
    happening = Happening(
        f"standing:{account.ref}:{told.found_id[:60]}:{int(at.timestamp())}",
        Code.ACCOUNT_SUSPECTED.value,
        Subject.STANDING,
        account.ref,
        {
            "handle": account.handle,
            "network": account.network,
            "body": account.owner.short_name,
            "called": told.called,
        },
        urgent=True,
    )
    notices.tell(session, [(happening, Audience(told_of_it, told_of_it))])


def _propose_rename(session: Session, account: Account, called: str) -> None:
    fields = {"handle": called, "url": pasted.address_of(account.network, called), "same_id": "1"}
    try:
        directory_proposals.propose(
            session, account.owner, ProposalKind.RENAME_ACCOUNT, fields, by=None, account=account
        )
    except ResuenaError:
        # It is called so already: nothing to propose.
        return
