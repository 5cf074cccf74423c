"""The rehearsal network: everything happens but nothing leaves. The default when nothing is connected.

What would be public is what its accounts have published: their payloads are the page that shows it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import ClassVar

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import NetworkRules
from content_calendar.text_rules import characters
from scheduler.network import (
    AccountAccess,
    CredentialField,
    Network,
    NotSentError,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    Verified,
)

_SHOWN_AT = "/ensayo/"


class Rehearsal:
    """Publishes by writing down that it would have."""

    slug: ClassVar[str] = "rehearsal"
    name: ClassVar[str] = "Ensayo"
    protection: ClassVar[Protection] = Protection.REPLAY
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = False
    credential_fields: ClassVar[Sequence[CredentialField]] = ()
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="rehearsal", max_length=None, measure=characters, unit="characters"
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
        """Return a random key; it becomes the rehearsed post's id."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        """Return whether anything comes first: nothing does."""
        return False

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:  # noqa: ARG002 -- the contract
        """Read the pictures, as a network that takes them would."""
        for image in outgoing.images:
            image.read()
        return {}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:  # noqa: ARG002 -- the contract
        """Return a receipt whose address is the page that shows the rehearsed post."""
        if not outgoing.may_send():
            raise NotSentError
        return Receipt(outgoing.client_key, f"{_SHOWN_AT}{outgoing.client_key}", clock.now())

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:  # noqa: ARG002 -- the contract
        """Return nothing: what was rehearsed is what was recorded, so what was not recorded never was."""
        return ()


NETWORK: Network = Rehearsal()
