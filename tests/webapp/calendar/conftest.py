"""A small house to click in: a commission, a body, three accounts, a campaign, two themes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, Commission, Confidence, Member, Standing
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, Review, ReviewOutcome
from tests.webapp.conftest import Browser, words

ZONE = "America/Mexico_City"


@dataclass(frozen=True)
class House:
    """References of what stands in the house."""

    rehearsal: str
    network: str
    tijuana: str
    theme: str
    body_id: int


@pytest.fixture
def house(database: Database) -> House:
    with database.transaction() as session:
        commission = Commission(
            slug="cvpdcs", short_name="Comisión", name="Comisión de Vinculación", zone=ZONE
        )
        body = Body(
            slug="bcn", short_name="ITAIPBC", name="Instituto de Baja California", zone="America/Tijuana",
            state_iso="MX-BCN", state_name="Baja California",
            name_confidence=Confidence.HIGH, confidence=Confidence.HIGH,
        )  # fmt: skip
        session.add_all([commission, body])
        session.flush()
        session.add(Member(body_id=body.id, valid_from=date(2020, 1, 1)))
        accounts = [
            _account(commission.id, "rehearsal", "ensayo"),
            _account(commission.id, "x", "comision"),
            _account(body.id, "rehearsal", "itaipbc"),
        ]
        theme = Theme(title="Tu derecho a saber", starts_on=date(2030, 11, 3), ends_on=date(2030, 12, 6))
        session.add_all([*accounts, theme, Campaign(slug="snttips", name="#SNTtips", tags=["#SNTtips"])])
        session.flush()
        return House(accounts[0].ref, accounts[1].ref, accounts[2].ref, theme.ref, body.id)


def _account(owner_id: int, network: str, handle: str) -> Account:
    return Account(
        owner_id=owner_id, network=network, handle=handle, handle_folded=handle,
        standing=Standing.IN_FORCE, certified_at=now(), connected_at=now(),
    )  # fmt: skip


def form(house: House, **changed: object) -> Mapping[str, object]:
    """What the composer sends for a good post, with what the test changes."""
    at = datetime.now(UTC) + timedelta(days=3)
    return {
        "text": "Pide información pública sin decir para qué la quieres.",
        "accounts": house.rehearsal,
        "due_date": at.date().isoformat(),
        "due_time": "10:00",
        "due_zone": ZONE,
        "language": "es",
        "edition": "0",
        **changed,
    }


def picture(colour: str = "teal", size: tuple[int, int] = (640, 480)) -> BytesIO:
    """A JPEG file as somebody uploads it."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    file.seek(0)
    return file


Write = Callable[..., str]


@pytest.fixture
def write(client_as: Callable[..., Browser], house: House) -> Write:
    """Write a post as Eva, an editor; return its reference."""

    def make(**changed: object) -> str:
        eva = client_as("editor", "eva")
        answer = eva.post("/publicaciones/nueva", form(house, **changed))
        assert answer.status_code == 303, words(answer)
        return answer.location.rsplit("/", 1)[-1]

    return make


def state_of(database: Database, ref: str) -> str:
    with database.reading() as session:
        return str(session.scalars(select(Post.state).where(Post.ref == ref)).one())


def waiting_review(database: Database, ref: str) -> tuple[str, str]:
    """The reference and the hash of what waits for a yes."""
    with database.reading() as session:
        found = session.execute(
            select(Review.ref, Review.content_hash)
            .join(Post, Post.id == Review.post_id)
            .where(Post.ref == ref, Review.outcome == ReviewOutcome.WAITING)
        ).one()
        return found.ref, found.content_hash
