"""Media uploaded before a post that shows them: pictures whole, a video in segments and then worked on.

What was done is kept as plain values, so that a next try goes on where this one stopped; what the network
forgot in the meantime is uploaded again.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.network import (
    Answer,
    Image,
    NetworkError,
    Outgoing,
    RefusedError,
    UnavailableError,
    UnfinishedError,
    Video,
)

SEGMENT = 4 * 1024 * 1024
# With the last call's own time-outs it stays well under the lease of a claimed publication.
LONGEST = timedelta(seconds=50)
# What is about to end is uploaded again.
_MARGIN = timedelta(hours=1)
_SOON = timedelta(seconds=10)
_ALL = "all"
pause = threading.Event().wait


class Stage(StrEnum):
    """How far the network has come with a whole video."""

    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class Progress:
    """What the network says of a whole video; ``again`` is how long to wait before asking."""

    stage: Stage
    again: timedelta


def uploaded_said(said: Mapping[str, Any]) -> tuple[str, datetime]:
    """Return the id that an answer gives a medium, and until when it lives; a day where it does not say."""
    data = said["data"]
    return str(data["id"]), clock.now() + timedelta(seconds=int(data.get("expires_after_secs", 86_400)))


def progress_said(said: Mapping[str, Any]) -> Progress:
    """Return how far an answer says that the network has come; what needs no work is ready at once."""
    info = said["data"].get("processing_info") or {"state": "succeeded"}
    stage = {"succeeded": Stage.READY, "failed": Stage.FAILED}.get(str(info.get("state")), Stage.WORKING)
    return Progress(stage, timedelta(seconds=max(int(info.get("check_after_secs", 1)), 1)))


class Uploads(Protocol):
    """What a network offers for it. Each may raise RefusedError or UnavailableError; each may be repeated."""

    def upload(self, image: Image) -> tuple[str, datetime]:
        """Upload a picture; return its id and until when it lives."""

    def describe(self, media_id: str, alt_text: str) -> None:
        """Give a picture or a video its alternative text."""

    def begin(self, video: Video) -> tuple[str, datetime]:
        """Begin a video; return its id and until when it lives."""

    def append(self, media_id: str, number: int, segment: bytes) -> None:
        """Upload one segment of a video; 0 is the first."""

    def finish(self, media_id: str) -> Progress:
        """Say that all of a video is there."""

    def look(self, media_id: str) -> Progress:
        """Ask how far the network has come with a video."""


@runtime_checkable
class Remembers(Protocol):
    """Uploads of a video that need to know more than an id to go on."""

    def remember(self, done: dict[str, str]) -> None:
        """Take up what an earlier try left in ``done``, and from now on leave there what the next one needs."""


def prepare_media(uploads: Uploads, outgoing: Outgoing, largest_video: int) -> Mapping[str, str]:
    """Upload what a part shows; return its ``media_ids``, with commas between, and ``until`` when they live.

    What an earlier try uploaded is used again. Raises RefusedError, UnavailableError; UnfinishedError while
    the network still works on a video.
    """
    media: list[Image | Video] = [*outgoing.images]
    media += [outgoing.video] if outgoing.video else []
    if outgoing.video and len(media) > 1:
        raise RefusedError(Answer(raw="a video and pictures"), hold=HoldReason.MATERIAL)
    if outgoing.video and outgoing.video.size > largest_video:
        raise RefusedError(Answer(raw="the video is too large"), hold=HoldReason.MATERIAL)
    of = ",".join(medium.sha256 for medium in media)
    earlier = outgoing.prepared
    if earlier.get("of") != of or datetime.fromisoformat(earlier["until"]) < clock.now() + _MARGIN:
        earlier = {}
    if not media or "media_ids" in earlier:
        return earlier
    found = [_video(uploads, outgoing.video, {**earlier, "of": of})] if outgoing.video else []
    found += [uploads.upload(image) for image in outgoing.images]
    for (media_id, _), medium in zip(found, media, strict=True):
        if medium.alt_text:
            uploads.describe(media_id, medium.alt_text)
    until = min(until for _, until in found)
    return {"of": of, "media_ids": ",".join(media_id for media_id, _ in found), "until": until.isoformat()}


def _video(uploads: Uploads, video: Video, done: dict[str, str]) -> tuple[str, datetime]:
    """Upload a video and wait until it may be used, going on from what is ``done``."""
    ends = clock.monotonic() + LONGEST.total_seconds()
    if isinstance(uploads, Remembers):
        uploads.remember(done)
    if "id" in done:
        try:
            return _go_on(uploads, video, done, ends)
        except RefusedError as error:
            if error.hold is not HoldReason.MATERIAL or error.answer.http_status is None:
                raise
    media_id, until = uploads.begin(video)
    done |= {"id": media_id, "until": until.isoformat(), "next": "0"}
    return _go_on(uploads, video, done, ends)


def _go_on(uploads: Uploads, video: Video, done: dict[str, str], ends: float) -> tuple[str, datetime]:
    try:
        if done["next"] == _ALL:
            progress = _look_or_finish(uploads, done["id"])
        else:
            progress = _upload_rest(uploads, video, done, ends)
        while progress.stage is Stage.WORKING:
            _not_past(ends - progress.again.total_seconds(), done, progress.again)
            pause(progress.again.total_seconds())
            progress = uploads.look(done["id"])
    except UnavailableError as error:
        raise _unfinished(error, done) from error
    if progress.stage is Stage.FAILED:
        raise RefusedError(Answer(raw="the network could not use the video"), hold=HoldReason.MATERIAL)
    return done["id"], datetime.fromisoformat(done["until"])


def _upload_rest(uploads: Uploads, video: Video, done: dict[str, str], ends: float) -> Progress:
    number = int(done["next"])
    with video.open() as content:
        content.seek(number * SEGMENT)
        while segment := content.read(SEGMENT):
            _not_past(ends, done, _SOON)
            uploads.append(done["id"], number, segment)
            number += 1
            done["next"] = str(number)
    done["next"] = _ALL
    return uploads.finish(done["id"])


def _look_or_finish(uploads: Uploads, media_id: str) -> Progress:
    """Look at a video whose segments are all up; nobody knows whether the network heard that they are."""
    try:
        return uploads.look(media_id)
    except RefusedError as error:
        if error.hold is not HoldReason.MATERIAL:
            raise
        return uploads.finish(media_id)


def _not_past(ends: float, done: Mapping[str, str], again: timedelta) -> None:
    if clock.monotonic() > ends:
        raise UnfinishedError(prepared=dict(done), retry_at=clock.now() + again)


def _unfinished(error: UnavailableError, done: Mapping[str, str]) -> NetworkError:
    if isinstance(error, UnfinishedError):
        return error
    return UnfinishedError(error.answer, prepared=dict(done), retry_at=error.retry_at)
