"""A sheet with every mistake that people make: each is found and told at its cell, and nothing comes in by half."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import func, select

from content_calendar import importing, post_audiences, taking_in
from content_calendar.content import from_json
from content_calendar.db import Database
from content_calendar.models.audiences import Audience
from content_calendar.models.directory import Body
from content_calendar.models.exchange import SheetImport, SheetNote
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme, ThemeSpan
from content_calendar.models.posts import Post, PostVersion
from content_calendar.states import PostState
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.exchange.conftest import DOOR, UPLOAD, ZONE, good, send, xlsx
from webapp.sentences import SENTENCES

# What is wrong, where it is told, and by which code.
MISTAKES: list[tuple[dict[str, object], str, str]] = [
    ({"Fecha": "mañana"}, "day", "sheet_day_unreadable"),
    ({"Fecha": "31/04/2030"}, "day", "sheet_day_impossible"),
    ({"Fecha": "03/25/2030"}, "day", "sheet_day_month_first"),
    ({"Fecha": "15/06/2030"}, "day", "sheet_day_outside"),
    ({"Fecha": ""}, "day", "sheet_day_missing"),
    ({"Fecha": "#REF!"}, "day", "sheet_formula_failed"),
    ({"Hora": "temprano"}, "hour", "sheet_hour_unreadable"),
    ({"Hora": "25:00"}, "hour", "sheet_hour_impossible"),
    ({"Hora": ""}, "hour", "sheet_hour_missing"),
    ({"Zona": "Tijuana", "Fecha": "10/03/2030", "Hora": "02:30"}, "hour", "sheet_hour_skipped"),
    ({"Zona": "Atlántida"}, "zone", "sheet_zone_unknown"),
    ({"Hasta": "20/03/2030"}, "until", "sheet_until_of_post"),
    ({"Bimestre": "3"}, "bimester", "sheet_bimester_other"),
    ({"Bimestre": "el que viene"}, "bimester", "sheet_bimester_unreadable"),
    ({"Tema": ""}, "theme", "sheet_theme_missing"),
    ({"Tema": "Tu derecho a saver"}, "theme", "sheet_theme_alike"),
    ({"Tema": "Viejo asunto"}, "theme", "sheet_theme_archived"),
    ({"Tema": "T" * 301}, "theme", "sheet_theme_too_long"),
    ({"Red": "Hi5"}, "network", "sheet_network_unknown"),
    ({"Cuentas": ""}, "accounts", "sheet_accounts_missing"),
    ({"Cuentas": "@nadie"}, "accounts", "sheet_account_unknown"),
    ({"Cuentas": "@comision"}, "accounts", "sheet_account_ambiguous"),
    ({"Cuentas": "somewhere: @ensayo"}, "accounts", "sheet_account_elsewhere"),
    ({"Cuentas": "@ensayo, @ENSAYO"}, "accounts", "sheet_account_repeated"),
    ({"Cuentas": "@dadadebaja"}, "accounts", "sheet_account_retired"),
    ({"Cuentas": "@lejos"}, "accounts", "sheet_account_unconnected"),
    ({"Texto": "", "Título": "Sin texto"}, "text", "sheet_text_missing"),
    ({"Texto": "Roto \ufffd"}, "text", "sheet_text_garbled"),
    ({"Texto": "a" * 10_001}, "text", "sheet_cell_too_long"),
    ({"Texto": "palabra " * 80, "Cuentas": "@breve"}, "text", "sheet_text_over"),
    ({"Texto": "\n---\n".join(f"Parte {n}" for n in range(26))}, "text", "sheet_parts_too_many"),
    ({"Título": "t" * 201}, "title", "sheet_cell_too_long"),
    ({"Enlace": "www.snt.org.mx"}, "link", "sheet_link_without_scheme"),
    ({"Enlace": "https://snt"}, "link", "sheet_link_unreadable"),
    ({"Enlace": "https://snt.mx https://inai.mx"}, "link", "sheet_link_several"),
    ({"Enlace": f"https://snt.mx/{'a' * 2000}"}, "link", "sheet_link_too_long"),
    ({"Etiquetas": "#Datos-Abiertos"}, "tags", "sheet_tag_unreadable"),
    ({"Etiquetas": "#2030"}, "tags", "sheet_tag_only_digits"),
    ({"Etiquetas": "#Saber #saber"}, "tags", "sheet_tag_repeated"),
    ({"Etiquetas": " ".join(f"#e{n}" for n in range(31))}, "tags", "sheet_tags_too_many"),
    ({"Texto alternativo": "a" * 2001}, "alt", "sheet_cell_too_long"),
    ({"Organismo responsable": "Nadie"}, "body", "sheet_body_unknown"),
    ({"Organismo responsable": "Baja California"}, "body", "sheet_body_ambiguous"),
    ({"Organismo responsable": "IVAI"}, "body", "sheet_body_dissolved"),
    ({"Público": "marcianos"}, "audience", "sheet_audience_unknown"),
    ({"Campaña": "Ninguna"}, "campaign", "sheet_campaign_unknown"),
    ({"Campaña": "Campaña corta", "Fecha": "20/03/2030"}, "campaign", "sheet_campaign_outside"),
    ({"Notas": "n" * 4001}, "notes", "sheet_cell_too_long"),
    ({"Clave": "una clave con espacios"}, "key", "sheet_key_unreadable"),
]
ROWS = 500
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _sheet() -> tuple[list[dict[str, object]], dict[tuple[int, str], str]]:
    """Five hundred rows; every ninth has a mistake. Returns them, and the code that belongs to each bad cell."""
    rows, wrong = [], {}
    for n in range(ROWS):
        row = good(n)
        if n % 9 == 0 and n // 9 < len(MISTAKES):
            changed, column, code = MISTAKES[n // 9]
            row |= {name: said for name, said in changed.items() if name != "Hora" or said != "02:30"}
            row |= {"Hora": "02:30"} if changed.get("Hora") == "02:30" else {}
            wrong[n + 2, column] = code
        rows.append(row)
    # What is only wrong beside another row.
    rows[400] = dict(rows[399])
    wrong[402, "text"] = "sheet_row_repeated"
    rows[402] = {**rows[401], "Texto": "Otra cosa a la misma hora"}
    wrong[404, "hour"] = "sheet_hour_taken"
    rows[404] |= {"Clave": "mi-clave"}
    rows[405] |= {"Clave": "mi-clave"}
    wrong[407, "key"] = "sheet_key_repeated"
    rows[406] = {"Tema": "Datos personales", "Fecha": "20/03/2030", "Hasta": "10/03/2030"}
    wrong[408, "until"] = "sheet_until_before_day"
    return rows, wrong


def _marked(page: str) -> dict[tuple[int, str], str]:
    """The bad cells of a page, each with its sentence."""
    found = re.findall(r'id="(\d+)-([a-z]+)-error">(.*?)</p>', page, re.DOTALL)
    return {(int(n), column): unescape(re.sub(r"<[^>]+>", "", said)) for n, column, said in found}


def _all_marked(who: Browser, path: str) -> dict[tuple[int, str], str]:
    marked: dict[tuple[int, str], str] = {}
    for page in range(1, 20):
        found = _marked(who.get(f"{path}?pagina={page}").get_data(as_text=True))
        if set(found) <= set(marked):
            return marked
        marked |= found
    return marked


def _count(office: Database) -> int:
    with office.reading() as session:
        return session.scalars(select(func.count(Post.id)).where(Post.state != PostState.DISCARDED)).one()


@ONE_DATABASE
def test_each_of_forty_kinds_of_mistake_is_told_at_its_cell_and_the_corrected_sheet_comes_in_once(
    eva: Browser, office: Database
) -> None:
    rows, wrong = _sheet()
    assert len(set(wrong.values())) >= 40
    path = send(eva, xlsx(rows))
    marked = _all_marked(eva, path)
    assert set(marked) == set(wrong)
    for cell, code in wrong.items():
        beginning = re.split(r"%\(\w+\)s", SENTENCES[code])[0]
        assert beginning.split(".")[0] in marked[cell], cell
    refused = eva.post(f"{path}/importar", {"edition": 0})
    assert refused.status_code == 422
    assert _count(office) == 0
    # The file is corrected and uploaded again, then a second time as a new import.
    corrected = [good(n) for n in range(ROWS)]
    eva.get(path)
    assert (
        eva.post(f"{path}/archivo", {"file": (_file(corrected), "plan.xlsx"), "edition": 0}).status_code
        == 303
    )
    assert "La hoja está lista" in words(eva.get(path))
    assert eva.post(f"{path}/importar", {"edition": 1}).status_code == 303
    assert _count(office) == ROWS
    again = send(eva, xlsx(corrected))
    assert f"{ROWS} quedan como están" in words(eva.get(again))
    eva.post(f"{again}/importar", {"edition": 0})
    assert _count(office) == ROWS


def _file(rows: list[dict[str, object]]) -> BytesIO:
    return BytesIO(xlsx(rows))


@ONE_DATABASE
def test_a_bad_cell_is_corrected_on_the_page_and_a_row_taken_out(eva: Browser, office: Database) -> None:
    rows = [good(0), {**good(1), "Hora": "25:00"}, {**good(2), "Cuentas": "@nadie"}]
    path = send(eva, xlsx(rows))
    assert set(_marked(eva.get(path).get_data(as_text=True))) == {(3, "hour"), (4, "accounts")}
    assert "Importar" not in words(eva.get(path)).replace("Importación", "")
    eva.post(f"{path}/corregir", {"edition": 0, "3-hour": "15:00", "quitar": "4"})
    page = words(eva.get(path))
    assert "La hoja está lista" in page
    assert "2 publicaciones nuevas" in page
    eva.post(f"{path}/importar", {"edition": 0})
    with office.reading() as session:
        posts = session.scalars(select(Post).order_by(Post.id)).all()
        assert [post.due_local[11:16] for post in posts] == ["08:00", "15:00"]
        assert {post.state for post in posts} == {PostState.DRAFT}


@ONE_DATABASE
def test_a_row_means_what_it_says(eva: Browser, office: Database) -> None:
    row = {
        **good(0), "Tema": "Un tema nuevo", "Fecha": "15-mar-30", "Hora": "9 am",
        "Cuentas": "@ensayo; rehearsal: comision",
        "Texto": "Primera parte\n---\nSegunda parte", "Enlace": "https://snt.org.mx/a", "Etiquetas": "VinculaciónSNT",
        "Campaña": "#snttips", "Zona": "Tijuana", "Público": "academia, Medios", "Organismo responsable": "Nuevo León",
    }  # fmt: skip
    path = send(eva, xlsx([row, {"Tema": "Datos personales", "Fecha": "04/03/2030", "Hasta": "15/03/2030"}]))
    page = words(eva.get(path))
    assert "Un tema nuevo" in page
    eva.post(f"{path}/importar", {"edition": 0})
    with office.reading() as session:
        post = session.scalars(select(Post)).one()
        said = from_json(session.scalars(select(PostVersion.content)).one())
        assert (post.due_local, post.due_zone, post.kind) == (
            "2030-03-15T09:00:00",
            "America/Tijuana",
            "thread",
        )
        assert said.parts == ("Primera parte", "Segunda parte\nhttps://snt.org.mx/a\n#VinculaciónSNT")
        assert post_audiences.own(session, post) == [Audience.ACADEMIA, Audience.MEDIA]
        assert session.scalars(select(SheetNote.said)).one().keys() == {"body"}
        spans = session.execute(select(Theme.title, ThemeSpan.starts_on, ThemeSpan.ends_on).join(Theme)).all()
        assert sorted(spans) == [
            ("Datos personales", date(2030, 3, 4), date(2030, 3, 15)),
            ("Un tema nuevo", date(2030, 3, 15), date(2030, 3, 15)),
        ]


def test_an_import_is_undone_whole_until_something_is_approved(eva: Browser, office: Database) -> None:
    rows = [{**good(n), "Tema": "De paso"} for n in range(3)]
    path = send(eva, xlsx(rows))
    eva.post(f"{path}/importar", {"edition": 0})
    assert _count(office) == 3
    assert "Deshacer la importación" in words(eva.get(path))
    eva.post(f"{path}/deshacer")
    assert _count(office) == 0
    with office.reading() as session:
        assert session.scalars(select(func.count(ThemeSpan.id))).one() == 0
    # What was undone can come in again, once.
    path = send(eva, xlsx(rows))
    assert "3 publicaciones nuevas" in words(eva.get(path))
    eva.post(f"{path}/importar", {"edition": 0})
    assert _count(office) == 3
    with office.reading() as session:
        ref = session.scalars(select(Post.ref).where(Post.state == PostState.DRAFT)).first()
    eva.get(f"/publicaciones/{ref}")
    assert eva.post(f"/publicaciones/{ref}/enviar", {"edition": 0}).status_code in {302, 303}
    assert "Ya no se puede deshacer" in words(eva.get(path))
    assert eva.post(f"{path}/deshacer").status_code == 409
    assert _count(office) == 3


def test_what_somebody_changed_here_is_not_overwritten_by_an_old_sheet(
    eva: Browser, office: Database
) -> None:
    row = {**good(0), "Clave": "mi-clave"}
    eva.post(f"{send(eva, xlsx([row]))}/importar", {"edition": 0})
    with office.transaction() as session:
        session.scalars(select(Post)).one().title = "Otro título"
    # The same row says nothing new: what was written here stays.
    assert "1 queda como está" in words(eva.get(send(eva, xlsx([row]))))
    changed = send(eva, xlsx([{**row, "Texto": "Otro texto"}]))
    assert "Alguien cambió esta publicación en Resuena" in words(eva.get(changed))


def test_a_changed_row_changes_its_draft_and_undoing_gives_it_back(eva: Browser, office: Database) -> None:
    row = {**good(0), "Clave": "mi-clave"}
    eva.post(f"{send(eva, xlsx([row]))}/importar", {"edition": 0})
    path = send(eva, xlsx([{**row, "Texto": "Otro texto", "Hora": "18:00"}]))
    assert "1 cambia" in words(eva.get(path))
    eva.post(f"{path}/importar", {"edition": 0})
    assert _said(office) == ("Otro texto", "2030-03-01T18:00:00")
    eva.get(path)
    eva.post(f"{path}/deshacer")
    assert _said(office) == (good(0)["Texto"], "2030-03-01T08:00:00")


def _said(office: Database) -> tuple[str, str]:
    with office.reading() as session:
        post = session.scalars(select(Post)).one()
        version = session.get_one(PostVersion, post.version_id)
        return from_json(version.content).parts[0], post.due_local


def test_the_same_rows_imported_by_two_people_at_one_moment_come_in_once(
    eva: Browser, office: Database
) -> None:
    eva.post(f"{send(eva, xlsx([good(3)]))}/importar", {"edition": 0})
    row = {**good(0), "Clave": "mi-clave"}
    refs = [send(eva, xlsx([row])).rsplit("/", 1)[-1] for _ in range(2)]
    around = importing.Surroundings(ZONE, {}, {}, lambda _ref, _text: None)
    with office.reading() as session:
        # Both saw that nothing of it was there.
        seen = [importing.judged(session, importing.find(session, ref), around) for ref in refs]
    for n, ref in enumerate(refs):
        with ExitStack() as stack:
            if n:
                stack.enter_context(pytest.raises(importing.ImportChangedError))
            session = stack.enter_context(office.transaction())
            person = session.scalars(select(Person)).one()
            taking_in.take_in(session, importing.hold(session, ref), 0, *seen[n], person)
    assert _count(office) == 2


@ONE_DATABASE
def test_a_sheet_waits_for_whoever_closed_the_page_and_not_for_ever(eva: Browser, office: Database) -> None:
    path = send(eva, xlsx([{**good(0), "Hora": "25:00"}]))
    assert "plan.xlsx" in words(eva.get(DOOR))
    with office.transaction() as session:
        one = session.scalars(select(SheetImport)).one()
        one.expires_at = one.made_at
    assert eva.get(path).status_code == 404
    assert "plan.xlsx" not in words(eva.get(DOOR))


@ONE_DATABASE
def test_corrections_of_a_sheet_that_another_file_replaced_are_not_mixed_in(eva: Browser) -> None:
    path = send(eva, xlsx([{**good(0), "Hora": "25:00"}]))
    eva.get(path)
    eva.post(
        f"{path}/archivo", {"file": (_file([good(1), {**good(2), "Hora": "26:00"}]), "b.xlsx"), "edition": 0}
    )
    answer = eva.post(f"{path}/corregir", {"edition": 0, "2-hour": "01:00"}, follow=True)
    assert "Alguien" in words(answer) or "Otro archivo" in words(answer)
    assert "26:00" in answer.get_data(as_text=True)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "", "sheet_file_missing"),
        (b"Tema;Fecha\n", "plan.csv", "sheet_empty"),
        (b"uno,dos\n1,2\n", "plan.csv", "sheet_without_headings"),
        (b"Tema,Texto,Fecha,texto\na,b,c,d\n", "plan.csv", "sheet_heading_repeated"),
        (b"PK\x03\x04 roto", "plan.xlsx", "table_unreadable"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_a_sentence(
    eva: Browser, office: Database, data: bytes, name: str, code: str
) -> None:
    eva.get(DOOR)
    answer = eva.post(UPLOAD, {"file": (BytesIO(data), name)})
    assert answer.status_code == 422
    assert SENTENCES[code].split("«")[0].split("%")[0] in words(answer)
    assert _count(office) == 0


@ONE_DATABASE
def test_a_liaison_imports_nothing(eva: Browser, client_as: Callable[..., Browser], office: Database) -> None:
    path = send(eva, xlsx([good(0)]))
    with office.reading() as session:
        body_id = session.scalars(select(Body.id)).first()
    beto = client_as("liaison", "beto", body_id=body_id)
    beto.get(DOOR)
    for place in (UPLOAD, f"{path}/importar", f"{path}/corregir"):
        assert beto.post(place, {"edition": 0}).status_code == 403
    assert beto.get(path).status_code == 403


@ONE_DATABASE
def test_a_longer_sheet_asks_the_database_no_more(eva: Browser, count_queries: CountQueries) -> None:
    short, long = send(eva, xlsx([good(0)])), send(eva, xlsx([good(n) for n in range(60)]))
    eva.get(short)
    with count_queries() as few:
        eva.get(short)
    with count_queries() as many:
        eva.get(long)
    assert len(many) == len(few) <= 25
