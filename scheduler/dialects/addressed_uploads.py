"""Uploads to addresses that an API of Rest.li gives: one for each picture, one for each part of a video.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/images-api and
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/videos-api. All of a video's addresses
are told once, at the beginning, so they are kept with what is prepared, and with them the tag of each part that is up.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects.media_uploads import Progress, Stage
from scheduler.dialects.restli import Restli, encoded
from scheduler.network import Answer, Image, RefusedError, UnavailableError, Video

# The addresses live shorter; of what was uploaded it is not said that it ends.
_MEDIA_LIFE = timedelta(days=1)
_LOOK_AGAIN = timedelta(seconds=2)
_STAGES = {
    "AVAILABLE": Stage.READY,
    "PROCESSING": Stage.WORKING,
    "WAITING_UPLOAD": Stage.WORKING,
    "PROCESSING_FAILED": Stage.FAILED,
}


class AddressedUploads:
    """The uploads of ``owner``; addresses are the network's below ``domain``, or a stand-in's at ``base_url``."""

    def __init__(self, api: Restli, owner: str, domain: str, base_url: str = "") -> None:
        self._api, self._owner, self._domain = api, owner, domain
        self._trusted = urlsplit(base_url).netloc
        self._done: dict[str, str] = {}

    def remember(self, done: dict[str, str]) -> None:
        """Keep the addresses of the parts, and what each part is known by once it is up."""
        self._done = done

    def upload(self, image: Image) -> tuple[str, datetime]:
        """Upload one picture; its alternative text goes with the post."""
        said = self._initialize("images", {})
        self._api.put(self._address(said["uploadUrl"]), image.read(), image.media_type)
        return str(said["image"]), clock.now() + _MEDIA_LIFE

    def describe(self, media_id: str, alt_text: str) -> None:
        """Do nothing: the text goes with the post."""

    def begin(self, video: Video) -> tuple[str, datetime]:
        """Begin to upload a video."""
        asked = {"fileSizeBytes": video.size, "uploadCaptions": False, "uploadThumbnail": False}
        said = self._initialize("videos", asked)
        parts = [
            [str(one["uploadUrl"]), one["lastByte"] - one["firstByte"] + 1]
            for one in said["uploadInstructions"]
        ]
        self._done |= {
            "parts": orjson.dumps(parts).decode(), "tags": "", "token": str(said.get("uploadToken", "")),
        }  # fmt: skip
        return str(said["video"]), clock.now() + _MEDIA_LIFE

    def append(self, media_id: str, number: int, segment: bytes) -> None:  # noqa: ARG002 -- each part has its own address
        """Upload one part of a video."""
        url, size = orjson.loads(self._done["parts"])[number]
        if size != len(segment):
            raise RefusedError(Answer(raw="parts of another size are asked for"), hold=HoldReason.MATERIAL)
        tag = self._api.put(self._address(url), segment, "application/octet-stream")
        tags = self._done["tags"].split("\n")[:number] if number else []
        self._done["tags"] = "\n".join([*tags, tag])

    def finish(self, media_id: str) -> Progress:
        """Say that all of a video is there."""
        tags, token = self._done["tags"].split("\n"), self._done["token"]
        asked = {"video": media_id, "uploadToken": token, "uploadedPartIds": tags}
        route = "/rest/videos?action=finalizeUpload"
        self._api.ask(HoldReason.MATERIAL, "POST", route, json={"finalizeUploadRequest": asked})
        return Progress(Stage.WORKING, _LOOK_AGAIN)

    def look(self, media_id: str) -> Progress:
        """Ask how far the network has come with a video; one that waits for its parts is finished again."""
        said = self._api.ask(HoldReason.MATERIAL, "GET", f"/rest/videos/{encoded(media_id)}")
        if said.get("status") == "WAITING_UPLOAD" and self._done.get("next") == "all":
            return self.finish(media_id)
        return Progress(_STAGES.get(str(said.get("status")), Stage.WORKING), _LOOK_AGAIN)

    def _initialize(self, what: str, more: Mapping[str, object]) -> Mapping[str, Any]:
        route = f"/rest/{what}?action=initializeUpload"
        asked = {"initializeUploadRequest": {"owner": self._owner, **more}}
        value = self._api.ask(HoldReason.MATERIAL, "POST", route, json=asked).get("value")
        if not isinstance(value, dict):
            raise UnavailableError(Answer(raw="no address to upload to"))
        return value

    def _address(self, told: object) -> str:
        """Return an address to upload to: the token goes there as well, so it must be the network's own."""
        parts = urlsplit(str(told))
        own = parts.scheme == "https" and (parts.hostname or "").endswith(f".{self._domain}")
        if not own and not (self._trusted and parts.netloc == self._trusted):
            raise UnavailableError(Answer(raw=f"an address to upload to at {parts.netloc}"))
        return str(told)
