"""Hostile upload in, video out as it came: what an MP4 says of itself is looked at, nothing is decoded.

It is never shown in a page, only downloaded and sent, so nothing here needs to understand its pictures.
The layout is that of ISO/IEC 14496-12: boxes one after the other, the first of them "ftyp".
"""

from collections.abc import Iterator
from io import SEEK_END
from typing import BinaryIO

from content_calendar.errors import InvalidError

MEDIA_TYPE = "video/mp4"
_HEAD, _LONG = 8, 16
_MEGABYTE = 1 << 20
_MOST_BOXES = 10_000
_LONGEST_FTYP = 4096
_BRAND = 4
# Brands whose players are the browsers' and the networks'; QuickTime, 3GP, HEIC and sound alone are others.
_BRANDS = frozenset(
    {b"isom", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", *(b"iso%d" % n for n in range(2, 10))}
)


class VideoTooLargeError(InvalidError):
    """The file has more bytes than are taken: ``megabytes`` of 2^20."""

    code = "video_too_large"


class VideoKindNotTakenError(InvalidError):
    """The file is a film of another kind than MP4."""

    code = "video_kind_not_taken"


class VideoUnreadableError(InvalidError):
    """The file is cut short, or its parts do not add up."""

    code = "video_unreadable"


def is_film(start: bytes) -> bool:
    """Return whether a file that begins so is a film of some kind; pictures of that family are none."""
    return start[4:8] == b"ftyp" and start[8:12] not in {b"heic", b"heix", b"mif1", b"msf1", b"avif"}


def look_over(source: BinaryIO, most_megabytes: int, field: str) -> int:
    """Return how many bytes the video has, read from its beginning to its end; it then stands at its beginning.

    Raises VideoTooLargeError, VideoKindNotTakenError and VideoUnreadableError, each with ``field``.
    """
    size = source.seek(0, SEEK_END)
    if size > most_megabytes * _MEGABYTE:
        raise VideoTooLargeError(field, megabytes=most_megabytes)
    source.seek(0)
    if not _brands(source.read(_LONGEST_FTYP)) & _BRANDS:
        raise VideoKindNotTakenError(field)
    if b"moov" not in set(_boxes(source, size, field)):
        raise VideoUnreadableError(field)
    source.seek(0)
    return size


def _brands(start: bytes) -> set[bytes]:
    length = int.from_bytes(start[:4], "big")
    if start[4:8] != b"ftyp" or not _LONG <= length <= min(_LONGEST_FTYP, len(start)):
        return set()
    # The brand, its version, and the other brands that it goes along with.
    major, others = start[8:12], start[_LONG:length]
    compatible = {others[n : n + _BRAND] for n in range(0, len(others), _BRAND)}
    return {major} if major in {b"qt  ", b"M4A "} else {major, *compatible}


def _boxes(source: BinaryIO, size: int, field: str) -> Iterator[bytes]:
    """Yield the kind of each outer box; they fill the file to its last byte."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at == size:
            return
        source.seek(at)
        head = source.read(_LONG)
        length, kind = int.from_bytes(head[:4], "big"), head[4:_HEAD]
        if length == 1:
            length = int.from_bytes(head[_HEAD:], "big")
        elif length == 0:
            length = size - at
        if len(head) < _HEAD or length < _HEAD or at + length > size:
            break
        yield kind
        at += length
    raise VideoUnreadableError(field)
