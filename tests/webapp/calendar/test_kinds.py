"""Threads, reposts and quotes through the pages, and what networks say of them: all of it declared, none named."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.money import Ceiling
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import thaw
from content_calendar.posts import content_of
from scheduler.networks import networks
from tests.assets.corpus import film
from tests.webapp.calendar.conftest import House, Write, form, waiting_review
from tests.webapp.calendar.tolls import Toll, toll_account
from tests.webapp.conftest import Browser, words
from webapp.calendar.scheduling import destinations

ClientAs = Callable[..., Browser]
NEW, CHECK = "/publicaciones/nueva", "/publicaciones/revisar-texto"
LINK = "https://peaje.example/itei/17"


@pytest.fixture
def toll(house: House, database: Database, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """References of accounts of the toll network: one with keys, one on a smaller server, one by hand."""
    monkeypatch.setitem(networks(), "peaje", Toll())
    with database.transaction() as session:
        owner = session.scalars(select(Account.owner_id).where(Account.ref == house.rehearsal)).one()
        return {
            "keys": toll_account(session, owner, "con_llaves").ref,
            "small": toll_account(session, owner, "chica", length=50).ref,
            "hand": toll_account(session, owner, "a_mano", keys=False).ref,
        }


def texts_on(page: str) -> list[str]:
    """The texts of the parts as the composer shows them."""
    found = re.findall(r'<textarea[^>]* name="text(?:-\d+)?"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return [unescape(one) for one in found]


def thread(house: House, *texts: str, **changed: object) -> dict[str, object]:
    more = {f"text-{n}": text for n, text in enumerate(texts[1:], start=2)}
    return {**form(house, kind="thread", text=texts[0], **more), **changed}


def test_a_thread_goes_from_the_form_to_its_parts_and_back(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    sent = thread(house, "Primero esto.", "Y luego esto.", do="review", **{"variant-x-2": "Y en X, esto."})
    sent["accounts"] = [house.rehearsal, house.network]
    answer = eva.post(NEW, sent)
    assert answer.status_code == 303, words(answer)
    ref = answer.location.rsplit("/", 1)[-1]
    page = eva.get(f"/publicaciones/{ref}/editar").get_data(as_text=True)
    assert texts_on(page) == ["Primero esto.", "Y luego esto."]
    assert "Y en X, esto." in page
    luz = client_as("coordinator", "luz")
    review, content_hash = waiting_review(database, ref)
    assert "Hilo de 2 partes" in words(luz.get(f"/publicaciones/{ref}"))
    assert "2 de 2" in words(luz.get(f"/revision/{review}"))
    assert luz.post(f"/revision/{review}/aprobar", {"content_hash": content_hash}).status_code == 303
    with database.reading() as session:
        rows = session.scalars(select(Publication).options(selectinload(Publication.parts))).all()
        said = [[part.text for part in thaw(row.payload, row.payload_sha256).parts] for row in rows]
        keys = {part.client_key for row in rows for part in row.parts}
    assert said == [["Primero esto.", "Y luego esto."], ["Primero esto.", "Y en X, esto."]]
    assert len(keys) == 4
    with database.transaction() as session:
        for part in session.scalars(
            select(PublicationPart).join(Account).where(Account.ref == house.rehearsal)
        ):
            part.remote_id, part.remote_url = part.client_key, f"/ensayo/{part.client_key}"
    rehearsed = words(luz.get("/ensayo"))
    assert rehearsed.count("Primero esto.") == 1
    assert "2 de 2 Y luego esto." in rehearsed
    assert "Dirección de la parte 2" in rehearsed
    (told,) = [one for one in eva.get("/api/v1/posts").get_json()["items"] if one["ref"] == ref]
    assert (told["kind"], told["parts"]) == ("thread", ["Primero esto.", "Y luego esto."])
    assert told["target"] is None


def test_parts_are_moved_by_buttons_and_nothing_is_kept_yet(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    added = eva.post(NEW, thread(house, "Uno", "Dos", do="part-add"))
    assert added.status_code == 200
    assert texts_on(added.get_data(as_text=True)) == ["Uno", "Dos", ""]
    moved = eva.post(NEW, thread(house, "Uno", "Dos", "Tres", do="part-up-3"))
    assert texts_on(moved.get_data(as_text=True)) == ["Uno", "Tres", "Dos"]
    folded = eva.post(NEW, thread(house, "Uno", "Dos", kind="post", do="kind"))
    assert texts_on(folded.get_data(as_text=True)) == ["Uno\n\nDos"]
    wrong = eva.post(NEW, thread(house, "Uno", "Dos", due_time=""))
    assert wrong.status_code == 422
    assert texts_on(wrong.get_data(as_text=True)) == ["Uno", "Dos"]
    with database.reading() as session:
        assert session.scalars(select(Post)).all() == []


def test_a_long_text_is_cut_by_the_tightest_of_the_accounts(
    client_as: ClientAs, house: House, toll: dict[str, str]
) -> None:
    eva = client_as("editor", "eva")
    text = "Pide lo que quieras saber. Es gratis y es tu derecho. Te contestan en veinte días."
    cut = eva.post(NEW, form(house, text=text, accounts=[toll["keys"], toll["small"]], do="cut"))
    page = cut.get_data(as_text=True)
    assert texts_on(page) == [
        "Pide lo que quieras saber.",
        "Es gratis y es tu derecho.",
        "Te contestan en veinte días.",
    ]
    assert re.search(r'value="thread" checked', page)
    assert "28 de / 50" in words(cut)
    free = eva.post(NEW, form(house, text=text, do="cut"))
    assert free.status_code == 422
    assert "ninguna de las elegidas pone un límite" in words(free)
    own = {"variant-peaje": "Otro texto.", "do": "cut"}
    kept = eva.post(NEW, form(house, text=text * 2, accounts=toll["keys"], **own))
    assert "Este texto distinto no se parte solo" in words(kept)
    assert texts_on(kept.get_data(as_text=True)) == [text * 2]


def test_the_tightest_account_of_a_network_decides_the_length(
    client_as: ClientAs, house: House, toll: dict[str, str]
) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, text="a" * 60, accounts=toll["keys"])
    assert "60 de / 100" in words(eva.post(CHECK, sent))
    sent = form(house, text="a" * 60, accounts=[toll["keys"], toll["small"]])
    assert "Sobran 10: van 60 de 50." in words(eva.post(CHECK, sent))


def test_a_repost_has_a_link_and_no_text(
    client_as: ClientAs, house: House, toll: dict[str, str], database: Database
) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, kind="repost", text="", accounts=toll["hand"], campaigns="snttips")
    bare = eva.post(NEW, sent)
    assert bare.status_code == 422
    assert "Pega el enlace de la publicación" in words(bare)
    answer = eva.post(NEW, {**sent, "target": LINK, "do": "review"})
    assert answer.status_code == 303, words(answer)
    with database.reading() as session:
        post = session.scalars(select(Post)).one()
        content = session.scalars(select(PostVersion.content)).one()
    assert (post.kind.value, post.target_url, post.title) == (
        "repost",
        LINK,
        "Compartir peaje.example/itei/17",
    )
    assert (content["parts"], content["target"]) == ([""], LINK)
    said = words(eva.get(answer.location))
    assert "@itei · Peaje" in said
    assert "las etiquetas de la campaña no se piden" in said


def test_the_link_of_another_network_is_told_and_kept(
    client_as: ClientAs, house: House, toll: dict[str, str]
) -> None:
    eva = client_as("editor", "eva")
    elsewhere = "https://x.com/INFO_NL/status/1727000000000000000"
    sent = form(house, kind="quote", text="Esto dicen.", accounts=toll["hand"], target=elsewhere, do="review")
    answer = eva.post(NEW, sent)
    assert answer.status_code == 422
    assert "Ese enlace no es de una publicación de Peaje: desde @a_mano" in words(answer)
    assert elsewhere in answer.get_data(as_text=True)


@pytest.mark.parametrize(("kind", "sentence"), [("quote", "no deja citar"), ("repost", "no deja compartir")])
def test_what_a_network_does_not_take_is_done_by_hand(
    client_as: ClientAs, house: House, toll: dict[str, str], kind: str, sentence: str
) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, kind=kind, text="Esto dicen.", target=LINK)
    refused = words(eva.post(CHECK, {**sent, "accounts": toll["keys"]}))
    assert f"Peaje {sentence} desde otra aplicación" in refused
    assert "quita la cuenta @con_llaves" in refused
    assert sentence not in words(eva.post(CHECK, {**sent, "accounts": toll["hand"]}))


def test_the_price_is_told_before_anybody_approves(
    client_as: ClientAs, house: House, toll: dict[str, str], write: Write, database: Database
) -> None:
    text = "Lee https://snt.org.mx"
    eva = client_as("editor", "eva")
    two = words(eva.post(CHECK, form(house, text=text, accounts=[toll["keys"], toll["small"]])))
    assert "Peaje: 0.40 USD en 2 cuentas" in two
    assert "El enlace lo encarece: sin él costaría 0.03 USD." in two
    parts = words(eva.post(CHECK, thread(house, text, "Es gratis.", accounts=toll["keys"])))
    assert "Peaje: 0.215 USD" in parts
    assert "Parte 1: 0.20 USD (sin el enlace, 0.015 USD)" in parts
    assert "USD" not in words(eva.post(CHECK, form(house, text=text, accounts=toll["hand"])))
    with database.transaction() as session:
        session.add(Ceiling(network="peaje", mills=100))
    ref = write(text=text, accounts=toll["keys"], do="review")
    review, _ = waiting_review(database, ref)
    said = words(client_as("coordinator", "luz").get(f"/revision/{review}"))
    assert "Peaje: 0.20 USD" in said
    assert "No alcanza: del tope de 0.10 USD quedan 0.10 USD ese mes." in said


def test_a_video_is_uploaded_told_apart_and_frozen(
    client_as: ClientAs, house: House, toll: dict[str, str], database: Database
) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, accounts=toll["hand"], upload=(BytesIO(film()), "foro.mp4"), upload_alt="El foro")
    answer = eva.post(NEW, sent)
    assert answer.status_code == 303, words(answer)
    with database.reading() as session:
        version = session.scalars(select(PostVersion)).one()
        (to,) = destinations(session, content_of(version))
    (part,) = to.payload.parts
    assert (part.images, part.video and part.video.media_type) == ((), "video/mp4")
    medium = content_of(version).media[0]
    name = f"{medium.asset_ref}:1"
    refused = words(eva.post(CHECK, form(house, image=name, accounts=toll["keys"])))
    assert "Peaje no recibe video desde aquí" in refused
    assert "subtítulos" in refused  # nobody who does not hear could follow it: it waits for its captions
    served = eva.get(f"/caja/{medium.asset_ref}/v/1")
    assert served.headers["Content-Disposition"] == "attachment; filename=foro.mp4"
    served.close()
    assert "Descargar el video" in words(eva.get(f"/caja/{medium.asset_ref}"))
    cut = eva.post(NEW, form(house, upload=(BytesIO(film()[:-2000]), "foro.mp4"), upload_alt="El foro"))
    assert "El video está dañado o incompleto" in words(cut)
