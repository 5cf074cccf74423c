"""A passkey device in software: makes a key of P-256, and signs as WebAuthn, level 2, says in §6.1 and §6.5."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENT, _ATTESTED = 0x01, 0x40


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """One device, of one site."""

    def __init__(self, origin: str = "http://localhost", site: str = "localhost") -> None:
        self._origin, self._site = origin, hashlib.sha256(site.encode()).digest()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self._origin}).encode()

    def make(self, options: str) -> str:
        """Return, as JSON, what a browser says of a new passkey."""
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._site + bytes([_PRESENT | _ATTESTED]) + self.count.to_bytes(4, "big") + held
        said = {
            "clientDataJSON": _b64(self._client("webauthn.create", json.loads(options)["challenge"])),
            "attestationObject": _b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._credential(said)

    def sign(self, options: str) -> str:
        """Return, as JSON, what a browser says of a passkey that signed."""
        self.count += 1
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        data = self._site + bytes([_PRESENT]) + self.count.to_bytes(4, "big")
        signed = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": _b64(client), "authenticatorData": _b64(data), "signature": _b64(signed)}
        return self._credential(said)

    def _credential(self, said: dict[str, str]) -> str:
        shown = _b64(self.id)
        return json.dumps({"id": shown, "rawId": shown, "type": "public-key", "response": said})
