"""The programme's pages: who may do what for which state, files that stay private, and pages that ask little."""

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from assets import evidence
from assets.models import EvidenceFile
from content_calendar import local_plans, programme, proofs
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.local_plans import ActivityFields
from content_calendar.models.commitments import LineWord, Story
from content_calendar.models.directory import Body
from content_calendar.models.local_plans import ActivityKind, CustodyAct, MilestoneClaim, Proof
from content_calendar.models.people import Person
from content_calendar.models.plan import LineOfAction
from content_calendar.models.posts import Post
from content_calendar.models.programme import Milestone, Participation
from content_calendar.programme import EditionDays
from content_calendar.seeds import plant
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from webapp.demo.pictures import picture

ClientAs = Callable[..., Browser]
EDITION = "plandai-2024"
# Pages are asked on one database: what the two answer differently is tested below them.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def this_day() -> date:
    """The day it is by the commission's clock, as the pages take it."""
    return now().astimezone(ZoneInfo("America/Mexico_City")).date()


@pytest.fixture
def placed(database: Database) -> dict[str, int | str]:
    """Two states of an edition whose dates are followed from today."""
    today = this_day()
    with database.transaction() as session:
        plant(session, today)
        edition = programme.find_edition(session, EDITION)
        due = {1: today + timedelta(days=10), 2: today + timedelta(days=90)}
        programme.set_days(
            session, edition, EditionDays(today - timedelta(days=60), today + timedelta(days=200), due), today,
            actor_ref="",
        )  # fmt: skip
        rows = dict(
            session.execute(
                select(Body.slug, Participation)
                .join(Participation, Participation.body_id == Body.id)
                .where(Participation.edition_id == edition.id, Body.slug.in_(["infonl", "itei"]))
            ).all()
        )
        return {
            "mine": rows["infonl"].ref, "my_body": rows["infonl"].body_id,
            "other": rows["itei"].ref, "other_body": rows["itei"].body_id,
        }  # fmt: skip


def told(ref: object, position: int = 1) -> str:
    return f"/programa/avances/{ref}/{position}"


def test_a_liaison_says_it_is_done_with_its_proof_and_the_coordination_confirms(
    client_as: ClientAs, database: Database, placed: dict[str, int | str]
) -> None:
    beto, luz = client_as("liaison", "beto", body_id=placed["my_body"]), client_as("coordinator", "luz")
    today = this_day().isoformat()
    page = beto.get(told(placed["mine"]))
    assert "¿Ya se hizo?" in words(page)
    form = {
        "done_on": today,
        "note": "En la universidad.",
        "sort": "minutes",
        "files": (BytesIO(picture(3)), "acta.png"),
    }
    said = words(beto.post(told(placed["mine"]), form, follow=True))
    assert "Cuenta cuando la coordinación lo confirme" in said
    assert "acta.png" in said
    matrix = words(luz.get(f"/programa/plandai/{EDITION}"))
    assert "por confirmar" in matrix
    assert "dice que ya hizo «Instalación de la red local" in words(luz.get("/avisos"))
    with database.reading() as session:
        claim = session.scalars(select(MilestoneClaim)).one()
    luz.get(told(placed["mine"]))
    assert "ya está en verde" in words(luz.post(f"/programa/dichos/{claim.ref}/confirmar", follow=True))
    with database.reading() as session:
        assert [row.done_on for row in session.scalars(select(Milestone)) if row.done_on] == [this_day()]
    assert "Ya lo resolvió Luz" in words(luz.get("/avisos"))


