"""X's videos, uploaded in segments and worked on, against the simulator and X's own document."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects import media_uploads
from scheduler.network import (
    AccountAccess,
    NetworkError,
    Outgoing,
    RefusedError,
    UnavailableError,
    UnfinishedError,
)
from scheduler.networks.x import NETWORK
from tests.scheduler.networks.x_contract import SINCE, Checked, image, outgoing, video
from tests.simulators.x_server import XServer

CONTENT = b"0123456789"
SEGMENTS = ["POST /2/media/upload/initialize", *["append"] * 3, "finalize"]


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Segments of four bytes, and pauses that are counted and not waited for; the clock moves with them."""
    waited: list[float] = []
    real = clock.monotonic
    monkeypatch.setattr(clock, "monotonic", lambda: real() + sum(waited))
    monkeypatch.setattr(media_uploads, "pause", waited.append)
    monkeypatch.setattr(media_uploads, "SEGMENT", 4)
    return waited


def of_video(content: bytes = CONTENT, alt_text: str = "Una vaquita nada") -> Outgoing:
    return outgoing("Mira", video=video(content, alt_text))


def asked(x_server: XServer) -> list[str]:
    """What was asked for, without the ids."""
    return [
        one if one.endswith(("upload", "initialize", "metadata", "tweets")) else one.rpartition("/")[2]
        for one in x_server.told()["seen"]
    ]


def unfinished(access: AccountAccess, sent: Outgoing) -> UnfinishedError:
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, sent)
    return told.value


def test_a_video_goes_up_in_segments_with_its_alternative_text(
    access: AccountAccess, x_server: XServer, pauses: list[float]
) -> None:
    prepared = NETWORK.prepare(access, of_video())
    assert asked(x_server) == [
        *SEGMENTS,
        "GET /2/media/upload",
        "GET /2/media/upload",
        "POST /2/media/metadata",
    ]
    assert pauses == [1, 1]
    assert list(x_server.told()["alt_texts"].values()) == ["Una vaquita nada"]
    assert datetime.fromisoformat(prepared["until"]) > datetime.now(UTC) + timedelta(hours=20)
    receipt = NETWORK.publish(access, replace(of_video(), prepared=prepared))
    assert x_server.posts()[0]["media"] == [prepared["media_ids"]]
    (found,) = NETWORK.find(access, of_video(), SINCE)
    assert found.remote_id == receipt.remote_id


def test_a_video_is_uploaded_once(access: AccountAccess, x_server: XServer) -> None:
    prepared = NETWORK.prepare(access, of_video())
    before = asked(x_server)
    assert NETWORK.prepare(access, replace(of_video(), prepared=prepared)) == prepared
    assert asked(x_server) == before


def test_never_more_than_a_segment_of_a_video_is_read_at_once(
    access: AccountAccess, x_server: XServer
) -> None:
    NETWORK.prepare(access, of_video(b"x" * 40))
    assert asked(x_server).count("append") == 10


def test_a_video_that_x_works_on_for_long_is_looked_at_again_later(
    access: AccountAccess, x_server: XServer, pauses: list[float]
) -> None:
    x_server.set(polls=100, check_after_secs=20)
    error = unfinished(access, of_video())
    assert sum(pauses) <= 50
    assert error.retry_at is not None
    assert error.retry_at > datetime.now(UTC) + timedelta(seconds=10)
    x_server.set(polls=1)
    before = len(asked(x_server))
    prepared = NETWORK.prepare(access, replace(of_video(), prepared=error.prepared))
    assert asked(x_server)[before:] == ["GET /2/media/upload", "POST /2/media/metadata"]
    NETWORK.publish(access, replace(of_video(), prepared=prepared))


def test_control_without_what_was_kept_it_is_uploaded_again(access: AccountAccess, x_server: XServer) -> None:
    x_server.set(polls=100, check_after_secs=20)
    unfinished(access, of_video())
    x_server.set(polls=1)
    before = len(asked(x_server))
    NETWORK.prepare(access, of_video())
    assert asked(x_server)[before:][:5] == SEGMENTS


@pytest.mark.parametrize("fault", ["lost_answer", "5xx_before", "rate_limit"])
def test_after_a_segment_that_failed_the_rest_goes_up(
    access: AccountAccess, x_server: XServer, fault: str
) -> None:
    x_server.fault("", on="/2/media/upload/append")
    x_server.fault(fault, on="/2/media/upload/append")
    error = unfinished(access, of_video())
    assert error.prepared["next"] == "1"
    before = len(asked(x_server))
    NETWORK.prepare(access, replace(of_video(), prepared=error.prepared))
    assert asked(x_server)[before:][:3] == ["append", "append", "finalize"]


