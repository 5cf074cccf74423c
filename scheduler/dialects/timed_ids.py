"""Ids that sort by the moment they were made: 13 characters, as https://atproto.com/specs/tid describes.

53 bits of microseconds since 1970 and 10 random bits, in a base 32 whose digits sort like their values.
"""

import threading
from datetime import UTC, datetime, timedelta
from secrets import randbits

from content_calendar import clock

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_MOMENT_BITS, _RANDOM_BITS = 53, 10
_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)
_lock = threading.Lock()
_last = 0


def new_timed_id() -> str:
    """Return an id that is greater than every other of this process, also when the clock goes back."""
    global _last  # noqa: PLW0603 -- what makes them grow
    with _lock:
        _last = max((clock.now() - _EPOCH) // _MICROSECOND, _last + 1)
        moment = _last
    return encode(moment, randbits(_RANDOM_BITS))


def encode(microseconds: int, random: int) -> str:
    """Return the id of a moment, in microseconds since 1970, and ten random bits."""
    value = microseconds << _RANDOM_BITS | random
    return "".join(_DIGITS[value >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def moment_of(timed_id: str) -> datetime | None:
    """Return when an id says that it was made; None when it is no such id."""
    if len(timed_id) != _LENGTH or not set(timed_id) <= set(_DIGITS):
        return None
    value = 0
    for digit in timed_id:
        value = value << 5 | _DIGITS.index(digit)
    microseconds = value >> _RANDOM_BITS
    # The top bit is always 0.
    return None if microseconds >> _MOMENT_BITS else _EPOCH + microseconds * _MICROSECOND
