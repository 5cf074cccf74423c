"""X's file against the simulator, every request checked against X's own OpenAPI document where it is at hand."""

import logging
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_calendar.states import HoldReason
from scheduler.network import (
    AccountAccess,
    DoubtError,
    DuplicateError,
    NetworkError,
    NotSentError,
    RefusedError,
    UnavailableError,
)
from scheduler.networks.x import NETWORK, X
from scheduler.wire import Call, carry_out
from tests.scheduler.networks.x_contract import SINCE, Checked, image, outgoing
from tests.simulators.x_server import XServer, weight


def test_every_request_is_one_that_x_s_own_document_allows(
    access: AccountAccess, x_server: XServer, checked: Checked
) -> None:
    prepared = NETWORK.prepare(access, outgoing("Con dibujo", image()))
    receipt = NETWORK.publish(access, outgoing("Con dibujo", image(), prepared=prepared))
    (found,) = NETWORK.find(access, outgoing("Con dibujo"), SINCE)
    assert found.remote_id == receipt.remote_id
    assert checked == [
        "POST /2/media/upload",
        "POST /2/media/metadata",
        "POST /2/tweets",
        "GET /2/users/42/tweets",
    ]
    assert len(x_server.posts()) == 1


def test_control_a_request_that_the_document_does_not_allow_is_seen(
    access: AccountAccess, checked: Checked
) -> None:
    wrong = replace(access, remote_id="no-es-un-numero")
    with pytest.raises(UnavailableError) as told:
        NETWORK.find(wrong, outgoing(), SINCE)
    assert "users" in str(told.value.__cause__) or "id" in str(told.value.__cause__)
    assert checked == []
    assert len(checked.wrong) == 1
    checked.wrong.clear()


def test_a_receipt_tells_id_address_and_moment(access: AccountAccess, x_server: XServer) -> None:
    receipt = NETWORK.publish(access, outgoing())
    assert receipt.remote_id == x_server.posts()[0]["id"]
    assert receipt.url == f"https://x.com/cvpdcs/status/{receipt.remote_id}"
    assert receipt.published_at is not None
    assert abs(receipt.published_at - datetime.now(UTC)) < timedelta(seconds=10)
    assert receipt.request_id


def test_pictures_go_with_their_alternative_texts_and_are_uploaded_once(
    access: AccountAccess, x_server: XServer
) -> None:
    prepared = NETWORK.prepare(access, outgoing("Uno", image("Una escuela"), image("Un río")))
    again = NETWORK.prepare(access, outgoing("Uno", image("Una escuela"), image("Un río"), prepared=prepared))
    assert again == prepared
    NETWORK.publish(access, outgoing("Uno", prepared=prepared))
    media = x_server.posts()[0]["media"]
    assert [x_server.told()["alt_texts"][each] for each in media] == ["Una escuela", "Un río"]
    assert x_server.told()["seen"].count("POST /2/media/upload") == 2


def test_pictures_that_are_about_to_end_are_uploaded_again(access: AccountAccess) -> None:
    prepared = dict(NETWORK.prepare(access, outgoing("Uno", image())))
    prepared["until"] = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    assert NETWORK.prepare(access, outgoing("Uno", image(), prepared=prepared)) != prepared


def test_a_limit_that_is_not_used_up_tells_no_end(access: AccountAccess, x_server: XServer) -> None:
    x_server.fault("429")
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, outgoing())
    assert told.value.retry_at is None


def test_a_day_s_limit_is_waited_out_to_its_own_end(access: AccountAccess, x_server: XServer) -> None:
    x_server.fault("day_limit")
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, outgoing())
    assert told.value.retry_at is not None
    assert timedelta(hours=8) < told.value.retry_at - datetime.now(UTC) < timedelta(hours=9)


