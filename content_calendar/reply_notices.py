"""Who is told that replies wait: those who write posts, once a day at most, and only of what waits for a day."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import notices, replies
from content_calendar.audience import Audience, holders
from content_calendar.clock import now
from content_calendar.models.notices import Notice
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission

PATIENCE = timedelta(days=1)
# One notice of all replies: this is its subject's reference.
_ALL = "all"


def remind(session: Session, today: date) -> bool:
    """Tell that replies wait, unless that was told ``today``; close what was told once none waits so long.

    Returns whether it was told now.
    """
    found = replies.waiting(session).values()
    since = min((one.since for one in found), default=None)
    if since is None or since > now() - PATIENCE:
        notices.over(session, Subject.REPLIES, [_ALL])
        return False
    key = f"replies:{today.isoformat()}"
    if session.scalars(select(Notice.id).where(Notice.happening == key).limit(1)).first() is not None:
        return False
    # Yesterday's says an older count.
    notices.over(session, Subject.REPLIES, [_ALL])
    told = holders(notices.people_to_tell(session, now().date()), Permission.WRITE_POSTS)
    params = {"count": sum(one.count for one in found), "since": since.isoformat(timespec="seconds")}
    happening = Happening(key, Code.REPLIES_WAITING.value, Subject.REPLIES, _ALL, params)
    notices.tell(session, [(happening, Audience(told, told))])
    return bool(told)
