"""What is shown of an account's standing: until when somebody's word is good, who else is asked, what was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext
from sqlalchemy import func, select

from content_calendar import certifying, link_backs
from content_calendar.certification import BEFORE
from content_calendar.clock import now
from content_calendar.models.directory import Account, Owner
from content_calendar.models.standing import (
    AccountLook,
    CertificationYes,
    DirectoryProposal,
    LinkBack,
    LookResult,
    ProposalStage,
)
from scheduler.networks import networks
from webapp.session import db
from webapp.words import N_

LOOKS: Mapping[LookResult, str] = {
    LookResult.SAME: N_("La red confirma que es la misma cuenta"),
    LookResult.LEARNT: N_("La red dio su número"),
    LookResult.TAKEN: N_("En la red, ese nombre es ahora de otra cuenta"),
    LookResult.RENAMED: N_("En la red, la cuenta se llama ahora de otro modo"),
    LookResult.MISSING: N_("En la red, nadie tiene ese nombre"),
    LookResult.UNANSWERED: N_("La red no contestó"),
}


@dataclass(frozen=True)
class Facts:
    """What is known of one account beside its row."""

    lapsed: bool
    ends_soon: bool
    needs_two: bool
    first_yes: CertificationYes | None
    proof: LinkBack | None
    look: AccountLook | None
    # Whether it is an account that others see: a rehearsal's has no site to link from.
    real: bool


def facts_of(accounts: Sequence[Account]) -> Mapping[int, Facts]:
    """Return by account what its row does not say; three queries. Their owners need not be loaded."""
    at, ids = now(), [one.id for one in accounts]
    yes, proofs = certifying.waiting_yes(db(), ids, at), link_backs.proofs(db(), ids)
    looks = {
        one.account_id: one
        for one in db().scalars(select(AccountLook).where(AccountLook.account_id.in_(ids)))
    }
    two = set(
        db().scalars(
            select(Account.id)
            .join(Owner, Owner.id == Account.owner_id)
            .where(Account.id.in_(ids), Owner.kind == certifying.TWO_FOR)
        )
    )
    known = networks()
    return {
        one.id: Facts(
            lapsed=certifying.is_lapsed(one, at),
            ends_soon=_ends_within(one, BEFORE),
            needs_two=one.id in two,
            first_yes=yes.get(one.id),
            proof=proofs.get(one.id),
            look=looks.get(one.id),
            real=one.network not in known or known[one.network].needs_connection,
        )
        for one in accounts
    }


def look_words() -> Mapping[LookResult, str]:
    """Return what each result of a look says."""
    return {key: gettext(word) for key, word in LOOKS.items()}


def _ends_within(account: Account, span: timedelta) -> bool:
    until = account.certified_until
    return until is not None and now() < until <= now() + span and account.valid_to is None


def waiting_of(owner: Owner | None = None) -> int:
    """Return how many proposals wait for the commission: all, or those about the owner."""
    query = select(func.count()).where(DirectoryProposal.stage == ProposalStage.WAITING)
    if owner is not None:
        query = query.where(DirectoryProposal.owner_id == owner.id)
    return db().scalar(query) or 0
