"""Telegram channels, through the Bot API (https://core.telegram.org/bots/api): a bot that may post there.

Nothing protects a message from going out twice: the MTProto protocol has a ``random_id`` and the Bot API does not pass
it on (https://github.com/tdlib/telegram-bot-api/issues/482), and a bot cannot read what a channel published. So a
doubt waits for a person, who finds the channel's public preview beside it.

What it takes is asked for without a ``parse_mode``, so that an underscore or an asterisk stays what it is; Telegram
itself finds links, mentions and tags. There is no field for alternative text: nothing is appended in its place, since
nobody approved that, and the composer says so. Reposts are left out: ``forwardMessage`` takes only what the bot itself
can see, and a bot of ours is in no channel of others. Nor are there readings, since the Bot API tells no views.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import SEEK_END, BytesIO
from secrets import token_hex
from typing import Any, ClassVar

import orjson
import regex

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import Look, NetworkRules
from content_calendar.states import HoldReason
from scheduler.dialects.multipart import FormWithFile
from scheduler.dialects.replies import count_in
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    DoubtError,
    Image,
    MayNotPublishError,
    Network,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    UnavailableError,
    Verified,
    Video,
)
from scheduler.powers import Opened, PictureLimits, RemotePost, VideoLimits
from scheduler.wire import Call, Reply, carry_out

_HOST = "https://api.telegram.org"
_TEXT, _CAPTION, _IMAGES = 4096, 1024, 10
_MEGABYTE = 1 << 20
# A call that carries a file is over within this many seconds, so that no person is asked while it still goes up.
_LONGEST_UPLOAD = 200
_FARTHEST_RESET = timedelta(hours=24)
_TOKEN = regex.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,80}")
_HANDLE = r"[A-Za-z][A-Za-z0-9_]{3,31}"
_LINK = regex.compile(
    rf"https?://(?:www\.)?(?:t|telegram)\.me/(?:s/)?(?P<handle>{_HANDLE})/(?P<id>\d{{1,15}})(?:[/?#].*)?",
    regex.IGNORECASE,
)
_ELSEWHERE = frozenset({"joinchat", "share", "addstickers", "proxy", "socks"})
_LOOK = Look(paper="#fff #17212b", ink="#0f1a24 #f0f4f7", quiet="#4d5f6e #a3b5c4", line="#d8e3eb #2b3a47",
             accent="#0b6596 #6cc0f2", corners="14px")  # fmt: skip


def utf16_units(text: str) -> int:
    """Return the length as Telegram counts positions in a text, in UTF-16 code units: an emoji is two or more."""
    return len(text.encode("utf-16-le")) // 2


class Telegram:
    """Takes no key and lets nobody read: a person decides on a doubt."""

    slug: ClassVar[str] = "telegram"
    name: ClassVar[str] = "Telegram"
    protection: ClassVar[Protection] = Protection.BLIND
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    # The channel is the account itself, by its handle; once connected, by its number, which outlives a new name.
    credential_fields: ClassVar[Sequence[CredentialField]] = (CredentialField("bot_token"),)
    beforehand: ClassVar[str] = "beforehand_bot"
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="telegram",
        max_length=_TEXT,
        measure=utf16_units,
        unit="UTF-16 units",
        max_images=_IMAGES, max_length_with_media=_CAPTION, shows_alt=False, look=_LOOK,
        source="https://core.telegram.org/bots/api#sendmessage",
    )  # fmt: skip
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST, PostKind.THREAD})
    takes_video: ClassVar[bool] = True
    # One message a second to a chat, twenty a minute to a group (https://core.telegram.org/bots/faq, "My bot is
    # hitting limits"). Each picture of an album is a message: too many end in a 429, which is waited for.
    pace: ClassVar[Pace] = Pace(timedelta(seconds=1), most=20, within=timedelta(minutes=1))
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    # The upload is part of the call that publishes: what it may last, and then as long as anywhere.
    flight: ClassVar[timedelta] = timedelta(seconds=_LONGEST_UPLOAD + 100)
    read_lag: ClassVar[timedelta] = timedelta(seconds=60)
    follower_mills: ClassVar[int] = 0
    followers_source: ClassVar[str] = "https://core.telegram.org/bots/api#authorizing-your-bot"

    def new_key(self) -> str:
        """Return a random key: the Bot API takes none, so it is only ours."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        """Return no: there is no upload apart from the message that shows it."""
        return False

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:  # noqa: ARG002 -- the contract
        """Do nothing; see ``needs_preparing``."""
        return outgoing.prepared

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Send the message, or its album, as an answer to the part before; an album is known by its first picture."""
        bot, chat = _Bot(access, outgoing.may_send), _chat(access)
        fields: dict[str, object] = {"chat_id": chat}
        if outgoing.before:
            fields["reply_parameters"] = {"message_id": int(outgoing.before[-1].remote_id)}
        if outgoing.video:
            said = bot.send_file("sendVideo", "video", outgoing.video, {**fields, **_caption(outgoing)})
        elif len(outgoing.images) > 1:
            said = bot.send_album(outgoing.images, fields, outgoing.text)
        elif outgoing.images:
            said = bot.send_file("sendPhoto", "photo", outgoing.images[0], {**fields, **_caption(outgoing)})
        else:
            said = bot.send("sendMessage", {**fields, "text": outgoing.text})
        return _receipt(access, said)

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:  # noqa: ARG002 -- the contract
        """Raise RefusedError: a bot reads nothing of a channel."""
        raise RefusedError(Answer(raw="a bot cannot read a channel"), hold=HoldReason.UNCONFIRMED)

    def public_page(self, handle: str) -> str:
        """Return the preview of a public channel, which opens without Telegram."""
        return f"https://t.me/s/{handle.removeprefix('@')}"

    def read_link(self, url: str) -> RemotePost | None:
        """Return the message that a link ``https://t.me/channel/123`` leads to; it tells no moment."""
        found = _LINK.fullmatch(url.strip())
        if found is None or found["handle"].casefold() in _ELSEWHERE:
            return None
        remote_id, handle = found["id"], found["handle"]
        permalink = _address(handle.casefold(), remote_id)
        return RemotePost(remote_id, handle, _address(handle, remote_id), None, permalink)

    def picture_limits(self, limits: Mapping[str, int]) -> PictureLimits:  # noqa: ARG002 -- the contract
        """Return what sendPhoto takes; its 10,000 pixels of width and height together no picture of ours has."""
        return PictureLimits(most_bytes=10 * _MEGABYTE, narrowest=(1, 20), widest=(20, 1))

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:  # noqa: ARG002 -- the contract
        """Return what a bot may upload (https://core.telegram.org/bots/api#sendvideo)."""
        return VideoLimits(50 * _MEGABYTE)

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return the channel, if the bot may post in it; raise RefusedError or MayNotPublishError when not."""
        bot = _Bot(access)
        me = bot.ask("getMe", {})
        chat = bot.ask("getChat", {"chat_id": _chat(access)})
        if chat.get("type") != "channel" or not chat.get("username"):
            raise MayNotPublishError(Answer(raw=f"a public channel is needed, this is a {chat.get('type')}"))
        member = bot.ask("getChatMember", {"chat_id": str(chat["id"]), "user_id": me["id"]})
        if member.get("status") != "administrator" or member.get("can_post_messages") is not True:
            raise MayNotPublishError(Answer(raw=f"the bot is {member.get('status')} and may not post"))
        return Opened(access.secrets, None, str(chat["id"]), str(chat["username"]))

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many are in the channel."""
        said = _Bot(access).call("getChatMemberCount", {"chat_id": _chat(access)})
        return count_in({"members": said}, "members")


