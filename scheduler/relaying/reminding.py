"""In the afternoon: when nothing of the wire went out today nor is about to, its people are told once.

What was told is closed as soon as something goes out or has its hour, and at the day's end whatever came.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from content_calendar import clock, notices
from content_calendar.audience import Audience, holders
from content_calendar.models.notices import Notice
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission
from content_calendar.wall_time import wall_time
from content_calendar.workdays import rest_days
from scheduler.relaying import candidates, days
from scheduler.relaying.streak import is_off

_TITLE = 90


def remind(session: Session, zone: str, hour: int) -> bool:
    """Tell whoever writes posts that today is still open, from ``hour`` on by the clock of ``zone``, once a day.

    On days off nobody is told. Return whether today is open and was told, now or before.
    """
    local = wall_time(clock.now(), zone)
    today = local.date()
    _close_others(session, today)
    if local.hour < hour or not _is_open(session, local, zone):
        notices.over(session, Subject.WIRE, [today.isoformat()])
        return False
    known = select(Notice.id).where(
        Notice.subject_kind == Subject.WIRE.value, Notice.subject_ref == today.isoformat()
    )
    if session.execute(known.limit(1)).first() is None:
        people = notices.people_to_tell(session, today)
        writers = holders(people, Permission.WRITE_POSTS)
        notices.tell(session, [(_happening(session, today, zone), Audience(writers, writers))])
    return True


def _is_open(session: Session, local: datetime, zone: str) -> bool:
    today = local.date()
    since = days.promised_since(session, zone)
    if since is None or is_off(today, rest_days(session, today, today)):
        return False
    return not days.days_kept(session, today, today, zone) and not days.coming_on(session, today, zone)


def _happening(session: Session, today: date, zone: str) -> Happening:
    candidate = candidates.turns(session, zone).candidate
    said = {"name": candidate.owner.short_name, "title": candidate.entry.title[:_TITLE]} if candidate else {}
    code = Code.WIRE_OPEN if candidate else Code.WIRE_OPEN_NOBODY
    return Happening(f"wire:{today.isoformat()}", code.value, Subject.WIRE, today.isoformat(), said)


def _close_others(session: Session, today: date) -> None:
    """Close what was told on days before: nobody can mend them."""
    session.execute(
        update(Notice)
        .where(
            Notice.subject_kind == Subject.WIRE.value,
            Notice.over_at.is_(None),
            Notice.created_at > clock.now() - timedelta(days=60),
            Notice.subject_ref != today.isoformat(),
        )
        .values(over_at=clock.now(), mail_at=None)
        .execution_options(synchronize_session=False)
    )
