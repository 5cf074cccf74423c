"""A year of a body's life, day by day: at each moment the public page, the JSON and «¿es oficial?» answer rightly."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from content_calendar import account_looks, accounts, certification, certification_links
from content_calendar.account_looks import Told
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body
from content_calendar.models.notices import Notice
from content_calendar.models.standing import DirectoryProposal, LookResult, ProposalStage
from content_calendar.succession import NewBody, found_successor
from scheduler.networks import networks
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
NETWORK = next(slug for slug, one in networks().items() if one.needs_connection)


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy(sqlite_template, tmp_path / "resuena.db")
    return f"sqlite:///{tmp_path / 'resuena.db'}"


@pytest.fixture(autouse=True)
def calendar() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2027-01-05T18:00:00Z", tick=False) as travelling:
        yield travelling


class Year:
    """The body, the people around it, and what the public is told of a handle."""

    def __init__(
        self, app: Flask, database: Database, client_as: ClientAs, calendar: time_machine.Traveller
    ) -> None:
        self.app, self.database, self.client_as, self.calendar = app, database, client_as, calendar
        with database.transaction() as session:
            self.body_id = Stage(session).body("itei").id

    def public(self, handle: str) -> tuple[str, str, bool]:
        """What anybody reads about a handle: the page's first words, the JSON's answer, and whether it is listed."""
        anybody = self.app.test_client()
        page = words(anybody.get(f"/es-oficial?cuenta=@{handle}"))
        said = anybody.get(f"/es-oficial.json?cuenta=@{handle}").get_json()["answers"][0]["answer"]
        listed = anybody.get("/publico/directorio.json").get_json()["accounts"]
        first = next(
            one
            for one in (
                "Sí, es oficial", "Por certificar", "Ya no lo es", "No, no hables", "Todavía no lo sabemos",
                "No está registrada",
            )
            if one in page
        )  # fmt: skip
        names = {one["handle"].casefold() for one in listed}
        in_page = handle.casefold() in words(anybody.get("/publico/directorio")).casefold().split()
        assert in_page == (handle.casefold() in names)
        return first, said, handle.casefold() in names

    def on(self, day: str) -> None:
        """Let it be that day."""
        self.calendar.move_to(datetime.fromisoformat(f"{day}T18:00:00+00:00"))

    def ask(self, handle: str) -> str:
        """What the page says when somebody asks about a handle."""
        return words(self.app.test_client().get(f"/es-oficial?cuenta={handle}"))

    def as_role(self, role: str, name: str, path: str = "/directorio/itei") -> Browser:
        browser = self.client_as(role, name, **({"body_id": self.body_id} if role == "liaison" else {}))
        browser.get(path)
        return browser

    def account(self) -> Account:
        with self.database.reading() as session:
            return session.scalars(select(Account)).one()

    def look(self, found_id: str, called: str = "") -> LookResult:
        """What the account's network tells the worker today."""
        with self.database.transaction() as session:
            one = session.scalars(select(Account.id)).first()
            assert one is not None
            return account_looks.record(session, one, Told(found_id, called))

    def chase(self) -> None:
        with self.database.transaction() as session:
            certification.chase(session)

    def waiting(self) -> str:
        with self.database.reading() as session:
            return session.scalars(
                select(DirectoryProposal.ref).where(DirectoryProposal.stage == ProposalStage.WAITING)
            ).one()

    def link(self) -> str:
        """What the mail about the newest notice brings to whoever answers for the body."""
        with self.database.transaction() as session:
            newest = session.scalars(
                select(Notice)
                .where(Notice.subject_kind == "certification")
                .order_by(Notice.id.desc())
                .limit(1)
            ).all()
            return certification_links.issue(session, newest)[newest[0].id]


def it_is_taken_in_and_certified(year: Year) -> None:
    """January: the liaison tells of an account; the commission takes it in; nobody has certified it yet."""
    year.as_role("liaison", "beto").post(
        "/directorio/itei/proponer", {"kind": "add_account", "network": NETWORK, "handle": "vozmx"}
    )
    assert year.public("vozmx") == ("No está registrada", "not_registered", False)
    year.as_role("editor", "eva").post(f"/directorio/propuestas/{year.waiting()}/aceptar")
    assert year.public("vozmx") == ("Todavía no lo sabemos", "uncertified", False)
    year.as_role("liaison", "beto").post("/directorio/itei/certificar", {"account": year.account().ref})
    assert year.public("vozmx") == ("Sí, es oficial", "official", True)
    assert year.look("n-1") is LookResult.LEARNT


def it_changes_its_name(year: Year) -> None:
    """March: it changes its name; the network tells, a person accepts, the certification stands."""
    year.on("2027-03-01")
    assert year.look("", "vozmx_mx") is LookResult.RENAMED
    assert year.public("vozmx") == ("Sí, es oficial", "official", True)
    year.as_role("coordinator", "luz").post(f"/directorio/propuestas/{year.waiting()}/aceptar")
    assert year.public("vozmx") == ("Ya no lo es", "was_official", False)
    assert "se llama ahora vozmx_mx" in year.ask("vozmx")
    assert year.public("vozmx_mx") == ("Sí, es oficial", "official", True)


