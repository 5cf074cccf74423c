"""Five networks, one of each kind of protection, spoken to over real HTTP; only the drill has them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import ClassVar

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import NetworkRules
from scheduler import retries
from scheduler.network import (
    AccountAccess,
    CredentialField,
    DoubtError,
    DuplicateError,
    Network,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    UnavailableError,
    Verified,
)
from scheduler.wire import Call, Reply, carry_out

PREFIX = "drill_"
# One that remembers a key for a while only: long enough for one repeat, too short for a second.
FORGETFUL = "forgetful"
_FORGOTTEN_AFTER = timedelta(minutes=6)
# A text that begins like this is prepared on every network.
PREPARES = "prepara"


def mark_of(outgoing: Outgoing) -> str:
    """What tells a post from all others of its account: its text, or what it shares."""
    return f"repost {outgoing.target}" if outgoing.kind is PostKind.REPOST else outgoing.text


class DrillNetwork:
    """A network of one kind; what it answers is the simulator's affair."""

    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = False
    credential_fields: ClassVar[Sequence[CredentialField]] = ()
    rules: ClassVar[NetworkRules] = NetworkRules("drill", None, len, "characters")
    kinds: ClassVar[frozenset[PostKind]] = frozenset(PostKind)
    takes_video: ClassVar[bool] = False
    pace: ClassVar[Pace] = Pace()
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = retries.FLIGHT
    read_lag: ClassVar[timedelta] = retries.READ_LAG
    protection: ClassVar[Protection]
    slug: ClassVar[str]
    name: ClassVar[str]

    def new_key(self) -> str:
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        return self.protection is Protection.TWO_PHASE or outgoing.text.startswith(PREPARES)

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        if self.protection is not Protection.TWO_PHASE or "container" in outgoing.prepared:
            return outgoing.prepared
        reply = self.carry(
            Call("POST", f"{access.base_url}/containers", json=self._asked(access, outgoing)), lambda: True
        )
        if reply.status != 201:
            raise UnavailableError(reply.answer())
        return {"container": reply.json()["id"]}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        asked = self._asked(access, outgoing) | {"sent": clock.now().timestamp(), **outgoing.prepared}
        call = Call("POST", f"{access.base_url}/posts", json=asked)
        return self._receipt(self.carry(call, outgoing.may_send))

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        if self.protection is Protection.BLIND:
            raise RefusedError
        reply = self.carry(
            Call(
                "GET",
                f"{access.base_url}/posts",
                params={
                    "account": access.handle,
                    "since": str(since.timestamp()),
                    "mark": mark_of(outgoing),
                },
            ),
            lambda: True,
        )
        if reply.status != 200:
            raise UnavailableError(reply.answer())
        return [_read(post) for post in reply.json()["posts"]]

    def carry(self, call: Call, may_send: Callable[[], bool]) -> Reply:
        """Make the call; over HTTP here."""
        return carry_out(call, may_send)

    def _asked(self, access: AccountAccess, outgoing: Outgoing) -> dict[str, object]:
        return {
            "network": self.slug,
            "protection": self.protection.value,
            "account": access.handle,
            "key": outgoing.client_key,
            "mark": mark_of(outgoing),
            "key_life": self.key_life.total_seconds(),
            "before": [each.remote_id for each in outgoing.before],
        }

    def _receipt(self, reply: Reply) -> Receipt:
        if reply.status == 201:
            return _read(reply.json())
        if reply.status == 429:
            at = datetime.fromtimestamp(float(reply.headers["x-reset"]), UTC)
            raise UnavailableError(reply.answer(), retry_at=at)
        if reply.status == 403:
            raise DuplicateError(reply.answer())
        raise DoubtError(reply.answer())


def _read(post: Mapping[str, str]) -> Receipt:
    return Receipt(post["id"], post["url"], datetime.fromtimestamp(float(post["at"]), UTC))


def drill_networks(kind: type[DrillNetwork] = DrillNetwork, **more: object) -> dict[str, Network]:
    """Each by its slug, made of ``kind``."""
    made: dict[str, Network] = {}
    for protection in Protection:
        slug = PREFIX + protection.value
        made[slug] = type(slug, (kind,), {"slug": slug, "name": slug, "protection": protection, **more})()
    slug = f"{PREFIX}{FORGETFUL}"
    values = {"slug": slug, "name": slug, "protection": Protection.REPLAY, "key_life": _FORGOTTEN_AFTER}
    made[slug] = type(slug, (kind,), {**values, **more})()
    return made
