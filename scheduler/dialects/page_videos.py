"""Whether a video of a Page is out: by its own id, or, where that was forgotten, by what it says.

https://developers.facebook.com/docs/graph-api/reference/video-status: uploading, processing and publishing each have
a phase. A video counts as ``published`` before anybody told them to publish it, so that the phase decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from content_calendar.states import HoldReason
from scheduler.dialects.graph import Graph
from scheduler.dialects.replies import moment_said
from scheduler.dialects.same_text import same_text
from scheduler.network import Answer, DoubtError, NetworkError, Receipt, RefusedError, UnavailableError

_FIELDS = "id,published,status,created_time"
_PAGE, _MOST_PAGES = "100", 5
_BEFORE = frozenset({"", "not_started"})


@dataclass(frozen=True)
class Page:
    """A Page's id, and where people see a video of its own."""

    id: str
    address: Callable[[str], str]


def found_video(graph: Graph, page: Page, video_id: str) -> Sequence[Receipt]:
    """Return the video if it is out, nothing if nobody told them to publish it.

    Raises UnavailableError while they work on it, and when they do not tell of it: they say now and then that
    what lives is not there.
    """
    video = graph.find(HoldReason.ACCESS, f"/{video_id}", _FIELDS)
    if video is None:
        raise UnavailableError(Answer(raw="the video is not told"))
    if _is_out(video):
        return (_receipt(page, video),)
    if _is_begun(video):
        raise UnavailableError(Answer(raw="the video is being worked on"))
    return ()


def listed_videos(graph: Graph, page: Page, text: str, since: datetime) -> Sequence[Receipt]:
    """Return the Page's videos since then that say this, where the video's id was forgotten.

    Raises RefusedError when none does: one that is worked on is not listed, so that a person decides.
    """
    asked = {"fields": f"{_FIELDS},description", "type": "uploaded", "limit": _PAGE}
    found = [
        _receipt(page, video)
        for video in graph.pages(f"/{page.id}/videos", asked, _MOST_PAGES)
        if _is_since(video, since)
        and _is_out(video)
        and text.strip()
        and same_text(str(video.get("description", "")), text)
    ]
    if not found:
        raise RefusedError(
            Answer(raw="the video's id is forgotten, and no video says this"), hold=HoldReason.UNCONFIRMED
        )
    return found


def out_though_refused(graph: Graph, page: Page, video_id: str, refusal: RefusedError) -> Receipt:
    """Return the receipt of a video that is out although its last call was refused, as one made twice is.

    Raises the refusal when nobody told them to publish it, DoubtError when that is not certain.
    """
    try:
        found = found_video(graph, page, video_id)
    except NetworkError as error:
        raise DoubtError(error.answer) from refusal
    if not found:
        raise refusal
    return found[0]


def _phase(video: Mapping[str, Any], name: str) -> str:
    return str(((video.get("status") or {}).get(name) or {}).get("status") or "")


def _video_status(video: Mapping[str, Any]) -> str:
    return str((video.get("status") or {}).get("video_status") or "")


def _is_out(video: Mapping[str, Any]) -> bool:
    publishing = _phase(video, "publishing_phase")
    done = publishing == "complete" or (not publishing and _video_status(video) == "ready")
    return video.get("published") is True and done


def _is_begun(video: Mapping[str, Any]) -> bool:
    phases = {_phase(video, "publishing_phase"), _phase(video, "processing_phase")}
    return not phases <= _BEFORE or _video_status(video) in {"processing", "ready"}


def _is_since(video: Mapping[str, Any], since: datetime) -> bool:
    at = moment_said(video.get("created_time"))
    return at is not None and at >= since.replace(microsecond=0)


def _receipt(page: Page, video: Mapping[str, Any]) -> Receipt:
    video_id = str(video["id"])
    return Receipt(video_id, page.address(video_id), moment_said(video.get("created_time")))
