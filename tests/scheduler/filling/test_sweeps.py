"""The first sweep: bodies are asked by letter, answer by a link, and nothing is official before a person says so."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import accounts, directory, people
from content_calendar.db import Database
from content_calendar.models.directory import Account, Site, Standing
from content_calendar.models.people import Person
from content_calendar.permissions import Role
from content_calendar.settings import read
from scheduler.filling import accepting, answers, mailing, sweeps
from scheduler.filling.accepting import By
from scheduler.filling.answers import Answer, SweepLinkMissingError, SweepLinkOverError
from scheduler.filling.mailing import SweepParcel
from scheduler.filling.models import LineKind, LineStage, SweepAsk, SweepLine, SweepLink
from scheduler.filling.sweeps import SweepEmailError, SweepEndedError, SweepNobodyError, SweepRemindedError
from scheduler.mailing import Letter
from scheduler.search_models import FeedSearch
from scheduler.worker import Worker, new_worker
from tests.scheduler.planting import plant_body
from tests.scheduler.scene import Time
from tests.simulators.mail_server import MailServer, running

TODAY = date(2026, 11, 23)


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
    more = server.settings(RESUENA_PUBLIC_URL="https://resuena.example")
    return new_worker(database, read({"RESUENA_DATA": str(tmp_path), **more}))


def write(parcel: SweepParcel) -> Letter:
    return Letter(f"{parcel.body_name} {parcel.reminders}", f"/b/{parcel.token}", "<p></p>")


def planted(session: Session) -> Person:
    """Two bodies, one with a liaison, an account and a site; return who starts the sweep."""
    with_liaison = plant_body(session, "infox")
    plant_body(session, "infoy")
    eva = people.add(session, "eva@ejemplo.mx", "Eva")
    liaison = people.add(session, "enlace@ejemplo.mx", "Enlace")
    people.grant(session, liaison, Role.LIAISON, on=date(2020, 1, 1), body_id=with_liaison.id)
    new = accounts.NewAccount("x", "InfoX", "https://x.com/InfoX")
    accounts.add(session, with_liaison, new, TODAY, actor_ref=eva.ref)
    directory.add_site(session, with_liaison, "https://infox.example/", source="", actor_ref=eva.ref)
    return eva


def begun(session: Session) -> tuple[SweepAsk, Person]:
    eva = planted(session)
    sweep = sweeps.start(session, [one.body.id for one in sweeps.candidates(session)], "Gracias.", eva)
    return sweeps.board(session, sweep)[0].ask, eva


def asks(database: Database) -> list[SweepAsk]:
    with database.reading() as session:
        sweep = sweeps.current(session)
        return [] if sweep is None else [row.ask for row in sweeps.board(session, sweep)]


def test_each_liaison_gets_one_letter_and_two_reminders_at_most(
    database: Database, worker: Worker, server: MailServer, time: Time
) -> None:
    with database.transaction() as session:
        begun(session)
    assert [mailing.tick(worker, write), mailing.tick(worker, write)] == [1, 0]
    assert str(server.received[0]["To"]) == "Enlace <enlace@ejemplo.mx>"
    known, unknown = asks(database)
    assert (known.written_at is not None, unknown.email, unknown.mail_at) == (True, "", None)
    for _ in range(3):
        time.pass_by(days=3)
        with database.transaction() as session:
            eva = session.scalars(select(Person).where(Person.name == "Eva")).one()
            sweep = sweeps.current(session)
            assert sweep
            sweeps.remind_all(session, sweep, eva)
        mailing.tick(worker, write)
    assert server.subjects == ["Instituto infox 0", "Instituto infox 1", "Instituto infox 2"]
    with database.transaction() as session, pytest.raises(SweepRemindedError):
        sweeps.remind(session, sweeps.find(session, known.ref), session.get_one(Person, 1))


def test_an_address_that_is_refused_is_told_and_another_one_can_be_typed(
    database: Database, worker: Worker, server: MailServer
) -> None:
    with database.transaction() as session:
        begun(session)
    server.refuses["enlace@ejemplo.mx"] = "550 nobody"
    assert mailing.tick(worker, write) == 0
    refused = asks(database)[0]
    assert (refused.said_code, refused.mail_at) == ("mail_letter_refused", None)
    with database.transaction() as session:
        ask, eva = sweeps.find(session, refused.ref), session.get_one(Person, 1)
        with pytest.raises(SweepEmailError):
            sweeps.write_to(session, ask, "nadie", eva)
        sweeps.write_to(session, ask, "otra@ejemplo.mx", eva)
    assert mailing.tick(worker, write) == 1
    assert asks(database)[0].said_code == ""


def test_a_link_opens_one_bodys_form_until_it_expires_and_only_its_hash_is_kept(
    session: Session, time: Time
) -> None:
    ask, eva = begun(session)
    token = sweeps.copy_link(session, ask, eva)
    assert token not in [one.token_hash for one in session.scalars(select(SweepLink))]
    assert answers.opened(session, token)[0].id == ask.id
    for wrong in ("", token[:-1], token + "x", "x" * 500):
        with pytest.raises(SweepLinkMissingError):
            answers.opened(session, wrong)
    time.pass_by(days=sweeps.LASTS.days)
    with pytest.raises(SweepLinkOverError):
        answers.opened(session, token)


def test_an_answer_waits_for_a_person_and_can_be_corrected(session: Session) -> None:
    ask, eva = begun(session)
    told = Answer(
        accounts="x.com/infox\nfacebook.com/infox\n@quien", sites="https://otro.example", feeds_unknown=True
    )
    answers.save(session, ask, told)
    lines = accepting.lines_of(session, ask)
    assert [(one.kind, one.network, one.stage) for one in lines] == [
        (LineKind.ACCOUNT, "facebook", LineStage.WAITING),
        (LineKind.ACCOUNT, "", LineStage.UNUSABLE),
        (LineKind.SITE, "", LineStage.WAITING),
        (LineKind.ACCOUNT_YES, "x", LineStage.WAITING),
        (LineKind.SITE_YES, "", LineStage.WAITING),
    ], "what they typed of what we know is no second account"
    assert session.scalars(select(Account)).all()[0].standing is Standing.TO_CERTIFY
    assert [one.site_url for one in session.scalars(select(FeedSearch))] == ["https://infox.example/"]
    by = By(eva, TODAY, "barrido")
    sweep = sweeps.current(session)
    assert sweep
    assert accepting.accept(session, accepting.waiting(session, sweep), by) == 4
    new = session.scalars(select(Account).where(Account.network == "facebook")).one()
    assert (new.standing, new.certified_at, new.source) == (Standing.TO_CERTIFY, None, "barrido")
    # Corrected: what was accepted stays, what could not be read is gone, what is new waits.
    answers.save(session, ask, Answer(accounts="facebook.com/infox\ninstagram.com/infox", sites=told.sites))
    by_stage = [(one.network or one.kind.value, one.stage) for one in accepting.lines_of(session, ask)]
    assert ("instagram", LineStage.WAITING) in by_stage
    assert by_stage.count(("facebook", LineStage.ACCEPTED)) == 1
    assert len(session.scalars(select(Site)).all()) == 2


def test_what_is_crossed_out_goes_only_when_somebody_says_so_of_that_line(
    session: Session,
) -> None:
    ask, eva = begun(session)
    account = session.scalars(select(Account)).one()
    answers.save(session, ask, Answer(not_ours=frozenset({account.ref, "https://infox.example/"})))
    sweep = sweeps.current(session)
    assert sweep
    assert accepting.waiting(session, sweep) == []
    lines = list(accepting.lines_of(session, ask))
    assert {one.kind for one in lines} == {LineKind.ACCOUNT_NO, LineKind.SITE_NO}
    assert accepting.accept(session, lines, By(eva, TODAY, "barrido")) == 2
    assert (account.valid_to, session.scalars(select(Site)).all()) == (TODAY, [])


def test_an_account_of_somebody_else_is_told_and_is_not_taken_over(session: Session) -> None:
    ask, eva = begun(session)
    other = sweeps.board(session, ask.sweep)[1].ask
    answers.save(session, other, Answer(accounts="x.com/InfoX"))
    [line] = accepting.lines_of(session, other)
    assert answers.others_of(session, [line], other.body_id) == {line.ref: "INFOX"}
    assert accepting.accept(session, [line], By(eva, TODAY, "barrido")) == 0
    assert (line.said_code, line.stage) == ("account_in_use", LineStage.WAITING)
    assert accepting.refuse(session, [line], eva) == 1


def test_a_sweep_that_ended_opens_nothing_and_writes_to_nobody(session: Session) -> None:
    ask, eva = begun(session)
    token = sweeps.copy_link(session, ask, eva)
    sweeps.end(session, ask.sweep, eva)
    with pytest.raises(SweepLinkMissingError):
        answers.opened(session, token)
    with pytest.raises(SweepEndedError):
        sweeps.write_to(session, ask, "otra@ejemplo.mx", eva)
    with pytest.raises(SweepNobodyError):
        sweeps.start(session, [], "", eva)
    assert ask.mail_at is None
    assert session.scalars(select(SweepLine)).all() == []
