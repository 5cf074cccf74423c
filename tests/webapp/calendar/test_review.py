"""From a draft to a scheduled post: who asks, who says yes, to exactly what, and what then goes out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.payloads import thaw
from tests.webapp.calendar.conftest import House, Write, form, state_of, waiting_review
from tests.webapp.conftest import Browser, words

ClientAs = Callable[..., Browser]


def _sent(client_as: ClientAs, ref: str) -> Browser:
    eva = client_as("editor", "eva")
    answer = eva.post(f"/publicaciones/{ref}/enviar", {"note": "Revisa el tono"})
    assert answer.status_code == 303, words(answer)
    return eva


def test_somebody_else_approves_and_it_is_scheduled_at_once(
    client_as: ClientAs, house: House, write: Write, database: Database
) -> None:
    ref = write(accounts=[house.rehearsal, house.network], **{"variant-x": "Texto corto"})
    _sent(client_as, ref)
    luz = client_as("coordinator", "luz")
    assert "Revisa el tono" in words(luz.get("/revision"))
    review, content_hash = waiting_review(database, ref)
    said = words(luz.get(f"/revision/{review}"))
    assert "Texto corto" in said
    answer = luz.post(f"/revision/{review}/aprobar", {"content_hash": content_hash})
    assert answer.status_code == 303, words(answer)
    assert state_of(database, ref) == "scheduled"
    with database.reading() as session:
        made = session.scalars(select(Publication).order_by(Publication.account_id)).all()
        texts = [thaw(one.payload, one.payload_sha256).parts[0].text for one in made]
    assert texts == ["Pide información pública sin decir para qué la quieres.", "Texto corto"]
    assert "programada" in words(luz.get(f"/publicaciones/{ref}"))
    assert "Aprobada por Luz" in words(luz.get(f"/publicaciones/{ref}"))


def test_each_step_of_a_review_is_told_to_whom_it_concerns(
    client_as: ClientAs, write: Write, database: Database
) -> None:
    ref = write()
    luz = client_as("coordinator", "luz")
    eva = _sent(client_as, ref)
    assert "Avisos sin leer: 1" in words(luz.get("/"))
    assert "Eva envió" in words(luz.get("/avisos"))
    review, _hash = waiting_review(database, ref)
    luz.post(f"/revision/{review}/regresar", {"reason": "Falta la fecha"})
    assert "sin leer: 1" not in words(luz.get("/"))
    assert "Luz regresó" in words(eva.get("/avisos"))
    _sent(client_as, ref)
    assert "sin leer: 1" not in words(eva.get("/"))
    review, content_hash = waiting_review(database, ref)
    luz.post(f"/revision/{review}/aprobar", {"content_hash": content_hash})
    said = words(eva.get("/avisos"))
    assert "Luz aprobó" in said
    assert "Nada te espera" in said


def test_nobody_approves_their_own(client_as: ClientAs, house: House, database: Database) -> None:
    luz = client_as("coordinator", "luz")
    answer = luz.post("/publicaciones/nueva", form(house, do="review"))
    ref = answer.location.rsplit("/", 1)[-1]
    review, content_hash = waiting_review(database, ref)
    page = words(luz.get(f"/revision/{review}"))
    assert "la aprueba otra persona" in page
    assert "Aprobar y programar" not in page
    answer = luz.post(f"/revision/{review}/aprobar", {"content_hash": content_hash})
    assert answer.status_code == 403
    assert state_of(database, ref) == "in_review"


def test_a_version_that_was_not_looked_at_is_not_approved(
    client_as: ClientAs, write: Write, database: Database
) -> None:
    ref = write()
    _sent(client_as, ref)
    review, _ = waiting_review(database, ref)
    luz = client_as("coordinator", "luz")
    answer = luz.post(f"/revision/{review}/aprobar", {"content_hash": "0" * 64})
    assert answer.status_code == 409
    assert "cambió desde que la viste" in words(answer)
    assert state_of(database, ref) == "in_review"


def test_an_editor_cannot_approve(client_as: ClientAs, write: Write, database: Database) -> None:
    ref = write()
    eva = _sent(client_as, ref)
    review, content_hash = waiting_review(database, ref)
    assert eva.post(f"/revision/{review}/aprobar", {"content_hash": content_hash}).status_code == 403
    assert state_of(database, ref) == "in_review"


def test_it_is_returned_with_a_reason_only(client_as: ClientAs, write: Write, database: Database) -> None:
    ref = write()
    _sent(client_as, ref)
    review, _ = waiting_review(database, ref)
    luz = client_as("coordinator", "luz")
    empty = luz.post(f"/revision/{review}/regresar", {"reason": "  "})
    assert empty.status_code == 422
    assert "Escribe el motivo" in words(empty)
    assert luz.post(f"/revision/{review}/regresar", {"reason": "Falta el enlace"}).status_code == 303
    assert state_of(database, ref) == "draft"
    assert "Falta el enlace" in words(client_as("editor", "eva").get(f"/publicaciones/{ref}"))
    late = luz.post(f"/revision/{review}/regresar", {"reason": "Otra vez"})
    assert late.status_code == 409


def test_one_whose_hour_has_passed_is_approved_and_asks_for_another(
    client_as: ClientAs, write: Write, database: Database
) -> None:
    ref = write()
    _sent(client_as, ref)
    review, content_hash = waiting_review(database, ref)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=5)):
        luz = client_as("coordinator", "luz")
        assert "Su hora ya pasó" in words(luz.get("/revision"))
        answer = luz.post(f"/revision/{review}/aprobar", {"content_hash": content_hash})
        assert answer.status_code == 303
        assert state_of(database, ref) == "approved"
        page = luz.get(answer.location)
        assert "Elige otra" in words(page)
        when = datetime.now(UTC) + timedelta(days=2)
        moment = {"due_date": when.date().isoformat(), "due_time": "09:00", "due_zone": "America/Tijuana"}
        past = luz.post(f"/publicaciones/{ref}/programar", {**moment, "due_date": "2020-01-01"})
        assert past.status_code == 422
        assert "Esa hora ya pasó" in words(past)
        assert luz.post(f"/publicaciones/{ref}/programar", moment).status_code == 303
        assert state_of(database, ref) == "scheduled"


def test_editing_what_was_approved_takes_it_back_and_shows_the_difference(
    client_as: ClientAs, house: House, write: Write, database: Database
) -> None:
    ref = write(text="El lunes abrimos la consulta")
    eva = _sent(client_as, ref)
    review, content_hash = waiting_review(database, ref)
    luz = client_as("coordinator", "luz")
    luz.post(f"/revision/{review}/aprobar", {"content_hash": content_hash})
    answer = eva.post(
        f"/publicaciones/{ref}/editar", form(house, text="El martes abrimos la consulta", do="review")
    )
    assert answer.status_code == 303, words(answer)
    assert state_of(database, ref) == "in_review"
    review, _ = waiting_review(database, ref)
    page = luz.get(f"/revision/{review}").get_data(as_text=True)
    assert "<del>lunes</del>" in page
    assert "<ins>martes</ins>" in page
    with database.reading() as session:
        assert {str(one) for one in session.scalars(select(Publication.state))} == {"cancelled"}


def test_a_scheduled_post_is_moved_and_moved_back(
    client_as: ClientAs, write: Write, database: Database
) -> None:
    ref = write()
    eva = _sent(client_as, ref)
    review, content_hash = waiting_review(database, ref)
    client_as("coordinator", "luz").post(f"/revision/{review}/aprobar", {"content_hash": content_hash})
    with database.reading() as session:
        before = session.scalars(select(Publication.due_at)).one()
    when = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    moved = eva.post(
        f"/publicaciones/{ref}/mover",
        {"due_date": when, "due_time": "12:00", "due_zone": "America/Mexico_City"},
        follow=True,
    )
    assert "Movimos" in words(moved)
    assert state_of(database, ref) == "scheduled"
    page = moved.get_data(as_text=True)
    undo = (
        page.split('action="/publicaciones/' + ref + "/mover?", 1)[1].split('"', 1)[0].replace("&amp;", "&")
    )
    assert eva.post(f"/publicaciones/{ref}/mover?{undo}").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Publication.due_at)).one() == before
    wrong = eva.post(f"/publicaciones/{ref}/mover", {"due_date": "2020-01-01", "due_time": "12:00"})
    assert wrong.status_code == 422
    assert "Esa hora ya pasó" in words(wrong)


def test_a_draft_is_put_away_and_brought_back(client_as: ClientAs, write: Write, database: Database) -> None:
    ref = write()
    eva = client_as("editor", "eva")
    page = eva.post(f"/publicaciones/{ref}/descartar", follow=True)
    assert state_of(database, ref) == "discarded"
    assert f"/publicaciones/{ref}/restaurar" in page.get_data(as_text=True)
    eva.post(f"/publicaciones/{ref}/restaurar")
    assert state_of(database, ref) == "draft"


def test_it_is_taken_back_from_review(client_as: ClientAs, write: Write, database: Database) -> None:
    ref = write()
    eva = _sent(client_as, ref)
    assert eva.post(f"/publicaciones/{ref}/retirar").status_code == 303
    assert state_of(database, ref) == "draft"
    assert eva.post(f"/publicaciones/{ref}/retirar").status_code == 409


def test_what_the_checks_refuse_is_not_sent(
    client_as: ClientAs, house: House, write: Write, database: Database
) -> None:
    ref = write(accounts=house.network, text="a" * 281)
    eva = client_as("editor", "eva")
    answer = eva.post(f"/publicaciones/{ref}/enviar", {"note": "Va"})
    assert answer.status_code == 422
    assert "Corrige lo que marca el panel" in words(answer)
    assert state_of(database, ref) == "draft"
