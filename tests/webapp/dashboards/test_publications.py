"""Salidas: what the page says of each publication, and what a person decides."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from content_calendar.clock import now
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import Payload, PayloadPart, digest, freeze
from content_calendar.states import HoldReason, PartState, PublicationState
from scheduler.models import Attempt, Outcome
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
_S = PublicationState


def make(
    database: Database, state: PublicationState, hold: HoldReason | None = None, network: str = "rehearsal"
) -> str:
    with database.transaction() as session:
        stage = Stage(session)
        body = stage.body(f"cuerpo{state}{hold or ''}")
        return stage.publication(stage.account(body, network), state=state, hold=hold).ref


def state_of(database: Database, ref: str) -> PublicationState:
    with database.reading() as session:
        return session.scalars(select(Publication).where(Publication.ref == ref)).one().state


def test_each_reason_to_wait_is_told_with_what_to_do(client_as: ClientAs, database: Database) -> None:
    refs = {hold: make(database, _S.HELD, hold) for hold in HoldReason}
    page = client_as("editor").get("/salidas").get_data(as_text=True)
    cards = {hold: page.split(f'id="{ref}"')[1].split("</article>")[0] for hold, ref in refs.items()}
    for hold, card in cards.items():
        doubtful = hold in {HoldReason.UNCONFIRMED, HoldReason.DUPLICATE}
        assert "Cancelar esta salida" in card
        assert 'class="advice"' in card
        assert ("No salió: reenviar" in card) == doubtful
        assert ("Mover a otra hora" in card) != doubtful


def test_a_repost_by_hand_leads_to_the_post_that_it_shares(client_as: ClientAs, database: Database) -> None:
    ref, target = make(database, _S.HELD, HoldReason.BY_HAND), "https://red.example/p/7"
    frozen = freeze(Payload((PayloadPart("", "es"),), PostKind.REPOST, target))
    with database.transaction() as session:
        session.execute(update(Publication).values(payload=frozen, payload_sha256=digest(frozen)))
    page = client_as("editor").get("/salidas").get_data(as_text=True)
    assert f'href="{target}"' in page
    assert "Copiar el texto" not in page
    assert ref in page


def test_a_doubt_is_closed_with_the_link_of_what_went_out(client_as: ClientAs, database: Database) -> None:
    ref = make(database, _S.HELD, HoldReason.UNCONFIRMED)
    browser = client_as("editor")
    browser.get("/salidas")
    link = "https://red.example/p/1"
    answer = browser.post(f"/salidas/{ref}/salio", {"link": link})
    assert (answer.status_code, state_of(database, ref)) == (303, _S.PUBLISHED)
    assert link in browser.get(f"/salidas/{ref}").get_data(as_text=True)


def test_what_is_not_a_link_is_told_beside_the_field_and_kept(
    client_as: ClientAs, database: Database
) -> None:
    ref = make(database, _S.HELD, HoldReason.UNCONFIRMED)
    browser = client_as("editor")
    browser.get("/salidas")
    answer = browser.post(f"/salidas/{ref}/salio", {"link": "ya salió, de veras"})
    assert answer.status_code == 422
    assert "Pega el enlace completo" in words(answer)
    assert 'value="ya salió, de veras"' in answer.get_data(as_text=True)
    assert state_of(database, ref) is _S.HELD


def test_one_link_never_proves_two_publications(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        account = stage.account(stage.body("uno"))
        held = {"state": _S.HELD, "hold": HoldReason.UNCONFIRMED}
        refs = [stage.publication(account, **held).ref for _ in range(2)]  # type: ignore[arg-type] # two fields
    browser = client_as("editor")
    browser.get("/salidas")
    link = {"link": "https://red.example/p/9"}
    statuses = [browser.post(f"/salidas/{ref}/salio", link).status_code for ref in refs]
    assert statuses == [303, 422]


def test_what_is_not_there_is_sent_again(client_as: ClientAs, database: Database) -> None:
    ref = make(database, _S.HELD, HoldReason.UNCONFIRMED)
    browser = client_as("editor")
    browser.get("/salidas")
    assert browser.post(f"/salidas/{ref}/reenviar").status_code == 303
    assert state_of(database, ref) is _S.SCHEDULED


@pytest.mark.parametrize(("act", "form"), [("reenviar", {}), ("salio", {"link": "https://red.example/p/9"})])
def test_a_page_of_before_decides_nothing_about_a_later_doubt(
    client_as: ClientAs, database: Database, act: str, form: dict[str, str]
) -> None:
    ref = make(database, _S.HELD, HoldReason.UNCONFIRMED)
    browser = client_as("editor")
    page = browser.get(f"/salidas/{ref}").get_data(as_text=True)
    read = re.findall(r'name="generation" value="(\d+)"', page)
    assert len(read) == 2
    with database.transaction() as session:
        session.execute(update(Publication).values(lease_gen=Publication.lease_gen + 1))
    answer = browser.post(f"/salidas/{ref}/{act}", {**form, "generation": read[0]})
    assert answer.status_code == 422
    assert state_of(database, ref) is _S.HELD
    form |= {"generation": str(int(read[0]) + 1)}
    assert browser.post(f"/salidas/{ref}/{act}", form).status_code == 303


def test_a_doubt_cannot_be_moved_before_it_is_closed(client_as: ClientAs, database: Database) -> None:
    ref = make(database, _S.HELD, HoldReason.UNCONFIRMED)
    browser = client_as("editor")
    browser.get("/salidas")
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    answer = browser.post(f"/salidas/{ref}/mover", {"moment_date": tomorrow, "moment_time": "10:00"})
    assert answer.status_code == 422
    assert state_of(database, ref) is _S.HELD


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Elige el día y la hora"),
        ({"moment_date": "2020-01-01", "moment_time": "10:00"}, "Esa hora ya pasó"),
        ({"moment_date": "2030-03-10", "moment_time": "02:30", "moment_zone": "America/Tijuana"}, "02:30"),
    ],
)
def test_a_moment_that_cannot_be_is_told(
    client_as: ClientAs, database: Database, form: dict[str, str], said: str
) -> None:
    ref = make(database, _S.HELD, HoldReason.LATE)
    browser = client_as("editor")
    browser.get("/salidas")
    answer = browser.post(f"/salidas/{ref}/mover", form)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_a_missed_one_gets_another_hour(client_as: ClientAs, database: Database) -> None:
    ref = make(database, _S.HELD, HoldReason.LATE)
    browser = client_as("editor")
    browser.get("/salidas")
    day = (now() + timedelta(days=2)).date().isoformat()
    assert (
        browser.post(f"/salidas/{ref}/mover", {"moment_date": day, "moment_time": "10:00"}).status_code == 303
    )
    assert state_of(database, ref) is _S.SCHEDULED


def test_what_is_out_cannot_be_cancelled(client_as: ClientAs, database: Database) -> None:
    ref = make(database, _S.PUBLISHED)
    browser = client_as("editor")
    browser.get("/salidas")
    assert browser.post(f"/salidas/{ref}/cancelar").status_code == 422
    assert state_of(database, ref) is _S.PUBLISHED


@pytest.mark.parametrize("role", ["liaison", "regional"])
def test_whoever_does_not_publish_does_not_see_the_page(
    client_as: ClientAs, database: Database, role: str
) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        region = stage.region("norte")
        body_id, region_id = stage.body("uno", region).id, region.id
    scope = {"body_id": body_id} if role == "liaison" else {"region_id": region_id}
    assert client_as(role, **scope).get("/salidas").status_code == 403


def test_what_the_stop_held_is_let_go_one_after_the_other(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        account = stage.account(stage.body("uno"))
        late = now() - timedelta(hours=5)
        refs = [
            stage.publication(
                account, state=_S.HELD, hold=HoldReason.CATCH_UP, due_at=late + timedelta(minutes=n)
            ).ref
            for n in range(3)
        ]
    browser = client_as("editor")
    browser.get("/salidas/ponerse-al-dia")
    assert browser.post("/salidas/ponerse-al-dia", {"refs": refs, "every": 15}).status_code == 303
    with database.reading() as session:
        rows = {row.ref: row for row in session.scalars(select(Publication))}
    moments = [rows[ref].next_at for ref in refs]
    assert [later - sooner for sooner, later in pairwise(moments)] == [timedelta(minutes=15)] * 2


def test_a_rehearsed_post_has_its_page(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        url = stage.publication(stage.account(stage.body("uno")), text="Así se vería.").parts[0].remote_url
    browser = client_as("editor")
    assert "Así se vería." in words(browser.get(url))
    assert "Así se vería." in words(browser.get("/ensayo"))
    assert browser.get("/ensayo/nada").status_code == 404


@pytest.mark.parametrize("path", ["/salidas?estado=todas", "/ensayo", "/", "/salidas"])
def test_the_number_of_questions_does_not_grow_with_what_is_shown(
    client_as: ClientAs, database: Database, count_queries: CountQueries, path: str
) -> None:
    browser = client_as("coordinator")

    def fill(n: int) -> None:
        with database.transaction() as session:
            stage = Stage(session)
            for i in range(n):
                account = stage.account(stage.body(f"c{n}{i}"))
                stage.publication(account)
                stage.publication(account, state=_S.HELD, hold=HoldReason.LATE)
                stage.entry(stage.bodies[-1])

    fill(2)
    with count_queries() as few:
        assert browser.get(path).status_code == 200
    fill(9)
    with count_queries() as many:
        assert browser.get(path).status_code == 200
    assert len(many) == len(few)


def test_the_morning_look_says_what_needs_a_person_what_is_in_doubt_and_what_went_out(
    client_as: ClientAs, database: Database
) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        account = stage.account(stage.body("uno"))
        stage.publication(account, state=_S.HELD, hold=HoldReason.BUDGET)
        stage.publication(account, state=_S.HELD, hold=HoldReason.ALIKE, due_at=now() - timedelta(hours=3))
        doubt = stage.publication(account, state=_S.UNKNOWN, due_at=now() - timedelta(hours=4))
        doubt.next_check_at = datetime(2026, 11, 22, 16, 42, tzinfo=UTC)
        out = stage.publication(account, due_at=now() - timedelta(hours=5))
        out.parts = [
            *out.parts,
            PublicationPart(account_id=account.id, n=2, client_key="k2", state=PartState.UNKNOWN),
        ]
        other = stage.publication(
            stage.account(stage.body("dos"), "by_hand"), state=_S.HELD, hold=HoldReason.LATE
        )
        link = f"/salidas/{other.ref}"
    browser = client_as("editor")
    page = words(browser.get("/salidas"))
    assert page.index("Te necesitan") < page.index("En duda: estamos mirando") < page.index("Por salir hoy")
    assert "Se acabó lo que se puede gastar este mes" in page
    assert "dice casi lo mismo" in page
    assert "Volvemos a mirar la cuenta a las 10:42." in page
    assert "1 de 2 partes salió" in page
    pages = [browser.get(path).get_data(as_text=True) for path in ("/salidas", "/salidas?red=rehearsal")]
    assert [f'href="{link}"' in one for one in pages] == [True, False]


def test_where_only_eyes_can_tell_nothing_is_sent_again_unseen(
    client_as: ClientAs, database: Database
) -> None:
    ref = make(database, _S.HELD, HoldReason.UNCONFIRMED, "by_hand")
    browser = client_as("editor")
    browser.get("/salidas")
    answer = browser.post(f"/salidas/{ref}/reenviar")
    assert (answer.status_code, state_of(database, ref)) == (422, _S.HELD)
    assert "Abre la cuenta y mira" in words(answer)
    assert browser.post(f"/salidas/{ref}/reenviar", {"looked": "1"}).status_code == 303
    assert state_of(database, ref) is _S.SCHEDULED


def test_what_the_network_answered_is_for_the_administration(client_as: ClientAs, database: Database) -> None:
    ref = make(database, _S.FAILED)
    with database.transaction() as session:
        row = session.scalars(select(Publication).where(Publication.ref == ref)).one()
        session.add(
            Attempt(
                publication_id=row.id, n=1, worker="w1", generation=1, ended_at=now(), outcome=Outcome.REFUSED,
                http_status=403, said_code="network_refused", raw="{detalle crudo}",
            )
        )  # fmt: skip
    seen = {role: words(client_as(role).get(f"/salidas/{ref}")) for role in ("editor", "admin")}
    assert all("La red no la aceptó" in page for page in seen.values())
    assert ["{detalle crudo}" in seen[role] for role in ("editor", "admin")] == [False, True]


def test_a_doubt_shows_where_anybody_sees_what_the_account_published(
    client_as: ClientAs, database: Database
) -> None:
    shown = make(database, _S.HELD, HoldReason.UNCONFIRMED, "telegram")
    make(database, _S.HELD, HoldReason.DUPLICATE, "rehearsal")
    with database.reading() as session:
        row = session.scalars(select(Publication).where(Publication.ref == shown)).one()
        handle = session.get_one(Account, row.account_id).handle
    page = client_as("editor").get("/salidas").get_data(as_text=True)
    assert page.count("Ver lo que la cuenta publicó") == 1
    assert f'href="https://t.me/s/{handle.removeprefix("@")}"' in page
