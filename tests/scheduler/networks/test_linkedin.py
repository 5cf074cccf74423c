"""LinkedIn's file against the simulator: posts, pictures, videos, reposts, doubts, figures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import ImageFacts, PartFacts, PostFacts, post_problems
from content_calendar.states import HoldReason
from scheduler.dialects import media_uploads, restli
from scheduler.network import (
    AccountAccess,
    DoubtError,
    DuplicateError,
    NetworkError,
    NotSentError,
    RefusedError,
    TargetMissingError,
    UnavailableError,
    UnfinishedError,
)
from scheduler.networks.linkedin import NETWORK, LinkedIn
from tests.scheduler.networks.x_contract import SINCE, image, outgoing, video
from tests.simulators import linkedin_server
from tests.simulators.counterpart import Fault
from tests.simulators.linkedin_server import LinkedInServer, running

NUMBER, TOKEN = "5515715", "ficha-de-pagina"
OTHERS = "urn:li:share:7141138937766391808"


@pytest.fixture
def server() -> Iterator[LinkedInServer]:
    with running() as started:
        started.page(NUMBER, "sistema-de-transparencia", TOKEN).followers = 1_234
        started.pages.others.add(OTHERS)
        yield started


@pytest.fixture
def access(server: LinkedInServer) -> AccountAccess:
    return AccountAccess("sistema-de-transparencia", NUMBER, {"access_token": TOKEN}, server.url)


def link(urn: str = OTHERS) -> str:
    return f"https://www.linkedin.com/feed/update/{urn}/"


def test_a_receipt_tells_id_address_and_moment(access: AccountAccess, server: LinkedInServer) -> None:
    text = "¿Sabías que (casi) todo es público? #SNTtips https://a.mx/una_ruta"
    receipt = NETWORK.publish(access, outgoing(text))
    (post,) = server.own(NUMBER)
    assert (post.text, post.urn) == (text, receipt.remote_id)
    assert receipt.url == f"https://www.linkedin.com/feed/update/{post.urn}/"
    assert receipt.published_at is not None
    assert abs(receipt.published_at - datetime.now(UTC)) < timedelta(seconds=10)
    assert receipt.request_id
    assert NETWORK.find(access, outgoing(text), SINCE) == [replace(receipt, request_id="")]


def test_pictures_go_with_their_alternative_texts_and_are_uploaded_once(
    access: AccountAccess, server: LinkedInServer
) -> None:
    sent = outgoing("Dos", image("Una escuela"), image("Un río"))
    prepared = NETWORK.prepare(access, sent)
    assert NETWORK.prepare(access, replace(sent, prepared=prepared)) == prepared
    assert server.seen.count("POST /rest/images") == 2
    NETWORK.publish(access, replace(sent, prepared=prepared))
    content = server.own(NUMBER)[0].content
    assert content is not None
    assert [one["altText"] for one in content["multiImage"]["images"]] == ["Una escuela", "Un río"]


def test_one_picture_goes_alone(access: AccountAccess, server: LinkedInServer) -> None:
    sent = outgoing("Una", image("Una escuela"))
    NETWORK.publish(access, replace(sent, prepared=NETWORK.prepare(access, sent)))
    content = server.own(NUMBER)[0].content
    assert content is not None
    assert content["media"]["altText"] == "Una escuela"


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Parts of four bytes, and pauses that are not waited for."""
    waited: list[float] = []
    real = clock.monotonic
    monkeypatch.setattr(clock, "monotonic", lambda: real() + sum(waited))
    monkeypatch.setattr(media_uploads, "pause", waited.append)
    monkeypatch.setattr(media_uploads, "SEGMENT", 4)
    monkeypatch.setattr(linkedin_server, "PART", 4)
    return waited


@pytest.mark.usefixtures("small_parts")
def test_a_video_goes_up_in_parts_and_is_waited_for(access: AccountAccess, server: LinkedInServer) -> None:
    server.pages.looks = 2
    sent = outgoing("Mira", video=video(b"0123456789"))
    prepared = NETWORK.prepare(access, sent)
    assert set(prepared) == {"of", "media_ids", "until"}
    assert sum("dms-uploads" in one for one in server.seen) == 3
    NETWORK.publish(access, replace(sent, prepared=prepared))
    content = server.own(NUMBER)[0].content
    assert content is not None
    assert content["media"] == {"id": prepared["media_ids"], "altText": "Una vaquita nada"}


