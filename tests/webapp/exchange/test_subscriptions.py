"""Live addresses of the calendar: read back as a program would, revocable, and no wider than their owner's eyes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, SilenceWindow
from content_calendar.models.exchange import CalendarFeed
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.exchange.conftest import NOW, good, send, xlsx

PAGE = "/calendario/suscripciones"
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ClientAs = Callable[..., Browser]


@pytest.fixture
def planned(eva: Browser) -> Browser:
    """An editor with a small bimester."""
    rows: list[dict[str, object]] = [
        {**good(0), "Título": "De la Comisión"},
        {**good(1), "Título": "De Nuevo León", "Cuentas": "@infonl", "Zona": "Tijuana"},
        {"Tema": "Datos personales", "Fecha": "01/03/2030", "Hasta": "30/03/2030"},
    ]
    eva.post(f"{send(eva, xlsx(rows))}/importar", {"edition": 0})
    return eva


def address(who: Browser, subject: str = "all") -> str:
    who.get(PAGE)
    answer = who.post(PAGE, {"subject": subject})
    assert answer.status_code == 201, words(answer)
    found = re.search(r'id="direccion">[^<]*?(/calendario/vivo/[^<]+\.ics)<', answer.get_data(as_text=True))
    assert found
    return found.group(1)


def events(who: Browser, path: str) -> dict[str, Event]:
    answer = who.client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    made = Calendar.from_ical(answer.get_data())
    assert not made.errors
    every = [one for one in made.walk("VEVENT") if isinstance(one, Event)]
    uids = [str(one["UID"]) for one in every]
    assert len(uids) == len(set(uids))
    return {str(one["SUMMARY"]): one for one in every}


def begins(event: Event) -> datetime:
    at: object = event.decoded("DTSTART")
    assert isinstance(at, datetime)
    return at


def test_a_feed_is_read_back_with_its_hours_and_days(planned: Browser) -> None:
    found = events(planned, address(planned))
    assert begins(found["De la Comisión"]).astimezone(UTC) == datetime(2030, 3, 1, 14, tzinfo=UTC)
    away = found["De Nuevo León"]
    assert begins(away).utcoffset() == timedelta(hours=-8)
    assert away["DTSTART"].params["TZID"] == "America/Tijuana"
    assert str(away["STATUS"]) == "TENTATIVE"
    span = found["Datos personales"]
    assert (span.start.isoformat(), span.end.isoformat()) == ("2030-03-01", "2030-03-31")
    for one in found.values():
        assert one["DTSTAMP"]


@ONE_DATABASE
def test_a_feed_tells_only_of_its_subject(planned: Browser, office: Database) -> None:
    with office.transaction() as session:
        account = session.scalars(select(Account.ref).where(Account.handle == "infonl")).one()
        theme = session.scalars(select(Theme.ref).where(Theme.title == "Datos personales")).one()
        body_id = session.scalars(select(Body.id).where(Body.slug == "infonl")).one()
        session.add(
            SilenceWindow(body_id=body_id, starts_on=NOW.date(), ends_on=NOW.date(), reason="Elección")
        )
    posts = {"De la Comisión", "De Nuevo León"}
    assert set(events(planned, address(planned, f"account:{account}"))) & posts == {"De Nuevo León"}
    of_body = set(events(planned, address(planned, "body:infonl")))
    assert of_body & posts == {"De Nuevo León"}
    assert "Veda: Elección" in of_body
    of_theme = set(events(planned, address(planned, f"theme:{theme}")))
    assert of_theme & {"Datos personales", *posts} == {"Datos personales", "De la Comisión"}
    assert "Veda: Elección" not in of_theme


def test_a_post_that_moves_keeps_its_name(planned: Browser, office: Database) -> None:
    path = address(planned)
    before = events(planned, path)["De la Comisión"]
    with office.transaction() as session:
        post = session.scalars(select(Post).where(Post.title == "De la Comisión")).one()
        post.due_local, post.due_at = "2030-03-02T10:00:00", datetime(2030, 3, 2, 16, tzinfo=UTC)
    after = events(planned, path)["De la Comisión"]
    assert before["UID"] == after["UID"]
    assert before.start != after.start


def test_an_unchanged_feed_is_not_sent_again(
    planned: Browser, office: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address(planned)
    first = planned.client.get(path)
    monkeypatch.setattr(clock, "_now", lambda: NOW + timedelta(minutes=10))
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    again = planned.client.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert planned.client.get(path, headers={"If-Modified-Since": since}).status_code == 304
    assert planned.client.get(path).headers["Last-Modified"] == since
    with office.transaction() as session:
        session.scalars(select(Post).where(Post.title == "De la Comisión")).one().title = "Otro nombre"
    changed = planned.client.get(path, headers={"If-None-Match": tag, "If-Modified-Since": since})
    assert changed.status_code == 200
    assert changed.headers["Last-Modified"] != since


@ONE_DATABASE
def test_whoever_only_reads_is_told_no_draft(planned: Browser, client_as: ClientAs, office: Database) -> None:
    with office.reading() as session:
        body_id = session.scalars(select(Body.id).where(Body.slug == "infonl")).one()
    beto = client_as("liaison", "beto", body_id=body_id)
    found = set(events(beto, address(beto)))
    assert planned.email != beto.email
    assert "Datos personales" in found
    assert not {"De la Comisión", "De Nuevo León"} & found


@ONE_DATABASE
def test_a_revoked_address_shows_nothing_nor_one_of_somebody_who_left(
    planned: Browser, client_as: ClientAs, office: Database
) -> None:
    path, other = address(planned), address(planned)
    with office.reading() as session:
        ref = session.scalars(select(CalendarFeed.ref).order_by(CalendarFeed.id)).first()
        hashes = session.scalars(select(CalendarFeed.token_hash)).all()
    assert not [one for one in hashes if one in path]
    luz = client_as("editor", "luz")
    assert luz.post(f"{PAGE}/{ref}/retirar").status_code == 404
    assert planned.post(f"{PAGE}/{ref}/retirar").status_code == 303
    assert planned.client.get(path).status_code == 404
    assert planned.client.get(other).status_code == 200
    with office.transaction() as session:
        session.scalars(select(Person).where(Person.email == "eva@ejemplo.mx")).one().left_at = NOW
    assert planned.client.get(other).status_code == 404
    assert planned.client.get("/calendario/vivo/nada.ics").status_code == 404


@ONE_DATABASE
def test_a_subject_that_is_not_there_is_refused(eva: Browser) -> None:
    eva.get(PAGE)
    for subject in ("", "body:nadie", "todo"):
        assert eva.post(PAGE, {"subject": subject}).status_code == 422


@ONE_DATABASE
def test_a_fuller_calendar_asks_the_database_no_more(planned: Browser, count_queries: CountQueries) -> None:
    path = address(planned)
    planned.client.get(path)
    with count_queries() as few:
        planned.client.get(path)
    planned.post(f"{send(planned, xlsx([good(n) for n in range(10, 50)]))}/importar", {"edition": 0})
    planned.client.get(path)
    with count_queries() as many:
        planned.client.get(path)
    assert len(many) == len(few) <= 14
