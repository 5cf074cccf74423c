"""Captions of a video: SubRip or WebVTT in, plain WebVTT out. Pure."""

import re
from dataclasses import dataclass
from html import escape, unescape

from content_calendar.errors import InvalidError

MAX_BYTES = 1 << 20
_MOST_CUES = 5_000
_LONGEST_CUE = 1_000
_TIME = r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?", re.ASCII)
# Neither may hold its own beginning: a file of nothing but "<" would be read for hours.
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_MARKED_UP = 4
_BLANK = re.compile(r"\n[ \t]*\n+")


class CaptionsTooLargeError(InvalidError):
    """The file has more bytes or cues than are taken: ``megabytes`` of 2^20."""

    code = "captions_too_large"


class CaptionsUnreadableError(InvalidError):
    """The file is neither WebVTT nor SubRip, or holds nothing that is said. ``cue`` counts from 1, 0 for the whole."""

    code = "captions_unreadable"


@dataclass(frozen=True)
class Cue:
    """What is said from one moment to another, both in thousandths of a second."""

    start: int
    end: int
    text: str


def normalised(data: bytes, field: str = "captions") -> tuple[str, int]:
    """Return the captions as WebVTT that holds only times and plain text, and how many cues there are.

    Raises CaptionsTooLargeError and CaptionsUnreadableError.
    """
    if len(data) > MAX_BYTES:
        raise CaptionsTooLargeError(field, megabytes=MAX_BYTES >> 20)
    cues = read(_decoded(data), field)
    blocks = [
        f"{_written(one.start)} --> {_written(one.end)}\n{escape(one.text, quote=False)}" for one in cues
    ]
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n", len(cues)


def read(text: str, field: str = "captions") -> list[Cue]:
    """Return the cues in the order of time; raise as ``normalised`` does."""
    blocks = _BLANK.split(text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").strip())
    cues: list[Cue] = []
    for block in blocks:
        lines = block.split("\n")
        at = next((n for n, line in enumerate(lines[:2]) if "-->" in line), None)
        if at is None:
            continue  # a header, a note, a style: nothing that is said
        cues.append(_cue(lines[at], lines[at + 1 :], len(cues) + 1, field))
        if len(cues) > _MOST_CUES:
            raise CaptionsTooLargeError(field, megabytes=MAX_BYTES >> 20)
    said = sorted((one for one in cues if one.text), key=lambda one: one.start)
    if not said:
        raise CaptionsUnreadableError(field, cue=0)
    return said


def _decoded(data: bytes) -> str:
    # Editors on Windows still write SubRip in its own code page.
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _cue(timing: str, lines: list[str], number: int, field: str) -> Cue:
    matched = _TIMING.fullmatch(timing)
    if matched is None:
        raise CaptionsUnreadableError(field, cue=number)
    marked = "\n".join(lines)
    if len(marked) > _MARKED_UP * _LONGEST_CUE:
        raise CaptionsUnreadableError(field, cue=number)
    parts = [int(part or 0) for part in matched.groups()]
    start, end = _milliseconds(parts[:4]), _milliseconds(parts[4:])
    plain = unescape(_TAG.sub("", marked))
    kept = "".join(c for c in plain if c == "\n" or c.isprintable()).replace("-->", "→").strip()
    if start >= end or len(kept) > _LONGEST_CUE:
        raise CaptionsUnreadableError(field, cue=number)
    return Cue(start, end, kept)


def _milliseconds(parts: list[int]) -> int:
    hours, minutes, seconds, thousandths = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _written(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"
