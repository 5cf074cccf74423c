"""YouTube against the simulated Data API, over real HTTP."""

import base64
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests

from content_calendar import clock
from content_calendar.rules import ImageFacts, problems
from content_calendar.states import HoldReason
from scheduler.dialects import resumable_uploads
from scheduler.network import (
    AccountAccess,
    DoubtError,
    MayNotPublishError,
    NetworkError,
    NotSentError,
    Outgoing,
    RefusedError,
    UnavailableError,
    UnfinishedError,
)
from scheduler.networks.youtube import NETWORK, YouTube
from scheduler.powers import (
    AuthorizesInBrowser,
    ChecksKeys,
    GivesReadings,
    LimitsVideos,
    ReadsLinks,
    ReadsReplies,
    RenewsAgain,
    TellsLimits,
)
from scheduler.results.follower_reading import needs_keys
from tests.scheduler.networks.x_contract import SINCE, image, outgoing, video
from tests.simulators import youtube_server
from tests.simulators.api_server import NOTHING, Server, Told
from tests.simulators.counterpart import Fault
from tests.simulators.youtube_server import APP, STEP, UPLOADS, VIDEOS, error, running
from webapp.sentences import SENTENCES

TEXT = "Tu derecho a saber\n\nPide información pública sin costo. #SNTtips"
BACK, VERIFIER = "https://resuena.example/cuentas/vuelta", "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Scene:
    """A channel, the access to it, and the YouTube it lives on."""

    server: Server
    youtube: youtube_server.YouTube
    access: AccountAccess

    def ready(self, sent: Outgoing) -> Outgoing:
        """The same, prepared."""
        return replace(sent, prepared=NETWORK.prepare(self.access, sent))

    def asked(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.server.seen]

    def public(self) -> list[str]:
        return [one.id for one in self.youtube.videos.values() if one.privacy == "public"]


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(resumable_uploads, "SEGMENT", STEP)
    monkeypatch.setattr(clock, "rest", lambda _seconds: None)
    with running() as (server, youtube):
        number, token = youtube.channel("SNTransparencia")
        access = AccountAccess("SNTransparencia", number, {"access_token": token}, server.url)
        yield Scene(server, youtube, access)


def of_video(content: bytes = b"video", text: str = TEXT) -> Outgoing:
    return outgoing(text, video=video(content))


def test_it_offers_what_the_data_api_can_do() -> None:
    for power in (AuthorizesInBrowser, ChecksKeys, GivesReadings, LimitsVideos, ReadsLinks):
        assert isinstance(NETWORK, power)
    for more in (ReadsReplies, RenewsAgain, TellsLimits):
        assert isinstance(NETWORK, more)
    assert needs_keys(YouTube())
    assert all(one.why in SENTENCES for one in YouTube.permissions)
    assert YouTube.beforehand in SENTENCES


# Publishing


def test_a_video_goes_up_in_private_and_is_made_public_once(scene: Scene) -> None:
    sent = scene.ready(of_video())
    (made,) = scene.youtube.videos.values()
    assert (made.privacy, made.title) == ("private", "Tu derecho a saber")
    assert made.description == "Pide información pública sin costo. #SNTtips"
    receipt = NETWORK.publish(scene.access, sent)
    assert receipt.url == f"https://www.youtube.com/watch?v={made.id}"
    assert scene.public() == [made.id]


def test_publishing_it_again_changes_nothing(scene: Scene) -> None:
    sent = scene.ready(of_video())
    first = NETWORK.publish(scene.access, sent)
    at = scene.youtube.videos[first.remote_id].public_at
    assert NETWORK.publish(scene.access, sent).remote_id == first.remote_id
    assert scene.youtube.videos[first.remote_id].public_at == at
    assert len(scene.public()) == 1


