"""Personal data whose time is over are erased, the others stay, and what was done is still told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import String, func, select
from sqlalchemy.orm import Session

from content_calendar import audit, audit_chain, clock, people
from content_calendar.db import Database
from content_calendar.epoch import installation
from content_calendar.models.allies import Ally, AllyConsent, AllyKind, ConsentAct, ConsentStanding
from content_calendar.models.dialogue import Reply, ReplyStage, Series
from content_calendar.models.factors import DoorLetter, DoorLetterKind
from content_calendar.models.local_plans import NetworkMember, Sector
from content_calendar.models.notices import Notice
from content_calendar.models.people import AuditEvent, Person, SignInAttempt, WebSession
from content_calendar.models.programme import Edition, Participation
from content_calendar.retention import rules, timed
from content_calendar.settings import Settings, read
from scheduler import keeping_watch, retaining
from scheduler.filling.models import Sweep, SweepAsk, SweepLink
from tests.webapp.stage import Stage
from webapp.retention_words import KEPT
from webapp.schema import metadata

# Columns of a person's name, address or device. Whoever adds one says in the data file how long it stays.
NAMING = (
    "email",
    "contact_name",
    "agent",
    "address",
    "whom",
    "liaison_name",
    "liaison_contact",
    "answer_name",
    "name",
    "handle",
    "said",
    "subject",
)
# Tables where such a column tells of no person.
_THINGS = {
    "asset_collection", "backup_run", "campaign", "edition", "event_deadline", "indicator", "matching_threshold",
    "observance", "region", "saved_text", "series", "webhook",
}  # fmt: skip
_INSTITUTIONS = {"account", "former_handle", "owner", "sweep_line"}
# What a link or a key opens, and the name of what is watched; not of whom.
_SUBJECTS = {"calendar_feed", "share_link", "toolbox_key", "watched_link", "closed_part"}
# What somebody said of an event, a correction or an ally's post: as what was done, it stays.
_DONE = {"ally_contribution", "correction", "event_evidence"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read({"RESUENA_DATA": str(tmp_path)})


def test_every_table_that_names_a_person_has_a_rule() -> None:
    held = {table for rule in rules() for table in rule.holds}
    assert held <= set(metadata().tables)
    naming = {
        table.name
        for table in metadata().sorted_tables
        if any(column.name in NAMING and isinstance(column.type, String) for column in table.columns)
    }
    assert naming - held == _THINGS | _INSTITUTIONS | _SUBJECTS | _DONE


def test_every_rule_has_words_and_every_one_with_days_something_that_erases() -> None:
    assert set(KEPT) == {rule.code for rule in rules()}
    assert set(retaining.ERASERS) == set(timed())


def _of(session: Session, days: int, person: Person) -> Iterator[object]:
    """One of each kind, so many days over."""
    at = clock.now() - timedelta(days=days)
    yield WebSession(
        token_hash=f"h{days}", person_id=person.id, last_seen_at=at, agent="Firefox", address="::1"
    )
    yield SignInAttempt(key=f"k{days}", at=at, succeeded=False)
    yield DoorLetter(person_id=person.id, kind=DoorLetterKind.ENTER, asked_at=at, mail_at=None)
    yield Notice(
        person_id=person.id,
        happening=f"x{days}",
        code="catch_up",
        subject_kind="x",
        subject_ref="x",
        over_at=at,
    )
    yield Notice(
        person_id=person.id,
        happening=f"y{days}",
        code="catch_up",
        subject_kind="x",
        subject_ref="x",
        read_at=at,
    )
    series = Series(name=f"s{days}", tag=f"#s{days}", tag_folded=f"s{days}")
    ally = Ally(
        kind=AllyKind.PERSON, name="Carla", email=f"c{days}@x.mx", identity=f"c{days}",
        consent=ConsentStanding.INVITED, registered_by_id=person.id,
    )  # fmt: skip
    sweep = Sweep(started_at=at, ended_at=at)
    session.add_all([series, ally, sweep])
    session.flush()
    yield AllyConsent(ally_id=ally.id, act=ConsentAct.INVITED, said_on=at.date(), noted_at=at)
    yield Reply(
        series_id=series.id, network="x", key=f"r{days}", handle="@dora", said="¿Cómo pido?", url="https://x.com/d/1",
        stage=ReplyStage.ANSWERED, settled_at=at,
    )  # fmt: skip
    body, edition = Stage(session).body(f"b{days}"), Edition(slug=f"p{days}", name=f"PlanDAI {days}")
    session.add(edition)
    session.flush()
    taking = Participation(edition_id=edition.id, body_id=body.id, takes_part=True)
    ask = SweepAsk(sweep_id=sweep.id, body_id=body.id, name="Eva", email="eva@x.mx")
    session.add_all([taking, ask])
    session.flush()
    yield NetworkMember(
        participation_id=taking.id, sector=Sector.OTHER, name="Fidel", added_by_id=person.id, left_at=at
    )
    yield SweepLink(token_hash=f"l{days}", ask_id=ask.id, expires_at=at)


def _plant(session: Session, days: int) -> Person:
    person = people.add(session, f"ana{days}@snt.mx", "Ana")
    session.add_all(list(_of(session, days, person)))
    gone = people.add(session, f"beto{days}@snt.mx", "Beto")
    gone.left_at = clock.now() - timedelta(days=days)
    audit.record(session, gone.ref, "post_made", "post", "abc")
    session.flush()
    return gone


def _left(session: Session) -> dict[str, int]:
    """How many rows still tell of somebody, by rule."""
    return {
        one.rule.code: one.held
        for one in retaining.standing(session, {})
        if one.lasts is not None and one.held
    }


def test_what_is_over_is_erased_and_the_rest_stays(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        old, recent = _plant(session, 400), _plant(session, 0)
        assert {one.rule.code for one in retaining.standing(session, {}) if one.due} == set(timed())
    erased = retaining.erase_due(database, settings)
    assert erased == dict.fromkeys(timed(), 1)
    with database.transaction() as session:
        assert _left(session) == dict.fromkeys(timed(), 1)
        # A matter that lasts was read long ago, and is not told again.
        assert session.scalar(select(func.count()).where(Notice.over_at.is_(None))) == 2
        assert session.get_one(Person, old.id).name == people.ERASED
        assert session.get_one(Person, recent.id).name == "Beto"
        # What was done stays, and the chain holds.
        done = select(func.count()).select_from(AuditEvent).where(AuditEvent.actor_ref == old.ref)
        assert session.scalar(done) == 1
        audit_chain.seal_all(session)
        assert audit_chain.check(session).faults == []
        ran = retaining.last_run(session)
        assert ran is not None
        assert ran.erased == erased
    assert retaining.erase_daily(database, settings) == {}


def test_far_more_than_usual_waits_for_a_person(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "_MANY", 3)
    with database.transaction() as session:
        session.add_all(
            SignInAttempt(key=f"a{n}", at=clock.now() - timedelta(days=3), succeeded=False) for n in range(5)
        )
    assert retaining.erase_due(database, settings) == {"tries": 5}  # the first time there is much
    with database.transaction() as session:
        session.add_all(
            SignInAttempt(key=f"b{n}", at=clock.now() - timedelta(days=3), succeeded=False) for n in range(5)
        )
    assert retaining.erase_due(database, settings) == {}
    with database.reading() as session:
        ran = retaining.last_run(session)
        assert ran is not None
        assert ran.held_back == {"tries": 5}
        (held,) = [one.params for one, _to in keeping_watch.standing(session) if one.code == "erasing_held"]
        assert held == {"due": 5}
    assert retaining.erase_due(database, settings, however_many=True) == {"tries": 5}
    with database.reading() as session:
        assert not [one for one, _to in keeping_watch.standing(session) if one.code == "erasing_held"]


def test_nothing_is_erased_while_the_house_catches_up(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        _plant(session, 400)
        installation(session).catch_up_since = clock.now()
    assert retaining.erase_daily(database, settings) == {}
    with database.transaction() as session:
        installation(session).catch_up_since = None
    assert set(retaining.erase_daily(database, settings)) == set(timed())


def test_an_institution_chooses_its_days(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        _plant(session, 400)
    longer = ",".join(f"{code}=4000" for code in timed())
    settings = read({"RESUENA_DATA": str(tmp_path), "RESUENA_RETENTION": longer})
    assert retaining.erase_due(database, settings) == {}
