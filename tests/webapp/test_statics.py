"""Static files are answered before the application: with strict headers, a tag, and nothing from elsewhere."""

from pathlib import Path

import pytest
from flask import Flask

FILE = "/static/js/page.js"


def test_a_file_comes_whole_and_then_only_that_it_has_not_changed(app: Flask) -> None:
    browser = app.test_client()
    first = browser.get(FILE)
    assert first.status_code == 200
    assert first.get_data() == Path("webapp/static/js/page.js").read_bytes()
    assert first.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in first.headers["Content-Security-Policy"]
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = browser.get(FILE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert browser.head(FILE).get_data() == b""


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/", "/static/js"])
def test_nothing_else_is_a_file(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 404
