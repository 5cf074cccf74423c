"""Sealing: the audit's events get their links a few seconds after they were written."""

import logging

from content_calendar import audit_chain
from content_calendar.db import Database

logger = logging.getLogger(__name__)


def tick(database: Database) -> int:
    """Seal what waits, a batch in each transaction; return how many events."""
    with database.reading() as session:
        if not audit_chain.waits(session):
            return 0
    sealed, found = 0, audit_chain.BATCH
    while found == audit_chain.BATCH:
        with database.transaction() as session:
            found = audit_chain.seal(session)
        sealed += found
    return sealed
