"""The simulated X's routes: what each makes of a request that meets no fault."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from urllib.parse import parse_qs, urlsplit

from tests.simulators.x_state import (
    MEDIA_LIFE_S,
    MOST_SEGMENT,
    Answer,
    Medium,
    Post,
    State,
    invalid,
    problem,
)

NOT_FOUND = problem(404, "Not Found", title="Not Found")
UNAUTHORIZED = problem(401, "Unauthorized", title="Unauthorized")
PRIVATE_FIELDS = frozenset({"non_public_metrics", "organic_metrics"})


@dataclass(frozen=True)
class Asked:
    """A request, read. ``user`` is whose token it bears."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    user: str = ""
    found: tuple[str, ...] = field(default=())

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    def query(self, name: str, otherwise: str = "") -> str:
        return parse_qs(urlsplit(self.target).query).get(name, [otherwise])[0]

    def fields(self, *more: str) -> frozenset[str]:
        asked = {*self.query("post.fields").split(","), *self.query("expansions").split(","), *more}
        return frozenset(asked - {""})

    def json(self) -> dict[str, object]:
        said = json.loads(self.body)
        assert isinstance(said, dict)
        return said

    def parts(self) -> dict[str, bytes]:
        """What a multipart form holds, by name."""
        kind = Message()
        kind["Content-Type"] = self.headers.get("Content-Type", "")
        boundary = str(kind.get_param("boundary")).encode()
        return {
            name[1].decode(): part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
            for part in self.body.split(b"--" + boundary)
            if (name := re.search(rb' name="(\w+)"', part))
        }

    def what(self) -> str:
        """What is asked for, whoever asks and however often: faults are drawn by it."""
        if self.path == "/2/tweets" and self.method == "POST":
            return f"{self.user}/{self.json().get('text', '')}"
        if self.path.endswith("/retweets") and self.method == "POST":
            return f"{self.user}/{self.json()['tweet_id']}"
        return f"{self.user}{self.path}"


def create(state: State, asked: Asked) -> Answer:
    return state.create(asked.user, asked.json())


def repost(state: State, asked: Asked) -> Answer:
    return state.repost(asked.user, str(asked.json()["tweet_id"]))


def _keep(state: State, user: str, category: str, kind: str, total: int) -> str:
    media_id = str(state.snowflake())
    state.media[media_id] = Medium(user, category, kind, total, state.now() + MEDIA_LIFE_S)
    return media_id


def upload(state: State, asked: Asked) -> Answer:
    parts = asked.parts()
    media = parts.get("media", b"")
    if parts.get("media_category") != b"tweet_image" or not media:
        return invalid("media and media_category are required")
    media_id = _keep(state, asked.user, "tweet_image", "image", len(media))
    state.media[media_id].state = "succeeded"
    return 200, {"data": {"id": media_id, "size": len(media), "expires_after_secs": MEDIA_LIFE_S}}


def initialize(state: State, asked: Asked) -> Answer:
    said = asked.json()
    if not {"media_category", "media_type", "total_bytes"} <= set(said):
        return invalid("media_category, media_type and total_bytes are required")
    media_id = _keep(
        state, asked.user, str(said["media_category"]), str(said["media_type"]), int(str(said["total_bytes"]))
    )
    return 200, {"data": {"id": media_id, "expires_after_secs": MEDIA_LIFE_S}}


def append(state: State, asked: Asked) -> Answer:
    medium, parts = state.media.get(asked.found[0]), asked.parts()
    if medium is None or medium.state != "open" or medium.owner != asked.user:
        return invalid("This upload is not open.")
    segment = parts.get("media", b"")
    if not 0 < len(segment) <= MOST_SEGMENT:
        return problem(413, "The segment is too large.", title="Payload Too Large")
    medium.segments[int(parts["segment_index"])] = len(segment)
    return 200, {"data": {"expires_at": int(medium.until)}}


