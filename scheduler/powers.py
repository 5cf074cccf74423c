"""What a network may offer besides publishing; each is found by asking whether the network has it.

Everything here may fail as ``scheduler/network.py`` says; nothing here publishes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Protocol, runtime_checkable

from content_calendar.rules import NetworkRules
from scheduler.network import AccountAccess


@runtime_checkable
class OpensComposer(Protocol):
    """A network on which a person can publish from a link that fills in the text."""

    def compose_link(self, text: str) -> str:
        """Return the address that opens the network's own composer with ``text`` in it."""


@runtime_checkable
class ShowsInPublic(Protocol):
    """A network that shows anybody what an account published, also where no program may read it."""

    def public_page(self, handle: str) -> str:
        """Return the address of that page; empty when the account has none."""


@dataclass(frozen=True)
class RemotePost:
    """A post as its link tells it; ``handle`` is empty where the link names no account.

    ``permalink`` is one for every spelling of its link, where ``url`` is not.
    """

    remote_id: str
    handle: str
    url: str
    published_at: datetime | None
    permalink: str = ""


@runtime_checkable
class ReadsLinks(Protocol):
    """A network that can tell a post's id, handle and moment from its link."""

    def read_link(self, url: str) -> RemotePost | None:
        """Return what the link says, or None when it is not a link to a post of this network."""


@runtime_checkable
class MindsEqualTexts(Protocol):
    """A network that takes near-identical texts of several accounts for spam, and says so in public."""

    # Where it says so: an address.
    identical_source: ClassVar[str]


@dataclass(frozen=True)
class Price:
    """What a part costs, in thousandths of a US dollar, and what it would cost without its link."""

    mills: int
    without_link: int


@runtime_checkable
class Charges(Protocol):
    """A network that charges for posts and for reads."""

    # What one of our looks at an account costs at most, in thousandths of a US dollar.
    look_mills: ClassVar[int]
    price_source: ClassVar[str]

    def price(self, text: str, images: int = 0) -> Price:
        """Return what publishing a part with this text costs; ``images`` are those and videos with words."""


@runtime_checkable
class ChargesForReadings(Protocol):
    """A network that charges for the figures of posts."""

    # What the figures of one post cost, in thousandths of a US dollar.
    reading_mills: ClassVar[int]


@runtime_checkable
class GivesReadings(Protocol):
    """A network that tells how a post was received."""

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return the figures of each of these posts by name; a post or a figure it does not give has none."""


@dataclass(frozen=True)
class RemoteReply:
    """What somebody said below a post, or the post's ``own`` account did.

    ``link`` is the one that stays whatever they call themselves, ``url`` the one that people see, ``answers`` the
    ``link`` of what it answers, empty for the post itself.
    """

    link: str
    url: str
    answers: str
    handle: str
    text: str
    said_at: datetime
    own: bool


@runtime_checkable
class ReadsReplies(Protocol):
    """A network that tells, for nothing, what was answered to a post."""

    def read_replies(self, access: AccountAccess, remote_id: str) -> Sequence[RemoteReply]:
        """Return what stands below the account's post ``remote_id``; nothing when it is gone."""


@runtime_checkable
class TellsFollowers(Protocol):
    """A network that tells how many follow an account."""

    # What one look costs, in thousandths of a US dollar; one that costs nothing needs no keys of the account.
    follower_mills: ClassVar[int]

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many follow the account now; None when the network does not say."""


@runtime_checkable
class TellsFollowersToOwners(Protocol):
    """A network that tells how many follow an account to nobody but who holds its keys, even where it is free."""

    # Where it says so: an address.
    followers_source: ClassVar[str]


@runtime_checkable
class KnowsAccounts(Protocol):
    """A network that tells anybody, for nothing, whose a handle is today and what a number is called."""

    def number_of(self, access: AccountAccess, handle: str) -> str:
        """Return the immutable id of whoever has the handle now; empty when nobody has it."""

    def handle_of(self, access: AccountAccess, remote_id: str) -> str:
        """Return what the account of that id is called now; empty when there is none, or it does not say."""


@runtime_checkable
class TellsLimits(Protocol):
    """A network whose servers differ in what they allow."""

    def limits(self, access: AccountAccess) -> Mapping[str, int]:
        """Ask the account's server; the answer is kept with the account."""

    def rules_within(self, limits: Mapping[str, int]) -> NetworkRules:
        """Return the rules of an account whose server told these limits; without any, the cautious ones."""


