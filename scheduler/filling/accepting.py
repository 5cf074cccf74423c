"""What a body answered, accepted or refused by a person of the commission, one by one or all at once.

Accepting a new account registers it, to be certified by whoever certifies: nothing is official from an answer alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import accounts, audit, directory
from content_calendar.clock import now
from content_calendar.errors import ResuenaError
from content_calendar.models.directory import Confidence, Site, Standing
from content_calendar.models.people import Person
from scheduler.filling.models import LineKind, LineStage, Sweep, SweepAsk, SweepLine
from scheduler.listening import searching

_DECIDABLE = (LineStage.WAITING, LineStage.REFUSED)
# What takes something away is never done with a click for all.
CROSSED_OUT = frozenset({LineKind.ACCOUNT_NO, LineKind.SITE_NO})


@dataclass(frozen=True)
class By:
    """Who accepts, on which day, and what is told as the source of what they accept."""

    person: Person
    on: date
    source: str


def lines_of(session: Session, ask: SweepAsk) -> Sequence[SweepLine]:
    """Return the lines of a body's answer, in the order of its form."""
    return session.scalars(
        select(SweepLine)
        .where(SweepLine.ask_id == ask.id)
        .options(joinedload(SweepLine.ask).joinedload(SweepAsk.body))
        .order_by(SweepLine.id)
    ).all()


def waiting(session: Session, sweep: Sweep) -> Sequence[SweepLine]:
    """Return all lines of a sweep that wait for a person and take nothing away, each with its ask and body."""
    return session.scalars(
        select(SweepLine)
        .join(SweepAsk, SweepAsk.id == SweepLine.ask_id)
        .where(
            SweepAsk.sweep_id == sweep.id,
            SweepLine.stage == LineStage.WAITING,
            SweepLine.kind.not_in(CROSSED_OUT),
            SweepLine.said_code == "",
        )
        .options(joinedload(SweepLine.ask).joinedload(SweepAsk.body))
        .order_by(SweepLine.id)
    ).all()


def accept(session: Session, lines: Iterable[SweepLine], by: By) -> int:
    """Do what the lines propose; return how many were. One that cannot be done keeps why, and waits."""
    done = 0
    open_ = _hold(session, lines := list(lines))
    for line in lines:
        if line.id not in open_:
            continue
        try:
            with session.begin_nested():
                _DO[line.kind](session, line, by)
        except ResuenaError as error:
            line.said_code = error.code
            continue
        _decide(line, LineStage.ACCEPTED, by.person)
        done += 1
    session.flush()
    return done


def _hold(session: Session, lines: Sequence[SweepLine]) -> set[int]:
    """Return which lines can be decided; whoever else decides on one of them waits for us."""
    ids = [line.id for line in lines]
    held = select(SweepLine.id, SweepLine.stage).where(SweepLine.id.in_(ids)).with_for_update()
    return {line_id for line_id, stage in session.execute(held) if stage in _DECIDABLE}


def refuse(session: Session, lines: Iterable[SweepLine], person: Person) -> int:
    """Leave the lines aside; return how many were. They can be accepted later."""
    refused = [line for line in lines if line.stage is LineStage.WAITING]
    for line in refused:
        _decide(line, LineStage.REFUSED, person)
    session.flush()
    return len(refused)


def _decide(line: SweepLine, stage: LineStage, person: Person) -> None:
    line.stage, line.said_code, line.decided_at, line.decided_by_id = stage, "", now(), person.id


def _account(session: Session, line: SweepLine, by: By) -> None:
    new = accounts.NewAccount(line.network, line.handle, line.url, by.source)
    accounts.add(session, line.ask.body, new, by.on, actor_ref=by.person.ref)


def _site(session: Session, line: SweepLine, by: By) -> None:
    directory.add_site(session, line.ask.body, line.url[:500], source=by.source, actor_ref=by.person.ref)
    if line.ask.feeds_unknown:
        searching.ask(session, line.ask.body, line.url, by.person.id)


def _feed(session: Session, line: SweepLine, by: By) -> None:
    # It is read once before anybody listens to it, by the worker: a site may take long to answer.
    searching.ask(session, line.ask.body, line.url, by.person.id, listen=True)


def _account_yes(session: Session, line: SweepLine, by: By) -> None:
    account = accounts.find(session, line.about)
    if account.confidence is not Confidence.HIGH:
        account.confidence, account.source = Confidence.MEDIUM, account.source or by.source
    audit.record(
        session, by.person.ref, "account_confirmed", "account", account.ref, owner=line.ask.body.slug
    )


def _account_no(session: Session, line: SweepLine, by: By) -> None:
    account = accounts.find(session, line.about)
    accounts.retire(
        session, account, by.on, Standing.NO_ACCESS, reason=by.source, actor_ref=by.person.ref
    )  # fmt: skip


def _site_yes(session: Session, line: SweepLine, by: By) -> None:
    site = session.scalars(
        select(Site).where(Site.owner_id == line.ask.body_id, Site.url == line.about)
    ).first()
    if site is not None and site.confidence is not Confidence.HIGH:
        site.confidence, site.source = Confidence.HIGH, site.source or by.source
    audit.record(session, by.person.ref, "site_confirmed", "owner", line.ask.body.slug, url=line.about)


def _site_no(session: Session, line: SweepLine, by: By) -> None:
    session.execute(delete(Site).where(Site.owner_id == line.ask.body_id, Site.url == line.about))
    audit.record(session, by.person.ref, "site_removed", "owner", line.ask.body.slug, url=line.about)


_DO = {
    LineKind.ACCOUNT: _account,
    LineKind.SITE: _site,
    LineKind.FEED: _feed,
    LineKind.ACCOUNT_YES: _account_yes,
    LineKind.ACCOUNT_NO: _account_no,
    LineKind.SITE_YES: _site_yes,
    LineKind.SITE_NO: _site_no,
}
