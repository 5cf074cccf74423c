"""Fe de erratas: staff writes it, bodies answer it signed in or by the letter's link, and it is told as a post."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.models.posts import Post
from content_calendar.states import PostState
from scheduler.models import ReplicationStage
from scheduler.replication.correction_models import CorrectionAnswer, CorrectionTask
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAID, RIGHT = "Tienes hasta el 20.", "Tienes hasta el 30."


@pytest.fixture
def placed(database: Database) -> dict[str, object]:
    """A post that is out, a body that took it up, one that perhaps did, and one that did not."""
    with database.transaction() as session:
        stage = Stage(session)
        sure, doubt, none = stage.body("uno"), stage.body("dos"), stage.body("tres")
        row = stage.publication(stage.account(none), text=SAID)
        stage.replication(row, sure)
        stage.replication(row, doubt, ReplicationStage.DOUBTFUL)
        post = session.get_one(Post, row.post_id)
        post.due_local, post.due_zone, post.title = row.due_local, "UTC", "Fecha límite"
        return {"sure": sure.id, "doubt": doubt.id, "none": none.id, "post": post.ref}


def corrected(client_as: ClientAs, placed: dict[str, object]) -> tuple[Browser, str]:
    editor = client_as("editor")
    editor.get(f"/publicaciones/{placed['post']}/fe-de-erratas")
    answer = editor.post(
        f"/publicaciones/{placed['post']}/fe-de-erratas", {"why": "La fecha", "right": RIGHT}, follow=True
    )
    assert "Les avisamos a 2 organismos" in words(answer)
    return editor, answer.request.path


def task_of(database: Database, body_id: object) -> CorrectionTask:
    with database.reading() as session:
        found = session.scalars(select(CorrectionTask).where(CorrectionTask.body_id == body_id)).one()
        session.expunge(found)
        return found


@ON_SQLITE
def test_it_is_written_with_the_difference_before_anybody_is_told(
    client_as: ClientAs, database: Database, placed: dict[str, object]
) -> None:
    editor = client_as("editor")
    shown = editor.get(f"/publicaciones/{placed['post']}")
    assert f"/publicaciones/{placed['post']}/fe-de-erratas" in shown.get_data(as_text=True)
    new = f"/publicaciones/{placed['post']}/fe-de-erratas"
    assert "1 organismo la retomó. Hay 1 posible" in words(editor.get(new))
    tried = editor.post(new, {"why": "", "right": RIGHT, "do": "try"})
    assert "<del>20.</del><ins>30.</ins>" in tried.get_data(as_text=True)
    wrong = editor.post(new, {"why": "", "right": RIGHT})
    assert (wrong.status_code, "Di qué estaba mal" in words(wrong), RIGHT in words(wrong)) == (
        422,
        True,
        True,
    )
    with database.reading() as session:
        assert session.scalars(select(CorrectionTask)).all() == []
    assert client_as("liaison", "lia", body_id=placed["sure"]).get(new).status_code == 403


def test_a_body_answers_its_own_and_staff_sees_who_has(
    client_as: ClientAs, database: Database, placed: dict[str, object]
) -> None:
    lia = client_as("liaison", "lia", body_id=placed["sure"])
    leo = client_as("liaison", "leo", body_id=placed["none"])
    editor, path = corrected(client_as, placed)
    assert "Hay 1 fe de erratas que espera tu respuesta" in words(lia.get("/"))
    others = words(leo.get("/"))
    assert "fe de erratas que espera" not in others
    # Who has not taken it up yet takes up the right one.
    assert f"Tiene fe de erratas: La fecha Debe decir {RIGHT}" in others
    assert "Fe de erratas: «Fecha límite», que retomó UNO. La fecha" in words(lia.get("/avisos"))
    mine = lia.get("/fe-de-erratas")
    assert "<del>20.</del><ins>30.</ins>" in mine.get_data(as_text=True)
    assert "DOS" not in words(mine)
    task, other = task_of(database, placed["sure"]), task_of(database, placed["doubt"])
    assert lia.post(f"/fe-de-erratas/tareas/{other.ref}", {"answer": "deleted"}).status_code == 404
    there = f"/fe-de-erratas/tareas/{task.ref}"
    wrong = lia.post(there, {"answer": "corrected", "link": ""})
    assert (wrong.status_code, "Pega el enlace de lo corregido" in words(wrong)) == (422, True)
    assert lia.post(there, {"answer": "x"}).status_code == 422
    done = lia.post(there, {"answer": "corrected", "link": "https://uno.example/2"}, follow=True)
    assert "Ya lo corregimos" in words(done)
    staff = words(editor.get(path))
    assert "DOS Estado dos · dudoso" in staff
    assert "Ya lo corregimos Ver Lia" in staff
    assert "1 de 2" in words(editor.get("/fe-de-erratas"))
    assert "Hay 1 fe de erratas" not in words(lia.get("/"))


@ON_SQLITE
def test_a_link_answers_without_a_password_and_opening_it_changes_nothing(
    client_as: ClientAs, database: Database, placed: dict[str, object]
) -> None:
    editor, path = corrected(client_as, placed)
    task = task_of(database, placed["doubt"])
    shown = editor.post(f"{path}/enlace/{task.ref}")
    [token] = re.findall(r"/e/([\w-]{40,})", shown.get_data(as_text=True))
    anybody = Browser(editor.client.application.test_client(), "")
    page = anybody.get(f"/e/{token}")
    assert "No estamos seguros de que tu organismo la haya retomado" in words(page)
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    assert task_of(database, placed["doubt"]).answer is None
    assert anybody.post(f"/e/{token}", {"answer": "not_applicable"}).status_code == 422
    told = anybody.post(f"/e/{token}", {"answer": "not_applicable", "note": "No fue ese"}, follow=True)
    assert "No aplica" in words(told)
    assert task_of(database, placed["doubt"]).answer is CorrectionAnswer.NOT_APPLICABLE
    assert "por el enlace del correo" in words(editor.get(path))
    assert anybody.get("/e/nada").status_code == 404
    editor.post(f"{path}/retirar")
    assert anybody.get(f"/e/{token}").status_code == 200


@ON_SQLITE
def test_it_becomes_a_post_that_is_reviewed_as_any_other(
    client_as: ClientAs, database: Database, placed: dict[str, object]
) -> None:
    editor, path = corrected(client_as, placed)
    made = editor.post(f"{path}/publicacion")
    ref = made.headers["Location"].split("/")[2]
    with database.reading() as session:
        post = session.scalars(select(Post).where(Post.ref == ref)).one()
        assert (post.state, post.approved_version_id) == (PostState.DRAFT, None)
        assert post.title == "Fe de erratas: Fecha límite"
    assert "la publicación que la cuenta" in words(editor.get(f"/publicaciones/{placed['post']}"))
    # A second click opens the same one.
    assert editor.post(f"{path}/publicacion").headers["Location"] == f"/publicaciones/{ref}"


@ON_SQLITE
def test_the_pages_ask_the_same_questions_however_many_bodies_took_it_up(
    client_as: ClientAs, database: Database, placed: dict[str, object], count_queries: CountQueries
) -> None:
    editor, path = corrected(client_as, placed)
    with count_queries() as few:
        editor.get(path)
        editor.get("/fe-de-erratas")
    with database.transaction() as session:
        stage = Stage(session)
        made = session.scalars(select(CorrectionTask.correction_id).limit(1)).one()
        session.add_all(
            CorrectionTask(correction_id=made, body_id=stage.body(f"mas{n}").id) for n in range(4)
        )
    with count_queries() as many:
        editor.get(path)
        editor.get("/fe-de-erratas")
    assert len(many) == len(few)
