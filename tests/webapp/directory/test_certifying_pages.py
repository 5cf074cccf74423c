"""Certifying and proposing on the screen and from a mail, and the list of what is owed."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from content_calendar import accounts, certification, certifying, notice_mail
from content_calendar.accounts import NewAccount
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, Commission, Site, Standing
from content_calendar.models.notices import Notice
from content_calendar.models.standing import DirectoryProposal, LinkBack, ProposalStage
from content_calendar.settings import read
from scheduler.networks import networks
from tests.conftest import CountQueries
from tests.simulators.feed_server import FeedServer
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from webapp import letters
from webapp.app import create_app

ClientAs = Callable[..., Browser]
NETWORK = next(slug for slug, one in networks().items() if one.needs_connection)


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy(sqlite_template, tmp_path / "resuena.db")
    return f"sqlite:///{tmp_path / 'resuena.db'}"


@pytest.fixture
def body(database: Database) -> int:
    with database.transaction() as session:
        return Stage(session).body("itei").id


def account(database: Database, owner_id: int, handle: str, *, days: int | None = None) -> str:
    """A new account; ``days``: somebody's word for it is good for so many more."""
    with database.transaction() as session:
        owner = session.get_one(Body, owner_id)
        one = accounts.add(session, owner, NewAccount(NETWORK, handle), now().date(), actor_ref="")
        if days is not None:
            certifying.certify(session, one, Stage(session).person(), lasts=timedelta(days=days))
        return one.ref


def standing(database: Database, ref: str) -> Standing:
    with database.reading() as session:
        return accounts.find(session, ref).standing


def test_the_mail_s_link_certifies_several_accounts_in_one_click_and_tells_of_those_left_out(
    app: Flask, client_as: ClientAs, database: Database, body: int, tmp_path: Path
) -> None:
    client_as("coordinator", "luz")
    client_as("liaison", "beto", body_id=body)
    refs = [account(database, body, handle, days=5) for handle in ("itei", "itei_jal", "vieja")]
    with database.transaction() as session:
        certification.chase(session)
        parcels = notice_mail.take(session, 10)
    assert [one.name for one in parcels] == ["Beto"]
    told = read({"RESUENA_DATA": str(tmp_path / "data"), "RESUENA_PUBLIC_URL": "https://resuena.example.mx"})
    letter = letters.writer(told)(parcels[0])
    assert "itei, itei_jal, vieja" in letter.subject
    link = re.search(r"https://resuena\.example\.mx(/certificar/\S+)", letter.text)
    assert link
    door = Browser(app.test_client(), "")
    page = door.get(link[1])
    assert "Confirmas" not in words(page)
    assert "Al confirmar dices, con tu nombre" in words(page)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    # Whatever opens the link for a mail server certifies nothing.
    with database.reading() as session:
        until = accounts.find(session, refs[0]).certified_until
    assert until is not None
    assert until < now() + timedelta(days=6)
    # Nor does somebody else's account that is put into the form.
    with database.transaction() as session:
        other = Stage(session).body("otro").id
    foreign = account(database, other, "ajena")
    said = words(door.post(link[1], {"account": [refs[0], refs[1], foreign]}))
    assert "2 cuentas son oficiales hasta el" in said
    assert "1 cuenta ya no es suya" in said
    assert standing(database, foreign) is Standing.TO_CERTIFY
    with database.reading() as session:
        proposal = session.scalars(select(DirectoryProposal)).one()
        assert (proposal.kind, proposal.stage) == ("account_gone", ProposalStage.WAITING)
    again = door.get(link[1])
    assert (again.status_code, "Ya contestaste con este enlace" in words(again)) == (410, True)


def test_a_link_that_nobody_was_mailed_opens_nothing_and_guessing_is_slowed_down(app: Flask) -> None:
    anybody = app.test_client()
    statuses = {anybody.get(f"/certificar/{n}").status_code for n in range(40)}
    assert statuses == {404, 429}


def test_a_liaison_certifies_their_own_accounts_and_no_other(
    client_as: ClientAs, database: Database, body: int
) -> None:
    with database.transaction() as session:
        other = Stage(session).body("otro").id
    mine, theirs = account(database, body, "itei"), account(database, other, "otra")
    beto = client_as("liaison", "beto", body_id=body)
    beto.get("/directorio/itei")
    assert beto.post(f"/directorio/cuentas/{theirs}/certificar").status_code == 403
    assert beto.get("/directorio/otro/certificar").status_code == 403
    assert beto.post(f"/directorio/cuentas/{mine}/retirar", {"standing": "extinct"}).status_code == 403
    assert beto.get("/directorio/certificaciones").status_code == 403
    beto.post(f"/directorio/cuentas/{mine}/certificar", {"remote_id": "666"})
    with database.reading() as session:
        certified = accounts.find(session, mine)
    # Whose number it is on the network is not a liaison's to say.
    assert (certified.standing, certified.remote_id) == (Standing.IN_FORCE, None)
    assert standing(database, theirs) is Standing.TO_CERTIFY


