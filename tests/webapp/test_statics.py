"""Static files are answered before the application: with strict headers, a tag, and nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from webapp.icons import drawing_of
from webapp.statics import FRAME, SHEETS, Statics

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


def test_the_frames_sheets_come_as_one_file_in_their_order(app: Flask) -> None:
    browser = app.test_client()
    whole = browser.get(f"/static/{FRAME}")
    assert whole.status_code == 200
    assert whole.get_data() == b"\n".join(Path("webapp/static", name).read_bytes() for name in SHEETS)
    pressed = browser.get(f"/static/{FRAME}", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(pressed.get_data()) == whole.get_data()
    assert pressed.headers["Vary"] == "Accept-Encoding"
    same = {"If-None-Match": pressed.headers["ETag"]}
    assert browser.get(f"/static/{FRAME}", headers=same).status_code == 304


def test_the_one_file_is_made_again_when_a_sheet_of_it_changes(tmp_path: Path) -> None:
    for name in SHEETS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a{}")
    browser = Client(Statics(NotFound(), tmp_path))
    before = browser.get(f"/static/{FRAME}")
    assert b"color" not in before.get_data()
    (tmp_path / SHEETS[-1]).write_text("a{color:red}")
    after = browser.get(f"/static/{FRAME}", headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, b"color" in after.get_data()) == (200, True)


def test_a_text_comes_whole_to_who_asks_for_a_part_and_a_picture_in_parts(app: Flask) -> None:
    browser = app.test_client()
    assert browser.get(f"/static/{FRAME}", headers={"Range": "bytes=0-9"}).status_code == 200
    font = next(Path("webapp/static/vendor/fonts").iterdir()).relative_to("webapp")
    with browser.get(f"/{font}", headers={"Range": "bytes=0-9"}) as part:
        assert (part.status_code, len(part.get_data())) == (206, 10)
