"""Containers whose pictures and videos the network fetches from an address of ours, and the posts that they become.

https://developers.facebook.com/docs/threads/posts: several pictures have a container each, and one around them. Each is
looked at until nothing works on it; they ask not to look more than once a minute, for five minutes
(https://developers.facebook.com/docs/threads/troubleshooting). A living one is at times said to be gone
(https://github.com/gitroomhq/postiz-app/issues/1562), so that it is waited for, and never made anew for that.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects.graph import ContainerState, Graph, container_said, wait_until_ready
from scheduler.network import (
    Answer,
    DoubtError,
    Image,
    NetworkError,
    Outgoing,
    RefusedError,
    UnavailableError,
    UnfinishedError,
    Video,
)

# What was worked on so lately is looked at for the same try: should it fail then, a person has not been told yet.
_SAME_TRY = timedelta(minutes=3)
# https://developers.facebook.com/docs/threads/retrieve-and-discover-posts/retrieve-posts: what a post is said to be.
_KINDS = frozenset({"TEXT_POST", "IMAGE", "VIDEO", "CAROUSEL_ALBUM", "REPOST_FACADE"})


class Containers:
    """The containers of one part: one for each picture of several, and the one that is published."""

    def __init__(self, graph: Graph, route: str, outgoing: Outgoing, prepared: dict[str, str]) -> None:
        self._graph, self._route = graph, route
        self._outgoing, self._prepared = outgoing, prepared
        video = [outgoing.video] if outgoing.video else []
        self._media: list[Image | Video] = [*outgoing.images, *video]
        self._earlier: tuple[str, ...] = ()

    def ready(self) -> Mapping[str, str]:
        """Make what is not made, wait for all of it, and return what is prepared."""
        prepared = self._prepared
        looked = prepared.pop("looked", "")
        lately = bool(looked) and clock.now() - datetime.fromisoformat(looked) < _SAME_TRY
        self._earlier = () if lately else _named(prepared)
        if len(self._media) > 1 and "container" not in prepared:
            children = _children(prepared)
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
        """Raise what keeps it from being ready; what an earlier try left and will never be published is forgotten."""
        kept = {**self._prepared, "looked": clock.now().isoformat()}
        state = wait_until_ready(lambda: state_of(self._graph, container), kept)
        if state is ContainerState.FAILED and container not in self._earlier:
            hold = HoldReason.MATERIAL if self._media else HoldReason.CONTENT
            raise RefusedError(Answer(raw="the network could not use what it fetched"), hold=hold)
        if state in {ContainerState.FAILED, ContainerState.EXPIRED}:
            kept = {name: one for name, one in self._prepared.items() if name == "target_id"}
            raise UnfinishedError(
                Answer(raw=f"the container is {state}"), prepared=kept, retry_at=clock.now()
            )


def content_of(outgoing: Outgoing) -> str:
    """Return what tells one container's content from another's."""
    media: list[Image | Video] = [*outgoing.images, *([outgoing.video] if outgoing.video else [])]
    before = outgoing.before[-1].remote_id if outgoing.before else ""
    said = [outgoing.text, outgoing.target, before, *(f"{one.sha256} {one.alt_text}" for one in media)]
    return sha256("\0".join(said).encode()).hexdigest()


def state_of(graph: Graph, container: str) -> ContainerState | None:
    """Return how far a container has come, without a state as one that is worked on; None when it is called gone."""
    found = graph.find(HoldReason.ACCESS, f"/{container}", "status,error_message")
    return None if found is None else container_said(found) or ContainerState.WORKING


def is_published(graph: Graph, container: str) -> bool:
    """Return whether a container whose publishing was refused is out; raise DoubtError when it does not tell."""
    try:
        state = state_of(graph, container)
    except NetworkError as error:
        raise DoubtError(error.answer) from error
    if state in {ContainerState.WORKING, None}:
        raise DoubtError(Answer(raw=f"it was refused, and the container is {state or 'gone'}"))
    return state is ContainerState.PUBLISHED


def shows_alike(post: Mapping[str, object], outgoing: Outgoing) -> bool:
    """Return whether a post may show what the part does, as far as its kind tells; whose pictures, nothing does."""
    media: list[Image | Video] = [*outgoing.images, *([outgoing.video] if outgoing.video else [])]
    ours = _shown_as(media[0]) if len(media) == 1 else "CAROUSEL_ALBUM" if media else "TEXT_POST"
    return post.get("media_type") not in _KINDS - {ours}


def id_in(said: Mapping[str, object], otherwise: type[NetworkError]) -> str:
    """Return the id that an answer gives; raise ``otherwise`` when it gives none."""
    found = said.get("id")
    if not isinstance(found, str) or not found.isdecimal():
        raise otherwise(Answer(raw=f"no id: {sorted(said)}"))
    return found


def _children(prepared: Mapping[str, str]) -> list[str]:
    return [one for one in prepared.get("children", "").split(",") if one]


def _named(prepared: Mapping[str, str]) -> tuple[str, ...]:
    return (*_children(prepared), prepared.get("container", ""))


def _shown(medium: Image | Video) -> dict[str, object]:
    kind = _shown_as(medium)
    asked: dict[str, object] = {"media_type": kind, f"{kind.lower()}_url": medium.link()}
    return {**asked, "alt_text": medium.alt_text} if medium.alt_text else asked


def _shown_as(medium: Image | Video) -> str:
    return "VIDEO" if isinstance(medium, Video) else "IMAGE"
