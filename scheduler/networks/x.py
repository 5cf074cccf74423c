"""X, through its API v2 with tweepy: OAuth 1.0a user tokens (they do not end), or OAuth 2 with PKCE.

tweepy sets no time-out, follows redirects by posting again and lets through what ``requests`` raises; so its client's
``request`` is replaced by one call over ``scheduler.wire``. Answers are told apart as the OpenAPI document 2.167 and
the observed bodies allow: a duplicate only by its ``detail``, a usage cap only by its ``type``.

Quotes are not among the kinds, although ``POST /2/tweets`` still has ``quote_tweet_id``: writing them left
self-serve access in April 2026 (https://docs.x.com/changelog). Since February 2026 answers are only for
those who were summoned, and nothing says whether a thread on one's own post counts: a refusal of a later
part waits for a person.
"""

import html
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from importlib import import_module
from secrets import token_hex
from typing import Any, ClassVar
from urllib.parse import quote

from content_calendar.content import PostKind
from content_calendar.links import links
from content_calendar.rules import Look, NetworkRules
from content_calendar.states import HoldReason
from scheduler.dialects.api_calls import Api, Dialect, object_of
from scheduler.dialects.listed_echoes import ListedEchoes
from scheduler.dialects.media_uploads import Progress, prepare_media, progress_said, uploaded_said
from scheduler.dialects.same_text import same_text
from scheduler.dialects.snowflakes import floor_of, moment_of
from scheduler.dialects.token_exchange import PermissionPage
from scheduler.dialects.weighted_text import MAX_WEIGHTED_LENGTH, WEIGHTED
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    DoubtError,
    Image,
    Network,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    TargetMissingError,
    UnavailableError,
    Verified,
    Video,
)
from scheduler.powers import Opened, Permission, Price, RemotePost, VideoLimits
from scheduler.wire import Call, Reply

_HOST = "https://api.x.com"
_DIALECT = Dialect(
    "x-transaction-id", limits=("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour"),
    equal=("duplicate content", "already retweeted"), capped=("usage-capped", "usagecapexceeded"),
)  # fmt: skip
_PAGE, _MOST_PAGES = 100, 5
_FIELDS = "conversation_id,created_at,entities,note_post"
_FIGURES = {
    "like_count": "likes", "repost_count": "reposts", "retweet_count": "reposts", "reply_count": "replies",
    "quote_count": "quotes", "bookmark_count": "bookmarks", "impression_count": "views",
    "url_link_clicks": "link_clicks", "user_profile_clicks": "profile_clicks", "engagements": "engagements",
}  # fmt: skip
_PUBLIC, _ALL = "public_metrics", "public_metrics,non_public_metrics,organic_metrics"
_LONG, _MAY_BE_LONG = 25_000, frozenset({"basic", "premium", "premiumplus"})
_MILLS, _MILLS_WITH_LINK, _MILLS_METADATA, _MILLS_OWNED_READ = 15, 200, 5, 1
# https://docs.x.com/x-api/media/quickstart/best-practices; it takes 8 GB, more than one should send from here.
_VIDEOS, _MINUTES_PAID = VideoLimits(512 << 20, 500, 20 * 60_000, (1, 3), (3, 1)), 125
_LINK = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i(?:/web)?|(?P<handle>\w{1,15}))"
    r"/status(?:es)?/(?P<id>\d{1,19})(?:[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_OWN_MEDIA = re.compile(r"https?://(?:x|twitter)\.com/\w+/status/\d+/(?:photo|video)/\d+", re.ASCII)
_LOOK = Look(paper="#fff #000", ink="#0f1419 #e7e9ea", quiet="#536471 #8b98a5", line="#dde4e8 #2f3336",
             accent="#0d67a8 #4cb3ff")  # fmt: skip


