"""What a post says, as one canonical value with one hash.

Pure. An approval is of a hash; the same hash is asked for again at the moment of sending. The moment
itself is not content: moving a post needs no new approval, and runs the gates again.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

FORMAT = 1


class PostKind(StrEnum):
    """What a post is on the network.

    thread: several parts, each an answer to the one before. repost: another's post, shared as it is.
    quote: another's post, shared with words of ours.
    """

    POST = "post"
    THREAD = "thread"
    REPOST = "repost"
    QUOTE = "quote"


@dataclass(frozen=True)
class Medium:
    """A picture or video in a part: the material, its version, its bytes' hash, and what it shows in words.

    ``media_type`` is told of what is no picture, such as "video/mp4"; empty means a picture.
    """

    asset_ref: str
    asset_version: int
    sha256: str
    alt_text: str
    part: int = 1
    crop: Mapping[str, int] | None = None
    media_type: str = ""

    @property
    def is_video(self) -> bool:
        """Return whether it moves."""
        return self.media_type.startswith("video/")


@dataclass(frozen=True)
class Content:
    """Everything that an approval covers.

    ``variants`` hold, by network, the parts' texts where they differ from the base. ``target`` is the link of
    the post that is reposted or quoted.
    """

    parts: tuple[str, ...]
    kind: str = "post"
    language: str = "es"
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    media: tuple[Medium, ...] = ()
    accounts: tuple[str, ...] = ()
    target: str = ""

    def parts_for(self, network: str) -> tuple[str, ...]:
        """Return the parts' texts for ``network``: its variant, or the base."""
        return self.variants.get(network) or self.parts

    def media_of(self, part: int) -> tuple[Medium, ...]:
        """Return the pictures and videos of one part (1 is the first), in their order."""
        return tuple(medium for medium in self.media if medium.part == part)


def _clean(text: str) -> str:
    # One writing for one text: browsers send \r\n, and an accent may be one character or two.
    # PostgreSQL stores no NUL.
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text).strip()


def as_json(content: Content) -> dict[str, Any]:
    """Return the canonical JSON value, texts in NFC."""
    # Only where there is one: what was approved before targets existed keeps its hash.
    target = {"target": content.target} if content.target else {}
    return {
        **target,
        "format": FORMAT,
        "kind": content.kind,
        "language": content.language,
        "parts": [_clean(part) for part in content.parts],
        "variants": {
            network: [_clean(part) for part in parts]
            for network, parts in sorted(content.variants.items())
            if parts
        },
        "media": [
            {
                # Only where it is no picture: what was approved before there were videos keeps its hash.
                **({"type": medium.media_type} if medium.media_type else {}),
                "part": medium.part,
                "asset": medium.asset_ref,
                "version": medium.asset_version,
                "sha256": medium.sha256,
                "alt": _clean(medium.alt_text),
                "crop": dict(medium.crop) if medium.crop else None,
            }
            for medium in content.media
        ],
        "accounts": sorted(content.accounts),
    }


def from_json(value: Mapping[str, Any]) -> Content:
    """Return the content that ``as_json`` wrote."""
    return Content(
        kind=value["kind"],
        language=value["language"],
        parts=tuple(value["parts"]),
        variants={network: tuple(parts) for network, parts in value["variants"].items()},
        media=tuple(
            Medium(
                asset_ref=medium["asset"],
                asset_version=medium["version"],
                sha256=medium["sha256"],
                alt_text=medium["alt"],
                part=medium["part"],
                crop=medium["crop"],
                media_type=medium.get("type", ""),
            )
            for medium in value["media"]
        ),
        accounts=tuple(value["accounts"]),
        target=value.get("target", ""),
    )


def hash_of(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a canonical JSON value, in hexadecimal."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()
