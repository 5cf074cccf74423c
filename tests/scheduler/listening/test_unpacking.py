import gzip

import pytest

from scheduler.listening.fetch_errors import TooLargeError
from scheduler.listening.unpacking import Unpacking

LIMIT = 1000


def test_a_packed_body_is_unpacked_as_it_arrives() -> None:
    unpacking = Unpacking(LIMIT, gzipped=True)
    packed = gzip.compress(b"uno") + gzip.compress(b"dos")
    for start in range(0, len(packed), 7):
        assert not unpacking.whole()
        unpacking.add(packed[start : start + 7])
    assert bytes(unpacking.body) == b"unodos"
    assert unpacking.whole()


def test_no_more_than_the_limit_is_ever_unpacked() -> None:
    unpacking = Unpacking(LIMIT, gzipped=True)
    with pytest.raises(TooLargeError):
        unpacking.add(gzip.compress(b"\0" * 10_000_000))
    assert len(unpacking.body) == LIMIT + 1


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_body_of_exactly_the_limit_is_taken(*, gzipped: bool) -> None:
    unpacking = Unpacking(LIMIT, gzipped=gzipped)
    unpacking.add(gzip.compress(b"\0" * LIMIT) if gzipped else b"\0" * LIMIT)
    assert len(unpacking.body) == LIMIT
