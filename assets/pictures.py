"""Hostile upload in, safe picture out: decoded in a child process and made anew from its pixels."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets import apart
from content_calendar.errors import ConflictError, InvalidError

MAX_BYTES = 15 << 20
_DARKROOM = Path(__file__).with_name("darkroom.py")
_WALL_SECONDS = 25.0
_LARGEST_ANSWER = 12_000_000
_PICTURES = 2

# The first bytes of what is taken; the decoder decides, this only tells kinds apart in what we answer.
_TAKEN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_KNOWN = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"%!PS", "postscript"),
    (b"8BPS", "psd"),
)


class PictureTooLargeError(InvalidError):
    """The file has more bytes than are taken: ``megabytes`` of 2^20."""

    code = "picture_too_large"


class PictureTooManyPixelsError(InvalidError):
    """The picture is wider and higher than is taken: ``megapixels``, of a million."""

    code = "picture_too_many_pixels"


class PictureUnreadableError(InvalidError):
    """The file is empty, cut short, damaged, or not what its beginning says."""

    code = "picture_unreadable"


class PictureKindNotTakenError(InvalidError):
    """The file is not a JPEG, PNG, WebP or GIF. ``kind`` is a word such as pdf, svg, heic, or unknown."""

    code = "picture_kind_not_taken"


class PictureAnimatedError(InvalidError):
    """The picture moves; only still ones are taken."""

    code = "picture_animated"


class PictureTooHeavyError(InvalidError):
    """Opening the picture took more memory or time than one picture may."""

    code = "picture_too_heavy"


class PicturesBusyError(ConflictError):
    """Too many pictures are being opened right now; the same file may be sent again in a moment."""

    code = "pictures_busy"


# Each may need more than a gigabyte for a moment.
_PLACES = apart.Places(2, 40.0, PicturesBusyError)
_REFUSALS: Mapping[str, type[InvalidError]] = {
    refusal.code: refusal
    for refusal in (
        PictureTooManyPixelsError,
        PictureUnreadableError,
        PictureAnimatedError,
        PictureTooHeavyError,
    )
}


@dataclass(frozen=True)
class Picture:
    """A picture made from pixels: JPEG or PNG in sRGB, without any metadata. Sizes are pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Developed:
    """What became of an upload: what may be served, and a small one for lists."""

    served: Picture
    thumbnail: Picture


def develop(data: bytes, field: str = "image") -> Developed:
    """Return the safe pictures made from an upload; ``field`` names the form's field in errors.

    Raises PictureTooLargeError, PictureKindNotTakenError, PictureUnreadableError, PictureAnimatedError,
    PictureTooManyPixelsError, PictureTooHeavyError and PicturesBusyError. Takes a second or more: no
    transaction should be open meanwhile.
    """
    if not data:
        raise PictureUnreadableError(field)
    if len(data) > MAX_BYTES:
        raise PictureTooLargeError(field, megabytes=MAX_BYTES >> 20)
    kind = _foreign_kind(data[:1024])
    if kind:
        raise PictureKindNotTakenError(field, kind=kind)
    served, thumbnail = _made(data, field, _PICTURES)
    return Developed(served, thumbnail)


def fit_within(data: bytes, max_bytes: int, max_side: int, field: str = "image") -> Picture:
    """Return a picture of ours within so many bytes, and pixels a side; as it is when it fits already.

    ``data`` was developed before, so it tells nothing but its pixels. The same bytes and limits give the same
    picture. Raises as ``develop`` does, and takes as long.
    """
    return _made(data, field, 1, str(max_bytes), str(max_side))[0]


def as_jpeg(data: bytes, field: str = "image") -> Picture:
    """Return a picture of ours as a JPEG, for whoever takes nothing else; as it is when it is one already.

    What was transparent is white. The same bytes give the same picture. Raises as ``develop`` does.
    """
    return _made(data, field, 1, "jpeg")[0]


def fingerprint(data: bytes, field: str = "image") -> int:
    """Return the 64 bits of a picture's difference hash: near for pictures that look alike.

    Raises as ``develop`` does, and takes less long.
    """
    told, _rest = _answered(data, field, "fingerprint")
    return int(str(told["fingerprint"]), 16)


def look(data: bytes, field: str = "image") -> Picture:
    """Return a small grey copy of a picture as its points, row by row: what ``assets.looks`` compares.

    Raises as ``develop`` does, and takes less long.
    """
    if len(data) > MAX_BYTES:
        raise PictureTooLargeError(field, megabytes=MAX_BYTES >> 20)
    return _made(data, field, 1, "look")[0]


def _made(data: bytes, field: str, count: int, *asked: str) -> list[Picture]:
    told, rest = _answered(data, field, *asked)
    return _cut(told.get("pictures", []), rest, field, count)


def _answered(data: bytes, field: str, *asked: str) -> tuple[dict[str, Any], bytes]:
    with _PLACES.taken(), apart.a_file(data) as upload:
        told, rest = apart.answered([str(_DARKROOM), *asked], upload, _WALL_SECONDS, _LARGEST_ANSWER)
    refused = told.get("refused") if told else PictureTooHeavyError.code
    if refused is not None:
        raise _REFUSALS.get(str(refused), PictureUnreadableError)(field, **told.get("params", {}))
    return told, rest


def begins_as_picture(start: bytes) -> bool:
    """Return whether these first bytes are those of a picture that is taken."""
    return start.startswith(_TAKEN) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")


def is_drawing(start: bytes) -> bool:
    """Return whether a file that begins so is an SVG."""
    return _foreign_kind(start) == "svg"


def _foreign_kind(start: bytes) -> str:
    """Return what the file seems to be instead of a picture that is taken; empty when it may be one."""
    if begins_as_picture(start):
        return ""
    for magic, kind in _KNOWN:
        if start.startswith(magic):
            return kind
    if start[4:8] == b"ftyp":
        return "heic" if start[8:12] in {b"heic", b"heix", b"mif1", b"msf1"} else "video"
    lowered = start.lower()
    if b"<svg" in lowered:
        return "svg"
    return "html" if b"<html" in lowered or b"<!doctype html" in lowered else "unknown"


def _cut(told: list[dict[str, Any]], data: bytes, field: str, count: int) -> list[Picture]:
    """Return the pictures that lie in ``data`` one after the other."""
    pictures: list[Picture] = []
    for one in told:
        size = int(one["size"])
        pictures.append(Picture(data[:size], str(one["media_type"]), int(one["width"]), int(one["height"])))
        data = data[size:]
    if len(pictures) != count or data:
        raise PictureUnreadableError(field)
    return pictures
