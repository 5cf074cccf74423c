"""A copy that went bad on the disk is found in its night, made anew and told; not only when everything is lost."""

import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from assets.object_storage import chosen
from assets.storage import Shelf
from content_calendar import backups, clock
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from content_calendar.settings import Settings, read
from tests.webapp.backups.test_sealed import secret, settings
from webapp.backups import bucket, copies, envelope, making, rechecking
from webapp.backups.rechecking import NIGHTS, Rechecked, is_its_night

__all__ = ["secret", "settings"]
PICTURES = [f"\x89PNG {n}".encode() * 5000 for n in range(3)]
DAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def copied(tmp_path: Path) -> tuple[Settings, str, list[str]]:
    """Materials with their copies: the settings, the recovery key, the materials' hashes."""
    settings = read({"RESUENA_DATA": str(tmp_path)})
    made, recipient = envelope.make_key()
    storage = chosen(settings)
    hashes = [storage.put(Shelf.ORIGINALS, io.BytesIO(one)) for one in PICTURES]
    copies.copy_new(storage, settings.backups, recipient)
    return settings, made, hashes


def look(settings: Settings, secret: str, sha256: str, *, later: int = 0) -> Rechecked:
    """Look at what is looked at in the night of this material, or so many nights later."""
    on = next(on for n in range(NIGHTS) if is_its_night(sha256, on := (DAY + timedelta(days=n)).date()))
    recipient = envelope.public_half(secret)
    return rechecking.recheck(chosen(settings), settings.backups, recipient, on + timedelta(days=later))


def copy_of(settings: Settings, sha256: str) -> Path:
    return next(path for path in copies.every(settings.backups) if path.stem == sha256)


def spoil(path: Path) -> None:
    """One bit is another one; nothing tells it by its size or its time."""
    data, was = bytearray(path.read_bytes()), path.stat()
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert path.stat().st_size == was.st_size


def damaged(settings: Settings, secret: str, place: Path) -> list[str]:
    """Return what a restore would not get back."""
    return copies.bring_back(settings.backups, secret, chosen(replace(settings, data=place))).damaged


def test_a_copy_that_went_bad_is_made_anew_in_its_night(
    copied: tuple[Settings, str, list[str]], tmp_path: Path
) -> None:
    settings, secret, (bad, *_others) = copied
    spoil(copy_of(settings, bad))
    # The control: in another's night it stays bad, and a restore would miss it.
    assert look(settings, secret, bad, later=1).remade == []
    assert damaged(settings, secret, tmp_path / "one") == [bad]
    told = look(settings, secret, bad)
    assert [path.stem for path in told.remade] == [bad]
    assert told.lost == []
    assert damaged(settings, secret, tmp_path / "two") == []
    assert look(settings, secret, bad).remade == []


def test_every_copy_has_its_night(copied: tuple[Settings, str, list[str]]) -> None:
    settings, secret, hashes = copied
    recipient = envelope.public_half(secret)
    looked = [
        rechecking.recheck(
            chosen(settings), settings.backups, recipient, (DAY + timedelta(days=n)).date()
        ).looked_at
        for n in range(NIGHTS)
    ]
    assert sum(looked) == len(hashes)


def test_one_whose_material_is_gone_too_is_told_as_lost(copied: tuple[Settings, str, list[str]]) -> None:
    settings, secret, (bad, *_others) = copied
    spoil(copy_of(settings, bad))
    chosen(settings).delete(Shelf.ORIGINALS, bad)
    told = look(settings, secret, bad)
    assert [path.stem for path in told.lost] == [bad]
    assert told.remade == []


def test_a_copy_from_before_hashes_were_kept_gets_one_and_is_no_fault(
    copied: tuple[Settings, str, list[str]], tmp_path: Path
) -> None:
    settings, secret, (old, *_others) = copied
    (copies.folder_of(settings.backups, envelope.public_half(secret)) / "SHA256SUMS").unlink()
    told = look(settings, secret, old)
    assert (told.remade, told.lost) == ([], [])
    spoil(copy_of(settings, old))
    assert len(look(settings, secret, old).remade) == 1
    assert damaged(settings, secret, tmp_path / "other") == []


def test_whoever_has_no_resuena_looks_by_sha256sum(copied: tuple[Settings, str, list[str]]) -> None:
    settings, secret, (bad, *_others) = copied
    folder = copies.folder_of(settings.backups, envelope.public_half(secret))

    def check() -> int:
        command = [
            "sha256sum",
            "--check",
            "--quiet",
            "--strict",
            "SHA256SUMS",
        ]  # of coreutils, as a person types it
        return subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode  # noqa: S603 -- fixed

    assert check() == 0
    spoil(copy_of(settings, bad))
    assert check() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_night_tells_it_for_a_week_and_sends_the_new_one(
    database: Database, settings: Settings, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = chosen(settings).put(Shelf.ORIGINALS, io.BytesIO(PICTURES[0]))
    copies.copy_new(chosen(settings), settings.backups, envelope.public_half(secret))
    spoil(copy_of(settings, bad))
    sent: list[Path] = []
    monkeypatch.setattr(bucket, "send_again", lambda _settings, changed: sent.extend(changed))
    monkeypatch.setattr(rechecking, "is_its_night", lambda *_any: True)
    with database.transaction() as session:
        backups.ask(session)
    assert making.make_waiting(database, settings)
    assert [path.stem for path in sent] == [bad]
    with database.reading() as session:
        told = backups.bad_copies(session)
        assert told
        assert told.details == {"remade": 1, "lost": 0}
        last = backups.last_done(session)
        assert last
        assert last.said_code == ""
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "_now", lambda: later)
    with database.reading() as session:
        assert backups.bad_copies(session) is None
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.act == "copies_bad")).all()) == 1
