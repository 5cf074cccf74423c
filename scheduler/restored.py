"""What begins when a database turns out to be an older one that was put back: doubts, and ends."""

from datetime import datetime

from sqlalchemy.orm import Session

from assets import machine_keys, sharing
from content_calendar import catch_up
from content_calendar.epoch import Epoch


def begin_again(session: Session, *, renews: bool = True, of: datetime | None = None) -> Epoch:
    """Do as ``catch_up.restored`` says, and end the links and keys of the tool-box; return the epoch to keep.

    Called by whoever restores, and by the worker that notices.
    """
    epoch = catch_up.restored(session, renews=renews, of=of)
    sharing.end_all(session)
    machine_keys.end_all(session)
    return epoch
