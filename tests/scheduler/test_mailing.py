"""Mailing through a real server: told once, gathered, put off when it fails, and never in silence."""

import ssl
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from content_calendar import notice_mail, notices, people
from content_calendar.audience import Audience
from content_calendar.db import Database
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.notice_mail import Parcel
from content_calendar.notices import Happening, Subject
from content_calendar.permissions import Role
from content_calendar.settings import read
from scheduler import mailing
from scheduler.mailing import Letter
from scheduler.worker import Worker, new_worker
from tests.scheduler.scene import Time
from tests.simulators.certificates import authority_and_context
from tests.simulators.mail_server import PASSWORD, USER, MailServer, running, text_of


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def server(time: Time) -> Iterator[MailServer]:  # noqa: ARG001 -- the clock comes first
    with running() as serving:
        yield serving


@pytest.fixture
def worker(database: Database, tmp_path: Path, server: MailServer) -> Worker:
    return a_worker(database, tmp_path, server)


def a_worker(database: Database, folder: Path, server: MailServer, **more: str) -> Worker:
    return new_worker(database, read({"RESUENA_DATA": str(folder), **server.settings(**more)}))


def write(parcel: Parcel) -> Letter:
    said = "\n".join(str(notice.params["title"]) for notice in parcel.notices)
    return Letter(f"{parcel.count} te necesitan, {parcel.name}", said, f"<p>{said}</p>")


def somebody(database: Database, name: str = "Ana", role: Role = Role.EDITOR) -> int:
    with database.transaction() as session:
        made = people.add(session, f"{name.split(maxsplit=1)[0].lower()}@ejemplo.mx", name)
        people.grant(session, made, role, on=date(2020, 1, 1))
        return made.id


def tell(database: Database, key: str, *to: int, urgent: bool = False, title: str = "") -> None:
    happening = Happening(key, "held_late", Subject.PUBLICATION, key, {"title": title or key}, urgent)
    with database.transaction() as session:
        notices.tell(session, [(happening, Audience(frozenset(to), frozenset(to)))])


def of(database: Database) -> list[Notice]:
    with database.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_what_needs_a_person_is_mailed_once_whoever_mails(
    database: Database, worker: Worker, server: MailServer, tmp_path: Path
) -> None:
    tell(
        database, "una", somebody(database, "Ana Núñez"), title="Tu derecho a saber: ¿qué información pedir?"
    )
    other = a_worker(database, tmp_path, server)
    assert [mailing.tick(one, write) for one in (worker, other, worker)] == [1, 0, 0]
    (message,) = server.received
    assert (message["To"], message["From"]) == ("Ana Núñez <ana@ejemplo.mx>", "Resuena <resuena@ejemplo.mx>")
    assert message["Subject"] == "1 te necesitan, Ana Núñez"
    assert text_of(message).strip() == "Tu derecho a saber: ¿qué información pedir?"
    assert message["Auto-Submitted"] == "auto-generated"
    html = message.get_body(("html",))
    assert html is not None
    assert "¿qué información pedir?" in html.get_content()


def test_two_workers_that_take_at_the_same_time_never_take_the_same(
    database: Database,
    time: Time,  # noqa: ARG001 -- the clock comes first
) -> None:
    tell(database, "una", somebody(database))
    with database.transaction() as session:
        first = notice_mail.take(session, 5)
    with database.transaction() as session:
        second = notice_mail.take(session, 5)
    assert (len(first), len(second)) == (1, 0)


