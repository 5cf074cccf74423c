"""Mastodon's file against a server that nobody here wrote; what a server alone cannot lose, a cut wire does.

Longer than 400 lines on purpose: the cases share one server, and are read against each other.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.states import HoldReason, PublicationState
from content_calendar.vault import store_credential
from scheduler.network import (
    AccountAccess,
    Before,
    DoubtError,
    Image,
    NetworkError,
    NotSentError,
    Outgoing,
    Protection,
    Receipt,
    RefusedError,
    UnavailableError,
    UnfinishedError,
    Video,
)
from scheduler.networks import mastodon
from scheduler.networks.mastodon import Mastodon
from scheduler.powers import ChecksKeys, GivesReadings, ReadsLinks, ReadsReplies, TellsLimits
from scheduler.wire import Call
from tests.counterparts.mastodon_mock import OTHER, OWN, MastodonServer
from tests.scheduler.scene import Engine, Time, account, attempts_of, now_of, planned, worker
from tests.simulators.cut_wire import Cut, CutWire, cutting

NETWORK = Mastodon()
PICTURE = b"\x89PNG un dibujo"
KEY = "2f1d6a0e-5a5e-4a34-9a0c-6f7a1d0f7c11"
POSTS = "/api/v1/statuses"


@pytest.fixture
def access(server: MastodonServer) -> AccountAccess:
    return access_at(server, server.url)


@pytest.fixture
def wire(server: MastodonServer) -> Iterator[CutWire]:
    with cutting("127.0.0.1", server.port) as cut:
        yield cut


def access_at(server: MastodonServer, url: str) -> AccountAccess:
    secrets = {"server": "mastodon.example", "access_token": server.token()}
    return AccountAccess(f"{OWN}@{server.domain}", "", secrets, url)


def outgoing(text: str = "Tu derecho a saber", **said: Any) -> Outgoing:  # noqa: ANN401 -- fields of Outgoing
    asked = {"client_key": KEY, "prepared": MappingProxyType({}), "may_send": lambda: True, **said}
    return Outgoing(text=text, language="es", images=asked.pop("images", ()), sent_at=since(), **asked)


def since() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


def image(alt_text: str = "Un dibujo", content: bytes = PICTURE) -> Image:
    return Image(hashlib.sha256(content).hexdigest(), "image/png", alt_text, lambda: content)


def sent(access: AccountAccess, asked: Outgoing) -> Receipt:
    """Prepare and publish, as the engine does."""
    return NETWORK.publish(access, replace(asked, prepared=NETWORK.prepare(access, asked)))


def test_a_post_is_out_with_its_language_and_told_by_its_receipt(
    access: AccountAccess, server: MastodonServer
) -> None:
    receipt = NETWORK.publish(access, outgoing("¿Qué es la #Transparencia?"))
    (post,) = server.posts()
    assert (post["language"], post["visibility"], post["id"]) == ("es", "public", receipt.remote_id)
    assert post["tags"][0]["name"] == "transparencia"
    assert receipt.url == f"http://{server.domain}/@{OWN}/{receipt.remote_id}"
    assert receipt.published_at is not None
    assert abs(receipt.published_at - datetime.now(UTC)) < timedelta(seconds=10)


def test_the_same_key_again_gives_the_same_post(access: AccountAccess, server: MastodonServer) -> None:
    first, again = NETWORK.publish(access, outgoing()), NETWORK.publish(access, outgoing())
    assert first.remote_id == again.remote_id
    assert len(server.posts()) == 1


def test_control_another_key_gives_another_post(access: AccountAccess, server: MastodonServer) -> None:
    NETWORK.publish(access, outgoing())
    NETWORK.publish(access, outgoing(client_key=NETWORK.new_key()))
    assert len(server.posts()) == 2


def test_pictures_go_with_their_alternative_texts_and_are_uploaded_once(
    access: AccountAccess, server: MastodonServer
) -> None:
    asked = outgoing(images=(image("Una escuela"), image("Un río", b"otro")))
    assert NETWORK.needs_preparing(asked)
    prepared = NETWORK.prepare(access, asked)
    assert NETWORK.prepare(access, replace(asked, prepared=prepared)) == prepared
    NETWORK.publish(access, replace(asked, prepared=prepared))
    media = server.posts()[0]["media_attachments"]
    assert [(one["description"], one["type"]) for one in media] == [
        ("Una escuela", "image"), ("Un río", "image")
    ]  # fmt: skip
    kept = server.ask_bytes(media[1]["url"])
    assert kept == b"otro"


def test_what_was_uploaded_too_long_ago_is_uploaded_again(access: AccountAccess) -> None:
    asked = outgoing(images=(image(),))
    prepared = NETWORK.prepare(access, asked)
    old = {**prepared, "until": (datetime.now(UTC) - timedelta(seconds=1)).isoformat()}
    assert NETWORK.prepare(access, replace(asked, prepared=old))["media_ids"] != prepared["media_ids"]


def test_the_server_s_work_on_an_upload_is_waited_for(
    access: AccountAccess, server: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mastodon, "_BETWEEN_POLLS_S", 0)
    server.answer("POST", "/api/v2/media", 202, {"id": "77", "url": None})
    server.answer("GET", "/api/v1/media/77", 206, {"id": "77", "url": None}, count=2)
    server.answer("GET", "/api/v1/media/77", 200, {"id": "77", "url": "https://a.mx/77"})
    assert NETWORK.prepare(access, outgoing(images=(image(),)))["media_ids"] == "77"
    server.answer("POST", "/api/v2/media", 202, {"id": "78", "url": None})
    server.answer("GET", "/api/v1/media/78", 206, {"id": "78", "url": None}, count=30)
    asked = outgoing(images=(image(), image(content=b"otro")))
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, asked)
    server.answer("GET", "/api/v1/media/78", 200, {"id": "78", "url": "https://a.mx/78"})
    # The next try goes on where this one stopped: nothing is uploaded again.
    server.answer("POST", "/api/v2/media", 500, {"error": "no"}, count=None)
    prepared = NETWORK.prepare(access, replace(asked, prepared=told.value.prepared))
    assert prepared["media_ids"] == told.value.prepared["media_ids"]
    assert prepared["media_ids"].startswith("78,")


def video(size: int, opened: list[int]) -> Video:
    def open_it() -> BytesIO:
        opened.append(size)
        return BytesIO(b"v" * size)

    return Video("aa" * 32, "video/mp4", "Una plática", size, open_it)


def test_a_video_goes_with_its_text_unless_the_server_takes_none_so_large(
    access: AccountAccess, server: MastodonServer
) -> None:
    opened: list[int] = []
    receipt = sent(access, outgoing(video=video(200_000, opened)))
    (media,) = server.posts()[0]["media_attachments"]
    assert (media["type"], media["description"]) == ("video", "Una plática")
    assert len(server.ask_bytes(media["url"])) == 200_000
    assert receipt.remote_id
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, outgoing(video=video(41_943_041, opened)))
    assert told.value.hold is HoldReason.MATERIAL
    assert opened == [200_000]


def test_a_thread_is_a_chain_of_answers(access: AccountAccess, server: MastodonServer) -> None:
    first = NETWORK.publish(access, outgoing("Uno"))
    before: tuple[Before, ...] = (Before(first.remote_id, first.url, {}),)
    second = NETWORK.publish(access, outgoing("Dos", client_key=NETWORK.new_key(), before=before))
    before = (*before, Before(second.remote_id, second.url, {}))
    NETWORK.publish(access, outgoing("Tres", client_key=NETWORK.new_key(), before=before))
    answered = [post["in_reply_to_id"] for post in server.posts()]
    assert answered == [second.remote_id, first.remote_id, None]


def other_post(server: MastodonServer, text: str = "Día del acceso a la información") -> dict[str, Any]:
    posted: dict[str, Any] = server.ask("POST", POSTS, OTHER, json={"status": text})
    return posted


def test_a_repost_is_of_the_post_behind_the_link_and_a_repeat_is_the_same_one(
    access: AccountAccess, server: MastodonServer
) -> None:
    target = other_post(server)
    at_home = replace(access, base_url=f"http://{server.domain}")
    asked = outgoing("", kind=PostKind.REPOST, target=target["url"])
    receipt, again = sent(at_home, asked), sent(at_home, asked)
    assert again.remote_id == receipt.remote_id
    (repost,) = server.posts()
    assert (repost["id"], repost["reblog"]["id"]) == (receipt.remote_id, target["id"])
    assert receipt.url == f"http://{server.domain}/@{OWN}/{receipt.remote_id}"
    (found,) = NETWORK.find(at_home, asked, since())
    assert found.remote_id == receipt.remote_id


def test_a_post_of_another_server_is_searched_for_by_its_link(
    access: AccountAccess, server: MastodonServer
) -> None:
    target = other_post(server)
    # The stand-in finds by words: the post that says its own link is found by it, and so is one that only says it.
    server.ask("PUT", f"{POSTS}/{target['id']}", OTHER, form={"status": f"Aquí: {target['url']}"})
    other_post(server, f"Lean {target['url']}")
    prepared = NETWORK.prepare(access, outgoing("", kind=PostKind.REPOST, target=target["url"]))
    assert prepared["target_id"] == target["id"]


def test_a_link_that_no_post_is_behind_is_refused_before_anything_is_sent(
    access: AccountAccess, server: MastodonServer
) -> None:
    here = f"http://127.0.0.1:{server.port}/@{OTHER}/123"
    for link in (here, "https://otro.example/@ana/123"):
        with pytest.raises(RefusedError) as told:
            NETWORK.prepare(access, outgoing("", kind=PostKind.REPOST, target=link))
        assert told.value.hold is HoldReason.CONTENT


def test_a_quote_goes_out_with_what_it_quotes(access: AccountAccess, server: MastodonServer) -> None:
    target = other_post(server)
    at_home = replace(access, base_url=f"http://{server.domain}")
    receipt = sent(at_home, outgoing("Así es", kind=PostKind.QUOTE, target=target["url"]))
    (post,) = server.posts()
    assert (post["id"], post["quote"]["quoted_status"]["id"]) == (receipt.remote_id, target["id"])


@pytest.mark.parametrize("versions", [{"mastodon": 6}, {}])
def test_a_server_that_knows_no_quotes_is_never_sent_one(
    access: AccountAccess, server: MastodonServer, versions: dict[str, int]
) -> None:
    target = other_post(server)
    server.answer("GET", "/api/v2/instance", 200, {"api_versions": versions})
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, outgoing("Así es", kind=PostKind.QUOTE, target=target["url"]))
    assert told.value.hold is HoldReason.CONTENT


def test_a_deadline_that_passed_sends_nothing(access: AccountAccess, server: MastodonServer) -> None:
    with pytest.raises(NotSentError):
        NETWORK.publish(access, outgoing(may_send=lambda: False))
    assert server.posts() == []


def test_an_answer_that_was_lost_is_a_doubt_and_the_key_or_a_look_settles_it(
    server: MastodonServer, wire: CutWire
) -> None:
    through = access_at(server, wire.url)
    wire.cut(f"POST {POSTS}", Cut.ANSWER)
    with pytest.raises(DoubtError):
        NETWORK.publish(through, outgoing())
    assert wire.lost == [Cut.ANSWER]
    (found,) = NETWORK.find(through, outgoing(), since())
    assert NETWORK.publish(through, outgoing()).remote_id == found.remote_id
    assert len(server.posts()) == 1


def test_a_call_that_was_lost_is_a_doubt_too_and_a_look_finds_nothing(
    server: MastodonServer, wire: CutWire
) -> None:
    through = access_at(server, wire.url)
    wire.cut(f"POST {POSTS}", Cut.REQUEST)
    with pytest.raises(DoubtError):
        NETWORK.publish(through, outgoing())
    assert NETWORK.find(through, outgoing(), since()) == []


REFUSALS = [
    (401, "The access token is invalid", HoldReason.ACCESS),
    (403, "This action is outside the authorized scopes", HoldReason.ACCESS),
    (403, "Your login is currently disabled", HoldReason.ACCOUNT),
    (404, "Record not found", None),
    (422, "Validation failed: Text can't be blank", None),
]


@pytest.mark.parametrize(("status", "said", "hold"), REFUSALS)
def test_a_refusal_says_what_a_person_can_mend(
    access: AccountAccess, server: MastodonServer, status: int, said: str, hold: HoldReason | None
) -> None:
    server.answer("POST", POSTS, status, {"error": said})
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(access, outgoing())
    assert told.value.hold is hold
    assert told.value.answer.http_status == status
    assert server.token() not in told.value.answer.raw


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 302])
def test_what_proves_nothing_is_a_doubt(access: AccountAccess, server: MastodonServer, status: int) -> None:
    server.answer("POST", POSTS, status, {"error": "An unexpected error occurred"})
    with pytest.raises(DoubtError):
        NETWORK.publish(access, outgoing())


@pytest.mark.parametrize("body", ["<html>no</html>", {"detail": "un intermediario"}])
def test_a_refusal_that_is_not_the_server_s_own_word_is_a_doubt(
    access: AccountAccess, server: MastodonServer, body: object
) -> None:
    server.answer("POST", POSTS, 403, body)
    with pytest.raises(DoubtError):
        NETWORK.publish(access, outgoing())


def test_an_answer_that_is_no_post_is_a_doubt(access: AccountAccess, server: MastodonServer) -> None:
    server.answer("POST", POSTS, 200, "¿?")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, outgoing())


def test_a_rate_limit_says_when_to_come_back(access: AccountAccess, server: MastodonServer) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=4)
    written = {at.isoformat(): at, str(int(at.timestamp())): at, "mañana": None, "": None}
    for said, expected in written.items():
        headers = {"X-RateLimit-Reset": said} if said.isascii() and said else {}
        server.answer("POST", POSTS, 429, {"error": "Too many requests"}, headers)
        with pytest.raises(UnavailableError) as told:
            NETWORK.publish(access, outgoing())
        assert told.value.retry_at == (expected if headers else None)
    server.answer("POST", POSTS, 429, {"error": "Too many"}, {"X-RateLimit-Reset": "2099-01-01T00:00:00Z"})
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, outgoing())
    assert told.value.retry_at is not None
    assert told.value.retry_at < datetime.now(UTC) + timedelta(days=1)
    assert server.posts() == []


TEXTS = [
    "Con enlace https://www.ejemplo.mx/a/?b=1&c=2 y @medios@otro.example",
    "Dos\n\npárrafos y\nuna línea #HazValerTuDerecho",
    "Con <b>signos</b> & «comillas» 👨‍👩‍👧‍👦",
    "Con *asteriscos* y **dobles** que el servidor se lleva, y http://[ tampoco es un enlace",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_post_is_found_by_what_it_says(access: AccountAccess, text: str) -> None:
    receipt = NETWORK.publish(access, outgoing(text))
    assert [found.remote_id for found in NETWORK.find(access, outgoing(text), since())] == [receipt.remote_id]
    assert NETWORK.find(access, outgoing(f"{text} más"), since()) == []


def test_what_is_older_than_the_call_or_answers_another_post_is_not_it(access: AccountAccess) -> None:
    receipt = NETWORK.publish(access, outgoing("Igual"))
    assert NETWORK.find(access, outgoing("Igual"), datetime.now(UTC) + timedelta(seconds=1)) == []
    assert NETWORK.find(access, outgoing("Igual", before=(Before("123", "", {}),)), since()) == []
    before = (Before(receipt.remote_id, receipt.url, {}),)
    answer = NETWORK.publish(access, outgoing("Igual", client_key="otra", before=before))
    (found,) = NETWORK.find(access, outgoing("Igual", before=before), since())
    assert found.remote_id == answer.remote_id


def test_what_was_not_read_proves_nothing(access: AccountAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mastodon, "_PAGE", 2)
    monkeypatch.setattr(mastodon, "_MOST_PAGES", 3)
    for number in range(3):
        NETWORK.publish(access, outgoing(f"Número {number}", client_key=str(number)))
    assert len(NETWORK.find(access, outgoing("Número 0"), since())) == 1
    NETWORK.publish(access, outgoing("Número 3", client_key="3"))
    NETWORK.publish(access, outgoing("Número 4", client_key="4"))
    with pytest.raises(UnavailableError):
        NETWORK.find(access, outgoing("Número 0"), since())


@pytest.mark.parametrize(
    ("status", "error"), [(500, UnavailableError), (401, RefusedError), (200, UnavailableError)]
)
def test_a_look_that_fails_is_not_an_absence(
    access: AccountAccess, server: MastodonServer, status: int, error: type[NetworkError]
) -> None:
    NETWORK.publish(access, outgoing())
    server.answer("GET", "/api/v1/accounts/*/statuses", status, {"error": "algo"})
    with pytest.raises(error):
        NETWORK.find(access, outgoing(), since())


def test_the_limits_are_the_server_s_and_the_rules_follow_them(
    access: AccountAccess, server: MastodonServer
) -> None:
    limits = NETWORK.limits(access)
    assert limits["max_characters"] == 500
    assert limits["video_size_limit"] == 41_943_040
    assert limits["api_version"] == 10
    rules = NETWORK.rules_within(limits)
    assert (rules.max_length, rules.link_length, rules.max_images) == (500, 23, 4)
    with pytest.raises(RefusedError):
        NETWORK.publish(access, outgoing("a" * 501))
    long = {
        "statuses": {"max_characters": 5000, "characters_reserved_per_url": 40, "max_media_attachments": 6}
    }
    server.answer("GET", "/api/v2/instance", 200, {"configuration": long})
    wide = NETWORK.rules_within(NETWORK.limits(access))
    assert (wide.max_length, wide.link_length, wide.max_images) == (5000, 40, 6)
    assert wide.measure("a https://a.mx") == 42


def test_an_older_server_tells_its_limits_elsewhere(access: AccountAccess, server: MastodonServer) -> None:
    server.answer("GET", "/api/v2/instance", 404, {"error": "Record not found"}, count=2)
    assert NETWORK.limits(access)["max_characters"] == 500
    server.answer("GET", "/api/v1/instance", 200, {"max_toot_chars": 3000, "configuration": None})
    assert NETWORK.limits(access) == {"max_characters": 3000}


@pytest.mark.parametrize("said", [-1, 0, "500", True, None, 1 << 60])
def test_a_limit_that_makes_no_sense_is_none(
    access: AccountAccess, server: MastodonServer, said: object
) -> None:
    configuration = {"statuses": {"max_characters": said}}
    server.answer("GET", "/api/v2/instance", 200, {"configuration": configuration})
    assert NETWORK.rules_within(NETWORK.limits(access)).max_length == 500


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("ñandú", 5),
        ("👨‍👩‍👧‍👦", 1),
        ("Lee https://www.ejemplo.mx/una/direccion/muy/larga?que=sigue", 4 + 23),
        ("Lee ejemplo.mx", 14),
        ("@medios@otro.example hola", 12),
        ("ana@ejemplo.mx", 14),
    ],
)
def test_a_text_counts_as_these_servers_count_it(text: str, length: int) -> None:
    assert NETWORK.rules.measure(text) == length


def test_a_link_tells_the_post_and_its_moment() -> None:
    at = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    post_id = int(at.timestamp() * 1000) << 16
    told = NETWORK.read_link(f" https://mastodon.example/@cvpdcs/{post_id}?x=1 ")
    assert told is not None
    assert (told.remote_id, told.handle, told.published_at) == (str(post_id), "cvpdcs@mastodon.example", at)
    assert told.url == f"https://mastodon.example/@cvpdcs/{post_id}"
    other = NETWORK.read_link("https://mastodon.example/@ana@otro.example/123")
    assert other is not None
    assert (other.handle, other.published_at) == ("ana@otro.example", None)
    for link in ("https://mastodon.example/@cvpdcs", "https://a.example/@b/video/1", "https://a.example/b/1"):
        assert NETWORK.read_link(link) is None


def test_readings_are_what_the_server_gives_and_no_more(
    access: AccountAccess, server: MastodonServer
) -> None:
    receipt = NETWORK.publish(access, outgoing())
    server.ask("POST", f"{POSTS}/{receipt.remote_id}/favourite", OTHER)
    server.ask("POST", f"{POSTS}/{receipt.remote_id}/reblog", OTHER)
    assert NETWORK.readings(access, [receipt.remote_id, "12345"]) == {
        receipt.remote_id: {"likes": 1, "reposts": 1, "replies": 0}
    }
    server.answer("GET", f"{POSTS}/9", 200, {"id": "9", "quotes_count": 4, "favourites_count": None})
    assert NETWORK.readings(access, ["9"]) == {"9": {"quotes": 4}}


def test_what_is_answered_is_read_with_our_own_words_and_without_private_ones(
    access: AccountAccess, server: MastodonServer
) -> None:
    receipt = NETWORK.publish(access, outgoing())
    asked = {"status": "<b>¿Y si no?</b>", "in_reply_to_id": receipt.remote_id}
    theirs = server.ask("POST", POSTS, OTHER, json=asked)
    server.ask("POST", POSTS, OTHER, json={**asked, "status": "en privado", "visibility": "direct"})
    server.ask("POST", POSTS, json={"status": "Así", "in_reply_to_id": theirs["id"]})
    to_us, ours = NETWORK.read_replies(access, receipt.remote_id)
    assert (to_us.handle, to_us.text, to_us.own) == (f"{OTHER}@{server.domain}", "<b>¿Y si no?</b>", False)
    assert (to_us.url, to_us.answers) == (theirs["url"], "")
    assert (ours.text, ours.own, ours.answers) == ("Así", True, to_us.link)
    assert NETWORK.read_replies(access, "12345") == []


def test_keys_are_tried_before_they_are_kept(access: AccountAccess, server: MastodonServer) -> None:
    opened = NETWORK.check_keys(access)
    own = server.ask("GET", "/api/v1/accounts/verify_credentials")
    assert (opened.remote_id, opened.handle) == (own["id"], f"{OWN}@{server.domain}")
    assert opened.secrets == {"server": "https://mastodon.example", "access_token": server.token()}
    wrong = replace(access, secrets={**access.secrets, "access_token": "otra"})
    with pytest.raises(RefusedError) as told:
        NETWORK.check_keys(wrong)
    assert told.value.hold is HoldReason.ACCESS


@pytest.mark.parametrize(
    "said", ["", "no es", "ftp://a.example", "https://a.example/otra", "a.example@b.example"]
)
def test_a_server_s_address_that_is_none_is_refused(access: AccountAccess, said: str) -> None:
    secrets = {"server": said, "access_token": "ficha"}
    with pytest.raises(RefusedError) as told:
        NETWORK.check_keys(replace(access, secrets=secrets, base_url=""))
    assert told.value.hold is HoldReason.ACCESS


def test_a_server_in_a_private_network_is_never_talked_to(
    server: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(method: str, url: str, **asked: Any) -> Call:  # noqa: ANN401 -- fields of Call
        return Call(method, url.replace("https:", "http:"), **{**asked, **allowed})

    allowed: dict[str, bool] = {}
    keys = {"server": f"a.example:{server.port}", "access_token": server.token()}
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", server.port))])
    monkeypatch.setattr(mastodon, "Call", call)
    with pytest.raises(UnavailableError) as told:
        NETWORK.check_keys(AccountAccess(OWN, "", keys))
    assert "not a public one" in told.value.answer.raw
    # Control: where private addresses are allowed, the same call is answered.
    allowed["public_only"] = False
    assert NETWORK.check_keys(AccountAccess(OWN, "", keys)).remote_id


def test_what_it_can_do_besides_is_found_by_asking() -> None:
    for power in (ReadsLinks, ReadsReplies, GivesReadings, TellsLimits, ChecksKeys):
        assert isinstance(NETWORK, power)
    assert NETWORK.protection is Protection.REPLAY
    assert NETWORK.key_life == timedelta(minutes=55)


# The engine, over the wire that can be cut. Its time is set back: the server's own clock is the real one.


@pytest.fixture
def time() -> Iterator[Time]:
    with Time(datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)).ruling() as ruling:
        yield ruling


@pytest.fixture
def engine(database: Database, tmp_path: Path, wire: CutWire, time: Time) -> Iterator[Engine]:
    del time
    made = Engine(worker(database, tmp_path / "data", mastodon=wire.url))
    made.tick()  # an installation that has been at work
    yield made
    made.close()


def plan(engine: Engine, time: Time, server: MastodonServer, text: str = "Tu derecho a saber") -> Publication:
    with engine.worker.database.transaction() as session:
        to = account(session, "mastodon", engine.worker)
        keys: Mapping[str, str] = {"server": "mastodon.example", "access_token": server.token()}
        store_credential(session, engine.worker.vault, to, keys)
        return planned(session, to, time.at + timedelta(minutes=1), text)


def let_come(engine: Engine, time: Time, minutes: float) -> None:
    """Let time pass as it does while a worker lives."""
    for _ in range(int(minutes * 2)):
        time.pass_by(seconds=30)
        engine.tick()
        engine.look()


def test_the_engine_publishes_once(engine: Engine, time: Time, server: MastodonServer) -> None:
    publication = plan(engine, time, server)
    let_come(engine, time, 1)
    now = now_of(engine.worker.database, publication)
    (post,) = server.posts()
    assert (now.state, now.parts[0].remote_id) == (PublicationState.PUBLISHED, post["id"])


def test_the_engine_looks_for_a_lost_answer_and_does_not_repeat_it(
    engine: Engine, time: Time, server: MastodonServer, wire: CutWire
) -> None:
    publication = plan(engine, time, server)
    wire.cut(f"POST {POSTS}", Cut.ANSWER)
    let_come(engine, time, 6)
    assert now_of(engine.worker.database, publication).state is PublicationState.PUBLISHED
    assert [made.outcome.value for made in attempts_of(engine.worker.database, publication)] == [
        "unknown",
        "done",
    ]
    assert len(server.posts()) == 1


def test_the_engine_looks_again_when_the_answer_to_the_repeat_is_lost_too(
    engine: Engine, time: Time, server: MastodonServer, wire: CutWire
) -> None:
    publication = plan(engine, time, server)
    wire.cut(f"POST {POSTS}", Cut.REQUEST)
    wire.cut(f"POST {POSTS}", Cut.ANSWER)
    let_come(engine, time, 20)
    assert wire.lost == [Cut.REQUEST, Cut.ANSWER]
    assert now_of(engine.worker.database, publication).state is PublicationState.PUBLISHED
    said = [made.said_code for made in attempts_of(engine.worker.database, publication)]
    assert said[-1] == "found_by_looking"
    assert len(server.posts()) == 1
