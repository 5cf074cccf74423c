"""What networks charge, and the most that may be spent on each in a month.

Money is in whole thousandths of a US dollar (mills). What may cost is written down when it begins, before the
network is called, so that several workers together never pass the ceiling; what certainly was not applied is
given back, since failed calls are not billed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.audit import record
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account
from content_calendar.models.money import Ceiling, Charge
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import HoldReason, PartState, PublicationState

# A million dollars a month: what is more was typed by mistake.
MOST_MILLS = 1_000_000_000
# What a charge is for, in its row, when it is for a post of ours.
PUBLISHING = "publish"
_DECEMBER = 12


class CeilingInvalidError(InvalidError):
    """A ceiling is from nothing to a million dollars."""

    code = "ceiling_invalid"


class NoCeilingError(ConflictError):
    """Nobody has said how much may be spent on the network: what is only good to know is then not paid for."""

    code = "budget_no_ceiling"


class OverCeilingError(ConflictError):
    """It would pass the month's ceiling."""

    code = "over_budget_to_read"


class Cost(NamedTuple):
    """What one call costs. ``what`` says which kind of call; ``publication_id`` is None for what is of no one."""

    publication_id: int | None
    part: int
    account_id: int
    network: str
    what: str
    mills: int


@dataclass(frozen=True)
class Stand:
    """How a network stands this month: spent, the ceiling or None, the ceiling before it, and what waits for money."""

    spent: int
    ceiling: int | None
    was: int | None
    waiting: int


