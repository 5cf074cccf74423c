"""Pictures that look alike are near each other, others are not; and what is said of it."""

from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageEnhance
from sqlalchemy.orm import Session

from assets import fingerprints, known_prints
from assets.fingerprint_bits import RADIUS, distance, near, packed, tells
from assets.known_prints import KnownPrints
from assets.labels import Label
from assets.library import add_image, take_in
from assets.models import Asset, AssetKind
from assets.near_prints import MOST_RADIUS, NearPrints
from assets.pictures import PictureUnreadableError, fingerprint
from assets.storage import DiskStorage, Shelf
from content_calendar.db import Database
from content_calendar.models.people import Person
from tests.assets import corpus
from tests.conftest import CountQueries
from tests.scheduler.scene import person


def scene(seed: int) -> Image.Image:
    """A picture with large shapes, as a photo has."""
    random, image = Random(seed), Image.new("RGB", (600, 400), "white")  # noqa: S311 -- the same each time
    drawn = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, r = random.randrange(600), random.randrange(400), random.randrange(30, 160)
        drawn.ellipse((x - r, y - r, x + r, y + r), fill=tuple(random.randrange(256) for _ in range(3)))
    return image


def with_a_logo(image: Image.Image) -> Image.Image:
    marked = image.copy()
    ImageDraw.Draw(marked).rectangle((500, 20, 580, 60), fill="purple")
    return marked


def test_a_picture_looks_like_itself_changed_a_little_and_not_like_another() -> None:
    one = scene(1)
    bits = fingerprint(corpus.encoded(one))
    changed = [
        corpus.encoded(one.resize((200, 133))),
        corpus.encoded(one, "JPEG", quality=60),
        corpus.encoded(ImageEnhance.Brightness(one).enhance(1.15)),
        corpus.encoded(with_a_logo(one)),
    ]
    assert all(distance(bits, fingerprint(data)) <= RADIUS for data in changed)
    assert distance(bits, fingerprint(corpus.encoded(scene(2)))) > RADIUS
    assert tells(bits)
    assert not tells(fingerprint(corpus.encoded(Image.new("RGB", (90, 80), "purple"))))


def test_what_is_no_picture_has_no_fingerprint(tmp_path: Path) -> None:
    with pytest.raises(PictureUnreadableError):
        fingerprint(b"hola")
    assert fingerprints.look_at(DiskStorage(tmp_path), Shelf.SERVED, "0" * 64) is None


def test_a_look_up_finds_what_a_count_of_bits_does() -> None:
    random = Random(3)  # noqa: S311 -- the same each time
    hashes = [random.getrandbits(64) for _ in range(40_000)] + [0, (1 << 64) - 1, 1 << 63]
    prints = packed(hashes)
    for bits in (hashes[7] ^ 0b1011, hashes[39_999], 0, (1 << 64) - 1, -1, 1 << 63):
        expected = [n for n, one in enumerate(hashes) if distance(one, bits) <= RADIUS]
        assert near(prints, bits).tolist() == expected
    assert (len(prints), near(packed([]), 5).tolist()) == (40_003, [])


def test_prints_in_order_are_found_as_by_counting_bits_at_every_distance_and_so_are_loose_ones() -> None:
    random = Random(4)  # noqa: S311 -- the same each time
    one = random.getrandbits(64)
    hashes = [random.getrandbits(64) for _ in range(2_000)]
    # Each distance, in bits that lie together and in bits that are spread over all quarters.
    for far in range(20):
        hashes += [one ^ ((1 << far) - 1), one ^ sum(1 << place for place in random.sample(range(64), far))]
    random.shuffle(hashes)
    prints, ordered = packed(hashes), NearPrints(packed(hashes[:1_500]))
    for radius in range(MOST_RADIUS + 1):
        for bits in (one, one ^ (1 << 63), hashes[3], 0, -1):
            assert ordered.near_among(prints, bits, radius).tolist() == near(prints, bits, radius).tolist()
    # The control: one bit more and a near quarter need not be there.
    with pytest.raises(ValueError, match=str(MOST_RADIUS + 1)):
        ordered.near(one, MOST_RADIUS + 1)


def test_a_new_material_tells_what_it_looks_like_unless_that_is_put_away(
    session: Session, tmp_path: Path
) -> None:
    storage, editor = DiskStorage(tmp_path), person(session)

    def add(image: Image.Image, title: str) -> Asset:
        taken = take_in(storage, corpus.encoded(image))
        added = add_image(session, taken, Label(alt_text="Formas", title=title), editor)
        return added.asset

    first, again, other = add(scene(1), "Uno"), add(with_a_logo(scene(1)), "Otra vez"), add(scene(2), "Otro")
    waiting = fingerprints.unread(session, 10)
    assert [asset_id for asset_id, _ in waiting] == [first.id, again.id, other.id]
    for asset_id, sha256 in waiting:
        fingerprints.remember(session, asset_id, sha256, fingerprints.look_at(storage, Shelf.SERVED, sha256))
    assert fingerprints.unread(session, 10) == []
    assert [one.asset.title for one in fingerprints.look_alikes(session, again.id)] == ["Uno"]
    assert fingerprints.look_alikes(session, other.id) == []
    first.archived_at = first.created_at
    session.flush()
    assert fingerprints.look_alikes(session, again.id) == []


def planted(session: Session, by: Person, bits: int) -> Asset:
    asset = Asset(kind=AssetKind.IMAGE, title=f"{bits:x}", added_by_id=by.id)
    session.add(asset)
    session.flush()
    fingerprints.remember(session, asset.id, f"{asset.id:064x}", bits)
    return asset


class Counted(KnownPrints):
    """Counts the rows that it reads."""

    read = 0

    def _take(self, rows: list[int], assets: list[int], bits: list[int]) -> None:
        Counted.read += len(rows)
        super()._take(rows, assets, bits)


def test_a_look_reads_what_is_new_and_not_all_there_is(
    database: Database, count_queries: CountQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_prints, "KnownPrints", Counted)
    monkeypatch.setattr(known_prints, "_PIECE", 300)
    monkeypatch.setattr(known_prints, "_TAIL", 20)
    monkeypatch.setattr(known_prints, "_MOST_LOOSE", 100)
    random = Random(5)  # noqa: S311 -- the same each time
    bits = 0x5A5A_5A5A_5A5A_5A5A
    with database.transaction() as session:
        by = person(session)
        mine, _twin = planted(session, by, bits), planted(session, by, bits ^ 0b11)
        for _ in range(700):
            planted(session, by, random.getrandbits(64))
        asset_id = mine.id

    def look() -> tuple[list[int], int, int]:
        """Return how far what was found is, how many questions were asked, and how many rows were read."""
        Counted.read = 0
        with database.reading() as session, count_queries() as asked:
            found = [one.distance for one in fingerprints.look_alikes(session, asset_id)]
        return found, len(asked), Counted.read

    assert look() == ([2], 5, 702)  # in pieces of 300
    assert look() == ([2], 3, 20)
    with database.transaction() as session:
        planted(session, session.get_one(Person, 1), bits ^ 0b111)
    assert look() == ([2, 3], 3, 21)
    # What was read and then never committed is not told, nor does it hide what takes its number.
    with database.transaction() as session:
        planted(session, session.get_one(Person, 1), bits ^ 0b1)
        assert [one.distance for one in fingerprints.look_alikes(session, asset_id)] == [1, 2, 3]
        session.rollback()
    assert look()[0] == [2, 3]
    with database.transaction() as session:
        planted(session, session.get_one(Person, 1), bits ^ 0b1111)
    assert look()[0] == [2, 3, 4]
