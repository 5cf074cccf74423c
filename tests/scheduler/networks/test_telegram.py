"""Telegram channels against the simulated Bot API, over real HTTP."""

import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from content_calendar.rules import ImageFacts, Severity, problems
from content_calendar.states import HoldReason
from scheduler import wire
from scheduler.network import (
    AccountAccess,
    Before,
    DoubtError,
    MayNotPublishError,
    NetworkError,
    NotSentError,
    RefusedError,
    UnavailableError,
)
from scheduler.networks import telegram
from scheduler.networks.telegram import NETWORK, Telegram
from scheduler.opening import KeysRefusedError, PublishesNothingError, by_keys
from scheduler.powers import ChecksKeys, LimitsPictures, LimitsVideos, ReadsLinks, ShowsInPublic
from scheduler.results.follower_reading import needs_keys
from scheduler.wire import Reply
from tests.scheduler.networks.x_contract import SINCE, image, outgoing, video
from tests.simulators.api_server import Server
from tests.simulators.counterpart import Fault
from tests.simulators.telegram_server import RETRY_AFTER, Channel, running


@dataclass
class Scene:
    """A channel, the access to it, and the server it lives on."""

    server: Server
    channel: Channel
    access: AccountAccess

    def asked(self) -> list[str]:
        return [one.path.rpartition("/")[2] for one in self.server.seen]


@pytest.fixture
def scene() -> Iterator[Scene]:
    with running() as (server, telegram):
        channel = telegram.channel("SNTransparencia")
        access = AccountAccess(
            "SNTransparencia", str(channel.number), {"bot_token": channel.token}, server.url
        )
        yield Scene(server, channel, access)


def test_it_offers_what_the_bot_api_can_do_and_no_more() -> None:
    for power in (ChecksKeys, ReadsLinks, ShowsInPublic, LimitsPictures, LimitsVideos):
        assert isinstance(NETWORK, power)
    assert needs_keys(Telegram())
    assert not hasattr(NETWORK, "readings")


# Publishing


def test_a_text_goes_out_as_it_is_written(scene: Scene) -> None:
    text = "Solicita *sin costo* en infomex_2 [aquí](https://a.mx) <b>#SNTtips</b>"
    receipt = NETWORK.publish(scene.access, outgoing(text))
    assert scene.channel.messages[0]["text"] == text
    assert (receipt.remote_id, receipt.url) == ("1", "https://t.me/SNTransparencia/1")
    assert receipt.published_at is not None
    assert abs(datetime.now(UTC) - receipt.published_at) < timedelta(minutes=1)
    assert "parse_mode" not in scene.server.seen[0].json()


def test_a_picture_bears_the_text_below_it(scene: Scene) -> None:
    NETWORK.publish(scene.access, outgoing("Mira", image()))
    assert scene.asked() == ["sendPhoto"]
    assert scene.channel.messages[0]["caption"] == "Mira"


def test_several_pictures_are_one_album_known_by_its_first(scene: Scene) -> None:
    receipt = NETWORK.publish(scene.access, outgoing("Mira", image(), image("Otro")))
    assert scene.asked() == ["sendMediaGroup"]
    assert [one["caption"] for one in scene.channel.messages] == ["Mira", ""]
    assert receipt.remote_id == "1"


def test_a_video_goes_up_in_pieces_within_the_message(scene: Scene) -> None:
    NETWORK.publish(scene.access, outgoing("Mira", video=video(b"x" * 300_000)))
    assert scene.channel.messages[0]["video"] == 300_000
    assert scene.channel.messages[0]["caption"] == "Mira"


def test_alternative_text_is_not_appended_to_what_was_approved(scene: Scene) -> None:
    NETWORK.publish(scene.access, outgoing("Mira", image("Un dibujo de una vaquita")))
    assert b"vaquita" not in scene.server.seen[0].body


def test_a_thread_is_a_chain_of_answers(scene: Scene) -> None:
    first = NETWORK.publish(scene.access, outgoing("Uno"))
    before = (Before(first.remote_id, first.url, {}),)
    NETWORK.publish(scene.access, outgoing("Dos", image(), before=before))
    assert scene.channel.messages[1]["reply_to_message"] == {"message_id": 1}


def test_after_the_deadline_nothing_is_written(scene: Scene) -> None:
    with pytest.raises(NotSentError):
        NETWORK.publish(scene.access, outgoing(may_send=False))
    assert scene.server.seen == []


