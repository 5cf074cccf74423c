"""What the simulated X knows: posts, media, people's accounts. No HTTP here."""

import html
import itertools
import random
import re
import threading
import time
import unicodedata
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.simulators.x_faults import FaultPlan
from tests.simulators.x_tokens import Tokens

Answer = tuple[int, dict[str, Any]]

SNOWFLAKE_EPOCH_MS = 1288834974657
# What it takes for a link: with a scheme, or a name under one of these.
URL = re.compile(
    r"https?://[^\s]*[^\s.,;:!?)»\"']|(?<![\w@./-])(?:[\w-]+\.)+(?:mx|com|org)\b(?:/[^\s]*[^\s.,;:!?)»\"'])?"
)
MEDIA_LIFE_S = 86_400
SHORT, LONG = 280, 25_000
PRIVATE_FOR = timedelta(days=30)
MOST_SEGMENT = 5 * 1024 * 1024
PAYING = {"Basic", "Premium", "PremiumPlus"}


def weight(text: str) -> int:
    """The length as X counts it, without the finer points of emoji."""
    plain = URL.sub("", text)
    ones = sum(
        1 if ord(c) <= 0x10FF or 0x2000 <= ord(c) <= 0x200D or 0x2010 <= ord(c) <= 0x201F else 2
        for c in plain
    )
    return ones + 23 * len(URL.findall(text))


def problem(status: int, detail: str, kind: str = "about:blank", title: str = "") -> Answer:
    return status, {"detail": detail, "type": kind, "title": title or "Error", "status": status}


def invalid(detail: str) -> Answer:
    return problem(400, detail, "https://api.x.com/2/problems/invalid-request", "Invalid Request")


FORBIDDEN = problem(403, "You are not permitted to perform this action.", title="Forbidden")
NO_SUCH_REPLY = problem(
    403,
    "You attempted to reply to a Tweet that is deleted or not visible to you.",
    title="Forbidden",
)
DUPLICATE = problem(403, "You are not allowed to create a Tweet with duplicate content.", title="Forbidden")


@dataclass
class Post:
    id: int
    user: str
    text: str
    media: list[str] = field(default_factory=list)
    reply_to: str = ""
    conversation: str = ""
    repost_of: str = ""
    quote_of: str = ""
    metrics: dict[str, int] = field(default_factory=dict)

    @property
    def made_at(self) -> datetime:
        return datetime.fromtimestamp(((self.id >> 22) + SNOWFLAKE_EPOCH_MS) / 1000, UTC)


@dataclass
class Medium:
    owner: str
    category: str
    kind: str
    total: int
    until: float
    segments: dict[int, int] = field(default_factory=dict)
    # "open" while it is being uploaded, then pending, in_progress, succeeded or failed.
    state: str = "open"
    polls: int = 0


