"""A reviewer answers from a mail: one person, one version, one answer, and never by opening a page."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from content_calendar import notice_mail, people
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent, Membership, Person
from content_calendar.models.posts import Review
from content_calendar.models.reviews import ReviewLink
from tests.webapp.calendar.conftest import House, Write, form, picture, state_of
from tests.webapp.conftest import Browser, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ClientAs = Callable[..., Browser]
Mailed = Callable[..., list[str]]


@pytest.fixture
def mailed(database: Database) -> Mailed:
    """Hand out what the next mails to these people open."""

    def take(*names: str) -> list[str]:
        with database.transaction() as session:
            for person in session.scalars(select(Person)):
                person.mail_free_at = None
            session.flush()
            parcels = notice_mail.take(session, 20)
            tokens = {one.name.casefold(): [*one.review_tokens.values()] for one in parcels}
        return [f"/r/{tokens[name][-1]}" for name in names]

    return take


@pytest.fixture
def outside(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    browser = Browser(app.test_client(), "")
    browser.get("/entrar")
    return browser


def _send(client_as: ClientAs, ref: str) -> Browser:
    eva = client_as("editor", "eva")
    eva.post(f"/publicaciones/{ref}/enviar", {"note": ""})
    return eva


def test_a_yes_by_mail_schedules_that_version_and_the_link_is_good_once(
    client_as: ClientAs, write: Write, database: Database, mailed: Mailed, outside: Browser
) -> None:
    client_as("coordinator", "luz")
    client_as("coordinator", "ana")
    ref = write(upload=(picture(), "foto.jpg"), upload_alt="Una ventanilla abierta")
    _send(client_as, ref)
    link, other = mailed("luz", "ana")
    with database.reading() as session:
        kept = session.scalars(select(ReviewLink.token_hash)).all()
    assert len(kept) == 2
    assert not {link.rpartition("/")[2], other.rpartition("/")[2]} & set(kept)
    for _ in range(2):
        page = outside.get(link)
        assert page.status_code == 200
        assert "Este enlace es de Luz" in words(page)
        assert "Pide información pública" in words(page)
        assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (
            "no-store",
            "noindex, nofollow",
        )
    shown = re.search(rf'src="({link}/imagen/[^"]+)"', page.get_data(as_text=True))
    assert shown
    image = outside.get(shown.group(1))
    assert (image.status_code, image.mimetype) == (200, "image/jpeg")
    image.close()
    assert outside.get(f"{link}/imagen/aaaaaaaaaaaa/1").status_code == 404
    # The control: without the link the same picture and the same review are behind the door.
    assert outside.get(shown.group(1).replace(f"{link}/imagen", "/caja")).status_code in {302, 404}
    assert state_of(database, ref) == "in_review"
    # A forged form, from a page that is not ours, decides nothing either.
    assert outside.client.post(f"{link}/si").status_code == 400
    said = outside.post(f"{link}/si")
    assert (said.status_code, "Aprobada y programada" in words(said)) == (200, True)
    assert state_of(database, ref) == "scheduled"
    for path in (link, other):
        assert outside.get(path).status_code == 410
        assert outside.post(f"{path}/regresar", {"reason": "No"}).status_code == 410
    assert state_of(database, ref) == "scheduled"
    with database.reading() as session:
        luz = session.scalars(select(Person.ref).where(Person.name == "Luz")).one()
        trail = session.scalars(
            select(AuditEvent).where(AuditEvent.act == "review_answered_by_mail_link")
        ).one()
        assert (trail.actor_ref, trail.details["answer"]) == (luz, "approved")
        assert session.scalars(select(Review.decided_by_id)).one() is not None


def test_returning_wants_a_reason_and_the_link_waits_for_it(
    client_as: ClientAs, write: Write, database: Database, mailed: Mailed, outside: Browser
) -> None:
    client_as("coordinator", "luz")
    ref = write()
    _send(client_as, ref)
    (link,) = mailed("luz")
    again = outside.post(f"{link}/regresar", {"reason": " "})
    assert again.status_code == 422
    assert "Escribe el motivo" in words(again)
    done = outside.post(f"{link}/regresar", {"reason": "Falta la fecha"})
    assert (done.status_code, state_of(database, ref)) == (200, "draft")
    assert "Ya contestaste" in words(outside.get(link))


def test_another_version_another_week_and_another_role_each_close_the_link(
    client_as: ClientAs, house: House, write: Write, database: Database, mailed: Mailed, outside: Browser
) -> None:
    client_as("coordinator", "luz")
    ref = write()
    eva = _send(client_as, ref)
    (first,) = mailed("luz")
    page = eva.get(f"/publicaciones/{ref}/editar").get_data(as_text=True)
    edition = page.split('name="edition" value="')[1].split('"')[0]
    changed = form(house, text="Pide lo que quieras saber.", edition=edition, do="save")
    assert eva.post(f"/publicaciones/{ref}/editar", changed).status_code == 303
    assert outside.post(f"{first}/si").status_code == 410
    assert state_of(database, ref) == "draft"
    _send(client_as, ref)
    (second,) = mailed("luz")
    assert outside.get(second).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8), tick=True):
        assert "siete días" in words(outside.get(second))
    with database.transaction() as session:
        luz = people.find_by_email(session, client_as("coordinator", "luz").email)
        assert luz
        for held in session.scalars(select(Membership).where(Membership.person_id == luz.id)):
            held.valid_to = datetime.now(UTC).date()
    assert outside.post(f"{second}/si").status_code == 410
    assert state_of(database, ref) == "in_review"


def test_links_that_nobody_was_given_open_nothing_and_are_not_tried_for_ever(
    client_as: ClientAs, write: Write, mailed: Mailed, outside: Browser
) -> None:
    client_as("coordinator", "luz")
    _send(client_as, write())
    (link,) = mailed("luz")
    answers = [outside.get(f"/r/nada{n}").status_code for n in range(32)]
    assert set(answers[:30]) == {404}
    assert answers[-1] == 429
    assert outside.get("/r/nada/imagen/a/1").status_code == 429
    # Whoever has a good link behind the same address is let in.
    assert outside.get(link).status_code == 200
