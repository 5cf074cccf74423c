"""Backups: everything comes back, nothing of ours opens without the keys, and a restore looks before it sends."""

import hashlib
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import func, inspect, select, text, update

from content_calendar import clock, people, posts, tokens
from content_calendar.catch_up import is_catching_up
from content_calendar.content import Content
from content_calendar.db import Database
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.tokens import PersonToken
from content_calendar.posts import Draft
from scheduler.results import tallying
from scheduler.results.tally_models import PostTally, TallyStale
from tests.webapp.stage import Stage
from webapp.backups import archive as archive_module
from webapp.backups.archive import BackupUnreadableError, DatabaseNotEmptyError, backup, restore
from webapp.database import differences, head, migrate, revision_of
from webapp.schema import metadata

_TOKEN = "resuenap_de-prueba"


@pytest.fixture
def installation(database: Database, tmp_path: Path) -> Database:
    """A person, two posts with versions, and a material on the disk."""
    with database.transaction() as session:
        ana = people.add(session, "ana@snt.mx", "Ana")
        for text in ("Primera ñandú 🌱", "Segunda"):
            posts.create(session, ana, Draft(Content((text,))))
    material = tmp_path / "materials" / "served" / "sha256" / "ab" / "cd" / "abcd"
    material.parent.mkdir(parents=True)
    material.write_bytes(b"\x00picture")
    return database


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=str)
            for table in metadata().sorted_tables
            if table.name not in {"installation", "audit_event"}
        }


def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'other.db'}")


def of_revision(revision: str, file: Path, tmp_path: Path) -> Path:
    """The backup as the version of that revision wrote it: without what it had no table or column for."""
    older = Database(f"sqlite:///{tmp_path / f'{revision}.db'}")
    migrate(older, revision)
    tables = inspect(older.engine)
    known = {one: {each["name"] for each in tables.get_columns(one)} for one in tables.get_table_names()}
    older.dispose()
    made, sums = tmp_path / f"{revision}.zip", {}
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(made, "w") as out:
        for name in archive.namelist():
            table = Path(name).stem
            if not name.startswith("tables/") or table not in known:
                continue
            lines = [orjson.loads(line) for line in archive.read(name).splitlines()]
            old = [{key: value for key, value in line.items() if key in known[table]} for line in lines]
            kept = b"".join(orjson.dumps(line) + b"\n" for line in old)
            out.writestr(name, kept)
            sums[name] = hashlib.sha256(kept).hexdigest()
        manifest = orjson.loads(archive.read("manifest.json"))
        out.writestr("manifest.json", orjson.dumps(manifest | {"revision": revision, "sums": sums}))
    return made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("revision", ["0004", "0007", "0008"])
def test_a_backup_of_an_older_version_comes_back_into_an_empty_database(
    installation: Database, tmp_path: Path, revision: str
) -> None:
    backup(installation, tmp_path, tmp_path / "copy.zip")
    other = empty(tmp_path)
    restore(other, tmp_path / "elsewhere", of_revision(revision, tmp_path / "copy.zip", tmp_path))
    assert rows(other)["post"] == rows(installation)["post"]
    other.dispose()


def test_a_backup_of_a_newer_version_is_refused(installation: Database, tmp_path: Path) -> None:
    backup(installation, tmp_path, tmp_path / "copy.zip")
    other = empty(tmp_path)
    with zipfile.ZipFile(tmp_path / "copy.zip", "a") as archive:
        manifest = orjson.loads(archive.read("manifest.json"))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("manifest.json", orjson.dumps(manifest | {"revision": "9999"}))
    with pytest.raises(BackupUnreadableError):
        restore(other, tmp_path / "elsewhere", tmp_path / "copy.zip")
    other.dispose()


def test_everything_comes_back_on_another_database(installation: Database, tmp_path: Path) -> None:
    backup(installation, tmp_path, tmp_path / "copy.zip")
    other = empty(tmp_path)
    report = restore(other, tmp_path / "elsewhere", tmp_path / "copy.zip")
    assert rows(other) == rows(installation)
    assert report.materials == 1
    assert (tmp_path / "elsewhere/materials/served/sha256/ab/cd/abcd").read_bytes() == b"\x00picture"
    other.dispose()


def test_a_restored_database_goes_on_numbering_its_rows(installation: Database, tmp_path: Path) -> None:
    backup(installation, tmp_path, tmp_path / "copy.zip")
    restore(installation, tmp_path, tmp_path / "copy.zip", replace=True)
    with installation.transaction() as session:
        person = session.scalars(select(Person)).one()
        posts.create(session, person, Draft(Content(("Tercera",))))
        assert session.scalar(select(func.count()).select_from(Post)) == 3