def finalize(state: State, asked: Asked) -> Answer:
    medium = state.media.get(asked.found[0])
    if medium is None or medium.state != "open" or medium.owner != asked.user:
        return invalid("This upload is not open.")
    whole = list(range(len(medium.segments))) == sorted(medium.segments)
    if not whole or sum(medium.segments.values()) != medium.total:
        return invalid("Segments do not add up to provided total file size.")
    medium.state = "pending" if medium.category == "tweet_video" and state.polls else "succeeded"
    return 200, {"data": _processing(state, asked.found[0], medium)}


def status(state: State, asked: Asked) -> Answer:
    media_id = asked.query("media_id")
    medium = state.media.get(media_id)
    if medium is None or medium.state == "open" or asked.query("command", "STATUS") != "STATUS":
        return NOT_FOUND
    medium.polls += 1
    if medium.state in {"pending", "in_progress"}:
        ended = "failed" if state.video_fails else "succeeded"
        medium.state = ended if medium.polls >= state.polls else "in_progress"
    return 200, {"data": _processing(state, media_id, medium)}


def _processing(state: State, media_id: str, medium: Medium) -> dict[str, object]:
    said: dict[str, object] = {"id": media_id, "size": medium.total}
    said["expires_after_secs"] = int(medium.until - state.now())
    if medium.category == "tweet_video":
        info: dict[str, object] = {"state": medium.state}
        if medium.state in {"pending", "in_progress"}:
            info["check_after_secs"] = state.check_after_secs
        said["processing_info"] = info
    return said


def metadata(state: State, asked: Asked) -> Answer:
    said = json.loads(asked.body)
    if said["id"] not in state.media:
        return invalid("unknown media")
    state.alt_texts[said["id"]] = said["metadata"]["alt_text"]["text"]
    return 200, {"data": {"id": said["id"]}}


def me(state: State, asked: Asked) -> Answer:
    user = state.user(asked.user)
    fields = {"id", "name", "username", *asked.query("user.fields").split(",")}
    return 200, {"data": {name: value for name, value in user.items() if name in fields}}


def timeline(state: State, asked: Asked) -> Answer:
    if not 5 <= int(asked.query("max_results", "10")) <= 100:
        return invalid("max_results must be between 5 and 100")
    since = int(asked.query("since_id", "0"))
    posts = [] if state.hidden else state.of_user.get(asked.found[0], [])
    return _page(state, asked, [post for post in reversed(posts) if post.id > since and state.readable(post)])


def by_ids(state: State, asked: Asked) -> Answer:
    fields = asked.fields()
    told, errors = [], []
    for number in asked.query("ids").split(","):
        post = state.posts.get(int(number))
        if post is None:
            errors.append(_missing(number))
        elif fields & PRIVATE_FIELDS and not state.may_see_private(post, asked.user):
            errors.append(_not_for_you(number))
        else:
            told.append(state.shown(post, fields, asked.user))
    return 200, ({"data": told} if told else {}) | ({"errors": errors} if errors else {})


def _missing(number: str) -> dict[str, object]:
    return {
        "detail": f"Could not find tweet with ids: [{number}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "ids",
        "resource_id": number,
        "value": number,
        "type": "https://api.x.com/2/problems/resource-not-found",
    }


def _not_for_you(number: str) -> dict[str, object]:
    return {
        "detail": "Sorry, you are not authorized to access 'non_public_metrics.url_link_clicks' on the Tweet"
        f" with ids : [{number}].",
        "title": "Field Authorization Error",
        "resource_type": "tweet",
        "field": "non_public_metrics.url_link_clicks",
        "section": "data",
        "parameter": "ids",
        "resource_id": number,
        "value": number,
        "type": "https://api.x.com/2/problems/not-authorized-for-field",
    }


def retweeted_by(state: State, asked: Asked) -> Answer:
    users = [state.user(post.user) for post in state.posts.values() if post.repost_of == asked.found[0]]
    return _listed([dict(user) for user in users], asked)


def reposts(state: State, asked: Asked) -> Answer:
    return _page(state, asked, [post for post in state.posts.values() if post.repost_of == asked.found[0]])


def quote_tweets(state: State, asked: Asked) -> Answer:
    if not 10 <= int(asked.query("max_results", "10")) <= 100:
        return invalid("max_results must be between 10 and 100")
    return _page(state, asked, [post for post in state.posts.values() if post.quote_of == asked.found[0]])