# What an answer means


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.LOST_REQUEST, DoubtError),
        (Fault.LOST_ANSWER, DoubtError),
        (Fault.ERROR_BEFORE, DoubtError),
        (Fault.STRANGE, DoubtError),
        (Fault.BUSY, UnavailableError),
        (Fault.REVOKED, RefusedError),
    ],
)
def test_an_answer_tells_whether_it_may_be_out(scene: Scene, fault: Fault, error: type[NetworkError]) -> None:
    scene.server.fail(fault)
    with pytest.raises(error) as told:
        NETWORK.publish(scene.access, outgoing())
    assert type(told.value) is error


def test_too_many_messages_wait_as_long_as_telegram_says(scene: Scene) -> None:
    scene.server.fail(Fault.BUSY)
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(scene.access, outgoing())
    assert told.value.retry_at is not None
    wait = told.value.retry_at - datetime.now(UTC)
    assert timedelta(seconds=RETRY_AFTER - 2) < wait <= timedelta(seconds=RETRY_AFTER)


def test_a_refusal_says_what_a_person_can_mend(scene: Scene) -> None:
    holds = {}
    for case, sent in {
        "long": outgoing("a" * 4097),
        "caption": outgoing("a" * 1025, image()),
        "large": outgoing("Mira", replace(image(), read=lambda: b"x" * ((10 << 20) + 1))),
        "gone": outgoing("Dos", before=(Before("99", "", {}),)),
    }.items():
        with pytest.raises(RefusedError) as told:
            NETWORK.publish(scene.access, sent)
        holds[case] = told.value.hold
    said, shown = HoldReason.CONTENT, HoldReason.MATERIAL
    assert holds == {"long": said, "caption": said, "large": shown, "gone": said}
    assert scene.channel.messages == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (
            400,
            'Bad Request: failed to send message #2 with the error message "Too Many Requests: retry later"',
        ),
        (400, "Bad Request: group send failed"),
        (200, "Bad Request: anything"),
        (408, "Request Timeout"),
    ],
)
def test_what_may_have_left_a_part_of_an_album_is_a_doubt(status: int, said: str) -> None:
    judged = telegram._judged  # noqa: SLF001 -- what an answer means, without a server for each
    body = json.dumps({"ok": False, "error_code": status, "description": said}).encode()
    with pytest.raises(DoubtError):
        judged(Reply(status, {}, body))
    with pytest.raises(RefusedError):
        judged(Reply(400, {}, b'{"ok": false, "description": "Bad Request: message is too long"}'))


def test_a_bot_that_lost_its_place_waits_for_a_person(scene: Scene) -> None:
    scene.channel.can_post = False
    with pytest.raises(MayNotPublishError) as told:
        NETWORK.publish(scene.access, outgoing())
    assert told.value.hold is HoldReason.ACCESS
    scene.channel.status = "kicked"
    with pytest.raises(MayNotPublishError):
        NETWORK.publish(scene.access, outgoing())


def test_nobody_can_look_so_a_person_is_asked(scene: Scene) -> None:
    with pytest.raises(RefusedError) as told:
        NETWORK.find(scene.access, outgoing(), SINCE)
    assert told.value.hold is HoldReason.UNCONFIRMED
    assert Telegram().public_page("@SNTransparencia") == "https://t.me/s/SNTransparencia"