def test_nothing_is_declared_that_nobody_approved(scene: Scene) -> None:
    scene.ready(of_video())
    (made,) = scene.youtube.videos.values()
    assert made.said["status"] == {
        "privacyStatus": "private", "license": "youtube", "embeddable": True, "publicStatsViewable": True,
        "selfDeclaredMadeForKids": False,
    }  # fmt: skip
    assert made.said["snippet"]["defaultLanguage"] == "es"


def test_a_long_video_goes_up_in_segments(scene: Scene) -> None:
    scene.ready(of_video(b"x" * (2 * STEP + 5)))
    assert scene.asked()[:4] == [f"POST {UPLOADS}", *[f"PUT {UPLOADS}"] * 3]


def test_what_is_up_already_is_not_uploaded_again(scene: Scene) -> None:
    sent = scene.ready(of_video())
    before = len(scene.server.seen)
    assert NETWORK.prepare(scene.access, sent) == sent.prepared
    assert scene.asked()[before:] == [f"GET {VIDEOS}"]
    other = NETWORK.prepare(scene.access, replace(sent, video=video(b"otro")))
    assert other["video_id"] != sent.prepared["video_id"]


@pytest.mark.parametrize("broken", [NOTHING, error(503, "backendError")])
def test_an_upload_that_was_cut_goes_on_where_it_stopped(scene: Scene, broken: Told) -> None:
    sent = of_video(b"x" * (2 * STEP + 5))
    scene.youtube.instead[f"PUT {UPLOADS}"] = [Told(308, None, {}), broken]
    # The first segment is said not to have come: it is sent again.
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(scene.access, sent)
    before = len(scene.server.seen)
    sent = scene.ready(replace(sent, prepared=told.value.prepared))
    assert scene.server.seen[before].headers["Content-Range"] == f"bytes */{2 * STEP + 5}"
    assert len(scene.youtube.videos) == 1
    assert len(scene.youtube.sessions) == 1


def test_an_upload_whose_last_answer_was_lost_leaves_one_video(scene: Scene) -> None:
    sent = of_video()
    take = scene.youtube._take  # noqa: SLF001 -- the answer is lost after it did its work

    def lose(asked: Any, own: Any) -> Told:  # noqa: ANN401 -- passed on as they are
        scene.youtube._take = take  # type: ignore[method-assign]  # noqa: SLF001 -- see above
        take(asked, own)
        return NOTHING

    scene.youtube._take = lose  # type: ignore[method-assign, assignment]  # noqa: SLF001 -- see above
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(scene.access, sent)
    sent = scene.ready(replace(sent, prepared=told.value.prepared))
    assert list(scene.youtube.videos) == [sent.prepared["video_id"]]


def test_control_without_its_session_a_private_orphan_is_left_and_no_public_double(scene: Scene) -> None:
    first = scene.ready(of_video())
    second = scene.ready(of_video())
    assert first.prepared["video_id"] != second.prepared["video_id"]
    NETWORK.publish(scene.access, second)
    assert scene.public() == [second.prepared["video_id"]]


def test_a_session_that_is_over_is_begun_anew(scene: Scene) -> None:
    sent = of_video()
    scene.youtube.instead[f"PUT {UPLOADS}"] = [NOTHING]
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(scene.access, sent)
    scene.youtube.sessions.clear()
    scene.ready(replace(sent, prepared=told.value.prepared))
    assert len(scene.youtube.videos) == 1


def test_the_session_s_address_is_hidden_like_a_key(scene: Scene) -> None:
    scene.youtube.instead[f"PUT {UPLOADS}"] = [NOTHING]
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(scene.access, of_video())
    (session,) = scene.youtube.sessions
    assert session not in f"{told.value} {told.value.answer}"


def test_an_upload_is_sent_to_no_other_host(scene: Scene) -> None:
    scene.youtube.instead[f"POST {UPLOADS}"] = [
        Told(200, None, {"Location": "http://127.0.0.1:9/otro?upload_id=1"})
    ]
    with pytest.raises(UnavailableError):
        NETWORK.prepare(scene.access, of_video())
    assert scene.asked() == [f"POST {UPLOADS}"]


