"""Named points at which a test may let the worker die, as a power cut would.

``POINTS`` is the whole list: the crash tests try each of them on every kind of network, so a point that is
added here is tested unasked, and one that is not listed cannot be reached.
"""

import os

from content_calendar.settings import PREFIX

POINTS = ("claimed", "prepared", "sending", "sent", "recorded")
# On the way to a new access, apart from any publication; the tests of renewing try each.
RENEWAL_POINTS = ("renewal_begun", "renewal_answered", "renewal_stored")
# With a letter to an ally in hand: before and after the mail server has it.
LETTER_POINTS = ("letter_taken", "letter_mailed")

_CRASH_AT = os.environ.get(f"{PREFIX}TEST_CRASH_AT", "")
_EXIT_STATUS = 137


def reached(point: str) -> None:
    """End the process at once, without any clean-up, if a test asked for it at this point.

    Raises ValueError for a point that is not listed above.
    """
    if point not in POINTS + RENEWAL_POINTS + LETTER_POINTS:
        raise ValueError(f"not a crash point: {point}")
    if point == _CRASH_AT:
        os._exit(_EXIT_STATUS)
