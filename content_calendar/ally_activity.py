"""Who of the allies was active by month, who fell silent, and the figures for a report, without anybody's name."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from content_calendar.clock import now
from content_calendar.models.allies import (
    Ally,
    AllyConsent,
    AllyContribution,
    AllyEcho,
    AllyLetter,
    ConsentAct,
    ConsentStanding,
    EchoStanding,
    LetterKind,
    LetterStage,
    Medium,
)

# Whoever did nothing in so many months is asked whether they are still there.
SILENT_MONTHS = 3
MONTHS_SHOWN = 6


class Deed(StrEnum):
    """What an ally did in a month."""

    RECEIVED = "received"
    REPLICATED = "replicated"
    CONTRIBUTED = "contributed"


Month = tuple[int, int]
Deeds = Mapping[int, Mapping[Month, frozenset[Deed]]]


@dataclass(frozen=True)
class Silent:
    """An ally who did nothing for a while: since when, as a month, and whether they were asked already."""

    ally: Ally
    since: str
    asked: bool


@dataclass(frozen=True)
class Figures:
    """The network in numbers between two days, both in it. Nobody's name, address or link is among them."""

    allies: int
    agreed: int
    joined: int
    left: int
    packs_sent: int
    received: int
    replicated: int
    contributed: int
    active: int
    online: int
    offline: int
    # The sum of what allies told; None when nobody told any.
    reach: int | None


def month_of(moment: datetime, zone: ZoneInfo) -> Month:
    """Return the month of a moment by the commission's clock."""
    there = moment.astimezone(zone)
    return there.year, there.month


