import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from assets import apart, darkroom, pictures
from assets.pictures import Developed, Picture, PicturesBusyError, develop, fit_within
from content_calendar.errors import ResuenaError
from tests.assets import corpus

HOUSE = Path(__file__).parents[2]


def refusal(data: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(ResuenaError) as caught:
        develop(data)
    return caught.value.code, caught.value.params


def opened(picture: Picture) -> Image.Image:
    image = Image.open(BytesIO(picture.data))
    image.load()
    assert image.size == (picture.width, picture.height)
    assert Image.MIME[str(image.format)] == picture.media_type
    return image


def canaries_in(*parts: bytes) -> list[bytes]:
    return [word for word in (*corpus.CANARIES, corpus.SCRIPT) for part in parts if word in part]


def both(developed: Developed) -> tuple[bytes, bytes]:
    return developed.served.data, developed.thumbnail.data


@pytest.mark.parametrize(
    ("upload", "planted"),
    [
        (corpus.photo(), 6),
        (corpus.talkative_png(), 6),
        (corpus.gif_that_is_a_script(), 3),
    ],
    ids=["photo", "png", "gif"],
)
def test_nothing_but_pixels_is_left_of_an_upload(upload: bytes, planted: int) -> None:
    assert len(canaries_in(upload)) == planted  # the control: the upload does tell
    developed = develop(upload)
    assert canaries_in(*both(developed)) == []
    for picture in (developed.served, developed.thumbnail):
        image = opened(picture)
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp"} & set(image.info)


def test_saving_again_would_not_have_been_enough() -> None:
    with Image.open(BytesIO(corpus.photo())) as image:
        assert b"CANARY-COMMENT" in corpus.encoded(image, "JPEG")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of the channels; a picture of another size is as different as can be."""
    if one.size != other.size:
        return 255
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_served_upright(orientation: int) -> None:
    upload = corpus.photo(orientation)
    with Image.open(BytesIO(upload)) as image:
        lying = image.copy()
    upright = ImageOps.exif_transpose(lying)
    served = opened(develop(upload).served)
    assert difference(served, upright) < 3
    if orientation != 1:  # the control: as it lay, it is another picture
        assert difference(served, lying) > 20


@pytest.mark.parametrize(
    ("upload", "code", "params"),
    [
        (b"", "picture_unreadable", {}),
        (corpus.SVG, "picture_kind_not_taken", {"kind": "svg"}),
        (corpus.HTML, "picture_kind_not_taken", {"kind": "html"}),
        (corpus.PDF, "picture_kind_not_taken", {"kind": "pdf"}),
        (b"PK\x03\x04" + bytes(60), "picture_kind_not_taken", {"kind": "zip"}),
        (b"\0\0\0\x18ftypheic" + bytes(60), "picture_kind_not_taken", {"kind": "heic"}),
        (b"\0\0\0\x18ftypmp42" + bytes(60), "picture_kind_not_taken", {"kind": "video"}),
        (corpus.encoded(corpus.drawing(), "TIFF"), "picture_kind_not_taken", {"kind": "tiff"}),
        (corpus.encoded(corpus.drawing(), "EPS"), "picture_kind_not_taken", {"kind": "postscript"}),
        (b"hola", "picture_kind_not_taken", {"kind": "unknown"}),
        (b"GIF89a/*" + corpus.SCRIPT + b"*/", "picture_unreadable", {}),
        (b"\xff\xd8\xff" + corpus.HTML, "picture_unreadable", {}),
        (corpus.encoded(corpus.drawing(), "JPEG")[:-800], "picture_unreadable", {}),
        (corpus.encoded(corpus.drawing(), "PNG")[:-60], "picture_unreadable", {}),
        (corpus.encoded(corpus.drawing(), "WEBP")[:-60], "picture_unreadable", {}),
        (corpus.bomb(), "picture_too_many_pixels", {"megapixels": 50}),
        (corpus.bomb(8001, 6250), "picture_too_many_pixels", {"megapixels": 50}),
        (corpus.moving("GIF"), "picture_animated", {}),
        (corpus.moving("PNG"), "picture_animated", {}),
        (corpus.moving("WEBP"), "picture_animated", {}),
        (
            corpus.encoded(corpus.drawing()) + bytes(20_000_000),
            "picture_too_large",
            {"megabytes": 15},
        ),
    ],
)
def test_what_is_no_still_picture_of_ours_is_refused_by_a_code(
    upload: bytes, code: str, params: dict[str, object]
) -> None:
    assert refusal(upload) == (code, params)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_the_same_kinds_when_sound_are_taken(kind: str) -> None:
    developed = develop(corpus.encoded(corpus.drawing(), kind))
    assert opened(developed.served).size == (300, 200)
    assert developed.served.media_type == ("image/jpeg" if kind in {"JPEG", "WEBP"} else "image/png")


def test_transparency_is_kept_and_only_where_there_is_some() -> None:
    seen_through = corpus.drawing(mode="RGBA")
    seen_through.putpixel((5, 5), (255, 0, 0, 0))
    developed = develop(corpus.encoded(seen_through, "WEBP", lossless=True))
    assert opened(developed.served).getpixel((5, 5))[3] == 0  # type: ignore[index] # four channels
    assert opened(developed.thumbnail).mode == "RGBA"
    assert opened(develop(corpus.encoded(corpus.drawing(mode="RGBA"))).served).mode == "RGB"


def test_a_palette_s_transparency_is_kept() -> None:
    data = corpus.encoded(
        corpus.drawing(mode="P"), "GIF", transparency=corpus.drawing(mode="P").getpixel((0, 0))
    )
    assert opened(develop(data).served).getpixel((0, 0))[3] == 0  # type: ignore[index] # four channels


def test_colours_are_those_that_the_profile_meant() -> None:
    red, green, _ = opened(develop(corpus.with_red_and_green_swapped()).served).getpixel((9, 9))  # type: ignore[misc] # three channels
    assert green > 200
    assert red < 60


def test_a_broken_profile_is_no_reason_to_refuse_a_picture() -> None:
    data = corpus.encoded(Image.new("RGB", (9, 9), "red"), "PNG", icc_profile=b"not a profile" * 20)
    assert opened(develop(data).served).getpixel((4, 4)) == (255, 0, 0)


def test_a_picture_for_print_becomes_one_for_screens() -> None:
    served = opened(develop(corpus.encoded(corpus.drawing(mode="CMYK"), "JPEG")).served)
    assert served.mode == "RGB"
    assert served.getpixel((150, 100)) == (255, 255, 255)


def test_sixteen_bits_of_grey_do_not_turn_white() -> None:
    grey = Image.new("I;16", (20, 20), 32_768)
    assert opened(develop(corpus.encoded(grey)).served).getpixel((9, 9)) == (128, 128, 128)


def test_a_telephone_s_picture_in_two_layers_is_the_first_one() -> None:
    layers = corpus.encoded(
        corpus.drawing(), "MPO", save_all=True, append_images=[Image.new("RGB", (300, 200))]
    )
    assert opened(develop(layers).served).getpixel((150, 100)) == (255, 255, 255)


def test_a_large_picture_is_made_smaller_and_a_small_one_is_left() -> None:
    large = develop(corpus.encoded(corpus.drawing(6000, 3000), "JPEG"))
    assert opened(large.served).size == (2560, 1280)
    assert opened(large.thumbnail).size == (480, 240)
    small = develop(corpus.encoded(corpus.drawing(30, 20), "PNG"))
    assert opened(small.served).size == opened(small.thumbnail).size == (30, 20)


def test_noise_with_transparency_is_made_small_enough_to_be_sent() -> None:
    noise = Image.effect_noise((1350, 1350), 90)
    served = develop(corpus.encoded(Image.merge("RGBA", [noise] * 4))).served
    assert opened(served).mode == "RGBA"
    assert len(served.data) <= 5_000_000


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    program = tmp_path / "darkroom.py"
    program.write_text(lines)
    monkeypatch.setattr(pictures, "_DARKROOM", program)


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("import time; time.sleep(600)", 0.3),
        ("while True: print('x' * 1_000_000)", 20.0),
        ("import os; os.abort()", 20.0),
        ("raise SystemExit(3)", 20.0),
    ],
    ids=["sleeps", "floods", "crashes", "fails"],
)
def test_a_decoder_that_goes_wrong_ends_and_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, seconds: float
) -> None:
    stand_in(tmp_path, monkeypatch, lines)
    monkeypatch.setattr(pictures, "_WALL_SECONDS", seconds)
    assert refusal(corpus.photo())[0] == "picture_too_heavy"


def run_limited(then: str) -> subprocess.CompletedProcess[str]:
    lines = f"import runpy; runpy.run_path({darkroom.__file__!r})['limit_self'](); {then}"
    return subprocess.run([sys.executable, "-I", "-c", lines], capture_output=True, text=True, check=False)  # noqa: S603 -- our own lines


def test_the_darkroom_cannot_take_the_machine_s_memory_nor_write_files(tmp_path: Path) -> None:
    assert "MemoryError" in run_limited("bytearray(2 << 30)").stderr
    assert run_limited("bytearray(200 << 20)").returncode == 0
    written = tmp_path / "written"
    assert run_limited(f"open({str(written)!r}, 'wb', 0).write(b'x')").returncode != 0
    assert not written.exists() or written.stat().st_size == 0


def test_the_darkroom_knows_no_setting_nor_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    stand_in(tmp_path, monkeypatch, f"import os; open({str(seen)!r}, 'w').write(repr(sorted(os.environ)))")
    monkeypatch.setenv("RESUENA_SECRET_KEY", "k" * 40)
    refusal(corpus.photo())
    assert "RESUENA" not in seen.read_text()


LARGEST = """
import resource, sys, tracemalloc
from assets.pictures import develop
upload = open(sys.argv[1], "rb").read()
tracemalloc.start()
developed = develop(upload)
held, darkroom_held = tracemalloc.get_traced_memory()[1], resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
print(held, darkroom_held, developed.served.width)
"""


def test_the_largest_picture_that_is_taken_fits_the_memory_it_may_have(tmp_path: Path) -> None:
    upload = tmp_path / "upload.webp"
    picture = Image.new("RGBA", (7071, 7071), (9, 99, 199, 128))
    upload.write_bytes(corpus.encoded(picture, "WEBP", method=0, quality=1))
    # In a process of its own: the largest child it ever had is then the darkroom, and not a browser of another test.
    done = subprocess.run(  # noqa: S603 -- our own lines
        [sys.executable, "-c", LARGEST, str(upload)], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    held, darkroom_held, width = map(int, done.stdout.split())
    assert width == 2560
    assert held < 20 << 20  # the web process itself holds what goes in and what comes out
    assert darkroom_held < 1280 << 20


def test_who_waits_too_long_for_the_darkroom_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    only = apart.Places(1, 0.01, PicturesBusyError)
    monkeypatch.setattr(pictures, "_PLACES", only)
    with only.taken():
        assert refusal(corpus.photo())[0] == "pictures_busy"
    assert develop(corpus.photo()).served.width == 300


def test_the_web_process_never_loads_pillow() -> None:
    lines = "import sys, assets.library; sys.exit('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", lines], cwd=HOUSE, check=False)  # noqa: S603 -- our own lines
    assert done.returncode == 0


def noise(width: int, height: int, mode: str = "RGB") -> bytes:
    grey = Image.effect_noise((width, height), 90)
    return corpus.encoded(Image.merge(mode, [grey] * len(mode)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_is_made_to_fit_a_network_s_limits(mode: str) -> None:
    large = noise(900, 450, mode)
    assert len(large) > 300_000  # the control: as it is, it does not fit
    fitted = fit_within(large, 200_000, 800)
    assert len(fitted.data) <= 200_000
    image = opened(fitted)
    assert max(image.size) <= 800
    assert abs(image.width - 2 * image.height) <= 2
    assert image.mode == mode
    assert fit_within(large, 200_000, 800) == fitted  # a later try sends the same


def test_a_picture_that_fits_goes_as_it_is_and_tells_its_size() -> None:
    small = corpus.encoded(corpus.drawing(30, 20))
    assert fit_within(small, 1_000_000, 2000) == Picture(small, "image/png", 30, 20)
    assert opened(fit_within(small, 1_000_000, 15)).size == (15, 10)
    with pytest.raises(ResuenaError) as caught:
        fit_within(small[:40], 1_000_000, 2000)
    assert caught.value.code == "picture_unreadable"