@pytest.mark.usefixtures("small_parts")
def test_a_video_goes_on_where_it_stopped(access: AccountAccess, server: LinkedInServer) -> None:
    server.pages.looks = 100
    sent = outgoing("Mira", video=video(b"0123456789"))
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, sent)
    assert told.value.prepared["tags"].count("etiqueta") == 3
    server.pages.looks = 1
    before = len(server.seen)
    prepared = NETWORK.prepare(access, replace(sent, prepared=told.value.prepared))
    assert server.seen[before:] == [f"GET /rest/videos/{prepared['media_ids'].replace(':', '%3A')}"]


@pytest.mark.usefixtures("small_parts")
def test_a_part_that_failed_is_uploaded_again_and_no_other(
    access: AccountAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, put, calls = outgoing("Mira", video=video(b"0123456789")), restli.Restli.put, []

    def failing(self: restli.Restli, url: str, body: bytes, media_type: str) -> str:
        calls.append(url.rpartition("/")[2])
        if len(calls) == 2:
            raise UnavailableError
        return put(self, url, body, media_type)

    monkeypatch.setattr(restli.Restli, "put", failing)
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, sent)
    NETWORK.prepare(access, replace(sent, prepared=told.value.prepared))
    assert calls == ["0", "1", "1", "2"]


@pytest.mark.usefixtures("small_parts")
def test_a_video_that_cannot_be_used_waits_for_a_person(
    access: AccountAccess, server: LinkedInServer
) -> None:
    server.pages.video_fails = True
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, outgoing("Mira", video=video(b"0123456789")))
    assert told.value.hold is HoldReason.MATERIAL


def test_an_address_to_upload_to_elsewhere_gets_no_token(
    access: AccountAccess, server: LinkedInServer
) -> None:
    value = {"uploadUrl": "https://otra.example/sube", "image": "urn:li:image:1"}
    server.instead.append((200, {"value": value}, {}))
    with pytest.raises(UnavailableError) as told:
        NETWORK.prepare(access, outgoing("Una", image()))
    assert "otra.example" in told.value.answer.raw


@pytest.mark.parametrize(("kind", "text"), [(PostKind.REPOST, ""), (PostKind.QUOTE, "Léelo completo")])
def test_a_repost_and_a_quote_have_a_parent_and_are_found_by_it(
    access: AccountAccess, server: LinkedInServer, kind: PostKind, text: str
) -> None:
    sent = outgoing(text, kind=kind, target=link())
    receipt = NETWORK.publish(access, sent)
    NETWORK.publish(access, outgoing("Otra cosa"))
    assert server.own(NUMBER)[0].parent == OTHERS
    assert [one.remote_id for one in NETWORK.find(access, sent, SINCE)] == [receipt.remote_id]
    assert NETWORK.find(access, replace(sent, target=link("urn:li:share:7141138937766391999")), SINCE) == []


@pytest.mark.parametrize("target", [link("urn:li:activity:7141138937766391808"), "https://example.mx/1"])
def test_what_is_no_share_is_not_shared(access: AccountAccess, target: str) -> None:
    with pytest.raises(TargetMissingError) as told:
        NETWORK.publish(access, outgoing("", kind=PostKind.REPOST, target=target))
    assert told.value.hold is HoldReason.CONTENT


def test_an_equal_post_is_refused_by_the_name_of_the_first_and_found(
    access: AccountAccess, server: LinkedInServer
) -> None:
    first = NETWORK.publish(access, outgoing("Igual"))
    with pytest.raises(DuplicateError) as told:
        NETWORK.publish(access, outgoing("Igual"))
    assert told.value.params["of"] == first.remote_id
    assert [one.remote_id for one in NETWORK.find(access, outgoing("Igual"), SINCE)] == [first.remote_id]
    server.pages.hidden = True
    assert NETWORK.find(access, outgoing("Igual"), SINCE) == []


