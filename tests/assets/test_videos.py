"""Videos: told by what they hold and not by their name, packed anew without what they tell."""

from io import BytesIO
from pathlib import Path

import pytest

from assets import library
from assets.intake import Intake
from assets.labels import Label
from assets.models import AssetKind
from assets.storage import DiskStorage, Shelf
from assets.videos import (
    VideoKindNotTakenError,
    VideoTooLargeError,
    VideoUnreadableError,
    is_film,
    look_over,
)
from content_calendar.db import Database
from tests.assets import corpus as hostile
from tests.content_calendar.makers import make_person


def box(kind: bytes, inside: bytes = b"") -> bytes:
    return (len(inside) + 8).to_bytes(4, "big") + kind + inside


def film(major: bytes = b"isom", others: bytes = b"mp42avc1", more: bytes = b"") -> bytes:
    return box(b"ftyp", major + bytes(4) + others) + box(b"moov", bytes(40)) + box(b"mdat", bytes(900)) + more


def test_a_video_is_measured_and_left_at_its_beginning() -> None:
    source = BytesIO(film())
    assert look_over(source, 1, "file") == len(film())
    assert source.tell() == 0


def test_a_box_may_tell_its_length_in_eight_bytes_or_reach_to_the_end() -> None:
    long = (1).to_bytes(4, "big") + b"free" + (24).to_bytes(8, "big") + bytes(8)
    rest = bytes(4) + b"mdat" + bytes(50)
    assert look_over(BytesIO(film(more=long + rest)), 1, "file")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>alert(1)</script>",
        box(b"ftyp", b"qt  " + bytes(4) + b"qt  mp42"),
        box(b"ftyp", b"M4A " + bytes(4) + b"isom"),
        box(b"ftyp", b"heic" + bytes(4) + b"mif1"),
        (1 << 31).to_bytes(4, "big") + b"ftypisom",
        b"RIFF" + bytes(4) + b"AVI ",
    ],
)
def test_what_is_no_mp4_is_refused(data: bytes) -> None:
    with pytest.raises(VideoKindNotTakenError):
        look_over(BytesIO(data), 1, "file")


@pytest.mark.parametrize(
    "data",
    [
        film()[:-1],
        film() + b"<html>",
        film() + (4).to_bytes(4, "big") + b"free",
        box(b"ftyp", b"isom" + bytes(4) + b"mp42") + box(b"mdat", bytes(9)),
        film() + box(b"free") * 10_001,
    ],
)
def test_what_does_not_add_up_is_refused(data: bytes) -> None:
    with pytest.raises(VideoUnreadableError):
        look_over(BytesIO(data), 1, "file")


def test_a_video_one_byte_too_large_is_refused() -> None:
    exact = film(more=box(b"free", bytes((1 << 20) - len(film()) - 8)))
    assert look_over(BytesIO(exact), 1, "file") == 1 << 20
    with pytest.raises(VideoTooLargeError):
        look_over(BytesIO(exact + b"\0"), 1, "file")


def test_a_picture_of_the_same_family_is_no_film() -> None:
    assert is_film(film())
    assert not is_film(box(b"ftyp", b"heic" + bytes(4)))
    assert not is_film(b"\x89PNG\r\n\x1a\n")


def test_a_video_becomes_a_material_packed_anew_with_its_length_and_a_picture(
    database: Database, tmp_path: Path
) -> None:
    storage = DiskStorage(tmp_path)
    sent = hostile.film()
    taken = Intake(storage, 1).take(BytesIO(sent), "foro.mp4")
    assert (taken.width, taken.height, taken.duration_ms) == (160, 120, 1000)
    with database.transaction() as session:
        by = make_person(session)
        added = library.add_image(session, taken, Label(alt_text="El foro de Campeche"), by)
        again = library.add_image(session, taken, Label(alt_text="El foro"), by)
        assert (added.asset.kind, added.version.media_type) == (AssetKind.VIDEO, "video/mp4")
        assert again.duplicate
        served = library.open_served(session, storage, added.asset.ref, 1)
        with served.stream as stream:
            assert stream.read() != sent
        assert (served.filename, served.media_type) == ("foro.mp4", "video/mp4")
        picture = library.Taken("a.png", "a" * 64, "b" * 64, "", "image/png", 1, 1, 1)
        with pytest.raises(library.AssetKindDiffersError):
            library.replace(session, added.asset.ref, picture, "", by)
        with library.open_served(session, storage, added.asset.ref, 1, thumbnail=True).stream as stream:
            assert stream.read(3) == b"\xff\xd8\xff"
    with storage.open(Shelf.ORIGINALS, taken.original_sha256) as kept:
        assert kept.read() == sent
