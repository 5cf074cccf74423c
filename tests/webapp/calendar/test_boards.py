"""The calendar's views: any year, the same filters, and a cost that does not grow with the posts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from content_calendar.content import Content, as_json, hash_of
from content_calendar.db import Database
from content_calendar.models.directory import Account, SilenceWindow
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post, PostVersion, post_account
from content_calendar.models.publications import Publication
from content_calendar.seeds import plant
from content_calendar.states import PostState, PublicationState
from tests.conftest import CountQueries
from tests.webapp.calendar.conftest import House, Write
from tests.webapp.conftest import Browser, words

ClientAs = Callable[..., Browser]
BIMESTER = "/calendario/2030/6"


@pytest.mark.usefixtures("house")
def test_an_empty_bimester_says_what_to_do_first(client_as: ClientAs) -> None:
    eva = client_as("editor", "eva")
    page = eva.get(BIMESTER)
    assert "Este bimestre todavía no tiene temas" in words(page)
    assert "/calendario/2030/6/temas" in page.get_data(as_text=True)
    assert eva.get("/calendario").status_code == 200


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/calendario/1999/5", "septiembre y octubre de 1999"),
        ("/calendario/2032/5", "septiembre y octubre de 2032"),
        ("/calendario/1999/mes/9", "septiembre de 1999"),
        ("/calendario/semana/2032-W40", "septiembre"),
        ("/calendario/2032/5/lista", "septiembre y octubre de 2032"),
        ("/calendario/2/1", "de 2"),
        ("/calendario/9997/6", "de 9997"),
    ],
)
def test_any_year_opens_with_its_observances(
    client_as: ClientAs, database: Database, address: str, said: str
) -> None:
    with database.transaction() as session:
        plant(session, date(2026, 11, 22))
    page = client_as("editor", "eva").get(address)
    assert page.status_code == 200
    assert said in words(page).lower()
    if "9/mes/9" in address or "2032" in address:
        assert "Derecho" in words(page)


@pytest.mark.parametrize(
    "address",
    [
        "/calendario/2026/7",
        "/calendario/2026/0",
        "/calendario/2026/mes/13",
        "/calendario/semana/2026-W99",
        "/calendario/semana/nunca",
        "/calendario/dia/2026-02-30",
        "/calendario/dia/20261124",
        "/calendario/10000/1",
        "/calendario/1/1",
    ],
)
@pytest.mark.usefixtures("house")
def test_a_period_that_does_not_exist_is_not_found(client_as: ClientAs, address: str) -> None:
    assert client_as("editor", "eva").get(address).status_code == 404


def test_filters_stay_in_the_address_and_choose(client_as: ClientAs, house: House, write: Write) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    write(title="De la Comisión", campaigns="snttips")
    write(title="De Baja California", accounts=house.tijuana)
    eva = client_as("editor", "eva")
    month = f"/calendario/{day.year}/mes/{day.month}"
    every = words(eva.get(month))
    assert "De la Comisión" in every
    assert "De Baja California" in every
    for query in ("organismo=bcn", f"cuenta={house.tijuana}"):
        page = eva.get(f"{month}?{query}")
        assert "De Baja California" in words(page)
        assert "De la Comisión" not in words(page)
        assert f"?{query}" in page.get_data(as_text=True)
    assert "De Baja California" not in words(eva.get(f"{month}?campana=snttips"))
    assert "De la Comisión" not in words(eva.get(f"{month}?estado=published"))
    assert "De la Comisión" in words(eva.get(f"{month}?estado=draft"))


@pytest.mark.usefixtures("house")
def test_silence_is_shown_on_its_days(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        session.add(
            SilenceWindow(
                state_iso="MX-BCN", starts_on=date(2030, 11, 4), ends_on=date(2030, 11, 6), reason="Elección"
            )
        )
    said = words(client_as("editor", "eva").get("/calendario/2030/mes/11"))
    assert "Veda: Veda de" in said or "Veda de" in said


def _crowd(database: Database, count: int) -> None:
    """Put posts in a bimester: half still drafts, half scheduled on two accounts."""
    with database.transaction() as session:
        author = session.scalars(select(Person)).first()
        theme = session.scalars(select(Theme)).first()
        accounts = session.scalars(select(Account).order_by(Account.id).limit(2)).all()
        assert author is not None
        assert theme is not None
        for number in range(count):
            at = datetime(2030, 11, 1 + number % 28, 14 + number % 10, number % 60, tzinfo=UTC)
            local = (at - timedelta(hours=6)).replace(tzinfo=None)
            planned = {
                "due_at": at,
                "due_local": local.isoformat(),
                "due_zone": "America/Mexico_City",
            }
            state = PostState.SCHEDULED if number % 2 else PostState.DRAFT
            post = Post(
                title=f"Publicación {number}", author_id=author.id, theme_id=theme.id, state=state, **planned
            )
            session.add(post)
            session.flush()
            session.execute(
                post_account.insert(), [{"post_id": post.id, "account_id": one.id} for one in accounts]
            )
            if state is PostState.DRAFT:
                continue
            content = as_json(Content(parts=(f"Texto {number}",)))
            version = PostVersion(
                post_id=post.id, n=1, content=content, content_hash=hash_of(content), author_id=author.id
            )
            session.add(version)
            session.flush()
            session.add_all(
                Publication(
                    post_id=post.id, account_id=one.id, version_id=version.id,
                    state=PublicationState.SCHEDULED, next_at=at, late_after=at, payload=b"",
                    payload_sha256="", content_hash=version.content_hash, **planned,
                )
                for one in accounts
            )  # fmt: skip


_OF_THE_SESSION = ("web_session", "membership", "notice")


def _asked(sent: list[str]) -> list[str]:
    """Return what was asked for the page itself: who asks, what they may and their bell are asked on every page.

    So is, before any page is made, whether anything was written since (``webapp/unchanged.py``).
    """
    return [
        one
        for one in sent
        if "pg_current_snapshot" not in one
        and not any(f"FROM {name}" in " ".join(one.split()) for name in _OF_THE_SESSION)
    ]


@pytest.mark.usefixtures("house")
def test_any_view_asks_the_database_three_questions_at_most_whatever_there_is(
    client_as: ClientAs, database: Database, count_queries: CountQueries
) -> None:
    eva = client_as("editor", "eva")
    views = [BIMESTER, f"{BIMESTER}/lista"]
    views += [f"/calendario/{one}" for one in ("2030/mes/11", "semana/2030-W45", "dia/2030-11-04")]
    events = "/calendario/eventos.json?desde=2030-11-01&hasta=2030-12-31"
    filtered = [f"{view}?red=rehearsal&estado=scheduled" for view in views[::2]]
    asked: list[list[int]] = []
    for more in (10, 90):
        _crowd(database, more)
        asked.append([])
        for address in (events, *views, *filtered):
            with count_queries() as sent:
                page = eva.get(address)
            assert "Publicación" in page.get_data(as_text=True)
            asked[-1].append(len(_asked(sent)))
    few, many = asked
    assert few == many
    assert max(many) <= 3
    assert many[0] == 1


def test_the_events_of_a_range_are_told_as_json(client_as: ClientAs, house: House, write: Write) -> None:
    ref = write(title="Una", theme=house.theme)
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    eva = client_as("editor", "eva")
    address = f"/calendario/eventos.json?desde={day}&hasta={day}"
    (event,) = eva.get(address).get_json()["events"]
    assert (event["ref"], event["title"], event["state"]) == (ref, "Una", "draft")
    assert (event["local"], event["zone"]) == (f"{day}T10:00:00", "America/Mexico_City")
    assert event["at"] == f"{day}T16:00:00+00:00"
    assert (event["accounts"], event["networks"], event["movable"]) == (["ensayo"], ["rehearsal"], True)
    assert eva.get(f"{address}&red=x").get_json()["events"] == []
    assert client_as("liaison", "luis", body_id=house.body_id).get(address).get_json()["events"] == []


@pytest.mark.parametrize(
    "query",
    ["?desde=2030-11-01", "?desde=mañana&hasta=2030-11-01", "?desde=2030-11-02&hasta=2030-11-01",
     "?desde=2030-11-02&hasta=2040-11-01"],
)  # fmt: skip
@pytest.mark.usefixtures("house")
def test_events_of_no_days_or_of_too_many_are_refused(client_as: ClientAs, query: str) -> None:
    answer = client_as("editor", "eva").get(f"/calendario/eventos.json{query}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_with_strange_names_opens_the_calendar_all_the_same(client_as: ClientAs) -> None:
    eva = client_as("editor", "eva")
    for strange in ("endpoint=a", "_method=a", "_scheme=ftp", "_external=1", "year=9"):
        assert eva.get(f"/calendario?{strange}&tema=nada").status_code == 200


def test_a_filter_is_taken_away_by_its_chip(client_as: ClientAs, house: House) -> None:
    page = client_as("editor", "eva").get(f"{BIMESTER}?organismo=bcn&red=x").get_data(as_text=True)
    assert f'href="{BIMESTER}?red=x"' in page
    assert f'href="{BIMESTER}?organismo=bcn"' in page
    assert house.theme


def test_the_hour_of_another_zone_is_told_by_the_readers_clock_too(
    client_as: ClientAs, house: House, write: Write
) -> None:
    write(title="Del norte", accounts=house.tijuana, due_zone="America/Tijuana")
    write(title="Del norte, aquí", accounts=house.tijuana, due_time="15:00")
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    said = words(client_as("editor", "eva").get(f"/calendario/dia/{day}"))
    assert "10:00 Del norte" in said
    assert "en tu reloj" in said
    assert "en Tijuana (noroeste)" in said


def test_a_full_day_is_cut_on_the_month_and_whole_on_its_own_page(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    _crowd(database, 28 * 7)
    month = eva.get("/calendario/2030/mes/11").get_data(as_text=True)
    assert "1 más" in month
    assert month.count("data-movable") == 28 * 6
    assert eva.get("/calendario/dia/2030-11-13").get_data(as_text=True).count("data-movable") == 7
    assert house.theme
