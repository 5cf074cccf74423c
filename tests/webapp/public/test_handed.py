"""Where a network's own servers fetch what goes out: these bytes, for an hour, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from assets import handing
from assets.object_storage import chosen
from assets.storage import Shelf
from content_calendar.settings import Settings, read
from tests.scheduler.scene import Time


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["resuena.settings"]
    return found


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OUTSIDE = "https://resuena.example.mx"


def kept(settings: Settings, data: bytes) -> str:
    return chosen(settings).put(Shelf.SERVED, BytesIO(data))


def picture(kind: str, mode: str = "RGB") -> bytes:
    made = BytesIO()
    colour = (0, 0, 0, 0) if mode == "RGBA" else (200, 30, 60)
    Image.new(mode, (40, 30), colour).save(made, kind)
    return made.getvalue()


def path_of(settings: Settings, data: bytes, media_type: str) -> str:
    public = replace(settings, public_url=OUTSIDE)
    address = handing.address_of(public, kept(settings, data), media_type)
    assert address.startswith(f"{OUTSIDE}/entrega/")
    return address.removeprefix(OUTSIDE)


@on_sqlite
def test_a_picture_comes_as_a_jpeg_and_what_was_clear_is_white(app: Flask, settings: Settings) -> None:
    answer = app.test_client().get(path_of(settings, picture("PNG", "RGBA"), "image/png"))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    shown = Image.open(BytesIO(answer.data))
    assert (shown.format, shown.size, shown.getpixel((5, 5))) == ("JPEG", (40, 30), (255, 255, 255))
    assert "no-store" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@on_sqlite
@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "video/mp4")])
def test_what_needs_no_change_comes_as_it_was_approved_and_in_parts(
    app: Flask, settings: Settings, kind: str, media_type: str
) -> None:
    data = picture(kind)
    path = path_of(settings, data, media_type)
    with app.test_client().get(path) as whole:
        assert whole.data == data
    with app.test_client().get(path, headers={"Range": "bytes=3-9"}) as part:
        assert (part.status_code, part.data) == (206, data[3:10])


@on_sqlite
def test_after_an_hour_or_with_one_sign_changed_it_opens_nothing(app: Flask, settings: Settings) -> None:
    with Time().ruling() as time:
        path = path_of(settings, picture("JPEG"), "image/jpeg")
        anybody = app.test_client()
        with anybody.get(path) as answer:
            assert answer.status_code == 200
        assert anybody.get(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 404
        assert anybody.get("/entrega/nada").status_code == 404
        time.pass_by(seconds=(handing.LIFE - timedelta(seconds=1)).total_seconds())
        with anybody.get(path) as answer:
            assert answer.status_code == 200
        time.pass_by(seconds=1)
        assert anybody.get(path).status_code == 404


@on_sqlite
def test_what_is_not_there_any_more_is_a_page_that_says_so(app: Flask, settings: Settings) -> None:
    public = replace(settings, public_url=OUTSIDE)
    gone = handing.address_of(public, "0" * 64, "image/jpeg").removeprefix(OUTSIDE)
    assert app.test_client().get(gone).status_code == 404


def test_without_a_public_address_there_is_none() -> None:
    settings = read({})
    with pytest.raises(ValueError, match="no public address"):
        handing.address_of(settings, "0" * 64, "image/jpeg")
