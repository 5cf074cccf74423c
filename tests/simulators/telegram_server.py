"""Telegram's Bot API as far as Resuena uses it, simulated: not verified against Telegram itself.

It behaves as https://core.telegram.org/bots/api says: every method by POST under ``/bot<token>/``, its fields as JSON
or as a form (#making-requests), an answer of ``ok`` with ``result`` or with ``error_code`` and ``description``, a wait
in ``parameters.retry_after`` (#responseparameters), 4,096 and 1,024 characters of text and caption (#sendmessage,
#sendphoto), albums of 2 to 10 (#sendmediagroup), 10 and 50 MB (#sending-files), membership with
``can_post_messages`` (#chatmemberadministrator). Nothing reads a channel, because nothing there does. The words of
refusals are those of its open server (https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp).
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from content_calendar import clock
from tests.simulators.api_server import Asked, Server, Told, serving
from tests.simulators.counterpart import Fault

TEXT, CAPTION, PHOTO, FILE = 4096, 1024, 10 << 20, 50 << 20
SENDS = frozenset({"sendMessage", "sendPhoto", "sendVideo", "sendMediaGroup"})
RETRY_AFTER = 3


def error(status: int, description: str, **parameters: int) -> Told:
    """A refusal in Telegram's words."""
    said = {"ok": False, "error_code": status, "description": description}
    return Told(status, {**said, "parameters": parameters} if parameters else said)


UNAUTHORIZED = error(401, "Unauthorized")


@dataclass
class Channel:
    """A chat with its bot, and what came out in it."""

    number: int
    username: str
    token: str
    kind: str = "channel"
    status: str = "administrator"
    can_post: bool = True
    members: int = 812
    messages: list[dict[str, Any]] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))


@dataclass
class Telegram:
    """Its channels, each with a bot of its own."""

    channels: list[Channel] = field(default_factory=list)

    def channel(self, username: str) -> Channel:
        """A new channel whose bot may post in it."""
        n = len(self.channels) + 1
        made = Channel(-1_001_000_000_000 - n, username, f"{7_000_000_000 + n}:AA{'x' * 32}{n}")
        self.channels.append(made)
        return made

    def publishes(self, asked: Asked) -> bool:
        return asked.path.rpartition("/")[2] in SENDS

    def refusal(self, fault: Fault) -> Told:
        return {
            Fault.BUSY: error(429, f"Too Many Requests: retry after {RETRY_AFTER}", retry_after=RETRY_AFTER),
            Fault.REVOKED: UNAUTHORIZED,
        }.get(fault, error(500, "Internal Server Error"))

    def answer(self, asked: Asked) -> Told:
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", asked.path)
        if found is None or ":" not in found[1]:
            return error(404, "Not Found")
        own = next((one for one in self.channels if one.token == found[1]), None)
        if own is None:
            return UNAUTHORIZED
        if found[2] == "getMe":
            return told({"id": int(own.token.partition(":")[0]), "is_bot": True, "username": "resuena_bot"})
        fields, files = _fields(asked)
        chat = self._chat(str(fields.get("chat_id", "")))
        if chat is None:
            return error(400, "Bad Request: chat not found")
        act = ACTS.get(found[2])
        return (
            act(Order(chat, fields, files, is_own=chat is own))
            if act
            else error(404, "Not Found: method not found")
        )

    def _chat(self, said: str) -> Channel | None:
        return next(
            (
                one
                for one in self.channels
                if said == str(one.number) or said.casefold() == f"@{one.username}".casefold()
            ),
            None,
        )


def told(result: object) -> Told:
    """An answer with a result."""
    return Told(200, {"ok": True, "result": result})


