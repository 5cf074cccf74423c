"""Named points at which a test may let the worker die, as a power cut would."""

import os

from content_calendar.settings import PREFIX

_CRASH_AT = os.environ.get(f"{PREFIX}TEST_CRASH_AT", "")
_EXIT_STATUS = 137


def reached(point: str) -> None:
    """End the process at once, without any clean-up, if a test asked for it at this point."""
    if point == _CRASH_AT:
        os._exit(_EXIT_STATUS)
