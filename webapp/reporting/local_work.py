"""What a state did for PlanDAI in a report's days, and what shows it, read for the report's chapters and its blank."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import local_plans, partial_reports, proofs, report_blanks
from content_calendar.local_plans import activities_of
from content_calendar.models.local_plans import ActivityKind, Proof, ProofSort
from content_calendar.models.programme import Edition, Participation


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that it did; numbers are None where nobody counted. ``proofs`` is how much shows it."""

    kind: ActivityKind
    on: date
    title: str
    people: int | None
    women: int | None
    men: int | None
    link: str
    proofs: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that shows what it did; ``of`` is the title of the activity, ``digest`` the hash of its file."""

    ref: str
    title: str
    sort: ProofSort
    at: datetime
    of: str
    link: str
    digest: str


@dataclass(frozen=True, slots=True)
class LocalWork:
    """What a state did in an edition; ``summary`` is its own report of the bimester, where it handed one in."""

    edition: str
    deeds: Sequence[Deed]
    proofs: Sequence[Shown]
    plan_link: str
    summary: str
    delivered_at: datetime | None


def local_work(
    session: Session,
    body_id: int,
    days: tuple[date, date],
    at: tuple[datetime, datetime],
    bimester: tuple[int, int] | None,
) -> list[LocalWork]:
    """Return what a body did in the days, by edition, the newest first. ``at`` are those days as moments."""
    rows = session.execute(
        select(Participation, Edition.slug)
        .join(Edition, Edition.id == Participation.edition_id)
        .where(Participation.body_id == body_id, Participation.takes_part.is_(True))
        .order_by(Edition.name.desc())
    ).all()
    return [_of_edition(session, row, slug, days, at, bimester) for row, slug in rows]


def _of_edition(
    session: Session,
    row: Participation,
    slug: str,
    days: tuple[date, date],
    at: tuple[datetime, datetime],
    bimester: tuple[int, int] | None,
) -> LocalWork:
    activities = list(reversed(activities_of(session, row.id, *days)))
    titles = {one.id: one.title for one in activities}
    report = partial_reports.of_bimester(session, row, *bimester) if bimester else None
    plan = local_plans.plan_of(session, row)
    kept = [one for one in proofs.of_state(session, row.id) if one.removed_at is None]
    found = [one for one in kept if _is_of(one, titles, report.id if report else None, at)]
    counts = Counter(one.activity_id for one in found)
    return LocalWork(
        slug,
        [
            Deed(one.kind, one.held_on, one.title, one.people, one.women, one.men, one.link, counts[one.id])
            for one in activities
        ],
        [
            Shown(
                one.ref, one.title, one.sort, one.added_at, titles.get(one.activity_id or 0, ""), one.link,
                one.digest,
            )
            for one in sorted(found, key=lambda one: one.id)
        ],
        plan.link if plan else "",
        report.summary if report else "",
        report.delivered_at if report else None,
    )  # fmt: skip


def _is_of(one: Proof, titles: dict[int, str], report_id: int | None, at: tuple[datetime, datetime]) -> bool:
    if one.activity_id is not None:
        return one.activity_id in titles
    if one.report_id is not None:
        return report_id is None or one.report_id == report_id
    return at[0] <= one.added_at < at[1]


def blank_of(session: Session, body_id: int, bimester: tuple[int, int]) -> tuple[str, str]:
    """Return the edition whose blank a report fills in and the hash of the blank; empty where there is none."""
    found = report_blanks.blank_for(session, body_id, *bimester)
    return (found[0].slug, found[1].sha256) if found else ("", "")
