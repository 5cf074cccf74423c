"""The service's side: workers, what is late, what opens the accounts, what is read of others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from content_calendar import backups, notice_mail
from content_calendar.clock import now
from content_calendar.models.backups import RunStage
from content_calendar.models.directory import Credential
from content_calendar.models.jobs import Installation
from content_calendar.models.publications import Publication
from content_calendar.settings import Settings
from content_calendar.states import PublicationState
from content_calendar.wall_time import zone_named
from scheduler import audit_watch, heartbeat
from scheduler.models import Feed, FeedStage
from scheduler.renewing import SPENT
from webapp.backups import places
from webapp.examining.findings import Area, Finding, Level

_SOON = timedelta(days=7)
_P = Publication


@dataclass(frozen=True, slots=True)
class Counts:
    """How the service is, in numbers. ``spent`` and ``ending`` are connected accounts."""

    workers: int
    overdue: int
    held: int
    connected: int
    spent: int
    ending: int
    feeds: int
    feeds_failing: int


def overdue(session: Session) -> int:
    """Return how many publications have passed the hour until which they may go out, and nobody has looked."""
    return _count(session, _P.state == PublicationState.SCHEDULED, _P.late_after < now())


def _count(session: Session, *which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(_P).where(*which)) or 0


def counts(session: Session) -> Counts:
    """Return the numbers; the queries do not grow with the calendar."""
    spent = Credential.said_code.in_(SPENT) | (Credential.expires_at < now())
    ending = and_(~spent, or_(Credential.expires_at < now() + _SOON), Credential.said_code != "")
    connected, gone, soon = session.execute(
        select(func.count(), func.count().filter(spent), func.count().filter(ending)).select_from(Credential)
    ).one()
    feeds, failing = session.execute(
        select(func.count(), func.count().filter(Feed.failures > 0)).where(Feed.stage == FeedStage.ACTIVE)
    ).one()
    return Counts(
        len(heartbeat.alive(session)),
        overdue(session),
        _count(session, _P.state == PublicationState.HELD),
        connected,
        gone,
        soon,
        feeds,
        failing,
    )


def of_backups(session: Session, settings: Settings) -> Iterator[Finding]:
    """Yield whether there is a good backup, somewhere else, and somebody who can open it."""
    area, key, last = Area.STORAGE, backups.current_key(session), backups.last_ended(session)
    if key is None:
        yield Finding(area, Level.WARNING, "backups_unkeyed")
        return
    since, good = backups.missing_since(session), backups.last_done(session)
    if since is not None:
        yield Finding(area, Level.ERROR, "backups_missing", {"at": _day(since, settings)})
    elif last is not None and last.stage is RunStage.FAILED:
        yield Finding(area, Level.ERROR, "backups_failing")
    elif good is None:
        yield Finding(area, Level.INFO, "backups_first")
    else:
        yield Finding(area, Level.OK, "backups_good", {"at": _day(good.started_at, settings)})
    if good is not None and good.said_code:
        yield Finding(area, Level.WARNING, "backups_unsent")
    if key.shown_at is None:
        yield Finding(area, Level.WARNING, "backup_key_unseen")
    if why := places.unwritable(settings):
        told = {"folder": str(settings.backups.absolute()), "why": why}
        yield Finding(area, Level.ERROR, "backups_unwritable", told)
    if not settings.backup_storage and places.same_disk(settings):
        yield Finding(area, Level.WARNING, "backups_beside", {"folder": str(settings.backups.absolute())})


def of_audit(session: Session) -> Iterator[Finding]:
    """Yield whether the last daily look found the audit's chain whole."""
    looked = audit_watch.last_look(session)
    if looked is not None:
        broken = Finding(Area.WORK, Level.ERROR, "audit_not_whole")
        yield (
            broken if looked.codes else Finding(Area.WORK, Level.OK, "audit_whole", {"count": looked.sealed})
        )


def _day(at: datetime, settings: Settings) -> str:
    return f"{at.astimezone(zone_named(settings.zone)):%Y-%m-%d %H:%M}"


def of_service(session: Session) -> Iterator[Finding]:
    """Yield what waits for somebody."""
    found, area = counts(session), Area.WORK
    yield (
        Finding(area, Level.OK, "worker_alive", {"count": found.workers})
        if found.workers
        else Finding(area, Level.ERROR, "worker_absent")
    )
    installation = session.scalars(select(Installation)).first()
    if installation is not None and installation.catch_up_since is not None:
        yield Finding(area, Level.WARNING, "catching_up")
    yield (
        Finding(area, Level.ERROR, "work_overdue", {"count": found.overdue})
        if found.overdue
        else Finding(area, Level.OK, "work_on_time")
    )
    if found.held:
        yield Finding(area, Level.INFO, "work_held", {"count": found.held})
    if notice_mail.trouble(session) is not None:
        yield Finding(Area.MAIL, Level.ERROR, "mail_waits")
    yield from _of_accounts(found)
    if found.feeds_failing:
        told = {"count": found.feeds_failing, "of": found.feeds}
        yield Finding(Area.FEEDS, Level.WARNING, "feeds_failing", told)
    else:
        yield Finding(Area.FEEDS, Level.OK, "feeds_well", {"count": found.feeds})


def _of_accounts(found: Counts) -> Iterator[Finding]:
    if found.spent:
        yield Finding(Area.ACCOUNTS, Level.ERROR, "accounts_spent", {"count": found.spent})
    if found.ending:
        yield Finding(Area.ACCOUNTS, Level.WARNING, "accounts_ending", {"count": found.ending})
    if not found.connected:
        yield Finding(Area.ACCOUNTS, Level.INFO, "accounts_none")
    elif not found.spent and not found.ending:
        yield Finding(Area.ACCOUNTS, Level.OK, "accounts_open", {"count": found.connected})