class X(PermissionPage, ListedEchoes):
    """Refuses equal texts, and its accounts can be read: a doubt is settled by looking."""

    slug: ClassVar[str] = "x"
    name: ClassVar[str] = "X"
    protection: ClassVar[Protection] = Protection.REFUSES_EQUAL
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = tuple(
        map(CredentialField, ("consumer_key", "consumer_secret", "access_token", "access_token_secret"))
    )
    permissions: ClassVar[Sequence[Permission]] = (
        Permission("tweet.read", "permission_look_for_posts"),
        Permission("tweet.write", "permission_publish"),
        Permission("users.read", "permission_know_account"),
        Permission("media.write", "permission_upload"),
        Permission("offline.access", "permission_renew"),
    )
    page_host, page_path = "https://x.com", "/i/oauth2/authorize"
    token_host, token_path = _HOST, "/2/oauth2/token"
    rules: ClassVar[NetworkRules] = replace(
        WEIGHTED, network="x", max_images=4, max_alt_length=1000, look=_LOOK,
        source="https://docs.x.com/resources/fundamentals/counting-characters",
    )  # fmt: skip
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST, PostKind.THREAD, PostKind.REPOST})
    takes_video: ClassVar[bool] = True
    # The limit is X's own (https://docs.x.com/x-api/fundamentals/rate-limits). The spacing is ours: two posts
    # of one account in the same second bury each other, and look like a machine's to X's spam filters.
    pace: ClassVar[Pace] = Pace(timedelta(seconds=5), most=100, within=timedelta(minutes=15))
    # X counts identical content across accounts as spam (https://docs.x.com/developer-guidelines).
    identical_window: ClassVar[timedelta] = timedelta(hours=24)
    identical_source: ClassVar[str] = "https://docs.x.com/developer-guidelines"
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    read_lag: ClassVar[timedelta] = timedelta(seconds=60)
    # A page at the price of owned reads (of the account that registered the app), or a few posts at that of others.
    look_mills: ClassVar[int] = _PAGE * _MILLS_OWNED_READ
    reading_mills: ClassVar[int] = 5
    price_source: ClassVar[str] = "https://docs.x.com/x-api/getting-started/pricing"

    def new_key(self) -> str:
        """Return a random key: X takes none, so it is only ours."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        """Return whether there are pictures or a video to upload."""
        return bool(outgoing.images or outgoing.video)

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Upload pictures or a video with their alternative texts; return their media ids and until when they live."""
        return prepare_media(_Media(access), outgoing, _VIDEOS.most_bytes)

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Create the post, whose moment is read from its id; or repost, which has no id of its own.

        A part that X does not let follow the one before waits for a person.
        """
        api = _api(access, outgoing.may_send)
        if outgoing.kind is PostKind.REPOST:
            return _repost(api, access, _target(outgoing))
        client = _client_class()(api)
        before = outgoing.before[-1].remote_id if outgoing.before else None
        media_ids = outgoing.prepared.get("media_ids")
        try:
            created = client.create_tweet(
                text=outgoing.text,
                media_ids=media_ids.split(",") if media_ids else None,
                in_reply_to_tweet_id=before,
            ).data
        except RefusedError as error:
            if before is None or error.answer.http_status != 403:  # noqa: PLR2004 -- forbidden
                raise
            raise RefusedError(error.answer, hold=HoldReason.ACCESS, **error.params) from error
        return _receipt(access, str(created["id"]), client.last_request_id)

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        """Return the account's own posts since then that say the same in the same thread, links expanded."""
        if outgoing.kind is PostKind.REPOST:
            target = _target(outgoing)
            posts = _timeline(access, since, expansions="referenced_posts")
            found = [str(post["id"]) for post in posts if _reposts(post, target)]
            return [_repost_receipt(target, moment_of(remote_id)) for remote_id in found]
        return [
            _receipt(access, str(post["id"]))
            for post in _timeline(access, since)
            if _in_its_place(post, outgoing) and same_text(_full_text(post), outgoing.text)
        ]

    def compose_link(self, text: str) -> str:
        """Return the address of X's composer with the text in it."""
        return f"https://x.com/intent/post?text={quote(text, safe='')}"

    def read_link(self, url: str) -> RemotePost | None:
        """Return the post that a link of x.com or twitter.com leads to; under "i" they name no account."""
        found = _LINK.fullmatch(url.strip())
        if found is None:
            return None
        remote_id, handle = found["id"], found["handle"] or ""
        url = _address(handle or "i", remote_id)
        return RemotePost(remote_id, handle, url, moment_of(remote_id), _address("i", remote_id))

    def price(self, text: str, images: int = 0) -> Price:
        """Return what a post costs: X charges a link, as its text library finds them, and each alternative text."""
        more = images * _MILLS_METADATA
        return Price((_MILLS_WITH_LINK if links(text) else _MILLS) + more, _MILLS + more)

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return the figures of own posts; of those older than 30 days what everybody sees, of reposts none."""
        asked = list(dict.fromkeys(one for one in remote_ids if one.isdecimal()))
        figures: dict[str, Mapping[str, int]] = {}
        for start in range(0, len(asked), _PAGE):
            page = asked[start : start + _PAGE]
            figures |= _figures(access, page, _ALL)
            rest = [one for one in page if one not in figures]
            figures |= _figures(access, rest, _PUBLIC) if rest else {}
        return figures

    def limits(self, access: AccountAccess) -> Mapping[str, int]:
        """Ask X whether the account pays for long posts."""
        said = str(_me(access, "subscription_type").get("subscription_type", ""))
        return {"max_length": _LONG if said.casefold() in _MAY_BE_LONG else MAX_WEIGHTED_LENGTH}

    def rules_within(self, limits: Mapping[str, int]) -> NetworkRules:
        """Return the rules, with long posts for an account that may write them."""
        return replace(self.rules, max_length=_LONG) if limits.get("max_length") == _LONG else self.rules

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:
        """Return the limits, with longer films for an account that pays."""
        paid = limits.get("max_length") == _LONG
        return replace(_VIDEOS, longest_ms=_MINUTES_PAID * 60_000) if paid else _VIDEOS

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return whose the keys are; raise RefusedError when they open nothing."""
        found = _me(access)
        return Opened(access.secrets, None, str(found["id"]), str(found["username"]))

    def _echo_api(self, access: AccountAccess) -> Api:
        return _api(access)

    def _text_of(self, post: Mapping[str, Any]) -> str:
        return _full_text(post)

    def _address_of(self, handle: str, remote_id: str) -> str:
        return _address(handle, remote_id)


