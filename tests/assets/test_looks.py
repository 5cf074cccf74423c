"""A picture is known again however it is dressed, and another card of its template is not."""

from itertools import islice

import pytest

from assets.looks import Look, prints_of
from assets.resembling import looked_at, resembling
from scheduler.replication.match import Thresholds
from tests.assets.corpus import gif_that_is_a_script
from tests.bench._labelled import TUNING
from tests.bench._labelled_pictures import PICTURE_KINDS, LabelledPictures, PicturePair
from tests.bench.replication_quality import seen

SURE, DOUBTFUL = Thresholds().picture_automatic, Thresholds().picture_doubtful


@pytest.fixture(scope="module")
def pairs() -> dict[str, PicturePair]:
    return {pair.kind: pair for pair in islice(LabelledPictures(TUNING).pairs(1), len(PICTURE_KINDS))}


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("re_encoded", SURE, 100),
        ("cropped", DOUBTFUL, 100),
        ("screenshotted", DOUBTFUL, 100),
        ("logo_covered", DOUBTFUL, 100),
        ("other_card", 0, SURE - 1),
        ("other_words", 0, SURE - 1),
    ],
)
def test_a_picture_is_known_again_however_it_is_dressed(
    pairs: dict[str, PicturePair], kind: str, least: int, most: int
) -> None:
    ours = seen(pairs[kind].ours)
    found = resembling(seen(pairs[kind].found), [(7, "a", ours, prints_of(ours))])
    assert least <= max((one.percent() for one in found), default=0) <= most


def test_a_picture_is_looked_at_in_the_darkroom_and_what_is_none_has_no_look(
    pairs: dict[str, PicturePair],
) -> None:
    look = looked_at(pairs["re_encoded"].ours)
    assert look is not None
    assert (look.grey == seen(pairs["re_encoded"].ours).grey).all()
    assert looked_at(b"<html>no picture</html>") is None
    assert looked_at(gif_that_is_a_script()) is not None


def test_a_picture_of_one_colour_looks_like_none() -> None:
    plain = Look.of(192, 108, bytes([200]) * (192 * 108))
    assert resembling(plain, [(7, "a", plain, prints_of(plain))]) == []
