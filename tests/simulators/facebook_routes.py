"""A simulated Facebook Page: what each request makes of it. Simulated, not verified live.

Posts and their pictures: https://developers.facebook.com/docs/pages-api/posts and
https://developers.facebook.com/docs/graph-api/reference/page/photos. Videos in three phases:
https://developers.facebook.com/docs/graph-api/video-uploads. An equal text right after another is refused with 506.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from content_calendar import clock
from tests.simulators.graph_server import Asked, GraphServer, Routes, node, page_of, running, top_fields
from tests.simulators.graph_state import (
    FAULTS,
    LIFE_S,
    NOT_THERE,
    Answer,
    Medium,
    Post,
    State,
    error,
    said_at,
)

LONGEST = 63_206
INSIGHTS = {"post_media_view": "views", "post_total_media_view_unique": "reach"}
_NOT_YOURS = error(
    200, "(#200) The user hasn't authorized the application to perform this action", status=403
)


def _photo(state: State, asked: Asked) -> Answer:
    page_id = asked.found[0]
    if page_id not in state.owner_of(asked.token):
        return _NOT_YOURS
    if not asked.files.get("source") or asked.body.get("published") != "false":
        return error(324, "(#324) Requires upload file")
    made = Medium(
        state.number(), page_id, state.now(), asked.body.get("alt_text_custom", ""), asked.files["source"]
    )
    state.media[made.id] = made
    return 200, {"id": made.id}


def _feed(state: State, asked: Asked) -> Answer:
    page_id = asked.found[0]
    if page_id not in state.owner_of(asked.token):
        return _NOT_YOURS
    text, media = str(asked.body.get("message", "")), []
    for one in asked.body.get("attached_media", ()):
        medium = state.media.get(one["media_fbid"])
        if medium is None or medium.owner != page_id or medium.used or medium.made_at < state.now() - LIFE_S:
            return error(100, "(#100) The media is not there any more")
        media.append(medium)
    if (not text and not media) or len(text) > LONGEST:
        return error(100, "(#100) Missing message or attachment")
    last = next(iter(state.listed(page_id)), None) if state.refuses_equal else None
    if last is not None and last.text == text and not media and not last.media:
        return FAULTS["duplicate"]
    for medium in media:
        medium.used = True
    post = Post(f"{page_id}_{state.number()}", page_id, text, state.now(), [one.id for one in media])
    state.posts[post.id] = post
    return 200, {"id": post.id}


def _video(state: State, asked: Asked) -> Answer:
    page_id, said = asked.found[0], asked.body
    if page_id not in state.owner_of(asked.token):
        return _NOT_YOURS
    if said.get("upload_phase") == "start":
        made = Medium(
            state.number(), page_id, state.now(), session=state.number(), size=int(said["file_size"])
        )
        state.media[made.id] = made
        return 200, {"video_id": made.id, "upload_session_id": made.session, **_wanted(state, made)}
    video = next((one for one in state.media.values() if one.session == said.get("upload_session_id")), None)
    if video is None or video.used:
        return error(6000, "There was a problem uploading your video file.", subcode=1363030)
    if said.get("upload_phase") == "transfer":
        return _transfer(state, video, asked)
    if len(video.content) != video.size:
        return error(6000, "The video file is not whole", subcode=1363030)
    video.used = True
    state.posts[video.id] = Post(video.id, page_id, str(said.get("description", "")), state.now(), [video.id])
    return 200, {"success": True}


def _transfer(state: State, video: Medium, asked: Asked) -> Answer:
    if int(asked.body["start_offset"]) != len(video.content):
        return error(6001, "Wrong offset", subcode=1363037)
    video.content += asked.files["video_file_chunk"]
    return 200, _wanted(state, video)


def _wanted(state: State, video: Medium) -> dict[str, str]:
    start = len(video.content)
    return {"start_offset": str(start), "end_offset": str(min(start + state.segment, video.size))}


def _published(state: State, asked: Asked) -> Answer:
    page_id = asked.found[0]
    if page_id not in state.owner_of(asked.token):
        return _NOT_YOURS
    since = 0 if state.ignores_since else float(asked.query.get("since", "0"))
    names = top_fields(asked.query.get("fields", "id"))
    rows = [
        {
            name: value
            for name, value in {
                "id": post.id,
                "message": post.text,
                "created_time": None if post.id in state.undated else said_at(post.at),
                "attachments": _attached(post.media),
            }.items()
            if name in names and value
        }
        for post in state.listed(page_id, since)
        if "_" in post.id
    ]
    return page_of(asked, rows)


def _attached(media: list[str]) -> dict[str, Any] | None:
    """One picture is attached itself, several stand below an album."""
    photos = [{"media_type": "photo", "target": {"id": one}} for one in media]
    if len(photos) > 1:
        return {"data": [{"media_type": "album", "subattachments": {"data": photos}}]}
    return {"data": photos} if photos else None


def _videos(state: State, asked: Asked) -> Answer:
    page_id = asked.found[0]
    if page_id not in state.owner_of(asked.token):
        return _NOT_YOURS
    rows = [
        {
            "id": post.id,
            "description": post.text,
            "created_time": said_at(post.at),
            "published": True,
            "status": {"video_status": "ready"},
        }
        for post in state.listed(page_id)
        if "_" not in post.id
    ]
    return page_of(asked, rows)


def _summary(count: int | None) -> dict[str, Any] | None:
    return None if count is None else {"data": [], "summary": {"total_count": count}}


def _node(state: State, asked: Asked) -> Answer:
    found = asked.found[0]
    post, medium = state.posts.get(found), state.media.get(found)
    if post is None and medium is None:
        return NOT_THERE
    figures = post.figures if post else {}
    whole: dict[str, Any] = {
        "id": found,
        "created_time": said_at(post.at if post else 0),
        "reactions": _summary(figures.get("likes")),
        "comments": _summary(figures.get("replies")),
    }
    if medium is None:
        return node(
            "Post",
            {**whole, "shares": {"count": figures["reposts"]} if "reposts" in figures else None},
            asked,
        )
    if not medium.session:
        return node("Photo", whole, asked)
    told = {"published": post is not None, "status": {"video_status": "ready" if post else "uploading"}}
    return node("Video", {**whole, **told, **state.videos_told.get(found, {})}, asked)


def _insights(state: State, asked: Asked) -> Answer:
    post = state.posts.get(asked.found[0])
    metric = asked.query["metric"]
    if metric not in INSIGHTS:
        return error(100, "(#100) The value must be a valid insights metric")
    if post is None or INSIGHTS[metric] not in post.figures:
        return 200, {"data": []}
    row = {"name": metric, "period": "lifetime", "values": [{"value": post.figures[INSIGHTS[metric]]}]}
    return 200, {"data": [row]}


def _comments(state: State, asked: Asked) -> Answer:
    post = state.posts.get(asked.found[0])
    return NOT_THERE if post is None else page_of(asked, post.comments)


def _either(state: State, asked: Asked) -> Answer:
    """A page, a picture or a video: their ids look alike."""
    if (page := state.pages.get(asked.found[0])) is not None:
        return node(
            "Page", {"id": page.id, "followers_count": page.followers, "username": page.username}, asked
        )
    return _node(state, asked)


def _publishes(asked: Asked) -> bool:
    return asked.method == "POST" and (
        re.fullmatch(r"/\d+/feed", asked.path) is not None or asked.body.get("upload_phase") == "finish"
    )


ROUTES = Routes(
    (
        ("POST", r"/(\d+)/photos", _photo),
        ("POST", r"/(\d+)/feed", _feed),
        ("POST", r"/(\d+)/videos", _video),
        ("GET", r"/(\d+)/videos", _videos),
        ("GET", r"/(\d+)/published_posts", _published),
        ("GET", r"/(\d+_\d+)/insights", _insights),
        ("GET", r"/(\d+(?:_\d+)?)/comments", _comments),
        ("GET", r"/(\d+_\d+)", _node),
        ("GET", r"/(\d{10,})", _either),
    ),
    _publishes,
)


@contextmanager
def facebook() -> Iterator[GraphServer]:
    """Run it, by the house's clock."""
    with running(ROUTES, lambda: clock.now().timestamp()) as server:
        yield server
