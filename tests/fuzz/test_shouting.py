"""What is no HTTP, or nearly: the real web server refuses it or hangs up, and goes on answering everybody else."""

import shutil
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fuzz.shouting import NEARLY, NO_HTTP, SOUND, code_of, say, shout
from tests.story.installation import free_port, wait_until
from tests.story.test_shutdown import started


def test_what_is_no_http_is_refused_or_cut_off_and_a_page_opens_afterwards(
    tmp_path: Path, sqlite_template: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "resuena.db")
    port = free_port()
    with started("web", f"sqlite:///{tmp_path}/resuena.db", tmp_path, RESUENA_PORT=str(port)) as server:
        wait_until(
            lambda: server.poll() is not None or code_of(say(port, SOUND)) == "200",
            "the web server listens",
            240,
        )
        tally = shout(port)
        assert tally.faults == []
        assert server.poll() is None
    assert sum(tally.answers.values()) == len(NO_HTTP) + len(NEARLY)
    # Nearly sound ones reach a page, or nothing behind the server would have been asked.
    assert tally.answers["200"]
    assert tally.answers["400"] >= 10


class Fragile(socketserver.BaseRequestHandler):
    """Tells how it is made when it does not understand."""

    def handle(self) -> None:
        """Answer anything with its own fault."""
        self.request.recv(100)
        self.request.sendall(b"HTTP/1.1 500 Oops\r\n\r\nTraceback (most recent call last)")


@contextmanager
def fragile() -> Iterator[int]:
    """Run such a server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Fragile) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_control_a_server_that_breaks_is_found_out() -> None:
    with fragile() as port:
        faults = shout(port).faults
    assert [one for one in faults if one.startswith("noise: b'HTTP/1.1 500 Oops")]
    assert "noise: tells how it is made" in faults
    assert "afterwards a page is not opened: 500" in faults


def test_control_a_server_that_is_gone_is_found_out() -> None:
    assert shout(free_port()).faults == ["afterwards a page is not opened: cut off"]
