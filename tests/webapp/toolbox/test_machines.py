"""A body's own site: its keys, the API that they open, and the feed with its enclosures."""

import re
from collections.abc import Callable
from datetime import timedelta

import feedparser
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from assets.models import Asset, AssetUse, KeyScope, ToolboxKey, UseKind
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.plan import Theme
from content_calendar.permissions import Role
from tests.webapp.conftest import Browser, words
from tests.webapp.toolbox.test_packs import World

ClientAs = Callable[..., Browser]


class Site:
    """The site of a body: it has a key, and nothing else."""

    def __init__(self, world: World, *scopes: str) -> None:
        self.world = world
        self.client: FlaskClient = world.editor.client.application.test_client()
        world.liaison.get("/caja/llaves")
        form = {"name": "Portal", "organismo": "infouno", "scopes": list(scopes)}
        answer = world.liaison.post("/caja/llaves", form)
        assert answer.status_code == 201, words(answer)
        found = re.search(r'id="secreto">([^<]+)<', answer.get_data(as_text=True))
        assert found
        self.secret = found.group(1)

    def get(self, path: str, **headers: str) -> TestResponse:
        told = {"Authorization": f"Bearer {self.secret}", **headers}
        return self.client.get(path, headers=told, buffered=True)


@pytest.fixture
def world(client_as: ClientAs, database: Database) -> World:
    return World(client_as, database)


def test_a_site_reads_materials_and_texts_with_its_key(world: World) -> None:
    site = Site(world, "materials", "texts")
    listed = site.get("/api/v1/materiales").get_json()
    assert [(one["title"], one["licence"]) for one in listed["items"]] == [("Candado", "CC BY 4.0")]
    one = site.get(listed["items"][0]["url"]).get_json()
    file = site.get(one["files"][0]["url"])
    assert len(file.get_data()) == file.content_length == one["files"][0]["size"]
    post = site.get("/api/v1/publicaciones").get_json()["items"][0]
    assert (post["parts"], post["variants"]) == (["Uno", "Dos"], {"red": ["Uno para la red", "Dos"]})
    assert [medium["alt_text"] for medium in post["media"]] == ["Un candado cerrado"]
    with world.database.reading() as session:
        uses = list(session.scalars(select(AssetUse.body_id).where(AssetUse.kind == UseKind.DOWNLOADED)))
        key = session.scalars(select(ToolboxKey)).one()
    assert uses == [world.body_id]
    assert key.last_used_at is not None
    assert site.secret not in key.token_hash


def test_what_has_not_changed_is_not_sent_again(world: World) -> None:
    site = Site(world, "materials", "texts")
    for path in ("/api/v1/materiales", f"/api/v1/materiales/{world.asset}", "/api/v1/publicaciones"):
        tag = site.get(path).headers["ETag"]
        assert site.get(path, **{"If-None-Match": tag}).status_code == 304
    with world.database.transaction() as session:
        session.scalars(select(Asset)).one().embargo_until = clock.now() + timedelta(days=1)
    listed = site.get("/api/v1/materiales", **{"If-None-Match": tag})
    assert (listed.status_code, listed.get_json()["items"]) == (200, [])
    assert site.get(f"/api/v1/materiales/{world.asset}").status_code == 404
    assert site.get("/api/v1/publicaciones").get_json()["items"][0]["media"] == []


def test_a_key_opens_its_own_and_nothing_once_revoked(world: World) -> None:
    site = Site(world, "materials")
    refused = site.get("/api/v1/publicaciones")
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert site.client.get("/api/v1/materiales").status_code == 401
    assert site.get(f"/canal/{site.secret}/materiales.atom").status_code == 404
    with world.database.reading() as session:
        ref = session.scalars(select(ToolboxKey.ref)).one()
    assert world.editor.client.get("/caja/llaves").status_code == 403
    assert world.liaison.post(f"/caja/llaves/{ref}/retirar").status_code == 303
    assert site.get("/api/v1/materiales").status_code == 401
    assert "retirada el" in words(world.liaison.get("/caja/llaves"))


def test_nobody_makes_or_revokes_a_key_of_another_body(world: World, client_as: ClientAs) -> None:
    Site(world, "materials")
    other = client_as(Role.LIAISON, "carla", body_id=world.other_id)
    other.get("/caja/llaves")
    form = {"name": "Portal", "organismo": "infouno", "scopes": ["materials"]}
    assert other.post("/caja/llaves", form).status_code == 403
    with world.database.reading() as session:
        ref = session.scalars(select(ToolboxKey.ref)).one()
    assert other.post(f"/caja/llaves/{ref}/retirar").status_code == 403


@pytest.mark.parametrize("scopes", [[], ["feed", "texts"]])
def test_a_key_opens_something_and_a_feed_s_key_the_feed_alone(world: World, scopes: list[str]) -> None:
    world.liaison.get("/caja/llaves")
    form = {"name": "Portal", "organismo": "infouno", "scopes": scopes}
    assert world.liaison.post("/caja/llaves", form).status_code == 422


def test_a_feed_tells_what_the_body_may_use_with_its_file(world: World) -> None:
    site = Site(world, KeyScope.FEED.value)
    path = site.secret.removeprefix("http://localhost")
    answer = site.client.get(path)
    told = feedparser.parse(answer.get_data())
    assert (answer.mimetype, told.bozo, told.version) == ("application/atom+xml", False, "atom10")
    (entry,) = told.entries
    assert (entry.title, entry.rights, entry.author) == ("Candado", "CC BY 4.0", "Ana López")
    (enclosure,) = entry.enclosures
    file = site.client.get(enclosure.href, buffered=True)
    assert (file.mimetype, str(len(file.get_data()))) == (enclosure.type, enclosure.length)
    assert site.client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    with world.database.transaction() as session:
        session.scalars(select(Asset)).one().embargo_until = clock.now() + timedelta(days=1)
    assert feedparser.parse(site.client.get(path).get_data()).entries == []
    assert site.client.get(enclosure.href).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_feed_of_one_theme_is_found_from_its_page_and_tells_of_it_alone(world: World) -> None:
    with world.database.transaction() as session:
        asset = session.scalars(select(Asset)).one()
        mine, other = (
            Theme(title=title, colour="#112233", source="prueba") for title in ("Datos", "Archivo")
        )
        session.add_all([mine, other])
        session.flush()
        asset.theme_id, ref, others = mine.id, mine.ref, other.ref
    assert f'/caja/llaves?tema={ref}#canal"' in world.liaison.get(f"/temas/{ref}").get_data(as_text=True)
    page = world.liaison.get(f"/caja/llaves?tema={ref}").get_data(as_text=True)
    assert f'<option value="{ref}" selected' in page
    made = world.liaison.post("/caja/llaves", {"organismo": "infouno", "scopes": ["feed"], "tema": ref})
    found = re.search(r'id="secreto">http://localhost([^<]+)<', made.get_data(as_text=True))
    assert found
    assert found.group(1).endswith(f"/tema/{ref}.atom")
    assert "Canal de novedades: Datos" in words(made)
    client = world.liaison.client.application.test_client()
    told = feedparser.parse(client.get(found.group(1)).get_data())
    assert [entry.title for entry in told.entries] == ["Candado"]
    assert feedparser.parse(client.get(found.group(1).replace(ref, others)).get_data()).entries == []
    unknown = {"organismo": "infouno", "scopes": ["feed"], "tema": "nada"}
    assert world.liaison.post("/caja/llaves", unknown).status_code == 404