@dataclass
class State:
    """``now`` gives seconds since 1970."""

    now: Callable[[], float] = time.time
    plan: FaultPlan = field(default_factory=FaultPlan)
    posts: dict[int, Post] = field(default_factory=dict)
    of_user: dict[str, list[Post]] = field(default_factory=dict)
    texts: dict[tuple[str, str], int] = field(default_factory=dict)
    # What was asked and is applied only at that moment, or when it is settled.
    pending: list[tuple[float, Callable[[], object]]] = field(default_factory=list)
    faults: dict[str, deque[str]] = field(default_factory=dict)
    media: dict[str, Medium] = field(default_factory=dict)
    alt_texts: dict[str, str] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=Tokens)
    # Settings of a test: the timeline lags; equal texts are refused; replies and quotes are allowed;
    # how many looks a video takes, whether it fails, and how long to wait between looks.
    hidden: bool = False
    refuses_equal: bool = True
    allows_replies: bool = True
    allows_quotes: bool = False
    polls: int = 2
    video_fails: bool = False
    check_after_secs: int = 1
    # How long what is delayed waits, and a limit lasts, in seconds; zero: until it is settled.
    delay: float = 0
    reset: float = 90
    # How late a post may be readable, how old a signed request may be, how long an answer may take: in seconds.
    lag: float = 0
    patience: float = float("inf")
    latency: float = 0
    seen: list[str] = field(default_factory=list)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    lock: threading.RLock = field(default_factory=threading.RLock)
    sequence: Iterator[int] = field(default_factory=itertools.count)

    def snowflake(self) -> int:
        return (int(self.now() * 1000) - SNOWFLAKE_EPOCH_MS << 22) | (next(self.sequence) & 0x3FFFFF)

    def user(self, number: str) -> dict[str, Any]:
        return self.users.setdefault(
            number,
            {
                "id": number,
                "name": f"Cuenta {number}",
                "username": f"cuenta{number}",
                "subscription_type": "None",
                "verified_type": "none",
                "public_metrics": {
                    "followers_count": 1204,
                    "following_count": 8,
                    "post_count": 31,
                    "listed_count": 2,
                },
            },
        )

    def settle(self, until: float | None = None) -> None:
        """Apply what was delayed: all of it, or what is due by then."""
        due = [one for one in self.pending if until is None or one[0] <= until]
        self.pending = [one for one in self.pending if one not in due]
        for _, apply in due:
            apply()

    # Posts

    def create(self, user: str, asked: Mapping[str, Any]) -> Answer:
        text: str = asked.get("text", "")
        media: list[str] = (asked.get("media") or {}).get("media_ids", [])
        reply_to: str = (asked.get("reply") or {}).get("in_reply_to_tweet_id", "")
        wrong = self._wrong(user, text, media, reply_to) or self._wrong_quote(asked)
        if wrong:
            return wrong
        made = self.keep(Post(self.snowflake(), user, text, media, reply_to))
        made.quote_of = asked.get("quote_tweet_id", "")
        answered = self.posts.get(int(reply_to or 0))
        made.conversation = answered.conversation if answered else str(made.id)
        return 201, {"data": {"id": str(made.id), "text": text, "edit_history_post_ids": [str(made.id)]}}

    def readable(self, post: Post) -> bool:
        """Whether it can be read yet: each post is late by its own share of the lag."""
        if not self.lag:
            return True
        share = random.Random(post.id).random()  # noqa: S311 -- a draw that can be repeated, no secret
        return self.now() >= post.made_at.timestamp() + self.lag * share

    def keep(self, post: Post) -> Post:
        self.posts[post.id] = post
        self.of_user.setdefault(post.user, []).append(post)
        self.texts.setdefault((post.user, post.text), post.id)
        return post

    def older(self, number: int, days: int) -> int:
        post = self.posts.pop(number)
        post.id -= days * 86_400_000 << 22
        self.posts[post.id] = post
        return post.id

    def _wrong(self, user: str, text: str, media: list[str], reply_to: str) -> Answer | None:
        longest = LONG if self.user(user)["subscription_type"] in PAYING else SHORT
        if not text and not media:
            return invalid("text: is missing, and there are no media.")
        if weight(unicodedata.normalize("NFC", text)) > longest:
            return problem(400, "Your Tweet text is too long.", title="Invalid Request")
        if not self._media_are_right(user, media):
            return problem(400, "Your media IDs are invalid.", title="Invalid Request")
        if reply_to and int(reply_to) not in self.posts:
            return NO_SUCH_REPLY
        if reply_to and not self.allows_replies:
            return FORBIDDEN
        return DUPLICATE if self.refuses_equal and (user, text) in self.texts else None

    def _wrong_quote(self, asked: Mapping[str, Any]) -> Answer | None:
        return FORBIDDEN if asked.get("quote_tweet_id") and not self.allows_quotes else None

    def _media_are_right(self, user: str, ids: list[str]) -> bool:
        media = [self.media.get(each) for each in ids]
        there = [each for each in media if each is not None]
        videos = sum(each.category == "tweet_video" for each in there)
        return (
            len(there) == len(ids) <= 4
            and all(each.state == "succeeded" and each.until > self.now() for each in there)
            and all(each.owner == user for each in there)
            and (videos == 0 or len(there) == 1)
        )

    def repost(self, user: str, target: str) -> Answer:
        if int(target) not in self.posts:
            return problem(404, "Not Found", title="Not Found")
        if not any(post.repost_of == target for post in self.of_user.get(user, ())):
            original = self.posts[int(target)]
            made = Post(
                self.snowflake(), user, f"RT @{self.user(original.user)['username']}: {original.text}"
            )
            made.repost_of = target
            self.posts[made.id] = made
            self.of_user.setdefault(user, []).append(made)
        return 200, {"data": {"retweeted": True, "rest_id": target}}

    def shown(self, post: Post, fields: frozenset[str] = frozenset(), reader: str = "") -> dict[str, Any]:
        """A post as X tells it: links shortened, characters escaped, the fields that were asked for."""
        text, links = self._wrapped(post)
        told: dict[str, Any] = {"id": str(post.id), "text": html.escape(text, quote=False)}
        told["edit_history_post_ids"] = [str(post.id)]
        if "entities" in fields:
            told["entities"] = {"urls": links}
        if weight(post.text) > SHORT:
            told["text"] = html.escape(text, quote=False)[:275] + "…"
            if "note_post" in fields:
                told["note_post"] = {"text": html.escape(text, quote=False), "entities": {"urls": links}}
        if "created_at" in fields:
            told["created_at"] = post.made_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if "conversation_id" in fields:
            told["conversation_id"] = post.conversation or str(post.id)
        if "referenced_posts" in fields:
            told |= self._references(post)
        if "author_id" in fields:
            told["author_id"] = post.user
        return told | self._figures(post, fields, reader)

    def _wrapped(self, post: Post) -> tuple[str, list[dict[str, Any]]]:
        links: list[dict[str, Any]] = []
        pieces, place = [], 0
        for n, link in enumerate(URL.finditer(post.text)):
            short = f"https://t.co/{post.id % 10**6}{n}"
            expanded = link.group() if "://" in link.group() else f"http://{link.group()}"
            pieces += [post.text[place : link.start()], short]
            place = link.end()
            links.append({"url": short, "expanded_url": expanded, "start": 0, "end": 1})
        text = "".join([*pieces, post.text[place:]])
        if post.media:
            short = f"https://t.co/m{post.id % 10**6}"
            what = "video" if self.media[post.media[0]].category == "tweet_video" else "photo"
            text += f" {short}"
            place_of_media = f"https://x.com/ensayo/status/{post.id}/{what}/1"
            links.append({"url": short, "expanded_url": place_of_media, "start": 0, "end": 1})
        return text, links

    def _references(self, post: Post) -> dict[str, Any]:
        kinds = {"retweeted": post.repost_of, "replied_to": post.reply_to, "quoted": post.quote_of}
        found = [{"type": kind, "id": number} for kind, number in kinds.items() if number]
        return {"referenced_posts": found} if found else {}

    def _figures(self, post: Post, fields: frozenset[str], reader: str) -> dict[str, Any]:
        reposts = sum(1 for one in self.posts.values() if one.repost_of == str(post.id))
        public = {
            "repost_count": reposts,
            "reply_count": 0,
            "like_count": 0,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": 0,
        } | {name: value for name, value in post.metrics.items() if name not in PRIVATE}
        told: dict[str, Any] = {"public_metrics": public} if "public_metrics" in fields else {}
        if self.may_see_private(post, reader):
            private = {name: post.metrics.get(name, 0) for name in PRIVATE}
            private["impression_count"] = public["impression_count"]
            if "non_public_metrics" in fields:
                told["non_public_metrics"] = private
            if "organic_metrics" in fields:
                told["organic_metrics"] = private | {"like_count": public["like_count"]}
        return told

    def may_see_private(self, post: Post, reader: str) -> bool:
        age = datetime.fromtimestamp(self.now(), UTC) - post.made_at
        return post.user == reader and age <= PRIVATE_FOR


PRIVATE = ("url_link_clicks", "user_profile_clicks", "engagements")
