"""Links from one job's pages to another's, which may not be there."""

from typing import Any

from flask import current_app, url_for


def door(endpoint: str, **values: Any) -> str:  # noqa: ANN401 -- what url_for takes
    """Return the address of a page, empty where there is none of that name: then no link is shown."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
