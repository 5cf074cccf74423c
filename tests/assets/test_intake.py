"""Hostile uploads of every kind: nothing active is kept to be served, and nothing served tells more than it shows."""

from io import BytesIO
from pathlib import Path

import pytest

from assets.intake import FileRefusedError, Intake
from assets.library import Taken, kind_of
from assets.models import AssetKind
from assets.storage import DiskStorage, Shelf
from content_calendar.errors import InvalidError
from tests.assets import corpus
from webapp.sentences import SENTENCES


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path)


def take(storage: DiskStorage, data: bytes, name: str = "") -> Taken:
    return Intake(storage, 4).take(BytesIO(data), name)


GOOD = {
    "film": (corpus.film(), AssetKind.VIDEO, "video/mp4"),
    "mp3": (corpus.sound(), AssetKind.AUDIO, "audio/mpeg"),
    "m4a": (corpus.sound("ipod", "aac"), AssetKind.AUDIO, "audio/mp4"),
    "wav": (corpus.sound("wav", "pcm_s16le"), AssetKind.AUDIO, "audio/wav"),
    "opus": (corpus.sound("ogg", "libopus"), AssetKind.AUDIO, "audio/ogg"),
    "pdf": (corpus.document(), AssetKind.PDF, "application/pdf"),
    "scan": (corpus.document(corpus.scanned), AssetKind.PDF, "application/pdf"),
    "packed scan": (corpus.document(corpus.packed_scan), AssetKind.PDF, "application/pdf"),
    "svg": (corpus.drawn(b"<rect width='40' height='20' fill='red'/>"), AssetKind.IMAGE, "image/png"),
    "photo": (corpus.photo(), AssetKind.IMAGE, "image/jpeg"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_taken_is_served_without_a_word_more_than_it_shows(storage: DiskStorage, name: str) -> None:
    data, kind, media_type = GOOD[name]
    assert b"CANARY" in data
    taken = take(storage, data, "archivo.exe")
    assert (kind_of(taken.media_type), taken.media_type) == (kind, media_type)
    for sha256 in filter(None, (taken.sha256, taken.thumbnail_sha256)):
        with storage.open(Shelf.SERVED, sha256) as served:
            shown = served.read()
        assert not [one for one in (*corpus.CANARIES, corpus.SCRIPT, b"+19.4") if one in shown]
    with storage.open(Shelf.ORIGINALS, taken.original_sha256) as kept:
        assert kept.read() == data


@pytest.mark.parametrize("name", [*corpus.ACTIVE_PDFS, *corpus.HOSTILE_SVGS])
def test_what_acts_or_reaches_outside_is_refused_in_a_plain_sentence_and_not_kept(
    storage: DiskStorage, name: str
) -> None:
    data, code = {**corpus.ACTIVE_PDFS, **corpus.HOSTILE_SVGS}[name]
    with pytest.raises(FileRefusedError) as told:
        take(storage, data)
    assert told.value.code == code
    assert code in SENTENCES
    assert [*storage.files(Shelf.SERVED), *storage.files(Shelf.ORIGINALS)] == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (corpus.HTML, "picture_kind_not_taken"),
        (b"MZ" + bytes(900), "picture_kind_not_taken"),
        (b"PK\x03\x04" + bytes(900), "picture_kind_not_taken"),
        (corpus.film()[:900], "video_unreadable"),
        (b"ID3" + bytes(900), "audio_unreadable"),
        (corpus.sound("wav", "pcm_s16le")[:30], "audio_unreadable"),
        (b"OggS" + corpus.HTML, "audio_unreadable"),
        (corpus.drawn(b" " * (2 << 20)), "document_too_large"),
        (b"%PDF-1.7" + bytes(40 << 20), "document_too_large"),
        (corpus.film() + bytes(5 << 20), "video_too_large"),
    ],
)
def test_what_is_something_else_cut_short_or_too_large_is_refused(
    storage: DiskStorage, data: bytes, code: str
) -> None:
    with pytest.raises(InvalidError) as told:
        take(storage, data, "inocente.png")
    assert told.value.code == code
    assert code in SENTENCES
    assert list(storage.files(Shelf.SERVED)) == []


def test_a_picture_that_is_a_document_too_is_only_one_of_them(storage: DiskStorage) -> None:
    taken = take(storage, corpus.gif_that_is_a_script() + corpus.document())
    with storage.open(Shelf.SERVED, taken.sha256) as served:
        assert b"%PDF" not in served.read()


def test_a_drawing_cannot_read_a_file_even_when_it_slips_through(tmp_path: Path) -> None:
    """The control: without the check of its words, the room itself can open nothing."""
    import subprocess  # noqa: PLC0415 -- for this one test
    import sys  # noqa: PLC0415 -- same

    (tmp_path / "secreto.png").write_bytes(corpus.encoded(corpus.drawing()))
    program = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import tracing
if sys.argv[3] == "locked":
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 30 20'><image href='%s' width='30' height='20'/></svg>"
sys.stdout.buffer.write(tracing.resvg_py.svg_to_bytes(svg_string=svg % sys.argv[2], skip_system_fonts=True))
"""
    rooms = str(Path(__file__).parents[2] / "assets" / "rooms")
    drawn = [
        subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-c", program, rooms, str(tmp_path / "secreto.png"), how],
            capture_output=True, check=True,
        ).stdout
        for how in ("open", "locked")
    ]  # fmt: skip
    assert len(drawn[0]) > len(drawn[1])
