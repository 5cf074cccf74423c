"""A program of its own, run in a child process with few rights: a film or a sound, packed anew without what it tells.

Called with what is wanted ("film" or "sound") and the number of an open file to write to; reads its standard
input, which must be a file. The streams are copied, not made anew: tags, places, pictures of covers, further
tracks and whatever lies behind the end stay behind. Writes one line of JSON to standard output, and behind it
a JPEG of a film's first seconds. Imports nothing of the house.
"""

import json
import os
import resource
import sys
from contextlib import suppress
from typing import Any

import av
from av.container import InputContainer

_MEMORY = 2 << 30
_CPU_SECONDS = 90
_POSTER_AT = 1_000_000  # of AV_TIME_BASE, one second
_MOST_PIXELS = 4096 * 4096
_THOUSAND = 1000
# What a sound comes in: how it is read, in which codecs, how it is written, and what it is then.
_SOUNDS = {
    "mp3": ({"mp3", "mp3float"}, "mp3", "audio/mpeg"),
    "mov,mp4,m4a,3gp,3g2,mj2": ({"aac"}, "ipod", "audio/mp4"),
    "wav": ({"pcm_s16le", "pcm_s24le", "pcm_u8"}, "wav", "audio/wav"),
    "ogg": ({"opus", "libopus"}, "ogg", "audio/ogg"),
}
_FILM_CODECS = frozenset({"h264", "hevc", "mpeg4", "av1", "libdav1d", "vp9", "libvpx-vp9"})
_FILM_SOUNDS = frozenset({"aac", "mp3", "mp3float", "opus", "libopus"})
# Writers that would otherwise say with what, and tag what is not there.
# Each frame of an MP3 begins so; what lies behind the last one does not.
_SYNC = b"\xff"
_QUIET = {"fflags": "+bitexact"}


class _RefusedError(Exception):
    """``args[0]`` is the code of a domain error."""


def _poster(film: InputContainer) -> bytes:
    """Return the first whole frame after a second as a JPEG, or the first there is; empty when there is none."""
    stream = film.streams.video[0]
    with suppress(av.FFmpegError):
        film.seek(min(_POSTER_AT, (film.duration or 0) // 10))
    for frame in film.decode(stream):
        pen: Any = av.CodecContext.create("mjpeg", "w")
        pen.width, pen.height, pen.pix_fmt = frame.width, frame.height, "yuvj420p"
        pen.time_base = stream.time_base
        still = frame.reformat(format="yuvj420p")
        still.pts = 0
        return b"".join(bytes(packet) for packet in [*pen.encode(still), *pen.encode(None)])
    return b""


def _repacked(source: InputContainer, streams: list[Any], kind: str, out: int) -> None:
    options = {**_QUIET, "write_xing": "0", "id3v2_version": "0"} if kind == "mp3" else _QUIET
    with os.fdopen(out, "wb") as file, av.open(file, "w", format=kind, options=options) as packed:
        twins = {one.index: packed.add_stream_from_template(one) for one in streams}
        for twin in twins.values():
            twin.metadata.clear()
        packed.metadata.clear()
        for packet in source.demux(*streams):
            if packet.dts is not None and not (kind == "mp3" and bytes(packet)[:1] != _SYNC):
                packet.stream = twins[packet.stream.index]
                packed.mux(packet)


def _duration(source: InputContainer) -> int:
    if not source.duration or source.duration < 0:
        return 0
    return int(source.duration * _THOUSAND // av.time_base)


def _film(source: InputContainer, out: int) -> tuple[dict[str, object], bytes]:
    if not source.streams.video or source.format.name != next(k for k in _SOUNDS if "mp4" in k):
        raise _RefusedError("video_unreadable")
    pictures = source.streams.video[0]
    sounds = [one for one in source.streams.audio if one.codec_context.name in _FILM_SOUNDS][:1]
    if pictures.codec_context.name not in _FILM_CODECS or len(sounds) < min(1, len(source.streams.audio)):
        raise _RefusedError("video_kind_not_taken")
    if not 0 < pictures.width * pictures.height <= _MOST_PIXELS:
        raise _RefusedError("video_unreadable")
    poster = _poster(source)
    source.seek(0)
    _repacked(source, [pictures, *sounds], "mp4", out)
    about = {"duration_ms": _duration(source), "width": pictures.width, "height": pictures.height}
    return {"media_type": "video/mp4", **about}, poster


def _sound(source: InputContainer, out: int) -> tuple[dict[str, object], bytes]:
    known = _SOUNDS.get(source.format.name)
    if known is None or not source.streams.audio:
        raise _RefusedError("audio_kind_not_taken")
    codecs, kind, media_type = known
    voice = source.streams.audio[0]
    # The picture of a cover is a video to the decoder; a film is not a sound.
    films = [one for one in source.streams.video if not one.disposition & one.disposition.attached_pic]
    if voice.codec_context.name not in codecs or films:
        raise _RefusedError("audio_kind_not_taken")
    _repacked(source, [voice], kind, out)
    return {"media_type": media_type, "duration_ms": _duration(source), "width": None, "height": None}, b""


def main() -> None:
    """Read a film or a sound, write it anew or why it is refused."""
    wanted, out, largest = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_NOFILE, (out + 1, out + 1))
    av.logging.set_level(None)
    still: bytes = b""
    told: dict[str, object] = {}
    try:
        # "file" alone: a playlist must not lead the reader to other files or into the net.
        with av.open(
            sys.stdin.buffer, options={"protocol_whitelist": "file"}, metadata_errors="ignore"
        ) as source:
            assert isinstance(source, InputContainer)  # noqa: S101 -- opened to read; the stubs do not say so
            told, still = (_film if wanted == "film" else _sound)(source, out)
    except _RefusedError as error:
        told = {"refused": error.args[0]}
    except Exception:  # noqa: BLE001 -- a hostile file may raise anything in a decoder; none is our fault
        told = {"refused": "video_unreadable" if wanted == "film" else "audio_unreadable"}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + still)


if __name__ == "__main__":
    main()