def test_a_video_that_youtube_looks_through_is_waited_for_but_not_for_ever(scene: Scene) -> None:
    scene.youtube.polls = 10**6
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(scene.access, of_video())
    left = told.value.prepared
    assert "video_id" in left
    long_ago = {**left, "up_at": (clock.now() - timedelta(minutes=11)).isoformat()}
    assert NETWORK.prepare(scene.access, replace(of_video(), prepared=long_ago)) == long_ago
    assert len(scene.youtube.videos) == 1


def test_a_video_that_youtube_cannot_use_waits_for_a_person(scene: Scene) -> None:
    scene.youtube.fails = True
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(scene.access, of_video())
    assert told.value.hold is HoldReason.MATERIAL


def test_a_project_that_was_not_audited_is_told_and_nothing_is_called_published(scene: Scene) -> None:
    scene.youtube.audited = False
    sent = scene.ready(of_video())
    with pytest.raises(MayNotPublishError):
        NETWORK.publish(scene.access, sent)
    assert scene.public() == []
    assert NETWORK.find(scene.access, sent, SINCE) == []


def test_after_the_deadline_nothing_is_written(scene: Scene) -> None:
    sent = scene.ready(of_video())
    with pytest.raises(NotSentError):
        NETWORK.publish(scene.access, replace(sent, may_send=lambda: False))
    assert scene.public() == []


@pytest.mark.parametrize(
    ("fault", "raised", "found"),
    [
        (Fault.LOST_REQUEST, DoubtError, 0),
        (Fault.LOST_ANSWER, DoubtError, 1),
        (Fault.ERROR_AFTER, DoubtError, 1),
        (Fault.STRANGE, DoubtError, 0),
        (Fault.BUSY, UnavailableError, 0),
        (Fault.REVOKED, RefusedError, 0),
    ],
)
def test_a_doubt_is_looked_up_by_the_video_s_own_id(
    scene: Scene, fault: Fault, raised: type[NetworkError], found: int
) -> None:
    sent = scene.ready(of_video())
    scene.server.fail(fault)
    with pytest.raises(raised) as told:
        NETWORK.publish(scene.access, sent)
    assert type(told.value) is raised
    seen = NETWORK.find(scene.access, sent, SINCE)
    assert [one.remote_id for one in seen] == [sent.prepared["video_id"]] * found


def test_of_what_a_restored_backup_has_forgotten_nothing_is_called_absent(scene: Scene) -> None:
    with pytest.raises(RefusedError) as told:
        NETWORK.find(scene.access, of_video(), SINCE)
    assert told.value.hold is HoldReason.UNCONFIRMED


def test_what_a_person_set_at_youtube_stays(scene: Scene) -> None:
    sent = scene.ready(of_video())
    stands = scene.youtube.videos[sent.prepared["video_id"]]
    stands.said = {**stands.said, "status": {**stands.said["status"], "selfDeclaredMadeForKids": True}}
    NETWORK.publish(scene.access, sent)
    assert scene.public() == [sent.prepared["video_id"]]
    assert stands.said["status"]["selfDeclaredMadeForKids"] is True


def test_a_video_that_a_person_took_back_is_not_made_public_again(scene: Scene) -> None:
    sent = scene.ready(of_video())
    scene.youtube.videos[sent.prepared["video_id"]].privacy = "unlisted"
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(scene.access, sent)
    assert (told.value.hold, scene.public()) == (HoldReason.UNCONFIRMED, [])


@pytest.mark.parametrize(
    ("status", "reason", "hold"),
    [
        (400, "invalidTitle", HoldReason.CONTENT),
        (401, "authError", HoldReason.ACCESS),
        (403, "forbidden", HoldReason.ACCESS),
        (403, "channelSuspended", HoldReason.ACCOUNT),
        (404, "videoNotFound", HoldReason.MATERIAL),
    ],
)
def test_a_refusal_says_what_a_person_can_mend(
    scene: Scene, status: int, reason: str, hold: HoldReason
) -> None:
    sent = scene.ready(of_video())
    scene.youtube.instead[f"PUT {VIDEOS}"] = [error(status, reason)]
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(scene.access, sent)
    assert told.value.hold is hold


