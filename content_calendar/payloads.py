"""Payloads: what goes out to one account, frozen as bytes when it is scheduled. Pure.

The bytes are canonical JSON, so that one payload has one hash; ``thaw`` refuses what ``freeze`` did not make.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import orjson

from content_calendar.content import PostKind
from content_calendar.errors import ResuenaError

_FORM = 1


class PayloadDamagedError(ResuenaError):
    """The frozen bytes are not those that were frozen."""

    code: ClassVar[str] = "payload_damaged"


@dataclass(frozen=True)
class PayloadImage:
    """A picture that goes out: which material, which version, the hash of its bytes, its alternative text."""

    asset_ref: str
    version: int
    sha256: str
    media_type: str
    alt_text: str


@dataclass(frozen=True)
class PayloadVideo:
    """A video that goes out, as ``PayloadImage`` says of a picture."""

    asset_ref: str
    version: int
    sha256: str
    media_type: str
    alt_text: str


@dataclass(frozen=True)
class PayloadPart:
    """One remote post: with pictures, or with one video."""

    text: str
    language: str
    images: tuple[PayloadImage, ...] = ()
    video: PayloadVideo | None = None


@dataclass(frozen=True)
class Payload:
    """All that goes out to one account; a thread has several parts, everything else one.

    ``target`` is the link of the post that is reposted or quoted.
    """

    parts: tuple[PayloadPart, ...]
    kind: PostKind = PostKind.POST
    target: str = ""


def freeze(payload: Payload) -> bytes:
    """Return the payload as bytes: always the same ones for the same payload."""
    return orjson.dumps({"form": _FORM, **asdict(payload)}, option=orjson.OPT_SORT_KEYS)


def digest(frozen: bytes) -> str:
    """Return the SHA-256 of frozen bytes, in hexadecimal."""
    return hashlib.sha256(frozen).hexdigest()


def thaw(frozen: bytes, expected_sha256: str) -> Payload:
    """Return the payload that was frozen; raise PayloadDamagedError when it is not that one."""
    if digest(frozen) != expected_sha256:
        raise PayloadDamagedError(expected=expected_sha256)
    try:
        said = orjson.loads(frozen)
        if said["form"] != _FORM:
            raise PayloadDamagedError(expected=expected_sha256)
        return Payload(
            tuple(_part(part) for part in said["parts"]),
            PostKind(said.get("kind", "post")),
            said.get("target", ""),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise PayloadDamagedError(expected=expected_sha256) from error


def _part(said: Mapping[str, Any]) -> PayloadPart:
    text, language = said["text"], said["language"]
    images = tuple(PayloadImage(**image) for image in said["images"])
    video = said.get("video")
    return PayloadPart(text, language, images, PayloadVideo(**video) if video else None)
