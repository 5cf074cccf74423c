"""What a network may offer for finding who took a publication up; each is found by asking whether it has it.

Everything here may fail as ``scheduler/network.py`` says; nothing here publishes. Answers are bounded: what was not
read is told by ``Echoes.whole``, and proves nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from scheduler.network import AccountAccess


class EchoForm(StrEnum):
    """What an account did."""

    REPOST = "repost"
    QUOTE = "quote"
    # It said something itself.
    POST = "post"


@dataclass(frozen=True, slots=True)
class RemoteEcho:
    """What an account did on its network.

    ``account_id`` is the immutable id by which the directory may know the account, empty where the answer tells none.
    ``targets`` are all names of the post that is reposted or quoted: remote ids and addresses. ``at`` is None where
    the network does not tell. ``picture`` names the content of its picture, empty without one.
    """

    form: EchoForm
    account_id: str
    handle: str
    link: str
    text: str = ""
    at: datetime | None = None
    targets: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Echoes:
    """What was found, whether that was all there is, and what was charged, in thousandths of a US dollar."""

    found: Sequence[RemoteEcho] = ()
    whole: bool = True
    mills: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """An account whose posts are looked for; ``remote_id`` is empty where the directory knows none."""

    handle: str
    remote_id: str = ""


@runtime_checkable
class TellsEchoes(Protocol):
    """A network that tells who reposted and who quoted a post."""

    def read_echoes(self, access: AccountAccess, remote_id: str) -> Echoes:
        """Return the reposts and quotes of the account's post ``remote_id``; nothing when it is gone."""


@runtime_checkable
class SeeksPosts(Protocol):
    """A network that tells what accounts said, reposted and quoted."""

    # How many accounts one question takes.
    sought_together: ClassVar[int]

    def seek_posts(
        self, access: AccountAccess, sought: Sequence[Sought], tags: Sequence[str], since: datetime
    ) -> Echoes:
        """Return what these accounts did since then; a network may leave out what has none of ``tags``."""


@runtime_checkable
class ChargesForEchoes(Protocol):
    """A network that charges for both: an own account, opened, asks; and nobody asks without a ceiling."""

    # What one look at a post, and one question about accounts, cost at most, in thousandths of a US dollar.
    echoes_mills: ClassVar[int]
    seeking_mills: ClassVar[int]
