"""What a network's stand-in offers to the tests that run over every network unasked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Fault(StrEnum):
    """What may befall one call that publishes.

    lost_request: the line is cut before the server has read it.
    lost_answer: applied, and the line cut before the answer.
    error_before: a 500, nothing applied.
    error_after: a 500, applied.
    busy: too many, in the network's own words, nothing applied.
    delayed: the line is cut, and it is applied only when the stand-in is told to ``settle``.
    duplicate: refused as equal to one that is out.
    revoked: what opened the account opens it no more.
    strange: 200 with a body that is none of the network's.
    """

    LOST_REQUEST = "lost_request"
    LOST_ANSWER = "lost_answer"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    BUSY = "busy"
    DELAYED = "delayed"
    DUPLICATE = "duplicate"
    REVOKED = "revoked"
    STRANGE = "strange"


@dataclass(frozen=True)
class Guest:
    """A fresh account at the stand-in, and what opens it."""

    handle: str
    remote_id: str
    secrets: Mapping[str, str]


class Counterpart(Protocol):
    """A network's stand-in, over real HTTP."""

    url: str
    # Those that this network can show.
    faults: frozenset[Fault]

    def guest(self) -> Guest:
        """Make an account."""

    def published(self, guest: Guest) -> list[str]:
        """Return the texts that are out on the account, each as often as it is out, in the order of coming out."""

    def fail(self, *faults: Fault) -> None:
        """Let the next calls that publish meet these, one each; "publishes" is the call after which people see it."""

    def settle(self) -> None:
        """Let what was delayed be applied."""
