"""What a person would write instead of our packs: zipstream-ng over a folder, behind the same web server."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from zipstream import ZipStream

from tests.bench._measure import told

FOLDER = "BENCH_ZIPSTREAM_FOLDER"
_THREADS = 4


def application(_asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the folder as a ZIP, stored, its length told."""
    made = ZipStream(sized=True)
    for path in sorted(Path(os.environ[FOLDER]).iterdir()):
        made.add_path(path, f"imagenes/{path.name}")
    start("200 OK", [("Content-Type", "application/zip"), ("Content-Length", str(len(made)))])
    pieces: Iterable[bytes] = iter(made)
    return pieces


def main() -> None:
    """Serve until ended, with the threads that our own server has."""
    os.environ[FOLDER] = told()["folder"]
    Granian(
        "tests.bench._zipstream:application",
        address="127.0.0.1",
        port=told()["port"],
        interface=Interfaces.WSGI,
        blocking_threads=_THREADS,
        log_access=False,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main()
