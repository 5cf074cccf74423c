"""OAuth 2 with PKCE, as much of it as every network has alike (RFC 6749, 7636).

A renewal token is good for one use: what an answer leaves open is told apart from what certainly used
nothing up, because repeating the former can end every access that came from the same consent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.network import AccountAccess, Answer, DoubtError, RefusedError, UnavailableError
from scheduler.powers import Opened, OpensSeveral, Permission
from scheduler.wire import Call, Reply, carry_out

# The server looks at who asks before it looks at the token: with these it did not use it up.
_APP_REFUSED = frozenset({"invalid_client", "unauthorized_client"})
_NOT_NOW = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
_NOT_SAID = Answer(raw="[tokens]")


@dataclass(frozen=True)
class App:
    """What an installation is registered by at a network; ``secret_in_form``: the network reads it nowhere else."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    secret_in_form: bool = False


@dataclass(frozen=True)
class Tokens:
    """What opens an account, until when, and what renews it; either may be missing."""

    access: str = field(repr=False)
    renewal: str = field(repr=False)
    expires_at: datetime | None


def page_url(
    page: str, app: App, permissions: Sequence[Permission], redirect_uri: str, state: str, challenge: str
) -> str:
    """Return the address of the page that asks a person for these permissions; without a challenge, without PKCE."""
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(one.scope for one in permissions),
        "state": state,
    }
    if challenge:
        asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{page}?{urlencode(asked, quote_via=quote)}"


def redeem(url: str, app: App, redirect_uri: str, code: str, verifier: str) -> Tokens:
    """Return what a code of the page is worth; raise RefusedError when it is worth nothing."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    form |= {"code_verifier": verifier} if verifier else {}
    reply = _ask(url, app, form)
    if _error_of(reply) in _APP_REFUSED:
        raise RefusedError(reply.answer(), hold=HoldReason.ACCESS)
    return _tokens(reply, "")


def renew(url: str, app: App, renewal: str) -> Tokens:
    """Use up a renewal token; return what opens the account from now on, and the next one.

    Raises RefusedError when only a person can open the account again, UnavailableError when the token was
    certainly not used up; anything else leaves that open.
    """
    reply = _ask(url, app, {"grant_type": "refresh_token", "refresh_token": renewal})
    if _error_of(reply) in _APP_REFUSED:
        raise UnavailableError(reply.answer())
    return _tokens(reply, renewal)


def _ask(url: str, app: App, form: Mapping[str, str]) -> Reply:
    # One with a secret shows it; one without only says who it is (RFC 6749 section 2.3.1).
    form = {**form, "client_id": app.client_id}
    if app.secret_in_form:
        return carry_out(Call("POST", url, form={**form, "client_secret": app.client_secret}))
    shown = (app.client_id, app.client_secret) if app.client_secret else None
    return carry_out(Call("POST", url, form=form, auth=shown))


def _tokens(reply: Reply, renewal: str) -> Tokens:
    said, error = _said(reply), _error_of(reply)
    if reply.status == 429:  # noqa: PLR2004 -- too many requests
        raise UnavailableError(reply.answer())
    if 400 <= reply.status < 500 and reply.status != 408 and error:  # noqa: PLR2004 -- what HTTP calls the client's
        if error in _NOT_NOW:
            raise UnavailableError(reply.answer())
        raise RefusedError(reply.answer(), hold=HoldReason.ACCESS)
    if not 200 <= reply.status < 300:  # noqa: PLR2004 -- what HTTP calls success
        raise DoubtError(reply.answer())
    if not isinstance(said.get("access_token"), str):
        # What it says may be half a token: it is not kept.
        raise DoubtError(_NOT_SAID)
    lasts = said.get("expires_in")
    ends = clock.now() + timedelta(seconds=lasts) if isinstance(lasts, int) else None
    return Tokens(said["access_token"], str(said.get("refresh_token") or renewal), ends)


def _error_of(reply: Reply) -> str:
    return str(_said(reply).get("error", ""))


def _said(reply: Reply) -> Mapping[str, Any]:
    try:
        said = reply.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


class PermissionPage:
    """A network's page that asks a person, and its tokens: what AuthorizesInBrowser and RenewsAccess offer.

    ``page`` and ``tokens`` are addresses below their hosts; a ``base_url`` stands in for both hosts.
    ``knows_pkce`` and ``secret_in_form`` are for networks that do it in another way.
    """

    permissions: ClassVar[Sequence[Permission]]
    app_fields: ClassVar[Sequence[str]] = ("client_id", "client_secret")
    renew_before: ClassVar[timedelta] = timedelta(minutes=10)
    page_host: ClassVar[str]
    page_path: ClassVar[str]
    token_host: ClassVar[str]
    token_path: ClassVar[str]
    knows_pkce: ClassVar[bool] = True
    secret_in_form: ClassVar[bool] = False

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return whose account these secrets open; raise RefusedError when they open none."""
        raise NotImplementedError

    def authorize_url(
        self, app: Mapping[str, str], redirect_uri: str, state: str, challenge: str, base_url: str = ""
    ) -> str:
        """Return the address of the network's page that asks the person."""
        page = (base_url or self.page_host) + self.page_path
        challenge = challenge if self.knows_pkce else ""
        return page_url(page, self._app(app), self.permissions, redirect_uri, state, challenge)

    def exchange(
        self, app: Mapping[str, str], redirect_uri: str, code: str, verifier: str, base_url: str = ""
    ) -> Opened:
        """Return what the code is worth, and whose account it opens, unless it opens several."""
        url = (base_url or self.token_host) + self.token_path
        found = redeem(url, self._app(app), redirect_uri, code, verifier if self.knows_pkce else "")
        if isinstance(self, OpensSeveral):
            return Opened(_secrets(found), found.expires_at)
        whose = self.check_keys(AccountAccess("", "", _secrets(found), base_url))
        return Opened(_secrets(found), found.expires_at, whose.remote_id, whose.handle)

    def renew(self, access: AccountAccess) -> Opened:
        """Use up the renewal token; return the next pair."""
        app = self._app(access.secrets)
        if not app.client_id:
            raise UnavailableError(Answer(raw="nothing is registered to renew with"))
        if not access.secrets.get("refresh_token"):
            raise RefusedError(Answer(raw="nothing was given to renew with"), hold=HoldReason.ACCESS)
        url = (access.base_url or self.token_host) + self.token_path
        found = renew(url, app, access.secrets["refresh_token"])
        return Opened(_secrets(found), found.expires_at, access.remote_id, access.handle)

    def _app(self, given: Mapping[str, str]) -> App:
        return App(given.get("client_id", ""), given.get("client_secret", ""), self.secret_in_form)


def _secrets(found: Tokens) -> Mapping[str, str]:
    return {"access_token": found.access, "refresh_token": found.renewal}
