"""What an edition of PlanDAI comes to on a day, as plain values that name no person and hold no file. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from content_calendar.models.directory import Confidence
from content_calendar.models.local_plans import ActivityKind, Modality
from content_calendar.programme_goals import Goal
from content_calendar.programme_rules import FINAL_REPORT, Light, ReportLight

_NETWORK, _PLAN = 1, 2
_HANDED_IN = frozenset({ReportLight.ACCEPTED, ReportLight.DELIVERED})


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """An edition, as its source tells it."""

    slug: str
    name: str
    starts_on: date | None
    ends_on: date | None
    followed_since: date | None
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One of an edition's seven actions, in one of its three stages."""

    position: int
    stage: int
    stage_title: str
    title: str
    timing: str
    starts_on: date | None
    due_on: date | None
    responsible: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One action of one state; ``note`` is for who follows it, not for the public.

    ``claimed_on`` is the day the state says it did it, while nobody has confirmed that; ``own_due_on`` the day that
    only this state has.
    """

    light: Light
    due_on: date | None = None
    done_on: date | None = None
    claimed_on: date | None = None
    own_due_on: date | None = None
    note: str = ""
    proofs: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """How many activities of a kind there were, the people they counted, and how many something shows.

    ``people`` is None where there were none, or nobody counted; ``counted`` is in how many of them somebody did.
    ``women`` and ``men`` are of those people, as far as somebody counted them apart.
    """

    times: int = 0
    people: int | None = None
    counted: int = 0
    proved: int = 0
    women: int | None = None
    men: int | None = None


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """A partial report of a bimester; the ``ref`` of one that was not handed in is empty."""

    year: int
    number: int
    due_on: date
    light: ReportLight
    ref: str = ""
    delivered_at: datetime | None = None
    decided_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class StateStanding:
    """A participating state: its body, plan and network, a cell for each action in order, its figures and reports."""

    ref: str
    body_id: int
    region_id: int | None
    slug: str
    short_name: str
    state_iso: str
    name: str
    source: str
    confidence: Confidence
    modality: Modality
    plan_starts_on: date | None
    plan_ends_on: date | None
    plan_link: str
    has_liaison: bool
    members: int
    cells: tuple[Cell, ...]
    figures: Mapping[ActivityKind, Figure]
    reports: tuple[ReportStanding, ...]

    def figure(self, kind: ActivityKind) -> Figure:
        """Return the figure of a kind, an empty one where there was nothing."""
        return self.figures.get(kind, Figure())

    def _is_done(self, position: int) -> bool:
        return len(self.cells) >= position and self.cells[position - 1].light is Light.DONE

    @property
    def final_report_due_on(self) -> date | None:
        """Return when its final report is due."""
        return self.cells[FINAL_REPORT - 1].due_on if len(self.cells) >= FINAL_REPORT else None

    @property
    def has_network(self) -> bool:
        """Return whether its local network was installed."""
        return self._is_done(_NETWORK)

    @property
    def has_plan(self) -> bool:
        """Return whether its local plan was made."""
        return self._is_done(_PLAN)

    @property
    def plan_is_published(self) -> bool:
        """Return whether somebody can read its local plan."""
        return bool(self.plan_link)

    @property
    def has_final_report(self) -> bool:
        """Return whether its final report was handed in."""
        return self._is_done(FINAL_REPORT)

    @property
    def oversees(self) -> bool:
        """Return whether it takes part in the modality of citizen oversight."""
        return self.modality is Modality.OVERSIGHT

    @property
    def facilitators(self) -> int:
        """Return how many facilitators were formed, of those that somebody counted."""
        return self.figure(ActivityKind.TRAINING).people or 0

    @property
    def certified(self) -> int:
        """Return how many facilitators were certified by EC-1477, of those that somebody counted."""
        return self.figure(ActivityKind.CERTIFICATION).people or 0

    @property
    def sessions(self) -> int:
        """Return how many citizens' sessions were held."""
        return self.figure(ActivityKind.SESSION).times

    @property
    def sessions_proved(self) -> int:
        """Return how many of them something shows."""
        return self.figure(ActivityKind.SESSION).proved

    @property
    def communications(self) -> int:
        """Return how often it told of its work."""
        return self.figure(ActivityKind.COMMUNICATION).times

    @property
    def monitors(self) -> int:
        """Return how many citizen controllers were formed."""
        return self.figure(ActivityKind.MONITORS).people or 0

    @property
    def projects(self) -> int:
        """Return how many projects of theirs there are."""
        return self.figure(ActivityKind.PROJECT).times

    @property
    def reports_due(self) -> int:
        """Return how many partial reports were due until today."""
        return sum(one.light is ReportLight.OVERDUE or bool(one.ref) for one in self.reports)

    @property
    def reports_delivered(self) -> int:
        """Return how many partial reports were handed in and not returned."""
        return sum(one.light in _HANDED_IN for one in self.reports)


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition on a day. ``absent`` are the states that a source says do not take part."""

    edition: EditionFacts
    today: date
    actions: tuple[ActionFacts, ...]
    states: tuple[StateStanding, ...]
    absent: tuple[str, ...]
    counts: Mapping[Light, int]
    goals: tuple[Goal, ...]
