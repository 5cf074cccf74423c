"""The contract of a network: what a file in ``scheduler/networks/`` offers.

A network gets plain values and no session: the caller has closed its transaction before it calls.
A call ends in one of three ways: it returns a ``Receipt`` (done), it raises ``RefusedError`` or
``NotSentError`` (an answer that proves that nothing was published), or anything else happens (unknown).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import BinaryIO, ClassVar, Protocol

from content_calendar.content import PostKind
from content_calendar.errors import ResuenaError
from content_calendar.rules import NetworkRules
from content_calendar.states import HoldReason


class Protection(StrEnum):
    """What a network offers against posting twice; it decides what may follow a doubt.

    replay: the same key again is harmless.
    two_phase: creating is harmless, and publishing what was created happens once.
    refuses_equal: an equal text is refused, and the account can be read.
    readable: the account can be read.
    blind: neither; a person decides.
    """

    REPLAY = "replay"
    TWO_PHASE = "two_phase"
    REFUSES_EQUAL = "refuses_equal"
    READABLE = "readable"
    BLIND = "blind"


def _nowhere() -> str:
    raise NoPublicAddressError


@dataclass(frozen=True)
class Image:
    """A picture to go out: its bytes are read when they are needed.

    ``link`` returns an address where the network's own servers fetch it for an hour, as a JPEG; it raises
    NoPublicAddressError where nobody outside reaches this installation.
    """

    sha256: str
    media_type: str
    alt_text: str
    read: Callable[[], bytes]
    link: Callable[[], str] = _nowhere


@dataclass(frozen=True)
class Video:
    """A video to go out: ``open`` returns its bytes as a file, its hash already compared; ``size`` is in bytes.

    ``link`` is as a picture's, and its bytes are those that were approved.
    """

    sha256: str
    media_type: str
    alt_text: str
    size: int
    open: Callable[[], BinaryIO]
    link: Callable[[], str] = _nowhere


@dataclass(frozen=True)
class Before:
    """A part of the same thread that is out already. ``prepared`` is what its preparation left."""

    remote_id: str
    url: str
    prepared: Mapping[str, str]


@dataclass(frozen=True)
class Outgoing:
    """One part of a publication, as it goes out. What was approved, and nothing else.

    ``client_key`` was chosen once. ``prepared`` is what ``prepare`` returned, kept with the part, so that a
    later try finds it. ``may_send`` is asked right before the socket write; when it answers no, the network
    raises ``NotSentError``. ``target`` is the link of the post that is reposted or quoted. ``before`` are the
    parts of its thread that are out, the first of them the thread's beginning, the last what it answers.
    """

    client_key: str
    text: str
    language: str
    images: tuple[Image, ...]
    prepared: Mapping[str, str]
    sent_at: datetime
    may_send: Callable[[], bool]
    video: Video | None = None
    kind: PostKind = PostKind.POST
    target: str = ""
    before: tuple[Before, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """Proof that a part is out: the network's own id for it, and where people see it."""

    remote_id: str
    url: str
    published_at: datetime | None = None
    request_id: str = ""


@dataclass(frozen=True)
class AccountAccess:
    """An account as a network needs it: its handle, its immutable id there, and its opened credentials.

    ``base_url`` stands in for the network's own address; empty outside tests.
    """

    handle: str
    remote_id: str
    secrets: Mapping[str, str] = field(repr=False)
    base_url: str = ""


@dataclass(frozen=True)
class CredentialField:
    """One value that a person gives to connect an account; its label is found by its name.

    ``default`` is what most people would type, such as a server's address.
    """

    name: str
    secret: bool = True
    default: str = ""


@dataclass(frozen=True)
class Pace:
    """How fast one account may publish: ``spacing`` between two, and ``most`` ``within`` a span. Empty: as it comes."""

    spacing: timedelta = timedelta(0)
    most: int = 0
    within: timedelta = timedelta(0)

    @property
    def gap(self) -> timedelta:
        """Return how far apart two must be, so that neither the spacing nor the allowance is ever broken."""
        return max(self.spacing, self.within / self.most if self.most else timedelta(0))

    def __bool__(self) -> bool:
        """Return whether there is anything to keep to."""
        return bool(self.gap)


class Verified(StrEnum):
    """Against what a network's file was tested; the docs table says it.

    real_server: its own server's code. other_server: another's code of the same API.
    simulated: only our simulator; not verified live. nothing_leaves: nothing to verify.
    """

    REAL_SERVER = "real_server"
    OTHER_SERVER = "other_server"
    SIMULATED = "simulated"
    NOTHING_LEAVES = "nothing_leaves"


@dataclass(frozen=True)
class Answer:
    """What a network answered, for the log: never shown to people, never holding a secret."""

    http_status: int | None = None
    request_id: str = ""
    raw: str = ""


