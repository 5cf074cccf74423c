"""What is compressed: pages last of all, and the files of static/; who takes no gzip gets none."""

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.webapp.calendar.conftest import house  # noqa: F401 -- a fixture
from tests.webapp.conftest import Browser
from webapp import unchanged

pytestmark = pytest.mark.usefixtures("house")
ClientAs = Callable[..., Browser]
BOARD = "/calendario/2030/6"
TAKES = {"Accept-Encoding": "gzip, deflate, br"}


def page_of(answer: TestResponse) -> str:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(answer.data) if packed else answer.data).decode()


def test_a_board_that_is_answered_again_runs_under_its_own_nonce_compressed_or_not(
    client_as: ClientAs,
) -> None:
    eva = client_as("editor", "eva").client
    packed = [eva.get(BOARD, headers=TAKES) for _ in range(4)]
    plain = [eva.get(BOARD, headers=headers) for headers in ({}, {"Accept-Encoding": "gzip;q=0"})]
    assert [one.headers.get("Content-Encoding") for one in (*packed, *plain)] == ["gzip"] * 4 + [None] * 2
    nonces = set()
    for answer in (*packed, *plain):
        assert "Accept-Encoding" in answer.headers["Vary"]
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', page_of(answer)))
        assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
        nonces.add(nonce)
    assert len(nonces) == 6
    assert len({len(one.data) for one in packed}) > 1  # its length tells nothing (BREACH)


def test_a_style_sheet_comes_compressed_and_only_once(app: Flask) -> None:
    client = app.test_client()
    path = "/static/css/theme.css"
    packed, plain = client.get(path, headers=TAKES), client.get(path)
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    again = client.get(path, headers={**TAKES, "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head(path, headers=TAKES).headers["Content-Length"] == str(len(packed.data))


def test_a_database_that_does_not_say_whether_it_changed_leaves_the_answer_to_the_application(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    eva = client_as("editor", "eva").client
    assert [eva.get(BOARD).status_code for _ in range(2)] == [200, 200]

    def away(_stamp: unchanged.Stamp) -> object:
        raise OperationalError("", {}, OSError())

    monkeypatch.setattr(unchanged.Stamp, "read", away)
    assert eva.get(BOARD).status_code == 200