def test_after_a_restore_nothing_leaves_by_itself(installation: Database, tmp_path: Path) -> None:
    with installation.transaction() as session:
        person = session.scalars(select(Person)).first()
        assert person is not None
        until = clock.now() + timedelta(days=9)
        row = PersonToken(
            token_hash=tokens.hash_of(_TOKEN),
            person_id=person.id,
            name="hoja",
            scopes="enter",
            expires_at=until,
        )
        session.add(row)
        session.flush()
        assert tokens.recognise(session, _TOKEN) is not None
        ref = row.ref
    backup(installation, tmp_path, tmp_path / "copy.zip")
    with installation.transaction() as session:
        tokens.revoke(session, ref, person)
    restore(installation, tmp_path, tmp_path / "copy.zip", replace=True)
    with installation.reading() as session:
        assert is_catching_up(session)
        # The backup knows the token as one in force: that it was revoked since must not be forgotten.
        assert tokens.recognise(session, _TOKEN) is None


def test_a_restore_does_not_cover_what_is_there(installation: Database, tmp_path: Path) -> None:
    backup(installation, tmp_path, tmp_path / "copy.zip")
    with pytest.raises(DatabaseNotEmptyError):
        restore(installation, tmp_path, tmp_path / "copy.zip")


@pytest.mark.parametrize("known", [False, True], ids=["", "control: as it was"])
def test_the_way_back_from_a_newer_version_replaces_what_only_that_one_has(
    installation: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    before = rows(installation)
    backup(installation, tmp_path, tmp_path / "copy.zip")
    # As the next version leaves it: a table that refers to people, a column that every post must have.
    with installation.transaction() as session:
        for step in (
            "CREATE TABLE later (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id))",
            "INSERT INTO later (id, person_id) SELECT 1, id FROM person",
            "ALTER TABLE person ADD COLUMN title VARCHAR(9) NOT NULL DEFAULT ''",
            "UPDATE alembic_version SET version_num = '9999'",
        ):
            session.execute(text(step))
    if known:
        monkeypatch.setattr(archive_module, "knows", lambda _revision: True)
        with pytest.raises(Exception, match=r"(?i)foreign key|locate revision"):
            restore(installation, tmp_path, tmp_path / "copy.zip", replace=True)
        return
    restore(installation, tmp_path, tmp_path / "copy.zip", replace=True)
    assert rows(installation) == before
    assert revision_of(installation) == head()
    assert differences(installation) == []
    assert not inspect(installation.engine).has_table("later")


def damaged(file: Path, target: Path, name: str) -> Path:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as out:
        for one in source.infolist():
            data = source.read(one)
            out.writestr(one, data.replace(b"Ana", b"Eva") if one.filename == name else data)
    return target


def test_a_damaged_backup_is_refused_and_leaves_the_database_as_it_was(
    installation: Database, tmp_path: Path
) -> None:
    backup(installation, tmp_path, tmp_path / "copy.zip")
    before = rows(installation)
    file = damaged(tmp_path / "copy.zip", tmp_path / "damaged.zip", "tables/person.jsonl")
    with pytest.raises(BackupUnreadableError) as told:
        restore(installation, tmp_path, file, replace=True)
    assert told.value.params["why"] == "tables/person.jsonl"
    assert rows(installation) == before


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.zip"
    file.write_text("hola")
    with pytest.raises(BackupUnreadableError):
        restore(empty(tmp_path), tmp_path, file)


def test_no_key_and_no_session_is_in_a_backup(installation: Database, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "vault.key").write_text("the key")
    backup(installation, tmp_path, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        assert not any(
            "vault" in name or "keys/" in name or "web_session" in name for name in archive.namelist()
        )
        assert not any(b"the key" in archive.read(name) for name in archive.namelist())


def test_a_backup_that_was_cut_short_is_not_left_under_its_name(
    installation: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("webapp.backups.archive.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        backup(installation, tmp_path, tmp_path / "copy.zip")
    assert not (tmp_path / "copy.zip").exists()


def test_a_backup_of_sqlite_is_restored_on_postgresql(
    database_url: str, tmp_path: Path, sqlite_template: Path
) -> None:
    path = tmp_path / "small.db"
    shutil.copy(sqlite_template, path)
    small = Database(f"sqlite:///{path}")
    with small.transaction() as session:
        posts.create(session, people.add(session, "ana@snt.mx", "Ana"), Draft(Content(("Hola",))))
    backup(small, tmp_path, tmp_path / "copy.zip")
    large = Database(database_url)
    migrate(large)
    restore(large, tmp_path, tmp_path / "copy.zip")
    assert rows(large) == rows(small)
    small.dispose()
    large.dispose()


def test_figures_that_were_still_to_be_packed_do_not_stop_a_restore(
    database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        row = stage.publication(stage.account(stage.body("voz")))
        session.flush()
        assert session.scalar(select(func.count()).select_from(TallyStale))
        # A mark with a low number, as an older installation has: loading the rows makes more of them.
        session.execute(update(TallyStale).values(post_id=row.post_id))
    backup(database, tmp_path, tmp_path / "copy.zip")
    restore(database, tmp_path, tmp_path / "copy.zip", replace=True)
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(TallyStale))
        tallying.settle(session)
        assert session.scalars(select(PostTally.post_id)).all() == [row.post_id]
