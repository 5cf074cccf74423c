"""Snowflake ids: each holds the millisecond in which it was made, in all but its last 22 bits.

https://docs.x.com/resources/fundamentals/x-ids; others count the same way from another moment.
"""

from datetime import UTC, datetime, timedelta

_FIRST_MS = 1288834974657
SINCE_1970_MS = 0
_OTHER_BITS = 22
_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)


def moment_of(snowflake: str, first_ms: int = _FIRST_MS) -> datetime | None:
    """Return when an id was made; None for one from before snowflakes, which tells nothing.

    ``first_ms`` is where the network begins to count, in milliseconds since 1970.
    """
    elapsed = int(snowflake) >> _OTHER_BITS
    return _EPOCH + (elapsed + first_ms) * _MILLISECOND if elapsed else None


def floor_of(moment: datetime) -> int:
    """Return the smallest id that could have been made at that moment."""
    return max((moment - _EPOCH) // _MILLISECOND - _FIRST_MS, 0) << _OTHER_BITS