@dataclass(frozen=True)
class VideoLimits:
    """What videos a network takes: bytes, thousandths of a second, shapes as width to height; zero: any.

    ``most_width`` is in pixels.
    """

    most_bytes: int = 0
    shortest_ms: int = 0
    longest_ms: int = 0
    narrowest: tuple[int, int] = (0, 1)
    widest: tuple[int, int] = (0, 1)
    most_width: int = 0


@runtime_checkable
class LimitsVideos(Protocol):
    """A network that does not take every video."""

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:
        """Return what an account takes whose server told these limits; without any, the cautious ones."""


@dataclass(frozen=True)
class PictureLimits:
    """What pictures a network takes: bytes, width and height in pixels, shapes as width to height; zero: any.

    ``most_pixels`` is width times height.
    """

    most_bytes: int = 0
    smallest: tuple[int, int] = (0, 0)
    largest: tuple[int, int] = (0, 0)
    narrowest: tuple[int, int] = (0, 1)
    widest: tuple[int, int] = (0, 1)
    most_pixels: int = 0


@runtime_checkable
class LimitsPictures(Protocol):
    """A network that does not take every picture, and where making it smaller before sending is not our affair."""

    def picture_limits(self, limits: Mapping[str, int]) -> PictureLimits:
        """Return what an account takes whose server told these limits; without any, the cautious ones."""


@dataclass(frozen=True)
class Opened:
    """What opens an account from now on: its secrets, until when, and whose account it turned out to be."""

    secrets: Mapping[str, str] = field(repr=False)
    expires_at: datetime | None = None
    remote_id: str = ""
    handle: str = ""


@runtime_checkable
class ChecksKeys(Protocol):
    """A network that can try the keys a person gave, before they are kept."""

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return what opens the account from now on; raise RefusedError when the keys do not open it."""


@dataclass(frozen=True)
class Permission:
    """One permission that is asked for; its code has a sentence that says why."""

    scope: str
    why: str


@runtime_checkable
class AsksBeforehand(Protocol):
    """A network where something has to be done or known before an account of it is connected."""

    # The code of a sentence that tells it.
    beforehand: ClassVar[str]


@runtime_checkable
class AuthorizesInBrowser(Protocol):
    """A network where a person allows us to publish on the network's own page: OAuth 2 with PKCE (RFC 7636)."""

    permissions: ClassVar[Sequence[Permission]]
    # What the installation registered at the network, given once by an administrator.
    app_fields: ClassVar[Sequence[str]]

    def authorize_url(
        self, app: Mapping[str, str], redirect_uri: str, state: str, challenge: str, base_url: str = ""
    ) -> str:
        """Return the address of the network's page that asks the person."""

    def exchange(
        self, app: Mapping[str, str], redirect_uri: str, code: str, verifier: str, base_url: str = ""
    ) -> Opened:
        """Return what the code is worth; raise RefusedError when it is worth nothing."""


@runtime_checkable
class OpensSeveral(Protocol):
    """A network where one person's permission opens several accounts: that of each page or organisation."""

    def open_one(self, access: AccountAccess) -> Opened:
        """Return what opens the account that ``access`` names, out of all that its secrets open.

        Raises RefusedError when it is not among them.
        """


@runtime_checkable
class RenewsAccess(Protocol):
    """A network whose access ends and is renewed by a token that is good for one use."""

    # How long before its end the access is renewed.
    renew_before: ClassVar[timedelta]

    def renew(self, access: AccountAccess) -> Opened:
        """Return the next access, whole; raise RefusedError when only a person can open it again.

        For an account that was allowed on the network's page, ``access`` holds what the installation is
        registered by, too. UnavailableError says that the token was certainly not used up: nothing was
        written, or it was refused unread (429, 503). What it raises otherwise leaves that open.
        """


@runtime_checkable
class RenewsAgain(Protocol):
    """A network that renews, and where asking once more with the same token is harmless."""

    # Why that is so: a source. With it a lost answer is asked for again and needs no person.
    renews_again_source: ClassVar[str]
