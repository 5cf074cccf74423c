"""The audit's chain, looked over once a day: what was changed behind our back is told the same day.

The last seal is also kept in a file beside the data. A chain that was cut, or written anew from its first link, holds
by itself; it does not hold against what the file remembers.
"""

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit, audit_chain, clock
from content_calendar.audit_chain import Checked
from content_calendar.db import Database
from content_calendar.epoch import Epoch
from content_calendar.models.jobs import Installation
from content_calendar.models.people import AuditEvent

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
LOOKED = "audit_looked_over"
_FILE = "audit-seal"


@dataclass(frozen=True)
class Looked:
    """The last look: when, at how many seals, the codes of what did not hold, and the number of the first."""

    at: datetime
    sealed: int
    codes: Sequence[str]
    first: int


def look_daily(database: Database, data: Path) -> Checked | None:
    """Look unless somebody did within a day; return what was found, None when it was not time."""
    with database.reading() as session:
        seen = last_look(session)
    return None if seen is not None and clock.now() - seen.at < EVERY else look_and_note(database, data)


def look_and_note(database: Database, data: Path) -> Checked:
    """Look now, write down in the audit what was found, and remember the last seal where it held."""
    kept = SealFile(data)
    # Two transactions: the first may take long, and the second keeps others from writing.
    with database.reading() as session:
        origin = _origin(session)
        told = audit_chain.check(session, known=kept.read(origin))
    with database.transaction() as session:
        audit.record(
            session, "", LOOKED, "installation", "",
            sealed=told.sealed, head=told.head, codes=sorted({fault.code for fault in told.faults}),
            first=told.faults[0].n if told.faults else 0,
        )  # fmt: skip
    if told.faults:
        logger.error("the audit's chain does not hold: %s", told.faults)
    elif told.sealed:
        kept.keep(origin, told.sealed, told.head)
    return told


def last_look(session: Session) -> Looked | None:
    """Return what the last look found, None when there was none."""
    row = session.scalars(
        select(AuditEvent).where(AuditEvent.act == LOOKED).order_by(AuditEvent.id.desc()).limit(1)
    ).first()
    if row is None:
        return None
    told = row.details
    return Looked(row.at, told["sealed"], told["codes"], told["first"])


def _origin(session: Session) -> str:
    """Return what a restore changes: a database that was put back may well end before the seal that was kept."""
    known = session.scalar(select(Installation.epoch))
    return Epoch.read(known).origin if known else ""


class SealFile:
    """The last seal that held, outside the database, with the origin of the database that it is of."""

    def __init__(self, data: Path) -> None:
        self.path = data / _FILE

    def read(self, origin: str) -> tuple[int, str] | None:
        """Return the number and the hash, None when nothing was kept of this database."""
        with suppress(OSError, ValueError):
            of, n, head = self.path.read_text(encoding="ascii").split()
            return (int(n), head) if of == (origin or "-") else None
        return None

    def keep(self, origin: str, n: int, head: str) -> None:
        """Keep it in place of the one before; a power cut leaves one of both."""
        draft = self.path.with_name(f"{_FILE}.{os.getpid()}.draft")
        with draft.open("w", encoding="ascii") as out:
            out.write(f"{origin or '-'} {n} {head}\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.path)
