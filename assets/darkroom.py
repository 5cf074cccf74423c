"""The only file that opens pictures: a program of its own, run in a child process with few rights.

It reads one picture from standard input and writes new ones, made from its pixels alone, to standard
output: one line of JSON that tells what follows, then the bytes. It imports nothing of the house, so
that whoever breaks a decoder finds neither settings nor secrets nor a database here.
Called by ``pictures.develop``, with two numbers (bytes, and pixels a side) by ``pictures.fit_within``, with
"fingerprint" by ``pictures.fingerprint``, which gets no picture back, with "look" by ``pictures.look``, which
gets a small grey one as plain points, and with "jpeg" by ``pictures.as_jpeg``;
the web process itself never loads Pillow.
"""

import json
import math
import os
import resource
import sys
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageCms

MAX_PIXELS = 50_000_000
# An address space of this many bytes holds any picture of MAX_PIXELS while it is made smaller.
_MEMORY = 1280 << 20
_CPU_SECONDS = 15
_NICENESS = 5
# Larger than what any network shows; the original is kept for print.
_EDGE = 2560
_THUMBNAIL_EDGE = 480
_HASHED = (9, 8)
_LOOK_EDGE = 192
# What the strictest of the large networks took when this was written; smaller ones are made per network.
_LARGEST = 5_000_000
_QUALITIES = (90, 82, 74)
_THUMBNAIL_QUALITY = 82
_TIGHTER = 0.95
_DEEP_MODES = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
# How to turn a picture upright, by its orientation tag (EXIF 2.32, tag 0x0112).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class RefusedError(Exception):
    """The picture is not taken; ``code`` becomes that of a domain error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class _Encoded:
    """A picture as bytes."""

    data: bytes
    media_type: str
    width: int
    height: int


def flatten_depth(image: Image.Image) -> Image.Image:
    """Return the picture in a mode of 8 bits a channel that can be made smaller."""
    if image.mode in _DEEP_MODES:
        # Pillow would cut 16 bits at 255, which turns most of the picture white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    # One that is RGBA already would only be copied, which is 200 MB for the largest.
    if image.mode != "RGBA" and (image.has_transparency_data or image.mode == "P"):
        return image.convert("RGBA")
    return image


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in RGB or RGBA with the colours that its profile meant, as sRGB."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                colours,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a broken profile is no reason to refuse a picture
        colours = converted or colours
    colours = colours.convert("RGB")
    if alpha and alpha.getextrema()[0] < 255:  # type: ignore[operator] # noqa: PLR2004 -- one channel, hence numbers; 255 is opaque
        colours.putalpha(alpha)
    return colours


def upright(image: Image.Image, orientation: int | None) -> Image.Image:
    """Return the picture turned as its orientation tag says; itself when it lies right."""
    turn = _TURNS.get(orientation or 1)
    return image.transpose(turn) if turn is not None else image


def _only_pixels(image: Image.Image) -> Image.Image:
    """Return a picture that has the pixels and nothing else: encoders copy comments and profiles."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image, (0, 0))
    return clean


def opened(data: BytesIO) -> Image.Image:
    """Return the picture, not decoded yet; raise for one that is too large or moves."""
    image = Image.open(data, formats=["JPEG", "PNG", "WEBP", "GIF"])
    if image.width * image.height > MAX_PIXELS:
        raise Image.DecompressionBombError
    # A telephone's JPEG may hold a second picture (depth, preview); it does not move.
    if image.format in {"GIF", "PNG", "WEBP"} and getattr(image, "is_animated", False):
        raise RefusedError("picture_animated")
    return image


def _fitted(image: Image.Image, edge: int) -> Image.Image:
    fitted = image.copy()
    fitted.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return fitted


def _decoded(data: BytesIO, edge: int = _EDGE) -> tuple[Image.Image, bool]:
    """Return the picture, upright, in sRGB, at most ``edge`` wide and high; and whether it came lossless."""
    with opened(data) as image:
        lossless = image.format in {"GIF", "PNG"}
        # A JPEG's decoder makes it smaller by itself: less memory, and faster.
        image.draft(None, (edge, edge))
        image.load()
        orientation = image.getexif().get(ExifTags.Base.Orientation)
        profile = image.info.get("icc_profile")
        flat = flatten_depth(image)
        # In place when it can be: a copy of the largest picture would be 200 MB.
        flat.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return _only_pixels(upright(in_srgb(flat, profile), orientation)), lossless


def _as_png(image: Image.Image) -> _Encoded:
    written = BytesIO()
    image.save(written, "PNG")
    return _Encoded(written.getvalue(), "image/png", *image.size)


def _as_jpeg(image: Image.Image, quality: int) -> _Encoded:
    written = BytesIO()
    image.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return _Encoded(written.getvalue(), "image/jpeg", *image.size)


