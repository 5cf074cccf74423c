"""X, through its API v2 with tweepy and OAuth 1.0a user tokens (they do not expire).

tweepy sets no time-out, follows redirects by posting again and lets through what ``requests`` raises; so its
client's ``request`` is replaced by one call over ``scheduler.wire``, and nothing else of it is. Answers are
told apart as the OpenAPI document 2.167 and the observed bodies allow: a duplicate only by its ``detail``,
a usage cap only by its ``type``.
"""

import html
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from secrets import token_hex
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import NetworkRules
from content_calendar.states import HoldReason
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    DoubtError,
    DuplicateError,
    Network,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    UnavailableError,
    Verified,
)
from scheduler.powers import RemotePost
from scheduler.weighted_text import weighted_length
from scheduler.wire import Call, Reply, carry_out

_HOST = "https://api.x.com"
_REQUEST_ID = "x-transaction-id"
# Snowflake ids hold the milliseconds since this moment in all but their last 22 bits.
_SNOWFLAKE_EPOCH_MS = 1288834974657
_SNOWFLAKE_BITS = 22
_PAGE, _MOST_PAGES = 100, 5
_FIELDS = "created_at,entities,note_post"
# An uploaded picture lives 24 h; one that is about to end is uploaded again.
_MEDIA_MARGIN = timedelta(hours=1)
_MEDIA_LIFE_S = 86_400
_LINK = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<handle>\w{1,15})/status(?:es)?/(?P<id>\d{1,19})(?:[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_OWN_MEDIA = re.compile(r"https?://(?:x|twitter)\.com/\w+/status/\d+/(?:photo|video)/\d+", re.ASCII)


class X:
    """Refuses equal texts, and its accounts can be read: a doubt is settled by looking."""

    slug: ClassVar[str] = "x"
    name: ClassVar[str] = "X"
    protection: ClassVar[Protection] = Protection.REFUSES_EQUAL
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("consumer_key"),
        CredentialField("consumer_secret"),
        CredentialField("access_token"),
        CredentialField("access_token_secret"),
    )
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="x",
        max_length=280,
        measure=weighted_length,
        unit="weighted",
        max_images=4,
        max_alt_length=1000,
        link_length=23,
        source="https://docs.x.com/resources/fundamentals/counting-characters",
    )
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST})
    takes_video: ClassVar[bool] = False
    pace: ClassVar[Pace] = Pace()
    identical_window: ClassVar[timedelta] = timedelta(hours=24)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    read_lag: ClassVar[timedelta] = timedelta(seconds=60)

    def new_key(self) -> str:
        """Return a random key: X takes none, so it is only ours."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        """Return whether there are pictures to upload."""
        return bool(outgoing.images)

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Upload the pictures with their alternative texts; return their media ids and until when they live.

        What an earlier try uploaded is used again.
        """
        if not outgoing.images:
            return {}
        of = ",".join(image.sha256 for image in outgoing.images)
        earlier = outgoing.prepared
        if earlier.get("of") == of and datetime.fromisoformat(earlier["until"]) > clock.now() + _MEDIA_MARGIN:
            return earlier
        api = _Api(access)
        ids, lives = [], []
        for image in outgoing.images:
            uploaded = api.upload(image.read(), image.media_type)
            ids.append(str(uploaded["id"]))
            lives.append(int(uploaded.get("expires_after_secs", _MEDIA_LIFE_S)))
            if image.alt_text:
                api.describe(ids[-1], image.alt_text)
        until = clock.now() + timedelta(seconds=min(lives))
        return {"media_ids": ",".join(ids), "of": of, "until": until.isoformat()}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Create the post; its moment is read from its id."""
        media_ids = [each for each in outgoing.prepared.get("media_ids", "").split(",") if each]
        client = _client(access, outgoing.may_send)
        created = client.create_tweet(text=outgoing.text, media_ids=media_ids or None, user_auth=True).data
        return _receipt(access, str(created["id"]), client.last_request_id)

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        """Return the account's own posts since then that say the same, links expanded."""
        wanted = _plain(outgoing.text)
        return [
            _receipt(access, str(post["id"]))
            for post in _Api(access).timeline(since)
            if _plain(_full_text(post)) == wanted
        ]

    def compose_link(self, text: str) -> str:
        """Return the address of X's composer with the text in it."""
        return f"https://x.com/intent/post?text={quote(text, safe='')}"

    def read_link(self, url: str) -> RemotePost | None:
        """Return the post that a link of x.com or twitter.com leads to."""
        found = _LINK.fullmatch(url.strip())
        if found is None:
            return None
        remote_id, handle = found["id"], found["handle"]
        return RemotePost(remote_id, handle, _address(handle, remote_id), _moment_of(remote_id))


