"""The file of Threads against the simulator: containers, threads, quotes, reposts, doubts, figures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import PartFacts, PostFacts, post_problems
from content_calendar.states import HoldReason
from scheduler.dialects.fetched_containers import state_of
from scheduler.dialects.graph import ContainerState, Graph
from scheduler.network import (
    AccountAccess,
    Before,
    DoubtError,
    Image,
    NetworkError,
    NoPublicAddressError,
    NotSentError,
    Outgoing,
    RefusedError,
    TargetMissingError,
    UnavailableError,
    UnfinishedError,
    Video,
)
from scheduler.networks import threads
from scheduler.networks.threads import NETWORK, Threads
from tests.scheduler.networks.x_contract import SINCE, image, outgoing, video
from tests.simulators.counterpart import Fault
from tests.simulators.stand_in import Asked, StandIn, Told
from tests.simulators.threads_server import ThreadsServer, error, running

NUMBER, TOKEN = "17841400001", "ficha-de-cuenta"


class Files(StandIn):
    """Our own address, from which the network fetches; one that is not there is not found."""

    def answer(self, asked: Asked) -> Told:
        kinds = {"/foto.jpg": "image/jpeg", "/video.mp4": "video/mp4"}
        found = kinds.get(asked.path)
        return (200, b"contenido", {"Content-Type": found}) if found else (404, b"", {})


@pytest.fixture(scope="module")
def files() -> Iterator[Files]:
    with Files().running() as started:
        yield started


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadsServer]:
    monkeypatch.setattr(clock, "rest", lambda _seconds: None)
    with running() as started:
        started.user(NUMBER, "cvpdcs.snt", TOKEN).followers = 987
        yield started


@pytest.fixture
def access(server: ThreadsServer) -> AccountAccess:
    return AccountAccess("cvpdcs.snt", NUMBER, {"access_token": TOKEN}, server.url)


def photo(files: Files, alt_text: str = "Una escuela", name: str = "foto.jpg") -> Image:
    return replace(image(alt_text), link=lambda: f"{files.url}/{name}")


def film(files: Files, name: str = "video.mp4") -> Video:
    return replace(video(), link=lambda: f"{files.url}/{name}")


def prepared(access: AccountAccess, sent: Outgoing) -> Outgoing:
    return replace(sent, prepared=NETWORK.prepare(access, sent))


def link(server: ThreadsServer, number: str) -> str:
    return server.world.permalink(server.world.posts[number])


def test_a_receipt_tells_id_address_and_moment(access: AccountAccess, server: ThreadsServer) -> None:
    receipt = NETWORK.publish(access, prepared(access, outgoing("Tu derecho a saber")))
    (post,) = server.own(NUMBER)
    assert (post.number, post.text) == (receipt.remote_id, "Tu derecho a saber")
    assert receipt.url == f"https://www.threads.com/@cvpdcs.snt/post/{post.code}"
    assert receipt.published_at is not None
    assert abs(receipt.published_at - datetime.now(UTC)) < timedelta(seconds=10)
    found = NETWORK.find(access, outgoing("Tu derecho a saber"), SINCE)
    assert found == [replace(receipt, request_id="")]


def test_a_picture_is_fetched_from_our_address(
    access: AccountAccess, server: ThreadsServer, files: Files
) -> None:
    NETWORK.publish(access, prepared(access, outgoing("Una", photo(files))))
    (post,) = server.own(NUMBER)
    assert (post.kind, post.shown, post.alt_texts) == ("IMAGE", [f"{files.url}/foto.jpg"], ["Una escuela"])


def test_several_pictures_have_a_container_each_and_one_around_them(
    access: AccountAccess, server: ThreadsServer, files: Files
) -> None:
    sent = prepared(access, outgoing("Tres", *(photo(files, alt) for alt in ("Uno", "Dos", "Tres"))))
    assert len(server.world.containers) == 4
    assert NETWORK.prepare(access, sent) == sent.prepared
    assert len(server.world.containers) == 4
    NETWORK.publish(access, sent)
    assert server.own(NUMBER)[0].alt_texts == ["Uno", "Dos", "Tres"]


def test_a_video_that_is_worked_on_is_looked_at_again_later(
    access: AccountAccess, server: ThreadsServer, files: Files
) -> None:
    server.world.looks = 6
    sent = outgoing("Mira", video=film(files))
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, sent)
    assert told.value.retry_at is not None
    assert told.value.retry_at > datetime.now(UTC) + timedelta(seconds=50)
    NETWORK.publish(access, prepared(access, replace(sent, prepared=told.value.prepared)))
    assert [post.kind for post in server.own(NUMBER)] == ["VIDEO"]
    assert len(server.world.containers) == 1


def test_what_cannot_be_fetched_waits_for_a_person(access: AccountAccess, files: Files) -> None:
    for sent in (
        outgoing("Una", photo(files, name="no-esta.jpg")),
        outgoing("Mira", video=film(files, "no-esta.mp4")),
    ):
        with pytest.raises(RefusedError) as told:
            NETWORK.prepare(access, sent)
        assert told.value.hold is HoldReason.MATERIAL


def test_without_a_public_address_nothing_is_made(access: AccountAccess, server: ThreadsServer) -> None:
    with pytest.raises(NoPublicAddressError):
        NETWORK.prepare(access, outgoing("Una", image()))
    assert server.world.containers == {}


def test_a_container_that_ended_is_made_again(access: AccountAccess, server: ThreadsServer) -> None:
    sent = prepared(access, outgoing("Tarde"))
    server.world.containers[sent.prepared["container"]].status = "EXPIRED"
    with pytest.raises(UnavailableError):
        NETWORK.publish(access, sent)
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, sent)
    again = prepared(access, replace(sent, prepared=told.value.prepared))
    assert again.prepared["container"] != sent.prepared["container"]
    NETWORK.publish(access, again)
    assert len(server.own(NUMBER)) == 1


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.ERROR_AFTER, Fault.STRANGE])
def test_a_container_is_published_once_however_often_it_is_asked(
    access: AccountAccess, server: ThreadsServer, fault: Fault
) -> None:
    sent = prepared(access, outgoing("Una vez"))
    server.fail(fault)
    with pytest.raises(DoubtError):
        NETWORK.publish(access, sent)
    receipt = NETWORK.publish(access, sent)
    assert [post.number for post in server.own(NUMBER)] == [receipt.remote_id]


def test_what_comes_out_while_it_is_sent_again_is_told_once(
    access: AccountAccess, server: ThreadsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = prepared(access, outgoing("Tarde y una vez"))
    server.fail(Fault.DELAYED)
    with pytest.raises(DoubtError):
        NETWORK.publish(access, sent)

    def settled(graph: Graph, container: str) -> ContainerState | None:
        found = state_of(graph, container)
        server.settle()
        return found

    monkeypatch.setattr(threads, "state_of", settled)
    receipt = NETWORK.publish(access, sent)
    assert [post.number for post in server.own(NUMBER)] == [receipt.remote_id]


def test_control_a_container_made_anew_would_be_out_twice(
    access: AccountAccess, server: ThreadsServer
) -> None:
    server.fail(Fault.LOST_ANSWER)
    with pytest.raises(DoubtError):
        NETWORK.publish(access, prepared(access, outgoing("Dos veces")))
    NETWORK.publish(access, prepared(access, outgoing("Dos veces")))
    assert len(server.own(NUMBER)) == 2


def test_a_look_proves_only_what_it_proves(access: AccountAccess, server: ThreadsServer) -> None:
    sent = prepared(access, outgoing("¿Salió?"))
    assert NETWORK.find(access, sent, SINCE) == []
    NETWORK.publish(access, sent)
    server.world.hidden = True
    with pytest.raises(UnavailableError):
        NETWORK.find(access, sent, SINCE)


def test_a_thread_is_a_chain_of_answers_and_each_is_found_in_its_place(
    access: AccountAccess, server: ThreadsServer
) -> None:
    first = NETWORK.publish(access, prepared(access, outgoing("Uno")))
    before = (Before(first.remote_id, first.url, {}),)
    second = NETWORK.publish(access, prepared(access, outgoing("Igual", before=before)))
    deeper = (*before, Before(second.remote_id, second.url, {}))
    third = NETWORK.publish(access, prepared(access, outgoing("Igual", before=deeper)))
    assert [post.reply_to for post in server.own(NUMBER)] == ["", first.remote_id, second.remote_id]
    for parts, receipt in ((before, second), (deeper, third)):
        found = NETWORK.find(access, outgoing("Igual", before=parts), SINCE)
        assert [one.remote_id for one in found] == [receipt.remote_id]


def test_own_posts_are_quoted_and_reposted_once(access: AccountAccess, server: ThreadsServer) -> None:
    first = NETWORK.publish(access, prepared(access, outgoing("Lo primero")))
    quoting = prepared(access, outgoing("Léelo", kind=PostKind.QUOTE, target=first.url))
    quote = NETWORK.publish(access, quoting)
    assert server.world.posts[quote.remote_id].quoted == first.remote_id
    assert [one.remote_id for one in NETWORK.find(access, quoting, SINCE)] == [quote.remote_id]
    sharing = prepared(access, outgoing("", kind=PostKind.REPOST, target=first.url))
    server.fail(Fault.LOST_ANSWER)
    with pytest.raises(DoubtError):
        NETWORK.publish(access, sharing)
    again = NETWORK.publish(access, sharing)
    assert [one.remote_id for one in NETWORK.find(access, sharing, SINCE)] == [again.remote_id]
    assert [post.kind for post in server.own(NUMBER)].count("REPOST_FACADE") == 1


def test_another_account_s_post_is_found_where_the_application_may_look(
    access: AccountAccess, server: ThreadsServer
) -> None:
    server.user("99", "infocdmx", "ficha-ajena")
    theirs = AccountAccess("infocdmx", "99", {"access_token": "ficha-ajena"}, server.url)
    first = NETWORK.publish(theirs, prepared(theirs, outgoing("Lo suyo")))
    sharing = outgoing("", kind=PostKind.REPOST, target=link(server, first.remote_id))
    with pytest.raises(TargetMissingError) as told:
        NETWORK.prepare(access, sharing)
    assert told.value.hold is HoldReason.CONTENT
    server.world.users[TOKEN].permissions.add("threads_profile_discovery")
    NETWORK.publish(access, prepared(access, sharing))
    assert server.own(NUMBER)[0].reposted == first.remote_id


def test_a_day_that_is_full_is_waited_out(access: AccountAccess, server: ThreadsServer) -> None:
    server.world.most_a_day = 1
    first = NETWORK.publish(access, prepared(access, outgoing("Uno")))
    with pytest.raises(UnavailableError) as told:
        NETWORK.prepare(access, outgoing("Dos"))
    assert told.value.retry_at is not None
    # Answers have a limit of their own.
    NETWORK.prepare(access, outgoing("Dos", before=(Before(first.remote_id, first.url, {}),)))


@pytest.mark.parametrize(
    ("fault", "raised", "hold"),
    [
        (Fault.REVOKED, RefusedError, HoldReason.ACCESS),
        (Fault.BUSY, UnavailableError, None),
        (Fault.ERROR_BEFORE, DoubtError, None),
        (Fault.LOST_REQUEST, DoubtError, None),
    ],
)
def test_an_answer_means_one_thing(
    access: AccountAccess,
    server: ThreadsServer,
    fault: Fault,
    raised: type[NetworkError],
    hold: HoldReason | None,
) -> None:
    sent = prepared(access, outgoing())
    server.fail(fault)
    with pytest.raises(raised) as told:
        NETWORK.publish(access, sent)
    assert type(told.value) is raised
    assert getattr(told.value, "hold", None) is hold
    assert server.own(NUMBER) == []


def test_nothing_is_published_after_the_deadline(access: AccountAccess, server: ThreadsServer) -> None:
    sent = prepared(access, outgoing(may_send=False))
    with pytest.raises(NotSentError):
        NETWORK.publish(access, sent)
    assert server.own(NUMBER) == []


def test_an_address_that_is_not_told_now_takes_no_post_back(
    access: AccountAccess, server: ThreadsServer
) -> None:
    sent = prepared(access, outgoing())
    answer = server.answer

    def without_address(asked: Asked) -> Told:
        told = answer(asked)
        return error(500, 2, "no") if "permalink" in asked.query.get("fields", "") else told

    server.answer = without_address  # type: ignore[method-assign] # this one only
    receipt = NETWORK.publish(access, sent)
    assert receipt.remote_id == server.own(NUMBER)[0].number
    assert receipt.url == "https://www.threads.com/@cvpdcs.snt"


@pytest.mark.parametrize(
    ("url", "handle"),
    [
        ("https://www.threads.net/@cvpdcs.snt/post/DXbQ0LAk7UW", "cvpdcs.snt"),
        ("https://threads.com/@cvpdcs.snt/post/DXbQ0LAk7UW/?xmt=AQF0", "cvpdcs.snt"),
        ("https://www.threads.com/t/DXbQ0LAk7UW", ""),
    ],
)
def test_a_link_tells_the_post_and_its_moment(url: str, handle: str) -> None:
    found = Threads().read_link(url)
    assert found is not None
    assert (found.remote_id, found.handle) == ("DXbQ0LAk7UW", handle)
    assert found.permalink == "https://www.threads.com/t/DXbQ0LAk7UW"
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2026-04-22"


def test_figures_followers_and_answers(access: AccountAccess, server: ThreadsServer) -> None:
    first = NETWORK.publish(access, prepared(access, outgoing("Pregunta")))
    server.world.posts[first.remote_id].figures = {"views": 500, "likes": 7, "replies": 1, "shares": 2}
    assert Threads().readings(access, [first.remote_id, "18", "no-es-un-id"]) == {
        first.remote_id: {"views": 500, "likes": 7, "replies": 1, "shares": 2}
    }
    assert Threads().followers(access) == 987
    server.user("99", "maria", "ficha-ajena")
    theirs = AccountAccess("maria", "99", {"access_token": "ficha-ajena"}, server.url)
    said = NETWORK.publish(
        theirs, prepared(theirs, outgoing("¿Cómo pido?", before=(Before(first.remote_id, "", {}),)))
    )
    ours = NETWORK.publish(
        access, prepared(access, outgoing("Así", before=(Before(said.remote_id, "", {}),)))
    )
    top, below = Threads().read_replies(access, first.remote_id)
    assert (top.handle, top.text, top.answers, top.own) == ("maria", "¿Cómo pido?", "", False)
    assert (below.answers, below.own, below.url) == (top.link, True, ours.url)
    assert Threads().read_replies(access, "18") == ()


def test_a_text_is_as_long_as_threads_counts_it() -> None:
    (found,) = post_problems(PostFacts((PartFacts("🎉" * 126),)), Threads.rules)
    assert (found.code, found.params["over"]) == ("text_too_long", 4)
    (found,) = post_problems(
        PostFacts((PartFacts(" ".join(f"https://a.mx/{n}" for n in range(6))),)), Threads.rules
    )
    assert found.code == "too_many_links"
    # Two tags are no fault: the first is the topic.
    assert post_problems(PostFacts((PartFacts("#SNTtips y #DatosAbiertos"),)), Threads.rules) == []


def test_control_the_simulator_refuses_what_the_documentation_does(access: AccountAccess) -> None:
    for text in ("🎉" * 126, " ".join(f"https://a.mx/{n}" for n in range(6))):
        with pytest.raises(RefusedError) as told:
            NETWORK.prepare(access, outgoing(text))
        assert told.value.hold is HoldReason.CONTENT
