"""Take in what the tool-box keeps again and again, and lose power at every step: after each file operation and
around the commit.

Run by ``test_power_cut`` as a program: ``power_cut.py <database URL> <folder> <what>``. Each try is a process of
its own that ends by ``os._exit``, so that nothing is cleaned up. ``rows-first`` is the wrong order, for the control.
"""

import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from sqlalchemy import select
from sqlalchemy.orm import Session

from assets import consents, renditions
from assets.clearance import ConsentBy
from assets.consents import Told
from assets.intake import Intake
from assets.labels import Label
from assets.library import Taken, add_image, take_in
from assets.models import Asset, AssetKind
from assets.renditions import Source
from assets.storage import DiskStorage, Shelf
from content_calendar.db import Database
from content_calendar.models.people import Person
from tests.assets import corpus
from webapp.schema import metadata

CUT = 9
Row = Callable[[Session, Person], object]


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


def keep_picture(storage: DiskStorage, left: int) -> Row:
    taken = take_in(storage, corpus.encoded(corpus.drawing(60 + left, 40)), "a.png")
    return lambda session, editor: add_image(session, taken, Label(alt_text=f"Dibujo {left}"), editor)


def keep_video(storage: DiskStorage, left: int) -> Row:
    taken = Intake(storage, 1).take(BytesIO(corpus.film(seconds=1 + left % 20)), "a.mp4")
    return lambda session, editor: add_image(session, taken, Label(alt_text=f"Video {left}"), editor)


def keep_sound(storage: DiskStorage, left: int) -> Row:
    taken = Intake(storage, 1).take(BytesIO(corpus.sound(frames=10 + left)), "a.mp3")
    return lambda session, editor: add_image(session, taken, Label(alt_text=f"Cápsula {left}"), editor)


def keep_document(storage: DiskStorage, left: int) -> Row:
    def titled(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = 90 * (left % 4)
        pdf.pages[0].UserUnit = left + 1

    taken = Intake(storage, 1).take(BytesIO(corpus.document(titled)), "a.pdf")
    return lambda session, editor: add_image(session, taken, Label(alt_text=f"Folleto {left}"), editor)


def keep_text(storage: DiskStorage, left: int) -> Row:
    # Served as it came, and kept once.
    taken = Intake(storage, 1).take_text(f"Texto {left}", "a.txt")
    return lambda session, editor: add_image(
        session, taken, Label(alt_text="", title=f"Texto {left}"), editor
    )


def keep_consent(storage: DiskStorage, left: int) -> Row:
    kept = consents.take_in(storage, b"%PDF-1.7\n" + bytes([left]))

    def row(session: Session, editor: Person) -> object:
        asset = Asset(kind=AssetKind.IMAGE, title=f"Foto {left}", added_by_id=editor.id)
        session.add(asset)
        session.flush()
        return consents.add(session, asset.ref, Told(ConsentBy.PERSON), kept, editor)

    return row


def keep_rendition(storage: DiskStorage, left: int) -> Row:
    told = {"format": "carta", "mark": "", "media_type": "image/jpeg", "width": 1, "height": 1}
    made = renditions._put(  # noqa: SLF001 -- the step that keeps the files; the press before it needs none
        storage,
        Source(f"{left:064x}", f"{left:064x}"),
        {"carta": "receta"},
        {**told, "contrast": 0, "plate": False},
        (b"large" + bytes([left]), b"small" + bytes([left])),
    )
    return lambda session, _editor: renditions.keep(session, [made])


def keep_rows_first(storage: DiskStorage, left: int) -> Row:  # noqa: ARG001 -- that is its fault
    taken = Taken("a.png", f"{left:064x}", f"{left + 1:064x}", f"{left + 2:064x}", "image/png", 1, 1, 1)
    return lambda session, editor: add_image(session, taken, Label(alt_text=f"Dibujo {left}"), editor)


# Everything that writes a file and then a row that names it.
WAYS: dict[str, Callable[[DiskStorage, int], Row]] = {
    "picture": keep_picture,
    "video": keep_video,
    "sound": keep_sound,
    "document": keep_document,
    "text": keep_text,
    "consent": keep_consent,
    "rendition": keep_rendition,
    "rows-first": keep_rows_first,
}


def once(url: str, folder: Path, left: int, what: str) -> None:
    database, storage, power = Database(url), DiskStorage(folder), Power(left)
    os.fsync = power.used(os.fsync)
    Path.replace = power.used(Path.replace)  # type: ignore[method-assign] # the power goes out here
    Path.mkdir = power.used(Path.mkdir)  # type: ignore[method-assign] # and here
    row = WAYS[what](storage, left)
    with database.transaction() as session:
        row(session, session.scalars(select(Person)).one())
        power.used(session.flush)()
    if what == "rows-first":
        storage.put(Shelf.SERVED, BytesIO(bytes([left])))
    power.used(database.dispose)()
    os._exit(0)


def main() -> None:
    url, folder, what = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    metadata()  # every table must be known before a row is written
    for left in range(100):
        child = os.fork()
        if child == 0:
            once(url, folder, left, what)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != CUT:
            break
    sys.stdout.write(f"{left} {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
