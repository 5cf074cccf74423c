"""A renewal token is good for one use, and using it twice ends the whole family: exactly one renewal each."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import update

from content_calendar import app_registrations, clock
from content_calendar.db import Database
from content_calendar.models.directory import Account, Credential, CredentialMethod
from content_calendar.states import HoldReason, PublicationState
from content_calendar.vault import VaultLockedError, read_credential, store_credential
from scheduler import crash_points, expiring, renewing
from scheduler.network import NetworkError, RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.worker import Worker
from tests.scheduler.scene import Engine, Time, account, now_of, planned, worker
from tests.simulators.token_network import NETWORK, SLUG
from tests.simulators.token_server import APP, Family, TokenServer

ROOT = Path(__file__).parents[2]
WORKERS = 8
# `make drill` asks for 10,000.
EXPIRIES = int(os.environ.get("RESUENA_TEST_EXPIRIES", "16"))
NEAR, OVER = timedelta(minutes=5), timedelta(minutes=-5)


@dataclass
class Scene:
    """Workers over one database and one token server."""

    database: Database
    server: TokenServer
    worker: Worker

    def connect(self, ends_in: timedelta) -> tuple[int, Family]:
        """An account that was connected on the network's page."""
        with self.database.transaction() as session:
            made = account(session, SLUG)
            family = self.server.family(made.handle)
            given = {"access_token": family.access, "refresh_token": family.refresh}
            store_credential(
                session,
                self.worker.vault,
                made,
                given,
                method=CredentialMethod.OAUTH,
                expires_at=clock.now() + ends_in,
            )
            return made.id, family

    def expire(self, account_id: int, ends_in: timedelta) -> None:
        with self.database.transaction() as session:
            ends = clock.now() + ends_in
            session.execute(
                update(Credential).where(Credential.account_id == account_id).values(expires_at=ends)
            )

    def stored(self, account_id: int) -> Credential:
        with self.database.reading() as session:
            return session.get_one(Credential, account_id)

    def keys(self, account_id: int) -> dict[str, str] | None:
        with self.database.reading() as session:
            return read_credential(session, self.worker.vault, session.get_one(Account, account_id))

    def other(self, name: str) -> Worker:
        return replace(self.worker, name=name)


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as running, patch.dict(networks(), {SLUG: NETWORK}):
        yield running


@pytest.fixture
def scene(database: Database, server: TokenServer, tmp_path: Path) -> Scene:
    made = Scene(database, server, worker(database, tmp_path, **{SLUG: server.url}))
    with database.transaction() as session:
        app_registrations.register(session, made.worker.vault, SLUG, list(APP), APP, actor_ref="")
    return made


def ask_all_at_once(scene: Scene, account_id: int) -> list[dict[str, str]]:
    """Eight workers ask for what opens the account in the same instant."""
    barrier = threading.Barrier(WORKERS)

    def ask(number: int) -> dict[str, str]:
        mine = scene.other(f"w{number}")
        barrier.wait()
        return renewing.opened(mine, account_id)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(ask, range(WORKERS)))


def test_of_eight_workers_one_renews_each_expiry_and_no_family_is_lost(scene: Scene) -> None:
    connected = [scene.connect(NEAR) for _ in range(4)]
    rounds = max(EXPIRIES // len(connected), 1)
    for each in range(rounds):
        for account_id, family in connected:
            ends_in = OVER if each % 2 else NEAR
            scene.expire(account_id, ends_in)
            before = family.access
            got = {one["access_token"] for one in ask_all_at_once(scene, account_id)}
            # What had ended is waited for; what still opens may be used meanwhile.
            assert got == {family.access} if ends_in is OVER else got <= {before, family.access}
    assert [(family.renewals, family.dead) for _, family in connected] == [(rounds, False)] * len(connected)
    for account_id, family in connected:
        assert scene.keys(account_id) == {"access_token": family.access, "refresh_token": family.refresh}
        assert scene.stored(account_id).renewed_at is not None


def test_without_the_lease_the_family_is_lost(scene: Scene) -> None:
    account_id, family = scene.connect(OVER)
    meet = threading.Barrier(2)

    def always(_worker: Worker, stored: renewing._Stored) -> int:
        meet.wait(10)
        return stored.lease_gen

    def ask(name: str) -> object:
        try:
            return renewing.opened(scene.other(name), account_id)
        except NetworkError as error:
            return error

    with patch.object(renewing, "_take", always), ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, ["one", "two"]))
    assert family.dead


