"""Who is late with a week's barrido is told once, among their notices and not by mail."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from content_calendar import notices
from content_calendar.audience import Audience, Somebody, holders
from content_calendar.clock import now
from content_calendar.models.notices import Notice
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Role, Scope
from scheduler.replication import barrido_board
from scheduler.replication.barrido import week_of
from scheduler.replication.barrido_board import BodyRow

# A week that ended on Sunday may be looked at all Monday; on Tuesday morning who has not is told.
_LATE = timedelta(days=8)
_HOUR = time(9)
_WEEK = timedelta(days=7)
_NAMED = 5


def subject_of(week: date, region_id: int | None) -> str:
    """Return what a reminder is about: a week of a region, 0 for the bodies that have none."""
    return f"{week.isoformat()}-{region_id or 0}"


def remind(session: Session, zone: str) -> int:
    """Tell, once for each week, the regions that have bodies left to look at; return how many were told."""
    local = now().astimezone(ZoneInfo(zone))
    week = week_of(local.date()) - _WEEK
    if local < datetime.combine(week + _LATE, _HOUR, ZoneInfo(zone)):
        return 0
    begun = Notice.happening.startswith(f"barrido:{week.isoformat()}:", autoescape=True)
    if session.scalar(select(exists().where(begun, Notice.subject_kind == Subject.BARRIDO.value))):
        return 0
    left = _left(session, week, zone, local.date())
    people = notices.people_to_tell(session, local.date()) if left else []
    told = []
    for region_id, rows in left.items():
        happening = Happening(
            f"barrido:{week.isoformat()}:{region_id}",
            Code.BARRIDO_LATE.value,
            Subject.BARRIDO,
            subject_of(week, region_id),
            {
                "count": len(rows),
                "bodies": ", ".join(one.body.short_name for one in rows[:_NAMED]),
                "week": week.isoformat(),
            },
        )
        told.append((happening, Audience(_responsible(people, rows))))
    notices.tell(session, told)
    return len(told)


def settle(session: Session, week: date, rows: Sequence[BodyRow], by_id: int) -> None:
    """Close the reminders of a week for the regions of these bodies that have nothing left to look at."""
    late = {one.body.region_id or 0 for one in rows if one.left}
    through = {one.body.region_id or 0 for one in rows} - late
    notices.over(session, Subject.BARRIDO, [subject_of(week, one) for one in through], by_id)


def _left(session: Session, week: date, zone: str, today: date) -> dict[int, list[BodyRow]]:
    found = barrido_board.board(session, week, zone, barrido_board.bodies_of(session, today), today)
    groups: dict[int, list[BodyRow]] = {}
    for row in found.looked:
        if row.left:
            groups.setdefault(row.body.region_id or 0, []).append(row)
    return groups


def _responsible(people: Collection[Somebody], rows: Sequence[BodyRow]) -> frozenset[int]:
    """Return who coordinates the region of these bodies; where nobody does, those who keep the whole."""
    body = rows[0].body
    may = holders(people, Permission.DECIDE_REPLICATIONS, Scope(body.id, body.region_id))
    regional = {one.id for one in people if Role.REGIONAL in one.rights.roles() and one.id in may}
    return frozenset(regional) if regional and body.region_id is not None else may
