"""The goals of PlanDAI, measured on what states did. Pure.

The document gives them as directives (PlanDAI 2021, E): a hundred per cent of the states that a goal speaks of.
A goal that speaks of no state yet has no percentage: that is not zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

LEAST_FACILITATORS = 10
LEAST_SESSIONS = 4
LEAST_MONITORS = 10
LEAST_PROJECTS = 5


class GoalKey(StrEnum):
    """Which goal; the last two are of the modality "contraloría y vigilancia ciudadana", ``reports`` of C.IX."""

    NETWORKS = "networks"
    PLANS = "plans"
    FACILITATORS = "facilitators"
    SESSIONS = "sessions"
    DOCUMENTED = "documented"
    COMMUNICATED = "communicated"
    FINAL_REPORT = "final_report"
    REPORTS = "reports"
    MONITORS = "monitors"
    PROJECTS = "projects"


class Measurable(Protocol):
    """What of a state the goals look at. A number is what was counted; nothing counted is 0 here, never a claim."""

    @property
    def name(self) -> str:
        """Return its state's name."""

    @property
    def has_network(self) -> bool:
        """Return whether its local network was installed."""

    @property
    def has_plan(self) -> bool:
        """Return whether its local plan was made."""

    @property
    def plan_is_published(self) -> bool:
        """Return whether somebody can read its local plan."""

    @property
    def has_final_report(self) -> bool:
        """Return whether its final report was handed in."""

    @property
    def oversees(self) -> bool:
        """Return whether it takes part in the modality of citizen oversight."""

    @property
    def facilitators(self) -> int:
        """Return how many facilitators were formed."""

    @property
    def sessions(self) -> int:
        """Return how many citizens' sessions were held."""

    @property
    def sessions_proved(self) -> int:
        """Return how many of them something shows."""

    @property
    def communications(self) -> int:
        """Return how often it told of its work."""

    @property
    def monitors(self) -> int:
        """Return how many citizen controllers were formed."""

    @property
    def projects(self) -> int:
        """Return how many projects of theirs there are."""

    @property
    def reports_due(self) -> int:
        """Return how many partial reports were due until today."""

    @property
    def reports_delivered(self) -> int:
        """Return how many of those were handed in and not returned."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal: in how many of the states it speaks of it is met, and in which it is not."""

    key: GoalKey
    met: int
    of: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int | None:
        """Return the part that is met in whole per cent, rounded down: 100 is all of them. None of no state."""
        return 100 * self.met // self.of if self.of else None


def measured(states: Sequence[Measurable]) -> tuple[Goal, ...]:
    """Return every goal, in the document's order."""
    everybody: Callable[[Measurable], bool] = lambda _one: True  # noqa: E731 -- one of a row of conditions
    return (
        _goal(GoalKey.NETWORKS, states, everybody, lambda one: one.has_network),
        _goal(GoalKey.PLANS, states, lambda one: one.has_network, lambda one: one.plan_is_published),
        _goal(
            GoalKey.FACILITATORS, states,
            lambda one: one.has_plan, lambda one: one.facilitators >= LEAST_FACILITATORS,
        ),
        _goal(
            GoalKey.SESSIONS, states,
            lambda one: one.has_plan and one.facilitators > 0, lambda one: one.sessions >= LEAST_SESSIONS,
        ),
        _goal(
            GoalKey.DOCUMENTED, states,
            lambda one: one.sessions > 0, lambda one: one.sessions_proved == one.sessions,
        ),
        _goal(GoalKey.COMMUNICATED, states, everybody, lambda one: one.communications > 0),
        _goal(GoalKey.FINAL_REPORT, states, everybody, lambda one: one.has_final_report),
        _goal(
            GoalKey.REPORTS, states,
            lambda one: one.reports_due > 0, lambda one: one.reports_delivered >= one.reports_due,
        ),
        _goal(
            GoalKey.MONITORS, states, lambda one: one.oversees, lambda one: one.monitors >= LEAST_MONITORS
        ),
        _goal(
            GoalKey.PROJECTS, states, lambda one: one.oversees, lambda one: one.projects >= LEAST_PROJECTS
        ),
    )  # fmt: skip


def _goal(
    key: GoalKey,
    states: Sequence[Measurable],
    speaks_of: Callable[[Measurable], bool],
    is_met: Callable[[Measurable], bool],
) -> Goal:
    asked = [one for one in states if speaks_of(one)]
    missing = tuple(one.name for one in asked if not is_met(one))
    return Goal(key, len(asked) - len(missing), len(asked), missing)
