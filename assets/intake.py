"""Hostile upload in, safe material kept: which kind a file is, by what it holds, and what is made of it.

Nothing that comes is served as it came: a picture is made anew from its pixels, a drawing is drawn, a document
is written anew, a film and a sound are packed anew without what they tell. The original is kept apart.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from assets import apart, pictures, videos
from assets.labels import clean_filename
from assets.library import Taken, take_in
from assets.models import AssetKind
from assets.storage import Keeps, Shelf
from content_calendar.errors import InvalidError

PDF, TEXT = "application/pdf", "text/plain"
_DOCUMENT_MEGABYTES, _DRAWING_MEGABYTES, _SOUND_MEGABYTES = 40, 2, 100
_MEGABYTE = 1 << 20
_START = 1024
_LONGEST_TEXT = 10_000
_LONGEST_SOUND_MS = 3 * 3600 * 1000
_FILM_SECONDS = 120.0
_OF_SOUNDS = (b"ID3", b"OggS")
_MP3_SYNC, _MP3_MASK = 0xFFE0, 0xFFE0


class DocumentTooLargeError(InvalidError):
    """The file has more bytes than are taken: ``megabytes`` of 2^20."""

    code = "document_too_large"


class FileRefusedError(InvalidError):
    """The file holds what is not taken, or cannot be read. Each reason is a class of its own, by its code."""

    code = "file_refused"


class TextMissingError(InvalidError):
    """A text to copy has to say something."""

    code = "text_missing"


class TextTooLongError(InvalidError):
    """The text is too long: ``limit`` and ``length`` are characters."""

    code = "text_too_long_to_copy"


REFUSALS = (
    "svg_active", "svg_text", "svg_outside", "svg_heavy", "svg_unreadable", "pdf_active", "pdf_holds_files",
    "pdf_locked", "pdf_heavy", "pdf_unreadable", "audio_kind_not_taken", "audio_unreadable", "audio_too_long",
)  # fmt: skip


_REFUSED: dict[str, type[InvalidError]] = {
    **{code: type(f"{code}_error", (FileRefusedError,), {"code": code}) for code in REFUSALS},
    **{one.code: one for one in (videos.VideoKindNotTakenError, videos.VideoUnreadableError)},
}


@dataclass(frozen=True)
class Intake:
    """Where files are taken in, and how large a film may be, in megabytes of 2^20."""

    storage: Keeps
    video_megabytes: int

    def kind(self, source: BinaryIO) -> AssetKind:
        """Return what kind of material a file would make, by its beginning; it is then at its beginning again."""
        start = source.read(_START)
        source.seek(0)
        if videos.is_film(start) and start[8:12] != b"M4A ":
            return AssetKind.VIDEO
        if _is_sound(start):
            return AssetKind.AUDIO
        return AssetKind.PDF if start.startswith(b"%PDF-") else AssetKind.IMAGE

    def take(self, source: BinaryIO, filename: str = "", field: str = "file") -> Taken:
        """Return what was made of a file and kept; it is told by what it holds, its name tells nothing.

        Raises what ``pictures.develop`` and ``videos.look_over`` raise, DocumentTooLargeError, FileRefusedError
        and RoomsBusyError; then nothing is kept. Takes seconds: no transaction should be open meanwhile.
        """
        told = self.kind(source)
        makers = {
            AssetKind.VIDEO: self._film, AssetKind.AUDIO: self._sound, AssetKind.PDF: self._document
        }  # fmt: skip
        if told in makers:
            return makers[told](source, filename, field)
        start = source.read(_START)
        source.seek(0)
        if pictures.is_drawing(start):
            return self._drawing(source, filename, field)
        # A byte more than is taken tells that it is too much, without reading the rest.
        return take_in(self.storage, source.read(pictures.MAX_BYTES + 1), filename, field)

    def take_text(self, text: str, filename: str = "", field: str = "text") -> Taken:
        """Keep a text to copy; raises TextMissingError and TextTooLongError."""
        if not text:
            raise TextMissingError(field)
        if len(text) > _LONGEST_TEXT:
            raise TextTooLongError(field, limit=_LONGEST_TEXT, length=len(text))
        data = text.encode()
        kept = self.storage.put(Shelf.SERVED, BytesIO(data))
        return Taken(clean_filename(filename), kept, kept, "", TEXT, len(data), None, None)

    def _drawing(self, source: BinaryIO, filename: str, field: str) -> Taken:
        data = _bounded(source, _DRAWING_MEGABYTES, field)
        with apart.a_file(data) as given:
            told, png = apart.run("tracing", given)
        _check(told if png else {"refused": told.get("refused", "svg_heavy")}, field)
        made = take_in(self.storage, png, filename, field)
        return _from(made, self.storage.put(Shelf.ORIGINALS, BytesIO(data)))

    def _document(self, source: BinaryIO, filename: str, field: str) -> Taken:
        data = _bounded(source, _DOCUMENT_MEGABYTES, field)
        with apart.a_file(data) as given:
            told, pdf = apart.run("reading", given, most=2 * _DOCUMENT_MEGABYTES * _MEGABYTE)
        _check(told if pdf else {"refused": told.get("refused", "pdf_heavy")}, field)
        original = self.storage.put(Shelf.ORIGINALS, BytesIO(data))
        served = self.storage.put(Shelf.SERVED, BytesIO(pdf))
        return Taken(clean_filename(filename), original, served, "", PDF, len(pdf), None, None)

    def _film(self, source: BinaryIO, filename: str, field: str) -> Taken:
        videos.look_over(source, self.video_megabytes, field)
        taken, still = self._packed(source, filename, field, "film")
        if not still:
            return taken
        thumbnail = pictures.develop(still, field).thumbnail
        kept = self.storage.put(Shelf.SERVED, BytesIO(thumbnail.data))
        return Taken(**{**vars(taken), "thumbnail_sha256": kept})

    def _sound(self, source: BinaryIO, filename: str, field: str) -> Taken:
        if source.seek(0, 2) > _SOUND_MEGABYTES * _MEGABYTE:
            raise DocumentTooLargeError(field, megabytes=_SOUND_MEGABYTES)
        source.seek(0)
        return self._packed(source, filename, field, "sound")[0]

    def _packed(self, source: BinaryIO, filename: str, field: str, wanted: str) -> tuple[Taken, bytes]:
        with apart.a_file() as given, apart.a_file() as out:
            while chunk := source.read(_MEGABYTE):
                given.write(chunk)
            size = given.tell()
            given.seek(0)
            args = [wanted, str(out.fileno()), str(size + size // 4 + _MEGABYTE)]
            told, still = apart.run("projecting", given, args, out, seconds=_FILM_SECONDS)
            _check(told or {"refused": "video_unreadable" if wanted == "film" else "audio_unreadable"}, field)
            if wanted == "sound" and told["duration_ms"] > _LONGEST_SOUND_MS:
                raise _REFUSED["audio_too_long"](field)
            given.seek(0)
            original = self.storage.put(Shelf.ORIGINALS, given)  # type: ignore[arg-type] # a file without a name is one
            size = out.seek(0, 2)
            out.seek(0)
            served = self.storage.put(Shelf.SERVED, out)  # type: ignore[arg-type] # see above
        about = (told["media_type"], size, told["width"], told["height"], told["duration_ms"])
        return Taken(clean_filename(filename), original, served, "", *about), still


def _is_sound(start: bytes) -> bool:
    if start.startswith(_OF_SOUNDS) or start[4:12] == b"ftypM4A ":
        return True
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        return True
    # An MP3 without tags begins with a frame; so does no other kind that is taken.
    sync = int.from_bytes(start[:2], "big")
    return sync & _MP3_MASK == _MP3_SYNC and sync & 0x0006 == 0x0002  # noqa: PLR2004 -- layer III, ISO/IEC 11172-3


def _bounded(source: BinaryIO, megabytes: int, field: str) -> bytes:
    data = source.read(megabytes * _MEGABYTE + 1)
    if len(data) > megabytes * _MEGABYTE:
        raise DocumentTooLargeError(field, megabytes=megabytes)
    return data


def _check(told: dict[str, object], field: str) -> None:
    if "refused" in told:
        raise _REFUSED.get(str(told["refused"]), FileRefusedError)(field)


def _from(made: Taken, original: str) -> Taken:
    return Taken(**{**vars(made), "original_sha256": original})
