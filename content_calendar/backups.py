"""Backups as the plan knows them: when one is due, what became of each, and who can open them.

What is in one and how it is sealed is ``webapp/backups``. The server holds only the public half of the recovery key:
whoever takes the server and its backups opens neither the older backups nor what they hold.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from content_calendar import audit, jobs
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.backups import BackupKey, BackupRun, RunStage
from content_calendar.models.jobs import Installation, Job, JobStage
from content_calendar.models.people import AuditEvent
from content_calendar.sending import Said

JOB = "backup"
# Without a good one for so long, somebody is told.
PATIENCE = timedelta(days=2)
_AGAIN = timedelta(hours=1)
_BAD_COPIES = "copies_bad"
_BAD_TOLD_FOR = timedelta(days=7)
_SHOWN = 40


class NoRecoveryKeyError(InvalidError):
    """Nothing can be sealed yet: nobody made the recovery key."""

    code = "recovery_key_missing"


class NoBackupBucketError(InvalidError):
    """No bucket is set for the backups."""

    code = "backup_bucket_missing"


class OtherRecoveryKeyError(InvalidError):
    """What was shown is a recovery key, and not the one that seals the backups."""

    code = "recovery_key_other"


@dataclass(frozen=True)
class Keeping:
    """How many backups stay: the last of each of so many days, weeks (Monday to Sunday) and months that have one."""

    days: int
    weeks: int
    months: int


def kept(moments: Iterable[datetime], keeping: Keeping, zone: str) -> set[datetime]:
    """Return those of the moments whose backups stay; days are the commission's."""
    newest = sorted(moments, reverse=True)
    local = ZoneInfo(zone)
    staying: set[datetime] = set()
    for most, span in (
        (keeping.days, lambda on: on),
        (keeping.weeks, lambda on: on.isocalendar()[:2]),
        (keeping.months, lambda on: (on.year, on.month)),
    ):
        seen: dict[object, datetime] = {}
        for at in newest:
            on: date = at.astimezone(local).date()
            seen.setdefault(span(on), at)
        staying.update(list(seen.values())[:most])
    return staying


def last_hour(at: datetime, hour: int, zone: str) -> datetime:
    """Return when it last was that hour of the commission's day."""
    local = ZoneInfo(zone)
    today = at.astimezone(local).date()
    moment = datetime.combine(today, time(hour), local)
    return moment if moment <= at else datetime.combine(today - timedelta(days=1), time(hour), local)


def next_hour(at: datetime, hour: int, zone: str) -> datetime:
    """Return when it is that hour of the commission's day again."""
    last = last_hour(at, hour, zone)
    return datetime.combine(last.date() + timedelta(days=1), time(hour), ZoneInfo(zone))


def is_wanted(session: Session, hour: int, zone: str) -> bool:
    """Tell whether the clock asks for a backup: none is good since the hour, and none failed within the last one."""
    if current_key(session) is None or under_way(session) is not None:
        return False
    since = last_hour(now(), hour, zone)
    last = last_done(session)
    if last is not None and last.started_at >= since:
        return False
    failed = session.scalar(select(func.max(BackupRun.ended_at)).where(BackupRun.stage == RunStage.FAILED))
    return failed is None or failed < now() - _AGAIN


def ask(session: Session, by_ref: str = "") -> Job:
    """Ask for a backup; one that waits or is being made is that one. Raise NoRecoveryKeyError."""
    if current_key(session) is None:
        raise NoRecoveryKeyError
    job = jobs.ask(session, JOB, JOB, {"by": by_ref})
    if job.stage is JobStage.FAILED:
        job.payload = {"by": by_ref}
        jobs.again(session, job)
    if by_ref:
        audit.record(session, by_ref, "backup_asked", "installation", "")
    return job


def under_way(session: Session) -> Job | None:
    """Return the backup that waits or is being made."""
    return session.scalars(select(Job).where(Job.kind == JOB, Job.stage.in_(jobs.UNDER_WAY))).first()


def begin(session: Session, by_ref: str) -> BackupRun:
    """Write down that one is being made; one that was left half done was interrupted."""
    session.execute(
        update(BackupRun)
        .where(BackupRun.stage == RunStage.RUNNING)
        .values(stage=RunStage.FAILED, ended_at=now(), said_code="backup_interrupted")
    )
    run = BackupRun(asked_by_ref=by_ref)
    session.add(run)
    session.flush()
    return run