@pytest.mark.parametrize(
    ("fault", "error", "hold"),
    [
        ("400", RefusedError, None),
        ("401", RefusedError, HoldReason.ACCESS),
        ("402", RefusedError, HoldReason.BUDGET),
        ("403", RefusedError, None),
        ("usage_cap", RefusedError, HoldReason.BUDGET),
        ("rate_limit", UnavailableError, None),
        ("day_limit", UnavailableError, None),
        ("duplicate", DuplicateError, None),
        ("html", DoubtError, None),
        ("redirect", DoubtError, None),
        ("5xx_before", DoubtError, None),
        ("5xx_after", DoubtError, None),
        ("lost_request", DoubtError, None),
        ("lost_answer", DoubtError, None),
    ],
)
def test_an_answer_means_one_thing(
    access: AccountAccess, x_server: XServer, fault: str, error: type[NetworkError], hold: HoldReason | None
) -> None:
    x_server.fault(fault)
    with pytest.raises(error) as told:
        NETWORK.publish(access, outgoing())
    assert type(told.value) is error
    assert getattr(told.value, "hold", None) is hold
    assert len(x_server.posts()) == (1 if fault.endswith(("after", "answer")) else 0)


def test_a_redirect_is_not_followed(access: AccountAccess, x_server: XServer) -> None:
    x_server.fault("redirect")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, outgoing())
    assert x_server.told()["seen"] == ["POST /2/tweets"]


def test_a_rate_limit_tells_when_it_ends(access: AccountAccess, x_server: XServer) -> None:
    x_server.fault("rate_limit")
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, outgoing())
    assert told.value.retry_at is not None
    assert timedelta(seconds=60) < told.value.retry_at - datetime.now(UTC) < timedelta(seconds=120)


def test_an_equal_text_is_a_signal_of_its_own(access: AccountAccess, x_server: XServer) -> None:
    NETWORK.publish(access, outgoing("Igual"))
    with pytest.raises(DuplicateError):
        NETWORK.publish(access, outgoing("Igual"))
    assert len(x_server.posts()) == 1


def test_a_text_that_x_finds_too_long_is_refused(access: AccountAccess) -> None:
    with pytest.raises(RefusedError):
        NETWORK.publish(access, outgoing("ñ" * 281))


def test_an_address_where_nobody_listens_is_certainly_not_published(access: AccountAccess) -> None:
    for away in ("http://127.0.0.1:1", "http://no.invalid"):
        with pytest.raises(UnavailableError) as told:
            NETWORK.publish(replace(access, base_url=away), outgoing())
        assert type(told.value) is UnavailableError


def test_a_certificate_that_is_not_trusted_is_certainly_not_published(
    access: AccountAccess, x_server: XServer
) -> None:
    tls = x_server.url.replace("http://", "https://")  # a server that speaks no TLS: the handshake fails
    with pytest.raises(UnavailableError):
        NETWORK.publish(replace(access, base_url=tls), outgoing())
    assert x_server.posts() == []


def test_past_its_deadline_not_one_byte_is_written(access: AccountAccess, x_server: XServer) -> None:
    with pytest.raises(NotSentError):
        NETWORK.publish(access, outgoing(may_send=False))
    assert x_server.told()["seen"] == []


def test_the_deadline_is_asked_after_connecting(x_server: XServer) -> None:
    asked: list[str] = []

    def may_send() -> bool:
        asked.append("asked")
        return True

    carry_out(Call("GET", f"{x_server.url}/_control/posts"), may_send)
    assert asked == ["asked"]
    with pytest.raises(UnavailableError):
        carry_out(Call("GET", "http://127.0.0.1:1/"), may_send)
    assert asked == ["asked"]


@pytest.mark.parametrize(
    "text",
    [
        "Con enlace https://ejemplo.mx/datos y más",
        "Con enlace al final https://ejemplo.mx/",
        "Tú & yo <3 «datos»",
        unicodedata.normalize("NFD", "Rendición de cuentas"),
        "Dos\n\nrenglones  y espacios",
        "https://a.mx/1 https://a.mx/2",
    ],
)
def test_what_was_published_is_found_whatever_x_made_of_it(access: AccountAccess, text: str) -> None:
    NETWORK.publish(access, outgoing("Otra cosa"))
    receipt = NETWORK.publish(access, outgoing(text))
    assert [found.remote_id for found in NETWORK.find(access, outgoing(text), SINCE)] == [receipt.remote_id]


def test_what_was_published_with_a_picture_is_found(access: AccountAccess) -> None:
    prepared = NETWORK.prepare(access, outgoing("Con dibujo", image()))
    receipt = NETWORK.publish(access, outgoing("Con dibujo", prepared=prepared))
    (found,) = NETWORK.find(access, outgoing("Con dibujo"), SINCE)
    assert found.remote_id == receipt.remote_id


