"""Erasing personal data whose time is over, by the rules of ``content_calendar/retention.py``, each day.

What was done stays, under references that tell nothing. The backups forget it as they end: the last of them after as
many months as are kept.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from content_calendar import ally_consents, audit, catch_up, clock, people
from content_calendar.db import Database
from content_calendar.models.allies import Ally, AllyConsent, ConsentStanding
from content_calendar.models.dialogue import Reply, ReplyStage
from content_calendar.models.factors import DoorLetter
from content_calendar.models.local_plans import NetworkMember
from content_calendar.models.notices import Notice
from content_calendar.models.people import AuditEvent, Person, SignInAttempt, WebSession
from content_calendar.retention import Rule, rules
from content_calendar.settings import Settings
from scheduler.filling.models import Sweep, SweepAsk, SweepLink

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
RAN = "personal_data_erased"
# At a time; the database's other writers wait meanwhile.
_MOST = 200
# More than this at once, and more than this part of what is held: a clock or a setting may be wrong.
_MANY, _MUCH = 1000, 0.2


@dataclass(frozen=True)
class Eraser:
    """What a rule erases: the rows that it holds, the moment from which its days count, and the act itself."""

    key: InstrumentedAttribute[int]
    holds: ColumnElement[bool]
    since: Any
    erase: Callable[[Session, Sequence[int]], None]


@dataclass(frozen=True)
class Standing:
    """How a rule stands: how many rows wait for their end, how many are past it, and when the next one is."""

    rule: Rule
    lasts: timedelta | None
    held: int = 0
    due: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True)
class Ran:
    """The last time it was looked: when, how many of each kind were erased, and how many wait for a person."""

    at: datetime
    erased: Mapping[str, int]
    held_back: Mapping[str, int]
    looked: Collection[str]


def _deleting(key: InstrumentedAttribute[int]) -> Callable[[Session, Sequence[int]], None]:
    def act(session: Session, ids: Sequence[int]) -> None:
        session.execute(delete(key.class_).where(key.in_(ids)).execution_options(synchronize_session=False))

    return act


def _emptying(
    key: InstrumentedAttribute[int], values: Mapping[str, object]
) -> Callable[[Session, Sequence[int]], None]:
    def act(session: Session, ids: Sequence[int]) -> None:
        session.execute(
            update(key.class_)
            .where(key.in_(ids))
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    return act


def _erase_people(session: Session, ids: Sequence[int]) -> None:
    for person in session.scalars(select(Person).where(Person.id.in_(ids))):
        people.erase(session, person, "")


def _erase_replies(session: Session, ids: Sequence[int]) -> None:
    gone = {"handle": "", "said": "", "url": "", "answer_url": "", "reason": "", "deleted_at": clock.now()}
    _emptying(Reply.id, gone)(session, ids)


def _erase_asked(session: Session, ids: Sequence[int]) -> None:
    session.execute(delete(SweepLink).where(SweepLink.ask_id.in_(ids)))
    _emptying(SweepAsk.id, dict.fromkeys(("name", "email", "answer_name", "answer_post"), ""))(session, ids)


def _erase_allies(session: Session, ids: Sequence[int]) -> None:
    for ally in session.scalars(select(Ally).where(Ally.id.in_(ids))):
        # Nobody asked for it, so nothing keeps them from being invited again.
        ally_consents.erase(session, ally, clock.now().date())


_INVITED_AT = (
    select(func.max(AllyConsent.noted_at))
    .where(AllyConsent.ally_id == Ally.id)
    .correlate(Ally)
    .scalar_subquery()
)
_ENDED_AT = select(Sweep.ended_at).where(Sweep.id == SweepAsk.sweep_id).correlate(SweepAsk).scalar_subquery()
ERASERS: Mapping[str, Eraser] = {
    "people_left": Eraser(
        Person.id,
        and_(Person.left_at.is_not(None), Person.name != people.ERASED),
        Person.left_at,
        _erase_people,
    ),
    "sessions": Eraser(
        WebSession.id,
        WebSession.id.is_not(None),
        func.coalesce(WebSession.ended_at, WebSession.last_seen_at),
        _deleting(WebSession.id),
    ),
    "tries": Eraser(
        SignInAttempt.id, SignInAttempt.id.is_not(None), SignInAttempt.at, _deleting(SignInAttempt.id)
    ),
    "door_letters": Eraser(
        DoorLetter.id, DoorLetter.id.is_not(None), DoorLetter.asked_at, _deleting(DoorLetter.id)
    ),
    "notices": Eraser(
        Notice.id,
        # Read is not over: a matter that lasts would be told and mailed again.
        Notice.over_at.is_not(None),
        Notice.over_at,
        _deleting(Notice.id),
    ),
    "replies": Eraser(
        Reply.id,
        and_(Reply.deleted_at.is_(None), Reply.stage != ReplyStage.UNANSWERED),
        Reply.settled_at,
        _erase_replies,
    ),
    "sweep_contacts": Eraser(
        SweepAsk.id,
        and_(
            _ENDED_AT.is_not(None), or_(SweepAsk.name != "", SweepAsk.email != "", SweepAsk.answer_name != "")
        ),
        _ENDED_AT,
        _erase_asked,
    ),
    "allies_silent": Eraser(
        Ally.id,
        and_(Ally.erased_at.is_(None), Ally.consent == ConsentStanding.INVITED),
        _INVITED_AT,
        _erase_allies,
    ),
    "members_left": Eraser(
        NetworkMember.id,
        and_(NetworkMember.left_at.is_not(None), NetworkMember.name != ""),
        NetworkMember.left_at,
        _emptying(NetworkMember.id, {"name": ""}),
    ),
}


def erase_due(database: Database, settings: Settings, *, however_many: bool = False) -> dict[str, int]:
    """Erase everything whose time is over and write down how many of each kind; return that.

    A kind of which far more than usual would go waits for a person, who says ``however_many``.
    """
    erased: dict[str, int] = {}
    held_back: dict[str, int] = {}
    with database.reading() as session:
        at, ran = clock.db_now(session), last_run(session)
        stands = {one.rule.code: one for one in standing(session, settings.retention, at) if one.lasts}
    for code, stand in stands.items():
        if not however_many and ran is not None and code in ran.looked and _is_too_many(stand):
            held_back[code] = stand.due
            continue
        before = at - (stand.lasts or timedelta.max)
        while some := _erase_some(database, ERASERS[code], before):
            erased[code] = erased.get(code, 0) + some
    with database.transaction() as session:
        told = {"looked": sorted(stands), "held_back": held_back}
        audit.record(session, "", RAN, "installation", "", **erased, **told)
    if erased or held_back:
        logger.info("personal data erased: %s, waiting for a person: %s", erased, held_back)
    return erased


def _is_too_many(stand: Standing) -> bool:
    return stand.due > _MANY and stand.due > stand.held * _MUCH


def _erase_some(database: Database, eraser: Eraser, before: datetime) -> int:
    # Looked for in one transaction and erased in another: looking may take long, and keeps nobody from writing.
    with database.reading() as session:
        ids = session.scalars(_past(eraser, before).limit(_MOST)).all()
    if ids:
        with database.transaction() as session:
            # Looked at once more: a person may have come back meanwhile.
            still = session.scalars(_past(eraser, before).where(eraser.key.in_(ids))).all()
            eraser.erase(session, still)
            return len(still)
    return 0


def _past(eraser: Eraser, before: datetime) -> Any:  # noqa: ANN401 -- a select of one column
    return select(eraser.key).where(eraser.holds, eraser.since < before).order_by(eraser.key)


def erase_daily(database: Database, settings: Settings) -> dict[str, int]:
    """Erase unless it was done within a day, or the house catches up: its clock may have jumped."""
    with database.reading() as session:
        ran = last_run(session)
        waits = catch_up.is_catching_up(session)
    return (
        {} if waits or (ran is not None and clock.now() - ran.at < EVERY) else erase_due(database, settings)
    )


def last_run(session: Session) -> Ran | None:
    """Return what the last run erased, None when there was none."""
    row = session.scalars(
        select(AuditEvent).where(AuditEvent.act == RAN).order_by(AuditEvent.id.desc()).limit(1)
    ).first()
    if row is None:
        return None
    erased = {code: many for code, many in row.details.items() if isinstance(many, int)}
    return Ran(row.at, erased, row.details.get("held_back", {}), row.details.get("looked", ()))


def standing(session: Session, chosen: Mapping[str, int], at: datetime | None = None) -> list[Standing]:
    """Return how each rule stands at a moment, now; two questions a rule, however many rows there are."""
    return [_standing(session, rule, rule.lasts(chosen), at or clock.now()) for rule in rules()]


def _standing(session: Session, rule: Rule, lasts: timedelta | None, at: datetime) -> Standing:
    if lasts is None:
        return Standing(rule, None)
    eraser = ERASERS[rule.code]
    before = at - lasts
    held, first = session.execute(
        select(func.count(eraser.key), func.min(eraser.since))
        .select_from(eraser.key.class_)
        .where(eraser.holds)
    ).one()
    due = session.scalar(
        select(func.count(eraser.key))
        .select_from(eraser.key.class_)
        .where(eraser.holds, eraser.since < before)
    )
    if isinstance(first, str):
        first = datetime.fromisoformat(first)
    return Standing(rule, lasts, held, due or 0, first + lasts if first is not None else None)
