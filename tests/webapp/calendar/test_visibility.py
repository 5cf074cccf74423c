"""Who sees what: a liaison and a regional coordinator read what was approved, an editor reads everything."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from assets.clearance import People
from assets.models import Asset
from content_calendar.clock import now
from content_calendar.content import Content, as_json, hash_of
from content_calendar.db import Database
from content_calendar.models.directory import Body, Confidence, Region
from content_calendar.models.people import Person
from content_calendar.models.plan import Bimester, Contribution, Theme
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Role
from content_calendar.states import PostState
from tests.webapp.calendar.conftest import House, Write, picture, waiting_review
from tests.webapp.conftest import Browser, words

Clients = Callable[..., Browser]
SECRET = "Borrador que nadie ha aprobado."
APPROVED = "Texto que ya se aprobó."
READERS = [Role.LIAISON, Role.REGIONAL]


@pytest.fixture
def reader(request: pytest.FixtureRequest, client_as: Clients, house: House, region: int) -> Browser:
    role: Role = request.param
    if role is Role.LIAISON:
        return client_as(role, "lector", body_id=house.body_id)
    return client_as(role, "lector", region_id=region)


@pytest.fixture
def region(database: Database) -> int:
    with database.transaction() as session:
        made = Region(slug="norte", name="Norte")
        session.add(made)
        session.flush()
        return made.id


def _boards(database: Database, ref: str) -> list[str]:
    with database.reading() as session:
        due = session.scalars(select(Post.due_at).where(Post.ref == ref)).one()
    assert due
    year, week, _ = due.date().isocalendar()
    number = (due.month + 1) // 2
    return [
        f"/calendario/{due.year}/{number}",
        f"/calendario/{due.year}/mes/{due.month}",
        f"/calendario/semana/{year}-W{week:02}",
        f"/calendario/{due.year}/{number}/lista",
    ]


@pytest.fixture
def draft(write: Write, house: House) -> str:
    return write(text=SECRET, title="Asunto reservado", theme=house.theme)


@pytest.fixture
def approved(write: Write, client_as: Clients, database: Database, house: House) -> str:
    """A post with a returned version, an approved one, and a later one as a faulty engine would leave it."""
    ref = write(text=SECRET, title="Asunto abierto", theme=house.theme, do="review")
    boss = client_as("coordinator", "coco")
    boss.post(f"/revision/{waiting_review(database, ref)[0]}/regresar", {"reason": "Motivo muy interno"})
    with database.transaction() as session:
        post = session.scalars(select(Post).where(Post.ref == ref)).one()
        author = session.scalars(select(Person.id).limit(1)).one()
        made = []
        for n, text in ((2, APPROVED), (3, SECRET)):
            value = as_json(Content(parts=(text,)))
            made.append(
                PostVersion(
                    post_id=post.id, n=n, content=value, content_hash=hash_of(value), author_id=author
                )
            )
        session.add_all(made)
        session.flush()
        post.approved_version_id, post.version_id = made[0].id, made[1].id
        # The real move is tested elsewhere: here only what is shown of its outcome matters.
        session.execute(update(Post).where(Post.id == post.id).values(state=PostState.APPROVED))
    return ref


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_a_reader_finds_no_draft_anywhere(
    reader: Browser, draft: str, database: Database, house: House
) -> None:
    assert reader.get(f"/publicaciones/{draft}").status_code == 404
    pages = [*_boards(database, draft), "/calendario?estado=draft", f"/temas/{house.theme}", "/api/v1/posts"]
    for page in pages:
        answer = reader.get(page)
        assert answer.status_code == 200
        said = answer.get_data(as_text=True)
        assert "Asunto reservado" not in said, page
        assert SECRET not in said, page


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_a_reader_sees_the_approved_version_without_its_history(
    reader: Browser, approved: str, database: Database, house: House
) -> None:
    page = words(reader.get(f"/publicaciones/{approved}"))
    assert APPROVED in page
    for inner in (SECRET, "Motivo muy interno", "Versión 1"):
        assert inner not in page
    items = reader.get("/api/v1/posts").get_json()["items"]
    assert [one["parts"] for one in items] == [[APPROVED]]
    for board in [*_boards(database, approved), f"/temas/{house.theme}"]:
        assert "Asunto abierto" in words(reader.get(board)), board


def test_an_editor_sees_drafts_versions_and_reasons(
    client_as: Clients, draft: str, approved: str, database: Database, house: House
) -> None:
    eva = client_as("editor", "eva")
    assert SECRET in words(eva.get(f"/publicaciones/{draft}"))
    page = words(eva.get(f"/publicaciones/{approved}"))
    for inner in (SECRET, "Motivo muy interno", "Versión 1"):
        assert inner in page
    for board in [*_boards(database, draft), f"/temas/{house.theme}"]:
        assert "Asunto reservado" in words(eva.get(board)), board
    texts = [one["parts"][0] for one in eva.get("/api/v1/posts").get_json()["items"]]
    assert texts == [SECRET, SECRET]


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_a_post_without_a_day_is_listed_to_whoever_writes_only(
    reader: Browser, write: Write, client_as: Clients
) -> None:
    write(title="Sin día todavía", due_date="", due_time="")
    assert "Sin día todavía" not in words(reader.get("/calendario"))
    assert "Sin día todavía" in words(client_as("editor", "eva").get("/calendario"))


@pytest.fixture
def given(database: Database, house: House, client_as: Clients) -> dict[str, str]:
    """What two bodies gave to a theme, by the body's slug."""
    client_as("editor", "eva")
    with database.transaction() as session:
        other = Body(
            slug="yuc", short_name="INAIP", name="Instituto de Yucatán", zone="America/Merida",
            state_iso="MX-YUC", state_name="Yucatán",
            name_confidence=Confidence.HIGH, confidence=Confidence.HIGH,
        )  # fmt: skip
        bimester = Bimester(year=2030, number=6, starts_on=date(2030, 11, 1), ends_on=date(2030, 12, 31))
        session.add_all([other, bimester])
        session.flush()
        theme = session.scalars(select(Theme).where(Theme.ref == house.theme)).one()
        asker = session.scalars(select(Person.id).limit(1)).one()
        refs = {}
        for slug, body_id in (("bcn", house.body_id), ("yuc", other.id)):
            one = Contribution(
                bimester_id=bimester.id, theme_id=theme.id, body_id=body_id, owed=True,
                text=f"Aporte de {slug}", asked_by_id=asker,
            )  # fmt: skip
            session.add(one)
            session.flush()
            refs[slug] = one.ref
        return refs


