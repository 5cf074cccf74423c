"""Others' systems are told what happens: signed, at least once under one id, and never at a private address."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import key_rotation, people, webhooks
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.webhooks import DeliveryStage, EventKind, Webhook, WebhookDelivery, WebhookEvent
from content_calendar.permissions import Role
from content_calendar.publications import confirm_published
from content_calendar.settings import read
from content_calendar.states import PublicationState
from content_calendar.webhooks import Told
from scheduler import telling
from scheduler.worker import Worker, new_worker
from tests.simulators.webhook_receiver import Receiver, receiving
from tests.webapp.stage import Stage

PUBLISHED = EventKind.POST_PUBLISHED


def worker_for(database: Database, folder: Path, *allowed: str) -> Worker:
    settings = read({"RESUENA_DATA": str(folder), "RESUENA_FEED_ALLOW": " ".join(allowed)})
    return new_worker(database, settings)


def registered(
    worker: Worker, url: str, kinds: Sequence[EventKind] = (PUBLISHED,), body_id: int | None = None
) -> tuple[int, str]:
    """Register an address; return its id and its secret."""
    with worker.database.transaction() as session:
        ada = people.find_by_email(session, "ada@ejemplo.mx")
        if ada is None:
            ada = people.add(session, "ada@ejemplo.mx", "Ada")
            people.grant(session, ada, Role.ADMIN, on=now().date())
        told = Told("portal", url, kinds, insecure=True)
        hook, secret = webhooks.make(session, worker.vault, ada, body_id, told)
        return hook.id, secret


def publish_one(worker: Worker) -> str:
    """Let a person say that a publication is out; return its reference."""
    with worker.database.transaction() as session:
        stage = Stage(session)
        owner = stage.body(f"voz{hashlib.sha256(str(now()).encode()).hexdigest()[:6]}")
        row = stage.publication(stage.account(owner), state=PublicationState.HELD)
        account = session.get_one(Account, row.account_id)
        confirm_published(session, row, f"llave-{account.ref}", f"https://red.example/{account.ref}", "")
        return row.ref


def as_its_receiver_checks(receiver: Receiver, secret: str, nth: int = -1) -> bool:
    """Check a signature as the documentation of the API says."""
    told = receiver.got()[nth]
    headers = told["headers"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{told['body']}".encode()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mine = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(mine, one) for one in headers["webhook-signature"].split())


def delivery(database: Database) -> WebhookDelivery:
    with database.reading() as session:
        found = session.scalars(select(WebhookDelivery)).one()
        session.expunge_all()
        return found


def later(**by: float) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(**by), tick=True)


def test_what_is_out_is_told_signed_and_again_after_a_failure_under_the_same_id(
    database: Database, tmp_path: Path
) -> None:
    with receiving(tmp_path, 500, 200) as receiver:
        worker = worker_for(database, tmp_path, f"127.0.0.1:{receiver.port}")
        _, secret = registered(worker, receiver.url)
        ref = publish_one(worker)
        assert telling.tick(worker) == 0
        first = delivery(database)
        assert (first.stage, first.attempts, first.status) == (DeliveryStage.WAITING, 1, 500)
        assert "gracias" in first.answered
        # Its time has not come yet.
        assert telling.tick(worker) == 0
        assert len(receiver.got()) == 1
        with later(seconds=6):
            assert telling.tick(worker) == 1
        one, two = receiver.got()
        assert one["headers"]["webhook-id"] == two["headers"]["webhook-id"]
        assert one["body"] == two["body"]
        assert f'"publication":"{ref}"' in two["body"]
        assert '"type":"post.published"' in two["body"]
        assert as_its_receiver_checks(receiver, secret, 0)
        assert as_its_receiver_checks(receiver, secret, 1)
        # The control: another's secret does not fit.
        assert not as_its_receiver_checks(receiver, webhooks.new_secret())
        assert delivery(database).stage is DeliveryStage.HEARD
        with later(days=1):
            assert telling.tick(worker) == 0
        assert len(receiver.got()) == 2


def test_a_worker_that_dies_while_it_tells_leaves_it_to_the_next(database: Database, tmp_path: Path) -> None:
    with receiving(tmp_path, 200) as receiver:
        worker = worker_for(database, tmp_path, f"127.0.0.1:{receiver.port}")
        registered(worker, receiver.url)
        publish_one(worker)
        with database.transaction() as session:
            telling.spread(session)
        with database.transaction() as session:
            (held,) = telling.claim(session, worker.vault)  # and it is heard of no more
        assert telling.tick(worker) == 0
        assert receiver.got() == []
        with later(seconds=telling.LEASE.total_seconds() + 1):
            assert telling.tick(worker) == 1
        (told,) = receiver.got()
        assert told["headers"]["webhook-id"] == held.message_id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_private_address_is_never_called_and_a_redirect_never_followed(
    database: Database, tmp_path: Path
) -> None:
    with receiving(tmp_path, 302) as receiver:
        nobody_allowed = worker_for(database, tmp_path)
        registered(nobody_allowed, receiver.url.replace(f":{receiver.port}", ""))
        publish_one(nobody_allowed)
        telling.tick(nobody_allowed)
        assert delivery(database).said_code == "fetch_address_forbidden"
        assert receiver.got() == []
        with database.transaction() as session:
            session.scalars(select(Webhook)).one().url = receiver.url
        allowed = worker_for(database, tmp_path, f"127.0.0.1:{receiver.port}")
        with later(seconds=6):
            telling.tick(allowed)
        assert (delivery(database).status, [one["path"] for one in receiver.got()]) == (302, ["/avisos"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_that_hears_nothing_for_days_is_switched_off_and_its_maker_told(
    database: Database, tmp_path: Path
) -> None:
    start = datetime.fromisoformat("2026-11-20T10:00:00+00:00")
    with time_machine.travel(start, tick=False) as clock:
        worker = worker_for(database, tmp_path, "127.0.0.1:9")
        hook_id, _ = registered(worker, "http://127.0.0.1:9/nadie")
        for _ in range(8):
            publish_one(worker)
            telling.tick(worker)
            clock.shift(timedelta(days=1))
        with database.reading() as session:
            hook = session.get_one(Webhook, hook_id)
            assert (hook.off_code, hook.failing_since) == ("webhook_silent", start)
            told = session.scalars(select(Notice)).all()
            assert [(one.code, one.subject_ref) for one in told] == [("webhook_off", hook.ref)]
            tried = {one.id: one.attempts for one in session.scalars(select(WebhookDelivery))}
        clock.shift(timedelta(days=1))
        assert telling.tick(worker) == 0
        with database.reading() as session:
            assert {one.id: one.attempts for one in session.scalars(select(WebhookDelivery))} == tried


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_secret_signs_beside_the_old_one_for_a_day_and_survives_a_rotation_of_the_vault(
    database: Database, tmp_path: Path
) -> None:
    with receiving(tmp_path, 200) as receiver:
        worker = worker_for(database, tmp_path, f"127.0.0.1:{receiver.port}")
        hook_id, old = registered(worker, receiver.url)
        with database.transaction() as session:
            hook = session.get_one(Webhook, hook_id)
            new = webhooks.renew_secret(session, worker.vault, hook, hook_maker(session))
        rotated = key_rotation.rotate(database, worker.vault)
        assert (rotated.sealed, rotated.locked) == (1, [])
        publish_one(worker)
        assert telling.tick(worker) == 1
        assert as_its_receiver_checks(receiver, old)
        assert as_its_receiver_checks(receiver, new)
        with later(days=1, hours=1):
            publish_one(worker)
            assert telling.tick(worker) == 1
        assert as_its_receiver_checks(receiver, new)
        assert not as_its_receiver_checks(receiver, old)


def hook_maker(session: Session) -> Person:
    found = people.find_by_email(session, "ada@ejemplo.mx")
    assert found
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_body_hears_of_its_own_replications_and_the_commission_of_all(
    database: Database, tmp_path: Path
) -> None:
    worker = worker_for(database, tmp_path)
    with database.transaction() as session:
        stage = Stage(session)
        one, other = stage.body("uno"), stage.body("otro")
        mine = stage.replication(stage.publication(stage.account(other)), one)
        webhooks.note(session, EventKind.REPLICATION_FOUND, {mine.ref: mine.ref})
        webhooks.note(session, EventKind.REPLICATION_FOUND, {mine.ref: mine.ref})
        ids = one.id, other.id
    hooks = [
        registered(worker, "https://a.example/", [EventKind.REPLICATION_FOUND], one)[0]
        for one in (*ids, None)
    ]
    registered(worker, "https://a.example/", [PUBLISHED])
    with database.transaction() as session:
        assert telling.spread(session) == 2
        told = set(session.scalars(select(WebhookDelivery.webhook_id)))
        assert told == {hooks[0], hooks[2]}
    # What nobody was told of, and what is old, is forgotten.
    with time_machine.travel(now() + timedelta(days=31), tick=False), database.transaction() as session:
        assert telling.forget(session) == 1
        assert session.scalars(select(WebhookEvent)).all() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_waits_for_one_address_keeps_no_other_waiting(database: Database, tmp_path: Path) -> None:
    worker = worker_for(database, tmp_path, "127.0.0.1:1")
    first, _ = registered(worker, "http://127.0.0.1:1/lento")
    for _ in range(30):
        publish_one(worker)
    with database.transaction() as session:
        telling.spread(session)
    other, _ = registered(worker, "http://127.0.0.1:1/otro")
    publish_one(worker)
    with database.transaction() as session:
        telling.spread(session)
        taken = [one.webhook_id for one in telling.claim(session, worker.vault)]
    assert (taken.count(first), taken.count(other)) == (5, 1)
