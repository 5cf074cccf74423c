"""Letters to allies through a real server: each once, none without a consent, and never twice after a power cut."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from content_calendar import allies, ally_consents, ally_letters, ally_weeks, catch_up, clock
from content_calendar.allies import AllyFields
from content_calendar.ally_consents import Noted
from content_calendar.ally_letters import AllyParcel
from content_calendar.db import Database
from content_calendar.models.allies import Ally, AllyKind, AllyLetter, AllyWeek, LetterStage
from content_calendar.models.notices import Notice
from content_calendar.settings import read
from scheduler import ally_rounds
from scheduler.mailing import Letter
from scheduler.worker import Worker, new_worker
from tests.scheduler.scene import Time
from tests.simulators.mail_server import MailServer, running
from tests.webapp.stage import Stage

ROOT = Path(__file__).parents[2]
CRASHED = 137
ZONE = "America/Mexico_City"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PUBLIC = {"RESUENA_PUBLIC_URL": "https://resuena.example.mx"}


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running() as serving:
        yield serving


def a_worker(database: Database, folder: Path, server: MailServer, **more: str) -> Worker:
    return new_worker(database, read({"RESUENA_DATA": str(folder), **server.settings(), **PUBLIC, **more}))


def write(parcel: AllyParcel) -> Letter:
    return Letter(f"Para {parcel.name}", parcel.token, f"<p>{parcel.token}</p>")


def sent_to(database: Database, *names: str) -> None:
    """A week's pack whose letters are written for these allies."""
    with database.transaction() as session:
        stage = Stage(session)
        by, today = stage.person(), clock.now().date()
        for name in names:
            fields = AllyFields(AllyKind.PERSON, name, email=f"{name}@example.mx")
            ally_consents.note(
                session, allies.register(session, fields, by), Noted(today, "Lo dijo"), by, today
            )
        starts_on = ally_weeks.monday_of(today)
        stage.publication(stage.account(stage.body("infouno")), due_at=clock.now())
        ally_weeks.prepare(session, starts_on, "UTC")
        ally_weeks.send(session, ally_weeks.find(session, starts_on), by)


def stages(database: Database) -> list[LetterStage]:
    with database.reading() as session:
        return list(session.scalars(select(AllyLetter.stage).order_by(AllyLetter.id)))


def test_each_ally_gets_the_pack_once_whoever_mails(
    database: Database, tmp_path: Path, server: MailServer, time: Time
) -> None:
    sent_to(database, "una", "dos")
    workers = [a_worker(database, tmp_path, server) for _ in range(2)]
    assert [ally_rounds.mail(one, write) for one in (*workers, workers[0])] == [2, 0, 0]
    assert sorted(server.subjects) == ["Para dos", "Para una"]
    assert stages(database) == [LetterStage.SENT] * 2
    time.pass_by(hours=2)
    assert ally_rounds.mail(workers[0], write) == 0


@ON_SQLITE
def test_whoever_withdraws_after_the_pack_was_sent_gets_nothing(
    database: Database, tmp_path: Path, server: MailServer
) -> None:
    sent_to(database, "una", "dos")
    with database.transaction() as session:
        una = session.scalars(select(Ally).where(Ally.name == "una")).one()
        ally_consents.withdraw(session, una, clock.now().date())
    assert ally_rounds.mail(a_worker(database, tmp_path, server), write) == 1
    assert server.subjects == ["Para dos"]


@ON_SQLITE
def test_what_the_server_refuses_waits_for_a_person_and_only_that_is_sent_again(
    database: Database, tmp_path: Path, server: MailServer
) -> None:
    sent_to(database, "una", "dos")
    server.refuses["una@example.mx"] = "550 5.1.1 nobody"
    worker = a_worker(database, tmp_path, server)
    assert [ally_rounds.mail(worker, write) for _ in range(2)] == [1, 0]
    assert stages(database) == [LetterStage.FAILED, LetterStage.SENT]
    server.refuses.clear()
    with database.transaction() as session:
        week = session.scalars(select(AllyWeek)).one()
        assert ally_letters.resend_refused(session, week, Stage(session).person()) == 1
    assert ally_rounds.mail(worker, write) == 1
    assert server.subjects == ["Para dos", "Para una"]


@ON_SQLITE
def test_a_server_that_is_away_leaves_every_letter_waiting(
    database: Database, tmp_path: Path, server: MailServer
) -> None:
    sent_to(database, "una")
    away = a_worker(database, tmp_path, server, RESUENA_MAIL_PORT="9")
    assert ally_rounds.mail(away, write) == 0
    assert stages(database) == [LetterStage.WAITING]


@ON_SQLITE
def test_a_letter_that_could_not_leave_for_days_leaves_no_more(
    database: Database, tmp_path: Path, server: MailServer, time: Time
) -> None:
    sent_to(database, "una")
    time.pass_by(days=7)
    assert ally_rounds.mail(a_worker(database, tmp_path, server), write) == 0
    assert stages(database) == [LetterStage.STOPPED]