def months_back(day: date, count: int) -> list[Month]:
    """Return the last ``count`` months up to that of the day, the oldest first."""
    last = day.year * 12 + day.month - 1
    return [(one // 12, one % 12 + 1) for one in range(last - count + 1, last + 1)]


def first_of(month: Month, zone: ZoneInfo) -> datetime:
    """Return the moment at which a month begins."""
    return datetime.combine(date(*month, 1), time(), zone)


def _events(session: Session, begin: datetime, end: datetime) -> Iterator[tuple[int, Deed, datetime]]:
    """Yield what allies did between two moments, in three queries."""
    letters = session.execute(
        select(AllyLetter.ally_id, AllyLetter.received_at, AllyLetter.pulled_at).where(
            or_(AllyLetter.received_at >= begin, AllyLetter.pulled_at >= begin)
        )
    )
    for ally_id, *moments in letters:
        for at in moments:
            if at is not None and begin <= at < end:
                yield ally_id, Deed.RECEIVED, at
    echoes = session.execute(
        select(AllyEcho.ally_id, AllyEcho.occurred_at).where(
            AllyEcho.occurred_at >= begin,
            AllyEcho.occurred_at < end,
            AllyEcho.standing != EchoStanding.REJECTED,
        )
    )
    for ally_id, at in echoes:
        yield ally_id, Deed.REPLICATED, at
    given = session.execute(
        select(AllyContribution.ally_id, AllyContribution.given_at).where(
            AllyContribution.given_at >= begin, AllyContribution.given_at < end
        )
    )
    for ally_id, at in given:
        yield ally_id, Deed.CONTRIBUTED, at


def by_month(session: Session, months: Sequence[Month], zone: ZoneInfo) -> Deeds:
    """Return what each ally did in each of these months, by the ally's id; three queries."""
    begin = first_of(months[0], zone)
    year, month = months[-1]
    end = first_of((year + month // 12, month % 12 + 1), zone)
    found: dict[int, dict[Month, set[Deed]]] = defaultdict(lambda: defaultdict(set))
    for ally_id, deed, at in _events(session, begin, end):
        found[ally_id][month_of(at, zone)].add(deed)
    return {
        ally_id: {one: frozenset(deeds) for one, deeds in some.items()} for ally_id, some in found.items()
    }


def silent(session: Session, zone: ZoneInfo, within: Collection[str] | None = None) -> list[Silent]:
    """Return who agreed, was sent a pack and did nothing for SILENT_MONTHS; those of the states ``within``.

    Who agreed less than that ago had no time to.
    """
    today = now().astimezone(zone).date()
    since = first_of(months_back(today, SILENT_MONTHS + 1)[0], zone).replace(day=min(today.day, 28))
    active = {ally_id for ally_id, _deed, _at in _events(session, since, now() + timedelta(days=1))}
    sent = select(AllyLetter.ally_id).where(
        AllyLetter.kind == LetterKind.PACK, AllyLetter.stage == LetterStage.SENT, AllyLetter.sent_at >= since
    )
    query = (
        select(Ally)
        .where(Ally.consent == ConsentStanding.GIVEN, Ally.consent_at <= since, Ally.erased_at.is_(None))
        .where(Ally.id.in_(sent))
        .order_by(func.lower(Ally.name), Ally.id)
    )
    if within is not None:
        query = query.where(Ally.state_iso.in_(within))
    quiet = [one for one in session.scalars(query) if one.id not in active]
    last = _last_deeds(session, [one.id for one in quiet])
    asked = set(
        session.execute(
            select(AllyLetter.ally_id, AllyLetter.occasion).where(
                AllyLetter.kind == LetterKind.STILL_THERE, AllyLetter.ally_id.in_([one.id for one in quiet])
            )
        ).all()
    )
    found = []
    for one in quiet:
        at = last.get(one.id) or one.consent_at or since
        month = "{}-{:02}".format(*month_of(at, zone))
        found.append(Silent(one, month, (one.id, month) in asked))
    return found


def _last_deeds(session: Session, ids: Sequence[int]) -> Mapping[int, datetime]:
    found: dict[int, datetime] = {}
    queries = (
        select(AllyLetter.ally_id, func.max(AllyLetter.received_at)).where(AllyLetter.ally_id.in_(ids)),
        select(AllyLetter.ally_id, func.max(AllyLetter.pulled_at)).where(AllyLetter.ally_id.in_(ids)),
        select(AllyEcho.ally_id, func.max(AllyEcho.occurred_at)).where(
            AllyEcho.ally_id.in_(ids), AllyEcho.standing != EchoStanding.REJECTED
        ),
        select(AllyContribution.ally_id, func.max(AllyContribution.given_at)).where(
            AllyContribution.ally_id.in_(ids)
        ),
    )
    for query in queries:
        column = query.selected_columns[0]
        for ally_id, at in session.execute(query.group_by(column)):
            if at is not None and (ally_id not in found or at > found[ally_id]):
                found[ally_id] = at
    return found


def figures(session: Session, first: date, last: date, zone: ZoneInfo) -> Figures:
    """Return the network in numbers between two days, both in it, by the commission's clock."""
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    did: dict[Deed, set[int]] = defaultdict(set)
    for ally_id, deed, _at in _events(session, begin, end):
        did[deed].add(ally_id)
    steps: dict[ConsentAct, int] = dict(
        session.execute(
            select(AllyConsent.act, func.count(AllyConsent.ally_id.distinct()))
            .where(AllyConsent.noted_at >= begin, AllyConsent.noted_at < end)
            .group_by(AllyConsent.act)
        ).all()
    )
    packs = session.scalar(
        select(func.count()).where(
            AllyLetter.kind == LetterKind.PACK, AllyLetter.sent_at >= begin, AllyLetter.sent_at < end
        )
    )
    media = session.execute(
        select(AllyEcho.medium, func.count(), func.sum(AllyEcho.reach))
        .where(AllyEcho.occurred_at >= begin, AllyEcho.occurred_at < end)
        .where(AllyEcho.standing != EchoStanding.REJECTED)
        .group_by(AllyEcho.medium)
    ).all()
    reached = [int(reach) for _medium, _count, reach in media if reach is not None]
    everybody, agreed = session.execute(
        select(func.count(), func.count().filter(Ally.consent == ConsentStanding.GIVEN)).where(
            Ally.erased_at.is_(None), Ally.registered_at < end
        )
    ).one()
    return Figures(
        allies=everybody,
        agreed=agreed,
        joined=steps.get(ConsentAct.GIVEN, 0),
        left=steps.get(ConsentAct.WITHDRAWN, 0) + steps.get(ConsentAct.ERASED, 0),
        packs_sent=packs or 0,
        received=len(did[Deed.RECEIVED]),
        replicated=len(did[Deed.REPLICATED]),
        contributed=len(did[Deed.CONTRIBUTED]),
        active=len(set().union(*did.values())),
        online=sum(count for medium, count, _reach in media if medium is Medium.ONLINE),
        offline=sum(count for medium, count, _reach in media if medium is not Medium.ONLINE),
        reach=sum(reached) if reached else None,
    )
