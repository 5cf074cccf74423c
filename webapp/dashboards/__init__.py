"""What needs whom now, what went out, who took it up, and what worked."""

from webapp.dashboards import (
    body_echoes,
    deciding,
    doubts,
    echo_page,
    echoes,
    hours,
    publications,
    region_echoes,
    rehearsal,
    summary,
    summary_sheets,
    views,
    year_echoes,
)
from webapp.dashboards.views import blueprint

__all__ = [
    "blueprint",
    "body_echoes",
    "deciding",
    "doubts",
    "echo_page",
    "echoes",
    "hours",
    "publications",
    "region_echoes",
    "rehearsal",
    "summary",
    "summary_sheets",
    "views",
    "year_echoes",
]
