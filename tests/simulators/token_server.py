"""An authorisation server on loopback: codes with PKCE, and refresh tokens that are good for one use.

A refresh token that comes a second time ends its whole family, as RFC 9700 section 4.14.2 advises. Faults are
asked for by the test: the answer of the next calls is lost, refused before anything is done, or held back.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

APP = {"client_id": "resuena-de-prueba", "client_secret": "secreto-de-registro-4411"}


@dataclass
class Family:
    """What one permission became: its one good refresh token, its access token, how often it was renewed."""

    handle: str
    remote_id: str
    refresh: str = ""
    access: str = ""
    renewals: int = 0
    dead: bool = False
    used: set[str] = field(default_factory=set)

    def turn(self) -> dict[str, Any]:
        self.used.add(self.refresh)
        self.refresh, self.access = f"r-{secrets.token_hex(8)}", f"a-{secrets.token_hex(8)}"
        return {"access_token": self.access, "refresh_token": self.refresh, "expires_in": 7200}


class TokenServer:
    """The server; its families by name, its codes, and the fates of the next calls."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.families: list[Family] = []
        # code -> challenge, redirect address, family
        self.codes: dict[str, tuple[str, str, Family]] = {}
        # lost_answer: done, and the answer never comes. down: nothing is done, 503. strange: 200 that says nothing.
        self.fates: deque[str] = deque()
        self.renewed, self.answering = threading.Event(), threading.Event()
        self.answering.set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the interface
                pass

            def do_GET(self) -> None:
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                self._say(*server.who(token))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                asked = {key: values[0] for key, values in parse_qs(body).items()}
                status, said = server.token(asked)
                if said is None:
                    self.close_connection = True
                    return
                self._say(status, said)

            def _say(self, status: int, said: dict[str, Any]) -> None:
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.answering.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def family(self, handle: str, remote_id: str = "") -> Family:
        made = Family(handle, remote_id or secrets.token_hex(4))
        made.turn()
        with self.lock:
            self.families.append(made)
        return made

    def allow(self, address: str, handle: str, remote_id: str = "7001") -> str:
        """Let a person say yes on the page of ``address``; return the code that the browser carries back."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == APP["client_id"]
        code = secrets.token_hex(6)
        self.codes[code] = (asked["code_challenge"], asked["redirect_uri"], self.family(handle, remote_id))
        return code

    def who(self, token: str) -> tuple[int, dict[str, Any]]:
        with self.lock:
            if self.fates and self.fates[0] == "down":
                self.fates.popleft()
                return 503, {"error": "down"}
            found = next((one for one in self.families if one.access == token and not one.dead), None)
        if found is None:
            return 401, {"error": "invalid_token"}
        return 200, {"handle": found.handle, "id": found.remote_id, "max_length": 500}

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any] | None]:
        with self.lock:
            fate = self.fates.popleft() if self.fates else ""
            if fate == "down":
                return 503, {"error": "down"}
            if {key: asked.get(key) for key in APP} != APP:
                return 401, {"error": "invalid_client"}
            status, said = self._exchange(asked) if "code" in asked else self._refresh(asked)
        self.renewed.set()
        self.answering.wait()
        if fate == "lost_answer":
            return status, None
        return status, {} if fate == "strange" else said

    def _exchange(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        challenge, redirect_uri, family = self.codes.pop(asked["code"], ("", "", Family("", "")))
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if proof != challenge or asked["redirect_uri"] != redirect_uri:
            return 400, {"error": "invalid_grant"}
        return 200, family.turn()

    def _refresh(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        token = asked.get("refresh_token", "")
        for family in self.families:
            if family.refresh == token and not family.dead:
                family.renewals += 1
                return 200, family.turn()
            if token in family.used:
                family.dead = True
        return 400, {"error": "invalid_grant"}