def test_the_commission_s_own_account_shows_whose_yes_it_has(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        owner = Commission(slug="nuestra", short_name="Nuestra", name="Nuestra Comisión", zone="UTC")
        session.add(owner)
        new = NewAccount(NETWORK, "nuestra")
        ref = accounts.add(session, owner, new, now().date(), actor_ref="").ref
    luz, eva = client_as("coordinator", "luz"), client_as("admin", "eva")
    luz.get("/directorio/nuestra/certificar")
    assert "espera el sí de otra persona" in words(
        luz.post("/directorio/nuestra/certificar", {"account": ref}, follow=True)
    )
    assert "Luz dijo que sí" in words(eva.get("/directorio/certificaciones"))
    twice = luz.post(f"/directorio/cuentas/{ref}/certificar", follow=True)
    assert "el segundo es de otra persona" in words(twice)
    assert standing(database, ref) is Standing.TO_CERTIFY
    eva.get("/directorio/nuestra/certificar")
    eva.post("/directorio/nuestra/certificar", {"account": ref})
    assert standing(database, ref) is Standing.IN_FORCE
    assert "Dio el primer sí a nuestra" in words(eva.get("/directorio/nuestra/historia"))


def test_the_list_says_what_ended_what_ends_soon_and_who_was_written_to(
    client_as: ClientAs, database: Database, body: int
) -> None:
    client_as("liaison", "beto", body_id=body)
    account(database, body, "pronto", days=5)
    account(database, body, "nunca")
    ref = account(database, body, "vencida", days=1)
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        with database.transaction() as session:
            certification.chase(session)
        page = words(client_as("editor", "eva").get("/directorio/certificaciones"))
        for told in ("Vencieron 1", "Vencen pronto 1", "Nadie las ha certificado 1", "Se lo pedimos a: Beto"):
            assert told in page
        with database.transaction() as session:
            certifying.suspect(session, accounts.find(session, ref), "666")
        assert "Con alarma 1" in words(client_as("editor", "eva").get("/directorio/certificaciones"))


def test_look_alikes_are_told_before_an_account_is_saved(
    client_as: ClientAs, database: Database, body: int
) -> None:
    account(database, body, "infotransparencia", days=90)
    with database.transaction() as session:
        Stage(session).body("otro")
    eva = client_as("editor", "eva")
    typed = {"network": NETWORK, "handle": "lnfotransparencia_oficial"}
    warned = eva.post("/directorio/otro/cuenta", typed)
    assert (warned.status_code, "así se hacen pasar por otros" in words(warned)) == (422, True)
    assert 'value="lnfotransparencia_oficial"' in warned.get_data(as_text=True)
    live = eva.get(f"/directorio/parecidas?cuenta=lnfotransparencia&red={NETWORK}&de=OTRO")
    assert "A la vista es igual" in words(live)
    assert eva.post("/directorio/otro/cuenta", typed | {"sure": "1"}).status_code == 303
    asked = client_as("editor").client.get("/es-oficial?cuenta=@infotransparencla")
    assert "Se parece a una que sí es oficial" in words(asked)
    assert "infotransparencia" in words(asked)


def test_a_link_is_taken_apart_and_its_trackers_left_out(
    client_as: ClientAs, database: Database, body: int
) -> None:
    del body
    eva = client_as("editor", "eva")
    eva.get("/directorio/itei")
    eva.post("/directorio/itei/cuenta", {"handle": "https://m.youtube.com/@ITEI_Jalisco?si=abc&utm_source=x"})
    with database.reading() as session:
        one = session.scalars(select(Account)).one()
    assert (one.network, one.handle, one.url) == (
        "youtube", "ITEI_Jalisco", "https://www.youtube.com/@ITEI_Jalisco",
    )  # fmt: skip
    # A link is answered for its own network only: the same name elsewhere may be anybody's.
    said = eva.client.get("/es-oficial.json?cuenta=https://tiktok.com/@ITEI_Jalisco").get_json()
    assert [one["answer"] for one in said["answers"]] == ["not_registered"]


def test_a_body_proposes_and_the_commission_returns_it_with_a_reason(
    client_as: ClientAs, database: Database, body: int
) -> None:
    with database.transaction() as session:
        Stage(session).body("otro")
    beto, eva = client_as("liaison", "beto", body_id=body), client_as("editor", "eva")
    assert beto.get("/directorio/otro/proponer").status_code == 403
    beto.get("/directorio/itei/proponer?que=add_site")
    bad = beto.post("/directorio/itei/proponer", {"kind": "add_site", "url": "no es"})
    assert (bad.status_code, "Pega la dirección completa" in words(bad)) == (422, True)
    beto.post("/directorio/itei/proponer", {"kind": "add_site", "url": "https://itei.example/"})
    again = {"kind": "add_site", "url": "https://itei.example"}
    assert "ya se había propuesto" in words(beto.post("/directorio/itei/proponer", again, follow=True))
    with database.reading() as session:
        ref = session.scalars(select(DirectoryProposal)).one().ref
        assert session.scalars(select(Site)).all() == []
    assert "Agregar el sitio https://itei.example/" in words(eva.get("/directorio/propuestas"))
    assert beto.post(f"/directorio/propuestas/{ref}/aceptar").status_code == 403
    assert (
        client_as("liaison", "ajena", body_id=body + 1).get(f"/directorio/propuestas/{ref}").status_code
        == 404
    )
    eva.get(f"/directorio/propuestas/{ref}")
    assert eva.post(f"/directorio/propuestas/{ref}/regresar", {"reason": " "}).status_code == 422
    eva.post(f"/directorio/propuestas/{ref}/regresar", {"reason": "Ese sitio ya no abre."})
    assert "Eva regresó tu propuesta para ITEI: Ese sitio ya no abre." in words(beto.get("/avisos"))
    late = eva.post(f"/directorio/propuestas/{ref}/aceptar")
    assert (late.status_code, "ya no espera" in words(late)) == (409, True)
    # What is the commission's to change it changes at once, by the same way in.
    eva.post("/directorio/itei/proponer", again)
    with database.reading() as session:
        assert session.scalars(select(Site.url)).all() == ["https://itei.example"]
    # Which accounts are official is not every editor's to say.
    gone = account(database, body, "vieja")
    eva.post("/directorio/itei/proponer", {"kind": "account_gone", "account": gone, "standing": "extinct"})
    assert standing(database, gone) is Standing.TO_CERTIFY


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


def test_whether_the_owner_s_site_links_to_an_account_is_looked_at_on_the_spot(
    database: Database, body: int, client_as: ClientAs, site: FeedServer, tmp_path: Path
) -> None:
    ref = account(database, body, "itei", days=90)
    luz = client_as("coordinator", "luz")
    luz.get("/directorio/itei")
    assert "No conocemos su sitio" in words(luz.post(f"/directorio/cuentas/{ref}/comprobar", follow=True))
    with database.transaction() as session:
        url = accounts.find(session, ref).url
        session.add(Site(owner_id=body, url=site.url("/")))
    site.serve_plainly("/", f"<p><a rel='me' href='{url}?utm_source=a'>Síguenos</a>".encode())
    given = {"RESUENA_DATA": str(tmp_path / "data"), "RESUENA_FEED_ALLOW": f"{site.address}:{site.port}"}
    allowed = create_app(read(given), database).test_client()
    cookie = luz.client.get_cookie("resuena")
    assert cookie
    allowed.set_cookie("resuena", cookie.value)
    reader = Browser(allowed, "")
    reader.get("/directorio/itei")
    said = words(reader.post(f"/directorio/cuentas/{ref}/comprobar", follow=True))
    assert "Su sitio enlaza a esta cuenta, comprobado el" in said
    with database.reading() as session:
        assert session.scalars(select(LinkBack)).one().found
        assert session.scalars(select(Notice)).all() == []


def test_a_body_s_page_asks_the_same_for_any_number_of_accounts_and_proposals(
    client_as: ClientAs, database: Database, body: int, count_queries: CountQueries
) -> None:
    eva = client_as("editor", "eva")
    for path in ("/directorio/itei", "/directorio/propuestas", "/directorio/itei/historia"):
        numbers = []
        for n in (1, 4):
            for i in range(n):
                account(database, body, f"c{len(path)}x{n}y{i}", days=5)
                form = {"kind": "add_site", "url": f"https://s{len(path)}.example/{n}/{i}"}
                client_as("liaison", "beto", body_id=body).post("/directorio/itei/proponer", form)
            with count_queries() as counted:
                assert eva.get(path).status_code == 200
            numbers.append(len(counted))
        assert len(set(numbers)) == 1, path
