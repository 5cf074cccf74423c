"""Formats that a pack is missing: made at once for the few of a post, beside the request for more."""

import threading

from assets.packs import Pack
from assets.renditions import Mark, Source
from assets.storage import Storage
from content_calendar.db import Database
from content_calendar.errors import ResuenaError
from webapp.session import database
from webapp.toolbox import sets
from webapp.toolbox.files import storage

# What somebody waits for, a second or two each; a post holds hardly more.
_AT_ONCE = 4
_working = threading.Lock()


def prepare(pack: Pack) -> bool:
    """Make the formats that the pack is missing, if they are few; return whether to gather it again.

    More are made beside the request, one pack after the other: this one goes out with what there is.
    """
    if not pack.unmade:
        return False
    if len(pack.unmade) <= _AT_ONCE:
        made = [_made(database(), storage(), pack.mark, source) for source in pack.unmade]
        return any(made)
    if _working.acquire(blocking=False):
        told = (database(), storage(), pack.mark, pack.unmade)
        threading.Thread(target=_make_all, args=told, name="formats of a pack", daemon=True).start()
    return False


def _make_all(where: Database, kept: Storage, mark: Mark, sources: tuple[Source, ...]) -> None:
    try:
        for source in sources:
            _made(where, kept, mark, source)
    finally:
        _working.release()


def _made(where: Database, kept: Storage, mark: Mark, source: Source) -> bool:
    """Return whether the formats are there now; a picture of which none can be made comes whole."""
    try:
        return sets.is_whole(sets.prepared(where, kept, source, [mark]), mark)
    except ResuenaError:
        return False