def test_the_longest_upload_ends_before_a_person_is_asked() -> None:
    from scheduler import retries  # noqa: PLC0415 -- only here

    longest = Telegram().video_limits({}).most_bytes
    slowest = max(longest // 200, 64 * 1024)
    lasts = retries.DEADLINE + retries.READ + timedelta(seconds=longest / slowest)
    assert lasts + timedelta(seconds=60) < retries.quiet_time(NETWORK.flight)


# The token


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.ERROR_BEFORE, Fault.REVOKED, Fault.BUSY])
def test_the_token_reaches_no_log_no_answer_and_no_error(
    scene: Scene, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scene.server.fail(fault)
    with pytest.raises(NetworkError) as told:
        NETWORK.publish(scene.access, outgoing())
    logging.getLogger("resuena").error("it failed", exc_info=told.value)
    said = "".join(traceback.format_exception(told.value))
    for text in (caplog.text, said, str(told.value), repr(told.value), repr(told.value.answer)):
        assert scene.channel.token not in text
    assert scene.channel.token not in repr(scene.access)


def test_the_token_is_hidden_where_nothing_answers(scene: Scene) -> None:
    nowhere = replace(scene.access, base_url="http://127.0.0.1:1")
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(nowhere, outgoing())
    assert "[...]" in told.value.answer.raw
    assert scene.channel.token not in "".join(traceback.format_exception(told.value)) + told.value.answer.raw


def test_control_without_hiding_it_the_token_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_without", lambda _hidden, said: said)
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(replace(scene.access, base_url="http://127.0.0.1:1"), outgoing())
    assert scene.channel.token in told.value.answer.raw


def test_what_is_no_token_never_reaches_an_address(scene: Scene) -> None:
    for wrong in ("", "clave", f"{scene.channel.token}/getMe?", "1:../../x"):
        with pytest.raises(RefusedError):
            NETWORK.publish(replace(scene.access, secrets={"bot_token": wrong}), outgoing())
    assert scene.server.seen == []


# Connecting


def test_keys_tell_the_channel_s_number_and_name(scene: Scene) -> None:
    unknown = replace(scene.access, handle="@sntransparencia", remote_id="")
    found = Telegram().check_keys(unknown)
    assert (found.remote_id, found.handle) == (str(scene.channel.number), "SNTransparencia")
    assert scene.asked() == ["getMe", "getChat", "getChatMember"]


def test_a_bot_that_may_not_post_is_told_apart_from_a_wrong_key(scene: Scene) -> None:
    scene.channel.can_post = False
    with pytest.raises(PublishesNothingError):
        by_keys(NETWORK, scene.access)
    scene.channel.status = "member"
    with pytest.raises(PublishesNothingError):
        by_keys(NETWORK, scene.access)
    wrong = replace(scene.access, secrets={"bot_token": scene.channel.token[:-1] + "y"})
    with pytest.raises(KeysRefusedError):
        by_keys(NETWORK, wrong)


def test_a_group_is_no_channel(scene: Scene) -> None:
    scene.channel.kind = "supergroup"
    with pytest.raises(MayNotPublishError):
        Telegram().check_keys(scene.access)


def test_followers_are_the_members_of_the_channel(scene: Scene) -> None:
    assert Telegram().followers(scene.access) == 812


# Before approval


def test_the_composer_counts_as_telegram_does() -> None:
    rules = NETWORK.rules
    assert rules.measure("👋🏽 hola") == 9
    assert rules.length_for(0) == 4096
    assert rules.length_for(1) == 1024
    picture = ImageFacts("img", "Un dibujo")
    codes = {one.code: one for one in problems("a" * 1025, [picture], rules)}
    assert codes["text_too_long"].params["over"] == 1
    assert [one.code for one in problems("a" * 4096, [], rules)] == []


def test_the_composer_says_that_alternative_text_is_not_shown() -> None:
    picture = ImageFacts("img", "Un dibujo")
    (found,) = problems("Mira", [picture], NETWORK.rules)
    assert (found.code, found.severity) == ("alt_text_not_shown", Severity.WARNING)
    # It is asked for all the same: the archive and the other networks have a place for it.
    codes = [one.code for one in problems("Mira", [replace(picture, alt_text="")], NETWORK.rules)]
    assert "alt_text_missing" in codes


def test_eleven_pictures_are_one_too_many() -> None:
    pictures = [ImageFacts(f"img{n}", "Un dibujo") for n in range(11)]
    assert "too_many_images" in [one.code for one in problems("Mira", pictures, NETWORK.rules)]


@pytest.mark.parametrize(
    ("link", "remote_id", "handle"),
    [
        ("https://t.me/SNTransparencia/123", "123", "SNTransparencia"),
        ("http://www.t.me/s/SNTransparencia/123?single", "123", "SNTransparencia"),
        ("https://telegram.me/SNTransparencia/7#x", "7", "SNTransparencia"),
    ],
)
def test_links_of_messages_are_read(link: str, remote_id: str, handle: str) -> None:
    found = Telegram().read_link(link)
    assert found is not None
    assert (found.remote_id, found.handle) == (remote_id, handle)
    assert found.url == f"https://t.me/{handle}/{remote_id}"
    assert found.permalink == f"https://t.me/{handle.lower()}/{remote_id}"


@pytest.mark.parametrize(
    "link", ["https://t.me/SNTransparencia", "https://t.me/c/123/4", "https://t.me/joinchat/123"]
)
def test_links_of_anything_else_are_not(link: str) -> None:
    assert Telegram().read_link(link) is None