def test_two_workers_at_the_same_instant_mail_once(
    database: Database, worker: Worker, server: MailServer, tmp_path: Path
) -> None:
    tell(database, "una", somebody(database))
    both, sent = Barrier(2), []

    def mail(one: Worker) -> None:
        both.wait(10)
        sent.append(mailing.tick(one, write))

    threads = [Thread(target=mail, args=(one,)) for one in (worker, a_worker(database, tmp_path, server))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (sorted(sent), len(server.received)) == ([0, 1], 1)


def test_control_without_the_quiet_that_a_take_begins_both_would_mail(
    database: Database,
    time: Time,  # noqa: ARG001 -- the clock comes first
) -> None:
    ana = somebody(database)
    tell(database, "una", ana)
    taken = []
    for _ in range(2):
        with database.transaction() as session:
            taken += notice_mail.take(session, 5)
            session.get_one(Person, ana).mail_free_at = None
    assert len(taken) == 2


def test_what_comes_within_the_quiet_is_gathered_into_one_mail(
    database: Database, worker: Worker, server: MailServer, time: Time
) -> None:
    ana = somebody(database)
    tell(database, "primera", ana)
    mailing.tick(worker, write)
    for n in range(3):
        time.pass_by(minutes=2)
        tell(database, f"luego-{n}", ana)
        assert mailing.tick(worker, write) == 0
    time.pass_by(minutes=5)
    assert mailing.tick(worker, write) == 1
    assert server.subjects == ["1 te necesitan, Ana", "3 te necesitan, Ana"]


def test_what_cannot_wait_is_mailed_at_once_with_all_that_waits(
    database: Database, worker: Worker, server: MailServer, time: Time
) -> None:
    ana = somebody(database)
    tell(database, "primera", ana)
    mailing.tick(worker, write)
    time.pass_by(minutes=2)
    tell(database, "segunda", ana)
    assert mailing.tick(worker, write) == 0
    tell(database, "a mano", ana, urgent=True)
    assert mailing.tick(worker, write) == 1
    assert server.subjects[-1] == "2 te necesitan, Ana"


def test_a_great_many_are_one_mail_of_bounded_length(
    database: Database, worker: Worker, server: MailServer
) -> None:
    ana = somebody(database)
    for n in range(30):
        tell(database, f"k{n}", ana)
    assert [mailing.tick(worker, write) for _ in range(2)] == [1, 0]
    assert server.subjects == ["30 te necesitan, Ana"]
    assert len(text_of(server.received[0]).split()) == notice_mail.MOST_TOLD
    assert all(one.mailed_at for one in of(database))


def test_a_server_that_is_away_is_told_to_the_administration_and_caught_up_with(
    database: Database, worker: Worker, server: MailServer, time: Time
) -> None:
    ana, admin = somebody(database), somebody(database, "Sol", Role.ADMIN)
    server.answers = "421 4.3.0 away"
    tell(database, "una", ana)
    with database.reading() as session:
        assert notice_mail.trouble(session) is None
    away = a_worker(database, worker.settings.data, server, RESUENA_MAIL_PORT="9")
    assert [mailing.tick(away, write) for _ in range(2)] == [0, 0]
    with database.reading() as session:
        trouble = notice_mail.trouble(session)
        assert trouble is not None
        assert (trouble.said.code, trouble.tries, trouble.since) == ("mail_unreachable", 1, time.at)
    assert [(one.person_id, one.code, one.mail_at) for one in of(database)[1:]] == [
        (admin, "mail_failing", None)
    ]
    server.answers = ""
    assert mailing.tick(worker, write) == 0  # it is put off
    time.pass_by(minutes=2)
    assert mailing.tick(worker, write) == 1
    with database.reading() as session:
        assert notice_mail.trouble(session) is None
        assert notices.unread_count(session, admin) == 0


def test_one_address_that_is_refused_keeps_nobody_elses_mail(
    database: Database, worker: Worker, server: MailServer, time: Time
) -> None:
    ana, luz = somebody(database), somebody(database, "Luz")
    admin = somebody(database, "Sol", Role.ADMIN)
    server.refuses["ana@ejemplo.mx"] = "550 5.1.1 nobody"
    tell(database, "una", ana, luz)
    assert mailing.tick(worker, write) == 1
    assert [one["To"] for one in server.received] == ["Luz <luz@ejemplo.mx>"]
    told = [one for one in of(database) if one.person_id == admin]
    assert [(one.code, one.params["name"]) for one in told] == [("mail_refused", "Ana")]
    with database.reading() as session:
        assert notice_mail.trouble(session) is None
    for _ in range(notice_mail.MOST_TRIES + 2):
        time.pass_by(hours=1)
        mailing.tick(worker, write)
    mine = next(one for one in of(database) if one.person_id == ana)
    assert (mine.mail_at, mine.mail_failures) == (None, notice_mail.MOST_TRIES)


@pytest.mark.parametrize("name", ["Ana\r\nBcc: todas@ejemplo.mx", "Ana\nX-Otra: 1"])
def test_a_name_that_would_write_a_header_is_refused(
    database: Database, worker: Worker, server: MailServer, name: str
) -> None:
    ana = somebody(database)
    with database.transaction() as session:
        session.get_one(Person, ana).name = name  # past the door, which takes no such name
    tell(database, "una", ana)
    assert mailing.tick(worker, write) == 0
    assert server.received == []
    assert of(database)[0].mail_failures == 1


def test_a_title_with_a_line_break_stays_in_its_line(
    database: Database, worker: Worker, server: MailServer
) -> None:
    tell(database, "una", somebody(database))

    def wrong(parcel: Parcel) -> Letter:
        return Letter(f"Salida\r\nBcc: todas@ejemplo.mx {parcel.count}", "texto", "<p>texto</p>")

    assert mailing.tick(worker, wrong) == 1
    assert server.received[0]["Bcc"] is None
    assert server.subjects == ["Salida Bcc: todas@ejemplo.mx 1"]


def test_a_letter_that_cannot_be_written_keeps_nobody_elses(
    database: Database, worker: Worker, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    tell(database, "una", somebody(database), somebody(database, "Luz"))

    def fails(parcel: Parcel) -> Letter:
        if parcel.name == "Ana":
            raise KeyError("title")
        return write(parcel)

    assert mailing.tick(worker, fails) == 1
    assert "a letter could not be written" in caplog.text
    assert len(server.received) == 1


def test_news_of_yesterday_is_not_mailed(
    database: Database, worker: Worker, server: MailServer, time: Time
) -> None:
    tell(database, "una", somebody(database))
    time.pass_by(days=1, minutes=1)
    assert mailing.tick(worker, write) == 0
    assert server.received == []


def test_who_wants_no_mail_gets_none(database: Database, worker: Worker, server: MailServer) -> None:
    ana = somebody(database)
    with database.transaction() as session:
        notices.stop_mailing(session, session.get_one(Person, ana))
    tell(database, "una", ana)
    assert mailing.tick(worker, write) == 0
    assert (of(database)[0].mail_at, server.received) == (None, [])


def test_without_a_server_notices_stay_on_the_screen(database: Database, tmp_path: Path) -> None:
    silent = new_worker(database, read({"RESUENA_DATA": str(tmp_path)}))
    tell(database, "una", somebody(database))
    assert mailing.tick(silent, write) == 0
    assert of(database)[0].mail_failures == 0


def test_the_server_is_never_spoken_to_in_the_clear_when_it_should_be_safe(
    database: Database, tmp_path: Path, server: MailServer
) -> None:
    tell(database, "una", somebody(database))
    safe = a_worker(database, tmp_path, server, RESUENA_MAIL_TLS="starttls")
    assert mailing.tick(safe, write) == 0
    with database.reading() as session:
        trouble = notice_mail.trouble(session)
    assert trouble is not None
    assert (trouble.said.code, server.received) == ("mail_tls_failed", [])


def letter() -> Letter:
    return Letter("Prueba", "texto", "<p>texto</p>")


def test_a_server_whose_certificate_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    _authority, context = authority_and_context(tmp_path, "localhost")
    with running(tls=context) as server:
        told = read({**server.settings(RESUENA_MAIL_TLS="starttls"), "RESUENA_MAIL_HOST": "localhost"})
        with pytest.raises(mailing.MailTlsError), mailing.connected(told):
            pass


def test_with_starttls_and_a_password_it_goes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, context = authority_and_context(tmp_path, "localhost")
    real = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: real(cafile=str(authority)))
    with running(asks=True, tls=context) as server:
        opened = {**server.settings(RESUENA_MAIL_TLS="starttls"), "RESUENA_MAIL_HOST": "localhost"}
        told = read({**opened, "RESUENA_MAIL_USER": USER, "RESUENA_MAIL_PASSWORD": PASSWORD})
        with mailing.connected(told) as deliver:
            deliver(mailing.compose(told, "Ana", "ana@ejemplo.mx", letter(), "1"))
        wrong = read({**opened, "RESUENA_MAIL_USER": USER, "RESUENA_MAIL_PASSWORD": "otra"})
        with pytest.raises(mailing.MailSignInError), mailing.connected(wrong):
            pass
    assert server.subjects == ["Prueba"]


def test_a_worker_that_dies_before_its_note_mails_again_after_the_quiet(
    database: Database, worker: Worker, server: MailServer, time: Time
) -> None:
    """At least once: the rare double carries the same id, and most mailboxes show it once."""
    tell(database, "una", somebody(database))
    with database.transaction() as session:
        (parcel,) = notice_mail.take(session, 5)
    with mailing.connected(worker.settings) as deliver:
        deliver(
            mailing.compose(
                worker.settings, parcel.name, parcel.email, write(parcel), mailing.letter_id(parcel)
            )
        )
    time.pass_by(minutes=9)
    assert mailing.tick(worker, write) == 0
    time.pass_by(minutes=1)
    assert mailing.tick(worker, write) == 1
    assert server.received[0]["Message-ID"] == server.received[1]["Message-ID"]
