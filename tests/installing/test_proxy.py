"""The example for nginx as it stands, a real nginx, TLS, and real pages behind it."""

import http.client
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.models.people import SignInAttempt
from tests.story.installation import READY_SECONDS, ROOT, free_port, wait_until
from webapp.session import throttle_key

NAME = "resuena.example.mx"
EXAMPLE = ROOT / "docs" / "installing" / "nginx.conf"
FORGED = "203.0.113.9"


def answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/vivo")
        return connection.getresponse().status < 500
    except OSError:
        return False


@contextmanager
def started(*words: str | Path, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 -- our own program and a real nginx
        [str(one) for one in words], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    shutil.copy(sqlite_template, data / "resuena.db")
    return data / "resuena.db"


@pytest.fixture(scope="module")
def ports(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """The pages behind nginx: the port of http and that of https."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("NOT TESTED: nginx is absent; apt-get install nginx-light")
    place = tmp_path_factory.mktemp("nginx")
    pages, plain, safe = free_port(), free_port(), free_port()
    key, certificate = place / "privkey.pem", place / "fullchain.pem"
    subprocess.run(  # noqa: S603 -- our own words
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",  # noqa: S607 -- wherever it stands
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    site = EXAMPLE.read_text(encoding="utf-8")
    for was, now in (
        ("127.0.0.1:8000", f"127.0.0.1:{pages}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{safe} ssl http2;"),
        (f"/etc/letsencrypt/live/{NAME}", str(place)),
    ):
        assert was in site
        site = site.replace(was, now)
    site = re.sub(r"^ *listen \[::\].*\n", "", site, flags=re.MULTILINE)
    config = place / "nginx.conf"
    config.write_text(
        f"pid {place}/pid; error_log {place}/errors; daemon off; worker_processes 1;\n"
        f"events {{}}\nhttp {{ access_log off; client_body_temp_path {place}/b; proxy_temp_path {place}/p;\n"
        f"fastcgi_temp_path {place}/f; uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;\n{site}}}\n"
    )
    with (
        started(
            sys.executable, "-m", "webapp.cli", "web",
            RESUENA_DATA=str(database.parent), RESUENA_PORT=str(pages), RESUENA_WEB_WORKERS="1",
            RESUENA_HTTPS="yes", RESUENA_PROXIES="1", RESUENA_PUBLIC_URL=f"https://{NAME}",
        ),
        started(nginx, "-c", config),
    ):  # fmt: skip
        wait_until(lambda: answers(pages) and answers(plain), "pages and nginx answer", READY_SECONDS)
        yield plain, safe


class Visitor:
    """A browser that trusts the test's own certificate and keeps its cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self._trusting = ssl._create_unverified_context()  # noqa: S323, SLF001 -- the certificate is the test's own

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self._trusting, timeout=30)
        sent = {"Host": NAME, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, answer.headers, answer.read().decode("utf-8", "replace")


def test_whoever_comes_without_https_is_sent_to_it(ports: tuple[int, int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=10)
    connection.request("GET", "/entrar?a=1", headers={"Host": NAME})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/entrar?a=1")


def test_the_pages_keep_their_headers_and_their_cookies_are_for_https(ports: tuple[int, int]) -> None:
    status, headers, page = Visitor(ports[1]).ask("GET", "/entrar")
    assert (status, "Resuena" in page) == (200, True)
    assert "max-age=" in headers["Strict-Transport-Security"]
    assert "nonce-" in headers["Content-Security-Policy"]
    assert headers["Set-Cookie"].startswith("__Host-formas=")
    assert "Secure" in headers["Set-Cookie"]
    assert "nginx/" not in headers["Server"]


def test_the_number_of_a_request_is_the_proxys_and_nobody_elses(ports: tuple[int, int]) -> None:
    _status, headers, _page = Visitor(ports[1]).ask("GET", "/entrar", X_Request_ID="visitor-12345678")
    assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-ID"])


def test_a_visitor_cannot_pretend_another_address(ports: tuple[int, int], database: Path) -> None:
    visitor = Visitor(ports[1])
    _status, _headers, page = visitor.ask("GET", "/entrar")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    form = urlencode({"csrf_token": token, "email": "nadie@ejemplo.mx", "password": "ninguna"})
    status, _headers, _page = visitor.ask(
        "POST", "/entrar", form, X_Forwarded_For=FORGED, Forwarded=f"for={FORGED}",
        Content_Type="application/x-www-form-urlencoded", Referer=f"https://{NAME}/entrar",
    )  # fmt: skip
    assert status in {200, 401, 422}
    opened = Database(f"sqlite:///{database}")
    with opened.reading() as session:
        keys = set(session.scalars(select(SignInAttempt.key)))
    opened.dispose()
    assert throttle_key("address", "127.0.0.1") in keys
    assert throttle_key("address", FORGED) not in keys


def test_links_are_of_the_name_that_people_type_whatever_a_visitor_says(ports: tuple[int, int]) -> None:
    _status, _headers, feed = Visitor(ports[1]).ask(
        "GET", "/publico/publicaciones.atom", X_Forwarded_Host="evil.example", X_Forwarded_Proto="http"
    )
    assert f"https://{NAME}/" in feed
    assert "evil.example" not in feed


def test_what_is_larger_than_any_upload_is_refused_before_it_is_read(ports: tuple[int, int]) -> None:
    visitor = Visitor(ports[1])
    status, _headers, _page = visitor.ask(
        "POST", "/entrar", Content_Length=str(111 << 20), Connection="close"
    )
    assert status == 413
    # The control: what is smaller reaches the pages, which ask for the form's token.
    status, _headers, _page = visitor.ask("POST", "/entrar", "x" * (1 << 20))
    assert status in {400, 403}


def test_files_that_do_not_change_stay_in_the_browser(ports: tuple[int, int]) -> None:
    visitor = Visitor(ports[1])
    _status, _headers, page = visitor.ask("GET", "/entrar")
    sheet = re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page)[0].replace("&amp;", "&")
    status, headers, _text = visitor.ask("GET", sheet)
    assert status == 200
    assert "ETag" in headers or "max-age" in headers.get("Cache-Control", "")
    assert visitor.ask("GET", sheet, If_None_Match=headers["ETag"])[0] == 304


def test_numbers_and_health_answer_this_machine(ports: tuple[int, int]) -> None:
    visitor = Visitor(ports[1])
    assert visitor.ask("GET", "/salud")[0] == 503  # no worker runs here
    assert visitor.ask("GET", "/metricas")[0] == 403