def _fields(asked: Asked) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The fields, those that are objects read as JSON, and the files."""
    if asked.headers.get("Content-Type", "").startswith("application/json"):
        return asked.json(), {}
    parts = asked.parts()
    files = {name: parts.pop(name) for name in list(parts) if name in {"photo", "video"} or "picture" in name}
    fields: dict[str, Any] = {name: value.decode() for name, value in parts.items()}
    for name in {"media", "reply_parameters"} & fields.keys():
        fields[name] = json.loads(fields[name])
    return fields, files


@dataclass(frozen=True)
class Order:
    """What a bot asks of a chat; ``is_own``: the chat is the one where it was given its place."""

    chat: Channel
    fields: Mapping[str, Any]
    files: Mapping[str, bytes]
    is_own: bool

    def kept(self, **more: object) -> dict[str, Any]:
        """A new message of the chat."""
        made = {
            "message_id": next(self.chat.ids),
            "date": int(clock.now().timestamp()),
            "chat": _told_of(self.chat),
            **more,
        }
        if answered := self.fields.get("reply_parameters"):
            made["reply_to_message"] = {"message_id": answered["message_id"]}
        self.chat.messages.append(made)
        return made


def _told_of(chat: Channel) -> dict[str, Any]:
    return {"id": chat.number, "type": chat.kind, "username": chat.username, "title": "Canal"}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _wrong(order: Order) -> Told | None:
    chat, fields = order.chat, order.fields
    if not order.is_own or chat.status not in {"administrator", "member"}:
        return error(403, "Forbidden: bot is not a member of the channel chat")
    if chat.status != "administrator" or not chat.can_post:
        return error(400, "Bad Request: need administrator rights in the channel chat")
    caption = fields.get("caption", "") or (fields.get("media") or [{}])[0].get("caption", "")
    if _units(caption) > CAPTION:
        return error(400, "Bad Request: message caption is too long")
    if any(len(content) > (FILE if name == "video" else PHOTO) for name, content in order.files.items()):
        return error(413, "Request Entity Too Large")
    answered = (fields.get("reply_parameters") or {}).get("message_id")
    if answered is not None and all(one["message_id"] != answered for one in chat.messages):
        return error(400, "Bad Request: message to be replied not found")
    return None


def _send_message(order: Order) -> Told:
    text = str(order.fields.get("text", "")).strip()
    if wrong := _wrong(order):
        return wrong
    if not text:
        return error(400, "Bad Request: message text is empty")
    if _units(text) > TEXT:
        return error(400, "Bad Request: message is too long")
    return told(order.kept(text=text))


def _send_file(name: str) -> "Act":
    def act(order: Order) -> Told:
        if wrong := _wrong(order):
            return wrong
        if name not in order.files:
            return error(400, f"Bad Request: there is no {name} in the request")
        return told(order.kept(caption=order.fields.get("caption", ""), **{name: len(order.files[name])}))

    return act


def _send_album(order: Order) -> Told:
    if wrong := _wrong(order):
        return wrong
    media = order.fields.get("media", [])
    if not 2 <= len(media) <= 10:
        return error(400, "Bad Request: wrong number of media in the album")
    if any(one["media"].removeprefix("attach://") not in order.files for one in media):
        return error(400, "Bad Request: can't parse media: file is not found")
    album = f"{order.chat.number}{len(order.chat.messages)}"
    return told([order.kept(caption=one.get("caption", ""), media_group_id=album) for one in media])


def _get_chat(order: Order) -> Told:
    return told(_told_of(order.chat))


def _get_member(order: Order) -> Told:
    status = order.chat.status if order.is_own else "left"
    said: dict[str, Any] = {"status": status, "user": {"id": 1, "is_bot": True}}
    return told({**said, "can_post_messages": order.chat.can_post} if status == "administrator" else said)


def _count(order: Order) -> Told:
    return (
        told(order.chat.members) if order.is_own else error(400, "Bad Request: member list is inaccessible")
    )


Act = Callable[[Order], Told]
ACTS: Mapping[str, Act] = {
    "sendMessage": _send_message,
    "sendPhoto": _send_file("photo"),
    "sendVideo": _send_file("video"),
    "sendMediaGroup": _send_album,
    "getChat": _get_chat,
    "getChatMember": _get_member,
    "getChatMemberCount": _count,
}


@contextmanager
def running() -> Iterator[tuple[Server, Telegram]]:
    """Run a simulated Telegram without channels."""
    simulated = Telegram()
    with serving(simulated) as server:
        yield server, simulated