class _Bot:
    """The calls of one bot. Its token stands in the address, and in nothing that is raised or kept."""

    def __init__(self, access: AccountAccess, may_send: Callable[[], bool] = lambda: True) -> None:
        self._token = access.secrets.get("bot_token", "").strip()
        if not _TOKEN.fullmatch(self._token):
            raise RefusedError(Answer(raw="this is no bot's token"), hold=HoldReason.ACCESS)
        self._base = f"{access.base_url or _HOST}/bot{self._token}"
        self._may_send = may_send

    def send(self, method: str, fields: Mapping[str, object]) -> Mapping[str, Any]:
        """Send a message; return it as Telegram tells it."""
        return _message(*self._carry_out(method, json=fields))

    def send_file(
        self, method: str, name: str, medium: Image | Video, fields: Mapping[str, object]
    ) -> Mapping[str, Any]:
        """Send a message with one picture or video, which is read in pieces."""
        if isinstance(medium, Video):
            fields = {**fields, "supports_streaming": "true"}
        with medium.open() if isinstance(medium, Video) else BytesIO(medium.read()) as file:
            size = file.seek(0, SEEK_END)
            file.seek(0)
            form = FormWithFile(_as_form(fields), name, file, size, medium.media_type)
            return _message(*self._carry_out(method, body=form, slowest=_slowest(size)))

    def send_album(
        self, images: Sequence[Image], fields: Mapping[str, object], text: str
    ) -> Mapping[str, Any]:
        """Send two to ten pictures as one album, the text with the first; return the first message."""
        files = {
            f"picture{n}": (f"picture{n}", image.read(), image.media_type) for n, image in enumerate(images)
        }
        media: list[dict[str, str]] = [{"type": "photo", "media": f"attach://{name}"} for name in files]
        media[0]["caption"] = text
        size = sum(len(content) for _, content, _ in files.values())
        form = _as_form({**fields, "media": media})
        said, reply = self._carry_out("sendMediaGroup", form=form, files=files, slowest=_slowest(size))
        if not isinstance(said, list) or not said:
            raise DoubtError(reply.answer())
        return _message(said[0], reply)

    def ask(self, method: str, fields: Mapping[str, object]) -> Mapping[str, Any]:
        """Return the object that a question is answered by; nothing is published, so nothing is in doubt."""
        said = self.call(method, fields)
        if not isinstance(said, dict):
            raise UnavailableError(Answer(raw=f"{method} was not answered by an object"))
        return said

    def call(self, method: str, fields: Mapping[str, object]) -> Any:  # noqa: ANN401 -- any JSON value
        """Return what a question is answered by."""
        try:
            return self._carry_out(method, json=fields)[0]
        except DoubtError as error:
            raise UnavailableError(error.answer) from None

    def _carry_out(self, method: str, **asked: Any) -> tuple[Any, Reply]:  # noqa: ANN401 -- fields of Call
        call = Call("POST", f"{self._base}/{method}", hidden=self._token, **asked)
        reply = carry_out(call, self._may_send)
        return _judged(reply), reply