def test_a_spent_quota_waits_for_midnight_in_california(scene: Scene) -> None:
    scene.youtube.instead[f"POST {UPLOADS}"] = [
        error(403, "quotaExceeded"),
        error(400, "uploadLimitExceeded"),
    ]
    with pytest.raises(UnavailableError) as told:
        NETWORK.prepare(scene.access, of_video())
    assert told.value.retry_at is not None
    there = told.value.retry_at.astimezone(ZoneInfo("America/Los_Angeles"))
    assert (there.hour, there.minute) == (0, 0)
    assert timedelta(0) < told.value.retry_at - datetime.now(UTC) <= timedelta(hours=25)
    with pytest.raises(UnavailableError):
        NETWORK.prepare(scene.access, of_video())


# Connecting


def consent(scene: Scene) -> Any:  # noqa: ANN401 -- Opened, as the tests of it need it
    page = YouTube().authorize_url(APP, BACK, "estado", CHALLENGE, scene.server.url)
    answer = requests.get(page, allow_redirects=False, timeout=10)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    return YouTube().exchange(APP, BACK, code, VERIFIER, scene.server.url)


def test_the_page_asks_for_one_permission_that_lasts() -> None:
    page = urlsplit(YouTube().authorize_url(APP, BACK, "estado", CHALLENGE))
    asked = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert page.netloc == "accounts.google.com"
    assert asked["scope"] == "https://www.googleapis.com/auth/youtube.force-ssl"
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")


def test_a_permission_opens_the_channel_and_its_renewal_may_be_asked_for_again(scene: Scene) -> None:
    found = consent(scene)
    assert (found.remote_id, found.handle) == (scene.access.remote_id, "SNTransparencia")
    access = replace(scene.access, secrets={**found.secrets, **APP})
    first, second = YouTube().renew(access), YouTube().renew(access)
    assert first.secrets["refresh_token"] == second.secrets["refresh_token"] == found.secrets["refresh_token"]
    assert first.secrets["access_token"] != second.secrets["access_token"]
    for one in (first, second):
        assert YouTube().followers(replace(scene.access, secrets=one.secrets)) == 1430


def test_a_permission_that_was_taken_back_needs_a_person(scene: Scene) -> None:
    found = consent(scene)
    scene.youtube.refresh.clear()
    with pytest.raises(RefusedError) as told:
        YouTube().renew(replace(scene.access, secrets={**found.secrets, **APP}))
    assert told.value.hold is HoldReason.ACCESS


def test_an_account_kept_by_its_number_stays_that(scene: Scene) -> None:
    numbered = replace(scene.access, handle=scene.access.remote_id)
    assert YouTube().check_keys(numbered).handle == scene.access.remote_id


# Readings, comments, followers, limits


def test_readings_are_what_the_channel_shows(scene: Scene) -> None:
    sent = scene.ready(of_video())
    video_id = sent.prepared["video_id"]
    scene.youtube.videos[video_id].figures = {"viewCount": "1204", "commentCount": "3", "favoriteCount": "0"}
    told = YouTube().readings(scene.access, [video_id, "noexiste123"])
    assert told == {video_id: {"views": 1204, "replies": 3}}


def comment(number: str, author: str, text: str) -> dict[str, Any]:
    said = {
        "authorDisplayName": f"@{author}", "authorChannelId": {"value": author}, "textOriginal": text,
        "publishedAt": "2026-11-23T10:00:00Z",
    }  # fmt: skip
    return {"id": number, "snippet": said}