def _encoded(image: Image.Image, *, lossless: bool, largest: int = _LARGEST) -> _Encoded:
    """Return the picture within ``largest`` bytes; only one with transparency must be a PNG."""
    while True:
        size = 0
        if lossless or image.mode == "RGBA":
            png = _as_png(image)
            size = len(png.data)
            if size <= largest:
                return png
        if image.mode == "RGB":
            for quality in _QUALITIES:
                jpeg = _as_jpeg(image, quality)
                size = len(jpeg.data)
                if size <= largest:
                    return jpeg
        # A picture's bytes go with its surface; a little less, so that two tries do.
        scale = _TIGHTER * math.sqrt(largest / size)
        image = _fitted(image, max(1, int(max(image.size) * scale)))


def _thumbnail(image: Image.Image, media_type: str) -> _Encoded:
    small = _fitted(image, _THUMBNAIL_EDGE)
    return _as_png(small) if media_type == "image/png" else _as_jpeg(small, _THUMBNAIL_QUALITY)


def _grey(data: BytesIO, least: tuple[int, int]) -> Image.Image:
    """Return the picture in grey, on white where it is transparent, at least so large where the original is."""
    with opened(data) as image:
        # A JPEG's decoder makes it small and grey by itself, in a third of the time.
        image.draft("L", least)
        image.load()
        flat = flatten_depth(image)
        if flat.mode == "RGBA":
            flat = Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat)
        return upright(flat.convert("L"), image.getexif().get(ExifTags.Base.Orientation))


def looked(data: BytesIO) -> _Encoded:
    """Return a small grey copy, as its points row by row."""
    small = _grey(data, (2 * _LOOK_EDGE, 2 * _LOOK_EDGE))
    small.thumbnail((_LOOK_EDGE, _LOOK_EDGE), Image.Resampling.LANCZOS)
    return _Encoded(small.tobytes(), "application/octet-stream", *small.size)


def _difference_hash(data: BytesIO) -> int:
    """Return 64 bits that say how the picture looks: which of two neighbours of 9 x 8 grey points is brighter."""
    wide, high = _HASHED
    points = _grey(data, (wide * 8, high * 8)).resize(_HASHED, Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for place in range(wide * high):
        if (place + 1) % wide:
            bits = bits << 1 | (points[place + 1] > points[place])
    return bits


def _develop(data: BytesIO) -> list[_Encoded]:
    """Return what is served and its thumbnail."""
    image, lossless = _decoded(data)
    served = _encoded(image, lossless=lossless)
    return [served, _thumbnail(image, served.media_type)]


def _fit(data: BytesIO, largest: int, edge: int) -> list[_Encoded]:
    """Return the picture within these limits: the same bytes when it is, made anew when it is not."""
    whole = data.getvalue()
    with opened(data) as image:
        fits = len(whole) <= largest and max(image.size) <= edge
        if fits and image.format in {"JPEG", "PNG"}:
            image.load()
            return [_Encoded(whole, Image.MIME[image.format], *image.size)]
    data.seek(0)
    made, lossless = _decoded(data, edge)
    return [_encoded(made, lossless=lossless, largest=largest)]


def _flattened(data: BytesIO) -> _Encoded:
    """Return the picture as a JPEG: the same bytes when it is one, on white where it was transparent."""
    whole = data.getvalue()
    with opened(data) as image:
        if image.format == "JPEG":
            image.load()
            return _Encoded(whole, "image/jpeg", *image.size)
    data.seek(0)
    made, _lossless = _decoded(data)
    if made.mode == "RGBA":
        made = Image.alpha_composite(Image.new("RGBA", made.size, "white"), made)
    return _encoded(made.convert("RGB"), lossless=False)


def refusal(error: Exception) -> dict[str, object]:
    """Return what is answered instead of a picture that could not be opened."""
    match error:
        case RefusedError():
            return {"refused": error.code, "params": {}}
        case Image.DecompressionBombError() | Image.DecompressionBombWarning():
            return {"refused": "picture_too_many_pixels", "params": {"megapixels": MAX_PIXELS // 1_000_000}}
        case MemoryError():
            return {"refused": "picture_too_heavy", "params": {}}
        case _:
            return {"refused": "picture_unreadable", "params": {}}


def limit_self() -> None:
    """Give away what decoding a picture does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICENESS)


def main() -> None:
    """Read a picture, write what it became or why it is refused."""
    limit_self()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    pictures: list[_Encoded] = []
    try:
        asked, data = sys.argv[1:], BytesIO(sys.stdin.buffer.read())
        told: dict[str, object] = {}
        if asked == ["fingerprint"]:
            told["fingerprint"] = f"{_difference_hash(data):016x}"
        elif asked == ["look"]:
            pictures = [looked(data)]
        elif asked == ["jpeg"]:
            pictures = [_flattened(data)]
        else:
            limits = [int(limit) for limit in asked]
            pictures = _fit(data, *limits) if limits else _develop(data)
        told |= {
            "pictures": [
                {
                    "size": len(one.data),
                    "media_type": one.media_type,
                    "width": one.width,
                    "height": one.height,
                }
                for one in pictures
            ]
        }
    except Exception as error:  # noqa: BLE001 -- a hostile file may raise anything in a decoder; none is our fault
        told = refusal(error)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for one in pictures:
        sys.stdout.buffer.write(one.data)


if __name__ == "__main__":
    main()