def _judged(reply: Reply) -> Any:  # noqa: ANN401 -- any JSON value
    """Return the result, or raise what its lack means (https://core.telegram.org/bots/api#making-requests)."""
    try:
        said = reply.json()
    except ValueError:
        said = None
    answer = reply.answer()
    if not isinstance(said, dict) or type(said.get("ok")) is not bool or reply.status >= 500:  # noqa: PLR2004 -- HTTP
        raise DoubtError(answer, status=reply.status)
    if said["ok"]:
        return said.get("result")
    if not reply.status >= 400 or reply.status == 408 or _in_part(str(said.get("description", ""))):  # noqa: PLR2004 -- HTTP
        raise DoubtError(answer, status=reply.status)
    if reply.status == 429:  # noqa: PLR2004 -- too many requests
        after = count_in(said.get("parameters") or {}, "retry_after")
        retry_at = (
            None
            if after is None
            else clock.now() + min(timedelta(seconds=min(after, 10**6)), _FARTHEST_RESET)
        )
        raise UnavailableError(answer, retry_at=retry_at, status=reply.status)
    raise _refusal(reply.status, str(said.get("description", "")).casefold(), answer)


def _in_part(said: str) -> bool:
    """Return whether some of an album may be out: it is refused by the message that failed, after others went."""
    return "failed to send message #" in said.casefold() or "group send failed" in said.casefold()


def _refusal(status: int, said: str, answer: Answer) -> RefusedError:
    """Return what a refusal means: 401 and 404 of the token, 403 of the bot's place, 400 of all else."""
    if status == 403 or "administrator rights" in said or "not enough rights" in said:  # noqa: PLR2004 -- forbidden
        return MayNotPublishError(answer, status=status)
    if status in {401, 404} or "chat not found" in said:
        return RefusedError(answer, hold=HoldReason.ACCESS, status=status)
    if status == 413 or any(word in said for word in ("photo", "video", "image", "file", "media")):  # noqa: PLR2004 -- too large
        return RefusedError(answer, hold=HoldReason.MATERIAL, status=status)
    return RefusedError(answer, hold=HoldReason.CONTENT, status=status)


def _message(said: Any, reply: Reply) -> Mapping[str, Any]:  # noqa: ANN401 -- any JSON value
    if not isinstance(said, dict) or type(said.get("message_id")) is not int:
        raise DoubtError(reply.answer())
    return said


def _caption(outgoing: Outgoing) -> Mapping[str, object]:
    return {"caption": outgoing.text}


def _as_form(fields: Mapping[str, object]) -> dict[str, str]:
    """Return fields as a form has them: what is no text as JSON."""
    return {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in fields.items()
    }


def _slowest(size: int) -> int:
    return max(size // _LONGEST_UPLOAD, 64 * 1024)


def _chat(access: AccountAccess) -> str:
    return access.remote_id or f"@{access.handle.removeprefix('@')}"


def _receipt(access: AccountAccess, said: Mapping[str, Any]) -> Receipt:
    remote_id = str(said["message_id"])
    told = count_in(said, "date")
    at = datetime.fromtimestamp(told, UTC) if told and told < 1 << 40 else None
    handle = str((said.get("chat") or {}).get("username") or access.handle).removeprefix("@")
    return Receipt(remote_id, _address(handle, remote_id), at)


def _address(handle: str, remote_id: str) -> str:
    return f"https://t.me/{handle}/{remote_id}"


NETWORK: Network = Telegram()
