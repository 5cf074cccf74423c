"""Replies are looked for hourly and then ever more rarely; what is said to us is kept once, and seen to be answered."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from content_calendar import replies, series
from content_calendar.db import Database
from content_calendar.models.dialogue import Reply, ReplyLook, ReplyStage
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import PublicationState
from scheduler import reply_reading
from scheduler.network import AccountAccess, RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.networks.rehearsal import Rehearsal
from scheduler.powers import RemoteReply
from scheduler.worker import Worker
from tests.scheduler.scene import Time, account, planned, worker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SLUG = "platicada"


class Talking(Rehearsal):
    """A network that tells what was answered; ``fate`` is what the next look raises."""

    slug: ClassVar[str] = SLUG
    needs_connection: ClassVar[bool] = True

    def __init__(self) -> None:
        self.said: list[RemoteReply] = []
        self.fate: list[Exception] = []
        self.asked: list[str] = []

    def read_replies(self, access: AccountAccess, remote_id: str) -> Sequence[RemoteReply]:
        assert access.secrets
        self.asked.append(remote_id)
        if self.fate:
            raise self.fate.pop(0)
        return self.said


def reply(name: str, answers: str = "", *, own: bool = False, text: str = "¿Y si no?") -> RemoteReply:
    link = f"https://red.example/{name}"
    answered = f"https://red.example/{answers}" if answers else ""
    return RemoteReply(link, f"{link}/visto", answered, name, text, datetime(2026, 11, 1, tzinfo=UTC), own)


class Scene:
    def __init__(self, work: Worker, time: Time, network: Talking) -> None:
        self.worker, self.time, self.network = work, time, network

    def out(self, *, in_series: bool = True) -> int:
        with self.worker.database.transaction() as session:
            to = account(session, SLUG, self.worker)
            row = planned(session, to, self.time.at + timedelta(minutes=1))
            post = session.get_one(Post, row.post_id)
            author = session.get_one(Person, post.author_id)
            if in_series:
                every = series.listed(session)
                tips = every[0] if every else series.begin(session, "Tips", "#SNTtips", 1, author)
                series.put(session, post, tips.ref, author)
            out = {"state": PublicationState.PUBLISHED, "published_at": self.time.at}
            session.execute(update(Publication).where(Publication.id == row.id).values(out))
            part = update(PublicationPart).where(PublicationPart.publication_id == row.id)
            session.execute(part.values(remote_id=f"at://{row.id}"))
            return row.id

    def look(self) -> int:
        return reply_reading.tick(self.worker)

    def kept(self) -> dict[str, ReplyStage]:
        with self.worker.database.reading() as session:
            return {one.handle: one.stage for one in session.scalars(select(Reply))}

    def next_look(self) -> timedelta | None:
        with self.worker.database.reading() as session:
            at = session.scalars(select(ReplyLook.next_at)).one()
        return at - self.time.at if at else None


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    talking = Talking()
    with Time().ruling() as time, patch.dict(networks(), {SLUG: talking}):
        yield Scene(worker(database, tmp_path / "data"), time, talking)


def test_what_is_said_to_us_is_kept_once_and_what_people_say_to_each_other_is_not(scene: Scene) -> None:
    publication = scene.out()
    scene.network.said = [
        reply("ana"),
        reply("beto", "ana"),
        reply("nosotros", own=True, text="2/2"),
        reply("caro", "nosotros"),
    ]
    assert scene.look() == 0
    for _ in range(3):
        scene.time.pass_by(hours=1)
        assert scene.look() == 1
    assert scene.kept() == {"ana": ReplyStage.UNANSWERED, "caro": ReplyStage.UNANSWERED}
    assert set(scene.network.asked) == {f"at://{publication}"}


def test_our_own_answer_there_settles_a_reply_and_a_person_may_take_that_back(scene: Scene) -> None:
    scene.out()
    scene.network.said = [reply("ana"), reply("nosotros", "ana", own=True)]
    scene.time.pass_by(hours=1)
    scene.look()
    assert scene.kept() == {"ana": ReplyStage.ANSWERED}
    with scene.worker.database.transaction() as session:
        one = session.scalars(select(Reply)).one()
        assert one.answer_url == "https://red.example/nosotros/visto"
        replies.reopen(session, one, session.scalars(select(Person).limit(1)).one())
    scene.time.pass_by(hours=1)
    scene.look()
    assert scene.kept() == {"ana": ReplyStage.UNANSWERED}


def test_what_a_person_deleted_does_not_come_back(scene: Scene) -> None:
    scene.out()
    scene.network.said = [reply("ana")]
    scene.time.pass_by(hours=1)
    scene.look()
    with scene.worker.database.transaction() as session:
        one = session.scalars(select(Reply)).one()
        replies.forget(session, one, session.scalars(select(Person).limit(1)).one())
    scene.time.pass_by(hours=1)
    assert scene.look() == 1
    assert scene.kept() == {"": ReplyStage.UNANSWERED}


def test_what_cannot_be_kept_of_one_publication_keeps_no_other_from_being_heard(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.out()
    scene.out()
    scene.network.said = [reply("ana")]
    keep, kept = reply_reading._keep, []  # noqa: SLF001 -- the step that fails of one of them

    def fails_once(*given: Any) -> None:  # noqa: ANN401 -- whatever it is given
        kept.append(given)
        if len(kept) == 1:
            raise OverflowError
        keep(*given)

    monkeypatch.setattr(reply_reading, "_keep", fails_once)
    scene.time.pass_by(hours=1)
    assert scene.look() == 2
    assert scene.kept() == {"ana": ReplyStage.UNANSWERED}
    # The one that failed waits for its turn, as after a failure of its network.
    assert scene.look() == 0


def test_only_what_is_in_a_series_is_looked_at(scene: Scene) -> None:
    scene.out(in_series=False)
    scene.time.pass_by(hours=1)
    assert scene.look() == 0
    assert scene.network.asked == []


def test_looks_grow_rare_and_end(scene: Scene) -> None:
    scene.out()
    looks, begun = [], scene.time.at
    for hours in (1, 50, 24 * 8, 24 * 29):
        scene.time.at = begun + timedelta(hours=hours)
        assert scene.look() == 1
        assert scene.look() == 0
        looks.append(scene.next_look())
    assert looks == [timedelta(hours=1), timedelta(hours=6), timedelta(days=1), None]


def test_a_failed_look_is_made_again_later(scene: Scene) -> None:
    scene.out()
    scene.network.said = [reply("ana")]
    later = scene.time.at + timedelta(hours=3)
    scene.network.fate = [RuntimeError("algo"), UnavailableError(retry_at=later), RefusedError()]
    scene.time.pass_by(hours=1)
    scene.look()
    assert scene.look() == 0
    scene.time.pass_by(minutes=5)
    scene.look()
    scene.time.pass_by(minutes=30)
    assert scene.look() == 0
    scene.time.pass_by(hours=2)
    scene.look()
    assert scene.kept() == {}
    scene.time.pass_by(hours=1)
    scene.look()
    assert scene.kept() == {"ana": ReplyStage.UNANSWERED}
