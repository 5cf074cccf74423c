"""What a container of Threads proves, and what it does not: doubts, refusals, failures, and what was forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.states import HoldReason
from scheduler.network import AccountAccess, DoubtError, RefusedError, UnavailableError, UnfinishedError
from scheduler.networks.threads import NETWORK
from tests.scheduler.networks.test_threads_api import NUMBER, TOKEN, Files, film, photo, prepared
from tests.scheduler.networks.x_contract import SINCE, outgoing
from tests.simulators.stand_in import Asked, Told
from tests.simulators.threads_server import ThreadsServer, error, running


@pytest.fixture(scope="module")
def files() -> Iterator[Files]:
    with Files().running() as started:
        yield started


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadsServer]:
    monkeypatch.setattr(clock, "rest", lambda _seconds: None)
    with running() as started:
        started.user(NUMBER, "cvpdcs.snt", TOKEN)
        yield started


@pytest.fixture
def access(server: ThreadsServer) -> AccountAccess:
    return AccountAccess("cvpdcs.snt", NUMBER, {"access_token": TOKEN}, server.url)


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_an_equal_post_is_another_s_while_the_container_is_not_published(
    access: AccountAccess, server: ThreadsServer, status: str
) -> None:
    sent = prepared(access, outgoing("Igual"))
    NETWORK.publish(access, prepared(access, outgoing("Igual")))
    server.world.containers[sent.prepared["container"]].status = status
    assert NETWORK.find(access, sent, SINCE) == []


def test_a_container_that_is_gone_or_forgotten_is_looked_for_by_its_text(
    access: AccountAccess, server: ThreadsServer
) -> None:
    sent = prepared(access, outgoing("Igual"))
    receipt = NETWORK.publish(access, sent)
    server.world.containers[sent.prepared["container"]].status = "NI_SE_SABE"
    with pytest.raises(UnavailableError):
        NETWORK.find(access, sent, SINCE)
    del server.world.containers[sent.prepared["container"]]
    for kept in (sent.prepared, {}):
        (found,) = NETWORK.find(access, replace(sent, prepared=kept), SINCE)
        assert found.remote_id == receipt.remote_id


def test_a_container_that_is_called_gone_is_waited_for(access: AccountAccess, server: ThreadsServer) -> None:
    sent = prepared(access, outgoing("Va y viene"))
    away = server.world.containers.pop(sent.prepared["container"])
    with pytest.raises(UnavailableError):
        NETWORK.publish(access, sent)
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, sent)
    server.world.containers[away.number] = away
    again = prepared(access, replace(sent, prepared=told.value.prepared))
    assert again.prepared == sent.prepared
    assert list(server.world.containers) == [away.number]


def test_a_container_past_its_life_is_made_anew_unless_it_may_be_out(
    access: AccountAccess, server: ThreadsServer
) -> None:
    sent = prepared(access, outgoing("Ayer"))
    old = replace(sent, prepared={**sent.prepared, "until": datetime.now(UTC).isoformat()})
    assert NETWORK.prepare(access, old)["container"] != sent.prepared["container"]
    receipt = NETWORK.publish(access, sent)
    assert NETWORK.publish(access, prepared(access, old)).remote_id == receipt.remote_id
    del server.world.containers[sent.prepared["container"]]
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, old)
    assert told.value.hold is HoldReason.UNCONFIRMED
    del server.world.posts[receipt.remote_id]
    assert NETWORK.prepare(access, old)["container"] != sent.prepared["container"]


def test_the_pictures_of_a_container_that_is_made_are_not_asked_for_again(
    access: AccountAccess, server: ThreadsServer, files: Files
) -> None:
    sent = prepared(access, outgoing("Dos", photo(files, "Uno"), photo(files, "Dos")))
    receipt = NETWORK.publish(access, sent)
    for child in sent.prepared["children"].split(","):
        server.world.containers[child].status = "EXPIRED"
    assert NETWORK.prepare(access, sent) == sent.prepared
    assert NETWORK.publish(access, sent).remote_id == receipt.remote_id


@pytest.mark.parametrize("code", [(368, 0), (100, 2207050), (190, 0)])
def test_a_refusal_of_what_is_out_is_not_believed(
    access: AccountAccess, server: ThreadsServer, monkeypatch: pytest.MonkeyPatch, code: tuple[int, int]
) -> None:
    sent, answer = prepared(access, outgoing("Ya está")), server.answer

    def refusing(asked: Asked) -> Told:
        told = answer(asked)
        return error(400, code[0], "no", error_subcode=code[1]) if server.publishes(asked) else told

    monkeypatch.setattr(server, "answer", refusing)
    receipt = NETWORK.publish(access, sent)
    assert [post.number for post in server.own(NUMBER)] == [receipt.remote_id]


def test_a_refusal_of_what_is_not_out_stays_one(
    access: AccountAccess, server: ThreadsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, answer = prepared(access, outgoing("Nada")), server.answer

    def refusing(asked: Asked) -> Told:
        return error(400, 368, "no") if server.publishes(asked) else answer(asked)

    monkeypatch.setattr(server, "answer", refusing)
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(access, sent)
    assert told.value.hold is HoldReason.ACCOUNT


@pytest.mark.parametrize("asked", [error(500, 2, "no"), error(400, 190, "no"), error(400, 100, "no", error_subcode=33),
                                   (200, {"status": "IN_PROGRESS"}, {})])  # fmt: skip
def test_a_refusal_whose_container_does_not_tell_is_a_doubt(
    access: AccountAccess, server: ThreadsServer, monkeypatch: pytest.MonkeyPatch, asked: Told
) -> None:
    sent = prepared(access, outgoing("¿Ya está?"))
    answer, refused = server.answer, []

    def strange(call: Asked) -> Told:
        if server.publishes(call):
            refused.append(call)
            return error(400, 100, "no")
        return asked if refused else answer(call)

    monkeypatch.setattr(server, "answer", strange)
    with pytest.raises(DoubtError):
        NETWORK.publish(access, sent)


def test_what_is_out_and_not_listed_is_a_doubt_and_no_failure(
    access: AccountAccess, server: ThreadsServer
) -> None:
    sent = prepared(access, outgoing("Todavía no se ve"))
    NETWORK.publish(access, sent)
    server.world.hidden = True
    with pytest.raises(DoubtError):
        NETWORK.publish(access, sent)


@pytest.mark.parametrize("count", [1, 2])
def test_what_an_earlier_try_could_not_fetch_is_fetched_anew(
    access: AccountAccess, server: ThreadsServer, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    missing = Files()
    server.world.looks = 6
    with missing.running():
        sent = outgoing("Sanada", *[photo(missing, name="foto.jpg")] * count)
        monkeypatch.setattr(missing, "answer", lambda _asked: (404, b"", {}))
        with pytest.raises(UnfinishedError) as unfinished:
            NETWORK.prepare(access, sent)
        sent = replace(sent, prepared=unfinished.value.prepared)
        # It fails within the same try: a person is told first, and what is kept stays as it is.
        with pytest.raises(RefusedError) as told:
            NETWORK.prepare(access, sent)
        assert told.value.hold is HoldReason.MATERIAL
        monkeypatch.undo()
        monkeypatch.setattr(clock, "rest", lambda _seconds: None)
        server.world.looks = 1
        looked = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
        with pytest.raises(UnfinishedError) as again:
            NETWORK.prepare(access, replace(sent, prepared={**sent.prepared, "looked": looked}))
        NETWORK.publish(access, prepared(access, replace(sent, prepared=again.value.prepared)))
    assert len(server.own(NUMBER)) == 1


def test_a_post_of_another_kind_is_not_ours(access: AccountAccess, files: Files) -> None:
    NETWORK.publish(access, prepared(access, outgoing("Igual", photo(files))))
    assert NETWORK.find(access, outgoing("Igual"), SINCE) == []
    assert NETWORK.find(access, outgoing("Igual", video=film(files)), SINCE) == []
    assert len(NETWORK.find(access, outgoing("Igual", photo(files, "Otra")), SINCE)) == 1


def test_posts_without_words_are_told_apart_by_a_person(access: AccountAccess, files: Files) -> None:
    first = prepared(access, outgoing("", photo(files)))
    receipt = NETWORK.publish(access, first)
    (found,) = NETWORK.find(access, first, SINCE)
    assert found.remote_id == receipt.remote_id
    NETWORK.publish(access, prepared(access, outgoing("", photo(files, "Otra"))))
    for sent in (first, outgoing("", photo(files))):
        with pytest.raises(RefusedError) as told:
            NETWORK.find(access, sent, SINCE)
        assert told.value.hold is HoldReason.UNCONFIRMED


def test_what_a_restored_database_forgot_is_found_with_what_it_quotes(access: AccountAccess) -> None:
    first = NETWORK.publish(access, prepared(access, outgoing("Lo primero")))
    for sent in (
        outgoing("Léelo", kind=PostKind.QUOTE, target=first.url),
        outgoing("", kind=PostKind.REPOST, target=first.url),
    ):
        out = NETWORK.publish(access, prepared(access, sent))
        assert [one.remote_id for one in NETWORK.find(access, sent, SINCE)] == [out.remote_id]