def test_a_liaison_cannot_touch_another_state_nor_confirm_their_own(
    client_as: ClientAs, database: Database, placed: dict[str, int | str]
) -> None:
    beto = client_as("liaison", "beto", body_id=placed["my_body"])
    today = this_day().isoformat()
    page = words(beto.get(told(placed["other"])))
    assert "¿Ya se hizo?" not in page
    state = f"/programa/estado/{placed['other']}"
    activity = {"kind": "session", "title": "Otra", "held_on": today}
    beto.get("/mi-cuenta")
    for path, form in (
        (told(placed["other"]), {"done_on": today}),
        (f"{state}/plan", {"modality": "general"}),
        (f"{state}/red", {"institution": "UdeG", "sector": "university"}),
        (f"{state}/actividades", activity),
        (f"{state}/informes/2026/1", {"summary": "x"}),
        (f"/programa/plandai/{EDITION}/fechas", {}),
        (f"/programa/plandai/{EDITION}/estados", {}),
    ):
        assert beto.post(path, form).status_code == 403, path
    beto.get(told(placed["mine"]))
    beto.post(told(placed["mine"]), {"done_on": today})
    with database.reading() as session:
        claims = session.scalars(select(MilestoneClaim)).all()
        mine = session.scalars(select(Participation.id).where(Participation.ref == placed["mine"])).one()
    assert [one.participation_id for one in claims] == [mine]
    assert beto.post(f"/programa/dichos/{claims[0].ref}/confirmar").status_code == 403
    stranger = client_as("liaison", "otra", body_id=placed["other_body"])
    assert stranger.post(f"/programa/dichos/{claims[0].ref}/deshacer").status_code == 403
    assert "Deshecho" in words(beto.post(f"/programa/dichos/{claims[0].ref}/deshacer", follow=True))


def test_a_list_of_who_came_is_served_to_nobody_without_the_right(
    app: Flask, client_as: ClientAs, database: Database, placed: dict[str, int | str]
) -> None:
    beto = client_as("liaison", "beto", body_id=placed["my_body"])
    beto.get(told(placed["mine"], 4))
    form = {"sort": "attendance", "files": (BytesIO(picture(3)), "lista de Ana Pérez.png")}
    assert beto.post(told(placed["mine"], 4), form).status_code == 303
    with database.reading() as session:
        sheet = session.scalars(select(Proof)).one()
    path = f"/programa/evidencia/{sheet.ref}"
    assert sheet.erase_on is not None
    for owner in (beto, client_as("coordinator")):
        answer = owner.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert hashlib.sha256(answer.get_data()).hexdigest() == sheet.digest
        answer.close()
    for other in (
        client_as("editor"), client_as("liaison", "otra", body_id=placed["other_body"]),
        client_as("regional", region_id=1),
    ):  # fmt: skip
        assert other.get(path).status_code == 404
        assert other.get(f"{path}/custodia").status_code in {403, 404}
        page = words(other.get(told(placed["mine"], 4)))
        assert "Ana Pérez" not in page
        assert "Lista privada" in page
    assert app.test_client().get(path).status_code == 302
    custody = words(beto.get(f"{path}/custodia"))
    assert sheet.digest in custody
    assert custody.count("abierta") == 2
    assert "su huella coincide" in words(beto.post(f"{path}/comprobar", follow=True))
    with database.transaction() as session:
        assert evidence.erase_due(session, sheet.erase_on - timedelta(days=1)) == 0
        assert evidence.erase_due(session, sheet.erase_on) == 1
        assert session.scalars(select(EvidenceFile)).all() == []
        last = proofs.custody(session, session.get_one(Proof, sheet.id))[-1]
        assert last.act is CustodyAct.ERASED
    assert beto.get(path).status_code == 404