class _Media:
    """Uploads of API v2, which tweepy does not offer. A media id lives 24 hours."""

    def __init__(self, access: AccountAccess) -> None:
        self._ask = partial(_api(access).ask, HoldReason.MATERIAL)

    def upload(self, image: Image) -> tuple[str, datetime]:
        """Upload one picture."""
        files = {"media": ("media", image.read(), image.media_type)}
        form = {"media_category": "tweet_image"}
        return uploaded_said(self._ask("POST", "/2/media/upload", form=form, files=files))

    def describe(self, media_id: str, alt_text: str) -> None:
        """Give a picture or a video its alternative text."""
        body = {"id": media_id, "metadata": {"alt_text": {"text": alt_text}}}
        self._ask("POST", "/2/media/metadata", json=body)

    def begin(self, video: Video) -> tuple[str, datetime]:
        """Begin to upload a video."""
        asked = {"media_category": "tweet_video", "media_type": video.media_type, "total_bytes": video.size}
        return uploaded_said(self._ask("POST", "/2/media/upload/initialize", json=asked))

    def append(self, media_id: str, number: int, segment: bytes) -> None:
        """Upload one segment of a video."""
        files = {"media": ("media", segment, "application/octet-stream")}
        form = {"segment_index": str(number)}
        self._ask("POST", f"/2/media/upload/{media_id}/append", form=form, files=files)

    def finish(self, media_id: str) -> Progress:
        """Say that all of a video is there."""
        return progress_said(self._ask("POST", f"/2/media/upload/{media_id}/finalize"))

    def look(self, media_id: str) -> Progress:
        """Ask how far X has come with a video."""
        params = {"media_id": media_id, "command": "STATUS"}
        return progress_said(self._ask("GET", "/2/media/upload", params=params))


def _api(access: AccountAccess, may_send: Callable[[], bool] = lambda: True) -> Api:
    return Api(access.base_url or _HOST, _DIALECT, partial(_sign, access.secrets), may_send)


def _sign(secrets: Mapping[str, str], call: Call) -> Call:
    """Return the call with the keys of OAuth 1.0a, or with the token of OAuth 2."""
    if "consumer_key" in secrets:
        keys = [secrets.get(each.name, "") for each in X.credential_fields]
        return replace(call, auth=_tweepy().OAuth1UserHandler(*keys).apply_auth())
    return replace(call, headers={"Authorization": f"Bearer {secrets.get('access_token', '')}"})


