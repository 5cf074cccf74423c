import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assets import sweep
from assets.models import Asset, AssetVersion, Consent, Rendition
from assets.storage import DiskStorage, FileMissingError, Shelf
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.people import Person

ROOT = Path(__file__).parents[2]


def cut_at_every_step(database_url: str, folder: Path, order: str) -> int:
    """Return how many steps there were; the last try is the one that nothing interrupted."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-m", "tests.assets.power_cut", database_url, str(folder), order],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    steps, _, status = done.stdout.partition(" ")
    assert done.stderr == ""
    assert status == "0"
    return int(steps)


def named_files(database: Database) -> set[tuple[Shelf, str]]:
    """Every file that a row names."""
    with database.reading() as session:
        versions = session.scalars(select(AssetVersion)).all()
        named = {
            (Shelf.ORIGINALS, one.original_sha256) for one in versions if one.original_sha256 != one.sha256
        }
        named |= {
            (Shelf.SERVED, name) for one in versions for name in (one.sha256, one.thumbnail_sha256) if name
        }
        made = session.scalars(select(Rendition)).all()
        named |= {(Shelf.SERVED, name) for one in made for name in (one.sha256, one.preview_sha256)}
        named |= {(Shelf.CONSENTS, name) for name in session.scalars(select(Consent.file_sha256))}
    return named


def lost_files(database: Database, storage: DiskStorage) -> list[str]:
    """Every file that a row names and the storage does not hold, whole."""
    lost = []
    for shelf, name in named_files(database):
        try:
            with storage.open(shelf, name) as kept:
                if hashlib.sha256(kept.read()).hexdigest() != name:
                    lost.append(name)
        except FileMissingError:
            lost.append(name)
    return lost


@pytest.fixture
def peopled(database: Database) -> Database:
    with database.transaction() as session:
        session.add(Person(email="e@example.mx", email_folded="e@example.mx", name="Elena"))
    return database


def a_night_later(folder: Path) -> None:
    """Make every file older than a sweep leaves alone."""
    long_ago = (clock.now() - sweep.OLD * 2).timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))


def files_of(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("what", "database_url"),
    [
        ("picture", "sqlite"),
        ("picture", "postgresql"),
        pytest.param("video", "sqlite", marks=pytest.mark.drill),
        pytest.param("sound", "sqlite", marks=pytest.mark.drill),
        pytest.param("document", "sqlite", marks=pytest.mark.drill),
        ("text", "sqlite"),
        pytest.param("consent", "sqlite", marks=pytest.mark.drill),
        ("rendition", "sqlite"),
    ],
    indirect=["database_url"],
)
def test_a_power_cut_at_any_step_leaves_no_row_without_its_files_and_no_orphan_after_the_night(
    peopled: Database, database_url: str, tmp_path: Path, what: str
) -> None:
    folder = tmp_path / "materials"
    folder.mkdir()
    steps = cut_at_every_step(database_url, folder, what)
    assert steps >= {"picture": 12}.get(what, 6)
    storage = DiskStorage(folder)
    assert lost_files(peopled, storage) == []
    with peopled.reading() as session:
        # Of the last tries that reached the commit, one lost power right after it, one did not.
        kind = Rendition if what == "rendition" else Asset
        assert (session.scalar(select(func.count()).select_from(kind)) or 0) >= 2
    for shelf in Shelf:
        for file in storage.files(shelf):
            with storage.open(shelf, file.sha256) as kept:
                assert hashlib.sha256(kept.read()).hexdigest() == file.sha256
    # What is young may have its row written at this very moment: it stays.
    before = files_of(folder)
    assert sweep.sweep(peopled, storage).removed == 0
    assert files_of(folder) == before
    a_night_later(folder)
    swept = sweep.sweep(peopled, storage)
    left = [file.sha256 for shelf in Shelf for file in storage.files(shelf)]
    assert set(left) == {name for _shelf, name in named_files(peopled)}
    assert (files_of(folder), swept.removed, swept.missing_total) == (len(left), before - len(left), 0)
    assert swept.removed > 0
    assert lost_files(peopled, storage) == []


def test_rows_before_files_would_be_seen(peopled: Database, database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "materials"
    folder.mkdir()
    cut_at_every_step(database_url, folder, "rows-first")
    assert lost_files(peopled, DiskStorage(folder)) != []
    assert sweep.sweep(peopled, DiskStorage(folder)).missing_total > 0
