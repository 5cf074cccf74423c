import os
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms, ImageFilter, ImageStat

from assets import library, pictures, renditions
from assets.press import marks as pressed
from assets.press.cropping import Framing, Interest, edge_colour
from assets.press.sizing import Format as PressFormat
from assets.press.sizing import Negative, base_of
from assets.renditions import Mark, Source
from assets.storage import DiskStorage, Shelf
from tests.assets import corpus, sets

SLUGS = list(renditions.formats())[:5]
WANTED = [renditions.formats()[slug] for slug in SLUGS]
BODIES = 33
_JPEG_NOISE = 6.0


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> DiskStorage:
    return DiskStorage(tmp_path_factory.mktemp("materials"))


@pytest.fixture(scope="module")
def source(storage: DiskStorage) -> Source:
    original = storage.put(Shelf.ORIGINALS, BytesIO(sets.photograph()))
    return Source("0" * 64, original)


def mark(storage: DiskStorage, n: int) -> Mark:
    data = sets.logo(n)
    if data is None:
        return Mark(f"{n:064x}", text=f"INFO{n}")
    # As an upload: the darkroom has made it anew.
    sha256 = (
        library.take_in(storage, data).sha256 if n < sets.KINDS else storage.put(Shelf.SERVED, BytesIO(data))
    )
    return Mark(sha256, logo_sha256=sha256)


class Set:
    """All the pictures of one order, read back from the shelf."""

    def __init__(self, storage: DiskStorage, made: list[renditions.Made], order: list[Mark]) -> None:
        self.rows = {(row.row["mark"], row.row["format"]): row.row for row in made}
        self.order = order
        self._storage = storage

    def data(self, key: str, slug: str) -> bytes:
        with self._storage.open(Shelf.SERVED, self.rows[key, slug]["sha256"]) as file:
            return file.read()

    def each(self) -> Iterator[tuple[int, str, bytes]]:
        for n, one in enumerate(self.order):
            for slug in SLUGS:
                yield n, slug, self.data(one.key, slug)


@pytest.fixture(scope="module")
def made(storage: DiskStorage, source: Source) -> Set:
    """The sets of 33 bodies, of one picture, in five formats."""
    order = [mark(storage, n) for n in range(BODIES)]
    return Set(storage, renditions.make(storage, source, order, wanted=WANTED), order)


def zone_of(slug: str, size: tuple[int, int]) -> tuple[int, int, int, int]:
    one = renditions.formats()[slug]
    left, top, width, height = (int(side * size[0] / one.width) for side in one.zone)
    return left, top, left + width, top + height


def outside(image: Image.Image, zone: tuple[int, int, int, int]) -> Image.Image:
    """The picture with its zone, and the blocks of the JPEG that the zone's edge may share, painted over."""
    clear = image.copy()
    clear.paste((0, 0, 0), (zone[0] - 16, zone[1] - 16, zone[2] + 16, zone[3] + 16))
    return clear


def farthest(left: Image.Image, right: Image.Image) -> float:
    return max(float(band[1]) for band in ImageChops.difference(left, right).getextrema())  # type: ignore[index] # RGB has three bands


