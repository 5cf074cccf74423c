"""A Mastodon server that nobody here wrote: PyPI's mastodon-mock, in an environment of its own, on loopback only.

Its packages are pinned by hash in the file beside this one. It keeps what is posted, honours the
Idempotency-Key, and answers by rules that a test adds; so a test can also be told what other servers say.
"""

import hashlib
import shutil
import socket
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.wire import Call, carry_out

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "mastodon_mock.requirements.txt"
FOLDER = HERE.parents[1] / ".counterparts" / "mastodon-mock"
STAMP = FOLDER / "resuena.stamp"
INSTALL_SECONDS, STOP_SECONDS = 600, 10
OWN, OTHER = "cvpdcs", "medios"
HINT = "python -m tests.counterparts"

# Listens on the socket that it inherits, so that no port is guessed; ends with its standard input.
SERVE = """
import os, sys, threading
import uvicorn
from mastodon_mock.app import create_app
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig, SeedAccount, SeedConfig

threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
accounts = [SeedAccount(username=name, access_token=f"ficha-de-{name}") for name in sys.argv[3].split(",")]
config = MastodonMockConfig(
    domain=sys.argv[2], url_scheme="http", database=DatabaseConfig(path=":memory:"), seed=SeedConfig(accounts=accounts)
)
uvicorn.run(create_app(config), fd=int(sys.argv[1]), log_level="critical", server_header=False)
"""


def _python() -> Path:
    return FOLDER / "bin" / "python"


def _recipe() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()


def is_installed() -> bool:
    """Whether what is installed is what would be installed now."""
    try:
        return STAMP.read_text(encoding="ascii") == _recipe()
    except OSError:
        return False


def install() -> str:
    """Install the server unless it is there; return what is missing, or nothing."""
    if is_installed():
        return ""
    sys.stdout.write("Instalando el servidor de Mastodon para las pruebas…\n")
    sys.stdout.flush()
    shutil.rmtree(FOLDER, ignore_errors=True)
    venv.create(FOLDER, with_pip=True)
    command = [str(_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run(  # noqa: S603 -- our own words
            [*command, "--require-hashes", "-r", str(REQUIREMENTS)],
            check=True,
            timeout=INSTALL_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (error.output or b"").decode("utf-8", "replace")[-2000:]
        return f"No se pudo instalar el servidor de Mastodon. Revisa la red y corre: {HINT}\n{said}"
    STAMP.write_text(_recipe(), encoding="ascii")
    return ""


@dataclass
class MastodonServer:
    """The running server, and what a test asks of it past the code under test."""

    port: int

    @property
    def url(self) -> str:
        """Its address, as a number."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def domain(self) -> str:
        """Its address as it calls itself, in the links to its posts."""
        return f"localhost:{self.port}"

    def token(self, name: str = OWN) -> str:
        """The access token of one of its accounts."""
        return f"ficha-de-{name}"

    def ask(self, method: str, route: str, name: str = OWN, **asked: Any) -> Any:  # noqa: ANN401 -- any JSON value
        """The answer to one call; a refusal fails the test."""
        call = Call(
            method, self.url + route, headers={"Authorization": f"Bearer {self.token(name)}"}, **asked
        )
        reply = carry_out(call)
        assert reply.status == 200, (route, reply.status, reply.body)
        return reply.json()

    def ask_bytes(self, url: str) -> bytes:
        """What it keeps at one of its own addresses."""
        return carry_out(Call("GET", url)).body

    def forget(self) -> None:
        """Start anew: no posts, no rules."""
        self.ask("POST", "/api/v1/_mock/reset")

    def answer(
        self,
        method: str,
        path: str,
        status: int,
        body: object,
        headers: Mapping[str, str] | None = None,
        count: int | None = 1,
    ) -> None:
        """Answer so to the next ``count`` calls of that path (``*`` fits anything), and do nothing else."""
        effect = {"type": "status", "status": status, "body": body, "headers": dict(headers or {})}
        rule = {"match": {"methods": [method], "path": path}, "effect": effect, "count": count}
        self.ask("POST", "/api/v1/_mock/faults", json=rule)

    def posts(self, name: str = OWN) -> list[dict[str, Any]]:
        """What an account has posted and reposted, the newest first."""
        account = self.ask("GET", "/api/v1/accounts/verify_credentials", name)["id"]
        found: list[dict[str, Any]] = self.ask("GET", f"/api/v1/accounts/{account}/statuses", name)
        return found


@contextmanager
def running() -> Iterator[MastodonServer]:
    """Run the server in a process of its own, which ends with this one whatever happens."""
    if not is_installed():
        msg = f"the Mastodon server is not installed, so nothing is tested against it: {HINT}"
        raise AssertionError(msg)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = MastodonServer(listening.getsockname()[1])
        process = subprocess.Popen(  # noqa: S603 -- our own words
            [str(_python()), "-c", SERVE, str(listening.fileno()), server.domain, f"{OWN},{OTHER}"],
            stdin=subprocess.PIPE,
            pass_fds=[listening.fileno()],
        )
    with process:
        try:
            # The socket listens already, so the first call waits until the server answers it.
            server.ask("GET", "/api/v1/accounts/verify_credentials")
            yield server
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


if __name__ == "__main__":
    sys.exit(install())