def search_recent(state: State, asked: Asked) -> Answer:
    """Words, ``from:``, ``#tags``, groups with OR between, ``-is:retweet``; nothing older than a week."""
    query = asked.query("query").casefold()
    since = asked.query("start_time")
    begins = datetime.fromisoformat(since) if since else datetime.fromtimestamp(0, UTC)
    week_ago = datetime.fromtimestamp(state.now(), UTC) - timedelta(days=7)
    if since and begins < week_ago:
        return invalid("'start_time' must be on or after seven days ago")
    groups = [group.split(" or ") for group in re.findall(r"\(([^)]*)\)", query)]
    alone = [[word] for word in re.sub(r"\([^)]*\)", " ", query).split()]
    found = [
        post
        for post in sorted(state.posts.values(), key=lambda one: -one.id)
        if post.made_at > max(week_ago, begins)
        and not post.repost_of
        and all(any(_fits(state, post, word.strip()) for word in words) for words in [*groups, *alone])
    ]
    return _page(state, asked, found)


def _fits(state: State, post: Post, word: str) -> bool:
    if word == "-is:retweet":
        return not post.repost_of
    if word.startswith("from:"):
        return str(state.user(post.user)["username"]).casefold() == word.removeprefix("from:")
    text = post.text.casefold()
    return word in re.findall(r"#\w+", text) if word.startswith("#") else word.strip('"') in text


def _page(state: State, asked: Asked, posts: list[Post]) -> Answer:
    fields = asked.fields()
    status, said = _listed([state.shown(post, fields, asked.user) for post in posts], asked)
    if "author_id" in fields and said.get("data"):
        who = {one["author_id"] for one in said["data"]}
        users = [state.user(number) for number in sorted(who)]
        said["includes"] = {
            "users": [{name: one[name] for name in ("id", "name", "username")} for one in users]
        }
    return status, said


def _listed(told: list[dict[str, object]], asked: Asked) -> Answer:
    start = int(asked.query("pagination_token") or asked.query("next_token", "0"))
    size = int(asked.query("max_results", "10"))
    page = told[start : start + size]
    meta: dict[str, object] = {"result_count": len(page)}
    if start + size < len(told):
        meta["next_token"] = str(start + size)
    return 200, {"data": page, "meta": meta} if page else {"meta": meta}


def token(state: State, asked: Asked) -> Answer:
    said = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
    basic = asked.headers.get("Authorization", "").removeprefix("Basic ")
    return state.tokens.token(basic, said, state.now())


Route = Callable[[State, Asked], Answer]
# Method, path, the name under which a test asks for faults, and what it does.
ROUTES: tuple[tuple[str, str, str, Route], ...] = (
    ("POST", "/2/tweets", "/2/tweets", create),
    ("POST", r"/2/users/(\d+)/retweets", "/2/retweets", repost),
    ("POST", "/2/media/upload", "/2/media/upload", upload),
    ("POST", "/2/media/upload/initialize", "/2/media/upload/initialize", initialize),
    ("POST", r"/2/media/upload/(\d+)/append", "/2/media/upload/append", append),
    ("POST", r"/2/media/upload/(\d+)/finalize", "/2/media/upload/finalize", finalize),
    ("GET", "/2/media/upload", "/2/media/status", status),
    ("POST", "/2/media/metadata", "/2/media/metadata", metadata),
    ("GET", "/2/users/me", "/2/users/me", me),
    ("GET", r"/2/users/(\d+)/tweets", "/2/users", timeline),
    ("GET", "/2/tweets", "/2/lookup", by_ids),
    ("GET", r"/2/tweets/(\d+)/retweeted_by", "/2/retweeted_by", retweeted_by),
    ("GET", r"/2/tweets/(\d+)/retweets", "/2/reposts", reposts),
    ("GET", r"/2/tweets/(\d+)/quote_tweets", "/2/quote_tweets", quote_tweets),
    ("GET", "/2/tweets/search/recent", "/2/search", search_recent),
    ("POST", "/2/oauth2/token", "/2/oauth2/token", token),
)
