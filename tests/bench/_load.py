"""Rows for the benchmarks: approved posts, frozen and scheduled, written in bulk."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.content import Content, as_json, hash_of
from content_calendar.db import Database, new_ref
from content_calendar.models.directory import Account, Body, Confidence, Standing
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import Payload, PayloadPart, digest, freeze
from content_calendar.states import PostState
from scheduler.networks import new_key
from webapp.database import migrate

BODIES = 33
ZONE = "America/Mexico_City"
_TOLERANCE = timedelta(minutes=30)
_TEXT = (
    "La transparencia es de todas las personas: conoce qué información pública puedes pedir, a quién y cómo, "
    "en la Plataforma Nacional de Transparencia. #AccesoALaInformación {n} https://ejemplo.mx/{n}"
)


def numbered(n: int) -> str:
    """Return a text that is like the others but for its number."""
    return _TEXT.format(n=n)


def migrated(folder: Path) -> Path:
    """Return a migrated SQLite file, to be copied."""
    path = folder / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


def copied(template: Path, folder: Path) -> Database:
    """Return a fresh database in a folder of its own, at the place where a worker looks for it."""
    folder.mkdir()
    shutil.copy(template, folder / "resuena.db")
    return Database(f"sqlite:///{folder / 'resuena.db'}")


def plant_accounts(session: Session, network: str) -> list[int]:
    """Write the bodies with one connected account each; return the accounts' ids."""
    ids = []
    for n in range(BODIES):
        body = Body(
            slug=f"cuerpo-{n}",
            short_name=f"C{n}",
            name=f"Cuerpo garante {n}",
            zone=ZONE,
            state_iso=f"MX-{n}",
            state_name=f"Estado {n}",
            name_confidence=Confidence.HIGH,
            confidence=Confidence.HIGH,
        )
        account = Account(
            owner=body,
            network=network,
            handle=f"cuerpo{n}",
            handle_folded=f"cuerpo{n}",
            standing=Standing.IN_FORCE,
            connected_at=clock.now(),
        )
        session.add(account)
        session.flush()
        ids.append(account.id)
    return ids


def plant_publications(
    session: Session,
    accounts: list[int],
    count: int,
    due_at: datetime,
    step: timedelta = timedelta(0),
    text: Callable[[int], str] = numbered,
) -> None:
    """Write ``count`` approved posts, each scheduled to one account, the accounts in turn.

    All are due at one instant, or each ``step`` after the one before.
    """
    person = Person(email=f"{new_ref()}@ejemplo.mx", email_folded=f"{new_ref()}@ejemplo.mx", name="Ana")
    session.add(person)
    session.flush()
    made = [_rows(text(n), accounts[n % len(accounts)], due_at + n * step) for n in range(count)]
    refs = {"author_id": person.id}
    post_ids = session.scalars(
        insert(Post).returning(Post.id, sort_by_parameter_order=True), [post | refs for post, *_ in made]
    ).all()
    version_ids = session.scalars(
        insert(PostVersion).returning(PostVersion.id, sort_by_parameter_order=True),
        [version | refs | {"post_id": of} for (_, version, *_), of in zip(made, post_ids, strict=True)],
    ).all()
    session.connection().execute(
        update(Post.__table__)  # type: ignore[arg-type] # a model's table is a Table
        .where(Post.__table__.c.id == bindparam("post"))
        .values(version_id=bindparam("version"), approved_version_id=bindparam("version")),
        [{"post": post, "version": version} for version, post in zip(version_ids, post_ids, strict=True)],
    )
    publication_ids = session.scalars(
        insert(Publication).returning(Publication.id, sort_by_parameter_order=True),
        [
            row[2] | {"post_id": post, "version_id": version}
            for row, post, version in zip(made, post_ids, version_ids, strict=True)
        ],
    ).all()
    session.execute(
        insert(PublicationPart),
        [row[3] | {"publication_id": of} for row, of in zip(made, publication_ids, strict=True)],
    )


def plant_ahead(session: Session, accounts: list[int], count: int, first: datetime) -> None:
    """Write ``count`` publications of the newest post, a minute apart, from ``first`` on: only to be in the way."""
    post_id, version_id = session.execute(
        select(PostVersion.post_id, PostVersion.id).order_by(PostVersion.id.desc()).limit(1)
    ).one()
    of = {"post_id": post_id, "version_id": version_id}
    session.execute(
        insert(Publication),
        [
            _rows(numbered(0), accounts[n % len(accounts)], first + n * timedelta(minutes=1))[2] | of
            for n in range(count)
        ],
    )


def _rows(text: str, account_id: int, due_at: datetime) -> tuple[dict[str, object], ...]:
    content = as_json(Content(parts=(text,)))
    payload = freeze(Payload((PayloadPart(text, "es"),)))
    said_hash = hash_of(content)
    due = {"due_at": due_at, "due_local": due_at.strftime("%Y-%m-%dT%H:%M:%S"), "due_zone": ZONE}
    return (
        {"state": PostState.SCHEDULED, "title": text[:60], **due},
        {"n": 1, "content": content, "content_hash": said_hash},
        {
            "account_id": account_id,
            **due,
            "next_at": due_at,
            "late_after": due_at + _TOLERANCE,
            "payload": payload,
            "payload_sha256": digest(payload),
            "content_hash": said_hash,
        },
        {"account_id": account_id, "client_key": new_key("rehearsal")},
    )
