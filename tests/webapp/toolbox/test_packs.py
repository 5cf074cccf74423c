"""Packs through their pages: what is in the ZIP for whom, what stays out, share links that end."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assets import uptake
from assets.models import (
    Asset,
    AssetKind,
    AssetUse,
    AssetVersion,
    Rendition,
    ShareLink,
    ShareLinkDay,
    UseKind,
)
from assets.renditions import formats
from assets.storage import DiskStorage, Shelf
from content_calendar import clock
from content_calendar.content import Content, Medium, as_json, hash_of
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Role
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from tests.webapp.toolbox.test_toolbox import add, form, png

ClientAs = Callable[..., Browser]


class World:
    """A post with a picture, approved; a liaison of a body, and an editor."""

    def __init__(self, client_as: ClientAs, database: Database) -> None:
        self.database = database
        self.editor = client_as("editor")
        self.asset = add(self.editor, licence="CC BY 4.0", author="Ana López")
        with database.transaction() as session:
            stage = Stage(session)
            region = stage.region("norte")
            body, other = stage.body("infouno", region), stage.body("infodos")
            self.region_id = region.id
            self.body_id = body.id
            row = stage.publication(stage.account(body))
            post = session.get_one(Post, row.post_id)
            asset = session.scalars(select(Asset).where(Asset.ref == self.asset)).one()
            # Of this kind no formats are made: the press has its own test below.
            asset.kind = AssetKind.TEXT
            content = Content(
                parts=("Uno", "Dos"),
                kind="thread",
                variants={"red": ("Uno para la red", "Dos")},
                media=(Medium(self.asset, 1, "0" * 64, "Un candado cerrado"),),
            )
            value = as_json(content)
            version = PostVersion(
                post_id=post.id, n=2, content=value, content_hash=hash_of(value), author_id=asset.added_by_id
            )
            session.add(version)
            session.flush()
            post.title, post.approved_version_id = "¿Cómo cuidar tus datos?", version.id
            self.post, self.post_id, self.other_id = post.ref, post.id, other.id
        self.liaison = client_as(Role.LIAISON, "beto", body_id=self.body_id)

    def pull(self, browser: Browser, path: str = "") -> zipfile.ZipFile:
        answer = browser.client.get(path or f"/caja/paquetes/publicacion/{self.post}/descargar")
        assert answer.status_code == 200
        data = answer.get_data()
        assert answer.content_length == len(data)
        return zipfile.ZipFile(io.BytesIO(data))

    def share(self, browser: Browser, **form: str) -> str:
        browser.get(f"/caja/paquetes/publicacion/{self.post}")
        answer = browser.post(f"/caja/paquetes/publicacion/{self.post}/compartir", {"days": "14", **form})
        assert answer.status_code == 201, words(answer)
        return "/c/" + words(answer).partition("http://localhost/c/")[2].split()[0]


@pytest.fixture
def world(client_as: ClientAs, database: Database) -> World:
    return World(client_as, database)


def test_a_pack_holds_texts_pictures_words_and_instructions(world: World) -> None:
    opened = world.pull(world.liaison)
    assert opened.testzip() is None
    names = opened.namelist()
    assert names[:4] == ["LEEME.txt", "index.html", "texto.txt", "texto-red.txt"]
    assert names[4].startswith("imagenes/01-candado.")
    assert opened.read("texto.txt").decode() == "[1/2]\nUno\n\n[2/2]\nDos"
    readme = opened.read("LEEME.txt").decode()
    for said in ("Instituto infouno", "Un candado cerrado", "CC BY 4.0", "Ana López", names[4]):
        assert said in readme
        assert said in opened.read("index.html").decode()
    with world.database.reading() as session:
        assert uptake.reaches(session, [world.post_id])[world.post_id].downloaded == {world.body_id}
        use = session.scalars(select(AssetUse).where(AssetUse.kind == UseKind.DOWNLOADED)).one()
        assert (use.post_id, use.body_id, use.version) == (world.post_id, world.body_id, 1)


def test_pictures_come_in_their_formats_with_the_body_s_mark(world: World) -> None:
    with world.database.transaction() as session:
        session.scalars(select(Asset)).one().kind = AssetKind.IMAGE
    first, again = world.pull(world.liaison), world.pull(world.liaison)
    assert first.testzip() is None
    names = [name.rpartition("/")[2] for name in first.namelist() if name.startswith("imagenes/01-candado/")]
    assert names[0] == "completa.png"
    assert {name.partition(".")[0] for name in names[1:]} == set(formats())
    assert [one.CRC for one in first.infolist()[3:]] == [one.CRC for one in again.infolist()[3:]]
    with world.database.reading() as session:
        marks = set(session.scalars(select(Rendition.mark)))
        pulled = set(session.scalars(select(AssetUse.format).where(AssetUse.kind == UseKind.DOWNLOADED)))
    assert len(marks - {""}) == 1
    assert pulled == {"", *formats()}


def test_what_may_not_be_used_today_stays_out_and_why_is_told(world: World) -> None:
    with world.database.transaction() as session:
        session.scalars(select(Asset)).one().embargo_until = clock.now() + timedelta(days=3)
    opened = world.pull(world.liaison)
    assert not [name for name in opened.namelist() if name.startswith("imagenes/")]
    assert "Candado: Este material se puede usar a partir de" in opened.read("LEEME.txt").decode()


def test_a_pack_of_texts_alone_counts_as_downloaded(world: World) -> None:
    with world.database.transaction() as session:
        session.scalars(select(Asset)).one().embargo_until = clock.now() + timedelta(days=3)
    with world.database.reading() as session:
        assert uptake.reaches(session, [world.post_id])[world.post_id].downloaded == set()
    world.pull(world.liaison)
    world.pull(world.liaison)
    world.pull(world.editor)  # the commission's own counts for no body
    with world.database.reading() as session:
        reach = uptake.reaches(session, [world.post_id])[world.post_id]
        assert reach.downloaded == reach.seen == {world.body_id}
        assert list(session.scalars(select(AssetUse))) == []


def test_a_file_lost_from_the_storage_is_told_before_the_pack_begins(world: World, app: Flask) -> None:
    folder = app.extensions["resuena.settings"].data / "materials" / "served"
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    opened = world.pull(world.liaison)
    assert "no está en el almacén" in opened.read("LEEME.txt").decode()
    assert opened.testzip() is None


def test_a_liaison_gets_no_pack_of_another_body_nor_of_a_draft(world: World) -> None:
    path = f"/caja/paquetes/publicacion/{world.post}/descargar"
    assert world.liaison.client.get(f"{path}?organismo=infodos").status_code == 403
    assert world.editor.client.get(f"{path}?organismo=infodos").status_code == 200
    with world.database.transaction() as session:
        session.get_one(Post, world.post_id).approved_version_id = None
    assert world.liaison.client.get(path).status_code == 404


def test_today_leads_a_liaison_to_the_pack_in_one_click(world: World) -> None:
    assert f'href="/caja/paquetes/publicacion/{world.post}/descargar"' in world.liaison.get("/").get_data(
        as_text=True
    )


def test_a_share_link_shows_what_who_and_until_when_and_is_counted(world: World, app: Flask) -> None:
    address = world.share(world.liaison, note="Radio universitaria")
    stranger = Browser(app.test_client(), "")
    said = words(stranger.get(address))
    for part in (
        "¿Cómo cuidar tus datos?",
        "Comparte: Instituto infouno",
        "El enlace vale hasta el",
        "CC BY 4.0",
    ):
        assert part in said
    assert world.pull(stranger, f"{address}/paquete.zip").testzip() is None
    with world.database.reading() as session:
        day = session.scalars(select(ShareLinkDay)).one()
        assert (day.opened, day.pulled) == (1, 1)
        assert address[3:] not in session.scalars(select(ShareLink.token_hash)).one()
        acts = list(session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "share_link")))
    assert acts == ["share_link.made"]
    assert "Radio universitaria" in words(world.liaison.get("/caja/compartidos"))


def test_an_ended_link_answers_with_a_sentence_and_opens_nothing(world: World, app: Flask) -> None:
    address, stranger = world.share(world.liaison), app.test_client()
    with world.database.transaction() as session:
        session.scalars(select(ShareLink)).one().expires_at = clock.now() - timedelta(seconds=1)
    for path in (address, f"{address}/paquete.zip"):
        answer = stranger.get(path)
        assert (answer.status_code, "Este enlace valía hasta" in words(answer)) == (410, True)
    with world.database.transaction() as session:
        link = session.scalars(select(ShareLink)).one()
        link.expires_at = clock.now() + timedelta(days=1)
        ref = link.ref
    assert stranger.get(address).status_code == 200
    world.liaison.get("/caja/compartidos")
    assert world.liaison.post(f"/caja/compartidos/{ref}/retirar").status_code == 303
    assert "lo retiró" in words(stranger.get(address))
    assert stranger.get(f"{address[:-1]}").status_code == 404


def test_only_the_staff_and_a_body_for_its_own_share(world: World, client_as: ClientAs) -> None:
    address = f"/caja/paquetes/publicacion/{world.post}"
    regional = client_as(Role.REGIONAL, region_id=world.region_id)
    regional.get(address)
    assert regional.post(f"{address}/compartir", {"days": "14", "organismo": "infouno"}).status_code == 403
    world.share(world.editor)
    other = client_as(Role.LIAISON, "carla", body_id=world.other_id)
    other.get(address)
    with world.database.reading() as session:
        ref = session.scalars(select(ShareLink.ref)).one()
    assert other.post(f"/caja/compartidos/{ref}/retirar").status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_file_of_a_share_page_is_found_without_the_rest_of_the_pack(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.editor.get("/caja")
    added = world.editor.post("/caja", form(png("teal"), licence="CC BY 4.0", title="Otro"))
    other = str(added.location).rpartition("/")[2]
    with world.database.transaction() as session:
        post = session.get_one(Post, world.post_id)
        media = tuple(Medium(ref, 1, "0" * 64, "Un candado") for ref in (world.asset, other))
        value = as_json(Content(parts=("Uno",), media=media))
        version = PostVersion(post_id=post.id, n=3, content=value, content_hash=hash_of(value), author_id=1)
        session.add(version)
        session.flush()
        post.approved_version_id = version.id
        session.scalars(select(Asset).where(Asset.ref == other)).one().kind = AssetKind.TEXT
        thumbnail, whole = session.execute(
            select(AssetVersion.thumbnail_sha256, AssetVersion.sha256)
            .join(AssetVersion.asset)
            .where(Asset.ref == other)
        ).one()
    address, stranger = world.share(world.liaison), app.test_client()
    looked: list[str] = []
    lacks = DiskStorage.lacks

    def look(storage: DiskStorage, shelf: Shelf, sha256: str) -> bool:
        looked.append(sha256)
        return lacks(storage, shelf, sha256)

    monkeypatch.setattr(DiskStorage, "lacks", look)
    stranger.get(address)
    assert len(looked) == 2  # the control: the page looks at both
    for path, said in ((f"chica/{thumbnail}", "image/png"), (f"archivo/{whole}", "image/png")):
        looked.clear()
        answer = stranger.get(f"{address}/{path}", buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, said)
        assert looked == [whole]
    assert "02-otro" in answer.headers["Content-Disposition"]
    assert stranger.get(f"{address}/archivo/{'0' * 64}").status_code == 404
