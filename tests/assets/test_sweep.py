"""The nightly sweep: what it takes, what it leaves, what it tells."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest

from assets import sweep
from assets.models import Asset, AssetKind, AssetVersion
from assets.storage import DiskStorage, Shelf
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.people import Person


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path / "materials")


def put(storage: DiskStorage, data: bytes, *, old: bool = True) -> str:
    sha256 = storage.put(Shelf.SERVED, BytesIO(data))
    if old:
        aged(storage, sha256)
    return sha256


def aged(storage: DiskStorage, sha256: str) -> None:
    at = (clock.now() - sweep.OLD * 2).timestamp()
    with storage.open(Shelf.SERVED, sha256) as file:
        os.utime(file.name, (at, at))


def name(database: Database, sha256: str) -> None:
    """Write the row of a video, whose original is what is served."""
    with database.transaction() as session:
        by = Person(email="e@example.mx", email_folded="e@example.mx", name="Elena")
        session.add(by)
        session.flush()
        asset = Asset(kind=AssetKind.VIDEO, title="Foro", added_by_id=by.id)
        session.add(asset)
        session.flush()
        session.add(
            AssetVersion(
                asset_id=asset.id, n=1, sha256=sha256, original_sha256=sha256, media_type="video/mp4", size=1,
                added_by_id=by.id,
            )
        )  # fmt: skip


def test_what_is_named_or_young_stays_and_what_is_lost_is_told(
    database: Database, storage: DiskStorage
) -> None:
    named, orphan, young = put(storage, b"1"), put(storage, b"2"), put(storage, b"3", old=False)
    name(database, named)
    swept = sweep.sweep_nightly(database, storage)
    assert swept is not None
    assert (swept.removed, swept.missing_total, swept.stopped) == (1, 0, 0)
    assert {one.sha256 for one in storage.files(Shelf.SERVED)} == {named, young}
    assert not storage.exists(Shelf.SERVED, orphan)
    # Once a day, however many workers there are.
    assert sweep.sweep_nightly(database, storage) is None
    storage.delete(Shelf.SERVED, named)
    later = clock.now() + timedelta(hours=25)
    with patch.object(clock, "_now", lambda: later):
        again = sweep.sweep_nightly(database, storage)
    with database.reading() as session:
        told = sweep.last_sweep(session)
    assert again is not None
    assert told is not None
    assert (again.missing, told.missing_total) == ([f"served {named}"], 1)


def test_a_file_that_is_put_again_while_it_is_swept_stays(database: Database, storage: DiskStorage) -> None:
    sha256 = put(storage, b"1")
    is_named = sweep._is_named  # noqa: SLF001 -- the moment between the look and the removal

    def put_again(*asked: object) -> bool:
        put(storage, b"1", old=False)
        return is_named(*asked)  # type: ignore[arg-type] # as it was asked

    with patch.object(sweep, "_is_named", put_again):
        assert sweep.sweep(database, storage).removed == 0
    assert storage.exists(Shelf.SERVED, sha256)


def test_a_whole_shelf_without_rows_is_told_and_left(database: Database, storage: DiskStorage) -> None:
    with patch.object(sweep, "_MANY", 3):
        for data in (b"1", b"2", b"3", b"4"):
            put(storage, data)
        swept = sweep.sweep(database, storage)
    assert (swept.removed, swept.stopped) == (0, 4)
    assert len(list(storage.files(Shelf.SERVED))) == 4