def test_what_is_older_or_only_a_draft_is_not_found(access: AccountAccess, server: LinkedInServer) -> None:
    NETWORK.publish(access, outgoing("Hoy"))
    assert NETWORK.find(access, outgoing("Hoy"), datetime.now(UTC) + timedelta(minutes=1)) == []
    server.own(NUMBER)[0].state = "DRAFT"
    assert NETWORK.find(access, outgoing("Hoy"), SINCE) == []


def test_one_without_a_moment_has_that_of_its_number_or_is_not_found(
    access: AccountAccess, server: LinkedInServer
) -> None:
    old = server.pages.create(_asked("Hoy"), TOKEN, int(server.now() * 1000) - 6 * 365 * 86_400_000)
    server.pages.undated.add(old.urn)
    assert NETWORK.find(access, outgoing("Hoy"), SINCE) == []
    server.pages.posts["urn:li:share:7"] = replace(old, urn="urn:li:share:7")
    server.pages.undated.add("urn:li:share:7")
    assert NETWORK.find(access, outgoing("Hoy"), SINCE) == []
    server.pages.refuses_equal = False
    new = NETWORK.publish(access, outgoing("Hoy"))
    server.pages.undated.add(new.remote_id)
    assert [one.remote_id for one in NETWORK.find(access, outgoing("Hoy"), SINCE)] == [new.remote_id]


@pytest.mark.parametrize("text", ["Lo mismo", ""])
def test_of_equal_texts_the_one_with_its_own_pictures_is_found(access: AccountAccess, text: str) -> None:
    one, two, other = outgoing(text, image()), outgoing(text, image(), image()), outgoing(text, image())
    one, two, other = (replace(each, prepared=NETWORK.prepare(access, each)) for each in (one, two, other))
    sent = [NETWORK.publish(access, each).remote_id for each in (one, two)]
    found = [[each.remote_id for each in NETWORK.find(access, part, SINCE)] for part in (one, two)]
    assert found == [[each] for each in sent]
    for unsure in (other, outgoing(text)):
        with pytest.raises(RefusedError) as told:
            NETWORK.find(access, unsure, SINCE)
        assert told.value.hold is HoldReason.UNCONFIRMED


def test_a_page_that_goes_on_is_read_on_and_not_for_ever(
    access: AccountAccess, server: LinkedInServer
) -> None:
    made = NETWORK.publish(access, outgoing("El primero"))
    for n in range(100):
        server.pages.create(_asked(f"Otro {n}"), TOKEN, int(server.now() * 1000) + 1000 + n)
    assert [one.remote_id for one in NETWORK.find(access, outgoing("El primero"), SINCE)] == [made.remote_id]
    for n in range(100, 520):
        server.pages.create(_asked(f"Otro {n}"), TOKEN, int(server.now() * 1000) + 1000 + n)
    with pytest.raises(UnavailableError):
        NETWORK.find(access, outgoing("El primero"), SINCE)


def _asked(text: str) -> dict[str, object]:
    said = {"visibility": "PUBLIC", "distribution": {}, "lifecycleState": "PUBLISHED"}
    return {"author": f"urn:li:organization:{NUMBER}", "commentary": text, **said}


@pytest.mark.parametrize(
    ("fault", "error", "hold"),
    [
        (Fault.REVOKED, RefusedError, HoldReason.ACCESS),
        (Fault.BUSY, UnavailableError, None),
        (Fault.DUPLICATE, DuplicateError, None),
        (Fault.STRANGE, DoubtError, None),
        (Fault.ERROR_BEFORE, DoubtError, None),
        (Fault.LOST_ANSWER, DoubtError, None),
    ],
)
def test_an_answer_means_one_thing(
    access: AccountAccess,
    server: LinkedInServer,
    fault: Fault,
    error: type[NetworkError],
    hold: HoldReason | None,
) -> None:
    server.fail(fault)
    with pytest.raises(error) as told:
        NETWORK.publish(access, outgoing())
    assert type(told.value) is error
    assert getattr(told.value, "hold", None) is hold


@pytest.mark.parametrize(
    ("status", "hold"), [(426, HoldReason.ACCOUNT), (403, HoldReason.ACCESS), (400, None), (422, None)]
)
def test_a_refusal_says_who_mends_it(
    access: AccountAccess, server: LinkedInServer, status: int, hold: HoldReason | None
) -> None:
    server.instead.append((status, {"status": status, "message": "No"}, {}))
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(access, outgoing())
    assert told.value.hold is hold


