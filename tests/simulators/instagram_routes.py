"""A simulated professional account of Instagram: what each request makes of it. Simulated, not verified live.

Containers, their states and what publishes them: https://developers.facebook.com/docs/instagram-platform/content-publishing;
its errors: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes; the day's
limit: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/content_publishing_limit.

Pictures and videos are really fetched. Nothing says what publishing a container twice does: here it is out twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import requests
from PIL import Image

from content_calendar import clock
from tests.simulators.graph_server import Asked, GraphServer, Routes, node, page_of, running
from tests.simulators.graph_state import LIFE_S, NOT_THERE, Answer, Container, Post, State, error, said_at

LONGEST, MOST_TAGS, MOST_BYTES, MOST_CHILDREN = 2_200, 30, 8 << 20, 10
NARROWEST, WIDEST = 0.8, 1.91
NOT_READY = error(9007, "The media is not ready for publishing, please wait for a moment", subcode=2207027)
UNFETCHED = error(9004, "Only photo or video can be accepted as media type.", subcode=2207052)
_NOT_YOURS = error(200, "(#200) The user does not have permission", status=403)
_INSIGHTS = {"views": "views", "reach": "reach", "saved": "bookmarks", "shares": "reposts"}


def _make(state: State, asked: Asked) -> Answer:
    owner, said = asked.found[0], asked.body
    if owner not in state.owner_of(asked.token):
        return _NOT_YOURS
    caption = str(said.get("caption", ""))
    if len(caption) > LONGEST or caption.count("#") > MOST_TAGS:
        return error(36004, "The caption is too long", subcode=2207010)
    if wrong := _wrong_media(state, asked):
        return wrong
    made = Container(state.number(), owner, dict(said), state.now(), state.now() + state.works_s)
    made.failed = state.fails_containers
    state.containers[made.id] = made
    return 200, {"id": made.id}


def _wrong_media(state: State, asked: Asked) -> Answer | None:
    said = asked.body
    if said.get("media_type") == "CAROUSEL":
        children = [state.containers.get(one) for one in said["children"]]
        fits = 2 <= len(children) <= MOST_CHILDREN
        whole = all(one is not None and one.asked.get("is_carousel_item") for one in children)
        return None if fits and whole else error(100, "(#100) Invalid children")
    address = said.get("video_url") if said.get("media_type") == "REELS" else said.get("image_url")
    if not address:
        return error(100, "(#100) The parameter image_url is required")
    try:
        got = requests.get(str(address), timeout=10)
    except requests.RequestException:
        return UNFETCHED
    state.fetched.append(got.headers.get("Content-Type", ""))
    if got.status_code != requests.codes.ok:
        return UNFETCHED
    return None if "video_url" in said else _wrong_picture(got)


def _wrong_picture(got: requests.Response) -> Answer | None:
    if got.headers["Content-Type"] != "image/jpeg":
        return error(36001, "The image format is not supported.", subcode=2207005)
    if len(got.content) > MOST_BYTES:
        return error(36000, "The image size is too large.", subcode=2207004)
    with Image.open(BytesIO(got.content)) as picture:
        shape = picture.width / picture.height
    if not NARROWEST <= shape <= WIDEST:
        return error(36003, "The submitted image has an invalid aspect ratio.", subcode=2207009)
    return None


def _status(state: State, one: Container) -> str:
    if one.published:
        return "PUBLISHED"
    if one.made_at < state.now() - LIFE_S:
        return "EXPIRED"
    if one.failed:
        return "ERROR"
    return "FINISHED" if one.ready_at <= state.now() else "IN_PROGRESS"


def _publish(state: State, asked: Asked) -> Answer:
    owner, container = asked.found[0], state.containers.get(str(asked.body.get("creation_id")))
    if owner not in state.owner_of(asked.token):
        return _NOT_YOURS
    if container is None or container.owner != owner:
        return error(24, "The requested resource does not exist", subcode=2207008)
    stands = _status(state, container)
    if stands == "EXPIRED":
        return error(-2, "The media you are trying to access has expired.", subcode=2207020)
    if stands not in {"FINISHED", "PUBLISHED"}:
        return NOT_READY
    if _used(state, owner) >= state.most_a_day:
        return error(9, "You reached maximum number of posts", subcode=2207042)
    container.published = True
    said = container.asked
    shown = said.get("children", [container.id])
    post = Post(f"18{state.number()}", owner, str(said.get("caption", "")), state.now(), list(shown))
    state.posts[post.id] = post
    return 200, {"id": post.id}


def _used(state: State, owner: str) -> int:
    return sum(post.owner == owner and post.at > state.now() - LIFE_S for post in state.posts.values())


def _limit(state: State, asked: Asked) -> Answer:
    config = {"quota_total": state.most_a_day, "quota_duration": LIFE_S}
    return 200, {"data": [{"quota_usage": _used(state, asked.found[0]), "config": config}]}


def permalink(post: Post) -> str:
    return f"https://www.instagram.com/p/C{int(post.id):x}/"


def _media(state: State, asked: Asked) -> Answer:
    rows = [
        {"id": post.id, "caption": post.text, "timestamp": said_at(post.at), "permalink": permalink(post)}
        for post in state.listed(asked.found[0])
    ]
    return page_of(asked, rows)


def _node(state: State, asked: Asked) -> Answer:
    found = asked.found[0]
    if found in state.untold:
        return NOT_THERE
    if (container := state.containers.get(found)) is not None:
        return node("Container", {"id": found, "status_code": _status(state, container), "status": ""}, asked)
    if (post := state.posts.get(found)) is not None:
        whole: dict[str, Any] = {
            "id": found,
            "caption": post.text,
            "permalink": permalink(post),
            "timestamp": said_at(post.at),
            "like_count": post.figures.get("likes"),
            "comments_count": post.figures.get("replies"),
        }
        return node("IGMedia", whole, asked)
    for page in state.pages.values():
        if page.account is not None and page.account[0] == found:
            told = {"id": found, "username": page.account[1], "followers_count": page.followers}
            return node("IGUser", told, asked)
    return NOT_THERE


def _insights(state: State, asked: Asked) -> Answer:
    post = state.posts.get(asked.found[0])
    if post is None:
        return NOT_THERE
    if not post.figures:
        return error(10, "(#10) Not enough viewers for the media to show insights", status=403)
    rows = [
        {"name": metric, "period": "lifetime", "values": [{"value": post.figures[name]}]}
        for metric, name in _INSIGHTS.items()
        if name in post.figures and metric in asked.query["metric"].split(",")
    ]
    return 200, {"data": rows}


def _comments(state: State, asked: Asked) -> Answer:
    post = state.posts.get(asked.found[0])
    return NOT_THERE if post is None else page_of(asked, post.comments)


ROUTES = Routes(
    (
        ("POST", r"/(\d+)/media", _make),
        ("POST", r"/(\d+)/media_publish", _publish),
        ("GET", r"/(\d+)/content_publishing_limit", _limit),
        ("GET", r"/(\d+)/media", _media),
        ("GET", r"/(\d+)/insights", _insights),
        ("GET", r"/(\d+)/comments", _comments),
        ("GET", r"/(\d+)", _node),
    ),
    lambda asked: asked.method == "POST" and asked.path.endswith("/media_publish"),
)


@contextmanager
def instagram() -> Iterator[GraphServer]:
    """Run it, by the house's clock."""
    with running(ROUTES, lambda: clock.now().timestamp()) as server:
        yield server
