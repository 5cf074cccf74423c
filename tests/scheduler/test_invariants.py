"""Broken rules are found in the rows: one row is spoilt by hand for each rule, and seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from content_calendar import clock, publications
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.sending import NOTHING, Claimed
from scheduler import invariants
from scheduler.attempts import Try, append
from scheduler.models import Outcome
from tests.scheduler.scene import (
    TOLERANCE,
    Engine,
    Time,
    account,
    approved_post,
    moment,
    planned,
    worker,
)
from webapp.sentences import SENTENCES


@pytest.fixture
def published(database: Database, tmp_path: Path) -> list[Publication]:
    """Two publications of one account, sent by the real engine: a post and a thread of two parts."""
    with Time().ruling() as time:
        with database.transaction() as session:
            to = account(session, "rehearsal")
            made = [planned(session, to, time.at + timedelta(seconds=1))]
            post, version = approved_post(session, "Un hilo")
            parts = (PayloadPart("uno", "es"), PayloadPart("dos", "es"))
            destination = publications.Destination(to.id, Payload(parts, PostKind.THREAD), ["k1", "k2"])
            due = moment(time.at + timedelta(seconds=1))
            made += publications.schedule(session, post, version, [destination], due, TOLERANCE, "")
        time.pass_by(seconds=2)
        engine = Engine(worker(database, tmp_path))
        engine.tick()
        engine.close()
    return made


def run(session: Session, statement: str, **given: object) -> None:
    session.execute(text(statement), given)


def lose_the_proof(session: Session, one: Publication, _: Publication) -> None:
    run(session, "UPDATE publication_part SET remote_id = NULL WHERE publication_id = :id", id=one.id)


def leave_a_part_behind(session: Session, _: Publication, thread: Publication) -> None:
    run(
        session,
        "UPDATE publication_part SET state = 'waiting' WHERE n = 2 AND publication_id = :id",
        id=thread.id,
    )


def share_a_remote_post(session: Session, one: Publication, thread: Publication) -> None:
    twin = account(session, "rehearsal")
    run(
        session,
        "UPDATE publication_part SET account_id = :twin, remote_id = (SELECT remote_id FROM publication_part"
        " WHERE publication_id = :one), remote_url = (SELECT remote_url FROM publication_part"
        " WHERE publication_id = :one) WHERE n = 1 AND publication_id = :id",
        twin=twin.id, one=one.id, id=thread.id,
    )  # fmt: skip


def send_without_a_lease(session: Session, one: Publication, _: Publication) -> None:
    run(session, "UPDATE publication SET state = 'sending', lease_until = NULL WHERE id = :id", id=one.id)
    run(session, "UPDATE publication_part SET state = 'sending' WHERE publication_id = :id", id=one.id)


def forget_to_reap(session: Session, one: Publication, _: Publication) -> None:
    run(session, "UPDATE publication SET state = 'sending', lease_owner = 'w' WHERE id = :id", id=one.id)
    run(session, "UPDATE publication_part SET state = 'sending' WHERE publication_id = :id", id=one.id)
    loaded = session.get_one(Publication, one.id)
    loaded.lease_until = clock.now() - timedelta(minutes=11)


def let_a_part_go_astray(session: Session, one: Publication, _: Publication) -> None:
    run(session, "UPDATE publication_part SET state = 'sending' WHERE publication_id = :id", id=one.id)
    run(session, "UPDATE publication SET state = 'held' WHERE id = :id", id=one.id)


def break_the_order(session: Session, _: Publication, thread: Publication) -> None:
    run(session, "UPDATE publication SET state = 'scheduled' WHERE id = :id", id=thread.id)
    run(
        session,
        "UPDATE publication_part SET state = 'waiting' WHERE n = 1 AND publication_id = :id",
        id=thread.id,
    )


def forget_that_all_is_out(session: Session, one: Publication, _: Publication) -> None:
    run(session, "UPDATE publication SET state = 'scheduled' WHERE id = :id", id=one.id)


def change_the_payload(session: Session, one: Publication, _: Publication) -> None:
    session.get_one(Publication, one.id).payload = b"{}"


def answer_twice(session: Session, one: Publication, _: Publication) -> None:
    at = clock.now()
    append(
        session,
        one.id,
        Try(Outcome.DONE, NOTHING, Claimed(one.id, one.ref, one.post_id, "w", 2, at), sent_at=at),
    )


SPOILT: dict[Callable[[Session, Publication, Publication], None], set[str]] = {
    lose_the_proof: {"published_without_proof"},
    leave_a_part_behind: {"published_without_proof"},
    share_a_remote_post: {"one_remote_post_of_two"},
    send_without_a_lease: {"begun_without_a_lease"},
    forget_to_reap: {"begun_without_a_lease"},
    let_a_part_go_astray: {"parts_contradict"},
    break_the_order: {"parts_contradict"},
    forget_that_all_is_out: {"parts_contradict"},
    change_the_payload: {"payload_changed"},
    answer_twice: {"late_apparition"},
}


@pytest.mark.parametrize("spoil", SPOILT)
def test_each_broken_rule_is_found(
    database: Database,
    published: list[Publication],
    spoil: Callable[[Session, Publication, Publication], None],
) -> None:
    with database.transaction() as session:
        assert invariants.look(session) == []
        spoil(session, published[0], published[1])
        session.flush()
        assert {found.code for found in invariants.look(session)} == SPOILT[spoil]


def test_each_rule_has_its_sentence() -> None:
    assert set(invariants.RULES) - set(SENTENCES) == set()


def test_what_a_person_confirmed_needs_no_proof_of_each_part(database: Database) -> None:
    with Time().ruling() as time, database.transaction() as session:
        made = planned(session, account(session, "rehearsal"), time.at + timedelta(seconds=1))
        publications.confirm_published(session, made, "", "https://red.example/1", "")
        run(session, "UPDATE publication_part SET remote_id = NULL")
        assert invariants.look(session) == []


def test_the_daily_look_is_made_once_a_day_and_written_down(
    database: Database, published: list[Publication]
) -> None:
    with Time().ruling() as time:
        for hours, looked in ((0, True), (23, False), (2, True)):
            time.pass_by(hours=hours)
            with database.transaction() as session:
                change_the_payload(session, published[0], published[1])
            assert bool(invariants.look_daily(database)) is looked
        with database.reading() as session:
            last = invariants.last_look(session)
    assert last is not None
    assert replace(last, at=time.at) == invariants.Looked(time.at, 1, ["payload_changed"])