def month_of(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first moment of that day's month in ``zone``, and the first one after it."""
    following = (month.year + 1, 1) if month.month == _DECEMBER else (month.year, month.month + 1)
    return datetime(month.year, month.month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def charge(session: Session, costs: Sequence[Cost]) -> None:
    """Write down what was charged already, such as a read; what costs nothing is not written. One insert."""
    rows = [{**cost._asdict(), "at": clock.now()} for cost in costs if cost.mills]
    if rows:
        session.execute(insert(Charge), rows)


def spent(session: Session, networks: Collection[str], month: date, zone: ZoneInfo) -> Mapping[str, int]:
    """Return the mills spent on each of these networks in the calendar month of that day, zeros too. One query."""
    since, until = month_of(month, zone)
    rows = session.execute(
        select(Charge.network, func.sum(Charge.mills))
        .where(Charge.network.in_(networks), Charge.at >= since, Charge.at < until)
        .group_by(Charge.network)
    )
    return {**dict.fromkeys(networks, 0), **{network: int(mills) for network, mills in rows}}


def ceilings(session: Session, networks: Collection[str] | None = None) -> Mapping[str, int]:
    """Return the ceiling of each network that has one, of these networks or of all. One query."""
    query = select(Ceiling.network, Ceiling.mills)
    if networks is not None:
        query = query.where(Ceiling.network.in_(networks))
    return dict(session.execute(query).all())


def over(session: Session, wanted: Mapping[str, int], zone: ZoneInfo, now: datetime) -> set[str]:
    """Return the networks on which these mills more would pass the ceiling; nothing is reserved. Two queries."""
    limits = ceilings(session, wanted)
    gone = spent(session, limits, now.astimezone(zone).date(), zone) if limits else {}
    return {
        network
        for network, limit in limits.items()
        if wanted[network] and gone[network] + wanted[network] > limit
    }


def reserve(session: Session, costs: Sequence[Cost], zone: ZoneInfo, now: datetime) -> set[int]:
    """Write down what these publications will cost; return the ids of those that no longer fit.

    All parts of a publication fit, or none is written. A part that is reserved already is not charged twice.
    Until the transaction ends no other one reserves for a network with a ceiling. At most four queries.
    """
    known = _reserved(session, costs)
    new = [cost for cost in costs if cost.mills and (cost.publication_id, cost.part, cost.what) not in known]
    limits = _held_ceilings(session, {cost.network for cost in new})
    gone = dict(spent(session, limits, now.astimezone(zone).date(), zone)) if limits else {}
    together: dict[int | None, list[Cost]] = {}
    for cost in new:
        together.setdefault(cost.publication_id, []).append(cost)
    fitting: list[Cost] = []
    refused: set[int] = set()
    for publication_id, parts in together.items():
        more = {
            one.network: sum(each.mills for each in parts if each.network == one.network) for one in parts
        }
        if any(
            gone[network] + mills > limits[network] for network, mills in more.items() if network in limits
        ):
            refused |= {publication_id} - {None}  # type: ignore[arg-type] # None was just taken out
            continue
        for network in more.keys() & limits.keys():
            gone[network] += more[network]
        fitting += parts
    if fitting:
        session.execute(insert(Charge), [{**cost._asdict(), "at": now} for cost in fitting])
    return refused


def reserve_read(session: Session, cost: Cost, zone: ZoneInfo, now: datetime) -> int:
    """Write down the most that a read may cost, before it is made; return the charge's number, for ``settle_read``.

    Raises NoCeilingError and OverCeilingError. Until the transaction ends no other one reserves for the network.
    """
    limit = _held_ceilings(session, [cost.network]).get(cost.network)
    if limit is None:
        raise NoCeilingError(network=cost.network)
    gone = spent(session, [cost.network], now.astimezone(zone).date(), zone)[cost.network]
    if gone + cost.mills > limit:
        raise OverCeilingError(network=cost.network)
    row = Charge(**cost._asdict(), at=now)
    session.add(row)
    session.flush()
    return row.id


def settle_read(session: Session, charge_id: int, mills: int) -> None:
    """Write down what a read did cost in the end; one that cost nothing is no charge."""
    row = session.get(Charge, charge_id)
    if row is not None and mills > 0:
        row.mills = mills
    elif row is not None:
        session.delete(row)
    session.flush()


def give_back(session: Session, parts: Collection[tuple[int, int]], what: str) -> None:
    """Take back what was reserved for these parts (publication, part): certainly not sent, or refused."""
    if parts:
        session.execute(
            delete(Charge).where(
                tuple_(Charge.publication_id, Charge.part).in_(sorted(parts)), Charge.what == what
            )
        )


def give_back_unsent(session: Session, publication_ids: Collection[int]) -> None:
    """Take back what was reserved for the parts of withdrawn publications that were certainly not sent."""
    if publication_ids:
        session.execute(
            delete(Charge).where(
                Charge.publication_id.in_(publication_ids),
                Charge.what == PUBLISHING,
                tuple_(Charge.publication_id, Charge.part).in_(
                    select(PublicationPart.publication_id, PublicationPart.n).where(
                        PublicationPart.publication_id.in_(publication_ids),
                        PublicationPart.state == PartState.WAITING,
                    )
                ),
            )
        )


def set_ceiling(session: Session, person: Person, network: str, mills: int | None) -> int | None:
    """Let at most ``mills`` be spent on a network in a month, None: without an end; return what it was before.

    Raises CeilingInvalidError.
    """
    if mills is not None and not 0 <= mills <= MOST_MILLS:
        raise CeilingInvalidError(field="ceiling")
    if mills is not None:
        # Two who set the first one at once: the second finds the row of the first.
        insert_absent(session, Ceiling, [{"network": network, "mills": -1, "set_at": clock.now()}])
    row = session.execute(
        select(Ceiling).where(Ceiling.network == network).with_for_update()
    ).scalar_one_or_none()
    was = None if row is None or row.mills < 0 else row.mills
    if row is not None and mills is None:
        session.delete(row)
    elif row is not None and mills is not None:
        row.mills, row.set_by_id, row.set_at = mills, person.id, clock.now()
    session.flush()
    if was != mills:
        record(session, person.ref, "ceiling_set", "network", network, mills=mills, was=was)
    return was


def stands(session: Session, networks: Collection[str], zone: ZoneInfo, now: datetime) -> Mapping[str, Stand]:
    """Return how each of these networks stands in the month that it is. Four queries."""
    gone = spent(session, networks, now.astimezone(zone).date(), zone)
    limits, waiting = ceilings(session, networks), _waiting(session)
    before = _before(session, networks)
    return {
        network: Stand(gone[network], limits.get(network), before.get(network), waiting.get(network, 0))
        for network in networks
    }


def _reserved(session: Session, costs: Sequence[Cost]) -> set[tuple[int | None, int, str]]:
    ids = {cost.publication_id for cost in costs} - {None}
    rows = session.execute(
        select(Charge.publication_id, Charge.part, Charge.what).where(Charge.publication_id.in_(ids))
    )
    return {(publication_id, part, what) for publication_id, part, what in rows}


def _held_ceilings(session: Session, networks: Collection[str]) -> Mapping[str, int]:
    """Return the ceilings of these networks, held until the transaction ends, always in one order."""
    rows = session.execute(
        select(Ceiling.network, Ceiling.mills)
        .where(Ceiling.network.in_(networks))
        .order_by(Ceiling.network)
        .with_for_update()
    )
    return dict(rows.all())


def _waiting(session: Session) -> Mapping[str, int]:
    rows = session.execute(
        select(Account.network, func.count())
        .join(Publication, Publication.account_id == Account.id)
        .where(Publication.state == PublicationState.HELD, Publication.hold_reason == HoldReason.BUDGET)
        .group_by(Account.network)
    )
    return dict(rows.all())


def _before(session: Session, networks: Collection[str]) -> Mapping[str, int | None]:
    last = (
        select(func.max(AuditEvent.id))
        .where(
            AuditEvent.act == "ceiling_set",
            AuditEvent.subject_kind == "network",
            AuditEvent.subject_ref.in_(networks),
        )
        .group_by(AuditEvent.subject_ref)
    )
    rows = session.execute(select(AuditEvent.subject_ref, AuditEvent.details).where(AuditEvent.id.in_(last)))
    return {network: details.get("was") for network, details in rows}
