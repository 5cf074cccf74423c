"""Formats of a logo, a cut or a recipe that is no more are forgotten at night; what can be reached stays."""

import os
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select

from assets import outdated, renditions, sweep
from assets.models import Asset, AssetFraming, AssetKind, AssetVersion, Cut, Rendition
from assets.storage import DiskStorage, Shelf
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.directory import Body
from tests.scheduler.scene import person

SLUG, FORMAT = next(iter(renditions.formats().items()))
PICTURE, FRAMED, GONE, LOGO, OLD_LOGO = (f"{n:064x}" for n in range(1, 6))


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path / "materials")


def planted(database: Database, storage: DiskStorage) -> None:
    """A picture as it came and one with a cut, a body with a second logo and one without, and formats of all sorts."""
    old = clock.now() - timedelta(days=3)
    with database.transaction() as session:
        by = person(session)
        bodies = [
            Body(
                slug=slug, short_name=slug.upper(), name=slug, zone="America/Mexico_City", state_iso=f"MX-{slug}",
                state_name=slug, name_confidence="high", confidence="high", valid_from=date(2016, 1, 1),
            )
            for slug in ("uno", "dos")
        ]  # fmt: skip
        session.add_all(bodies)
        session.flush()

        def version(kind: AssetKind, *hashes: str, **more: Any) -> AssetVersion:  # noqa: ANN401 -- the model's columns
            asset = Asset(kind=kind, title="Foro", added_by_id=by.id, **more)
            session.add(asset)
            session.flush()
            rows = [
                AssetVersion(
                    asset_id=asset.id, n=n, sha256=sha256, original_sha256=sha256, media_type="image/png", size=1,
                    added_by_id=by.id,
                )
                for n, sha256 in enumerate(hashes, start=1)
            ]  # fmt: skip
            session.add_all(rows)
            session.flush()
            return rows[-1]

        version(AssetKind.IMAGE, PICTURE)
        framed = version(AssetKind.IMAGE, FRAMED)
        version(AssetKind.LOGO, OLD_LOGO, LOGO, body_id=bodies[0].id)
        session.add(
            AssetFraming(
                version_id=framed.id, cut=Cut.CROP, across=250, down=500, set_by_id=by.id, set_at=old
            )
        )
        in_type = renditions.marks_of(session, [bodies[1].id])[bodies[1].id].key
        known = {
            "base": (PICTURE, "", "auto", FORMAT.recipe, old),
            "logo": (PICTURE, LOGO, "auto", FORMAT.recipe, old),
            "type": (PICTURE, in_type, "auto", FORMAT.recipe, old),
            "cut": (FRAMED, LOGO, "crop 250 500", FORMAT.recipe, old),
            "young": (PICTURE, OLD_LOGO, "auto", "of yesterday", clock.now()),
            "old logo": (PICTURE, OLD_LOGO, "auto", FORMAT.recipe, old),
            "old cut": (FRAMED, LOGO, "auto", FORMAT.recipe, old),
            "old recipe": (PICTURE, LOGO, "whole", "of yesterday", old),
            "no picture": (GONE, LOGO, "auto", FORMAT.recipe, old),
        }
        for name, (source, mark, framing, recipe, made_at) in known.items():
            sha256 = storage.put(Shelf.SERVED, BytesIO(name.encode()))
            with storage.open(Shelf.SERVED, sha256) as file:
                os.utime(file.name, (old.timestamp(), old.timestamp()))
            session.add(
                Rendition(
                    source_sha256=source, format=SLUG, mark=mark, framing=framing, recipe=recipe, sha256=sha256,
                    preview_sha256=sha256, media_type=name, size=1, width=1, height=1, contrast=1, plate=False,
                    created_at=made_at,
                )
            )  # fmt: skip


def left(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Rendition.media_type)))


REACHED = {"base", "logo", "type", "cut", "young"}


@pytest.mark.parametrize("piece", [2, 2_000])
def test_what_can_be_reached_stays_and_the_rest_goes(
    database: Database, storage: DiskStorage, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(outdated, "_PIECE", piece)
    planted(database, storage)
    before = clock.now() - timedelta(days=1)
    assert len(left(database)) == 9
    assert outdated.drop(database, before, 3) == 3
    assert outdated.drop(database, before, 100) == 1
    assert left(database) == REACHED
    assert outdated.drop(database, before, 100) == 0


def test_the_files_go_a_night_after_their_rows(database: Database, storage: DiskStorage) -> None:
    planted(database, storage)
    first = sweep.sweep(database, storage)
    assert (first.removed, first.dropped) == (0, 4)
    assert len(list(storage.files(Shelf.SERVED))) == 9
    tomorrow = clock.now() + timedelta(days=1)
    with patch.object(clock, "_now", lambda: tomorrow):
        second = sweep.sweep(database, storage)
        with database.reading() as session:
            assert sweep.last_sweep(session) == second
    # By then the young one is a day old as well.
    assert (second.removed, second.dropped) == (4, 1)
    assert len(list(storage.files(Shelf.SERVED))) == 5