@cache
def _tweepy() -> Any:  # noqa: ANN401 -- tweepy ships no types
    """Return tweepy, imported only when X is used."""
    # They log the Authorization header.
    for name in ("oauthlib", "requests_oauthlib", "tweepy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return import_module("tweepy")


@cache
def _client_class() -> type:
    class Client(_tweepy().Client):  # type: ignore[misc] # tweepy ships no types
        """tweepy's client over our calls."""

        def __init__(self, api: Api) -> None:
            super().__init__()
            self._api = api
            self.last_request_id = ""

        def request(self, method: str, route: str, **asked: Any) -> Reply:  # noqa: ANN401 -- tweepy's interface
            """Make one call, always the user's, and raise what its answer means for a post."""
            reply = self._api.send(method, route, params=asked["params"] or None, json=asked["json"])
            self.last_request_id = reply.headers.get(_DIALECT.request_id, "")
            return reply

    return Client


def _me(access: AccountAccess, *fields: str) -> Mapping[str, Any]:
    """Return whose account it is, with these fields."""
    params = {"user.fields": ",".join(["id", "username", *fields])}
    said = _api(access).ask(HoldReason.ACCESS, "GET", "/2/users/me", params=params)
    found: Mapping[str, Any] = said.get("data") or {}
    if not found.get("id"):
        raise UnavailableError(Answer(raw="no account was named"))
    return found


def _user_id(access: AccountAccess) -> str:
    """Return the account's id: a token of OAuth 1.0a begins with it, otherwise X is asked."""
    begins, dash, _ = access.secrets.get("access_token", "").partition("-")
    known = access.remote_id or (begins if dash and "consumer_key" in access.secrets else "")
    return known or str(_me(access)["id"])


def _timeline(access: AccountAccess, since: datetime, **more: str) -> Iterator[Mapping[str, Any]]:
    """Yield the account's own posts since then, the newest first."""
    # Ids above it are told, not itself.
    params = {"since_id": str(floor_of(since) - 1), "max_results": str(_PAGE), "post.fields": _FIELDS, **more}
    return _api(access).pages(f"/2/users/{_user_id(access)}/tweets", params, _MOST_PAGES)


def _figures(access: AccountAccess, remote_ids: Sequence[str], fields: str) -> dict[str, Mapping[str, int]]:
    """Return the figures of these posts; those that X does not give with these fields have none."""
    params = {"ids": ",".join(remote_ids), "post.fields": fields}
    try:
        page = _api(access).ask(None, "GET", "/2/tweets", params=params)
    except RefusedError as error:
        if fields == _PUBLIC or error.hold is not None:
            raise
        return {}
    return {str(post["id"]): _named(post, fields.split(",")) for post in page.get("data", ())}


def _named(post: Mapping[str, Any], kinds: Sequence[str]) -> Mapping[str, int]:
    """Return a post's figures by our names; the public ones prevail, since organic ones count only some."""
    found = [(name, value) for kind in reversed(kinds) for name, value in (post.get(kind) or {}).items()]
    return {_FIGURES[name]: value for name, value in found if name in _FIGURES and isinstance(value, int)}


def _target(outgoing: Outgoing) -> RemotePost:
    found = X().read_link(outgoing.target)
    if found is None:
        raise TargetMissingError(Answer(raw="the target is no link to a post of X"))
    return found


def _repost(api: Api, access: AccountAccess, target: RemotePost) -> Receipt:
    reply = api.send("POST", f"/2/users/{_user_id(access)}/retweets", json={"tweet_id": target.remote_id})
    if not ((object_of(reply) or {}).get("data") or {}).get("retweeted"):
        raise DoubtError(reply.answer(_DIALECT.request_id))
    return replace(_repost_receipt(target, None), request_id=reply.headers.get(_DIALECT.request_id, ""))


def _reposts(post: Mapping[str, Any], target: RemotePost) -> bool:
    named = post.get("referenced_posts") or post.get("referenced_tweets") or ()
    return any((one.get("type"), one.get("id")) == ("retweeted", target.remote_id) for one in named)


def _repost_receipt(target: RemotePost, published_at: datetime | None) -> Receipt:
    # An account reposts a post once, and X's answer names no id of the repost: this one names it as well.
    return Receipt(f"repost:{target.remote_id}", target.url, published_at)


def _receipt(access: AccountAccess, remote_id: str, request_id: str = "") -> Receipt:
    return Receipt(remote_id, _address(access.handle, remote_id), moment_of(remote_id), request_id)


def _address(handle: str, remote_id: str) -> str:
    return f"https://x.com/{handle.removeprefix('@')}/status/{remote_id}"


def _in_its_place(post: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """Return whether a post stands where the part would: in its thread, or at the beginning of its own."""
    begins = outgoing.before[0].remote_id if outgoing.before else post["id"]
    return bool(post.get("conversation_id", begins) == begins)


def _full_text(post: Mapping[str, Any]) -> str:
    """Return what a post says, with the links that were written and without those of its own pictures."""
    long = post.get("note_post") or post.get("note_tweet") or {}
    said = long if long.get("text") else post
    text: str = said["text"]
    for link in said.get("entities", {}).get("urls", ()):
        written = link.get("expanded_url") or link["url"]
        text = text.replace(link["url"], "" if _OWN_MEDIA.fullmatch(written) else written)
    return html.unescape(text)


NETWORK: Network = X()
