"""What an administrator is told while it lasts: no good backup, or an audit that does not hold."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from content_calendar import backups, catch_up, clock
from content_calendar.models.backups import RunStage
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission
from scheduler import audit_watch, retaining

# What an older database may have forgotten is looked through within this time.
_RESTORED_FOR = timedelta(days=30)
Standing = tuple[Happening, Permission]


def standing(session: Session) -> Iterator[Standing]:
    """Yield what needs an administrator now."""
    last = backups.last_ended(session)
    if last is not None and last.stage is RunStage.FAILED and last.ended_at is not None:
        at = last.ended_at.isoformat(timespec="seconds")
        # One telling until the next good one, however often it fails meanwhile.
        good = backups.last_done(session)
        said = {"at": at, "said_code": last.said_code, "said_params": last.said_params}
        yield _of_backups(f"backup:failed:{good.ref if good else ''}", Code.BACKUP_FAILED, said)
    unsent = backups.unsent_since(session)
    if unsent is not None:
        at = unsent.started_at.isoformat(timespec="seconds")
        said = {"at": at, "said_code": unsent.said_code, "said_params": unsent.said_params}
        yield _of_backups(f"backup:unsent:{unsent.ref}", Code.BACKUP_UNSENT, said)
    bad = backups.bad_copies(session)
    if bad is not None:
        yield _of_backups(f"backup:copies:{bad.id}", Code.BACKUP_COPIES, bad.details)
    since = backups.missing_since(session)
    if since is not None:
        moment = since.isoformat(timespec="seconds")
        yield _of_backups(f"backup:missing:{moment}", Code.BACKUP_MISSING, {"since": moment})
    ran = retaining.last_run(session)
    if ran is not None and ran.held_back:
        key = f"erasing:{','.join(sorted(ran.held_back))}"[:120]
        told = {"due": sum(ran.held_back.values())}
        held = Happening(key, Code.ERASING_HELD.value, Subject.PERSONAL_DATA, "personal_data", told)
        yield held, Permission.KEEP_BACKUPS
    restored = catch_up.last_restored(session)
    if restored is not None and restored.at > clock.now() - _RESTORED_FOR:
        key, told = f"restored:{restored.id}", {"at": restored.details.get("of", restored.at.isoformat())}
        happening = Happening(key, Code.RESTORED.value, Subject.RESTORED, "restored", told, urgent=True)
        yield happening, Permission.VIEW_SYSTEM
    looked = audit_watch.last_look(session)
    if looked is not None and looked.codes:
        key = f"audit:{looked.first}:{','.join(looked.codes)}"[:120]
        yield (
            Happening(key, Code.AUDIT_BROKEN.value, Subject.AUDIT, "audit", urgent=True),
            Permission.VIEW_SYSTEM,
        )


def _of_backups(key: str, code: Code, params: Mapping[str, object]) -> Standing:
    return Happening(key, code.value, Subject.BACKUP, "backups", params), Permission.KEEP_BACKUPS
