"""What allies say that they took up: a link, or a place and a day; each confirmed or rejected by a person.

Apart from the ledger of the bodies: an ally's replication never counts as a body's.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.directory import fold
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.allies import (
    Ally,
    AllyContribution,
    AllyEcho,
    AllyWeek,
    AllyWeekPost,
    EchoStanding,
    Medium,
)
from content_calendar.models.people import Person
from content_calendar.wall_time import zone_named

LONGEST_LINK = 2_000
LONGEST_PLACE = 200
LONGEST_SAID = 3_000
MOST_REACH = 100_000_000
MOST_LINKS = 20
_OLDEST = timedelta(days=400)
# A page of a form may be sent a thousand times; nobody spreads so much in earnest.
MOST_OF_ONE = 500


class EchoMissingError(NotFoundError):
    """There is no such replication."""

    code = "ally_echo_missing"


class EchoLinkInvalidError(InvalidError):
    """What was pasted is no link. ``said`` is what was given."""

    code = "ally_echo_link"


class EchoLinksTooManyError(InvalidError):
    """More links at once than anybody pastes. ``limit`` is how many."""

    code = "ally_echo_links_too_many"


class EchoPlaceMissingError(InvalidError):
    """What is not on the web happened somewhere."""

    code = "ally_echo_place"


class EchoDayInvalidError(InvalidError):
    """The day is one of the last year, today at the latest."""

    code = "ally_echo_day"


class EchoReachInvalidError(InvalidError):
    """How many people it reached is a whole number, or nothing."""

    code = "ally_echo_reach"


class EchoTooManyError(ConflictError):
    """One ally told of more than anybody does."""

    code = "ally_echo_too_many"


class ContributionMissingError(InvalidError):
    """A contribution says something."""

    code = "ally_contribution_missing"


class ContributionTooLongError(InvalidError):
    """A contribution is told in few pages. ``limit`` is in characters."""

    code = "ally_contribution_too_long"


@dataclass(frozen=True)
class Link:
    """A link as it was read: its canonical address and key, whose network it is, and when, where its id tells it."""

    url: str
    key: str
    network: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Source:
    """Who says it: the ally by the page of a letter, or a person of the staff for them."""

    ally: Ally
    letter_id: int | None = None
    by: Person | None = None


@dataclass(frozen=True)
class Offline:
    """What was done away from the web."""

    medium: Medium
    place: str
    on: date
    reach: int | None = None


def declare_links(session: Session, source: Source, post_id: int | None, links: Sequence[Link]) -> int:
    """Keep the links an ally took a post up with; return how many are new. The same link is kept once."""
    if len(links) > MOST_LINKS:
        raise EchoLinksTooManyError(field="links", limit=MOST_LINKS)
    rows = [
        {
            "post_id": post_id,
            "medium": Medium.ONLINE,
            "network": one.network,
            "link": one.url[:LONGEST_LINK],
            "evidence_key": one.key,
            # An id may come from a clock that is ahead; nothing was done tomorrow.
            "occurred_at": min(one.at or now(), now()),
            "dated": one.at is not None,
        }
        for one in links
    ]
    return _keep(session, source, rows)


def declare_offline(session: Session, source: Source, post_id: int | None, told: Offline, zone: str) -> int:
    """Keep what an ally did away from the web; return 1, or 0 when it was told before."""
    place = " ".join(told.place.split())
    if not place:
        raise EchoPlaceMissingError(field="place")
    here = zone_named(zone)
    today = now().astimezone(here).date()
    if not today - _OLDEST <= told.on <= today:
        raise EchoDayInvalidError(field="on")
    if told.reach is not None and not 0 <= told.reach <= MOST_REACH:
        raise EchoReachInvalidError(field="reach")
    said = f"{told.medium.value}\n{fold(place)}\n{told.on.isoformat()}\n{post_id or 0}"
    row = {
        "post_id": post_id,
        "medium": told.medium,
        "place": place[:LONGEST_PLACE],
        "reach": told.reach,
        "evidence_key": hashlib.sha256(said.encode()).hexdigest(),
        "occurred_at": min(datetime.combine(told.on, time(12), here), now()),
    }
    return _keep(session, source, [row])


def _keep(session: Session, source: Source, rows: Sequence[Mapping[str, object]]) -> int:
    known = _keys(session, source.ally)
    if len(known) + len(rows) > MOST_OF_ONE:
        raise EchoTooManyError
    by = source.by
    # What the staff writes down for them, the staff has seen.
    seen = {"standing": EchoStanding.CONFIRMED, "decided_by_id": by.id, "decided_at": now()} if by else {}
    same = {
        "ally_id": source.ally.id,
        "letter_id": source.letter_id,
        "declared_by_id": by.id if by else None,
        "declared_at": now(),
        "standing": EchoStanding.DECLARED,
        **seen,
    }
    insert_absent(session, AllyEcho, [{**same, **row} for row in rows])
    fresh = len(_keys(session, source.ally) - known)
    if fresh:
        audit.record(
            session, by.ref if by else "", "ally.replication_told", "ally", source.ally.ref, count=fresh
        )
    return fresh


def _keys(session: Session, ally: Ally) -> set[str]:
    return set(session.scalars(select(AllyEcho.evidence_key).where(AllyEcho.ally_id == ally.id)))


def decide(session: Session, ref: str, by: Person, standing: EchoStanding) -> AllyEcho:
    """Confirm, reject or leave open again what an ally told; raise EchoMissingError."""
    echo = find(session, ref)
    echo.standing = standing
    open_ = standing is EchoStanding.DECLARED
    echo.decided_by_id, echo.decided_at = (None, None) if open_ else (by.id, now())
    session.flush()
    audit.record(session, by.ref, f"ally.replication_{standing.value}", "ally_echo", ref)
    return echo


def find(session: Session, ref: str) -> AllyEcho:
    """Return the replication of that reference with its ally; raise EchoMissingError."""
    echo = session.scalars(
        select(AllyEcho).where(AllyEcho.ref == ref).options(joinedload(AllyEcho.ally))
    ).one_or_none()
    if echo is None:
        raise EchoMissingError(ref=ref)
    return echo


def of_ally(session: Session, ally: Ally, limit: int = 100) -> Sequence[AllyEcho]:
    """Return what an ally told, with the posts, the newest first."""
    return session.scalars(
        select(AllyEcho)
        .where(AllyEcho.ally_id == ally.id)
        .options(joinedload(AllyEcho.post))
        .order_by(AllyEcho.occurred_at.desc(), AllyEcho.id.desc())
        .limit(limit)
    ).all()


def of_post(session: Session, post_id: int, within: Collection[str] | None = None) -> Sequence[AllyEcho]:
    """Return what allies did with a post and nobody rejected, the newest first; of the states ``within``."""
    query = (
        select(AllyEcho)
        .join(AllyEcho.ally)
        .where(AllyEcho.post_id == post_id, AllyEcho.standing != EchoStanding.REJECTED)
        .options(joinedload(AllyEcho.ally))
        .order_by(AllyEcho.occurred_at.desc(), AllyEcho.id.desc())
        .limit(200)
    )
    if within is not None:
        query = query.where(Ally.state_iso.in_(within))
    return session.scalars(query).all()


def waiting(session: Session, within: Collection[str] | None = None, limit: int = 30) -> Sequence[AllyEcho]:
    """Return what nobody has looked at yet, the oldest first."""
    query = (
        select(AllyEcho)
        .join(AllyEcho.ally)
        .where(AllyEcho.standing == EchoStanding.DECLARED, Ally.erased_at.is_(None))
        .options(joinedload(AllyEcho.ally), joinedload(AllyEcho.post))
        .order_by(AllyEcho.id)
        .limit(limit)
    )
    if within is not None:
        query = query.where(Ally.state_iso.in_(within))
    return session.scalars(query).all()


def is_of_week(session: Session, week: AllyWeek, post_id: int) -> bool:
    """Return whether a post is of a week's pack."""
    query = select(AllyWeekPost.id).where(AllyWeekPost.week_id == week.id, AllyWeekPost.post_id == post_id)
    return session.scalar(query) is not None


