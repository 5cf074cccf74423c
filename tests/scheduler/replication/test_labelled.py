"""The labelled set stays what it was measured on, and what the screen tells of it is what was measured."""

import hashlib
import json

import pytest

from scheduler.replication.tuning import DIALS
from tests.bench._labelled import EACH, KINDS, REPORTED, TUNING, Labelled
from tests.bench._labelled_pictures import PICTURE_KINDS
from tests.bench.replication_quality import MEASURED

# Whoever changes the set on purpose measures anew (``WRITE=1``), and writes the new hash here.
FROZEN = {
    TUNING: "5da32e72f96d2cdc222a222bf0399198803eae1f3079dc84044bcf78d864a43a",
    REPORTED: "001ef171359dfc1167dd5d3fee27cdcb9fba8c9950b5637729cd78569620448a",
}


@pytest.mark.parametrize("seed", [TUNING, REPORTED])
def test_the_labelled_set_is_frozen(seed: int) -> None:
    pairs = Labelled(seed).pairs()
    told = json.dumps([[one.kind, one.post, one.note, one.takes_up] for one in pairs], ensure_ascii=False)
    assert hashlib.sha256(told.encode()).hexdigest() == FROZEN[seed]


def test_it_has_two_thousand_pairs_in_equal_parts() -> None:
    assert EACH * (len(KINDS) + len(PICTURE_KINDS)) >= 2000
    kinds = [one.kind for one in Labelled(REPORTED).pairs()]
    assert {kinds.count(kind) for kind in KINDS} == {EACH}


def test_what_the_screen_tells_was_measured_on_the_seed_that_nothing_was_tuned_on() -> None:
    told = json.loads(MEASURED.read_text(encoding="utf-8"))
    assert told["seed"] == REPORTED != TUNING
    assert (told["precision"] >= 0.98, told["recall"] >= 0.90) == (True, True)
    for name in ("automatic", "doubtful", "picture_automatic", "picture_doubtful"):
        assert str(DIALS[name].default) in told["curves"][name]
