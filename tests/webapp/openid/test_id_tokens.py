"""What an ID token has to hold to be believed; each lie by itself, beside the one that is true."""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from webapp.openid.faults import AnswerUntrueError
from webapp.openid.id_tokens import Expected, KeyUnknownError, believe, factors_of

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOW = int(AT.timestamp())
EXPECTED = Expected("https://entrar.ejemplo.mx", "resuena", "una-vez", AT)
KEY = RSAKey.generate_key(2048, {"kid": "uno", "alg": "RS256", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "uno"})
CURVE = ECKey.generate_key("P-256", {"kid": "dos", "alg": "ES256"})
KEYS = KeySet([RSAKey.import_key(KEY.as_dict(private=False)), ECKey.import_key(CURVE.as_dict(private=False))])
CLAIMS: dict[str, Any] = {
    "iss": "https://entrar.ejemplo.mx",
    "sub": "ana",
    "aud": "resuena",
    "nonce": "una-vez",
    "iat": NOW - 1,
    "exp": NOW + 300,
}


def signed(claims: Mapping[str, Any], key: Any = KEY, alg: str = "RS256", kid: str = "uno") -> str:  # noqa: ANN401 -- any key
    """Return a token as a provider signs one."""
    return jwt.encode({"alg": alg, "kid": kid}, dict(claims), key, algorithms=[alg])


def unsigned(header: Mapping[str, Any]) -> str:
    """Return a token that nobody signed."""
    parts = (json.dumps(one).encode() for one in (header, CLAIMS))
    return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts) + "."


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"aud": ["resuena"]},
        {"aud": ["resuena", "otra"], "azp": "resuena"},
        # Their clock may be a minute off.
        {"exp": NOW - 30, "iat": NOW - 330},
        {"iat": NOW + 30},
    ],
)
def test_what_holds_is_believed(changed: dict[str, Any]) -> None:
    assert believe(signed({**CLAIMS, **changed}), KEYS, EXPECTED)["sub"] == "ana"


def test_another_algorithm_of_the_list_is_believed_too() -> None:
    assert believe(signed(CLAIMS, CURVE, "ES256", "dos"), KEYS, EXPECTED)["sub"] == "ana"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"iss": "https://entrar.ejemplo.mx/"}, "iss"),
        ({"iss": "https://malo.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "otra"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": ["resuena", "otra"]}, "azp"),
        ({"aud": ["resuena", "otra"], "azp": "otra"}, "azp"),
        ({"azp": "otra"}, "azp"),
        ({"nonce": "otra-vez"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["una-vez"]}, "nonce"),
        ({"exp": NOW - 61}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": "mañana"}, "exp"),
        ({"exp": 10**30}, "exp"),
        ({"iat": NOW + 61}, "iat"),
        ({"iat": NOW - 601}, "iat"),
        ({"iat": None}, "iat"),
        ({"nbf": NOW + 61}, "nbf"),
        ({"sub": ""}, "sub"),
        ({"sub": None}, "sub"),
        ({"sub": 7}, "sub"),
    ],
)
def test_a_claim_that_lies_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(AnswerUntrueError) as refused:
        believe(signed({**CLAIMS, **changed}), KEYS, EXPECTED)
    assert refused.value.params["why"] == why


def test_an_unknown_key_is_told_apart_so_that_new_keys_are_asked_for() -> None:
    with pytest.raises(KeyUnknownError):
        believe(signed(CLAIMS, kid="nuevo"), KEYS, EXPECTED)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed(CLAIMS, OTHER), id="another's key under the same name"),
        pytest.param(signed(CLAIMS)[:-4] + "AAAA", id="a signature that was changed"),
        pytest.param(unsigned({"alg": "none"}), id="no algorithm"),
        pytest.param(unsigned({"alg": "none", "kid": "uno"}), id="no algorithm, a known key"),
        pytest.param(unsigned({"alg": "RS256", "kid": "uno"}), id="no signature"),
        pytest.param(unsigned({}), id="an empty header"),
        pytest.param("", id="nothing"),
        pytest.param("a.b", id="two parts"),
        pytest.param("ñ.ñ.ñ", id="no base64"),
        pytest.param("a" * 100_000, id="very long"),
    ],
)
def test_what_the_provider_did_not_sign_is_refused(token: str) -> None:
    with pytest.raises(AnswerUntrueError):
        believe(token, KEYS, EXPECTED)


def test_the_public_key_is_no_secret_of_an_hmac() -> None:
    parts = [{"alg": "HS256", "kid": "uno"}, CLAIMS]
    said = b".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts)
    for secret in (KEY.as_pem(private=False), json.dumps(KEY.as_dict(private=False)).encode()):
        mark = base64.urlsafe_b64encode(hmac.digest(secret, said, "sha256")).rstrip(b"=")
        with pytest.raises(AnswerUntrueError):
            believe(f"{said.decode()}.{mark.decode()}", KEYS, EXPECTED)


def test_a_secret_that_the_provider_publishes_among_its_keys_signs_nothing() -> None:
    secret = OctKey.import_key(
        {"kty": "oct", "k": "c2VjcmV0by1kZS10cmVpbnRhLXktZG9zLWJ5dGVzIQ", "kid": "tres"}
    )
    forged = signed(CLAIMS, secret, "HS256", "tres")
    with pytest.raises(AnswerUntrueError):
        believe(forged, KeySet([*KEYS.keys, secret]), EXPECTED)
    # The control: a reader that took HMACs would have believed it.
    assert jwt.decode(forged, secret, algorithms=["HS256"]).claims["sub"] == "ana"


def test_who_had_to_show_it_again_did_so_lately() -> None:
    expected = Expected(EXPECTED.issuer, "resuena", "una-vez", AT, AT - timedelta(minutes=10))
    assert believe(signed({**CLAIMS, "auth_time": NOW - 20}), KEYS, expected)["sub"] == "ana"
    for said in ({}, {"auth_time": NOW - 3600}):
        with pytest.raises(AnswerUntrueError):
            believe(signed({**CLAIMS, **said}), KEYS, expected)


def test_how_they_proved_it_is_read_from_both_claims() -> None:
    assert factors_of({"acr": "alto", "amr": ["pwd", "otp", 7]}) == {"alto", "pwd", "otp"}
    assert factors_of({"acr": None, "amr": "otp"}) == frozenset()
