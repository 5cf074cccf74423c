"""The wire's pages: the notes, their filters, what was done with each, and one click from a note to a draft."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from content_calendar import planning
from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.directory import Account, Commission, Credential, Owner
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post
from content_calendar.posts import content_of, find
from content_calendar.states import PostState
from content_calendar.wall_time import wall_time
from scheduler.models import Entry
from scheduler.relaying import judging
from scheduler.relaying.models import EntryTheme, Relay
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TRACKED = "https://www.infox.example/nota/7?id=3&utm_source=x&fbclid=y"


@pytest.fixture
def ours(database: Database) -> str:
    """Our commission with an account of two networks; returns its slug."""
    with database.transaction() as session:
        commission = session.scalars(select(Commission).where(Commission.slug == "cvpdcs")).one_or_none()
        if commission is None:
            commission = Commission(
                slug="cvpdcs", short_name="CVPDCS", name="Comisión", zone="America/Mexico_City"
            )
            session.add(commission)
            session.flush()
        for account in session.scalars(select(Account).where(Account.connected_at.is_not(None))):
            account.connected_at = None
        stage = Stage(session)
        stage.account(commission, "mastodon")
        stage.account(commission, "rehearsal")
        if session.scalars(select(Campaign).where(Campaign.slug == "vinculacionsnt")).first() is None:
            session.add(Campaign(slug="vinculacionsnt", name="#VinculaciónSNT", tags=["#VinculaciónSNT"]))
        return commission.slug


def note(database: Database, title: str, slug: str = "infox", **given: object) -> str:
    with database.transaction() as session:
        stage = Stage(session)
        owner = session.scalars(select(Owner).where(Owner.slug == slug)).first() or stage.body(slug)
        entry = stage.entry(owner, title)
        for name, value in given.items():
            setattr(entry, name, value)
        return entry.ref


def place_theme(database: Database, title: str) -> str:
    with database.transaction() as session:
        theme = planning.make_theme(session, planning.ThemeFields(title), actor_ref="")
        bimester = planning.open_bimester(session, *bimester_of(now().date()))
        planning.place_theme(
            session, bimester, theme, bimester.starts_on, bimester.ends_on, actor_ref=""
        )  # fmt: skip
        return theme.ref


def the_post(database: Database) -> Post:
    with database.reading() as session:
        ref = session.scalars(select(Post.ref).join(Relay, Relay.post_id == Post.id)).one()
        return find(session, ref)


def test_a_draft_in_one_click_credits_its_source_and_carries_a_clean_link(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    del ours
    theme = place_theme(database, "Protección de datos personales")
    ref = note(database, "Taller de protección de datos personales", link=TRACKED)
    with database.transaction() as session:
        owner = session.scalars(select(Owner).where(Owner.slug == "infox")).one()
        handle = Stage(session).account(owner, "mastodon").handle
    browser = client_as("editor")
    browser.get("/cable")
    answer = browser.post(f"/cable/{ref}/borrador")
    post = the_post(database)
    assert answer.headers["Location"] == f"/publicaciones/{post.ref}/editar"
    content = content_of(post.version) if post.version else None
    assert content is not None
    said = "Taller de protección de datos personales\n\nVía {}: https://www.infox.example/nota/7?id=3\n#VinculaciónSNT"
    assert content.parts == (said.format("INFOX"),)
    # Where its account is official it is mentioned; elsewhere its name is written, and no handle.
    assert content.variants == {"mastodon": (said.format(f"@{handle}"),)}
    assert (post.state, post.due_at, post.theme and post.theme.ref) == (PostState.DRAFT, None, theme)
    assert [one.slug for one in post.campaigns] == ["vinculacionsnt"]
    assert post.origin_url == "https://www.infox.example/nota/7?id=3"
    assert len(post.accounts) == 2


def test_an_account_that_nobody_certified_is_never_mentioned(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    del ours
    ref = note(database, "Sesión del pleno")
    with database.transaction() as session:
        owner = session.scalars(select(Owner).where(Owner.slug == "infox")).one()
        Stage(session).account(owner, "mastodon").certified_at = None
    browser = client_as("editor")
    browser.get("/cable")
    browser.post(f"/cable/{ref}/borrador")
    version = the_post(database).version
    assert version is not None
    assert content_of(version).variants == {}


def test_the_second_to_click_is_led_to_the_first_draft(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    del ours
    ref = note(database, "Sesión del pleno")
    eva, luz = client_as("editor", "eva"), client_as("editor", "luz")
    for browser in (eva, luz):
        browser.get("/cable")
    places = [browser.post(f"/cable/{ref}/borrador").headers["Location"] for browser in (eva, luz)]
    assert places[0] == places[1]
    assert "Ya hay una publicación de esta nota, de Eva" in words(luz.get(places[1]))
    assert "Publicación de Eva" in words(luz.get("/cable"))
    assert "Replica a INFOX : Sesión del pleno" in words(luz.get(places[1].removesuffix("/editar")))
    # Put away, it makes room for another.
    post = the_post(database)
    luz.get(f"/publicaciones/{post.ref}")
    luz.post(f"/publicaciones/{post.ref}/descartar")
    luz.get("/cable")
    assert luz.post(f"/cable/{ref}/borrador").headers["Location"] != places[0]


def test_a_post_of_a_network_is_reposted_and_quoted_with_its_account(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    del ours
    link = "https://mastodon.example/@infox/110000000000000001"
    ref = note(database, "Hoy sesiona el pleno", link=link + "?utm_source=x")
    plain = note(database, "Una nota de su sitio")
    browser = client_as("editor")
    page = browser.get("/cable").get_data(as_text=True)
    assert f"/cable/{ref}/repost" in page
    assert f"/cable/{plain}/repost" not in page
    assert browser.post(f"/cable/{plain}/repost").status_code == 409
    for act in ("repost", "cita"):
        assert browser.post(f"/cable/{ref}/{act}").status_code == 303
    with database.reading() as session:
        posts = session.scalars(select(Post).where(Post.target_url != "").order_by(Post.id)).all()
        assert [one.kind for one in posts] == [PostKind.REPOST, PostKind.QUOTE]
        assert {one.target_url for one in posts} == {link}
        networks = {account.network for one in posts for account in find(session, one.ref).accounts}
        assert networks == {"mastodon"}


def test_what_the_network_s_api_does_not_take_is_offered_by_hand(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    link = "https://x.com/infox/status/1859000000000000001"
    ref = note(database, "Hoy sesiona el pleno", link=link)
    browser = client_as("editor")
    page = words(browser.get("/cable"))
    assert "Repostear a mano en X" in page
    with database.transaction() as session:
        owner = session.scalars(select(Owner).where(Owner.slug == ours)).one()
        account = Stage(session).account(owner, "x")
        session.add(Credential(account_id=account.id, sealed=b"cerrado", key_name="llave"))
    page = browser.get("/cable").get_data(as_text=True)
    # Quotes left self-serve access: a person quotes there, from a link that fills in the text.
    assert f"/cable/{ref}/repost" in page
    assert f"/cable/{ref}/cita" not in page
    assert "Citar a mano en X" in page
    assert browser.post(f"/cable/{ref}/cita").status_code == 409
    assert browser.post(f"/cable/{ref}/repost").status_code == 303


def test_each_filter_of_the_address_leaves_what_it_says(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    theme = place_theme(database, "Protección de datos personales")
    note(database, "Cuida la PROTECCIÓN de tus datos personales", "infox")
    note(database, "Sesión del pleno", "infoy")
    note(database, "Reunión de la comisión", ours)
    hidden = note(database, "Nota quitada", "infoy", hidden_at=now())
    with database.transaction() as session:
        judging.judge(session, judging.current(session, "America/Mexico_City"))
    browser = client_as("editor")

    def found(query: str) -> list[str]:
        said = words(browser.get(f"/cable?{query}")).partition("Quitar filtros")[2]
        return [name for name in ("Cuida", "Sesión", "Reunión", "quitada") if name in said]

    assert found("organismo=infoy") == ["Sesión"]
    assert found("de=comisiones") == ["Reunión"]
    assert found("de=organismos") == ["Cuida", "Sesión"]
    assert found(f"tema={theme}") == ["Cuida"]
    assert found("tema=sin") == ["Sesión", "Reunión"]
    assert found("buscar=proteccion+DATOS") == ["Cuida"]
    assert found("buscar=sesion") == ["Sesión"]
    assert found("ver=ocultas") == ["quitada"]
    browser.post(f"/cable/{hidden}/mostrar", {"back": "/cable?ver=ocultas"})
    assert found("organismo=infoy&uso=sin") == ["Sesión", "quitada"]
    browser.post(f"/cable/{hidden}/borrador")
    assert found("organismo=infoy&uso=sin") == ["Sesión"]


def test_a_theme_says_for_which_words_and_a_person_s_decision_stays(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    del ours
    place_theme(database, "Protección de datos personales")
    other = place_theme(database, "Gira de cine conversatorio")
    ref = note(database, "Aviso sobre la protección de datos en escuelas")
    browser = client_as("editor")
    assert "sugerido por «protección de datos»" in words(browser.get("/cable"))
    browser.post(f"/cable/{ref}/tema", {"tema": other})
    with database.transaction() as session:
        assert judging.judge(session, judging.current(session, "America/Mexico_City")) == 0
    said = words(browser.get("/cable"))
    assert "Gira de cine conversatorio lo decidió una persona" in said
    browser.post(f"/cable/{ref}/tema", {"tema": ""})
    assert "sugerido por" not in words(browser.get("/cable"))
    browser.post(f"/cable/{ref}/tema", {"tema": "sugerir"})
    assert "sugerido por «protección de datos»" in words(browser.get("/cable"))
    with database.reading() as session:
        assert session.scalars(select(EntryTheme)).one().decided_at is None


def test_notes_stand_by_day_and_an_old_page_leads_back(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    del ours
    for n in range(33):
        last = note(database, f"Nota {n}", published_at=now() - timedelta(days=n // 30, minutes=n))
    browser = client_as("editor")
    page = browser.get("/cable").get_data(as_text=True)
    assert "Hoy, " in page or "Ayer, " in page
    with database.reading() as session:
        refs = list(session.scalars(select(Entry.ref).order_by(Entry.published_at.desc())))
    older = browser.get(f"/cable?despues={refs[29]}").get_data(as_text=True)
    assert [sum(f'id="n-{ref}"' in shown for ref in refs) for shown in (page, older)] == [30, 3]
    assert f'id="n-{last}"' in older
    assert "Volver a lo más nuevo" in older


def test_a_liaison_reads_the_wire_and_changes_nothing(
    client_as: ClientAs, database: Database, ours: str
) -> None:
    del ours
    ref = note(database, "Sesión del pleno")
    client_as("editor").post(f"/cable/{ref}/borrador")
    with database.reading() as session:
        body_id = session.scalars(select(Owner.id).where(Owner.slug == "infox")).one()
    liaison = client_as("liaison", "leo", body_id=body_id)
    said = words(liaison.get("/cable"))
    assert "Sesión del pleno" in said
    assert "Publicación de" not in said
    assert "Hoy le toca" not in said
    for path in (
        f"{ref}/borrador",
        f"{ref}/repost",
        f"{ref}/cita",
        f"{ref}/tema",
        "anotar",
        "turnos/infox/pasar",
    ):
        assert liaison.post(f"/cable/{path}").status_code == 403


def test_the_questions_do_not_grow_with_the_notes(
    client_as: ClientAs, database: Database, count_queries: CountQueries, ours: str
) -> None:
    del ours
    browser = client_as("editor")
    place_theme(database, "Protección de datos personales")

    def fill(n: int) -> None:
        for i in range(n):
            ref = note(database, f"Protección de datos {n}{i}", f"cuerpo{n}{i}")
            note(database, f"Otra {n}{i}", f"cuerpo{n}{i}")
            browser.get("/cable/anotar")
            browser.post(f"/cable/{ref}/borrador")
            form = {"nota": ref, "enlace": f"https://red.example/{n}/{i}", "dia": today().isoformat()}
            assert browser.post("/cable/anotar", form).status_code == 303

    def asked() -> list[int]:
        found = []
        for path in ("/cable", "/cable/cada-dia", "/"):
            with count_queries() as sent:
                assert browser.get(path).status_code == 200
            found.append(len(sent))
        return found

    fill(2)
    few = asked()
    fill(4)
    assert asked() == few


def today() -> date:
    return wall_time(now(), "America/Mexico_City").date()


def test_a_theme_of_another_bimester_is_not_suggested(database: Database) -> None:
    place_theme(database, "Protección de datos personales")
    ref = note(database, "Taller de protección de datos personales")
    with database.transaction() as session:
        judging.judge(session, judging.current(session, "America/Mexico_City"))
        theme = session.scalars(select(Theme).where(Theme.title == "Protección de datos personales")).one()
        assert session.scalars(select(EntryTheme)).one().theme_id == theme.id
        planning.archive_theme(session, theme, actor_ref="")
        assert judging.judge(session, judging.current(session, "America/Mexico_City")) == 1
        entry = session.scalars(select(Entry).where(Entry.ref == ref)).one()
        session.expire_all()
        assert session.get_one(EntryTheme, entry.id).theme_id is None
