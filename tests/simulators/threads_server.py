"""Threads' API as far as Resuena uses it, over real HTTP. Simulated, not verified live; pages cited.

Lists and fields: https://developers.facebook.com/docs/threads/retrieve-and-discover-posts/retrieve-posts. Answers:
.../docs/threads/retrieve-and-manage-replies. Figures: .../docs/threads/insights. Tokens:
.../docs/threads/get-started/long-lived-tokens. The day's limit: .../docs/threads/troubleshooting.
"""

import itertools
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.simulators.counterpart import Fault
from tests.simulators.stand_in import Asked, StandIn, Told
from tests.simulators.threads_state import Post, RefusedError, User, World

APP = {"client_id": "ficha-de-app", "client_secret": "secreto-de-app"}
LASTS_S = 60 * 86_400


def error(status: int, code: int, message: str, **more: object) -> Told:
    """An error object."""
    said = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "huella", **more}
    return status, {"error": said}, {}


_WORDS: Mapping[Fault, Told] = {
    Fault.ERROR_BEFORE: error(500, 2, "An unexpected error has occurred.", is_transient=True),
    Fault.ERROR_AFTER: error(500, 2, "An unexpected error has occurred.", is_transient=True),
    Fault.BUSY: error(403, 4, "Application request limit reached"),
    Fault.REVOKED: error(400, 190, "Error validating access token", error_subcode=460),
    Fault.STRANGE: (200, {"ok": True}, {}),
}


