"""Start the pages and the worker, tell how to enter, and stop both when told to: ``resuena run`` becomes this.

It loads next to nothing, since it is there as long as Resuena is.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

_EVERY = 0.1
_TRIES = 600
# A call that is under way may last this long; ending it sooner would leave a doubt.
STOP_SECONDS = 90

Started = list["subprocess.Popen[bytes]"]


class Stop:
    """Set by the signal that asks us to stop."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True


def is_taken(host: str, port: int) -> bool:
    """Return whether another program has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def watch(host: str, port: int, told: str) -> int:
    """Start both, say ``told`` when the pages answer, and stay until told to stop or until one of them ends.

    Returns the exit status: 0 when it was told to stop, otherwise that of the process that ended.
    """
    stop = Stop()
    started: Started = [
        subprocess.Popen([sys.executable, "-m", "webapp.cli", name])  # noqa: S603 -- our own program
        for name in ("web", "worker")
    ]
    _say("Arrancando las páginas y el publicador…")
    try:
        if _wait_until_ready(host, port, started, stop):
            _say(f"\nResuena está en http://{host}:{port}/\n{told}\nPara salir: Ctrl+C\n")
        return _wait(started, stop)
    finally:
        _end(started)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _wait_until_ready(host: str, port: int, started: Started, stop: Stop) -> bool:
    for _ in range(_TRIES):
        if stop.asked or any(one.poll() is not None for one in started):
            break
        line = HTTPConnection(host, port, timeout=2)
        try:
            line.request("GET", "/entrar")
            if line.getresponse().status < 400:  # noqa: PLR2004 -- HTTP's own line between done and not
                return True
        except (HTTPException, OSError):
            pass
        finally:
            line.close()
        time.sleep(_EVERY)  # the server is another process: there is nothing to wait on
    return False


def _wait(started: Started, stop: Stop) -> int:
    while not stop.asked:
        for one in started:
            status = one.poll()
            if status is not None:
                return status or 1
        time.sleep(0.2)  # two children to watch, and signals end the sleep
    return 0


def _end(started: Started) -> None:
    for one in started:
        one.terminate()
    for one in started:
        try:
            one.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            one.kill()


def main() -> None:
    """Watch, with what ``starting.run`` left: the address, the port, and the pipe that tells how to enter."""
    os.umask(0o077)
    host, port, pipe = sys.argv[1:]
    told = Path(f"/dev/fd/{pipe}").read_text(encoding="utf-8")
    os.close(int(pipe))
    sys.exit(watch(host, int(port), told))


if __name__ == "__main__":
    main()
