"""A Facebook Page's file against the simulator: what goes out, what is found, what is read, and how it is connected."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler import opening
from scheduler.network import (
    AccountAccess,
    DoubtError,
    DuplicateError,
    NetworkError,
    NotSentError,
    Outgoing,
    Receipt,
    RefusedError,
    UnavailableError,
    UnfinishedError,
)
from scheduler.networks.facebook import NETWORK, Facebook
from tests.scheduler.networks.x_contract import SINCE, image, outgoing, video
from tests.simulators.facebook_routes import facebook
from tests.simulators.graph_server import GraphServer

APP = {"client_id": "app-1", "client_secret": "secreto-de-app"}
BACK = "https://resuena.example/directorio/conectar/facebook/regreso"
KINDS = Facebook()


@pytest.fixture(scope="module")
def running_server() -> Iterator[GraphServer]:
    with facebook() as started:
        yield started


@pytest.fixture
def server(running_server: GraphServer) -> GraphServer:
    """The same, with nothing asked of it and nothing wrong with it."""
    state = running_server.state
    state.faults.clear()
    state.seen.clear()
    state.addresses.clear()
    state.regain_minutes, state.segment, state.refuses_equal = 0, 1 << 20, False
    state.ignores_since = False
    state.undated.clear()
    state.videos_told.clear()
    return running_server


@pytest.fixture
def access(server: GraphServer) -> AccountAccess:
    """A page of its own for each test."""
    page = server.state.add_page(f"instituto{len(server.state.pages)}")
    return AccountAccess(page.username, page.id, {"access_token": page.token}, server.url)


def test_a_receipt_tells_the_id_and_where_people_see_it(access: AccountAccess, server: GraphServer) -> None:
    receipt = NETWORK.publish(access, outgoing("Tu derecho a saber"))
    assert server.texts(access.remote_id) == ["Tu derecho a saber"]
    assert receipt.remote_id in server.state.posts
    number = receipt.remote_id.partition("_")[2]
    assert receipt.url == f"https://www.facebook.com/{access.remote_id}/posts/{number}"
    assert receipt.request_id


def test_pictures_go_with_their_alternative_texts_and_are_uploaded_once(
    access: AccountAccess, server: GraphServer
) -> None:
    asked = outgoing("Dos", image("Una escuela"), image("Un río"))
    prepared = NETWORK.prepare(access, asked)
    assert NETWORK.prepare(access, replace(asked, prepared=prepared)) == prepared
    receipt = NETWORK.publish(access, replace(asked, prepared=prepared))
    media = [server.state.media[one] for one in server.state.posts[receipt.remote_id].media]
    assert [one.alt_text for one in media] == ["Una escuela", "Un río"]
    assert all(one.content == asked.images[0].read() for one in media)
    assert server.state.seen.count(f"POST /{access.remote_id}/photos") == 2


def test_pictures_that_are_about_to_be_forgotten_are_uploaded_again(access: AccountAccess) -> None:
    prepared = dict(NETWORK.prepare(access, outgoing("Uno", image())))
    prepared["until"] = clock.now().isoformat()
    assert NETWORK.prepare(access, outgoing("Uno", image(), prepared=prepared)) != prepared


def test_a_video_goes_up_in_the_parts_that_are_asked_for(access: AccountAccess, server: GraphServer) -> None:
    server.state.segment = 4
    asked = outgoing("Mira", video=video(b"vaquita marina"))
    prepared = NETWORK.prepare(access, asked)
    receipt = NETWORK.publish(access, replace(asked, prepared=prepared))
    assert server.state.media[receipt.remote_id].content == b"vaquita marina"
    assert server.texts(access.remote_id) == ["Mira"]
    assert receipt.url.endswith(f"/videos/{receipt.remote_id}")


def test_a_video_goes_on_where_it_stopped(
    access: AccountAccess, server: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.state.segment = 5
    asked = outgoing("Mira", video=video(b"vaquita marina"))
    monkeypatch.setattr("scheduler.networks.facebook._LONGEST_S", -1.0)
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, asked)
    monkeypatch.undo()
    prepared = NETWORK.prepare(access, replace(asked, prepared=told.value.prepared))
    assert prepared["video_id"] == told.value.prepared["video_id"]
    assert server.state.seen.count(f"POST /{access.remote_id}/videos") == 1 + 3


def test_a_video_whose_upload_is_forgotten_begins_anew(access: AccountAccess, server: GraphServer) -> None:
    asked = outgoing("Mira", video=video(b"vaquita marina"))
    prepared = dict(NETWORK.prepare(access, asked))
    server.state.media.clear()
    prepared["start"] = "0"
    again = NETWORK.prepare(access, replace(asked, prepared=prepared))
    assert again["video_id"] != prepared["video_id"]


def test_a_video_with_pictures_is_refused_before_anything_is_sent(
    access: AccountAccess, server: GraphServer
) -> None:
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, outgoing("Mira", image(), video=video()))
    assert told.value.hold is HoldReason.MATERIAL
    assert server.state.seen == []


@pytest.mark.parametrize(
    ("fault", "error", "hold"),
    [
        ("busy", UnavailableError, None),
        ("day_is_full", UnavailableError, None),
        ("revoked", RefusedError, HoldReason.ACCESS),
        ("permission", RefusedError, HoldReason.ACCESS),
        ("blocked", RefusedError, HoldReason.ACCOUNT),
        ("wrong", RefusedError, None),
        ("duplicate", DuplicateError, None),
        ("service_400", DoubtError, None),
        ("error_before", DoubtError, None),
        ("error_after", DoubtError, None),
        ("lost_request", DoubtError, None),
        ("lost_answer", DoubtError, None),
        ("strange", DoubtError, None),
        ("no_id", DoubtError, None),
        ("html", DoubtError, None),
    ],
)
def test_an_answer_means_one_thing(
    access: AccountAccess, server: GraphServer, fault: str, error: type[NetworkError], hold: HoldReason | None
) -> None:
    server.fail(fault)
    with pytest.raises(error) as told:
        NETWORK.publish(access, outgoing(f"Falla {fault}"))
    assert type(told.value) is error
    assert getattr(told.value, "hold", None) is hold
    assert len(server.texts(access.remote_id)) == (
        1 if fault in {"error_after", "lost_answer", "no_id"} else 0
    )


def test_what_is_limited_says_when_it_ends(access: AccountAccess, server: GraphServer) -> None:
    server.state.regain_minutes = 19
    server.fail("busy")
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, outgoing())
    assert told.value.retry_at is not None
    assert timedelta(minutes=18) < told.value.retry_at - clock.now() <= timedelta(minutes=19)


def test_an_equal_text_right_after_another_is_refused_and_both_are_one(
    access: AccountAccess, server: GraphServer
) -> None:
    server.state.refuses_equal = True
    first = NETWORK.publish(access, outgoing("Lo mismo"))
    with pytest.raises(DuplicateError):
        NETWORK.publish(access, outgoing("Lo mismo"))
    assert [one.remote_id for one in NETWORK.find(access, outgoing("Lo mismo"), SINCE)] == [first.remote_id]


def test_nothing_is_written_when_the_deadline_has_passed(access: AccountAccess, server: GraphServer) -> None:
    with pytest.raises(NotSentError):
        NETWORK.publish(access, outgoing(may_send=False))
    assert server.state.seen == []


def test_what_is_out_is_found_among_pages_of_others(access: AccountAccess, server: GraphServer) -> None:
    receipt = NETWORK.publish(access, outgoing("Una tarde  con acentuación"))
    for number in range(120):
        NETWORK.publish(access, outgoing(f"Otra {number}"))
    (found,) = NETWORK.find(access, outgoing("Una tarde con acentuacio\u0301n"), SINCE)
    assert (found.remote_id, found.url) == (receipt.remote_id, receipt.url)
    assert found.published_at is not None
    assert NETWORK.find(access, outgoing("Nunca dicho"), SINCE) == []
    assert server.state.seen.count(f"GET /{access.remote_id}/published_posts") == 4


def test_what_was_out_before_is_not_taken_for_it(access: AccountAccess) -> None:
    NETWORK.publish(access, outgoing("Cada lunes"))
    assert NETWORK.find(access, outgoing("Cada lunes"), datetime.now(UTC) + timedelta(minutes=1)) == []


def test_of_a_video_that_very_one_is_looked_for(access: AccountAccess, server: GraphServer) -> None:
    one, other = (outgoing("Mira", video=video(content)) for content in (b"uno", b"otro"))
    sent = [replace(each, prepared=NETWORK.prepare(access, each)) for each in (one, other)]
    assert NETWORK.find(access, sent[0], SINCE) == ()
    server.fail("lost_answer")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, sent[0])
    (found,) = NETWORK.find(access, sent[0], SINCE)
    assert found.remote_id == sent[0].prepared["video_id"]
    assert NETWORK.find(access, sent[1], SINCE) == ()


def test_what_is_older_or_has_no_moment_is_not_found_though_the_list_holds_it(
    access: AccountAccess, server: GraphServer
) -> None:
    old, undated = (NETWORK.publish(access, outgoing("Cada lunes")).remote_id for _ in range(2))
    server.state.ignores_since = True
    server.state.posts[old].at -= 6 * 365 * 86_400
    server.state.undated.add(undated)
    assert NETWORK.find(access, outgoing("Cada lunes"), SINCE) == []
    new = NETWORK.publish(access, outgoing("Cada lunes"))
    this_second = datetime.fromtimestamp(server.state.posts[new.remote_id].at, UTC).replace(
        microsecond=999_999
    )
    (found,) = NETWORK.find(access, outgoing("Cada lunes"), this_second)
    assert found.remote_id == new.remote_id


@pytest.mark.parametrize("text", ["Lo mismo", ""])
def test_of_equal_texts_the_one_with_its_own_pictures_is_found(access: AccountAccess, text: str) -> None:
    one, two, other = outgoing(text, image()), outgoing(text, image(), image()), outgoing(text, image())
    one, two, other = (replace(each, prepared=NETWORK.prepare(access, each)) for each in (one, two, other))
    sent = [NETWORK.publish(access, each).remote_id for each in (one, two)]
    assert [[each.remote_id for each in NETWORK.find(access, part, SINCE)] for part in (one, two)] == [
        [each] for each in sent
    ]
    with pytest.raises(RefusedError) as told:
        NETWORK.find(access, other, SINCE)
    assert told.value.hold is HoldReason.UNCONFIRMED


def test_after_a_restore_pictures_are_found_by_their_words_and_never_without(access: AccountAccess) -> None:
    sent = []
    for text in ("Con palabras", ""):
        asked = outgoing(text, image())
        sent.append(NETWORK.publish(access, replace(asked, prepared=NETWORK.prepare(access, asked))))
    (found,) = NETWORK.find(access, outgoing("Con palabras", image()), SINCE)
    assert found.remote_id == sent[0].remote_id
    for forgotten in (outgoing("", image()), outgoing("Con palabras")):
        with pytest.raises(RefusedError) as told:
            NETWORK.find(access, forgotten, SINCE)
        assert told.value.hold is HoldReason.UNCONFIRMED
    assert NETWORK.find(access, outgoing("Nunca dicho", image()), SINCE) == []


def test_after_a_restore_a_video_is_found_by_its_words_or_a_person_is_asked(
    access: AccountAccess, server: GraphServer
) -> None:
    asked = outgoing("Mira", video=video(b"uno"))
    sent = NETWORK.publish(access, replace(asked, prepared=NETWORK.prepare(access, asked)))
    assert [one.remote_id for one in NETWORK.find(access, asked, SINCE)] == [sent.remote_id]
    server.state.posts[sent.remote_id].at -= 7 * 86_400
    for forgotten in (asked, outgoing("Otra", video=video(b"otra")), outgoing("", video=video(b"otra"))):
        with pytest.raises(RefusedError) as told:
            NETWORK.find(access, forgotten, SINCE)
        assert told.value.hold is HoldReason.UNCONFIRMED


def _video_that_says(
    access: AccountAccess, server: GraphServer, said: dict[str, Any]
) -> tuple[Outgoing, Callable[[], Sequence[Receipt]]]:
    asked = outgoing("Mira", video=video(b"uno"))
    asked = replace(asked, prepared=NETWORK.prepare(access, asked))
    server.state.videos_told[asked.prepared["video_id"]] = said
    return asked, lambda: NETWORK.find(access, asked, SINCE)


@pytest.mark.parametrize(
    "status",
    [{"video_status": "ready"}, {"video_status": "processing", "publishing_phase": {"status": "complete"}}],
)
def test_a_video_is_out_when_they_say_that_it_is_whole(
    access: AccountAccess, server: GraphServer, status: dict[str, Any]
) -> None:
    asked, find = _video_that_says(access, server, {"published": True, "status": status})
    assert [one.remote_id for one in find()] == [asked.prepared["video_id"]]


@pytest.mark.parametrize(
    "status",
    [
        {"video_status": "uploading"},
        {"video_status": "uploading", "publishing_phase": {"status": "not_started"}},
    ],
)
@pytest.mark.parametrize("published", [True, False])
def test_a_video_that_nobody_told_them_to_publish_is_not_out(
    access: AccountAccess, server: GraphServer, status: dict[str, Any], *, published: bool
) -> None:
    _, find = _video_that_says(access, server, {"published": published, "status": status})
    assert find() == ()


@pytest.mark.parametrize(
    "status",
    [
        {"video_status": "processing"},
        {"video_status": "upload_complete", "publishing_phase": {"status": "in_progress"}},
        {"video_status": "upload_complete", "processing_phase": {"status": "in_progress"}},
        {"video_status": "error", "publishing_phase": {"status": "error"}},
    ],
)
def test_a_video_that_they_work_on_is_not_absent(
    access: AccountAccess, server: GraphServer, status: dict[str, Any]
) -> None:
    _, find = _video_that_says(access, server, {"published": False, "status": status})
    with pytest.raises(UnavailableError):
        find()


def test_a_video_that_they_do_not_tell_of_is_not_absent(access: AccountAccess, server: GraphServer) -> None:
    asked, find = _video_that_says(access, server, {})
    del server.state.media[asked.prepared["video_id"]]
    with pytest.raises(UnavailableError):
        find()


def test_a_last_call_that_is_refused_is_believed_only_when_the_video_is_not_out(
    access: AccountAccess, server: GraphServer
) -> None:
    asked, _ = _video_that_says(access, server, {})
    server.fail("wrong")
    with pytest.raises(RefusedError):
        NETWORK.publish(access, asked)
    server.state.videos_told[asked.prepared["video_id"]] = {"status": {"video_status": "processing"}}
    server.fail("wrong")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, asked)
    server.state.videos_told.clear()
    server.fail("lost_answer")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, asked)
    # The session is ended, so that the same call is refused now.
    assert NETWORK.publish(access, asked).remote_id == asked.prepared["video_id"]
    assert server.texts(access.remote_id) == ["Mira"]


def test_a_look_that_fails_proves_nothing(access: AccountAccess) -> None:
    with pytest.raises(RefusedError) as told:
        NETWORK.find(replace(access, secrets={"access_token": "otra"}), outgoing(), SINCE)
    assert told.value.hold is HoldReason.ACCESS


def test_figures_are_read_and_what_is_not_told_is_missing(access: AccountAccess, server: GraphServer) -> None:
    some = [NETWORK.publish(access, outgoing(text)).remote_id for text in ("Con cifras", "Sin cifras")]
    server.state.posts[some[0]].figures = {"likes": 7, "replies": 0, "reposts": 2, "views": 90, "reach": 60}
    told = KINDS.readings(access, [*some, f"{access.remote_id}_404"])
    assert told == {some[0]: {"likes": 7, "replies": 0, "reposts": 2, "views": 90, "reach": 60}, some[1]: {}}


def test_a_video_s_figures_are_read_by_its_own_id(access: AccountAccess, server: GraphServer) -> None:
    asked = outgoing("Mira", video=video(b"uno"))
    receipt = NETWORK.publish(access, replace(asked, prepared=NETWORK.prepare(access, asked)))
    server.state.posts[receipt.remote_id].figures = {"likes": 3, "replies": 1}
    assert KINDS.readings(access, [receipt.remote_id]) == {receipt.remote_id: {"likes": 3, "replies": 1}}


def test_comments_are_read_with_what_they_answer(access: AccountAccess, server: GraphServer) -> None:
    remote_id = NETWORK.publish(access, outgoing("Pregunta")).remote_id
    link = "https://www.facebook.com/1/posts/2?comment_id="
    at = "2026-11-20T12:00:00+0000"
    server.state.posts[remote_id].comments = [
        {"id": "1", "message": "¿Y cómo?", "created_time": at, "permalink_url": f"{link}1",
         "from": {"id": "9", "name": "Ana"}},
        {"id": "2", "message": "Así", "created_time": at, "permalink_url": f"{link}2", "from": {"id": access.remote_id},
         "parent": {"id": "1", "permalink_url": f"{link}1"}},
        {"id": "3", "message": "Sin dirección", "created_time": at},
    ]  # fmt: skip
    asked, answered = KINDS.read_replies(access, remote_id)
    assert (asked.handle, asked.answers, asked.own) == ("Ana", "", False)
    assert (answered.answers, answered.own) == (asked.link, True)


def test_followers_are_told_to_who_holds_the_keys(access: AccountAccess) -> None:
    assert KINDS.followers(access) == 1200


@pytest.mark.parametrize(
    ("link", "remote_id", "handle"),
    [
        ("https://www.facebook.com/ivaiveracruz/posts/123456", "123456", "ivaiveracruz"),
        ("https://m.facebook.com/100064/posts/123456/?locale=es", "100064_123456", "100064"),
        ("https://www.facebook.com/ivai/posts/hoy-hay-sesi/pfbid02AbCdEfGhIj", "pfbid02AbCdEfGhIj", "ivai"),
        ("https://www.facebook.com/permalink.php?story_fbid=77&id=100064", "100064_77", "100064"),
        ("https://www.facebook.com/story.php?id=100064&story_fbid=77", "100064_77", "100064"),
        ("https://www.facebook.com/ivai/videos/la-vaquita/987654/", "987654", "ivai"),
        ("https://www.facebook.com/watch/?v=987654", "987654", ""),
        ("https://www.facebook.com/reel/987654", "987654", ""),
    ],
)
def test_a_link_tells_which_post_it_is(link: str, remote_id: str, handle: str) -> None:
    found = KINDS.read_link(link)
    assert found is not None
    assert (found.remote_id, found.handle) == (remote_id, handle)


@pytest.mark.parametrize("link", ["https://www.facebook.com/ivai", "https://facebook.com.mx/ivai/posts/1"])
def test_a_page_or_another_s_address_is_no_post(link: str) -> None:
    assert KINDS.read_link(link) is None


def test_a_page_s_own_token_tells_whose_it_is(access: AccountAccess) -> None:
    found = KINDS.check_keys(replace(access, remote_id=""))
    assert (found.remote_id, found.handle) == (access.remote_id, access.handle)
    assert found.secrets == access.secrets


def test_a_person_s_token_becomes_that_of_the_page_in_hand(
    access: AccountAccess, server: GraphServer
) -> None:
    other = server.state.add_page("otra.pagina")
    server.state.people["EAApersona"] = [other.id, access.remote_id]
    found = KINDS.check_keys(replace(access, remote_id="", secrets={"access_token": "EAApersona"}))
    assert found.secrets == access.secrets
    with pytest.raises(RefusedError):
        KINDS.check_keys(AccountAccess("de.nadie", "", {"access_token": "EAApersona"}, server.url))


def test_a_page_is_opened_on_its_own_page_and_only_its_token_is_kept(
    access: AccountAccess, server: GraphServer
) -> None:
    other = server.state.add_page("vecina")
    server.state.consenting = [other.id, access.remote_id]
    address = KINDS.authorize_url(APP, BACK, "estado", "reto", server.url)
    back = requests.get(address, allow_redirects=False, timeout=10).headers["Location"]
    said = parse_qs(urlsplit(back).query)
    assert said["state"] == ["estado"]
    assert set(server.state.scopes) == {one.scope for one in KINDS.permissions}
    closed = replace(access, secrets={}, remote_id="")
    found = opening.by_permission(NETWORK, closed, APP, BACK, said["code"][0], "prueba")
    assert found.secrets == access.secrets
    assert (found.remote_id, found.expires_at) == (access.remote_id, None)
    with pytest.raises(opening.CodeRefusedError):
        opening.by_permission(NETWORK, closed, APP, BACK, said["code"][0], "prueba")


def test_a_permission_without_the_page_says_so(access: AccountAccess, server: GraphServer) -> None:
    server.state.consenting = [server.state.add_page("una").id, server.state.add_page("dos").id]
    address = KINDS.authorize_url(APP, BACK, "estado", "reto", server.url)
    back = requests.get(address, allow_redirects=False, timeout=10).headers["Location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    with pytest.raises(opening.NotAmongThemError):
        opening.by_permission(NETWORK, replace(access, secrets={}), APP, BACK, code, "prueba")


def test_no_token_goes_in_an_address(access: AccountAccess, server: GraphServer) -> None:
    for number in range(101):
        NETWORK.publish(access, outgoing(f"Una {number}"))
    NETWORK.find(access, outgoing("Nada"), SINCE)
    assert len(server.state.addresses) > 101
    assert not any(access.secrets["access_token"] in line for line in server.state.addresses)