MAIL = """
import os
from content_calendar.db import Database
from content_calendar.settings import read
from scheduler import ally_rounds
from scheduler.mailing import Letter
from scheduler.worker import new_worker
settings = read(os.environ)
worker = new_worker(Database(settings.database), settings)
ally_rounds.mail(worker, lambda parcel: Letter(f"Para {parcel.name}", "texto", "<p>texto</p>"))
"""


def die_mailing(database_url: str, folder: Path, server: MailServer, point: str) -> None:
    """Let a process of its own mail, and end it at that point as a power cut would."""
    environment = {
        "PATH": os.environ["PATH"],
        "RESUENA_DATABASE_URL": database_url,
        "RESUENA_DATA": str(folder),
        "RESUENA_TEST_CRASH_AT": point,
        **server.settings(),
        **PUBLIC,
    }
    died = subprocess.run([sys.executable, "-c", MAIL], cwd=ROOT, env=environment, check=False, timeout=60)  # noqa: S603 -- our own program
    assert died.returncode == CRASHED


@ON_SQLITE
@pytest.mark.parametrize("point", ["letter_taken", "letter_mailed"])
def test_whoever_dies_with_a_letter_in_hand_leaves_it_to_a_person_and_the_others_get_theirs_once(
    database: Database, database_url: str, tmp_path: Path, server: MailServer, point: str
) -> None:
    sent_to(database, "una", "dos", "tres")
    die_mailing(database_url, tmp_path, server, point)
    assert server.subjects == (["Para una"] if point == "letter_mailed" else [])
    worker = a_worker(database, tmp_path, server)
    ally_rounds.mail(worker, write)
    with Time(clock.now() + ally_letters.HUNG + timedelta(minutes=1)).ruling():
        ally_rounds.mail(worker, write)
    assert stages(database) == [LetterStage.DOUBTFUL, LetterStage.SENT, LetterStage.SENT]
    assert max(server.subjects.count(one) for one in server.subjects) == 1
    assert {"Para dos", "Para tres"} <= set(server.subjects)


@ON_SQLITE
def test_control_if_what_hung_were_sent_again_it_would_come_twice(
    database: Database, database_url: str, tmp_path: Path, server: MailServer
) -> None:
    sent_to(database, "una")
    die_mailing(database_url, tmp_path, server, "letter_mailed")
    with database.transaction() as session:
        session.execute(update(AllyLetter).values(stage=LetterStage.WAITING))
    ally_rounds.mail(a_worker(database, tmp_path, server), write)
    assert server.subjects == ["Para una"] * 2
    # The same letter: a mailbox that looks at ids shows it once.
    assert len({one["Message-ID"] for one in server.received}) == 1


@ON_SQLITE
def test_a_pack_is_prepared_for_a_person_and_goes_by_itself_only_where_the_setting_says_so_and_in_time(
    database: Database, tmp_path: Path, server: MailServer
) -> None:
    sent_to(database, "una")
    with database.transaction() as session:
        week = session.scalars(select(AllyWeek)).one()
        at = datetime.combine(week.starts_on + timedelta(days=7), datetime.min.time(), clock.now().tzinfo)
        Stage(session).publication(
            Stage(session).account(Stage(session).body("dos")), due_at=at + timedelta(hours=20)
        )
    by_itself = {"RESUENA_ALLY_PACK_BY_ITSELF": "yes", "RESUENA_ZONE": ZONE}
    worker = a_worker(database, tmp_path, server, **by_itself)
    with Time(at + timedelta(hours=14, minutes=30)).ruling():
        assert not ally_rounds.prepare(worker)
    with Time(at + timedelta(hours=15, minutes=1)).ruling():
        assert [ally_rounds.prepare(worker) for _ in range(2)] == [True, False]
    with database.reading() as session:
        sent = session.scalars(select(AllyWeek).order_by(AllyWeek.starts_on)).all()[1]
        assert (sent.sent_at is not None, sent.sent_by_id) == (True, None)
    # A week later it wakes a day late: then a person decides.
    with Time(at + timedelta(days=8)).ruling():
        assert ally_rounds.prepare(worker)
    with database.reading() as session:
        assert session.scalars(select(AllyWeek.sent_at).order_by(AllyWeek.starts_on)).all()[2] is None


@ON_SQLITE
def test_while_a_restored_database_catches_up_no_letter_leaves(
    database: Database, tmp_path: Path, server: MailServer
) -> None:
    sent_to(database, "una")
    with database.transaction() as session:
        catch_up.restored(session)
    assert ally_rounds.mail(a_worker(database, tmp_path, server), write) == 0
    assert (stages(database), server.received) == ([LetterStage.DOUBTFUL], [])
    with database.reading() as session:
        assert session.scalars(select(Notice)).all() == []