def contribute(session: Session, ally: Ally, said: str, link: str = "") -> bool:
    """Keep what an ally offers us to spread; return whether it is new. Raises InvalidError with its field."""
    said = said.replace("\r\n", "\n").strip()
    if not said:
        raise ContributionMissingError(field="said")
    if len(said) > LONGEST_SAID:
        raise ContributionTooLongError(field="said", limit=LONGEST_SAID)
    key = hashlib.sha256(f"{fold(said)}\n{link}".encode()).hexdigest()
    mine = select(AllyContribution.said_key).where(AllyContribution.ally_id == ally.id)
    known = set(session.scalars(mine))
    if len(known) >= MOST_OF_ONE:
        raise EchoTooManyError
    if key in known:
        return False
    row = {"ally_id": ally.id, "said": said, "link": link[:LONGEST_LINK], "said_key": key, "given_at": now()}
    insert_absent(session, AllyContribution, [row])
    audit.record(session, "", "ally.contributed", "ally", ally.ref)
    return True


def contributions(session: Session, ally: Ally) -> Sequence[AllyContribution]:
    """Return what an ally offered, the newest first."""
    return session.scalars(
        select(AllyContribution)
        .where(AllyContribution.ally_id == ally.id)
        .order_by(AllyContribution.id.desc())
        .limit(50)
    ).all()
