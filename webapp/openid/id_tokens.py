"""Whether an ID token may be believed (OpenID Connect Core 1.0, 3.1.3.7). Pure: keys and clock are given.

Signatures are joserfc's work; only asymmetric ones are taken, so that neither ``none`` nor a public key shown as the
secret of an HMAC gets through (RFC 8725, 3.1).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from webapp.openid.faults import AnswerUntrueError

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
)  # fmt: skip
# How far the provider's clock and ours may be apart.
LEEWAY = timedelta(seconds=60)
# A token is fetched as soon as the browser is back: one made long before belongs to another sign-in.
OLDEST = timedelta(minutes=10)


class KeyUnknownError(AnswerUntrueError):
    """Signed by a key that is not among those known: the provider may have new ones."""

    code = "provider_key_unknown"


@dataclass(frozen=True)
class Expected:
    """What a token is held against. ``fresh_since`` is set when the person had to show again who they are."""

    issuer: str
    client: str
    nonce: str
    at: datetime
    fresh_since: datetime | None = None


def believe(token: str, keys: KeySet, expected: Expected) -> Mapping[str, Any]:
    """Return the claims of a token that holds; raise KeyUnknownError or AnswerUntrueError saying what does not."""
    try:
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except InvalidKeyIdError:
        raise KeyUnknownError(why="key") from None
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise AnswerUntrueError(why=f"signature: {type(error).__name__}") from None
    _must_be_ours(claims, expected)
    _must_be_now(claims, expected)
    if not _alike(claims.get("nonce"), expected.nonce):
        raise AnswerUntrueError(why="nonce")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise AnswerUntrueError(why="sub")
    return claims


def _must_be_ours(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise AnswerUntrueError(why="iss")
    said = claims.get("aud")
    audience = said if isinstance(said, list) else [said]
    if expected.client not in audience:
        raise AnswerUntrueError(why="aud")
    # With several audiences it must have been made for us; where it says for whom, that must be us.
    if (len(audience) > 1 or "azp" in claims) and claims.get("azp") != expected.client:
        raise AnswerUntrueError(why="azp")


def _must_be_now(claims: Mapping[str, Any], expected: Expected) -> None:
    ends, made = _moment(claims, "exp"), _moment(claims, "iat")
    at, leeway = expected.at.timestamp(), LEEWAY.total_seconds()
    if ends <= at - leeway:
        raise AnswerUntrueError(why="exp")
    if not at - OLDEST.total_seconds() <= made <= at + leeway:
        raise AnswerUntrueError(why="iat")
    if "nbf" in claims and _moment(claims, "nbf") > at + leeway:
        raise AnswerUntrueError(why="nbf")
    if expected.fresh_since and _moment(claims, "auth_time") < expected.fresh_since.timestamp() - leeway:
        raise AnswerUntrueError(why="auth_time")


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LAST:
        raise AnswerUntrueError(why=name)
    return float(value)


# The year 9999: what is later is no moment.
_LAST = 253_402_300_800


def _alike(said: object, expected: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(), expected.encode())


def factors_of(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return how the provider says that the person proved who they are: ``acr`` and the values of ``amr``."""
    methods = claims.get("amr")
    said = [claims.get("acr"), *(methods if isinstance(methods, list) else [])]
    return frozenset(one for one in said if isinstance(one, str) and one)
