"""Whether a network takes a video: told before it is approved, in a sentence."""

import pytest

from assets.models import Asset, AssetKind, AssetVersion
from content_calendar.content import Content, Medium
from content_calendar.db import Database
from content_calendar.posts import Draft
from scheduler.networks import networks
from scheduler.powers import LimitsVideos, PictureLimits, VideoLimits
from tests.webapp.stage import Stage
from webapp import checks
from webapp.media_checks import Film, beyond
from webapp.sentences import SENTENCES

LIMITS = VideoLimits(10 << 20, 500, 60_000, (1, 3), (3, 1), 1920)
STRICT = sorted(slug for slug, one in networks().items() if isinstance(one, LimitsVideos))


@pytest.mark.parametrize(
    ("film", "codes"),
    [
        (Film(10 << 20, 60_000, 1280, 720), []),
        (Film(10 << 20, 500, 300, 900), []),
        (Film((10 << 20) + 1, 60_000, 900, 300), ["video_over_size"]),
        (Film(1, 60_001, 1280, 720), ["video_over_time"]),
        (Film(1, 499, 1280, 720), ["video_under_time"]),
        (Film(1, 1000, 1920, 3000), []),
        (Film(1, 1000, 1921, 3000), ["video_over_pixels"]),
        (Film(1, 1000, 299, 900), ["video_out_of_shape"]),
        (Film(1, 1000, 901, 300), ["video_out_of_shape"]),
        (Film(11 << 20, 90_000, 100, 900), ["video_over_size", "video_over_time", "video_out_of_shape"]),
        (Film(1, None, None, None), []),
    ],
)
def test_a_video_is_beyond_a_limit_by_one_and_not_at_it(film: Film, codes: list[str]) -> None:
    told = list(beyond(film, LIMITS))
    assert [code for code, _ in told] == codes
    assert list(beyond(film, VideoLimits())) == []
    for code, said in told:
        assert "%(" not in SENTENCES[code] % {"number": 1, "network": "Red", **said}


@pytest.mark.parametrize(
    ("picture", "codes"),
    [
        (Film(8 << 20, None, 1000, 1000), []),
        (Film(1, None, 320, 400), []),
        (Film((8 << 20) + 1, None, 1000, 1000), ["picture_over_size"]),
        (Film(1, None, 319, 319), ["picture_under_pixels"]),
        (Film(1, None, 4001, 3700), ["picture_over_pixels"]),
        (Film(1, None, 4000, 3751), ["picture_over_area"]),
        (Film(1, None, 799, 1000), ["picture_out_of_shape"]),
        (Film(1, None, 1911, 1000), ["picture_out_of_shape"]),
        (Film(1, None, None, None), []),
    ],
)
def test_a_picture_is_beyond_a_limit_by_one_and_not_at_it(picture: Film, codes: list[str]) -> None:
    limits = PictureLimits(8 << 20, (320, 0), (4000, 4000), (4, 5), (191, 100), 15_000_000)
    told = list(beyond(picture, limits))
    assert [code for code, _ in told] == codes
    assert list(beyond(picture, PictureLimits())) == []
    for code, said in told:
        assert "%(" not in SENTENCES[code] % {"number": 1, "network": "Red", **said}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("slug", STRICT)
def test_what_a_network_does_not_take_is_an_error_before_approval(database: Database, slug: str) -> None:
    network: object = networks()[slug]
    assert isinstance(network, LimitsVideos)
    most = network.video_limits({}).most_bytes
    with database.transaction() as session:
        stage = Stage(session)
        account = stage.account(stage.body("infouno"), slug)
        asset = Asset(kind=AssetKind.VIDEO, title="Foro", added_by_id=stage.person().id)
        session.add(asset)
        session.flush()
        version = AssetVersion(
            asset_id=asset.id, n=1, sha256="1" * 64, original_sha256="1" * 64, media_type="video/mp4",
            size=most, duration_ms=9_000, width=1280, height=720, added_by_id=stage.person().id,
        )  # fmt: skip
        session.add(version)
        session.flush()
        medium = Medium(asset.ref, 1, "1" * 64, "Un foro", media_type="video/mp4")
        draft = Draft(Content(("Ve el foro",), media=(medium,)), account_ids=[account.id])

        def told() -> list[tuple[str, str, str]]:
            found = [one for one in checks.check(session, draft) if one.code.startswith("video_")]
            return [(one.code, one.severity.value, one.field) for one in found]

        assert told() == []
        version.size = most + 1
        session.flush()
        assert told() == [("video_over_size", "error", "images.1")]
        # What the account's own server allows counts.
        account.limits = {"video_size_limit": most * 2}
        session.flush()
        allowed = network.video_limits(account.limits).most_bytes
        assert (told() == []) == (allowed > most)
