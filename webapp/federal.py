"""Where a body belongs, in a word: its state, or the federation."""

from flask_babel import gettext

from content_calendar.models.directory import Body

# The country as a place: a body of the federation has no state.
_COUNTRY = "MX"


def state_of(body: Body) -> str:
    """Return the state that a body belongs to, or that it is federal."""
    return gettext("Federal") if body.state_iso == _COUNTRY else body.state_name