def test_what_lasts_is_opened_without_asking_anybody(scene: Scene) -> None:
    account_id, family = scene.connect(timedelta(hours=2))
    with patch.object(renewing, "_take", side_effect=AssertionError):
        assert renewing.opened(scene.worker, account_id)["access_token"] == family.access
    assert not renewing.needed(NETWORK, clock.now() + timedelta(hours=2), clock.now())
    assert not renewing.needed(NETWORK, None, clock.now())
    assert renewing.needed(NETWORK, clock.now() + NEAR, clock.now())


@pytest.mark.parametrize("fate", ["lost_answer", "strange"])
def test_after_a_lost_answer_the_token_is_not_used_again_and_a_person_is_asked(
    scene: Scene, fate: str
) -> None:
    account_id, family = scene.connect(NEAR)
    scene.server.fates.append(fate)
    assert renewing.opened(scene.worker, account_id)["access_token"]  # what it has still opens
    assert scene.stored(account_id).said_code == renewing.DOUBT
    scene.expire(account_id, OVER)
    for _ in range(2):
        with pytest.raises(RefusedError) as held:
            renewing.opened(scene.worker, account_id)
        assert (held.value.code, held.value.hold) == ("renewal_in_doubt", HoldReason.ACCESS)
    assert (family.renewals, family.dead) == (1, False)


def test_where_asking_again_is_harmless_a_lost_answer_is_asked_for_again(scene: Scene) -> None:
    with Time().ruling() as time, patch.object(type(NETWORK), "renews_again_source", "…", create=True):
        account_id, family = scene.connect(NEAR)
        scene.server.fates.append("strange")
        before = renewing.opened(scene.worker, account_id)
        assert scene.stored(account_id).said_code == ""
        # This server would end the family; it is only asked whether the token is used again.
        time.pass_by(seconds=renewing.PAUSE.total_seconds() + 1)
        assert renewing.opened(scene.worker, account_id) == before
        assert family.dead


def test_a_network_that_is_down_is_asked_again_after_a_pause(scene: Scene) -> None:
    with Time().ruling() as time:
        account_id, family = scene.connect(OVER)
        scene.server.fates.append("down")
        for _ in range(2):
            with pytest.raises(UnavailableError) as later:
                renewing.opened(scene.worker, account_id)
            assert later.value.retry_at == time.at + renewing.PAUSE
        time.pass_by(seconds=31)
        assert renewing.opened(scene.worker, account_id)["access_token"] == family.access
        assert family.renewals == 1


def test_what_the_network_does_not_renew_waits_for_a_person(scene: Scene) -> None:
    account_id, family = scene.connect(NEAR)
    family.dead = True
    assert renewing.opened(scene.worker, account_id)["access_token"] == family.access
    scene.expire(account_id, OVER)
    with pytest.raises(RefusedError) as held:
        renewing.opened(scene.worker, account_id)
    assert (held.value.code, held.value.hold) == ("renewal_refused", HoldReason.ACCESS)


def test_who_began_to_renew_and_is_gone_leaves_a_doubt_and_its_late_answer_still_counts(scene: Scene) -> None:
    with Time().ruling() as time:
        account_id, family = scene.connect(OVER)
        scene.server.answering.clear()
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(renewing.opened, scene.other("slow"), account_id)
            assert scene.server.renewed.wait(10)
            time.pass_by(seconds=renewing.LEASE.total_seconds() + 1)
            with pytest.raises(RefusedError) as held:
                renewing.opened(scene.worker, account_id)
            assert held.value.code == "renewal_in_doubt"
            scene.server.answering.set()
            assert slow.result(10)["access_token"] == family.access
        assert renewing.opened(scene.worker, account_id)["access_token"] == family.access
        assert (family.renewals, family.dead, scene.stored(account_id).said_code) == (1, False, "")


def test_a_renewal_of_what_was_connected_anew_meanwhile_changes_nothing(scene: Scene) -> None:
    account_id, _ = scene.connect(OVER)
    scene.server.answering.clear()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(renewing.opened, scene.other("slow"), account_id)
        assert scene.server.renewed.wait(10)
        new = {"access_token": "nueva", "refresh_token": "otra"}
        with scene.database.transaction() as session:
            connected = session.get_one(Account, account_id)
            store_credential(session, scene.worker.vault, connected, new)
        scene.server.answering.set()
        assert slow.result(10) == new
    assert scene.keys(account_id) == new