def test_a_liaison_reads_the_contributions_of_their_body_alone(
    given: dict[str, str], client_as: Clients, house: House
) -> None:
    liaison = client_as(Role.LIAISON, "lia", body_id=house.body_id)
    assert "Aporte de bcn" in words(liaison.get(f"/aportes/{given['bcn']}"))
    refused = liaison.get(f"/aportes/{given['yuc']}")
    assert refused.status_code == 403
    assert "Aporte de yuc" not in words(refused)
    page = liaison.get(f"/temas/{house.theme}?bimestre=2030-6").get_data(as_text=True)
    assert f"/aportes/{given['bcn']}" in page
    assert f"/aportes/{given['yuc']}" not in page


def test_whoever_asks_for_contributions_reads_them_all_and_a_regional_none(
    given: dict[str, str], client_as: Clients, region: int
) -> None:
    for ref in given.values():
        assert client_as("editor", "eva").get(f"/aportes/{ref}").status_code == 200
        assert client_as(Role.REGIONAL, "rita", region_id=region).get(f"/aportes/{ref}").status_code == 403


def _status(browser: Browser, path: str) -> int:
    answer = browser.get(path)
    answer.get_data()
    answer.close()  # what is served holds a file
    return answer.status_code


HIDDEN: dict[str, dict[str, object]] = {
    "archived": {"archived_at": now()},
    "under embargo": {"embargo_until": now() + timedelta(days=2)},
    "expired": {"expires_on": now().date() - timedelta(days=3)},
    "of minors": {"people": People.MINORS},
}


@pytest.mark.parametrize("why", HIDDEN)
@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_a_reader_is_served_no_material_that_may_not_be_used(
    reader: Browser, client_as: Clients, database: Database, why: str
) -> None:
    eva = client_as("editor", "eva")
    added = eva.post(
        "/caja",
        {
            "file": (picture(), "feria.jpg"), "title": "Feria del libro", "alt_text": "Un cartel.",
            "people": "none", "licence": "CC0",
        },
    )  # fmt: skip
    ref = added.location.rsplit("/", 1)[-1]
    paths = [f"/caja/{ref}", f"/caja/{ref}/v/1", f"/caja/{ref}/v/1/chica"]
    assert [_status(reader, path) for path in paths] == [200, 200, 200]
    assert "Feria del libro" in words(reader.get("/caja"))
    with database.transaction() as session:
        session.execute(update(Asset).where(Asset.ref == ref).values(**HIDDEN[why]))
    assert [_status(reader, path) for path in paths] == [404, 404, 404]
    assert "Feria del libro" not in words(reader.get("/caja?archivados=1"))
    assert [_status(eva, path) for path in paths] == [200, 200, 200]
    assert "Feria del libro" in words(eva.get("/caja?archivados=1"))
