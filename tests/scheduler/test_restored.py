"""What a restored database may have forgotten was taken back opens nothing any more."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assets.models import KeyScope, PackOf, ShareLink, ToolboxKey
from content_calendar import clock, people
from content_calendar.db import Base, Database
from content_calendar.models.directory import Body, Owner
from content_calendar.models.exchange import CalendarFeed, FeedOf
from content_calendar.models.factors import DoorLetter, DoorLetterKind
from content_calendar.models.people import AuditEvent, WebSession
from content_calendar.models.standing import CertificationLink
from content_calendar.models.tokens import PersonToken
from content_calendar.seeds import plant
from scheduler import restored
from webapp.schema import metadata

# Every table with what opens something for whoever has it; each ends, or is a row that another one here holds.
ENDS = {
    "web_session", "person_token", "share_link", "toolbox_key", "review_link", "certification_link", "door_letter",
    "ally_link", "calendar_feed",
}  # fmt: skip
# A body answers by these until their time is over: nobody takes one back, and none is used up.
STAY = {"correction_link", "sweep_link"}


@pytest.fixture
def given_out(database: Database) -> Database:
    """An installation in which somebody has given out one of each thing."""
    with database.transaction() as session:
        plant(session, clock.now().date())
        ana = people.add(session, "ana@snt.mx", "Ana")
        body_id, owner_id = (
            session.scalars(select(Body.id)).first(),
            session.scalars(select(Owner.id)).first(),
        )
        later = clock.now() + timedelta(days=30)
        mine = {"person_id": ana.id, "expires_at": later}
        session.add_all(
            [
                WebSession(token_hash="w", person_id=ana.id),
                PersonToken(token_hash="p", name="Hoja", scopes="", **mine),
                CertificationLink(token_hash="c", owner_id=owner_id, account_refs=[], **mine),
                DoorLetter(token_hash="d", kind=DoorLetterKind.INVITE, **mine),
                CalendarFeed(token_hash="f", of=FeedOf.ALL, person_id=ana.id),
                ShareLink(
                    token_hash="s", of=PackOf.BIMESTER, subject="2026-6", made_by_id=ana.id, expires_at=later
                ),
                ToolboxKey(
                    token_hash="k", name="Sitio", body_id=body_id, made_by_id=ana.id, scopes=KeyScope.WIRE
                ),
            ]
        )
    return database


def in_force(session: Session) -> int:
    """Return how many of them open something now."""
    at, found = clock.now(), 0
    for name in ENDS:
        table = metadata().tables[name]
        asked = select(func.count()).select_from(table)
        for ends in {"ended_at", "revoked_at"} & set(table.c.keys()):
            asked = asked.where(table.c[ends].is_(None))
        if "expires_at" in table.c:
            asked = asked.where(table.c.expires_at > at)
        found += session.scalar(asked) or 0
    return found


def test_all_that_opens_without_entering_ends_and_the_audit_tells_which(given_out: Database) -> None:
    with given_out.reading() as session:
        # The control: all of it opens before.
        assert in_force(session) == 7
        key, link = (
            session.scalars(select(ToolboxKey.ref)).one(),
            session.scalars(select(ShareLink.ref)).one(),
        )
    with given_out.transaction() as session:
        restored.begin_again(session)
    with given_out.reading() as session:
        assert in_force(session) == 0
        told = {(row.act, row.subject_ref): row.details for row in session.scalars(select(AuditEvent))}
    assert told["toolbox_key.revoked", key] == told["share_link.revoked", link] == {"why": "restored"}
    assert told["links_ended", ""] == {"certification_link": 1, "door_letter": 1, "calendar_feed": 1}


def test_what_was_used_or_over_keeps_its_end(given_out: Database) -> None:
    before = clock.now() - timedelta(days=1)
    with given_out.transaction() as session:
        session.scalars(select(ShareLink)).one().expires_at = before
        session.scalars(select(ToolboxKey)).one().revoked_at = before
        session.scalars(select(DoorLetter)).one().expires_at = before
    with given_out.transaction() as session:
        restored.begin_again(session)
    with given_out.reading() as session:
        assert session.scalars(select(ShareLink.revoked_at)).one() is None
        assert session.scalars(select(ToolboxKey.revoked_at)).one() == before
        assert session.scalars(select(DoorLetter.expires_at)).one() == before


def test_every_table_with_a_token_is_one_that_ends() -> None:
    metadata()  # loads every module of models
    assert {name for name, table in Base.metadata.tables.items() if "token_hash" in table.c} == ENDS | STAY
