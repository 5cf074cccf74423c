"""Programa: whether we keep our commitments."""

from webapp.programme import (
    blanks,
    editions,
    goals,
    indicator_page,
    line_tasks,
    lines,
    local_work,
    milestones,
    overview,
    proofs,
    reports,
    state,
    story_pages,
)
from webapp.programme.doors import blueprint

__all__ = [
    "blanks",
    "blueprint",
    "editions",
    "goals",
    "indicator_page",
    "line_tasks",
    "lines",
    "local_work",
    "milestones",
    "overview",
    "proofs",
    "reports",
    "state",
    "story_pages",
]
