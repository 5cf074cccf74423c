"""A note's picture is fetched, looked at and compared; words about the same post make it surer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from assets import resembling
from assets.models import Asset, AssetKind, AssetVersion
from assets.storage import DiskStorage, Shelf
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.posts import PostMedia
from scheduler.listening import entries
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.parsing import ParsedEntry
from scheduler.models import Replication, ReplicationStage
from scheduler.replication.ledger import Matcher, overrule
from scheduler.replication.models import EntryPicture
from scheduler.replication.picture_matching import Fetching, fetch_waiting, match_waiting
from tests.bench._labelled import TUNING
from tests.bench._labelled_pictures import LabelledPictures, PicturePair
from tests.scheduler.planting import plant_body, plant_person, plant_published

OUT = datetime(2026, 11, 20, 16, tzinfo=UTC)
TEXT = (
    "Diez personas facilitadoras terminaron su formación en Campeche y desde hoy enseñan a otras a preguntar."
)


@pytest.fixture(scope="module")
def pair() -> PicturePair:
    return next(LabelledPictures(TUNING).pairs(1))


@pytest.fixture
def site(pair: PicturePair) -> Iterator[str]:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_there = self.path == "/foto.jpg"
            self.send_response(200 if is_there else 404)
            self.end_headers()
            self.wfile.write(pair.found if is_there else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class World:
    """A post with a picture that is out, and a body whose notes may show it."""

    def __init__(self, database: Database, folder: Path, pair: PicturePair, site: str) -> None:
        self.database, self.site = database, site
        self.storage = DiskStorage(folder)
        sha256 = self.storage.put(Shelf.SERVED, BytesIO(pair.ours))
        with database.transaction() as session:
            owner = plant_body(session, "owner")
            self.body = plant_body(session, "infonl")
            self.person = plant_person(session)
            self.post = plant_published(session, owner, TEXT, OUT)
            asset = Asset(kind=AssetKind.IMAGE, title="Personas facilitadoras", added_by_id=self.person.id)
            session.add(asset)
            session.flush()
            session.add(
                AssetVersion(
                    asset_id=asset.id, n=1, sha256=sha256, original_sha256=sha256, media_type="image/jpeg",
                    size=1, added_by_id=self.person.id,
                )
            )  # fmt: skip
            session.add(
                PostMedia(
                    post_id=self.post.id, position=1, asset_ref=asset.ref, asset_version=1, sha256=sha256
                )
            )

    def looks(self) -> None:
        with self.database.reading() as session:
            waiting = resembling.unseen(session, 9)
        for asset_id, sha256 in waiting:
            with self.database.transaction() as session:
                resembling.remember(session, asset_id, sha256, resembling.look_of(self.storage, sha256))

    def notes(self, text: str, path: str = "/foto.jpg", days: int = 0) -> None:
        note = ParsedEntry(
            "Nota", "https://infonl.mx/nota", text, OUT + timedelta(hours=3 - 24 * days), "", None
        )
        with self.database.transaction() as session:
            shown = ParsedEntry(
                **{name: getattr(note, name) for name in note.__slots__} | {"picture": self.site + path}
            )
            entries.keep(session, self.body.id, None, [shown], clock.now())

    def works(self) -> int:
        host = self.site.removeprefix("http://")
        fetch_waiting(self.database, Fetching(FetchPolicy.of((host,), "")))
        return match_waiting(self.database, resembling.KnownLooks(), self.storage)

    def only(self) -> Replication:
        with self.database.reading() as session:
            row = session.scalars(select(Replication)).one()
            session.expunge_all()
            return row


@pytest.fixture
def world(
    database: Database, tmp_path: Path, pair: PicturePair, site: str, monkeypatch: pytest.MonkeyPatch
) -> World:
    monkeypatch.setattr(clock, "_now", lambda: OUT + timedelta(days=1))
    return World(database, tmp_path, pair, site)


def test_a_note_that_shows_a_posts_picture_takes_it_up_once(world: World) -> None:
    world.looks()
    world.notes("Mira")
    assert world.works() == 1
    assert world.works() == 0
    replication = world.only()
    assert (replication.stage, replication.why_code) == (ReplicationStage.SEEN, "replication_same_picture")
    assert replication.why_params["asset"] == "Personas facilitadoras"


def test_words_and_picture_make_each_other_surer(world: World) -> None:
    world.looks()
    words = TEXT.split()
    world.notes(" ".join(f"palabra{n}" if n % 4 == 3 else word for n, word in enumerate(words)))
    Matcher().match(world.database)
    before = world.only()
    assert before.stage is ReplicationStage.DOUBTFUL
    world.works()
    after = world.only()
    assert (after.id, after.stage) == (before.id, ReplicationStage.SEEN)
    assert after.why_code == "replication_picture_and_words"
    assert (after.score or 0) > (before.score or 0)


def test_what_a_person_decided_stays_whatever_a_picture_shows(world: World) -> None:
    world.looks()
    world.notes(TEXT)
    Matcher().match(world.database)
    with world.database.transaction() as session:
        overrule(session, world.person, world.only().ref)
    assert world.works() == 0
    assert world.only().stage is ReplicationStage.REJECTED


def test_a_picture_that_is_not_there_is_tried_again_later_and_no_old_one_is_asked_for(world: World) -> None:
    world.notes("Mira", "/nada.jpg")
    world.notes("Vieja", days=20)
    world.works()
    with world.database.reading() as session:
        (picture,) = session.scalars(select(EntryPicture)).all()
        assert (picture.failures, picture.looked_at) == (1, None)
        assert picture.next_at > clock.now()
