"""Google's resumable uploads: a session takes a file in segments and, asked again, says how far it is or what it made.

https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol. So an upload has a name of its own
before its first byte: what was cut goes on, and what was whole is not made twice, as long as the session lives.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from content_calendar import clock
from scheduler.dialects.replies import object_of
from scheduler.network import Answer, DoubtError, UnavailableError, UnfinishedError, Video
from scheduler.wire import Call, Reply, carry_out

# All but the last have to be multiples of 256 KiB.
SEGMENT = 4 * 1024 * 1024
# With the last call's own time-outs it stays well under the lease of a claimed publication.
LONGEST = timedelta(seconds=50)
_SOON = timedelta(seconds=10)
_GOES_ON, _OVER = 308, frozenset({404, 410})
_RANGE = re.compile(r"bytes=0-(\d{1,15})", re.ASCII)


class SessionOverError(Exception):
    """The session lives no longer: a new one has to be begun."""


class Session:
    """One upload of one video at the address ``uri``; ``judge`` raises what a failure means.

    The address is as good as a key while the session lives, and is hidden like one.
    """

    def __init__(
        self, uri: str, headers: Mapping[str, str], video: Video, judge: Callable[[Reply], None]
    ) -> None:
        self._uri, self._headers, self._video, self._judge = uri, headers, video, judge

    def finish(self, done: Mapping[str, str], *, begun: bool) -> Mapping[str, Any]:
        """Upload what is missing; return what the network made of it.

        ``begun`` means that an earlier try may have sent some of it. ``done`` is what the next try takes up when
        this one ends in UnfinishedError. Raises SessionOverError, RefusedError.
        """
        ends = clock.monotonic() + LONGEST.total_seconds()
        try:
            reply = self._put(b"", f"bytes */{self._video.size}") if begun else None
            with self._video.open() as file:
                while reply is None or reply.status == _GOES_ON:
                    _not_past(ends, done)
                    offset = _next_byte(reply)
                    if offset >= self._video.size:  # it has all, and has not said yet what it made of it
                        reply = self._put(b"", f"bytes */{self._video.size}")
                        continue
                    file.seek(offset)
                    segment = file.read(SEGMENT)
                    last = offset + len(segment) - 1
                    reply = self._put(segment, f"bytes {offset}-{last}/{self._video.size}")
            return object_of(reply)
        except UnfinishedError:
            raise
        except (DoubtError, UnavailableError) as error:
            # What became of a piece is asked at the next try: none of it is published by being there.
            retry_at = getattr(error, "retry_at", None)
            raise UnfinishedError(error.answer, prepared=done, retry_at=retry_at) from None

    def _put(self, segment: bytes, span: str) -> Reply:
        headers = {**self._headers, "Content-Range": span, "Content-Type": self._video.media_type}
        call = Call("PUT", self._uri, body=segment, headers=headers, hidden=urlsplit(self._uri).query)
        reply = carry_out(call)
        if reply.status in _OVER:
            raise SessionOverError
        if reply.status != _GOES_ON:
            self._judge(reply)
        return reply


def _not_past(ends: float, done: Mapping[str, str]) -> None:
    if clock.monotonic() > ends:
        raise UnfinishedError(prepared=done, retry_at=clock.now() + _SOON)


def _next_byte(reply: Reply | None) -> int:
    """Return the first byte that the network does not have; without a range it has none."""
    found = _RANGE.fullmatch(reply.headers.get("Range", "")) if reply is not None else None
    return int(found[1]) + 1 if found else 0


def session_of(reply: Reply, host: str) -> str:
    """Return the address of the session that an answer opens; raise UnavailableError when it opens none at ``host``."""
    uri = reply.headers.get("Location", "")
    if not uri.startswith(f"{host}/"):
        raise UnavailableError(Answer(reply.status, raw="no upload was opened"))
    return uri
