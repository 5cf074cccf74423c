"""The small house of the calendar's tests, to write versions in."""

from tests.webapp.calendar.conftest import house, write

__all__ = ["house", "write"]