def test_what_nobody_publishes_with_is_renewed_before_it_ends(scene: Scene) -> None:
    (soon, family), (later, other) = scene.connect(NEAR), scene.connect(timedelta(hours=2))
    assert expiring.renew_due(scene.worker) == 1
    assert expiring.renew_due(scene.worker) == 0
    assert (family.renewals, other.renewals) == (1, 0)
    assert scene.keys(soon) != scene.keys(later)


def test_what_nobody_can_renew_is_told_two_weeks_before_its_end(scene: Scene) -> None:
    with Time().ruling() as time:
        with scene.database.transaction() as session:
            for days in (-1, 13, 15):
                made = account(session, "rehearsal")
                ends = time.at + timedelta(days=days)
                store_credential(session, scene.worker.vault, made, {"k": "v"}, expires_at=ends)
        spent, _ = scene.connect(timedelta(hours=2))
        with scene.database.transaction() as session:
            session.execute(
                update(Credential)
                .where(Credential.account_id == spent)
                .values(said_code=renewing.DOUBT, expires_at=time.at + NEAR)
            )
        with scene.database.reading() as session:
            told = [one.code for one in expiring.ending_soon(session, time.at)]
        assert told == ["access_ended", "renewal_in_doubt", "access_ends_soon"]


def test_a_row_moved_to_another_account_is_not_renewed(scene: Scene) -> None:
    account_id, family = scene.connect(NEAR)
    with scene.database.transaction() as session:
        other = account(session, SLUG)
        kept = session.get_one(Credential, account_id)
        session.add(Credential(account_id=other.id, sealed=kept.sealed, key_name=kept.key_name))
        session.flush()
        moved = other.id
    with pytest.raises(VaultLockedError):
        renewing.opened(scene.worker, moved)
    assert family.renewals == 0


@pytest.mark.parametrize("fate", ["", "lost_answer"])
def test_what_is_due_goes_out_with_the_renewed_access_or_waits_for_a_person(scene: Scene, fate: str) -> None:
    with Time().ruling() as time:
        account_id, family = scene.connect(OVER)
        scene.server.fates.extend([fate] if fate else [])
        with scene.database.transaction() as session:
            due = planned(session, session.get_one(Account, account_id), time.at + timedelta(seconds=5))
        time.pass_by(seconds=6)
        engine = Engine(scene.worker)
        engine.tick()
        engine.close()
        row = now_of(scene.database, due)
        if fate:
            assert (row.state, row.hold_reason) == (PublicationState.HELD, HoldReason.ACCESS)
            assert row.said_code == "renewal_in_doubt"
        else:
            assert row.state is PublicationState.PUBLISHED
        assert family.renewals == 1


def run(scene: Scene, tasks: list[tuple[str, list[int]]]) -> list[int]:
    """One process for each task, a crash point and accounts, all in the same instant; return their statuses."""
    url = scene.database.url.render_as_string(hide_password=False)
    program = ["-m", "tests.scheduler.renewing_processes"]
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, *program, url, str(scene.worker.settings.data), scene.server.url, json.dumps(tasks)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    statuses: list[int] = json.loads(done.stdout)
    return statuses


def test_of_several_processes_one_renews_each_expiry(scene: Scene) -> None:
    connected = [scene.connect(OVER) for _ in range(8)]
    ids = [one for one, _ in connected]
    assert run(scene, [("", ids)] * 4) == [0] * 4
    assert [(one.renewals, one.dead) for _, one in connected] == [(1, False)] * len(connected)


def test_a_worker_that_dies_while_it_renews_never_lets_the_token_be_used_twice(scene: Scene) -> None:
    ends = {
        "renewal_begun": (0, renewing.DOUBT),
        "renewal_answered": (1, renewing.DOUBT),
        "renewal_stored": (1, ""),
    }
    connected = {point: scene.connect(NEAR) for point in crash_points.RENEWAL_POINTS}
    assert run(scene, [(point, [one]) for point, (one, _) in connected.items()]) == [137] * len(ends)
    with Time().ruling() as time:
        time.pass_by(seconds=renewing.LEASE.total_seconds() + 1)
        for point, (account_id, family) in connected.items():
            assert renewing.opened(scene.worker, account_id)["access_token"]
            assert not family.dead
            assert (family.renewals, scene.stored(account_id).said_code) == ends[point]
