"""A small plan to work with: two people, a body, an account."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.models.directory import Account, Body, Confidence, Standing
from content_calendar.models.people import Membership, Person
from content_calendar.permissions import Role
from content_calendar.posts import Draft, Due


@dataclass(frozen=True)
class Plan:
    author: Person
    reviewer: Person
    body: Body
    account: Account

    def draft(self, text: str = "Tu derecho a saber", due: Due | None = None) -> Draft:
        return Draft(
            Content(parts=(text,), accounts=(self.account.ref,)), account_ids=[self.account.id], due=due
        )


def due_in(minutes: int) -> Due:
    """A moment so many minutes from now, as somebody in Mexico City would say it."""
    at = (now() + timedelta(minutes=minutes)).replace(microsecond=0)
    return Due(at, (at - timedelta(hours=6)).replace(tzinfo=None), "America/Mexico_City")


@pytest.fixture
def plan(session: Session) -> Plan:
    return make_plan(session)


def make_plan(session: Session) -> Plan:
    """Two people, a body and its account."""
    author = Person(email="ana@snt.mx", email_folded="ana@snt.mx", name="Ana")
    reviewer = Person(email="luz@snt.mx", email_folded="luz@snt.mx", name="Luz")
    body = Body(
        slug="infonl",
        short_name="INFONL",
        name="Instituto de Nuevo León",
        zone="America/Monterrey",
        state_iso="MX-NLE",
        state_name="Nuevo León",
        name_confidence=Confidence.HIGH,
        confidence=Confidence.HIGH,
    )
    session.add_all([author, reviewer, body])
    session.flush()
    # Whoever says yes to a post may review today.
    session.add(Membership(person_id=reviewer.id, role=Role.COORDINATOR, valid_from=date(2020, 1, 1)))
    account = Account(
        owner_id=body.id,
        network="rehearsal",
        handle="ensayo",
        handle_folded="ensayo",
        standing=Standing.IN_FORCE,
        connected_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    session.add(account)
    session.flush()
    return Plan(author, reviewer, body, account)
