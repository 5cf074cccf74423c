"""Tokens of an hour that are exchanged for one that lasts, and is itself what renews it.

The code of the network's page is worth a short token, that one a lasting token, and a lasting token a fresh one for as
long as it has not ended: it is used up by nothing, so a lost answer is asked for again
(https://developers.facebook.com/docs/threads/get-started/long-lived-tokens). The page knows no PKCE; ``state`` and the
application's secret protect it. These calls take tokens in the address: what they say goes into no log.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects.graph import Graph
from scheduler.network import AccountAccess, Answer, NetworkError, RefusedError, UnavailableError
from scheduler.powers import Opened, Permission

_NOT_SAID = "[tokens]"


class LastingTokens:
    """What AuthorizesInBrowser, ChecksKeys, RenewsAccess and RenewsAgain offer. A network says where."""

    permissions: ClassVar[Sequence[Permission]]
    app_fields: ClassVar[Sequence[str]] = ("client_id", "client_secret")
    renew_before: ClassVar[timedelta] = timedelta(days=10)
    renews_again_source: ClassVar[str] = (
        "https://developers.facebook.com/docs/threads/get-started/long-lived-tokens"
    )
    page: ClassVar[str]
    page_path: ClassVar[str]
    api_host: ClassVar[str]
    # Before the grants' names.
    grants: ClassVar[str]

    def whose(self, access: AccountAccess) -> tuple[str, str]:
        """Return the id and the handle of whoever holds the token; raise RefusedError when it opens nothing."""
        raise NotImplementedError

    def authorize_url(
        self,
        app: Mapping[str, str],
        redirect_uri: str,
        state: str,
        challenge: str,  # noqa: ARG002 -- the contract; see above
        base_url: str = "",
    ) -> str:
        """Return the address of the network's page that asks the person."""
        asked = {
            "client_id": app.get("client_id", ""),
            "redirect_uri": redirect_uri,
            "state": state,
            "response_type": "code",
            "scope": ",".join(one.scope for one in self.permissions),
        }
        return f"{(base_url or self.page) + self.page_path}?{urlencode(asked, quote_via=quote)}"

    def exchange(
        self,
        app: Mapping[str, str],
        redirect_uri: str,
        code: str,
        verifier: str,  # noqa: ARG002 -- the contract; see above
        base_url: str = "",
    ) -> Opened:
        """Return the lasting token that the code is worth, and whose account it opens."""
        host = base_url or self.api_host
        client = {name: app.get(name, "") for name in self.app_fields}
        form = {**client, "grant_type": "authorization_code", "redirect_uri": redirect_uri, "code": code}
        short, _ = _token(host, "POST", "/oauth/access_token", form=form)
        asked = {
            "grant_type": f"{self.grants}_exchange_token",
            "client_secret": client["client_secret"],
            "access_token": short,
        }
        token, ends = _token(host, "GET", "/access_token", params=asked)
        return self._opened(token, ends, base_url)

    def renew(self, access: AccountAccess) -> Opened:
        """Return a fresh token; the one before stays good until its own end."""
        asked = {
            "grant_type": f"{self.grants}_refresh_token",
            "access_token": access.secrets.get("access_token", ""),
        }
        token, ends = _token(access.base_url or self.api_host, "GET", "/refresh_access_token", params=asked)
        return Opened({"access_token": token}, ends, access.remote_id, access.handle)

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return whose account the token opens, and until when where the network says it."""
        token = access.secrets.get("access_token", "")
        remote_id, handle = self.whose(access)
        return Opened(access.secrets, self._end_of(token, access.base_url), remote_id, handle)

    def _opened(self, token: str, ends: datetime | None, base_url: str) -> Opened:
        secrets = {"access_token": token}
        return Opened(secrets, ends, *self.whose(AccountAccess("", "", secrets, base_url)))

    def _end_of(self, token: str, base_url: str) -> datetime | None:
        """Return when a token ends, as the network tells who holds it; None when it does not."""
        try:
            said = _said(
                base_url or self.api_host,
                "GET",
                "/v1.0/debug_token",
                params={"access_token": token, "input_token": token},
            )
        except NetworkError:
            return None
        data = said.get("data")
        ends = data.get("expires_at") if isinstance(data, dict) else None
        return datetime.fromtimestamp(ends, UTC) if type(ends) is int and 0 < ends < 1 << 40 else None


def _token(host: str, method: str, route: str, **asked: Any) -> tuple[str, datetime | None]:  # noqa: ANN401 -- fields of Call
    said = _said(host, method, route, **asked)
    if not isinstance(said.get("access_token"), str):
        raise RefusedError(Answer(raw=_NOT_SAID), hold=HoldReason.ACCESS)
    lasts = said.get("expires_in")
    return said["access_token"], clock.now() + timedelta(seconds=lasts) if type(lasts) is int else None


def _said(host: str, method: str, route: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- fields of Call
    try:
        return Graph(host, "").ask(HoldReason.ACCESS, method, route, **asked)
    except RefusedError as error:
        raise RefusedError(_without_tokens(error), hold=error.hold or HoldReason.ACCESS) from None
    except UnavailableError as error:
        raise UnavailableError(_without_tokens(error), retry_at=error.retry_at) from None


def _without_tokens(error: NetworkError) -> Answer:
    return Answer(error.answer.http_status, error.answer.request_id, _NOT_SAID)
