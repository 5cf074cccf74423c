"""Containers whose pictures and videos the network fetches from an address of ours, and the posts that they become.

https://developers.facebook.com/docs/threads/posts: several pictures have a container each, and one around them. Each is
looked at until nothing works on it; they ask not to look more than once a minute, for five minutes
(https://developers.facebook.com/docs/threads/troubleshooting).
"""

from collections.abc import Mapping
from hashlib import sha256

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects.graph import ContainerState, Graph, container_said, wait_until_ready
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


class Containers:
    """The containers of one part: one for each picture of several, and the one that is published."""

    def __init__(self, graph: Graph, route: str, outgoing: Outgoing, prepared: dict[str, str]) -> None:
        self._graph, self._route = graph, route
        self._outgoing, self._prepared = outgoing, prepared
        video = [outgoing.video] if outgoing.video else []
        self._media: list[Image | Video] = [*outgoing.images, *video]

    def ready(self) -> Mapping[str, str]:
        """Make what is not made, wait for all of it, and return what is prepared."""
        prepared = self._prepared
        if len(self._media) > 1:
            children = [one for one in prepared.get("children", "").split(",") if one]
            for medium in self._media[len(children) :]:
                children.append(self._make({**_shown(medium), "is_carousel_item": True}))
                prepared["children"] = ",".join(children)
            for child in children:
                self._wait(child)
        if "container" not in prepared:
            prepared["container"] = self._make(self._asked())
        self._wait(prepared["container"])
        return prepared

    def _asked(self) -> dict[str, object]:
        outgoing, asked = self._outgoing, {"text": self._outgoing.text}
        more: dict[str, object] = {
            "reply_to_id": outgoing.before[-1].remote_id if outgoing.before else "",
            "quote_post_id": self._prepared.get("target_id", ""),
        }
        if len(self._media) > 1:
            more |= {"media_type": "CAROUSEL", "children": self._prepared["children"]}
        elif self._media:
            more |= _shown(self._media[0])
        else:
            more["media_type"] = "TEXT"
        return {**asked, **{name: value for name, value in more.items() if value}}

    def _make(self, asked: Mapping[str, object]) -> str:
        hold = HoldReason.MATERIAL if self._media else HoldReason.CONTENT
        return id_in(self._graph.ask(hold, "POST", self._route, json=asked), UnavailableError)

    def _wait(self, container: str) -> None:
        state = wait_until_ready(lambda: state_of(self._graph, container), self._prepared)
        if state is ContainerState.FAILED:
            hold = HoldReason.MATERIAL if self._media else HoldReason.CONTENT
            raise RefusedError(Answer(raw="the network could not use what it fetched"), hold=hold)
        if state is ContainerState.EXPIRED:
            kept = {name: one for name, one in self._prepared.items() if name == "target_id"}
            raise UnfinishedError(Answer(raw="the container ended"), prepared=kept, retry_at=clock.now())


def content_of(outgoing: Outgoing) -> str:
    """Return what tells one container's content from another's."""
    media: list[Image | Video] = [*outgoing.images, *([outgoing.video] if outgoing.video else [])]
    before = outgoing.before[-1].remote_id if outgoing.before else ""
    said = [outgoing.text, outgoing.target, before, *(f"{one.sha256} {one.alt_text}" for one in media)]
    return sha256("\0".join(said).encode()).hexdigest()


def state_of(graph: Graph, container: str) -> ContainerState | None:
    """Return how far a container has come, one that is gone as one that ended; None when it is not told."""
    found = graph.find(HoldReason.ACCESS, f"/{container}", "status,error_message")
    return ContainerState.EXPIRED if found is None else container_said(found)


def id_in(said: Mapping[str, object], otherwise: type[NetworkError]) -> str:
    """Return the id that an answer gives; raise ``otherwise`` when it gives none."""
    found = said.get("id")
    if not isinstance(found, str) or not found.isdecimal():
        raise otherwise(Answer(raw=f"no id: {sorted(said)}"))
    return found


def _shown(medium: Image | Video) -> dict[str, object]:
    kind = ("VIDEO", "video_url") if isinstance(medium, Video) else ("IMAGE", "image_url")
    asked: dict[str, object] = {"media_type": kind[0], kind[1]: medium.link()}
    return {**asked, "alt_text": medium.alt_text} if medium.alt_text else asked