def test_comments_and_all_their_answers_are_read(scene: Scene) -> None:
    sent = scene.ready(of_video())
    video_id = sent.prepared["video_id"]
    answers = [comment(f"c1.{n}", scene.access.remote_id, f"Respuesta {n}") for n in range(7)]
    thread = {
        "id": "c1", "replies": {"comments": answers},
        "snippet": {"topLevelComment": comment("c1", "UCotra", "¿Cómo la pido?"), "totalReplyCount": 7},
    }  # fmt: skip
    scene.youtube.videos[video_id].threads.append(thread)
    found = YouTube().read_replies(scene.access, video_id)
    assert [one.text for one in found] == ["¿Cómo la pido?", *(f"Respuesta {n}" for n in range(7))]
    assert [one.own for one in found] == [False, *[True] * 7]
    assert found[0].answers == ""
    assert {one.answers for one in found[1:]} == {found[0].link}
    assert found[0].said_at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_where_comments_are_off_there_are_none(scene: Scene) -> None:
    scene.youtube.instead["GET /youtube/v3/commentThreads"] = [error(403, "commentsDisabled")]
    assert YouTube().read_replies(scene.access, "noexiste123") == []
    assert YouTube().read_replies(scene.access, "noexiste123") == []


def test_hidden_subscribers_are_missing(scene: Scene) -> None:
    scene.youtube.subscribers = None
    assert YouTube().followers(scene.access) is None


def test_a_channel_that_is_not_verified_uploads_fifteen_minutes(scene: Scene) -> None:
    told = YouTube().limits(scene.access)
    assert YouTube().video_limits(told).longest_ms == 12 * 3_600_000
    scene.youtube.long_uploads = "eligible"
    told = YouTube().limits(scene.access)
    assert YouTube().video_limits(told).longest_ms == YouTube().video_limits({}).longest_ms == 15 * 60_000


# Before approval


def test_the_composer_asks_for_a_video_a_short_title_and_no_angle_brackets() -> None:
    film = ImageFacts("vid", "Una mano escribe", video=True)
    picture = ImageFacts("img", "Un dibujo")

    def codes(text: str, *media: ImageFacts) -> dict[str, Any]:
        return {one.code: one.params for one in problems(text, media, NETWORK.rules)}

    assert "video_missing" in codes(TEXT)
    assert {"video_missing", "pictures_not_taken"} <= codes(TEXT, picture).keys()
    assert set(codes(TEXT, film)) == {"alt_text_not_shown"}
    assert codes("á" * 101, film)["title_too_long"]["over"] == 1
    assert "title_too_long" not in codes("á" * 100, film)
    assert codes("Título\n" + "á" * 2497, film)["text_too_long"]["over"] == 2
    assert codes("a <b> c", film)["forbidden_characters"]["characters"] == "<, >"


def test_what_has_no_video_is_never_sent(scene: Scene) -> None:
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(scene.access, outgoing(TEXT, image()))
    assert told.value.hold is HoldReason.MATERIAL
    assert scene.server.seen == []


def test_never_more_than_a_segment_is_read_at_once(scene: Scene) -> None:
    sizes: list[int] = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            sizes.append(size or -1)
            return super().read(size)

    content = b"x" * (STEP + 1)
    watched = replace(video(content), open=lambda: Watched(content))
    NETWORK.prepare(scene.access, outgoing(TEXT, video=watched))
    assert set(sizes) == {STEP}


@pytest.mark.parametrize(
    "link",
    [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=3s",
        "https://youtu.be/dQw4w9WgXcQ?si=abc",
        "https://m.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube.com/live/dQw4w9WgXcQ#x",
    ],
)
def test_every_spelling_of_a_link_is_one_video(link: str) -> None:
    found = YouTube().read_link(link)
    assert found is not None
    assert (found.remote_id, found.url) == ("dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ")


@pytest.mark.parametrize(
    "link", ["https://www.youtube.com/@SNT", "https://youtu.be/corto", "https://www.youtube.com/watch?x=1"]
)
def test_links_of_anything_else_are_not(link: str) -> None:
    assert YouTube().read_link(link) is None
