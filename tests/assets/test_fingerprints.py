"""Pictures that look alike are near each other, others are not; and what is said of it."""

from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageEnhance
from sqlalchemy.orm import Session

from assets import fingerprints
from assets.fingerprints import RADIUS, Prints, distance, tells
from assets.labels import Label
from assets.library import add_image, take_in
from assets.models import Asset
from assets.pictures import PictureUnreadableError, fingerprint
from assets.storage import DiskStorage, Shelf
from tests.assets import corpus
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
    near = [
        corpus.encoded(one.resize((200, 133))),
        corpus.encoded(one, "JPEG", quality=60),
        corpus.encoded(ImageEnhance.Brightness(one).enhance(1.15)),
        corpus.encoded(with_a_logo(one)),
    ]
    assert all(distance(bits, fingerprint(data)) <= RADIUS for data in near)
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
    prints = Prints(hashes)
    for bits in (hashes[7] ^ 0b1011, hashes[39_999], 0, (1 << 64) - 1, -1, 1 << 63):
        expected = [n for n, one in enumerate(hashes) if distance(one, bits) <= RADIUS]
        assert prints.near(bits).tolist() == expected
    assert (len(prints), Prints().near(5).tolist()) == (40_003, [])


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
