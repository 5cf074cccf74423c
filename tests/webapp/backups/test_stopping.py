"""A backup that is cut off because the worker stops is nobody's at once: who upgrades asks for one right then."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from content_calendar import backups, clock, jobs
from content_calendar.db import Database
from content_calendar.models.backups import BackupRun, RunStage
from content_calendar.models.jobs import Job, JobStage
from content_calendar.settings import Settings
from tests.webapp.backups.test_sealed import secret, settings
from webapp.backups import making
from webapp.cli import main

__all__ = ["secret", "settings"]


@pytest.fixture
def stoppable() -> Iterator[None]:
    """Hear SIGTERM as the process that makes backups does."""
    before = signal.signal(signal.SIGTERM, making.stop)
    yield
    signal.signal(signal.SIGTERM, before)


def stage(database: Database) -> JobStage:
    with database.reading() as session:
        return session.scalars(select(Job.stage).order_by(Job.id.desc()).limit(1)).one()


@pytest.mark.usefixtures("stoppable", "secret")
def test_told_to_stop_it_is_handed_on_and_made_by_the_next(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        backups.ask(session)
    whole = making.make
    monkeypatch.setattr(making, "make", lambda *_any: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(making.ToldToStopError):
        making.make_waiting(database, settings)
    monkeypatch.setattr(making, "make", whole)
    assert stage(database) is JobStage.WAITING
    assert making.make_waiting(database, settings)
    with database.reading() as session:
        stages = session.scalars(select(BackupRun.stage).order_by(BackupRun.id)).all()
    assert stages == [RunStage.FAILED, RunStage.DONE]


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_asks_for_one_waits_for_hands_that_were_killed(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        backups.ask(session)
        # Killed with no time to say so: the control of the test above, since nobody gets it now.
        assert jobs.claim(session, backups.JOB, "killed")
        session.scalars(select(Job)).one().lease_until = clock.db_now(session) + timedelta(seconds=2)
    assert not making.make_waiting(database, settings)
    monkeypatch.setenv("RESUENA_DATA", str(settings.data))
    monkeypatch.setenv("RESUENA_DATABASE_URL", settings.database_url)
    told = CliRunner().invoke(main, ["backup-now"])
    assert told.exit_code == 0, told.output
    assert "se espera a que termine" in told.output
    assert "Se abrió y se restauró" in told.output
