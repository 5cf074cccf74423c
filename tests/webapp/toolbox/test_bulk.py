"""Many files in pieces: gone on with after a cut, refused in words, never somebody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from assets.models import Fingerprint, Upload
from assets.uploads import Pieces, sweep
from content_calendar.clock import now
from content_calendar.db import Database
from tests.assets import corpus
from tests.assets import sets as pictures
from tests.webapp.conftest import Browser, words
from tests.webapp.toolbox.test_toolbox import png

ClientAs = Callable[..., Browser]
BEGIN = "/caja/subir/archivos"


def batch(browser: Browser, **said: str) -> str:
    browser.get("/caja/subir")
    answer = browser.post("/caja/subir/lote", {"people": "none", "licence": "CC BY 4.0"} | said)
    return str(answer.get_json()["batch"])


def begin(browser: Browser, of: str, data: bytes, name: str = "foto.png") -> str:
    answer = browser.post(BEGIN, {"batch": of, "filename": name, "size": str(len(data))})
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["url"])


def patch(browser: Browser, url: str, offset: int, data: bytes) -> tuple[int, str | None]:
    answer = browser.client.patch(
        url, data=data, headers={"Upload-Offset": str(offset), "X-CSRFToken": browser.token}
    )
    return answer.status_code, answer.headers.get("Upload-Offset")


def test_a_file_in_pieces_goes_on_where_it_stopped_and_becomes_a_material(client_as: ClientAs) -> None:
    browser = client_as("editor")
    data = png()
    of = batch(browser)
    url = begin(browser, of, data)
    assert patch(browser, url, 0, data[:50]) == (204, "50")
    assert patch(browser, url, 0, data[:50]) == (409, "50")
    assert patch(browser, url, 60, data[60:]) == (409, "50")
    assert browser.client.head(url).headers["Upload-Offset"] == "50"
    assert "foto.png" in words(browser.get("/caja/subir"))
    # After a reload the same file is found again, in another batch.
    assert begin(browser, batch(browser), data) == url
    assert browser.post(f"{url}/listo", {"alt_text": "Un candado"}).status_code == 409
    assert patch(browser, url, 50, data[50:]) == (204, str(len(data)))
    assert "Describe la imagen" in browser.post(f"{url}/listo").get_json()["words"]
    added = browser.post(f"{url}/listo", {"alt_text": "Un candado"}).get_json()
    assert added["state"] == "added"
    assert "CC BY 4.0" in words(browser.get(added["url"]))
    again = begin(browser, of, data)
    patch(browser, again, 0, data)
    assert browser.post(f"{again}/listo", {"alt_text": "Otro"}).get_json()["state"] == "duplicate"
    other = client_as("editor", "otra")
    other.get("/caja/subir")
    assert other.client.head(url).status_code == 404


def test_what_a_power_cut_took_away_is_asked_for_again_and_never_filled_with_nothing(
    client_as: ClientAs,
) -> None:
    browser = client_as("editor")
    data = png()
    url = begin(browser, batch(browser), data)
    assert patch(browser, url, 0, data) == (204, str(len(data)))
    folder = browser.client.application.extensions["resuena.settings"].data / "uploads"
    (piece,) = folder.iterdir()
    piece.write_bytes(data[:20])  # the disk kept less than the row says
    assert browser.client.head(url).headers["Upload-Offset"] == "20"
    assert browser.post(f"{url}/listo", {"alt_text": "Un candado"}).status_code == 409
    assert patch(browser, url, len(data), b"") == (409, "20")
    assert patch(browser, url, 20, data[20:]) == (204, str(len(data)))
    added = browser.post(f"{url}/listo", {"alt_text": "Un candado"}).get_json()
    assert added["state"] == "added"
    # The answer was lost on its way: asked again, it is the same.
    assert browser.post(f"{url}/listo", {"alt_text": "Un candado"}).get_json() == added


def test_a_hostile_file_is_refused_in_words_and_forgotten(client_as: ClientAs) -> None:
    browser = client_as("editor")
    data = corpus.ACTIVE_PDFS["script"][0]
    of = batch(browser)
    url = begin(browser, of, data, "guia.pdf")
    patch(browser, url, 0, data)
    told = browser.post(f"{url}/listo").get_json()
    assert (told["state"], "El PDF hace cosas" in told["words"]) == ("refused", True)
    assert patch(browser, url, len(data), b"")[0] == 409
    too_large = browser.post(BEGIN, {"batch": of, "filename": "a", "size": "999999999"})
    assert too_large.status_code == 422
    assert browser.post("/caja/subir/lote", {"people": ""}).status_code == 422


def test_what_nobody_goes_on_with_is_swept_after_a_day(client_as: ClientAs, database: Database) -> None:
    browser = client_as("editor")
    url = begin(browser, batch(browser), png())
    patch(browser, url, 0, png()[:10])
    folder = browser.client.application.extensions["resuena.settings"].data / "uploads"
    with database.transaction() as session:
        assert sweep(session, Pieces(folder)) == 0
        session.execute(update(Upload).values(touched_at=now() - timedelta(days=2)))
        assert sweep(session, Pieces(folder)) == 1
        assert session.scalars(select(Upload)).all() == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_looks_like_a_material_is_told_at_once_and_kept(client_as: ClientAs, database: Database) -> None:
    browser, of = client_as("editor"), ""
    told, large = [], pictures.photograph(400, 300)
    small = corpus.encoded(pictures.opened(large).resize((200, 150)), "JPEG")
    for number, data in enumerate((large, small)):
        of = of or batch(browser)
        url = begin(browser, of, data, f"foto-{number}.jpg")
        patch(browser, url, 0, data)
        told.append(browser.post(f"{url}/listo", {"alt_text": "Un foro"}).get_json())
    assert [one["state"] for one in told] == ["added", "added"]
    assert "words" not in told[0]
    assert "Se parece a «foto-0»" in told[1]["words"]
    with database.reading() as session:
        assert len(list(session.scalars(select(Fingerprint.bits)))) == 2
