"""The composer shows how a link will look, and says plainly when it cannot be opened."""

from collections.abc import Callable

import pytest
from flask import Flask

from scheduler.listening.link_cards import LinkCards
from tests.simulators.feed_server import FeedServer
from tests.webapp.calendar.conftest import House, form
from tests.webapp.conftest import Browser, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_links_card_is_shown_with_and_without_scripts(
    app: Flask, client_as: Callable[..., Browser], house: House
) -> None:
    eva = client_as("editor", "eva")
    eva.get("/publicaciones/nueva")
    with FeedServer() as site:
        page = b"""<title>Tu derecho</title><meta name="description" content="C&oacute;mo <b>pedirla</b>">
            <meta property="og:image" content="https://malo.mx/x.png">"""
        site.pages["/nota"] = lambda answering: answering.say(200, page, {"Content-Type": "text/html"})
        app.extensions["resuena.link_cards"] = LinkCards(
            site.policy("snt.org.mx"), resolve=lambda *_: ["127.0.0.1"]
        )
        link = site.url("/nota", host="snt.org.mx")
        typed = form(house, text=f"Lee {link} y luego {link}")
        for answer in (
            eva.post("/publicaciones/ver-enlaces", typed),
            eva.post("/publicaciones/nueva", {**typed, "do": "link"}),
        ):
            assert answer.status_code == 200
            assert "Tu derecho Cómo pedirla Lleva una imagen" in words(answer)
            # A stranger's picture would tell the stranger who looks.
            assert "malo.mx" not in answer.get_data(as_text=True)
        # A repeated link is one, and the second answer came from memory.
        assert [one.path for one in site.seen] == ["/nota"]
        private = eva.post("/publicaciones/ver-enlaces", form(house, text="Lee http://privado.org.mx/x"))
        assert "No pudimos abrir el enlace; revisa que abra en tu navegador." in words(private)
        assert len(site.seen) == 1


def test_who_does_not_write_asks_for_no_link(client_as: Callable[..., Browser], house: House) -> None:
    tere = client_as("liaison", "tere", house.body_id)
    tere.get("/")
    assert tere.post("/publicaciones/ver-enlaces", {"text": "https://snt.org.mx"}).status_code == 403
