"""A network that offers every way of being connected, over a real HTTP token server; named by no code."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlencode

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import NetworkRules
from content_calendar.states import HoldReason
from scheduler import retries
from scheduler.network import (
    AccountAccess,
    CredentialField,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    UnavailableError,
    Verified,
)
from scheduler.powers import Opened, Permission
from scheduler.wire import Call, Reply, carry_out

SLUG = "fichas"
HOUR = timedelta(hours=1)


class TokenNetwork:
    """Publishes into the air; is connected with keys or on its own page, and renewed by tokens of one use."""

    slug: ClassVar[str] = SLUG
    name: ClassVar[str] = "Fichas"
    protection: ClassVar[Protection] = Protection.READABLE
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("server", secret=False, default="fichas.example"),
        CredentialField("access_token"),
    )
    rules: ClassVar[NetworkRules] = NetworkRules(SLUG, None, len, "characters")
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST})
    takes_video: ClassVar[bool] = False
    pace: ClassVar[Pace] = Pace()
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = retries.FLIGHT
    read_lag: ClassVar[timedelta] = retries.READ_LAG
    permissions: ClassVar[Sequence[Permission]] = (
        Permission("posts.write", "permission_publish"),
        Permission("posts.read", "permission_look_for_posts"),
        Permission("offline", "permission_renew"),
    )
    app_fields: ClassVar[Sequence[str]] = ("client_id", "client_secret")
    renew_before: ClassVar[timedelta] = timedelta(minutes=30)

    def new_key(self) -> str:
        return "clave"

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        return False

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:  # noqa: ARG002 -- the contract
        return {}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Publish wherever the access opens; the post is called by its text."""
        self._who(access)
        return Receipt(outgoing.text, f"https://fichas.example/{access.handle}")

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:  # noqa: ARG002 -- the contract
        return ()

    def check_keys(self, access: AccountAccess) -> Opened:
        said = self._who(access)
        return Opened(access.secrets, remote_id=said["id"], handle=said["handle"])

    def limits(self, access: AccountAccess) -> Mapping[str, int]:
        return {"max_length": int(self._who(access)["max_length"])}

    def rules_within(self, limits: Mapping[str, int]) -> NetworkRules:  # noqa: ARG002 -- the contract
        return self.rules

    def authorize_url(
        self, app: Mapping[str, str], redirect_uri: str, state: str, challenge: str, base_url: str = ""
    ) -> str:
        asked = {
            "response_type": "code",
            "client_id": app["client_id"],
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{base_url}/authorize?{urlencode(asked)}"

    def exchange(
        self, app: Mapping[str, str], redirect_uri: str, code: str, verifier: str, base_url: str = ""
    ) -> Opened:
        form = {
            **app,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        opened = self._token(base_url, form)
        said = self._who(AccountAccess("", "", opened.secrets, base_url))
        return Opened(opened.secrets, opened.expires_at, said["id"], said["handle"])

    def renew(self, access: AccountAccess) -> Opened:
        app = {name: access.secrets.get(name, "") for name in self.app_fields}
        form = {**app, "grant_type": "refresh_token", "refresh_token": access.secrets["refresh_token"]}
        return self._token(access.base_url, form)

    def _who(self, access: AccountAccess) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {access.secrets['access_token']}"}
        said: dict[str, str] = _judged(
            carry_out(Call("GET", f"{access.base_url}/me", headers=headers))
        ).json()
        return said

    def _token(self, base_url: str, form: Mapping[str, str]) -> Opened:
        said = _judged(carry_out(Call("POST", f"{base_url}/token", form=form))).json()
        secrets = {name: said[name] for name in ("access_token", "refresh_token")}
        return Opened(secrets, clock.now() + timedelta(seconds=said["expires_in"]))


def _judged(reply: Reply) -> Reply:
    if reply.status == 503:
        raise UnavailableError(reply.answer())
    if reply.status >= 400:
        raise RefusedError(reply.answer(), hold=HoldReason.ACCESS)
    return reply


NETWORK = TokenNetwork()
