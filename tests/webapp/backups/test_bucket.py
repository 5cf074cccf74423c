"""The copy in a bucket, of a real S3 server on loopback: it outlives the folder, and comes back from it whole."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from sqlalchemy import select

from assets.object_storage import store_of
from content_calendar import backups, clock
from content_calendar.backups import NoBackupBucketError
from content_calendar.db import Database
from content_calendar.errors import SettingError
from content_calendar.models.backups import BackupRun, RunStage
from content_calendar.settings import Settings, read
from tests.assets.test_object_storage import s3_address
from webapp.backups import bucket, envelope, making

__all__ = ["s3_address"]
TODAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
NIGHT = "resuena-20261123T090000Z.zip.age"
MATERIAL = f"materials-{'0a' * 8}/originals/ab/{'ab' * 32}.age"


@pytest.fixture
def settings(tmp_path: Path, s3_address: str) -> Settings:
    return read(
        {
            "RESUENA_DATA": str(tmp_path / "data"),
            "RESUENA_BACKUP_STORAGE": f"s3://materiales/respaldos-{tmp_path.name}",
            "RESUENA_STORAGE_ENDPOINT": s3_address,
            "RESUENA_STORAGE_KEY": "llave",
            "RESUENA_STORAGE_SECRET": "secreta",
        }
    )


def lying(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def put(settings: Settings, name: str, said: bytes = b"una noche") -> None:
    path = settings.backups / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(said)


def night(at: datetime) -> str:
    return at.strftime("resuena-%Y%m%dT%H%M%SZ.zip.age")


def sent(settings: Settings) -> set[str]:
    store = store_of(settings, settings.backup_storage)
    return {one["path"] for some in obstore.list(store) for one in some}


def test_a_bucket_has_what_the_folder_has_and_brings_everything_back(
    settings: Settings, tmp_path: Path
) -> None:
    put(settings, NIGHT)
    put(settings, MATERIAL, b"un cartel" * 100_000)
    whole = lying(settings.backups)
    put(settings, "resuena-20261124T090000Z.zip.part", b"a medias")
    put(settings, "otra-cosa.age", b"de alguien")
    assert (bucket.mirror(settings), bucket.mirror(settings)) == (2, 0)
    assert bucket.fetch(settings, tmp_path / "back") == 2
    assert lying(tmp_path / "back") == whole
    assert bucket.fetch(settings, tmp_path / "back") == 0
    with pytest.raises(NoBackupBucketError):
        bucket.mirror(replace(settings, backup_storage=""))


def test_an_emptied_folder_and_a_new_server_leave_the_bucket_whole(settings: Settings) -> None:
    put(settings, NIGHT)
    put(settings, MATERIAL)
    obstore.put(store_of(settings, settings.backup_storage), "originals/sha256/de-otro", b"vive")
    bucket.mirror(settings)
    for path in (settings.backups / NIGHT, settings.backups / MATERIAL):
        path.unlink()
    assert bucket.mirror(settings) == 0
    whole = {NIGHT, MATERIAL, "originals/sha256/de-otro"}
    assert sent(settings) == whole
    # Its first backup, of the same day, and many after: the last good one of the older server is the last to go.
    for days in range(0, 40, 4):
        put(settings, night(TODAY + timedelta(days=days, hours=2)))
        making.forget_old(settings)
        bucket.mirror(settings)
        assert whole <= sent(settings)


def test_what_the_rule_removed_here_is_removed_there(settings: Settings) -> None:
    nights = [night(TODAY - timedelta(days=days)) for days in range(400)]
    for name in (*nights[:20], *nights[20:240:30], MATERIAL):
        put(settings, name)
    seen = (TODAY - timedelta(days=365)).timestamp()
    os.utime(settings.backups / MATERIAL, (seen, seen))
    bucket.mirror(settings)
    # Of another server; older than every one that stays.
    obstore.put(store_of(settings, settings.backup_storage), nights[399], b"de otro")
    gone = making.forget_old(settings)
    assert len(gone) > 5
    bucket.mirror(settings)
    assert sent(settings) == set(lying(settings.backups))
    assert not {MATERIAL, nights[399]} & sent(settings)


def test_a_copy_waits_while_the_bucket_has_a_backup_that_may_need_it(settings: Settings) -> None:
    put(settings, MATERIAL)
    bucket.mirror(settings)
    obstore.put(store_of(settings, settings.backup_storage), night(TODAY - timedelta(days=1)), b"de otro")
    put(settings, NIGHT)
    bucket.owe(settings, [settings.backups / MATERIAL])
    (settings.backups / MATERIAL).unlink()
    bucket.mirror(settings)
    assert MATERIAL in sent(settings)
    obstore.delete(store_of(settings, settings.backup_storage), night(TODAY - timedelta(days=1)))
    bucket.mirror(settings)
    assert sent(settings) == {NIGHT}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bucket_that_is_down_is_told_and_costs_no_backup_more(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.data.mkdir()
    down = replace(settings, storage_endpoint="http://127.0.0.1:1")
    monkeypatch.setattr("webapp.backups.making.bucket.mirror", lambda _settings: bucket.fetch(None, Path()))  # type: ignore[arg-type] # it fails, as a bucket that is down does
    with database.transaction() as session:
        backups.adopt_key(session, envelope.make_key()[1], "")
    for days in range(10):
        moment = TODAY + timedelta(days=days)
        monkeypatch.setattr("content_calendar.clock._now", lambda moment=moment: moment)
        with database.transaction() as session:
            assert backups.is_wanted(session, 3, settings.zone)
            backups.ask(session)
        assert making.make_waiting(database, down)
        monkeypatch.setattr("content_calendar.clock._now", lambda moment=moment: moment + timedelta(hours=2))
        with database.reading() as session:
            assert not backups.is_wanted(session, 3, settings.zone)
    with database.reading() as session:
        runs = session.scalars(select(BackupRun).order_by(BackupRun.id)).all()
        assert {(run.stage, run.said_code) for run in runs} == {(RunStage.DONE, "backup_unsent")}
        assert backups.unsent_since(session) is runs[0]
        assert [bool(run.name) for run in runs].count(True) == len(list(down.backups.glob("*.age"))) < 10
    monkeypatch.undo()
    with database.transaction() as session:
        backups.ask(session)
    assert making.make_waiting(database, settings)
    with database.reading() as session:
        assert backups.unsent_since(session) is None
    assert {path.name for path in settings.backups.glob("*.age")} <= sent(settings)
    assert clock.now() > TODAY


@pytest.mark.parametrize(
    ("materials", "copies", "refused"),
    [
        ("s3://a-1/m", "s3://a-1/m", True), ("s3://a-1", "s3://a-1/r", True), ("s3://a-1/m/x", "s3://a-1/m/", True),
        ("s3://a-1/m", "s3://a-1/mm", False), ("", "s3://a-1", False), ("s3://a-1", "s3://a-12", False),
    ],
)  # fmt: skip
def test_backups_and_materials_do_not_share_a_place(materials: str, copies: str, refused: bool) -> None:  # noqa: FBT001 -- a case
    told = {"RESUENA_STORAGE": materials, "RESUENA_BACKUP_STORAGE": copies}
    if refused:
        with pytest.raises(SettingError):
            read(told)
    else:
        assert read(told).backup_storage == copies


def test_a_copy_that_was_made_anew_is_sent_again_though_its_size_is_the_same(settings: Settings) -> None:
    put(settings, MATERIAL, b"mala")
    bucket.mirror(settings)
    put(settings, MATERIAL, b"sana")
    # The control: nothing else tells that it is another one.
    assert bucket.mirror(settings) == 0
    bucket.send_again(settings, [settings.backups / MATERIAL])
    assert (bucket.mirror(settings), bucket.mirror(settings)) == (1, 0)
    store = store_of(settings, settings.backup_storage)
    assert bytes(obstore.get(store, f"{MATERIAL}").bytes()) == b"sana"
