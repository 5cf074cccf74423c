"""The audit cannot be changed by hand, and where somebody gets around that, it shows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from content_calendar import audit, audit_chain, people
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from content_calendar.models.sealing import AuditSeal, lift


def write(database: Database, count: int, act: str = "post_approved") -> None:
    with database.transaction() as session:
        for number in range(count):
            audit.record(session, "abcdefghjkmn", act, "post", f"p{number}", version=number, note="ñandú «é»")


def sealed(database: Database) -> audit_chain.Checked:
    with database.transaction() as session:
        audit_chain.seal_all(session)
    with database.reading() as session:
        return audit_chain.check(session)


@pytest.mark.parametrize("table", [AuditEvent, AuditSeal])
def test_the_database_itself_refuses_to_change_or_delete_what_was_written(
    database: Database, table: type[AuditEvent | AuditSeal]
) -> None:
    write(database, 2)
    assert sealed(database).faults == []
    key = AuditEvent.id if table is AuditEvent else AuditSeal.n
    for statement in (update(table).values({key: key + 100}), delete(table)):
        with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
            session.execute(statement)
    assert sealed(database).sealed == 2


def test_a_chain_nobody_touched_holds_and_goes_on(database: Database) -> None:
    write(database, 3)
    first = sealed(database)
    assert (first.sealed, first.unsealed, first.faults) == (3, 0, [])
    write(database, 2)
    with database.reading() as session:
        assert audit_chain.check(session).unsealed == 2
    second = sealed(database)
    assert (second.sealed, second.faults) == (5, [])
    with database.reading() as session:
        assert audit_chain.check(session, known=(3, first.head)).faults == []


def _change(session: Session) -> None:
    session.execute(update(AuditEvent).where(AuditEvent.subject_ref == "p2").values(actor_ref="otherperson1"))


def _change_details(session: Session) -> None:
    session.execute(update(AuditEvent).where(AuditEvent.subject_ref == "p2").values(details={"version": 9}))


def _remove(session: Session) -> None:
    third = session.scalars(select(AuditEvent.id).where(AuditEvent.subject_ref == "p2")).one()
    session.execute(delete(AuditSeal).where(AuditSeal.event_id == third))
    session.execute(delete(AuditEvent).where(AuditEvent.id == third))


def _swap(session: Session) -> None:
    ids = session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)).all()
    session.execute(update(AuditEvent).where(AuditEvent.id == ids[1]).values(subject_ref="p3"))
    session.execute(update(AuditEvent).where(AuditEvent.id == ids[3]).values(subject_ref="p1"))


def _insert(session: Session) -> None:
    row = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).first()
    assert row
    session.execute(
        insert(AuditEvent).values(
            id=-20_000,
            at=row.at,
            actor_ref="",
            act="post_approved",
            subject_kind="post",
            subject_ref="px",
            details={},
        )
    )


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_change, "audit_event_changed"),
        (_change_details, "audit_event_changed"),
        (_remove, "audit_seal_missing"),
        (_swap, "audit_event_changed"),
        (_insert, "audit_event_inserted"),
    ],
)
def test_what_somebody_did_behind_our_back_is_found(
    database: Database, tamper: Callable[[Session], None], code: str
) -> None:
    write(database, 5)
    assert sealed(database).faults == []
    with database.transaction() as session:
        lift(session.connection())
        tamper(session)
    assert code in {fault.code for fault in sealed(database).faults}


def test_a_tail_cut_off_is_found_by_a_hash_that_was_kept_elsewhere(database: Database) -> None:
    write(database, 4)
    known = (4, sealed(database).head)
    with database.transaction() as session:
        lift(session.connection())
        session.execute(delete(AuditSeal).where(AuditSeal.n == 4))
        session.execute(delete(AuditEvent).where(AuditEvent.subject_ref == "p3"))
    with database.reading() as session:
        assert audit_chain.check(session).faults == []  # from the inside nothing can be seen of it
        assert [one.code for one in audit_chain.check(session, known=known).faults] == ["audit_head_missing"]


def test_many_write_and_many_seal_at_once_and_the_chain_is_one(database: Database) -> None:
    def both(number: int) -> None:
        write(database, 10, f"act{number}")
        with database.transaction() as session:
            audit_chain.seal(session, limit=7)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(both, range(12)))
    told = sealed(database)
    assert (told.sealed, told.unsealed, told.faults) == (120, 0, [])


def test_an_event_that_becomes_visible_late_is_sealed_after_the_others(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite lets one transaction write at a time")
    with database.open(writes=True) as slow:
        slow.begin()
        audit.record(slow, "", "slow", "post", "late")
        slow.flush()
        write(database, 2)
        assert sealed(database).sealed == 2
        slow.commit()
    told = sealed(database)
    assert (told.sealed, told.faults) == (3, [])


def test_erasing_a_person_leaves_the_chain_whole(database: Database) -> None:
    with database.transaction() as session:
        eva = people.add(session, "eva@ejemplo.mx", "Eva Mena")
        ref = eva.ref
    assert sealed(database).faults == []
    with database.transaction() as session:
        people.erase(session, people.find(session, ref), "")
    told = sealed(database)
    assert (told.faults, told.unsealed) == ([], 0)
    with database.reading() as session:
        assert "Eva" not in str(session.execute(text("SELECT * FROM person")).all())
        assert session.scalar(select(func.count()).where(AuditEvent.subject_ref == ref)) == 2
