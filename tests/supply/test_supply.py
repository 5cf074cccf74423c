"""What looks at what we take from others: each finds what it is for, and does not pass when it could not look."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.supply import bill, code, leaks, licences
from tests.supply.audit import NOT_ASKED, WEAK, WELL, of_npm, of_python

ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:9"


@contextmanager
def answering(said: object) -> Iterator[str]:
    """A service on this machine that says the same to everybody."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's own name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_bill_names_all_that_is_locked_is_valid_and_comes_out_the_same_twice() -> None:
    text = bill.bill(ROOT)
    assert text == bill.bill(ROOT)
    assert bill.faults_of(text) == []
    named = {one["name"] for one in json.loads(text)["components"]}
    assert {"flask", "sqlalchemy", "psycopg", "htmx.org", "@tabler/core"} <= named
    assert {"pytest", "axe-core"} & named == set()
    # The control: a bill that does not follow the schema is told.
    assert bill.faults_of(text.replace('"type": "library"', '"type": "book"', 1))


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("(MIT OR WTFPL)", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-only", False),
        ("UNKNOWN", False),
    ],
)
def test_a_licence_is_allowed_by_all_its_parts(licence: str, *, allowed: bool) -> None:
    assert licences.is_allowed(licence) is allowed


def test_bandit_finds_what_no_line_explains(tmp_path: Path) -> None:
    room = tmp_path / "scheduler"
    room.mkdir()
    (room / "a.py").write_text("import hashlib\n\nhashlib.md5(b'a')\n")
    (room / "b.py").write_text("import hashlib\n\nhashlib.md5(b'a')  # noqa: S324 -- a name, not a seal\n")
    (fault,) = code.found(tmp_path, ("scheduler",))
    assert fault.startswith("scheduler/a.py:3: B324")


@pytest.mark.drill
def test_a_key_in_a_file_is_found_and_not_told(tmp_path: Path) -> None:
    key = "ghp_" + "1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ"
    (tmp_path / "a.py").write_text(f'TOKEN = "{key}"\n')
    (tmp_path / "b.py").write_text('TOKEN = "none"\n')
    faults = leaks.found(tmp_path, ["a.py", "b.py"])
    assert [fault.split(":")[0] for fault in faults] == ["a.py"]
    assert key not in str(faults)


def test_an_audit_that_nobody_answers_does_not_pass(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"flask==3.1.0 --hash=sha256:{'a' * 64}\n")
    silent = of_python(lock, NOBODY)
    assert (silent.status, "NOT AUDITED" in silent.told) == (NOT_ASKED, True)
    with answering({}) as url:
        assert of_python(lock, url).status == WELL
    weakness = {
        "id": "OSV-1",
        "summary": "s",
        "affected": [],
        "modified": "2026-01-01T00:00:00Z",
        "schema_version": "1.0",
    }
    with answering({"vulns": [weakness]}) as url:
        weak = of_python(lock, url)
    assert (weak.status, "flask 3.1.0: OSV-1" in weak.told) == (WEAK, True)


@pytest.mark.drill
def test_an_audit_of_npm_that_nobody_answers_does_not_pass(tmp_path: Path) -> None:
    lock = {"name": "a", "lockfileVersion": 3, "packages": {
        "": {"name": "a", "dependencies": {"b": "1.0.0"}}, "node_modules/b": {"version": "1.0.0"},
    }}  # fmt: skip
    (tmp_path / "package.json").write_text('{"name": "a", "dependencies": {"b": "1.0.0"}}')
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    silent = of_npm(tmp_path, NOBODY)
    assert (silent.status, "NOT AUDITED" in silent.told) == (NOT_ASKED, True)
    with answering({}) as registry:
        assert of_npm(tmp_path, registry).status == WELL
    weakness = {"id": 1, "url": "", "title": "t", "severity": "high", "vulnerable_versions": "<2.0.0"}
    with answering({"b": [weakness]}) as registry:
        assert of_npm(tmp_path, registry).status == WEAK