def measured_contrast(part: Image.Image) -> float:
    """The contrast of what was drawn, read from the pixels: the strongest ink against what is most there."""
    seen = part.resize((120, 60), Image.Resampling.NEAREST).tobytes()
    lights = sorted(pressed.luminance(seen[at : at + 3]) for at in range(0, len(seen), 3))  # type: ignore[arg-type] # bytes are numbers
    ends = lights[len(lights) // 50], lights[-1 - len(lights) // 50]
    return (ends[1] + 0.05) / (ends[0] + 0.05)


def test_33_bodies_get_five_formats_each_in_the_size_that_is_promised(made: Set) -> None:
    assert len(list(made.each())) == BODIES * len(SLUGS)
    assert len({data for _, _, data in made.each()}) == BODIES * len(SLUGS)
    for one in WANTED:
        row = made.rows["", one.slug]
        assert row["width"] / row["height"] == pytest.approx(one.width / one.height, abs=0.01)
        assert (row["width"], row["height"]) <= (one.width, one.height)
    # The photograph is 960 by 720: it fills what it can and is never made larger than it is.
    assert made.rows["", "cuadrado"]["width"] == 720
    assert made.rows["", "historia"]["width"] == 405


def test_a_logo_stays_in_its_zone_and_the_rest_of_the_picture_stays_as_it_is(made: Set) -> None:
    for n, slug, data in made.each():
        picture, bare = sets.opened(data), sets.opened(made.data("", slug))
        zone = zone_of(slug, picture.size)
        assert farthest(outside(picture, zone), outside(bare, zone)) <= _JPEG_NOISE, (n, slug)
        inside = ImageChops.difference(picture.crop(zone), bare.crop(zone))
        # Something is drawn; a plate fills its air, without one the air stays free.
        drawn = inside.convert("L").point(lambda value: 255 * (value > 40)).getbbox()
        assert drawn is not None, (n, slug)
        if not made.rows[made.order[n].key, slug]["plate"]:
            assert min(drawn[0], drawn[1]) > 0, (n, slug)
            assert drawn[2] < zone[2] - zone[0], (n, slug)
            assert drawn[3] < zone[3] - zone[1], (n, slug)


def test_a_logo_outside_its_zone_would_be_seen(made: Set) -> None:
    picture = sets.opened(made.data(made.order[0].key, "retrato"))
    bare = sets.opened(made.data("", "retrato"))
    zone = zone_of("retrato", picture.size)
    moved = tuple(side - 200 for side in zone)
    assert farthest(outside(picture, moved), outside(bare, moved)) > _JPEG_NOISE  # type: ignore[arg-type] # four sides


def test_the_zone_of_every_format_lies_where_no_network_covers_it() -> None:
    for one in renditions.formats().values():
        left, top, width, height = one.zone
        assert left >= one.safe[0], one.slug
        assert top >= one.safe[1], one.slug
        assert left + width <= one.width - one.safe[2], one.slug
        assert top + height <= one.height - one.safe[3], one.slug
        assert not any(side % 16 for side in one.zone) or one.width > 2000, one.slug
        # Room for words: nine tenths of what is safe stays free of the logo.
        safe = (one.width - one.safe[0] - one.safe[2]) * (one.height - one.safe[1] - one.safe[3])
        assert width * height < 0.1 * safe, one.slug


def test_every_logo_is_seen_against_what_lies_behind_it(made: Set) -> None:
    for n, slug, data in made.each():
        row = made.rows[made.order[n].key, slug]
        assert row["contrast"] >= 300, (n, slug)
        picture = sets.opened(data)
        zone = zone_of(slug, picture.size)
        bare = sets.opened(made.data("", slug))
        drawn = (
            ImageChops.difference(picture.crop(zone), bare.crop(zone))
            .convert("L")
            .point(lambda value: 255 * (value > 24))
            .getbbox()
        )
        assert drawn is not None
        part = picture.crop(zone).crop(drawn)
        assert measured_contrast(part) >= 3.0, (n, slug)
    plates = {row["plate"] for row in made.rows.values()}
    assert plates == {True, False}


def test_without_a_plate_a_light_logo_on_light_would_not_be_seen() -> None:
    light = pressed.logo(sets.logo(1) or b"")
    zone = (20, 20, 320, 112)
    on_light = Image.new("RGB", (400, 200), (245, 245, 245))
    assert pressed.put(on_light, light, zone).plate
    on_dark = Image.new("RGB", (400, 200), (20, 20, 30))
    assert not pressed.put(on_dark, light, zone).plate
    assert pressed.luminance((250, 250, 245)) / pressed.luminance((245, 245, 245)) < 1.2


def test_a_logo_on_restless_ground_gets_a_plate() -> None:
    noisy = Image.effect_noise((400, 200), 120).convert("RGB")
    assert pressed.put(noisy, pressed.logo(sets.logo(2) or b""), (20, 20, 320, 112)).plate


def test_formats_say_srgb_and_nothing_else(made: Set) -> None:
    profiles = set()
    for _, _, data in made.each():
        with Image.open(BytesIO(data)) as image:
            assert image.mode == "RGB"
            profiles.add(image.info["icc_profile"])
            assert set(image.info) <= {
                "icc_profile",
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "dpi",
            }
            assert not image.getexif()
    (profile,) = profiles
    assert "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile)))


def test_a_format_of_a_photograph_tells_nothing_that_the_photograph_told(storage: DiskStorage) -> None:
    talkative = corpus.photo()
    told = Source("d" * 64, storage.put(Shelf.ORIGINALS, BytesIO(talkative)))
    made = renditions.make(storage, told, [mark(storage, 0)], wanted=WANTED[:2])
    assert len(made) == 4
    for one in made:
        for name in ("sha256", "preview_sha256"):
            with storage.open(Shelf.SERVED, one.row[name]) as file:
                served = file.read()
            assert [word for word in (*corpus.CANARIES, corpus.SCRIPT) if word in served] == []
    assert all(word in talkative for word in corpus.CANARIES[:5])  # the control: what it is made of does


def test_what_the_colours_meant_is_what_they_are() -> None:
    swapped = Negative(corpus.with_red_and_green_swapped())
    red, green, blue = swapped.whole((20, 20)).getpixel((5, 5))  # type: ignore[misc] # RGB
    assert green > 200
    assert red < 60
    assert blue < 60


def test_formats_are_as_sharp_as_plain_lanczos_makes_them() -> None:
    photo = sets.opened(sets.photograph(1600, 1200))
    photo = ImageChops.add(photo, Image.merge("RGB", [Image.effect_noise(photo.size, 24)] * 3), offset=-128)
    wanted = replace(PressFormat(**renditions.formats()["cuadrado"].job()), width=500, height=500)
    negative = Negative(corpus.encoded(photo, "JPEG", quality=95))
    picture = base_of(negative, wanted, Framing("crop", 500, 500)).image
    plain = photo.resize((500, 500), Image.Resampling.LANCZOS, box=(200, 0, 1400, 1200))

    def sharpness(image: Image.Image) -> float:
        return float(ImageStat.Stat(image.convert("L").filter(ImageFilter.FIND_EDGES)).var[0])

    assert 0.7 * sharpness(plain) <= sharpness(picture) <= 1.3 * sharpness(plain)
    assert sharpness(plain.filter(ImageFilter.GaussianBlur(0.8))) < 0.7 * sharpness(plain)


def test_the_crop_goes_where_there_is_something_to_see_and_a_person_can_move_it() -> None:
    image = Image.new("RGB", (900, 300), (200, 200, 205))
    image.paste(Image.effect_noise((250, 250), 100).convert("RGB"), (620, 30))
    interest = Interest(image)
    left, _, right, _ = interest.box(image.size, 1.0, Framing())
    assert left > 500
    assert interest.box(image.size, 1.0, Framing(across=100, down=500))[0] == 0
    assert right <= 900


def test_a_poster_is_shown_whole_so_that_no_word_is_cut() -> None:
    poster = Image.new("RGB", (1600, 900), (91, 42, 134))
    for n in range(12):
        poster.paste((255, 255, 255), (n * 130 + 20, 400, n * 130 + 110, 480))
    negative = Negative(corpus.encoded(poster))
    one = renditions.formats()["retrato"]
    wanted = PressFormat(**one.job())
    whole = base_of(negative, wanted, Framing()).image
    cut = base_of(negative, wanted, Framing("crop")).image

    def words(image: Image.Image) -> int:
        light = (
            image.convert("L")
            .point(lambda value: 255 * (value > 200))
            .resize((image.width, 1), Image.Resampling.BOX)
        )
        row = [value > 2 for value in light.tobytes()]
        return sum(1 for before, now in zip([False, *row], row, strict=False) if now and not before)

    assert words(whole) == 12
    assert words(cut) < 12
    # Nor does the logo cover one: the picture ends above its zone.
    box = one.zone
    strip = whole.crop((box[0], box[1], box[0] + box[2], box[1] + box[3]))
    assert strip.getextrema() == ((91, 91), (42, 42), (134, 134))


def test_a_photograph_is_no_poster() -> None:
    for photo in (sets.opened(sets.photograph()), Image.linear_gradient("L").convert("RGB")):
        assert not Interest(photo).flat


def test_what_goes_on_around_a_poster_is_its_own_edge() -> None:
    assert edge_colour(Image.new("RGB", (300, 200), (91, 42, 134))) == (91, 42, 134)
    two = Image.new("RGB", (300, 200), (250, 250, 250))
    two.paste((200, 30, 30), (0, 0, 300, 60))
    assert edge_colour(two)[2] > 200


def test_another_body_s_logo_is_put_on_what_was_made_and_the_photograph_stays_closed(
    made: Set, storage: DiskStorage, source: Source
) -> None:
    bases = {("", slug): _Row(made.rows["", slug]["sha256"]) for slug in SLUGS}
    gone = replace(source, original_sha256="f" * 64, sha256="e" * 64)
    again = renditions.make(storage, gone, [made.order[1]], bases, WANTED)  # type: ignore[arg-type] # rows by their hash
    assert [one.row["mark"] for one in again] == [made.order[1].key] * len(SLUGS)
    for one in again:
        with storage.open(Shelf.SERVED, one.row["sha256"]) as file:
            second = sets.opened(file.read())
        first = sets.opened(made.data(made.order[1].key, one.row["format"]))
        # At the edge of what is enough, one path may take a plate and the other not; the rest is the same.
        zone = zone_of(one.row["format"], first.size)
        error = ImageStat.Stat(ImageChops.difference(outside(first, zone), outside(second, zone))).rms
        assert max(error) < 2.5, one.row["format"]


class _Row:
    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256


def test_the_same_order_gives_the_same_bytes(storage: DiskStorage, source: Source) -> None:
    order = [mark(storage, 2)]
    twice = [renditions.make(storage, source, order, wanted=WANTED[:1]) for _ in range(2)]
    assert [one.row["sha256"] for one in twice[0]] == [one.row["sha256"] for one in twice[1]]


def test_a_hostile_photograph_is_refused_and_the_press_goes_on(storage: DiskStorage) -> None:
    bomb = storage.put(Shelf.ORIGINALS, BytesIO(corpus.bomb()))
    with pytest.raises(pictures.PictureTooManyPixelsError):
        renditions.make(storage, Source("0" * 64, bomb), [], wanted=WANTED[:1])
    cut = storage.put(Shelf.ORIGINALS, BytesIO(sets.photograph()[:9000]))
    with pytest.raises(pictures.PictureUnreadableError):
        renditions.make(storage, Source("0" * 64, cut), [], wanted=WANTED[:1])


def test_a_contact_sheet_can_be_looked_at(made: Set, tmp_path: Path) -> None:
    sheet = sets.contact_sheet({(n, slug): data for n, slug, data in made.each()}, SLUGS)
    path = Path(os.environ.get("RESUENA_CONTACT_SHEET", tmp_path / "sheet.png"))
    sheet.save(path)
    assert path.stat().st_size > 10_000
