"""The simulated X's OAuth 2: codes with PKCE, access tokens that end, refresh tokens good for one use.

Using a refresh token twice ends its whole family, as X does.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

CODE_LIFE_S, ACCESS_LIFE_S = 30, 7_200
# As X says it of a token that was used up or never was one.
BAD_TOKEN = (
    400,
    {"error": "invalid_request", "error_description": "Value passed for the token was invalid."},
)
BAD_CODE = (
    400,
    {"error": "invalid_request", "error_description": "Value passed for the authorization code was invalid."},
)


@dataclass
class Family:
    """All that came from one consent."""

    user: str
    scope: str
    access: dict[str, float] = field(default_factory=dict)
    refresh: str = ""
    used: set[str] = field(default_factory=set)
    dead: bool = False


@dataclass
class Code:
    client: str
    user: str
    redirect_uri: str
    challenge: str
    scope: str
    until: float


@dataclass
class Tokens:
    """``apps`` are the registered ones and their secrets; ``consenting`` is who says yes next."""

    apps: dict[str, str] = field(default_factory=lambda: {"ficha-de-app": "secreto-de-app"})
    consenting: str = "42"
    codes: dict[str, Code] = field(default_factory=dict)
    families: list[Family] = field(default_factory=list)

    def authorize(self, asked: Mapping[str, str], now: float) -> str:
        """Where the browser goes once the person has said yes; empty when the request is wrong."""
        if asked.get("client_id") not in self.apps or asked.get("code_challenge_method") != "S256":
            return ""
        code = token_urlsafe(24)
        self.codes[code] = Code(
            asked["client_id"],
            self.consenting,
            asked["redirect_uri"],
            asked["code_challenge"],
            asked["scope"],
            now + CODE_LIFE_S,
        )
        return f"{asked['redirect_uri']}?state={asked['state']}&code={code}"

    def user_of(self, access: str, now: float) -> str:
        """Whose token it is; empty when it opens nothing (any more)."""
        for family in self.families:
            if not family.dead and family.access.get(access, 0) > now:
                return family.user
        return ""

    def token(self, basic: str, asked: Mapping[str, str], now: float) -> tuple[int, dict[str, Any]]:
        """The token endpoint."""
        client, _, secret = base64.b64decode(basic).decode().partition(":")
        if self.apps.get(client) != secret:
            return 401, {
                "error": "unauthorized_client",
                "error_description": "Missing valid authorization header",
            }
        if asked.get("grant_type") == "authorization_code":
            return self._redeem(client, asked, now)
        if asked.get("grant_type") == "refresh_token":
            return self._refresh(asked.get("refresh_token", ""), now)
        return 400, {"error": "unsupported_grant_type", "error_description": "grant_type"}

    def _redeem(self, client: str, asked: Mapping[str, str], now: float) -> tuple[int, dict[str, Any]]:
        code = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if code is None or (code.client, code.redirect_uri) != (client, asked.get("redirect_uri")):
            return BAD_CODE
        if code.until < now or code.challenge != proof:
            return BAD_CODE
        family = Family(code.user, code.scope)
        self.families.append(family)
        return self._issue(family, now)

    def _refresh(self, token: str, now: float) -> tuple[int, dict[str, Any]]:
        for family in self.families:
            if token in family.used:
                family.dead = True
            elif token == family.refresh and not family.dead:
                return self._issue(family, now)
        return BAD_TOKEN

    def _issue(self, family: Family, now: float) -> tuple[int, dict[str, Any]]:
        family.used |= {family.refresh} - {""}
        access, refresh = token_urlsafe(32), token_urlsafe(32)
        family.access[access] = now + ACCESS_LIFE_S
        said: dict[str, Any] = {
            "token_type": "bearer",
            "expires_in": ACCESS_LIFE_S,
            "access_token": access,
            "scope": family.scope,
        }
        if "offline.access" in family.scope.split():
            family.refresh = said["refresh_token"] = refresh
        return 200, said

    def told(self) -> list[dict[str, Any]]:
        """Each family: whose, alive or dead, and how often it was renewed."""
        return [{"user": one.user, "dead": one.dead, "renewed": len(one.used)} for one in self.families]
