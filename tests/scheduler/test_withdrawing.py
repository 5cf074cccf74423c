"""A consent is withdrawn, through the whole engine: nothing more goes out, and every body is asked for its uses."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assets import consents, takedowns
from assets.clearance import ConsentBy, People, Scope
from assets.consents import Kept, Told
from assets.library import Use, record_use
from assets.models import Asset, AssetVersion, Takedown, TakedownAnswer, UsedAs, UseKind
from content_calendar import people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.publications import Publication
from content_calendar.payloads import PayloadImage
from content_calendar.permissions import Role
from content_calendar.states import HoldReason, PublicationState
from scheduler import withdrawing
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from tests.scheduler.scene import Engine, Time, account, now_of, person, picture, planned, worker

HELD, PUBLISHED = PublicationState.HELD, PublicationState.PUBLISHED
NOT_USED, DONE, CANNOT = TakedownAnswer.NOT_USED, TakedownAnswer.DONE, TakedownAnswer.CANNOT


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def engine(database: Database, tmp_path: Path, time: Time) -> Iterator[Engine]:  # noqa: ARG001 -- it rules
    made = Engine(worker(database, tmp_path / "data"))
    made.tick()
    yield made
    made.close()


@dataclass
class Scene:
    """A picture with consent that five bodies used twelve times: four out, three to go out, five pulled."""

    engine: Engine
    time: Time
    accounts: list[Account] = field(default_factory=list)
    out: list[Publication] = field(default_factory=list)
    waiting: list[Publication] = field(default_factory=list)
    liaisons: list[int] = field(default_factory=list)

    def set_up(self) -> None:
        with self.engine.worker.database.transaction() as session:
            self.editor = people.add(session, "eva@ejemplo.mx", "Eva")
            people.grant(session, self.editor, Role.EDITOR, on=date(2020, 1, 1))
            self.image = self._picture(session)
            self.given = consents.add(
                session,
                self.image.asset_ref,
                Told(ConsentBy.GUARDIANS, "Niña de rojo"),
                Kept("0" * 64),
                self.editor,
            )
            for n in range(5):
                made = account(session, "rehearsal")
                self.accounts.append(made)
                if n < 4:  # the fifth body has nobody who stands for it
                    liaison = people.add(session, f"enlace{n}@ejemplo.mx", f"Enlace {n}")
                    people.grant(session, liaison, Role.LIAISON, on=date(2020, 1, 1), body_id=made.owner_id)
                    self.liaisons.append(liaison.id)
                record_use(session, self.image.asset_ref, 1, Use(UseKind.DOWNLOADED, body_id=made.owner_id))
            soon, later = self.time.at + timedelta(minutes=1), self.time.at + timedelta(minutes=4)
            self.out = [self._planned(session, n, soon) for n in range(4)]
            self.waiting = [self._planned(session, n, later) for n in (0, 0, 4)]
        self.time.pass_by(seconds=61)
        self.engine.tick()

    def _picture(self, session: Session) -> PayloadImage:
        image = picture(session, self.engine.worker, "Una niña lee")
        asset = session.scalars(select(Asset).where(Asset.ref == image.asset_ref)).one()
        asset.people = People.MINORS
        session.add(
            AssetVersion(
                asset_id=asset.id, n=1, sha256=image.sha256, original_sha256=image.sha256,
                media_type="image/png", size=1, added_by_id=asset.added_by_id,
            )
        )  # fmt: skip
        return image

    def _planned(self, session: Session, n: int, at: object) -> Publication:
        made = planned(session, self.accounts[n], at, f"Texto {at} {len(self.out)}", (self.image,))  # type: ignore[arg-type] # a moment
        record_use(session, self.image.asset_ref, 1, Use(UseKind.COMPOSED, post_id=made.post_id))
        return made

    def withdraw(self) -> int:
        with self.engine.worker.database.transaction() as session:
            return consents.withdraw(session, self.image.asset_ref, self.given.ref, self.editor)

    def restore(self) -> None:
        with self.engine.worker.database.transaction() as session:
            consents.restore(session, self.image.asset_ref, self.given.ref, self.editor)

    def tasks(self) -> list[Takedown]:
        with self.engine.worker.database.reading() as session:
            found = list(session.scalars(select(Takedown).order_by(Takedown.id)))
            session.expunge_all()
        return found

    def told(self, code: str) -> list[Notice]:
        with self.engine.worker.database.reading() as session:
            found = list(session.scalars(select(Notice).where(Notice.code == code).order_by(Notice.id)))
            session.expunge_all()
        return found

    def answer(self, task: Takedown, said: TakedownAnswer, note: str = "") -> None:
        with self.engine.worker.database.transaction() as session:
            takedowns.answer(session, task.ref, said, note, session.get_one(Person, self.editor.id))


@pytest.fixture
def scene(engine: Engine, time: Time) -> Scene:
    made = Scene(engine, time)
    made.set_up()
    return made


def states(scene: Scene, rows: list[Publication]) -> list[tuple[PublicationState, HoldReason | None]]:
    found = [now_of(scene.engine.worker.database, one) for one in rows]
    return [(one.state, one.hold_reason) for one in found]


def test_twelve_uses_in_five_bodies_stop_and_each_body_is_asked_for_its_own(scene: Scene) -> None:
    assert scene.withdraw() == 12
    tasks = scene.tasks()
    assert Counter(one.used_as for one in tasks) == {UsedAs.PUBLICATION: 7, UsedAs.DOWNLOAD: 5}
    owners = [one.owner_id for one in scene.accounts]
    assert [sum(one.owner_id == owner for one in tasks) for owner in owners] == [4, 2, 2, 2, 2]
    scene.time.pass_by(minutes=4)
    scene.engine.tick()
    assert states(scene, scene.out) == [(PUBLISHED, None)] * 4
    assert states(scene, scene.waiting) == [(HELD, HoldReason.MATERIAL)] * 3
    # Each liaison is told once of their body's; of the body without one, those who keep the tool-box.
    asked = scene.told("takedown_asked")
    assert sorted(one.person_id for one in asked) == sorted([*scene.liaisons, scene.editor.id])
    assert sorted(one.params["count"] for one in asked) == [2, 2, 2, 2, 4]


def test_without_a_withdrawal_what_is_scheduled_goes_out(scene: Scene) -> None:
    scene.time.pass_by(minutes=4)
    scene.engine.tick()
    assert states(scene, scene.waiting) == [(PUBLISHED, None)] * 3
    assert scene.tasks() == []


def test_a_withdrawal_by_mistake_is_undone_and_what_was_answered_stays(scene: Scene) -> None:
    scene.withdraw()
    first = scene.tasks()[0]
    scene.answer(first, DONE)
    scene.restore()
    assert [one.answer for one in scene.tasks() if one.closed_at is None] == [DONE]
    assert all(one.over_at is not None for one in scene.told("takedown_asked"))
    with pytest.raises(takedowns.TakedownClosedError):
        scene.answer(scene.tasks()[1], DONE)
    scene.time.pass_by(minutes=4)
    scene.engine.tick()
    assert states(scene, scene.waiting) == [(PUBLISHED, None)] * 3
    # Withdrawn after all: the three that went out meanwhile were asked about already.
    assert scene.withdraw() == 11
    assert len(scene.tasks()) == 12


def test_who_does_not_answer_is_reminded_twice_and_then_the_commission_is_told(scene: Scene) -> None:
    scene.withdraw()
    mine = [one for one in scene.tasks() if one.owner_id == scene.accounts[1].owner_id]
    others = [one for one in scene.tasks() if one.owner_id != scene.accounts[1].owner_id]
    for one in others:
        scene.answer(one, NOT_USED)
    assert sum(one.over_at is None for one in scene.told("takedown_asked")) == 1
    for _ in range(5):
        scene.time.pass_by(days=3, seconds=1)
        for _ in range(2):
            withdrawing.tick(scene.engine.worker)
    reminders = scene.told("takedown_reminder")
    assert [one.person_id for one in reminders] == [scene.liaisons[1]] * 2
    escalated = scene.told("takedown_unanswered")
    assert {one.person_id for one in escalated} == {scene.liaisons[1], scene.editor.id}
    assert len(escalated) == 2
    for one in mine:
        with pytest.raises(takedowns.NoteMissingError):
            scene.answer(one, CANNOT, " ")
        scene.answer(one, CANNOT, "La lona ya se tiró")
    assert all(one.over_at is not None for one in scene.told("takedown_unanswered"))
    assert {one.note for one in scene.tasks() if one.answer is CANNOT} == {"La lona ya se tiró"}


def test_a_replica_found_after_the_withdrawal_is_asked_about_too(scene: Scene) -> None:
    scene.withdraw()
    with scene.engine.worker.database.transaction() as session:
        session.add(
            Replication(
                post_id=scene.out[0].post_id, body_id=scene.accounts[2].owner_id, evidence_key="prueba",
                kind=ReplicationKind.COPY, stage=ReplicationStage.DECLARED, link="https://sitio.example/nota",
                why_code="replication_copy", occurred_at=now(),
            )
        )  # fmt: skip
    for _ in range(2):
        withdrawing.tick(scene.engine.worker)
    last = scene.tasks()[-1]
    assert len(scene.tasks()) == 13
    assert (last.used_as, last.link) == (UsedAs.REPLICA, "https://sitio.example/nota")
    assert last.owner_id == scene.accounts[2].owner_id


def test_nobody_is_asked_when_the_same_person_gave_another_consent_that_holds(scene: Scene) -> None:
    with scene.engine.worker.database.transaction() as session:
        told = Told(ConsentBy.GUARDIANS, "NIÑA DE ROJO")
        consents.add(session, scene.image.asset_ref, told, Kept("1" * 64), scene.editor)
    assert scene.withdraw() == 0


def test_everybody_is_asked_when_their_other_consent_is_for_something_else(scene: Scene) -> None:
    with scene.engine.worker.database.transaction() as session:
        told = Told(ConsentBy.GUARDIANS, "NIÑA DE ROJO", scopes=frozenset({Scope.RADIO}))
        consents.add(session, scene.image.asset_ref, told, Kept("1" * 64), scene.editor)
    assert scene.withdraw() == 12


def test_a_consent_for_print_alone_lets_nothing_out_on_a_network(engine: Engine, time: Time) -> None:
    with engine.worker.database.transaction() as session:
        image = picture(session, engine.worker, "Una niña lee")
        session.scalars(select(Asset).where(Asset.ref == image.asset_ref)).one().people = People.MINORS
        told = Told(ConsentBy.GUARDIANS, "Niña", scopes=frozenset({Scope.PRINT, Scope.RADIO}))
        consents.add(session, image.asset_ref, told, Kept("0" * 64), person(session))
        at = time.at + timedelta(minutes=1)
        made = planned(session, account(session, "rehearsal"), at, images=(image,))
    time.pass_by(seconds=61)
    engine.tick()
    stands = now_of(engine.worker.database, made)
    assert (stands.state, stands.said_code) == (HELD, "consent_not_for_networks")
