"""Background work: asked twice it is one, one pair of hands at a time, taken up again after a death."""

from datetime import timedelta

from sqlalchemy import update

from content_calendar import clock, jobs
from content_calendar.db import Database
from content_calendar.jobs import ABANDONED, MOST_TRIES
from content_calendar.models.jobs import Job, JobStage
from content_calendar.sending import Said


def _ask(database: Database, key: str = "a") -> int:
    with database.transaction() as session:
        return jobs.ask(session, "kind", key, {"of": key}).id


def _claim(database: Database) -> jobs.Claimed | None:
    with database.transaction() as session:
        return jobs.claim(session, "kind", "worker")


def _job(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def _let_the_lease_end(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Job).values(lease_until=clock.now() - timedelta(seconds=1)))


def test_the_same_work_asked_twice_is_one(database: Database) -> None:
    assert _ask(database) == _ask(database)
    first, second = _claim(database), _claim(database)
    assert first is not None
    assert first.payload == {"of": "a"}
    assert second is None


def test_what_is_done_may_be_asked_for_anew(database: Database) -> None:
    before = _ask(database)
    claimed = _claim(database)
    assert claimed is not None
    with database.transaction() as session:
        assert jobs.keep(session, claimed, 40)
        assert jobs.end(session, claimed)
    assert (_job(database, before).stage, _job(database, before).progress) == (JobStage.DONE, 100)
    assert _ask(database) != before


def test_a_dead_worker_leaves_it_to_the_next_and_writes_no_more(database: Database) -> None:
    job_id = _ask(database)
    dead = _claim(database)
    assert dead is not None
    assert _claim(database) is None
    _let_the_lease_end(database)
    alive = _claim(database)
    assert alive is not None
    with database.transaction() as session:
        assert not jobs.keep(session, dead, 99)
        assert not jobs.end(session, dead)
        assert jobs.keep(session, alive, 50)
    assert (_job(database, job_id).stage, _job(database, job_id).progress) == (JobStage.RUNNING, 50)


def test_what_always_kills_its_worker_is_given_up(database: Database) -> None:
    job_id = _ask(database)
    for _ in range(MOST_TRIES):
        assert _claim(database) is not None
        _let_the_lease_end(database)
    assert _claim(database) is None
    assert (_job(database, job_id).stage, _job(database, job_id).said_code) == (JobStage.FAILED, ABANDONED)


def test_what_fails_is_tried_again_later_and_then_told(database: Database) -> None:
    job_id = _ask(database)
    for n in range(MOST_TRIES):
        claimed = _claim(database)
        assert claimed is not None
        assert claimed.tries == n + 1
        with database.transaction() as session:
            jobs.give_up(session, claimed, Said("report_failed"))
        with database.transaction() as session:
            session.execute(update(Job).values(run_at=clock.now() - timedelta(seconds=1)))
    found = _job(database, job_id)
    assert (found.stage, found.said_code) == (JobStage.FAILED, "report_failed")
    with database.transaction() as session:
        jobs.again(session, session.get_one(Job, job_id))
    assert _claim(database) is not None
