"""Sets of formats made when somebody asks for them: at once for a download, beside the page for a look.

The press takes a second or so, in which no transaction is open; the rows are written in a short one of its own.
"""

import threading
from collections.abc import Sequence

from assets import renditions
from assets.pictures import PicturesBusyError
from assets.renditions import Kept, Mark, Source
from assets.storage import Storage
from content_calendar.db import Database
from content_calendar.errors import ResuenaError

NO_MARK = Mark()
_WAIT_SECONDS = 60
_MAKING = threading.Lock()
_MOST_FAILED = 50
_failed: dict[tuple[str, str, str], ResuenaError] = {}
_begun: set[tuple[str, str, str]] = set()


def _key(source: Source, mark: Mark) -> tuple[str, str, str]:
    return source.sha256, source.framing, mark.key


def is_whole(have: Kept, mark: Mark) -> bool:
    """Return whether every format is there with that mark."""
    return all((mark.key, slug) in have for slug in renditions.formats())


def prepared(database: Database, storage: Storage, source: Source, marks: Sequence[Mark]) -> Kept:
    """Return the formats with these marks and without one, making what is not there yet.

    Raises what ``renditions.make`` raises, and PicturesBusyError when others keep the press for too long.
    """
    wanted = [NO_MARK, *marks]
    with database.reading() as session:
        have = renditions.kept(session, source, wanted)
    if all(is_whole(have, mark) for mark in wanted):
        return have
    if not _MAKING.acquire(timeout=_WAIT_SECONDS):
        raise PicturesBusyError
    try:
        with database.reading() as session:
            have = renditions.kept(session, source, wanted)
        missing = [mark for mark in wanted if not is_whole(have, mark)]
        if missing:
            bases = have if is_whole(have, NO_MARK) else None
            made = renditions.make(storage, source, missing, bases)
            with database.transaction() as session:
                renditions.keep(session, made)
    finally:
        _MAKING.release()
    with database.reading() as session:
        return renditions.kept(session, source, wanted)


def begin(database: Database, storage: Storage, source: Source, mark: Mark) -> ResuenaError | None:
    """Have a set made beside the request, unless that is under way; return why the last try failed, if it did."""
    key = _key(source, mark)
    error = _failed.pop(key, None)
    if error is not None or key in _begun:
        return error
    _begun.add(key)

    def work() -> None:
        try:
            prepared(database, storage, source, [mark])
        except ResuenaError as failure:
            if len(_failed) < _MOST_FAILED:
                _failed[key] = failure
        finally:
            _begun.discard(key)

    threading.Thread(target=work, name="formats", daemon=True).start()
    return None
