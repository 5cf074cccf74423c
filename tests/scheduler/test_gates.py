"""The gate of the materials: what was cleared when it was approved is asked again when it goes out."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from assets.clearance import People
from assets.models import Asset, AssetKind
from assets.storage import DiskStorage, Shelf
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.payloads import PayloadImage
from content_calendar.states import HoldReason, PublicationState
from tests.scheduler.scene import Engine, Time, account, person, planned, worker

PICTURE = b"a picture that was made safe"


def expire(asset: Asset) -> None:
    asset.expires_on = date(2020, 1, 1)


def put_away(asset: Asset) -> None:
    asset.archived_at = now()


def show_minors(asset: Asset) -> None:
    asset.people = People.MINORS


def leave_as_it_was(_asset: Asset) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (leave_as_it_was, None),
        (expire, "asset_expired"),
        (put_away, "asset_archived"),
        (show_minors, "minors_without_consent"),
    ],
)
def test_a_material_that_may_no_longer_be_used_stops_what_would_go_out_with_it(
    database: Database, tmp_path: Path, change: Callable[[Asset], None], code: str | None
) -> None:
    with Time().ruling() as time:
        engine = Engine(worker(database, tmp_path / "data"))
        engine.tick()
        DiskStorage(tmp_path / "data" / "materials").put(Shelf.SERVED, BytesIO(PICTURE))
        with database.transaction() as session:
            asset = Asset(
                kind=AssetKind.IMAGE,
                title="Biblioteca",
                licence="CC BY 4.0",
                people=People.NONE,
                added_by_id=person(session).id,
            )
            session.add(asset)
            session.flush()
            image = PayloadImage(asset.ref, 1, sha256(PICTURE).hexdigest(), "image/png", "Una biblioteca")
            planned(session, account(session, "rehearsal"), time.at + timedelta(minutes=1), images=(image,))
            change(asset)
        for _ in range(2):
            time.pass_by(seconds=30)
            engine.tick()
        engine.close()
    with database.reading() as session:
        found = session.scalars(select(Publication)).one()
    if code is None:
        assert found.state is PublicationState.PUBLISHED
    else:
        assert (found.state, found.hold_reason, found.said_code) == (
            PublicationState.HELD,
            HoldReason.MATERIAL,
            code,
        )
