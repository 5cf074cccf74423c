"""Short codes of links: an id in base 64, whose millisecond stands in all but its last 23 bits.

https://instagram-engineering.com/sharding-ids-at-instagram-1cf5a71e5a5c
"""

import string
from datetime import UTC, datetime, timedelta

_DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_FIRST_MS, _OTHER_BITS = 1314220021721, 23
_EPOCH = datetime.fromtimestamp(0, UTC)
# More would be later than any clock says.
LONGEST = 11


def moment_of(code: str) -> datetime | None:
    """Return when the post of a code was made; None for what is no such code."""
    if not 0 < len(code) <= LONGEST or not set(code) <= set(_DIGITS):
        return None
    elapsed = number_of(code) >> _OTHER_BITS
    return _EPOCH + (elapsed + _FIRST_MS) * timedelta(milliseconds=1) if elapsed else None


def number_of(code: str) -> int:
    """Return the id that a code writes."""
    number = 0
    for digit in code:
        number = number << 6 | _DIGITS.index(digit)
    return number