@dataclass
class ThreadsServer(StandIn):
    """The simulator; tests set its state directly."""

    world: World = field(default_factory=World)
    # Whoever says yes next; codes and short tokens, good for one use; lasting tokens and when they end.
    consenting: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    instead: list[Told] = field(default_factory=list)
    named: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def user(self, number: str, username: str, token: str) -> User:
        """Make an account that a token opens."""
        made = User(number, username, token)
        self.world.users[token] = made
        self.ends[token] = self.now() + LASTS_S
        return made

    def own(self, number: str) -> list[Post]:
        """What an account has out, in the order of coming out."""
        return [post for post in self.world.posts.values() if post.user == number]

    def publishes(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path.endswith(("/threads_publish", "/repost"))

    def words(self, fault: Fault) -> Told:
        return _WORDS[fault]

    def answer(self, asked: Asked) -> Told:
        if self.instead:
            return self.instead.pop(0)
        try:
            for method, path, act in _OPEN:
                if (method, path) == (asked.method, asked.path):
                    return act(self, asked)
            token = asked.token or asked.query.get("access_token", "")
            user = self.world.users.get(token)
            if user is None or self.ends[token] < self.now():
                return error(400, 190, "Error validating access token")
            for method, path, route in _ROUTES:
                if method == asked.method and (found := re.fullmatch(f"/v1.0{path}", asked.path)):
                    return route(self, user, asked, *found.groups())
        except RefusedError as refused:
            return *refused.said, {}
        return error(404, 2500, "Unknown path components")

    def mine(self, user: User, said: str) -> None:
        """Raise RefusedError where the address names another account."""
        if said not in {"me", user.number}:
            raise RefusedError("Application does not have permission for this action", 10)


def _contain(server: ThreadsServer, user: User, asked: Asked, who: str) -> Told:
    server.mine(user, who)
    return 200, {"id": server.world.contain(user, asked.json(), server.now()).number}, {}


def _publish(server: ThreadsServer, user: User, asked: Asked, who: str) -> Told:
    server.mine(user, who)
    post = server.world.publish(user, str(asked.json().get("creation_id", "")), server.now())
    return 200, {"id": post.number}, {"x-fb-trace-id": "huella"}


def _repost(server: ThreadsServer, user: User, asked: Asked, target: str) -> Told:  # noqa: ARG001 -- a route
    return 200, {"id": server.world.repost(user, target, server.now()).number}, {}


def _one(server: ThreadsServer, user: User, asked: Asked, number: str) -> Told:  # noqa: ARG001 -- a route
    if number in server.world.containers:
        found = server.world.look(number, server.now())
        more = {"error_message": found.error} if found.status == "ERROR" else {}
        return 200, {"id": number, "status": found.status, **more}, {}
    if number not in server.world.posts:
        raise RefusedError("Unsupported get request. Object does not exist", 100, 33)
    return 200, _told(server, server.world.posts[number], asked), {}


def _told(server: ThreadsServer, post: Post, asked: Asked) -> dict[str, Any]:
    """The fields of a post that are asked for."""
    names = {one.number: one.username for one in server.world.users.values()}
    token = asked.token or asked.query.get("access_token", "")
    whole = {
        "id": post.number, "permalink": server.world.permalink(post), "shortcode": post.code, "text": post.text,
        "timestamp": post.at, "media_type": post.kind, "username": names[post.user],
        "is_reply_owned_by_me": server.world.users[token].number == post.user,
    }  # fmt: skip
    for name, number in (
        ("replied_to", post.reply_to),
        ("quoted_post", post.quoted),
        ("reposted_post", post.reposted),
    ):
        whole |= {name: {"id": number}} if number else {}
    fields = {"id", *asked.query.get("fields", "").split(",")}
    return {name: value for name, value in whole.items() if name in fields}


def _listed(server: ThreadsServer, asked: Asked, posts: list[Post]) -> Told:
    since, until = float(asked.query.get("since", 0)), float(asked.query.get("until", "inf"))
    found = [post for post in posts if since <= int(post.made) and post.made < until]
    start, size = int(asked.query.get("after", 0)), int(asked.query.get("limit", 25))
    said: dict[str, Any] = {"data": [_told(server, post, asked) for post in found[start : start + size]]}
    if start + size < len(found):
        following = urlencode({**asked.query, "after": str(start + size), "access_token": "no-se-usa"})
        said["paging"] = {
            "cursors": {"after": str(start + size)},
            "next": f"{server.url}{asked.path}?{following}",
        }
    return 200, said, {}


def _posts(server: ThreadsServer, user: User, asked: Asked, who: str) -> Told:
    server.mine(user, who)
    return _listed(
        server,
        asked,
        [] if server.world.hidden else [p for p in server.own(user.number)[::-1] if not p.reply_to],
    )


def _replies(server: ThreadsServer, user: User, asked: Asked, who: str) -> Told:
    server.mine(user, who)
    return _listed(
        server, asked, [] if server.world.hidden else [p for p in server.own(user.number)[::-1] if p.reply_to]
    )


def _profile_posts(server: ThreadsServer, user: User, asked: Asked) -> Told:
    if "threads_profile_discovery" not in user.permissions:
        raise RefusedError("Application does not have permission for this action", 10)
    found = [one for one in server.world.users.values() if one.username == asked.query["username"]]
    return _listed(server, asked, [post for one in found for post in server.own(one.number)[::-1]])


def _conversation(server: ThreadsServer, user: User, asked: Asked, number: str) -> Told:  # noqa: ARG001 -- a route
    if number not in server.world.posts:
        raise RefusedError("Unsupported get request. Object does not exist", 100, 33)
    return _listed(server, asked, server.world.below(number))


def _insights(server: ThreadsServer, user: User, asked: Asked, number: str) -> Told:  # noqa: ARG001 -- a route
    if number not in server.world.posts:
        raise RefusedError("Unsupported get request. Object does not exist", 100, 33)
    figures = server.world.posts[number].figures
    named = [one for one in asked.query["metric"].split(",") if one in figures]
    return (
        200,
        {"data": [{"name": one, "period": "lifetime", "values": [{"value": figures[one]}]} for one in named]},
        {},
    )


def _of_account(server: ThreadsServer, user: User, asked: Asked, who: str) -> Told:
    server.mine(user, who)
    if asked.query.get("metric") != "followers_count":
        raise RefusedError("Param metric must be one of those of an account")
    return (
        200,
        {"data": [{"name": "followers_count", "period": "day", "total_value": {"value": user.followers}}]},
        {},
    )


def _limit(server: ThreadsServer, user: User, asked: Asked, who: str) -> Told:
    server.mine(user, who)
    world, now = server.world, server.now()
    whole = {
        "quota_usage": world.used(user, now, replies=False),
        "config": {"quota_total": world.most_a_day, "quota_duration": 86_400},
        "reply_quota_usage": world.used(user, now, replies=True),
        "reply_config": {"quota_total": 1_000, "quota_duration": 86_400},
    }
    fields = asked.query.get("fields", "").split(",")
    return 200, {"data": [{name: value for name, value in whole.items() if name in fields}]}, {}


def _me(server: ThreadsServer, user: User, asked: Asked) -> Told:  # noqa: ARG001 -- a route
    return 200, {"id": user.number, "username": user.username}, {}


def _debug(server: ThreadsServer, user: User, asked: Asked) -> Told:
    token = asked.query["input_token"]
    return (
        200,
        {"data": {"is_valid": True, "user_id": user.number, "expires_at": int(server.ends[token])}},
        {},
    )


def _authorize(server: ThreadsServer, asked: Asked) -> Told:
    if asked.query.get("client_id") != APP["client_id"]:
        return error(400, 101, "Invalid client_id")
    code = f"codigo-{next(server.named)}"
    server.codes[code] = server.consenting
    back = {"code": code, "state": asked.query["state"]}
    return 302, b"", {"Location": f"{asked.query['redirect_uri']}?{urlencode(back)}#_"}


def _short_token(server: ThreadsServer, asked: Asked) -> Told:
    said = asked.form()
    number = server.codes.pop(said.get("code", ""), "")
    if {name: said.get(name) for name in APP} != APP or not number:
        return error(400, 100, "Invalid verification code format.")
    short = f"corta-{next(server.named)}"
    server.codes[short] = number
    return 200, {"access_token": short, "user_id": int(number)}, {}


def _lasting(server: ThreadsServer, asked: Asked) -> Told:
    said = asked.query
    number = server.codes.get(said.get("access_token", ""), "")
    if (
        said.get("grant_type") != "th_exchange_token"
        or said.get("client_secret") != APP["client_secret"]
        or not number
    ):
        return error(400, 190, "Error validating access token")
    return _opened(server, next(one for one in server.world.users.values() if one.number == number))


def _refresh(server: ThreadsServer, asked: Asked) -> Told:
    token = asked.query.get("access_token", "")
    user = server.world.users.get(token)
    if (
        asked.query.get("grant_type") != "th_refresh_token"
        or user is None
        or server.ends[token] < server.now()
    ):
        return error(400, 190, "Error validating access token: Session has expired", error_subcode=463)
    return _opened(server, user)


def _opened(server: ThreadsServer, user: User) -> Told:
    token = f"larga-{next(server.named)}"
    server.world.users[token] = User(user.number, user.username, token, user.followers, user.permissions)
    server.ends[token] = server.now() + LASTS_S
    return 200, {"access_token": token, "token_type": "bearer", "expires_in": LASTS_S}, {}


_OPEN: tuple[tuple[str, str, Callable[[ThreadsServer, Asked], Told]], ...] = (
    ("GET", "/oauth/authorize", _authorize),
    ("POST", "/oauth/access_token", _short_token),
    ("GET", "/access_token", _lasting),
    ("GET", "/refresh_access_token", _refresh),
)
_ROUTES: tuple[tuple[str, str, Callable[..., Told]], ...] = (
    ("POST", r"/(\w+)/threads", _contain),
    ("POST", r"/(\w+)/threads_publish", _publish),
    ("POST", r"/(\d+)/repost", _repost),
    ("GET", "/me", _me),
    ("GET", "/debug_token", _debug),
    ("GET", "/profile_posts", _profile_posts),
    ("GET", r"/(\w+)/threads", _posts),
    ("GET", r"/(\w+)/replies", _replies),
    ("GET", r"/(\w+)/threads_insights", _of_account),
    ("GET", r"/(\w+)/threads_publishing_limit", _limit),
    ("GET", r"/(\d+)/insights", _insights),
    ("GET", r"/(\d+)/conversation", _conversation),
    ("GET", r"/(\d+)", _one),
)


@contextmanager
def running(now: Callable[[], float] = time.time) -> Iterator[ThreadsServer]:
    """Run the simulator in a thread of this process."""
    server = ThreadsServer(now)
    with server.running():
        yield server
