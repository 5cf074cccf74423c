"""The house of the calendar's tests, where the dialogue goes on."""

from tests.webapp.calendar.conftest import house, write

__all__ = ["house", "write"]