def test_what_a_state_did_is_written_down_with_its_proof_and_undone(
    client_as: ClientAs, placed: dict[str, int | str]
) -> None:
    beto = client_as("liaison", "beto", body_id=placed["my_body"])
    state = f"/programa/estado/{placed['mine']}"
    page = beto.get(state).get_data(as_text=True)
    assert 'id="act-files" name="files" type="file"' in page
    wrong = beto.post(f"{state}/actividades", {"kind": "session", "title": "", "held_on": "2020-01-01"})
    assert wrong.status_code == 422
    form = {
        "kind": "training", "title": "Taller", "held_on": this_day().isoformat(), "people": "1,012",
        "sort": "photo", "proof_link": "https://a.mx/foto",
    }  # fmt: skip
    said = beto.post(f"{state}/actividades", form, follow=True)
    assert "1,012 personas facilitadoras formadas" in words(said)
    undo = re.search(r"/programa/estado/[a-z0-9]+/actividades/[a-z0-9]+/quitar", said.get_data(as_text=True))
    assert undo
    assert "1,012" in words(beto.get("/programa/facilitadoras"))
    assert "1,012" not in words(beto.post(undo.group(), follow=True))
    member = {"sector": "university", "institution": "UANL", "name": "Eva Ruiz"}
    assert "Eva Ruiz" in words(beto.post(f"{state}/red", member, follow=True))
    assert "Eva Ruiz" not in words(client_as("regional", region_id=1).get(state))


def test_a_partial_report_is_handed_in_and_returned(
    client_as: ClientAs, placed: dict[str, int | str]
) -> None:
    beto, luz = client_as("liaison", "beto", body_id=placed["my_body"]), client_as("coordinator", "luz")
    page = beto.get(f"/programa/estado/{placed['mine']}").get_data(as_text=True)
    path = re.findall(r"/programa/estado/[a-z0-9]+/informes/\d+/\d+", page)[0]
    beto.get(path)
    said = beto.post(path, {"summary": "Se instaló la red.", "sort": "report"}, follow=True)
    assert "Entregado" in words(said)
    answer = luz.get(path).get_data(as_text=True)
    returning = re.search(r"/programa/informes/[a-z0-9]+/regresar", answer)
    assert returning
    assert "Escribe qué hay que corregir" in words(luz.post(returning.group(), {"answer": " "}))
    assert "Regresado" in words(luz.post(returning.group(), {"answer": "Faltan números"}, follow=True))
    assert "Faltan números" in words(beto.get("/avisos"))


def test_a_line_is_followed_by_who_adopted_it_and_in_a_session(
    client_as: ClientAs, database: Database, placed: dict[str, int | str]
) -> None:
    beto, luz = client_as("liaison", "beto", body_id=placed["my_body"]), client_as("coordinator", "luz")
    with database.reading() as session:
        ref = session.scalars(select(LineOfAction.ref).where(LineOfAction.code == "3.2.6 B")).one()
    path = f"/programa/lineas/{ref}"
    beto.get("/mi-cuenta")
    assert beto.post(f"{path}/como-va", {"status": "done"}).status_code == 403
    luz.get(path)
    assert "INFO NL" in words(
        luz.post(f"{path}/quien-la-adopta", {"bodies": "infonl", "source": "acta"}, follow=True)
    )
    beto.get(path)
    said = beto.post(f"{path}/como-va", {"status": "under_way", "note": "Tres talleres."}, follow=True)
    assert "Tres talleres." in words(said)
    goal = {"sort": "goal", "text": "Talleres", "target": "10", "reached": "3"}
    assert "van 3 de 10" in words(beto.post(f"{path}/metas", goal, follow=True))
    listed = words(beto.get("/programa/lineas?estado=under_way"))
    assert "3.2.6 B" in listed
    assert "3.3.8 A" not in listed
    with database.reading() as session:
        word = session.scalars(select(LineWord)).one()
    luz.get("/mi-cuenta")
    assert "Solo se deshace" in words(luz.post(f"/programa/dicho-de-linea/{word.ref}/deshacer", follow=True))
    assert "Deshecho" in words(beto.post(f"/programa/dicho-de-linea/{word.ref}/deshacer", follow=True))


