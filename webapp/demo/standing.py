"""Accounts in the demonstration: one that ends soon, one that waits for a second person, what a body proposes."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from content_calendar import (
    accounts,
    certification,
    certifying,
    clock,
    directory,
    directory_proposals,
    link_backs,
)
from content_calendar.accounts import NewAccount
from content_calendar.models.directory import Account, Owner
from content_calendar.models.people import Person
from content_calendar.models.standing import AccountLook, LookResult, ProposalKind
from scheduler.networks import networks
from scheduler.powers import KnowsAccounts

_CERTIFIED, _ASKED, _FIRST_YES = timedelta(days=81), timedelta(days=4), timedelta(days=2)
# Nobody's accounts: the demonstration asks no network and no site about them.
_NEVER = timedelta(days=3650)


def plant_standing(session: Session, team: dict[str, Person], today: date) -> None:
    """Plant accounts whose certification is in every state, a proposal, and the history that comes of it."""
    ana, luz, beto = team["ana"], team["luz"], team["beto"]
    slug = next(
        slug
        for slug, one in networks().items()
        if one.needs_connection and not isinstance(one, KnowsAccounts)
    )
    body = directory.find_owner(session, "infonl")
    at = clock.now()
    with clock.standing_at(at - _CERTIFIED):
        own = _add(session, body, slug, "ejemplo_infonl", ana, today - _CERTIFIED)
        certifying.certify(session, own, luz, remote_id="100200300")
        session.flush()
    session.add(
        AccountLook(account_id=own.id, next_at=at + _NEVER, looked_at=at - _ASKED, result=LookResult.SAME)
    )
    sites = link_backs.sites_of(session, body.id)
    if sites:
        with clock.standing_at(at - _ASKED):
            link_backs.record(session, own, sites[0], found=True)
            session.flush()
    commission = directory.find_owner(session, "cvpdcs")
    with clock.standing_at(at - _FIRST_YES):
        certification.chase(session)
        ours = _add(session, commission, slug, "ejemplo_comision", ana, today - _FIRST_YES)
        said = certification.say_yes(session, commission, [ours], luz)
        session.flush()
        assert said.waiting  # noqa: S101 -- an account of ours takes two people
    directory_proposals.propose(
        session, body, ProposalKind.ADD_ACCOUNT, {"network": slug, "handle": "ejemplo_infonl_avisos"},
        by=beto, note="La abrimos para avisos de sesiones.",
    )  # fmt: skip
    directory_proposals.propose(
        session, body, ProposalKind.RENAME_ACCOUNT, {"handle": "ejemplo_infonuevoleon"},
        by=beto, account=own, note="Cambió con la nueva imagen.",
    )  # fmt: skip


def _add(session: Session, owner: Owner, network: str, handle: str, by: Person, on: date) -> Account:
    new = NewAccount(network, handle, source="Demostración")
    return accounts.add(session, owner, new, on, actor_ref=by.ref)
