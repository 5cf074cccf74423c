"""What an administrator is told: a backup that failed or is missing, an audit that somebody changed."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from content_calendar import audit, audit_chain, backups, clock, people
from content_calendar.db import Database
from content_calendar.epoch import installation
from content_calendar.models import sealing
from content_calendar.models.backups import BackupRun, RunStage
from content_calendar.models.notices import Notice
from content_calendar.models.people import AuditEvent
from content_calendar.permissions import Role
from content_calendar.sending import Said
from scheduler import audit_watch, noticing
from tests.scheduler.scene import worker


def told(database: Database, data: Path) -> set[str]:
    """The codes of the notices that are open after a look."""
    noticing.tick(worker(database, data))
    with database.reading() as session:
        return set(session.scalars(select(Notice.code).where(Notice.over_at.is_(None))))


@pytest.fixture
def administered(database: Database) -> Database:
    with database.transaction() as session:
        installation(session)
        admin = people.add(session, "adela@snt.mx", "Adela")
        people.grant(session, admin, Role.ADMIN, on=clock.now().date())
        for n in range(8):
            audit.record(session, "", "anything", "installation", str(n))
        audit_chain.seal_all(session)
    return database


def test_a_backup_that_failed_is_told_until_one_is_good(administered: Database, tmp_path: Path) -> None:
    database = administered
    assert told(database, tmp_path) == set()
    with database.transaction() as session:
        backups.fail(session, backups.begin(session, "").id, Said("backup_disk", {"why": "lleno"}))
    assert told(database, tmp_path) == {"backup_failed"}
    with database.transaction() as session:
        run = backups.begin(session, "")
        run.stage, run.ended_at = RunStage.DONE, clock.now()
    assert told(database, tmp_path) == set()


def test_a_bucket_that_is_down_is_told_once_until_it_has_the_newest(
    administered: Database, tmp_path: Path
) -> None:
    for _night in range(2):
        with administered.transaction() as session:
            run = backups.begin(session, "")
            run.stage, run.ended_at = RunStage.DONE, clock.now()
            backups.note_unsent(session, run.id, Said("backup_unsent", {"why": "GenericError"}))
        assert told(administered, tmp_path) == {"backup_unsent"}
    with administered.transaction() as session:
        assert len(session.scalars(select(Notice)).all()) == 1
        run = backups.begin(session, "")
        run.stage, run.ended_at = RunStage.DONE, clock.now()
    assert told(administered, tmp_path) == set()


def test_after_a_restore_somebody_is_told_to_look_through_the_doors(
    administered: Database, tmp_path: Path
) -> None:
    from content_calendar import catch_up, people  # noqa: PLC0415 -- what a restore does
    from content_calendar.models.people import WebSession  # noqa: PLC0415 -- with it

    of = clock.now() - timedelta(days=2)
    with administered.transaction() as session:
        ana = people.add(session, "ana@snt.mx", "Ana")
        session.add(
            WebSession(token_hash="h", person_id=ana.id, last_seen_at=clock.now(), agent="", address="")
        )
        catch_up.restored(session, of=of)
    assert "restored" in told(administered, tmp_path)
    with administered.transaction() as session:
        notice = session.scalars(select(Notice).where(Notice.code == "restored")).one()
        assert notice.params == {"at": of.isoformat(timespec="seconds")}
        assert session.scalars(select(WebSession)).one().ended_at is not None


def test_copies_that_went_bad_are_told(administered: Database, tmp_path: Path) -> None:
    assert told(administered, tmp_path) == set()
    with administered.transaction() as session:
        backups.note_bad_copies(session, remade=2, lost=1)
    assert told(administered, tmp_path) == {"backup_copies"}


def test_two_days_without_a_good_one_are_told(administered: Database, tmp_path: Path) -> None:
    database = administered
    with database.transaction() as session:
        run = backups.begin(session, "")
        run.stage, run.ended_at = RunStage.DONE, clock.now()
    assert told(database, tmp_path) == set()
    with database.transaction() as session:
        session.execute(update(BackupRun).values(started_at=clock.now() - timedelta(days=2, minutes=1)))
    assert told(database, tmp_path) == {"backup_missing"}


def change_behind(database: Database, statement: str) -> None:
    """As somebody does who has the database's file."""
    with database.transaction() as session:
        connection = session.connection()
        sealing.lift(connection)
        connection.execute(text(statement))
        sealing.guard(connection)


def test_the_daily_look_finds_a_changed_row_and_tells_it(administered: Database, tmp_path: Path) -> None:
    database = administered
    first = audit_watch.look_daily(database, tmp_path)
    assert first is not None
    assert first.faults == []
    assert audit_watch.look_daily(database, tmp_path) is None  # once a day
    assert told(database, tmp_path) == set()
    change_behind(database, "UPDATE audit_event SET act = 'nothing' WHERE id = 3")
    found = audit_watch.look_and_note(database, tmp_path)
    assert [fault.code for fault in found.faults] == ["audit_event_changed"]
    assert told(database, tmp_path) == {"audit_broken"}
    # A second look finds the same, and does not tell it anew.
    audit_watch.look_and_note(database, tmp_path)
    noticing.tick(worker(database, tmp_path))
    with database.reading() as session:
        assert len(session.scalars(select(Notice)).all()) == 1


def test_a_chain_that_was_cut_holds_by_itself_and_not_against_the_seal_kept_outside(
    administered: Database, tmp_path: Path
) -> None:
    database = administered
    audit_watch.look_and_note(database, tmp_path)
    change_behind(database, "DELETE FROM audit_seal WHERE n > 5")
    change_behind(database, "DELETE FROM audit_event WHERE id > 5")
    with database.reading() as session:
        assert audit_chain.check(session).faults == []  # control: the chain alone does not know
    found = audit_watch.look_and_note(database, tmp_path)
    assert [fault.code for fault in found.faults] == ["audit_head_missing"]


def test_a_restored_database_is_not_called_cut(administered: Database, tmp_path: Path) -> None:
    from content_calendar import catch_up  # noqa: PLC0415 -- what a restore does

    database = administered
    audit_watch.look_and_note(database, tmp_path)
    change_behind(database, "DELETE FROM audit_seal WHERE n > 5")
    change_behind(database, "DELETE FROM audit_event WHERE id > 5")
    with database.transaction() as session:
        catch_up.restored(session)
    assert audit_watch.look_and_note(database, tmp_path).faults == []


def test_erasing_a_person_leaves_the_chain_whole(administered: Database, tmp_path: Path) -> None:
    database = administered
    with database.transaction() as session:
        person = people.add(session, "beto@snt.mx", "Beto")
        person.left_at = clock.now()
        audit.record(session, person.ref, "post_made", "post", "abc")
        audit_chain.seal_all(session)
        people.erase(session, person, "")
        audit_chain.seal_all(session)
    assert audit_watch.look_and_note(database, tmp_path).faults == []
    with database.reading() as session:
        said = [str(one.details) for one in session.scalars(select(AuditEvent))]
    assert not any("Beto" in one or "beto@" in one for one in said)