class _Api:
    """What tweepy does not offer: uploads of API v2, and reading whose failures are no doubts."""

    def __init__(self, access: AccountAccess) -> None:
        self._client = _client(access)
        self._user_id = access.remote_id or access.secrets.get("access_token", "").partition("-")[0]

    def upload(self, content: bytes, media_type: str) -> Mapping[str, Any]:
        """Upload one picture; return what X says of it."""
        form, files = {"media_category": "tweet_image"}, {"media": ("media", content, media_type)}
        return self._data("/2/media/upload", form=form, files=files)

    def describe(self, media_id: str, alt_text: str) -> None:
        """Give a picture its alternative text."""
        body = {"id": media_id, "metadata": {"alt_text": {"text": alt_text}}}
        self._data("/2/media/metadata", json=body)

    def timeline(self, since: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the account's own posts since then, the newest first."""
        params = {
            "since_id": str(_floor_id(since)),
            "max_results": str(_PAGE),
            "post.fields": _FIELDS,
        }
        for _ in range(_MOST_PAGES):
            page = self._ask(HoldReason.ACCESS, "GET", f"/2/users/{self._user_id}/tweets", params=params)
            yield from page.get("data", ())
            token = page.get("meta", {}).get("next_token")
            if not token:
                return
            params = {**params, "pagination_token": token}
        # What was not read proves nothing: this must not count as a look that found nothing.
        raise UnavailableError(Answer(raw="the timeline has more pages than are read"))

    def _data(self, route: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- fields of Call
        data: Mapping[str, Any] = self._ask(HoldReason.MATERIAL, "POST", route, **asked)["data"]
        return data

    def _ask(self, hold: HoldReason, method: str, route: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- fields of Call
        """Return the answer's body; what would be a doubt about a post is only a failure here."""
        answer = Answer()
        try:
            reply = self._client.exchange(method, route, **asked)
            answer = reply.answer(_REQUEST_ID)
            _judge(reply)
            body: Mapping[str, Any] = reply.json()
        except (DoubtError, DuplicateError) as error:
            raise UnavailableError(error.answer) from error
        except ValueError as error:
            raise UnavailableError(answer) from error
        except RefusedError as error:
            raise RefusedError(error.answer, hold=error.hold or hold) from error
        return body


def _client(access: AccountAccess, may_send: Callable[[], bool] = lambda: True) -> Any:  # noqa: ANN401 -- tweepy ships no types
    return _client_class()(access, may_send)


@cache
def _client_class() -> type:
    """Return the client class; tweepy is imported only when X is used."""
    import tweepy  # noqa: PLC0415 -- see above

    # They log the Authorization header.
    for name in ("oauthlib", "requests_oauthlib", "tweepy"):
        logging.getLogger(name).setLevel(logging.WARNING)

    class Client(tweepy.Client):  # type: ignore[misc] # tweepy ships no types
        """tweepy's client over our wire."""

        def __init__(self, access: AccountAccess, may_send: Callable[[], bool]) -> None:
            names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
            super().__init__(**{name: access.secrets.get(name, "") for name in names})
            self._host = access.base_url or _HOST
            self._may_send = may_send
            self.last_request_id = ""

        def request(
            self,
            method: str,
            route: str,
            params: Mapping[str, str] | None = None,
            json: object = None,
            user_auth: bool = False,  # noqa: ARG002, FBT001, FBT002 -- tweepy's interface; always the user's
        ) -> Reply:
            """Make one call, and raise what its answer means for a post."""
            reply = self.exchange(method, route, params=params or None, json=json)
            _judge(reply)
            return reply

        def exchange(self, method: str, route: str, **asked: Any) -> Reply:  # noqa: ANN401 -- fields of Call
            """Make one call; return the answer whatever it is."""
            call = Call(method, self._host + route, headers={"User-Agent": self.user_agent})
            signature = tweepy.OAuth1UserHandler(
                self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret
            ).apply_auth()
            reply = carry_out(replace(call, auth=signature, **asked), self._may_send)
            self.last_request_id = reply.headers.get(_REQUEST_ID, "")
            return reply

    return Client


def _judge(reply: Reply) -> None:
    """Raise what an answer without success means; one that is not X's own word is a doubt."""
    if 200 <= reply.status < 300:  # noqa: PLR2004 -- what HTTP calls success
        return
    answer = reply.answer(_REQUEST_ID)
    problem = _problem(reply)
    if problem is None or not 400 <= reply.status < 500 or reply.status == 408:  # noqa: PLR2004 -- HTTP again
        raise DoubtError(answer, status=reply.status)
    said = f"{problem.get('detail', '')} {problem.get('title', '')}".casefold()
    if reply.status == 429:  # noqa: PLR2004 -- too many requests
        if "usage-capped" in str(problem.get("type", "")) or "usagecap" in said.replace(" ", ""):
            raise RefusedError(answer, hold=HoldReason.BUDGET, status=reply.status)
        raise UnavailableError(answer, retry_at=_reset(reply), status=reply.status)
    if reply.status == 403 and "duplicate content" in said:  # noqa: PLR2004 -- forbidden
        raise DuplicateError(answer, status=reply.status)
    holds = {401: HoldReason.ACCESS, 402: HoldReason.BUDGET}
    raise RefusedError(answer, hold=holds.get(reply.status), status=reply.status)


def _problem(reply: Reply) -> Mapping[str, Any] | None:
    try:
        said = reply.json()
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _reset(reply: Reply) -> datetime | None:
    at = reply.headers.get("x-rate-limit-reset", "")
    return datetime.fromtimestamp(int(at), UTC) if at.isdecimal() else None


def _receipt(access: AccountAccess, remote_id: str, request_id: str = "") -> Receipt:
    return Receipt(remote_id, _address(access.handle, remote_id), _moment_of(remote_id), request_id)


def _address(handle: str, remote_id: str) -> str:
    return f"https://x.com/{handle.removeprefix('@')}/status/{remote_id}"


def _moment_of(remote_id: str) -> datetime | None:
    """Return when a post was made; ids from before snowflakes tell nothing."""
    shifted = int(remote_id) >> _SNOWFLAKE_BITS
    if not shifted:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=shifted + _SNOWFLAKE_EPOCH_MS)


def _floor_id(since: datetime) -> int:
    elapsed = (since - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1) - _SNOWFLAKE_EPOCH_MS
    return max(elapsed, 0) << _SNOWFLAKE_BITS


def _full_text(post: Mapping[str, Any]) -> str:
    """Return what a post says, with the links that were written and without those of its own pictures."""
    long = post.get("note_post") or post.get("note_tweet") or {}
    said = long if long.get("text") else post
    text: str = said["text"]
    for link in said.get("entities", {}).get("urls", ()):
        written = link.get("expanded_url") or link["url"]
        text = text.replace(link["url"], "" if _OWN_MEDIA.fullmatch(written) else written)
    return html.unescape(text)


def _plain(text: str) -> str:
    """Return a text as it is compared: NFC, links without scheme and last slash, spaces as one."""
    words = (_plain_word(word) for word in unicodedata.normalize("NFC", text).split())
    return " ".join(words)


def _plain_word(word: str) -> str:
    if not word.startswith(("http://", "https://")):
        return word
    try:
        parts = urlsplit(word)
    except ValueError:  # a word that only begins like a link, such as "http://["
        return word
    rest = word[len(parts.scheme) + len("://") + len(parts.netloc) :]
    return (parts.netloc.casefold() + rest).rstrip("/")


NETWORK: Network = X()