def fail(session: Session, run_id: int, said: Said) -> None:
    """Write down why it came to nothing."""
    run = session.get_one(BackupRun, run_id)
    run.stage, run.ended_at = RunStage.FAILED, now()
    run.said_code, run.said_params = said.code, dict(said.params)
    session.flush()


def note_unsent(session: Session, run_id: int, said: Said) -> None:
    """Write down why a good backup has no copy in the bucket; it stays good."""
    run = session.get_one(BackupRun, run_id)
    run.said_code, run.said_params = said.code, dict(said.params)
    session.flush()


def unsent_since(session: Session) -> BackupRun | None:
    """Return the first of the newest good backups that did not reach the bucket, None when the newest did."""
    done = select(BackupRun).where(BackupRun.stage == RunStage.DONE)
    sent = session.scalar(
        select(func.max(BackupRun.id)).where(BackupRun.stage == RunStage.DONE, BackupRun.said_code == "")
    )
    return session.scalars(done.where(BackupRun.id > (sent or 0)).order_by(BackupRun.id).limit(1)).first()


def runs(session: Session) -> Sequence[BackupRun]:
    """Return the last few dozen, the newest first."""
    return session.scalars(select(BackupRun).order_by(BackupRun.id.desc()).limit(_SHOWN)).all()


def last_done(session: Session) -> BackupRun | None:
    """Return the newest that is whole and was checked."""
    return session.scalars(
        select(BackupRun).where(BackupRun.stage == RunStage.DONE).order_by(BackupRun.id.desc()).limit(1)
    ).first()


def last_ended(session: Session) -> BackupRun | None:
    """Return the newest that is not being made any more."""
    return session.scalars(
        select(BackupRun).where(BackupRun.stage != RunStage.RUNNING).order_by(BackupRun.id.desc()).limit(1)
    ).first()


def missing_since(session: Session) -> datetime | None:
    """Return since when there is no good backup, when that is too long; a demonstration needs none."""
    installed = session.execute(select(Installation.created_at, Installation.demo)).first()
    if installed is None or installed.demo:
        return None
    last = last_done(session)
    since: datetime = installed.created_at if last is None else last.started_at
    return since if since < now() - PATIENCE else None


def current_key(session: Session) -> BackupKey | None:
    """Return the key that seals, None when there is none yet."""
    return session.scalars(
        select(BackupKey).where(BackupKey.retired_at.is_(None)).order_by(BackupKey.id.desc()).limit(1)
    ).first()


def adopt_key(session: Session, recipient: str, by_ref: str) -> BackupKey:
    """Seal by this key from now on; what an older one sealed still opens with that one."""
    session.execute(update(BackupKey).where(BackupKey.retired_at.is_(None)).values(retired_at=now()))
    key = BackupKey(recipient=recipient, made_by_ref=by_ref)
    session.add(key)
    session.flush()
    audit.record(session, by_ref, "recovery_key_made", "installation", "", recipient=recipient)
    return key


def note_shown(session: Session, recipient: str, by_ref: str) -> None:
    """Write down that somebody has the other half; raise OtherRecoveryKeyError or NoRecoveryKeyError."""
    key = current_key(session)
    if key is None:
        raise NoRecoveryKeyError
    if key.recipient != recipient:
        raise OtherRecoveryKeyError(field="key")
    key.shown_at = now()
    audit.record(session, by_ref, "recovery_key_shown", "installation", "", recipient=recipient)


def note_bad_copies(session: Session, *, remade: int, lost: int) -> None:
    """Write down that copies of materials were not what they had been: how many were made anew, and how many not."""
    audit.record(session, "", _BAD_COPIES, "installation", "", remade=remade, lost=lost)


def bad_copies(session: Session) -> AuditEvent | None:
    """Return when copies were last found bad, if that is told still."""
    last = session.scalars(
        select(AuditEvent).where(AuditEvent.act == _BAD_COPIES).order_by(AuditEvent.id.desc()).limit(1)
    ).first()
    return last if last is not None and last.at > now() - _BAD_TOLD_FOR else None


def forget_names(session: Session, names: Collection[str]) -> None:
    """Write down that the files of those names are no more."""
    if names:
        session.execute(update(BackupRun).where(BackupRun.name.in_(names)).values(name=""))