class NetworkError(ResuenaError):
    """Base of what a network may raise; ``answer`` is kept with the attempt."""

    code = "network"

    def __init__(self, answer: Answer = Answer(), **params: object) -> None:
        super().__init__(**params)
        self.answer = answer


class RefusedError(NetworkError):
    """The network will not take it, and nothing was published.

    ``hold`` says what a person can mend; without it, it failed for good.
    """

    code = "network_refused"

    def __init__(
        self, answer: Answer = Answer(), *, hold: HoldReason | None = None, **params: object
    ) -> None:
        super().__init__(answer, **params)
        self.hold = hold


class OtherContentError(RefusedError):
    """Something else stands at the network under this part's key: only a person can tell how that came."""

    code = "network_other_content"

    def __init__(self, answer: Answer = Answer(), **params: object) -> None:
        super().__init__(answer, hold=HoldReason.UNCONFIRMED, **params)


class TargetMissingError(RefusedError):
    """The post to repost or quote is not there, or its link is none of this network."""

    code = "network_target_missing"


class MayNotPublishError(RefusedError):
    """What was given opens the account, and does not let one publish there."""

    code = "network_may_not_publish"

    def __init__(self, answer: Answer = Answer(), **params: object) -> None:
        super().__init__(answer, hold=HoldReason.ACCESS, **params)


class NoPublicAddressError(RefusedError):
    """The network fetches materials itself, and nobody outside reaches this installation."""

    code = "no_public_address"

    def __init__(self, answer: Answer = Answer(), **params: object) -> None:
        super().__init__(answer, hold=HoldReason.MATERIAL, **params)


class UnavailableError(NetworkError):
    """Certainly not published, and worth another try at ``retry_at`` (or when the caller thinks best)."""

    code = "network_unavailable"

    def __init__(
        self, answer: Answer = Answer(), *, retry_at: datetime | None = None, **params: object
    ) -> None:
        super().__init__(answer, **params)
        self.retry_at = retry_at


class UnfinishedError(UnavailableError):
    """Preparing goes on at the network; ``prepared`` is what the next try of ``prepare`` takes up again."""

    code = "network_unfinished"

    def __init__(
        self,
        answer: Answer = Answer(),
        *,
        prepared: Mapping[str, str],
        retry_at: datetime | None = None,
        **params: object,
    ) -> None:
        super().__init__(answer, retry_at=retry_at, **params)
        self.prepared = prepared


class NotSentError(UnavailableError):
    """The deadline had passed when the call was about to be made: nothing was written to the socket."""

    code = "network_deadline_passed"


class DuplicateError(NetworkError):
    """The network says that it already has an equal text. A signal, never a proof: look at the account."""

    code = "network_duplicate"


class DoubtError(NetworkError):
    """The network may have published it. Any exception that is none of the above means the same."""

    code = "network_doubt"


class Network(Protocol):
    """What every network offers. ``slug`` is the file's name."""

    slug: ClassVar[str]
    name: ClassVar[str]
    protection: ClassVar[Protection]
    # False: a person publishes, and tells. The engine then only says when it is time.
    automatic: ClassVar[bool]
    # False: no credentials, always at hand (rehearsal, by hand).
    needs_connection: ClassVar[bool]
    credential_fields: ClassVar[Sequence[CredentialField]]
    rules: ClassVar[NetworkRules]
    # What it can publish; the composer offers no more, and the docs table is made from it.
    kinds: ClassVar[frozenset[PostKind]]
    takes_video: ClassVar[bool]
    pace: ClassVar[Pace]
    # In this span the platform takes near-identical texts of several accounts for spam; zero: it does not mind.
    identical_window: ClassVar[timedelta]
    verified: ClassVar[Verified]
    # How long the network remembers a client key; zero: for ever. After it, a repeat is as good as a new post,
    # so that a doubt about a key that dies is looked up before it is repeated.
    key_life: ClassVar[timedelta]
    # How long a request may still be applied after we gave up, and how late a new post may be readable.
    flight: ClassVar[timedelta]
    read_lag: ClassVar[timedelta]

    def new_key(self) -> str:
        """Return a client key for a new part; stored before the first try, never changed."""

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        """Return whether ``prepare`` has anything to do; without it the part is sent at once."""

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Do what can be repeated (upload pictures, freeze a record); return what ``publish`` needs of it.

        Raises RefusedError or UnavailableError.
        """

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Publish one part, once.

        Raises RefusedError, UnavailableError, NotSentError, DuplicateError; anything else is a doubt.
        """

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        """Return the account's posts since ``since`` that are this part; empty when none is readable.

        Raises UnavailableError when it cannot look now, RefusedError when it never can.
        """
