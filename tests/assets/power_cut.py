"""Add a picture again and again, and lose power at every step: after each file operation and around the commit.

Run by ``test_power_cut`` as a program: ``power_cut.py <database URL> <folder>``. Each try is a process of
its own that ends by ``os._exit``, so that nothing is cleaned up. ``rows first`` is the wrong order, for the control.
"""

import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from assets.labels import Label
from assets.library import Taken, add_image, take_in
from assets.storage import DiskStorage, Shelf
from content_calendar.db import Database
from content_calendar.models.people import Person
from tests.assets import corpus
from webapp.schema import metadata

CUT = 9


class Power:
    """Goes out before the operation number ``left``."""

    def __init__(self, left: int) -> None:
        self.left = left

    def used(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: object, **options: object) -> object:
            if self.left == 0:
                os._exit(CUT)
            self.left -= 1
            return operation(*args, **options)

        return step


def once(url: str, folder: Path, left: int, *, rows_first: bool) -> None:
    database, storage, power = Database(url), DiskStorage(folder), Power(left)
    upload = corpus.encoded(corpus.drawing(60 + left, 40))
    os.fsync = power.used(os.fsync)
    Path.replace = power.used(Path.replace)  # type: ignore[method-assign] # the power goes out here
    Path.mkdir = power.used(Path.mkdir)  # type: ignore[method-assign] # and here
    if rows_first:
        taken = Taken("a.png", f"{left:064x}", f"{left + 1:064x}", f"{left + 2:064x}", "image/png", 1, 1, 1)
    else:
        taken = take_in(storage, upload, "a.png")
    with database.transaction() as session:
        editor = session.scalars(select(Person)).one()
        add_image(session, taken, Label(alt_text=f"Dibujo {left}"), editor)
        power.used(session.flush)()
    if rows_first:
        storage.put(Shelf.SERVED, BytesIO(upload))
    power.used(database.dispose)()
    os._exit(0)


def main() -> None:
    url, folder, order = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    metadata()  # every table must be known before a row is written
    for left in range(100):
        child = os.fork()
        if child == 0:
            once(url, folder, left, rows_first=order == "rows-first")
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != CUT:
            break
    sys.stdout.write(f"{left} {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
