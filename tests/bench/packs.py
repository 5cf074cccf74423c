"""A pack of 200 pictures and 315 MB over HTTP: how fast, how soon the first byte, and how much memory.

Through the whole application and its own web server, by a share link; beside it, in turns, zipstream-ng over a
folder of the same files behind the same kind of server, with neither database nor clearance nor instructions.
"""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets import sharing
from assets.models import Asset, AssetKind, AssetVersion, PackOf, People, Rendition
from assets.renditions import Mark, Source, formats, marks_of
from assets.storage import DiskStorage, Shelf
from content_calendar import clock, people
from content_calendar.content import Content, Medium, as_json, hash_of
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Role
from content_calendar.states import PostState
from tests.bench._load import copied, migrated, plant_accounts
from tests.bench._measure import ROOT, children_of, disk_folder, median, peak_rss_mb, report

FILES, BYTES = 200, 315_000_000
# Each picture whole, and in every format with the body's logo; the rest is documents.
_PICTURES = FILES // (len(formats()) + 1)
_MATERIALS = _PICTURES + FILES - _PICTURES * (len(formats()) + 1)
_A_POST = 2
_ROUNDS = 7
_WARMING = 2
_PIECE = 1 << 20
_SLOW_SECONDS = 3.0


def plant(database: Database, folder: Path, plain: Path) -> str:
    """Write a theme with posts of two materials each, and the same files in a plain folder; return a link."""
    storage, made = DiskStorage(folder / "materials"), random.Random(7)  # noqa: S311 -- bytes that do not compress
    plain.mkdir()
    names = count()

    def file() -> str:
        data = made.randbytes(BYTES // FILES)
        (plain / f"{next(names):03}.jpg").write_bytes(data)
        return storage.put(Shelf.SERVED, BytesIO(data))

    with database.transaction() as session:
        person = people.add(session, "edicion@ejemplo.mx", "Edición")
        people.grant(session, person, Role.EDITOR, on=date(2020, 1, 1))
        plant_accounts(session, "rehearsal")
        theme = Theme(title="Cuida tus datos")
        session.add(theme)
        body = session.scalars(select(Body).limit(1)).one()
        session.flush()
        mark = marks_of(session, [body.id])[body.id]
        media = [plant_material(session, person, n, file, mark) for n in range(_MATERIALS)]
        for n in range(0, _MATERIALS, _A_POST):
            plant_post(session, person, theme, tuple(media[n : n + _A_POST]))
        _, token = sharing.share(session, sharing.Shared(PackOf.THEME, theme.ref, body.id), person)
    return token


def plant_material(session: Session, person: Person, n: int, file: Callable[[], str], mark: Mark) -> Medium:
    sha256, is_picture = file(), n < _PICTURES
    asset = Asset(
        kind=AssetKind.IMAGE if is_picture else AssetKind.PDF, title=f"Imagen {n}", people=People.NONE,
        alt_text="Una persona lee un aviso de privacidad.", licence="CC BY 4.0", author="Comisión",
        added_by_id=person.id,
    )  # fmt: skip
    session.add(asset)
    session.flush()
    version = AssetVersion(
        asset_id=asset.id, n=1, sha256=sha256, original_sha256=sha256, media_type="image/jpeg",
        size=BYTES // FILES, added_by_id=person.id,
    )  # fmt: skip
    session.add(version)
    for one in formats().values() if is_picture else ():
        kept = Rendition(
            source_sha256=sha256, format=one.slug, mark=mark.key, framing=Source(sha256, sha256).framing,
            recipe=one.recipe, sha256=file(), preview_sha256=sha256, media_type="image/jpeg",
            size=BYTES // FILES, width=one.width, height=one.height, contrast=450, plate=False,
        )  # fmt: skip
        session.add(kept)
    return Medium(asset.ref, 1, sha256, asset.alt_text)


def plant_post(session: Session, person: Person, theme: Theme, media: tuple[Medium, ...]) -> None:
    value = as_json(Content(parts=("Tus datos son tuyos. #ProtegeTusDatos",), media=media))
    post = Post(
        title="Tus datos son tuyos", theme_id=theme.id, author_id=person.id, due_at=clock.now(),
        due_zone="UTC", state=PostState.APPROVED,
    )  # fmt: skip
    session.add(post)
    session.flush()
    version = PostVersion(
        post_id=post.id, n=1, content=value, content_hash=hash_of(value), author_id=person.id
    )  # fmt: skip
    session.add(version)
    session.flush()
    post.version_id = post.approved_version_id = version.id


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(port: int, *command: str, **settings: str) -> Iterator[int]:
    """Run a web server until the end; yield the process id of its worker."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RESUENA_")}
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=kept | settings)  # noqa: S603 -- our own programs
    try:
        wait_for(port)
        yield max(children_of(process.pid), key=lambda pid: peak_rss_mb(pid) or 0)
    finally:
        # In good order: a server that is killed leaves its worker behind.
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)  # another process: there is nothing to wait on
        else:
            return
    raise RuntimeError("the server did not start")


def pulled(port: int, path: str) -> tuple[float, float]:
    """Download once; return MB a second, and after how many ms the first byte of the ZIP was here."""
    asked = http.client.HTTPConnection("127.0.0.1", port)
    asked.connect()
    begun = time.perf_counter()
    asked.request("GET", path)
    answer = asked.getresponse()
    got = len(answer.read(1))
    first = (time.perf_counter() - begun) * 1000
    buffer = bytearray(_PIECE)
    while n := answer.readinto(buffer):
        got += n
    took = time.perf_counter() - begun
    if answer.status != 200 or got != int(answer.headers["Content-Length"]) or got < BYTES:
        raise RuntimeError(f"{path}: {answer.status}, {got} bytes")
    asked.close()
    return got / took / 1e6, first


def pulled_slowly(port: int, path: str) -> None:
    """Read a little and pause, as a phone does: what waits must not gather in the server."""
    asked = http.client.HTTPConnection("127.0.0.1", port)
    asked.request("GET", path)
    answer = asked.getresponse()
    until = time.perf_counter() + _SLOW_SECONDS
    while time.perf_counter() < until:
        answer.read(1 << 16)
        time.sleep(0.05)  # the slowness itself
    asked.close()


def measure(folder: Path) -> dict[str, object]:
    database = copied(migrated(folder), folder / "data")
    path = f"/c/{plant(database, folder / 'data', folder / 'plain')}/paquete.zip"
    database.dispose()
    port, other = free_port(), free_port()
    ours = {"RESUENA_DATA": str(folder / "data"), "RESUENA_PORT": str(port), "RESUENA_WEB_WORKERS": "1"}
    told = json.dumps({"folder": str(folder / "plain"), "port": other})
    with serving(port, "webapp.cli", "web", **ours) as worker:
        with serving(other, "tests.bench._zipstream", told):
            for _ in range(_WARMING):
                pulled(port, path), pulled(other, "/")
            before = peak_rss_mb(worker)
            rounds = [(pulled(port, path), pulled(other, "/")) for _ in range(_ROUNDS)]
        pulled_slowly(port, path)
        after = peak_rss_mb(worker)
    firsts = [ours[1] for ours, _ in rounds]
    return {
        "vs_zipstream": median([ours[0] / theirs[0] for ours, theirs in rounds]),
        "first_byte_ms": median(firsts),
        "rss_growth_mb": None if before is None or after is None else after - before,
        "mb_a_second": median([ours[0] for ours, _ in rounds]),
        "zipstream_mb_a_second": median([theirs[0] for _, theirs in rounds]),
        "first_byte_worst_ms": max(firsts),
        "zipstream_first_byte_ms": median([theirs[1] for _, theirs in rounds]),
        "rss_mb": after,
    }


def main() -> None:
    with disk_folder() as folder:
        report(measure(folder))


if __name__ == "__main__":
    main()