def it_lapses(year: Year) -> None:
    """April: it lapses. The mail's link says yes again, without a password."""
    year.on("2027-03-25")
    year.chase()
    year.on("2027-04-05")
    assert year.public("vozmx_mx") == ("Por certificar", "lapsed", False)
    year.chase()
    assert year.public("vozmx_mx") == ("Por certificar", "lapsed", False)
    assert "fue certificada como cuenta de" in year.ask("vozmx_mx")
    door = Browser(year.app.test_client(), "")
    address = f"/certificar/{year.link()}"
    assert "Siguen siendo suyas" in words(door.get(address))
    assert year.public("vozmx_mx") == ("Por certificar", "lapsed", False)
    assert "es oficial hasta" in words(door.post(address, {"account": year.account().ref}))
    assert door.post(address, {"account": year.account().ref}).status_code == 410
    assert year.public("vozmx_mx") == ("Sí, es oficial", "official", True)


def an_impostor_takes_what_was_given_up(year: Year) -> None:
    """May: an impostor takes the handle that was given up; it is no more the body's than before."""
    year.on("2027-05-20")
    assert year.look("n-1") is LookResult.SAME
    assert year.public("vozmx") == ("Ya no lo es", "was_official", False)
    assert "vozmx_mx" in year.ask("v0zmx_mx_oficial")


def somebody_takes_what_is_in_use(year: Year) -> None:
    """June: somebody takes the handle that is in use. It is official no more, at once, and people are told."""
    year.on("2027-06-20")
    assert year.look("n-666") is LookResult.TAKEN
    assert year.public("vozmx_mx") == ("No, no hables", "not_official", False)
    assert "es ahora de otra cuenta" in words(year.as_role("coordinator", "luz").get("/avisos"))
    assert "es ahora de otra cuenta" in words(year.as_role("liaison", "beto").get("/avisos"))
    # The body gets it back; the network says so, and a person before it is official again.
    year.on("2027-06-28")
    assert year.look("n-1") is LookResult.SAME
    assert year.public("vozmx_mx")[1] == "uncertified"
    year.as_role("coordinator", "luz").post(f"/directorio/cuentas/{year.account().ref}/certificar")
    assert year.public("vozmx_mx") == ("Sí, es oficial", "official", True)


def it_is_dissolved_and_succeeded(year: Year) -> None:
    """September: dissolved, and succeeded by another. What was certified ends with the body."""
    year.on("2027-09-15")
    year.as_role("liaison", "beto").post(
        "/directorio/itei/proponer",
        {
            "kind": "succession",
            "name": "Transparencia para el Pueblo",
            "short_name": "TPP",
            "day": "2027-09-15",
        },
    )
    assert year.public("vozmx_mx")[1] == "official"
    year.as_role("coordinator", "luz").post(f"/directorio/propuestas/{year.waiting()}/aceptar")
    assert year.public("vozmx_mx") == ("Ya no lo es", "was_official", False)
    page = words(year.app.test_client().get("/publico/directorio"))
    assert "Extinto el 15 de septiembre" in page
    assert "Le sigue: Transparencia para el Pueblo" in page
    with year.database.transaction() as session:
        heir = session.scalars(select(Body).where(Body.slug == "tpp")).one()
        new = accounts.NewAccount(NETWORK, "tpp_mx")
        account = accounts.add(session, heir, new, heir.valid_from or datetime.now().date(), actor_ref="")  # noqa: DTZ005 -- the moved clock
        accounts.certify(session, account, Stage(session).person())
    assert year.public("tpp_mx") == ("Sí, es oficial", "official", True)


def its_history_is_read(year: Year) -> None:
    """December: all of it can be read in its history."""
    year.on("2027-12-01")
    told = words(year.as_role("editor", "eva").get("/directorio/itei/historia"))
    for line in (
        "Agregó la cuenta vozmx", "pasó a llamarse vozmx_mx", "Venció la certificación", "Contestó por correo",
        "Alarma: en la red", "Terminó la alarma", "Le sucede Transparencia para el Pueblo",
    ):  # fmt: skip
        assert line in told


def test_a_year_of_a_body_s_life(
    app: Flask, database: Database, client_as: ClientAs, calendar: time_machine.Traveller
) -> None:
    year = Year(app, database, client_as, calendar)
    it_is_taken_in_and_certified(year)
    it_changes_its_name(year)
    it_lapses(year)
    an_impostor_takes_what_was_given_up(year)
    somebody_takes_what_is_in_use(year)
    it_is_dissolved_and_succeeded(year)
    its_history_is_read(year)


def test_a_body_that_was_succeeded_long_ago_answers_for_nobody(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        body = stage.body("infoy")
        handle = stage.account(body, NETWORK).handle
        heir = NewBody("infoz", "INFOZ", "Instituto Z", "decreto")
        found_successor(session, body, heir, (datetime.now() - timedelta(days=400)).date(), actor_ref="")  # noqa: DTZ005 -- same
    said = app.test_client().get(f"/es-oficial.json?cuenta={handle}").get_json()["answers"]
    assert [one["answer"] for one in said] == ["was_official"]