def test_an_indicator_takes_a_year_with_its_source_and_draws_it(
    client_as: ClientAs, placed: dict[str, int | str]
) -> None:
    assert placed
    luz = client_as("coordinator", "luz")
    page = luz.get("/programa/indicadores").get_data(as_text=True)
    assert page.count("Agregar un año") == 10
    path = re.findall(r'action="(/programa/indicadores/[a-z0-9]+)"', page)[4]
    wrong = luz.post(path, {"year": "2024", "value": "mucho", "source": "WJP"})
    assert (wrong.status_code, "Escribe el valor con números" in words(wrong)) == (422, True)
    said = luz.post(
        path, {"year": "2024", "value": "0,61", "rank": "40", "ranked": "113", "source": "WJP"}, follow=True
    )
    assert "0.61" in words(said)
    assert "De 0.56 en 2015 a 0.61 en 2024" in said.get_data(as_text=True)
    editor = client_as("editor")
    editor.get("/mi-cuenta")
    assert editor.post(path, {"year": "2024", "value": "1", "source": "x"}).status_code == 403


def test_a_story_becomes_a_post_that_leads_back_to_it(
    client_as: ClientAs, database: Database, placed: dict[str, int | str]
) -> None:
    beto, ana = client_as("liaison", "beto", body_id=placed["my_body"]), client_as("editor", "ana")
    beto.get("/programa/historias/nueva")
    form = {
        "sort": "success",
        "body": "infonl",
        "title": "Luz en la calle",
        "text": "Preguntaron y hubo luz.",
    }
    assert "Luz en la calle" in words(beto.post("/programa/historias/nueva", form, follow=True))
    assert beto.post("/programa/historias/nueva", {**form, "body": "itei"}).status_code == 403
    with database.reading() as session:
        story = session.scalars(select(Story)).one()
    page = ana.get(f"/programa/historias/{story.ref}").get_data(as_text=True)
    compose = re.search(r'href="(/publicaciones/nueva\?[^"]+)"', page)
    assert compose
    composer = ana.get(compose.group(1).replace("&amp;", "&")).get_data(as_text=True)
    assert "Preguntaron y hubo luz." in composer
    assert f"/programa/historias/{story.ref}" in composer
    with database.transaction() as session:
        author = session.scalars(select(Person).where(Person.name == "Ana")).one()
        origin = f"https://otra.casa/programa/historias/{story.ref}"
        session.add(Post(title="De la historia", author_id=author.id, origin_url=origin))
    assert "De la historia" in words(ana.get(f"/programa/historias/{story.ref}"))
    assert "Ya se hizo 1 publicación" in words(ana.get("/programa/historias"))


def test_pages_ask_as_much_however_much_there_is(
    client_as: ClientAs, database: Database, placed: dict[str, int | str], count_queries: CountQueries
) -> None:
    luz = client_as("coordinator", "luz")
    state = f"/programa/estado/{placed['mine']}"
    pages = (
        "/programa",
        "/programa/metas",
        "/programa/facilitadoras",
        state,
        told(placed["mine"]),
        "/programa/lineas",
    )

    def asked() -> list[int]:
        counts = []
        for path in pages:
            with count_queries() as queries:
                assert luz.get(path).status_code == 200
            counts.append(len(queries))
        return counts

    before = asked()
    with database.transaction() as session:
        person = session.scalars(select(Person)).first()
        assert person
        for row in session.scalars(select(Participation)).all():
            for kind in ActivityKind:
                fields = ActivityFields(kind, date(2026, 1, 5), "algo", 3)
                local_plans.add_activity(session, row, fields, date(2026, 1, 6), person)
    assert asked() == before
    assert max(before) <= 30


def test_the_traffic_light_goes_out_as_a_file(client_as: ClientAs, placed: dict[str, int | str]) -> None:
    assert placed
    answer = client_as("regional", region_id=1).get(f"/programa/plandai/{EDITION}/semaforo.csv")
    rows = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert (answer.mimetype, len(rows)) == ("text/csv", 1 + 29 * 7)
    assert sum("vence pronto" in row for row in rows) == 29
