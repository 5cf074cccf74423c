"""One login for all the pages that a person manages, and for the professional accounts that hang from them.

The person allows the application on the network's page; the code is worth a token of some hours, that one a token of
sixty days, and with it the network names every page with a token of its own, which has no end: it dies when the
person loses the page, changes the password or takes the permission back
(https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived). Only the page's token is
kept. That flow knows no PKCE; ``state`` and the application's secret protect it
(https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow).

A pasted token may be a page's own, or a person's or system user's that opens several.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from content_calendar.states import HoldReason
from scheduler.dialects.graph import VERSION, Graph
from scheduler.network import AccountAccess, Answer, RefusedError
from scheduler.powers import Opened, Permission

API_HOST, _PAGE_HOST = "https://graph.facebook.com", "https://www.facebook.com"
# Asking a page for the pages it manages is asking for a field that it does not have.
_NO_SUCH_FIELD = 100
_MOST_PAGES = 10


def graph_of(access: AccountAccess) -> Graph:
    """Return the API for the holder of the account's token."""
    return Graph(f"{access.base_url or API_HOST}/{VERSION}", access.secrets.get("access_token", ""))


class PageLogin:
    """What AuthorizesInBrowser, OpensSeveral and ChecksKeys offer. A network says what it reads of a page."""

    permissions: ClassVar[Sequence[Permission]]
    app_fields: ClassVar[Sequence[str]] = ("client_id", "client_secret")
    # What is asked of each page, besides its token.
    page_fields: ClassVar[str]

    def account_of(self, page: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return the id and the handle of the account that a page opens here; None when it opens none."""
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
        page = f"{base_url or _PAGE_HOST}/{VERSION}/dialog/oauth"
        return f"{page}?{urlencode(asked, quote_via=quote)}"

    def exchange(
        self,
        app: Mapping[str, str],
        redirect_uri: str,
        code: str,
        verifier: str,  # noqa: ARG002 -- the contract; see above
        base_url: str = "",
    ) -> Opened:
        """Return the person's token, which opens all their pages; ``open_one`` makes of it one page's own."""
        graph = Graph(f"{base_url or API_HOST}/{VERSION}", "")
        client = {name: app.get(name, "") for name in self.app_fields}
        short = _token(graph, {**client, "redirect_uri": redirect_uri, "code": code})
        asked = {**client, "grant_type": "fb_exchange_token", "fb_exchange_token": short}
        return Opened({"access_token": _token(graph, asked)})

    def open_one(self, access: AccountAccess) -> Opened:
        """Return the token of the page that opens this account, which is told by its id, else by its handle."""
        found = [(page, told) for page in self._pages(access) if (told := self.account_of(page)) is not None]
        wanted = access.handle.removeprefix("@").casefold()
        for page, (remote_id, handle) in found:
            if remote_id == access.remote_id or wanted in {remote_id, handle.casefold()}:
                return _opened(page, remote_id, handle)
        if len(found) == 1 and not access.remote_id:
            # Whoever asked is told what it opens, and that it is another account.
            return _opened(found[0][0], *found[0][1])
        raise RefusedError(Answer(raw="the account is not among those that it opens"), hold=HoldReason.ACCESS)

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return the page's token and whose it is; raise RefusedError when it opens no such account."""
        return self.open_one(access)

    def _pages(self, access: AccountAccess) -> Iterator[Mapping[str, Any]]:
        """Yield the pages that a token opens, each with its own token; of a page's own token itself."""
        graph, fields = graph_of(access), f"id,name,{self.page_fields}"
        params = {"fields": f"{fields},access_token", "limit": "100"}
        try:
            yield from graph.pages("/me/accounts", params, _MOST_PAGES)
        except RefusedError as error:
            if error.params.get("code") != _NO_SUCH_FIELD:
                raise
            page = graph.ask(HoldReason.ACCESS, "GET", "/me", params={"fields": fields})
            yield {**page, "access_token": graph.token}


def _opened(page: Mapping[str, Any], remote_id: str, handle: str) -> Opened:
    return Opened({"access_token": str(page["access_token"])}, None, remote_id, handle)


def _token(graph: Graph, asked: Mapping[str, str]) -> str:
    # In the body, as RFC 6749 has it: an address is written down in more places.
    said = graph.ask(HoldReason.ACCESS, "POST", "/oauth/access_token", form=asked)
    if not isinstance(said.get("access_token"), str):
        raise RefusedError(Answer(raw="[no token]"), hold=HoldReason.ACCESS)
    return str(said["access_token"])
