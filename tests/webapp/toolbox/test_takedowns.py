"""Por retirar: each body sees and answers its own, staff sees all; and what is known of a material's use."""

from collections.abc import Callable

from sqlalchemy import select

from assets.models import BodyView, Takedown
from content_calendar.db import Database
from content_calendar.models.posts import Post, PostMedia
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from tests.webapp.toolbox.test_consenting import consent
from tests.webapp.toolbox.test_toolbox import add

ClientAs = Callable[..., Browser]


def used_by_two(database: Database, ref: str) -> tuple[int, int, str]:
    """Two bodies, of which the first published the material; return their ids and the post's reference."""
    with database.transaction() as session:
        stage = Stage(session)
        one, other = stage.body("uno"), stage.body("dos")
        row = stage.publication(stage.account(one), url="https://red.example/1")
        session.add(
            PostMedia(post_id=row.post_id, position=1, asset_ref=ref, asset_version=1, sha256="0" * 64)
        )
        post = session.get_one(Post, row.post_id)
        post.due_local, post.due_zone = row.due_local, "UTC"
        session.flush()
        return one.id, other.id, post.ref


def test_each_body_sees_and_answers_its_own_and_staff_sees_who_has(
    client_as: ClientAs, database: Database
) -> None:
    editor = client_as("editor")
    ref = add(editor, people="minors", title="Foro de abril")
    editor.get(f"/caja/{ref}")
    said = consent(editor, ref)
    one, other, post = used_by_two(database, ref)
    mine, theirs = client_as("liaison", "lia", body_id=one), client_as("liaison", "leo", body_id=other)
    for browser in (mine, theirs):
        assert "Hay 1 uso por retirar" not in words(browser.get("/"))
    # The second body looked and pulled; the first only looked, twice.
    for _ in range(2):
        assert mine.get(f"/caja/{ref}").status_code == 200
    assert (
        theirs.client.get(f"/caja/{ref}/v/1/descargar", buffered=True)
        .headers["Content-Disposition"]
        .startswith("attachment")
    )
    page = words(editor.get(f"/caja/{ref}"))
    assert "DOS : 0 publicaciones, 1 descarga" in page
    assert "UNO : 1 publicación, 0 descargas" in page
    assert "https://red.example/1" in editor.get(f"/caja/{ref}").get_data(as_text=True)
    reach = words(editor.get(f"/publicaciones/{post}"))
    assert "Se ofreció a 2 organismos" in reach
    assert "2 la vieron" in reach
    assert "1 descargó su material" in reach
    with database.reading() as session:
        assert len(session.scalars(select(BodyView)).all()) == 1
    document = said.partition(f'href="/caja/{ref}/consentimientos/')[2].partition('"')[0]
    editor.get(f"/caja/{ref}")
    assert "Pedimos que se quite de 2 usos" in words(
        editor.post(f"/caja/{ref}/consentimientos/{document}/retirar", follow=True)
    )
    with database.reading() as session:
        tasks = {row.owner_id: row.ref for row in session.scalars(select(Takedown))}
    assert "Hay 1 uso por retirar" in words(mine.get("/"))
    shown = words(mine.get("/caja/por-retirar"))
    assert "Foro de abril" in shown
    assert "Ver dónde está" in shown
    assert "DOS" not in shown
    assert "retiraron el permiso" in words(mine.get("/avisos")).casefold()
    assert mine.post(f"/caja/por-retirar/{tasks[other]}", {"answer": "done"}).status_code == 404
    wrong = mine.post(f"/caja/por-retirar/{tasks[one]}", {"answer": "cannot", "note": ""})
    assert (wrong.status_code, "Cuenta por qué" in words(wrong)) == (422, True)
    assert mine.post(f"/caja/por-retirar/{tasks[one]}", {"answer": "x"}).status_code == 422
    done = mine.post(f"/caja/por-retirar/{tasks[one]}", {"answer": "done", "note": "Hoy"}, follow=True)
    assert "No hay nada por retirar" in words(done)
    staff = words(editor.get("/caja/por-retirar"))
    assert "contestaron 1 de 2" in staff
    assert "Ya lo quitamos: Hoy" in staff
    assert "Lia" in staff
