"""Moving on the calendar: by the form, which says first what is in the way, and several at once, with the way back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from content_calendar import planning
from content_calendar.db import Database
from content_calendar.models.posts import Post
from tests.webapp.calendar.conftest import House, Write, state_of
from tests.webapp.conftest import Browser, words

ClientAs = Callable[..., Browser]
DAY = (datetime.now(UTC) + timedelta(days=3)).date()


def _due(database: Database, ref: str) -> str:
    with database.reading() as session:
        return session.scalars(select(Post.due_local).where(Post.ref == ref)).one()


def _undo(page: str) -> str:
    found = re.search(
        r'action="([^"]*(?:deshacer|/mover)[^"]*)"[^>]*>(?:(?!</form>).)*Deshacer', page, re.DOTALL
    )
    assert found, "nothing offers to undo"
    return unescape(found.group(1))


def test_the_move_form_tells_of_a_clash_before_and_moves_when_one_insists(
    client_as: ClientAs, database: Database, write: Write
) -> None:
    write(title="Ya estaba", due_time="12:10")
    ref = write(title="Se mueve")
    eva = client_as("editor", "eva")
    asked = eva.get(f"/publicaciones/{ref}/mover?due_date={DAY}&due_time=12:30&back=/calendario/dia/{DAY}")
    assert "2 publicaciones en la misma hora" in words(asked)
    moment = {"due_date": DAY.isoformat(), "due_time": "12:30", "due_zone": "America/Mexico_City"}
    moment["back"] = f"/calendario/dia/{DAY}"
    told = eva.post(f"/publicaciones/{ref}/mover", moment)
    assert told.status_code == 409
    assert "Mover de todos modos" in words(told)
    assert _due(database, ref) == f"{DAY}T10:00:00"
    moved = eva.post(f"/publicaciones/{ref}/mover", {**moment, "insiste": "1"})
    assert (moved.status_code, moved.location) == (303, f"/calendario/dia/{DAY}")
    assert _due(database, ref) == f"{DAY}T12:30:00"
    board = eva.get(f"/calendario/dia/{DAY}")
    assert "choca" in words(board)
    eva.post(_undo(board.get_data(as_text=True)))
    assert _due(database, ref) == f"{DAY}T10:00:00"


def test_one_goes_back_to_a_board_and_nowhere_else(client_as: ClientAs, write: Write) -> None:
    ref = write()
    eva = client_as("editor", "eva")
    moment = {"due_date": DAY.isoformat(), "due_time": "13:00", "back": "https://ejemplo.mx/"}
    assert eva.post(f"/publicaciones/{ref}/mover", moment).location == f"/publicaciones/{ref}"


def test_several_are_moved_by_days_and_put_back_and_each_refusal_is_told(
    client_as: ClientAs, database: Database, write: Write
) -> None:
    refs = [write(title="Una"), write(title="Dos", due_time="11:30")]
    loose = write(title="Sin fecha", due_date="", due_time="")
    eva = client_as("editor", "eva")
    page = eva.post("/calendario/varias", {"post": [*refs, loose], "do": "move", "dias": "2"}, follow=True)
    later = DAY + timedelta(days=2)
    assert [_due(database, ref) for ref in refs] == [f"{later}T10:00:00", f"{later}T11:30:00"]
    assert "Cambiamos 2 publicaciones." in words(page)
    assert "«Sin fecha»: No tiene día ni hora." in words(page)
    undo = _undo(page.get_data(as_text=True))
    with database.transaction() as session:
        session.execute(update(Post).where(Post.ref == refs[1]).values(due_local=f"{later}T15:00:00"))
    page = eva.post(undo, follow=True)
    assert _due(database, refs[0]) == f"{DAY}T10:00:00"
    assert "«Dos»: Alguien la cambió después." in words(page)
    assert "ya se deshizo" in words(eva.post(undo, follow=True))


def test_several_are_given_a_theme_and_a_campaign_and_keep_their_approval(
    client_as: ClientAs, database: Database, house: House, write: Write
) -> None:
    one, two = write(title="Una"), write(title="Dos", due_time="12:00")
    eva = client_as("editor", "eva")
    eva.post(f"/publicaciones/{two}/enviar")
    assert state_of(database, two) == "in_review"
    chosen = {"post": [one, two], "do": "theme", "tema": house.theme}
    page = eva.post("/calendario/varias", chosen, follow=True)
    assert "Cambiamos 2 publicaciones." in words(page)
    assert state_of(database, two) == "in_review"
    assert "nada que cambiar" in words(eva.post("/calendario/varias", chosen, follow=True))
    page = eva.post(
        "/calendario/varias", {"post": [one, two], "do": "campaign", "campana": "snttips"}, follow=True
    )
    assert "«Dos»: Ya pasó por revisión." in words(page)
    assert "Cambiamos 1 publicación." in words(page)
    eva.post(_undo(page.get_data(as_text=True)))
    with database.reading() as session:
        found = session.scalars(select(Post).where(Post.ref == one)).one()
        assert found.theme_id is not None
    assert "#SNTtips" not in words(eva.get(f"/publicaciones/{one}"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"do": "move", "dias": "2"}, "Elige al menos una publicación"),
        ({"post": "abcdefghijkl", "do": "move", "dias": "0"}, "Escribe cuántos días"),
        ({"post": "abcdefghijkl", "do": "move", "dias": "mañana"}, "Escribe cuántos días"),
        ({"post": "abcdefghijkl", "do": "theme"}, "Di qué hacer"),
        ({"post": "abcdefghijkl", "do": "campaign", "campana": "nada"}, "Esa campaña no existe"),
        ({"post": "abcdefghijkl"}, "Di qué hacer"),
    ],
)
@pytest.mark.usefixtures("house")
def test_what_cannot_be_done_with_several_is_told(
    client_as: ClientAs, sent: dict[str, str], said: str
) -> None:
    assert said in words(client_as("editor", "eva").post("/calendario/varias", sent, follow=True))


def test_nobody_undoes_what_another_did(client_as: ClientAs, database: Database, write: Write) -> None:
    ref = write()
    eva = client_as("editor", "eva")
    page = eva.post("/calendario/varias", {"post": ref, "do": "move", "dias": "1"}, follow=True)
    undo = _undo(page.get_data(as_text=True))
    client_as("editor", "otro").post(undo)
    assert _due(database, ref) == f"{DAY + timedelta(days=1)}T10:00:00"


def test_several_that_would_clash_are_told_before_they_are_moved(
    client_as: ClientAs, database: Database, write: Write
) -> None:
    later = DAY + timedelta(days=2)
    write(title="Ya estaba", due_date=later.isoformat(), due_time="10:20")
    # These two share an hour already: carrying it along is no news.
    refs = [write(title="Una", due_time="12:00"), write(title="Dos", due_time="12:30"), write(title="Tres")]
    eva = client_as("editor", "eva")
    asked = {"post": refs, "do": "move", "dias": "2", "back": f"/calendario/dia/{DAY}"}
    told = eva.post("/calendario/varias", asked)
    assert told.status_code == 409
    assert "2 publicaciones en la misma hora" in words(told)
    assert words(told).count("en la misma hora") == 1
    assert _due(database, refs[2]) == f"{DAY}T10:00:00"
    # The control: a day without clashes is not asked about, and neither is somebody who insists.
    assert eva.post("/calendario/varias", {**asked, "dias": "3"}).status_code == 303
    assert _due(database, refs[2]) == f"{DAY + timedelta(days=3)}T10:00:00"
    eva.post("/calendario/varias", {**asked, "dias": "-1", "insiste": "1"})
    assert _due(database, refs[2]) == f"{later}T10:00:00"


def test_a_band_that_was_moved_goes_back_unless_somebody_moved_it_since(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    eva.get("/calendario/2030/6/temas")
    with database.transaction() as session:
        bimester = planning.open_bimester(session, 2030, 6)
        theme = planning.find_theme(session, house.theme)
        days = (bimester.starts_on, bimester.starts_on + timedelta(days=4))
        span = planning.place_theme(session, bimester, theme, *days, actor_ref="").ref
    move = {"starts_on": "2030-11-10", "ends_on": "2030-11-14"}
    page = eva.post(f"/calendario/temas/{span}/mover", move, follow=True).get_data(as_text=True)
    undo = _undo(page)
    eva.post(undo)
    with database.reading() as session:
        assert planning.find_span(session, span).starts_on == days[0]
    eva.post(f"/calendario/temas/{span}/mover", {"starts_on": "2030-11-20", "ends_on": "2030-11-21"})
    assert eva.post(undo).status_code == 409
    with database.reading() as session:
        assert planning.find_span(session, span).starts_on.isoformat() == "2030-11-20"