def test_what_is_older_or_hidden_or_different_is_not_found(access: AccountAccess, x_server: XServer) -> None:
    NETWORK.publish(access, outgoing("Igual"))
    assert NETWORK.find(access, outgoing("Distinto"), SINCE) == []
    assert NETWORK.find(access, outgoing("Igual"), datetime.now(UTC) + timedelta(minutes=1)) == []
    x_server.set(hidden=True)
    assert NETWORK.find(access, outgoing("Igual"), SINCE) == []


def test_it_is_found_on_a_later_page(access: AccountAccess) -> None:
    receipt = NETWORK.publish(access, outgoing("El primero"))
    for n in range(101):
        NETWORK.publish(access, outgoing(f"Relleno {n}"))
    (found,) = NETWORK.find(access, outgoing("El primero"), SINCE)
    assert found.remote_id == receipt.remote_id


def test_a_timeline_that_was_not_read_to_its_end_proves_no_absence(
    access: AccountAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.networks.x._MOST_PAGES", 1)
    NETWORK.publish(access, outgoing("El primero"))
    for n in range(101):
        NETWORK.publish(access, outgoing(f"Relleno {n}"))
    with pytest.raises(UnavailableError):
        NETWORK.find(access, outgoing("El primero"), SINCE)


@pytest.mark.parametrize("fault", ["no_id", "errors_only"])
def test_a_page_that_does_not_say_that_it_is_empty_proves_no_absence(
    access: AccountAccess, x_server: XServer, fault: str
) -> None:
    NETWORK.publish(access, outgoing("Está"))
    x_server.fault(fault, on="/2/users")
    with pytest.raises(UnavailableError):
        NETWORK.find(access, outgoing("Está"), SINCE)
    x_server.set(hidden=True)
    assert NETWORK.find(access, outgoing("Está"), SINCE) == []  # this page says that it is


def test_a_look_that_fails_is_no_doubt(access: AccountAccess, x_server: XServer) -> None:
    for fault in ("5xx_before", "lost_request", "rate_limit", "html"):
        x_server.fault(fault, on="/2/users")
        with pytest.raises(UnavailableError):
            NETWORK.find(access, outgoing(), SINCE)
    x_server.fault("401", on="/2/users")
    with pytest.raises(RefusedError) as told:
        NETWORK.find(access, outgoing(), SINCE)
    assert told.value.hold is HoldReason.ACCESS


@pytest.mark.parametrize(
    ("link", "handle", "remote_id"),
    [
        ("https://x.com/cvpdcs/status/1859000000000000001", "cvpdcs", "1859000000000000001"),
        (
            "https://twitter.com/INAImexico/status/1859000000000000001?s=20",
            "INAImexico",
            "1859000000000000001",
        ),
        ("https://mobile.twitter.com/a_b/status/1859000000000000001/photo/1", "a_b", "1859000000000000001"),
        (" https://www.x.com/a/statuses/20 ", "a", "20"),
        ("https://x.com/i/status/1859000000000000001", "", "1859000000000000001"),
        ("https://x.com/i/web/status/1859000000000000001", "", "1859000000000000001"),
    ],
)
def test_a_link_tells_handle_and_id(link: str, handle: str, remote_id: str) -> None:
    read = X().read_link(link)
    assert read is not None
    assert (read.handle, read.remote_id) == (handle, remote_id)


@pytest.mark.parametrize(
    "link",
    [
        "https://x.com/cvpdcs",
        "https://x.com.mx/a/status/1",
        "https://evil.mx/x.com/a/status/1",
        "x.com/a/status/1",
    ],
)
def test_what_is_no_link_to_a_post_is_none(link: str) -> None:
    assert X().read_link(link) is None


def test_a_link_tells_the_moment_of_its_post() -> None:
    read = X().read_link("https://x.com/a/status/1212092628029698048")
    assert read is not None
    assert read.published_at == datetime(2019, 12, 31, 19, 26, 16, 771000, UTC)


def test_no_log_shows_a_secret(access: AccountAccess, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        NETWORK.publish(access, outgoing())
    assert "oauth_signature" not in caplog.text
    assert "42-ficha" not in caplog.text
    assert "secreto" not in repr(access)


def test_the_simulator_counts_as_the_rules_do() -> None:
    for text in ("hola", "ñandú", "漢字", "ve a https://ejemplo.mx/largo?x=1 ya"):
        assert weight(text) == NETWORK.rules.measure(text)
