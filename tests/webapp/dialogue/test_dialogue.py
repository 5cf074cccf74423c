"""The series and the replies as people meet them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import events, review
from content_calendar.db import Database
from content_calendar.events import EventFields
from content_calendar.models.audiences import Audience
from content_calendar.models.dialogue import Reply, Series, SeriesNumber
from content_calendar.models.events import EventKind
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.posts import Post
from content_calendar.states import PostState
from tests.conftest import CountQueries
from tests.webapp.calendar.conftest import ZONE, House, Write, form
from tests.webapp.conftest import Browser, today, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ClientAs = Callable[..., Browser]
LINK = "https://bsky.app/profile/ciudadana.example/post/3kabcdefghij2"


@pytest.fixture
def eva(client_as: ClientAs, house: House) -> Browser:
    browser = client_as("editor", "eva")
    browser.get("/series")
    begun = {"name": "Tips", "tag": "#SNTtips", "first": "12"}
    assert browser.post("/series", begun).status_code == 303
    assert house.theme
    return browser


@pytest.fixture
def tips(eva: Browser, database: Database) -> str:
    assert eva.email
    with database.reading() as session:
        return session.scalars(select(Series.ref)).one()


def test_a_post_takes_its_number_in_the_composer_and_the_text_may_carry_it(
    eva: Browser, tips: str, write: Write, house: House
) -> None:
    assert "Tips (sigue el 12)" in words(eva.get(f"/publicaciones/nueva?serie={tips}"))
    ref = write(series=tips, title="Plazos", text="Guarda tu folio. #SNTtips 11")
    assert "Tips , número 12" in words(eva.get(f"/publicaciones/{ref}"))
    page = words(eva.get(f"/series/{tips}"))
    assert "Sigue el número 13" in page
    assert "Su texto dice #SNTtips 11." in page
    editing = eva.get(f"/publicaciones/{ref}/editar")
    assert "Poner «#SNTtips 12» en el texto" in words(editing)
    typed = form(house, series=tips, text="Guarda tu folio.", do="number")
    inserted = eva.post(f"/publicaciones/{ref}/editar", typed).get_data(as_text=True)
    assert "Guarda tu folio.\n#SNTtips 12</textarea>" in inserted
    assert eva.post(f"/publicaciones/{ref}/editar", form(house)).status_code == 303
    page = words(eva.get(f"/series/{tips}"))
    assert "Hueco: su publicación salió de la serie." in page
    other = write(series=tips, title="Quejas")
    assert "número 13" in words(eva.get(f"/publicaciones/{other}"))


def test_a_liaison_sees_the_numbers_and_neither_drafts_nor_replies(
    client_as: ClientAs, tips: str, write: Write, house: House
) -> None:
    write(series=tips, title="Todavía en secreto")
    liaison = client_as("liaison", "tere", house.body_id)
    page = words(liaison.get(f"/series/{tips}"))
    assert "en preparación" in page
    assert "secreto" not in page
    assert "Pegar una respuesta" not in page
    for path in ("/respuestas", "/respuestas/pegar"):
        assert liaison.get(path).status_code == 403
    assert liaison.post("/series", {"name": "Otra", "tag": "#Otra", "first": "1"}).status_code == 403


def test_the_audience_is_planning_and_takes_no_approval_back(
    eva: Browser, database: Database, write: Write, house: House
) -> None:
    ref = write(theme=house.theme, audiences=["academia", "nobody"])
    assert "Le habla a Academia" in words(eva.get(f"/publicaciones/{ref}"))
    with database.transaction() as session:
        post = session.scalars(select(Post).where(Post.ref == ref)).one()
        review.submit(session, post, session.get_one(Person, post.author_id), [])
    typed = form(house, theme=house.theme, audiences=["media", "business"], edition="0")
    assert eva.post(f"/publicaciones/{ref}/editar", typed).status_code == 303
    assert "Le habla a Empresas, Medios de comunicación" in words(eva.get(f"/publicaciones/{ref}"))
    with database.reading() as session:
        assert session.scalars(select(Post.state).where(Post.ref == ref)).one() is PostState.IN_REVIEW
    # The control: a change of what goes out takes it back.
    other = form(house, theme=house.theme, text="Otro texto", edition="1")
    assert eva.post(f"/publicaciones/{ref}/editar", other).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Post.state).where(Post.ref == ref)).one() is PostState.DRAFT


def _event(session: Session, author: Person) -> None:
    """A forum for those who serve the public, and one that was cancelled."""
    starts, ends = datetime(2030, 11, 20, 17), datetime(2030, 11, 20, 19)  # noqa: DTZ001 -- a wall time is naive
    fields = EventFields(EventKind.FORUM, "Foro", starts, ends, ZONE, audiences=[Audience.PUBLIC_SERVANTS])
    events.make(session, author, fields)
    off = events.make(session, author, replace(fields, audiences=[Audience.BUSINESS]))
    events.cancel(session, off, author, "Se pospone")


def test_a_bimester_tells_whom_its_posts_reach_and_whom_only_a_theme_names(
    eva: Browser, database: Database, write: Write, house: House
) -> None:
    eva.post("/calendario/2030/6/temas", {"tema": house.theme})
    eva.post(f"/temas/{house.theme}/editar", {"title": "Saber", "audiences": ["academia", "media"]})
    write(theme=house.theme, due_date="2030-11-12")
    write(theme=house.theme, due_date="2030-11-13", audiences=["academia"])
    write(due_date="2030-11-14", audiences=["indigenous"])
    write(due_date="2031-01-14", audiences=["business"])
    with database.transaction() as session:
        author = session.scalars(select(Person)).first()
        assert author is not None
        _event(session, author)
    page = words(eva.get("/calendario/2030/6"))
    assert "habla a: Ciudadanía, Sociedad civil, Empresas." in page
    assert re.search(r"Academia 1 2 para Academia 0 nada", page)
    assert re.search(r"Pueblos indígenas 0 1", page)
    assert re.search(r"Personas servidoras públicas 0 0 1 nada", page)
    assert re.search(r"Medios de comunicación 1 1", page)
    assert re.search(r"Empresas 0 0 0 Nada le habla todavía", page)


def _paste(eva: Browser, tips: str, **changed: object) -> int:
    said = {
        "url": LINK, "said": "¿Y si no contestan?", "series": tips, "network": "", "post": "", "handle": "",
        "said_on": (today() - timedelta(days=3)).isoformat(), **changed,
    }  # fmt: skip
    return eva.post("/respuestas/pegar", said).status_code


def test_a_reply_is_pasted_once_answered_undone_dismissed_and_deleted(
    eva: Browser, database: Database, tips: str, write: Write
) -> None:
    post = write(series=tips, title="Plazos")
    eva.get("/respuestas/pegar")
    assert _paste(eva, tips, post=post) == 303
    assert _paste(eva, tips, url=f"{LINK}?utm_source=x", said="otra vez") == 409
    assert _paste(eva, tips, url="https://otra.example/1", handle="ana") == 422
    assert _paste(eva, tips, url="", said="", network="x", handle="ana") == 422
    assert _paste(eva, tips, said_on="2099-01-01") == 422
    page = words(eva.get("/respuestas"))
    assert "@ciudadana.example Bluesky" in page
    assert "A #SNTtips 12 · la pegó Eva" in page
    assert "1 respuesta sin contestar , la más antigua de hace 3 días" in words(eva.get(f"/series/{tips}"))
    with database.reading() as session:
        ref = session.scalars(select(Reply.ref)).one()
    assert eva.post(f"/respuestas/{ref}/contestar", {}).status_code == 422
    answered = {f"answer_url-{ref}": "https://bsky.app/profile/snt.example/post/3k", "back": "//malo.example"}
    done = eva.post(f"/respuestas/{ref}/contestar", answered)
    assert done.location == "/respuestas"
    assert eva.post(f"/respuestas/{ref}/descartar", {f"reason-{ref}": "No"}).status_code == 409
    page = words(eva.get("/respuestas?estado=contestadas"))
    assert "contestada por Eva" in page
    eva.post(f"/respuestas/{ref}/reabrir")
    assert eva.post(f"/respuestas/{ref}/descartar", {f"reason-{ref}": "Es publicidad"}).status_code == 303
    assert "Motivo: Es publicidad" in words(eva.get("/respuestas?estado=descartadas"))
    assert eva.post(f"/respuestas/{ref}/borrar").status_code == 303
    assert "ciudadana" not in words(eva.get("/respuestas?estado=todas"))
    with database.reading() as session:
        assert "ciudadana" not in str([one.details for one in session.scalars(select(AuditEvent))])


def test_an_answer_is_drafted_as_a_post_that_names_them(eva: Browser, database: Database, tips: str) -> None:
    _paste(eva, tips)
    with database.reading() as session:
        ref = session.scalars(select(Reply.ref)).one()
    drafted = eva.post(f"/respuestas/{ref}/redactar")
    assert "@ciudadana.example</textarea>" in eva.get(drafted.location).get_data(as_text=True)
    page = words(eva.get("/respuestas?estado=contestadas"))
    assert "Respuesta a @ciudadana.example borrador Todavía no sale." in page


def test_the_words_of_a_stranger_are_only_words(eva: Browser, tips: str) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} https://malo.example"
    _paste(eva, tips, said=evil)
    page = eva.get("/respuestas?ref=a&endpoint=b&_scheme=c&pagina=9&serie=%00").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x" not in page
    assert 'href="https://malo.example' not in page


def test_more_numbers_and_replies_ask_no_more_of_the_database(
    eva: Browser, database: Database, tips: str, write: Write, count_queries: CountQueries
) -> None:
    def more(count: int) -> None:
        for n in range(count):
            post = write(series=tips)
            assert _paste(eva, tips, url=f"{LINK}{n}{count}", post=post) == 303

    asked = []
    for count in (1, 4):
        more(count)
        with count_queries() as sent:
            assert eva.get(f"/series/{tips}").status_code == 200
            assert eva.get("/respuestas").status_code == 200
        asked.append(len(sent))
    assert asked[0] == asked[1]
    with database.reading() as session:
        assert list(session.scalars(select(SeriesNumber.n).order_by(SeriesNumber.n))) == [12, 13, 14, 15, 16]
