"""The proof that an account and a site are in the same hands: the site links to the account."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.models.directory import Account, Site
from content_calendar.models.standing import LinkBack
from content_calendar.sending import Said

_MOST_SITES = 5


def sites_of(session: Session, owner_id: int) -> Sequence[str]:
    """Return the addresses at which a link to the owner's accounts is looked for."""
    query = select(Site.url).where(Site.owner_id == owner_id).order_by(Site.id).limit(_MOST_SITES)
    return session.scalars(query).all()


def proofs(session: Session, account_ids: Sequence[int]) -> Mapping[int, LinkBack]:
    """Return by account what the last look at its owner's sites found."""
    rows = session.scalars(select(LinkBack).where(LinkBack.account_id.in_(account_ids)))
    return {row.account_id: row for row in rows}


def record(
    session: Session,
    account: Account,
    url: str,
    *,
    found: bool,
    said: Said | None = None,
    actor_ref: str = "",
) -> LinkBack:
    """Keep what a look found; ``url`` is the page that links to the account, or the last that was looked at.

    ``said`` tells why a page could not be read. What changes is a line of the account's history.
    """
    at, why = now(), said or Said("")
    proof = session.get(LinkBack, account.id)
    before = proof.found if proof is not None else None
    if proof is None:
        proof = LinkBack(account_id=account.id, found=found)
        session.add(proof)
    proof.found_since = (proof.found_since or at) if found else None
    proof.found, proof.url, proof.checked_at = found, url[:500], at
    proof.said_code, proof.said_params = why.code, dict(why.params)
    session.flush()
    if before is not found and (found or before):
        audit.record(
            session, actor_ref, "link_back_found" if found else "link_back_lost", "account", account.ref,
            handle=account.handle, network=account.network, url=url[:500],
        )  # fmt: skip
    return proof
