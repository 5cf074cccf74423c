"""A scene for the engine's tests: an account, a person, an approved post, its publication, a worker, a clock."""

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assets.clearance import People
from assets.models import Asset, AssetKind
from assets.storage import DiskStorage, Shelf
from content_calendar import clock
from content_calendar.content import Content, as_json, hash_of
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, Confidence, OwnerKind, Standing
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.moves import move_one
from content_calendar.payloads import Payload, PayloadImage, PayloadPart
from content_calendar.publications import Destination, PlannedMoment, schedule
from content_calendar.settings import Settings, read
from content_calendar.states import PostEvent
from content_calendar.vault import store_credential
from scheduler import networks, reconciling
from scheduler.models import Attempt
from scheduler.publishing import Publisher
from scheduler.worker import Worker, new_worker

X_KEYS = {
    "consumer_key": "clave",
    "consumer_secret": "secreto",
    "access_token": "42-ficha",
    "access_token_secret": "secreto-de-la-ficha",
}
TOLERANCE = timedelta(minutes=30)
ZONE = "America/Mexico_City"
_numbers = itertools.count(1)


@dataclass
class Time:
    """A clock that a test moves; the database's clock and the durations follow it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)

    def seconds(self) -> float:
        return self.at.timestamp()

    @contextmanager
    def ruling(self) -> Iterator["Time"]:
        with (
            patch.object(clock, "_now", lambda: self.at),
            patch.object(clock, "db_now", lambda _session: self.at),
            patch.object(clock, "monotonic", self.seconds),
        ):
            yield self


def moment(at: datetime) -> PlannedMoment:
    return PlannedMoment(at, at.strftime("%Y-%m-%dT%H:%M:%S"), ZONE)


def person(session: Session) -> Person:
    number = next(_numbers)
    made = Person(email=f"p{number}@ejemplo.mx", email_folded=f"p{number}@ejemplo.mx", name="Ana")
    session.add(made)
    session.flush()
    return made


def account(session: Session, network: str, worker: Worker | None = None) -> Account:
    """An official account of a new body; with credentials when the network needs them and a worker is given."""
    number = next(_numbers)
    body = Body(
        kind=OwnerKind.BODY,
        slug=f"cuerpo{number}",
        short_name="CUERPO",
        name="Cuerpo garante",
        zone=ZONE,
        state_iso=f"MX-{number}",
        state_name="Estado",
        name_confidence=Confidence.HIGH,
        confidence=Confidence.HIGH,
    )
    made = Account(
        owner=body,
        network=network,
        handle=f"cuenta{number}",
        handle_folded=f"cuenta{number}",
        standing=Standing.IN_FORCE,
        connected_at=clock.now(),
    )
    session.add(made)
    session.flush()
    if worker is not None and networks.network(network).needs_connection:
        store_credential(session, worker.vault, made, X_KEYS)
    return made


def approved_post(session: Session, text: str) -> tuple[Post, PostVersion]:
    author = person(session)
    value = as_json(Content(parts=(text,)))
    post = Post(author_id=author.id)
    session.add(post)
    session.flush()
    version = PostVersion(
        post_id=post.id, n=1, content=value, content_hash=hash_of(value), author_id=author.id
    )
    session.add(version)
    session.flush()
    post.version_id = version.id
    session.flush()
    move_one(session, Post, PostEvent.SUBMIT, post.id)
    move_one(session, Post, PostEvent.APPROVE, post.id, values={"approved_version_id": version.id})
    return post, version


def planned(
    session: Session,
    to: Account,
    due_at: datetime,
    text: str = "La transparencia es de todas las personas",
    images: tuple[PayloadImage, ...] = (),
) -> Publication:
    """A publication of a new approved post, due at that moment."""
    post, version = approved_post(session, text)
    payload = Payload((PayloadPart(text, "es", images),))
    destination = Destination(to.id, payload, [networks.new_key(to.network)])
    return schedule(session, post, version, [destination], moment(due_at), TOLERANCE, "")[0]


def picture(session: Session, worker: Worker, alt_text: str, *, kept: bool = True) -> PayloadImage:
    """A material that may go out; ``kept`` tells whether the storage holds its bytes."""
    content = alt_text.encode()
    if kept:
        DiskStorage(worker.settings.data / "materials").put(Shelf.SERVED, BytesIO(content))
    made = Asset(
        kind=AssetKind.IMAGE,
        title=alt_text,
        licence="CC BY 4.0",
        people=People.NONE,
        added_by_id=person(session).id,
    )
    session.add(made)
    session.flush()
    return PayloadImage(made.ref, 1, hashlib.sha256(content).hexdigest(), "image/png", alt_text)


def settings(data: Path, **network_urls: str) -> Settings:
    urls = ",".join(f"{name}={url}" for name, url in network_urls.items())
    return read({"RESUENA_DATA": str(data), "RESUENA_NETWORK_URLS": urls, "RESUENA_SENDERS": "2"})


def worker(database: Database, data: Path, name: str = "", **network_urls: str) -> Worker:
    made = new_worker(database, settings(data, **network_urls))
    return replace(made, name=name) if name else made


@dataclass
class Engine:
    """A worker whose ticks a test makes; a tick ends when nothing is due or on its way."""

    worker: Worker
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = Publisher(self.worker)

    def tick(self) -> int:
        return self.publisher.tick()

    def look(self) -> int:
        return reconciling.tick(self.worker)

    def close(self) -> None:
        self.publisher.close()


def now_of(database: Database, publication: Publication) -> Publication:
    """The publication as it stands, with its parts and its post."""
    with database.reading() as session:
        found = session.execute(
            select(Publication)
            .where(Publication.id == publication.id)
            .options(joinedload(Publication.parts), joinedload(Publication.post))
        ).unique()
        loaded = found.scalar_one()
        session.expunge_all()
    return loaded


def attempts_of(database: Database, publication: Publication) -> list[Attempt]:
    with database.reading() as session:
        made = session.scalars(
            select(Attempt).where(Attempt.publication_id == publication.id).order_by(Attempt.n)
        ).all()
        session.expunge_all()
    return list(made)
