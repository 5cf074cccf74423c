"""Static files are answered before the application: with strict headers, a tag, and nothing from elsewhere."""

import re
from pathlib import Path

import pytest
from flask import Flask

from webapp.icons import drawing_of

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


def test_the_frame_is_one_sheet_and_one_script_that_asks_for_no_other(app: Flask) -> None:
    browser = app.test_client()
    page = browser.get("/entrar").get_data(as_text=True)
    fetched = re.findall(r'<(?:script|link)[^>]+(?:src|href)="(/static/[^"]+\.(?:js|css))"', page)
    assert fetched == ["/static/css/frame.css", "/static/js/frame.js"]
    script = browser.get("/static/js/frame.js").get_data(as_text=True)
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    modules = re.findall(r'^import "\./(.+)";$', Path("webapp/static/js/page.js").read_text(), re.MULTILINE)
    assert modules
    for name in modules:
        assert f"{{\n{Path('webapp/static/js', name).read_text()}}}" in script, name
    assert browser.get("/static/js/frame.js", headers={"Accept-Encoding": "gzip"}).content_length < 12_000


def test_icons_are_drawn_in_the_page(app: Flask) -> None:
    page = app.test_client().get("/publico").get_data(as_text=True)
    assert "<use" not in page
    assert 'd=""' not in page
    assert f'd="{drawing_of("help-circle")}"' in page