def test_a_day_s_limit_is_waited_out_to_midnight(access: AccountAccess, server: LinkedInServer) -> None:
    said = "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached."
    server.instead.append((429, {"status": 429, "message": said}, {}))
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, outgoing())
    assert told.value.retry_at is not None
    assert told.value.retry_at.time().isoformat() == "00:00:00"
    assert timedelta(0) < told.value.retry_at - datetime.now(UTC) <= timedelta(days=1)


def test_nothing_is_written_after_the_deadline(access: AccountAccess, server: LinkedInServer) -> None:
    with pytest.raises(NotSentError):
        NETWORK.publish(access, outgoing(may_send=False))
    assert server.seen == []


@pytest.mark.parametrize(
    ("url", "urn", "handle"),
    [
        (link(), OTHERS, ""),
        ("https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A7141138937766391808",
         "urn:li:ugcPost:7141138937766391808", ""),
        ("https://mx.linkedin.com/posts/infocdmx_tu-derecho-activity-7141138937766391808-aB3d?utm_source=share",
         "urn:li:activity:7141138937766391808", "infocdmx"),
        ("https://www.linkedin.com/posts/infocdmx_714-share-7141138937766391808-Xy_1/", OTHERS, "infocdmx"),
    ],
)  # fmt: skip
def test_a_link_tells_the_post_and_its_moment(url: str, urn: str, handle: str) -> None:
    found = LinkedIn().read_link(url)
    assert found is not None
    assert (found.remote_id, found.handle) == (urn, handle)
    assert found.published_at is not None
    assert found.published_at.isoformat().startswith("2023-12-14T18:56:38")
    assert LinkedIn().read_link(found.url) == replace(found, handle="")


def test_figures_are_those_of_everybody_and_those_of_who_administers(
    access: AccountAccess, server: LinkedInServer
) -> None:
    receipt = NETWORK.publish(access, outgoing())
    post = server.pages.posts[receipt.remote_id]
    post.social = {"LIKE": 4, "PRAISE": 1, "comments": 2}
    assert LinkedIn().readings(access, [receipt.remote_id, "urn:li:share:1", "otra-cosa"]) == {
        receipt.remote_id: {"likes": 5, "replies": 2}
    }
    post.figures = {"impressionCount": 900, "uniqueImpressionsCount": 700, "likeCount": 6, "shareCount": 3,
                    "commentCount": 2, "clickCount": 40, "engagement": 0}  # fmt: skip
    figures = LinkedIn().readings(access, [receipt.remote_id])[receipt.remote_id]
    assert figures == {"views": 900, "reach": 700, "likes": 6, "reposts": 3, "replies": 2, "clicks": 40}
    server.page(NUMBER, "", TOKEN, "CONTENT_ADMINISTRATOR")
    assert LinkedIn().readings(access, [receipt.remote_id])[receipt.remote_id] == {"likes": 5, "replies": 2}


def test_followers_are_those_of_the_page(access: AccountAccess) -> None:
    assert LinkedIn().followers(access) == 1_234


def test_a_text_is_as_long_as_linkedin_counts_it() -> None:
    assert LinkedIn.rules.measure("añ🎉") == 4
    (found,) = post_problems(PostFacts((PartFacts("🎉" * 1501),)), LinkedIn.rules)
    assert (found.code, found.params["over"]) == ("text_too_long", 2)
    pictures = [ImageFacts(f"a{n}", "x") for n in range(21)]
    (found,) = post_problems(PostFacts((PartFacts("Muchas", pictures),)), LinkedIn.rules)
    assert found.code == "too_many_images"


def test_control_the_simulator_refuses_what_the_documentation_does(
    access: AccountAccess, server: LinkedInServer
) -> None:
    with pytest.raises(RefusedError):
        NETWORK.publish(access, outgoing("🎉" * 1501))
    stranger = replace(access, secrets={"access_token": "de-nadie"})
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(stranger, outgoing())
    assert told.value.hold is HoldReason.ACCESS
    of_another = outgoing("Ajena", image(), prepared={"media_ids": "urn:li:image:de-otra"})
    with pytest.raises(RefusedError):
        NETWORK.publish(access, of_another)
    assert server.own(NUMBER) == []
