"""The provider over HTTP: its discovery document, its keys, the code for a token, who it is.

Every address is judged where it is connected to: none leads into a private network, but those whose host and port the
installation named (``RESUENA_FEED_ALLOW``), which is also how a test reaches one on its own machine. Nothing is
redirected, everything is bounded, and nothing of the provider's is kept but its public keys, in memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from content_calendar.clock import monotonic
from content_calendar.settings import Settings
from scheduler.listening.addresses import FetchPolicy
from scheduler.network import NetworkError
from scheduler.wire import Call, Reply, carry_out
from webapp.inputs import split_address
from webapp.openid.faults import AnswerUntrueError, ProviderRefusedError, ProviderSilentError
from webapp.openid.id_tokens import Expected, KeyUnknownError, believe

SCOPE = "openid email profile"
# For how many seconds what the provider says of itself is taken to stay; and how often keys may be asked again.
_KEPT, _KEYS_AGAIN = 3600.0, 60.0
# Old is better than none for a day; a silence is taken to last a minute; nobody waits longer for one answer.
_STALE, _SILENCE, _WITHIN = 86400.0, 60.0, 5.0
_OK = 200
_PORTS = {"http": 80, "https": 443}
_WELL_KNOWN = "/.well-known/openid-configuration"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_BASIC, _POST = "client_secret_basic", "client_secret_post"


@dataclass(frozen=True)
class Tokens:
    """What a code was exchanged for: claims that hold, and what opens the userinfo endpoint."""

    claims: Mapping[str, Any]
    access: str = field(repr=False)


class Provider:
    """The institution's provider, as its discovery document describes it; shared by the threads of a process."""

    def __init__(self, settings: Settings) -> None:
        """Remember where it is and what it calls us; nothing is asked before somebody wants to enter."""
        self.issuer = settings.oidc_issuer
        self.client = settings.oidc_client
        self._secret = settings.oidc_secret
        self._policy = FetchPolicy.of(tuple(settings.feed_allow))
        self._lock = Lock()
        self._document: Mapping[str, Any] = {}
        self._read_at = self._keys_at = float("-inf")
        self._keys = KeySet([])
        self._asking = Lock()
        self._silent_at, self._silent_why = float("-inf"), ""

    def document(self) -> Mapping[str, Any]:
        """Return its discovery document (OpenID Connect Discovery 1.0, 4.3); raise ProviderSilentError."""
        with self._lock:
            age, silent = monotonic() - self._read_at, monotonic() - self._silent_at < _SILENCE
            old, why = self._document, self._silent_why
        if age < _KEPT:
            return old
        # One thread asks; the others take the old one, or fail at once: else a silent provider would stop them all.
        if silent or not self._asking.acquire(blocking=False):
            return self._old(old, age, why or "asking")
        try:
            return self._read_document()
        except (ProviderSilentError, AnswerUntrueError) as error:
            why = str(error.params.get("why", ""))
            with self._lock:
                self._silent_at, self._silent_why = monotonic(), why
            return self._old(old, age, why)
        finally:
            self._asking.release()

    @staticmethod
    def _old(old: Mapping[str, Any], age: float, why: str) -> Mapping[str, Any]:
        if age < _STALE:
            return old
        raise ProviderSilentError(why=why)

    def _read_document(self) -> Mapping[str, Any]:
        # Slashes at the end are left out before the well-known path is appended (4.1).
        said = self._json(self._ask(Call("GET", self.issuer.rstrip("/") + _WELL_KNOWN)))
        if said.get("issuer") != self.issuer:
            raise ProviderSilentError(why="issuer")
        if any(not isinstance(said.get(name), str) for name in _NEEDED):
            raise ProviderSilentError(why="endpoints")
        # Also those that only a browser is sent to: a page of another scheme would run here, or over an open line.
        for name in (*_NEEDED, "userinfo_endpoint", "end_session_endpoint"):
            if name in said:
                self._judged(said[name])
        with self._lock:
            self._document, self._read_at = said, monotonic()
        return said

    def look(self) -> None:
        """Ask for what it says of itself and for its keys; raise ProviderSilentError or AnswerUntrueError."""
        self._known_keys()

    def leaving_address(self, back: str, state: str, nonce: str, challenge: str, *, again: bool) -> str:
        """Return where a browser is sent; ``again`` asks the provider not to take an earlier sign-in for it."""
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if again else {}),
        }
        return _with_query(str(self.document()["authorization_endpoint"]), asked)

    def ending_address(self, back: str) -> str:
        """Return where one ends the provider's own session too, empty where it offers none (RP-Initiated Logout)."""
        there = self.document().get("end_session_endpoint")
        asked = {"client_id": self.client, "post_logout_redirect_uri": back}
        return _with_query(there, asked) if isinstance(there, str) else ""

    def must_be_its_answer(self, answer: Mapping[str, str]) -> None:
        """Raise when the answer in an address is another provider's (RFC 9207, 2.4), or says that nobody entered."""
        named = answer.get("iss", "")
        promised = self.document().get("authorization_response_iss_parameter_supported") is True
        if (named or promised) and named != self.issuer:
            raise AnswerUntrueError(why="answer's iss")
        if said := answer.get("error", ""):
            raise ProviderRefusedError(said=said[:60])

    def exchange(self, code: str, back: str, verifier: str, expected: Expected) -> Tokens:
        """Return what a code is worth; raise AnswerUntrueError or ProviderSilentError."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        auth = self._show_client(form)
        call = Call(
            "POST", str(self.document()["token_endpoint"]), form=form, headers=headers, auth=auth, hidden=code
        )
        said = self._json(self._ask(call))
        token = said.get("id_token")
        if not isinstance(token, str):
            raise AnswerUntrueError(why="no id_token")
        return Tokens(self._believed(token, expected), str(said.get("access_token") or ""))

    def told_of(self, tokens: Tokens) -> Mapping[str, Any]:
        """Return what it says of the person: the token's claims, or the userinfo endpoint's where those lack one."""
        there = self.document().get("userinfo_endpoint")
        if "email" in tokens.claims or not isinstance(there, str) or not tokens.access:
            return tokens.claims
        headers = {"Authorization": f"Bearer {tokens.access}", "Accept": "application/json"}
        said = self._json(self._ask(Call("GET", there, headers=headers, hidden=tokens.access)))
        # Else somebody else's answer could be put in the place of this one's (OpenID Connect Core 1.0, 5.3.2).
        if said.get("sub") != tokens.claims["sub"]:
            raise AnswerUntrueError(why="userinfo's sub")
        return said

    def _believed(self, token: str, expected: Expected) -> Mapping[str, Any]:
        try:
            return believe(token, self._known_keys(), expected)
        except KeyUnknownError:
            with self._lock:
                if monotonic() - self._keys_at < _KEYS_AGAIN:
                    raise
            return believe(token, self._known_keys(anew=True), expected)

    def _known_keys(self, *, anew: bool = False) -> KeySet:
        with self._lock:
            known = self._keys
            if known and not anew and monotonic() - self._keys_at < _KEPT:
                return known
        said = self._json(self._ask(Call("GET", str(self.document()["jwks_uri"]))))
        try:
            found = KeySet.import_key_set({"keys": said["keys"]})
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise ProviderSilentError(why="keys") from None
        with self._lock:
            # That it was asked counts also when nothing is new, or whoever shows wrong tokens could keep it busy.
            self._keys, self._keys_at = found, monotonic()
        return found

    def _show_client(self, form: dict[str, str]) -> tuple[str, str] | None:
        if not self._secret:
            form["client_id"] = self.client
            return None
        offered = self.document().get("token_endpoint_auth_methods_supported", [_BASIC])
        if _BASIC not in offered and _POST in offered:
            form |= {"client_id": self.client, "client_secret": self._secret}
            return None
        # Encoded before they are joined (RFC 6749, 2.3.1).
        return quote(self.client, safe=""), quote(self._secret, safe="")

    def _judged(self, url: object) -> str:
        """Return an address that may be asked; what is not https must have been named by the installation."""
        parts = split_address(str(url))
        try:
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            port = 0
        if not parts.hostname or not port or parts.username is not None:
            raise ProviderSilentError(why="address")
        if parts.scheme != "https" and not self._policy.allows(parts.hostname, port):
            raise ProviderSilentError(why="not https")
        return str(url)

    def _ask(self, call: Call) -> Reply:
        parts = split_address(self._judged(call.url))
        named = self._policy.allows(parts.hostname or "", parts.port or _PORTS[parts.scheme])
        try:
            reply = carry_out(
                Call(
                    call.method,
                    call.url,
                    form=call.form,
                    headers=call.headers,
                    auth=call.auth,
                    public_only=not named,
                    hidden=call.hidden,
                    within=_WITHIN,
                )
            )
        except NetworkError as error:
            raise ProviderSilentError(why=type(error).__name__) from None
        return reply

    @staticmethod
    def _json(reply: Reply) -> dict[str, Any]:
        # A code that was used, or a secret that is wrong, is answered with one of these.
        if reply.status in {400, 401, 403}:
            raise AnswerUntrueError(why=f"status {reply.status}")
        try:
            said = reply.json()
        except ValueError:
            said = None
        if reply.status != _OK or not isinstance(said, dict):
            raise ProviderSilentError(why=f"status {reply.status}")
        return said


def _with_query(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
