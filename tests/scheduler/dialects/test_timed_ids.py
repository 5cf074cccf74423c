from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from content_calendar import clock
from scheduler.dialects.timed_ids import encode, moment_of, new_timed_id


def test_the_ids_are_those_of_the_specification() -> None:
    assert encode(0, 0) == "2222222222222"
    # The example of the specification, read by Bluesky's own library (@atproto/common, TID.fromStr).
    assert encode(1_688_137_381_887_007, 6) == "3jzfcijpj2z2a"
    assert moment_of("3jzfcijpj2z2a") == datetime(2023, 6, 30, 15, 3, 1, 887007, tzinfo=UTC)
    assert encode(1_700_000_000_123_456, 31) == "3ke6kg42cm22z"


def test_an_id_is_later_than_the_one_before_also_when_the_clock_goes_back() -> None:
    start = datetime.now(UTC)
    moments = iter(start - timedelta(seconds=n) for n in range(500))
    with patch.object(clock, "_now", lambda: next(moments)):
        made = [new_timed_id() for _ in range(500)]
    assert sorted(set(made)) == made
    assert all(len(one) == 13 for one in made)
    # The control: by the clock alone they would go down.
    by_the_clock = [
        encode(int((start - timedelta(seconds=n)).timestamp() * 1_000_000), 0) for n in range(500)
    ]
    assert sorted(by_the_clock) != by_the_clock


def test_what_is_no_such_id_tells_no_moment() -> None:
    for other in ("", "abc", "3jzfcijpj2z2", "3jzfcijpj2z2aa", "3jzfcijpj2z21", "zzzzzzzzzzzzz"):
        assert moment_of(other) is None
