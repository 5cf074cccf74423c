"""Somebody's system that is told what happens: a process of its own, which writes down what it is sent.

``python -m tests.simulators.webhook_receiver FILE STATUS…`` prints its port; it answers with each status in turn, and
with the last one for ever. Each message is a line of JSON in FILE.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]


@dataclass
class Receiver:
    """A receiver that runs: its port, and what it was sent so far."""

    port: int
    file: Path

    @property
    def url(self) -> str:
        """Return the address that it is told at."""
        return f"http://127.0.0.1:{self.port}/avisos"

    def got(self) -> list[dict[str, Any]]:
        """Return each message: its headers, by lower-case name, and its body as text."""
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]


@contextmanager
def receiving(folder: Path, *statuses: int) -> Iterator[Receiver]:
    """Run a receiver as a process until the block ends."""
    file = folder / "received.jsonl"
    file.touch()
    command = [sys.executable, "-m", "tests.simulators.webhook_receiver", str(file), *map(str, statuses)]
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- ourselves
    try:
        assert process.stdout
        yield Receiver(int(process.stdout.readline()), file)
    finally:
        process.kill()
        process.communicate()


def main(file: str, statuses: list[int]) -> None:
    """Receive until killed."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = {
                "path": self.path,
                "headers": {k.lower(): v for k, v in self.headers.items()},
                "body": body.decode(),
            }
            with Path(file).open("a", encoding="utf-8") as out:
                out.write(json.dumps(told) + "\n")
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", self.path + "/otra")
            answer = b'{"gracias": "s\xc3\xad"}'
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    print(server.server_address[1], flush=True)  # noqa: T201 -- how whoever started it learns the port
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], [int(one) for one in sys.argv[2:]])