def test_time_that_runs_out_between_segments_keeps_those_that_are_up(
    access: AccountAccess, x_server: XServer, pauses: list[float]
) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            pauses.append(40)
            return super().read(size)

    slow = replace(video(CONTENT), open=lambda: Slow(CONTENT))
    error = unfinished(access, outgoing("Mira", video=slow))
    assert error.prepared["next"] == "1"
    before = len(asked(x_server))
    NETWORK.prepare(access, replace(of_video(), prepared=error.prepared))
    assert asked(x_server)[before:][:3] == ["append", "append", "finalize"]


def test_an_upload_that_x_forgot_is_begun_anew(access: AccountAccess, x_server: XServer) -> None:
    x_server.set(polls=100, check_after_secs=20)
    error = unfinished(access, of_video())
    x_server.set(polls=1)
    forgotten = {**error.prepared, "id": "20"}
    before = len(asked(x_server))
    NETWORK.prepare(access, replace(of_video(), prepared=forgotten))
    assert asked(x_server)[before:][:7] == ["GET /2/media/upload", "finalize", *SEGMENTS]


def test_what_was_kept_of_another_video_is_not_taken_up(access: AccountAccess) -> None:
    prepared = NETWORK.prepare(access, of_video(b"otro"))
    assert NETWORK.prepare(access, replace(of_video(), prepared=prepared)) != prepared


def test_a_video_that_x_cannot_use_waits_for_a_person(access: AccountAccess, x_server: XServer) -> None:
    x_server.set(video_fails=True)
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, of_video())
    assert told.value.hold is HoldReason.MATERIAL


@pytest.mark.parametrize(
    ("on", "fault", "error", "hold"),
    [
        ("/2/media/upload/initialize", "400", RefusedError, HoldReason.MATERIAL),
        ("/2/media/upload/initialize", "401", RefusedError, HoldReason.ACCESS),
        ("/2/media/upload/initialize", "402", RefusedError, HoldReason.BUDGET),
        ("/2/media/upload/initialize", "5xx_before", UnavailableError, None),
        ("/2/media/upload/finalize", "lost_answer", UnavailableError, None),
        ("/2/media/upload/finalize", "400", RefusedError, HoldReason.MATERIAL),
        ("/2/media/metadata", "400", RefusedError, HoldReason.MATERIAL),
        ("/2/media/metadata", "lost_request", UnavailableError, None),
    ],
)
def test_a_fault_before_the_post_is_never_a_doubt(
    access: AccountAccess,
    x_server: XServer,
    on: str,
    fault: str,
    error: type[NetworkError],
    hold: HoldReason | None,
) -> None:
    x_server.fault(fault, on=on)
    with pytest.raises(error) as told:
        NETWORK.prepare(access, of_video())
    assert getattr(told.value, "hold", None) is hold
    assert x_server.posts() == []


@pytest.mark.parametrize("fault", ["lost_answer", "lost_request"])
def test_what_is_all_up_is_not_uploaded_twice(access: AccountAccess, x_server: XServer, fault: str) -> None:
    x_server.fault(fault, on="/2/media/upload/finalize")
    error = unfinished(access, of_video())
    before = len(asked(x_server))
    NETWORK.prepare(access, replace(of_video(), prepared=error.prepared))
    assert "append" not in asked(x_server)[before:]


def test_a_video_and_pictures_do_not_go_together(access: AccountAccess, x_server: XServer) -> None:
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, replace(of_video(), images=(image(),)))
    assert told.value.hold is HoldReason.MATERIAL
    assert asked(x_server) == []


def test_a_video_larger_than_x_takes_is_not_uploaded(access: AccountAccess, x_server: XServer) -> None:
    large = replace(video(), size=513 * 1024 * 1024)
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, outgoing("Mira", video=large))
    assert told.value.hold is HoldReason.MATERIAL
    assert asked(x_server) == []


def test_control_an_upload_that_the_document_does_not_allow_is_seen(
    access: AccountAccess, checked: Checked
) -> None:
    with pytest.raises(UnavailableError):
        NETWORK.prepare(access, outgoing("Mira", video=replace(video(), media_type="video/x-msvideo")))
    assert len(checked.wrong) == 1
    checked.wrong.clear()
