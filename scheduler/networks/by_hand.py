"""Publishing by hand: a person publishes and pastes the link back. It needs no key and works everywhere.

It also stands in for a network that has no file of its own, and for an account without credentials.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import ClassVar

from content_calendar.content import PostKind
from content_calendar.rules import NetworkRules
from content_calendar.states import HoldReason
from content_calendar.text_rules import characters
from scheduler.network import (
    AccountAccess,
    CredentialField,
    Network,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    Verified,
)


class ByHand:
    """The engine only tells when it is time: it never calls ``publish``."""

    slug: ClassVar[str] = "by_hand"
    name: ClassVar[str] = "A mano"
    protection: ClassVar[Protection] = Protection.BLIND
    automatic: ClassVar[bool] = False
    needs_connection: ClassVar[bool] = False
    credential_fields: ClassVar[Sequence[CredentialField]] = ()
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="by_hand", max_length=None, measure=characters, unit="characters"
    )
    kinds: ClassVar[frozenset[PostKind]] = frozenset(PostKind)
    takes_video: ClassVar[bool] = True
    pace: ClassVar[Pace] = Pace()
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.NOTHING_LEAVES
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = timedelta(0)
    read_lag: ClassVar[timedelta] = timedelta(0)

    def new_key(self) -> str:
        """Return a random key; nobody but us ever sees it."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        """Return whether anything comes first: nothing does."""
        return False

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:  # noqa: ARG002 -- the contract
        """Prepare nothing."""
        return {}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:  # noqa: ARG002 -- the contract
        """Refuse: only a person publishes here."""
        raise RefusedError(hold=HoldReason.BY_HAND)

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:  # noqa: ARG002 -- the contract
        """Refuse: nothing can be read."""
        raise RefusedError(hold=HoldReason.BY_HAND)


NETWORK: Network = ByHand()
