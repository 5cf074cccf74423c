"""Certifying: by a named person, for ninety days, twice for the commission's own, asked for in time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import accounts, certification, certification_links, certifying, people
from content_calendar.accounts import Answer, NewAccount
from content_calendar.certification_links import (
    CertificationLinkExpiredError,
    CertificationLinkMissingError,
    CertificationLinkPersonError,
    CertificationLinkUsedError,
)
from content_calendar.certifying import AccountUnderAlarmError, SameCertifierError
from content_calendar.clock import now
from content_calendar.models.directory import Account, Commission, Owner, Standing
from content_calendar.models.notices import Notice
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.standing import CertificationLink
from content_calendar.permissions import Role
from tests.content_calendar.makers import make_body, make_person

START = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
TODAY = START.date()


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database: nothing here is a matter of which."""
    copy(sqlite_template, tmp_path / "resuena.db")
    return f"sqlite:///{tmp_path / 'resuena.db'}"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


def somebody(session: Session, name: str, role: Role, body_id: int | None = None) -> Person:
    person = people.add(session, f"{name}@ejemplo.mx", name)
    people.grant(session, person, role, on=date(2020, 1, 1), body_id=body_id)
    return person


def added(session: Session, owner: Owner, handle: str) -> Account:
    return accounts.add(session, owner, NewAccount("somewhere", handle), TODAY, actor_ref="p")


def told(session: Session) -> list[tuple[str, int, bool]]:
    rows = session.scalars(select(Notice).where(Notice.subject_kind == "certification").order_by(Notice.id))
    return [(row.code, row.person_id, row.over_at is None) for row in rows]


@pytest.fixture
def commission(session: Session) -> Commission:
    owner = Commission(slug="nuestra", short_name="Nuestra", name="Nuestra Comisión", zone="UTC")
    session.add(owner)
    session.flush()
    return owner


def test_somebody_s_word_is_good_for_ninety_days_and_then_the_account_waits_again(
    session: Session, clock: time_machine.Traveller
) -> None:
    account = added(session, make_body(session, "itei", "MX-JAL"), "itei")
    assert certifying.certify(session, account, make_person(session))
    clock.move_to(START + timedelta(days=89))
    assert certifying.lapse_due(session) == 0
    assert accounts.official_status(session, "somewhere", "itei", TODAY).answer is Answer.OFFICIAL
    clock.move_to(START + timedelta(days=90))
    # In public it is over at once, also where no worker is at work.
    assert accounts.official_status(session, "somewhere", "itei", TODAY).answer is Answer.LAPSED
    assert (certifying.lapse_due(session), certifying.lapse_due(session)) == (1, 0)
    assert account.standing is Standing.TO_CERTIFY
    assert accounts.official_status(session, "somewhere", "itei", TODAY).answer is Answer.LAPSED
    certifying.certify(session, account, make_person(session, "Eva"))
    assert accounts.official_status(session, "somewhere", "itei", TODAY).answer is Answer.OFFICIAL


def test_those_certified_before_certifications_ended_get_time_to_be_asked(
    session: Session, clock: time_machine.Traveller
) -> None:
    account = added(session, make_body(session, "itei", "MX-JAL"), "itei")
    certifying.certify(session, account, make_person(session))
    account.certified_until = None
    clock.move_to(START + timedelta(days=400))
    assert certifying.lapse_due(session) == 0
    assert account.standing is Standing.IN_FORCE
    assert account.certified_until == now() + timedelta(days=21)


def test_an_account_of_a_commission_takes_two_different_people(
    session: Session, commission: Commission, clock: time_machine.Traveller
) -> None:
    luz, eva = somebody(session, "Luz", Role.COORDINATOR), somebody(session, "Eva", Role.ADMIN)
    account = added(session, commission, "nuestra")
    assert certification.say_yes(session, commission, [account], luz).waiting == [account]
    assert account.standing is Standing.TO_CERTIFY
    with pytest.raises(SameCertifierError):
        certifying.certify(session, account, luz)
    assert told(session) == [("certification_second", eva.id, True)]
    assert certification.say_yes(session, commission, [account], eva).done == [account]
    assert accounts.find(session, account.ref).standing is Standing.IN_FORCE
    assert told(session) == [("certification_second", eva.id, False)]
    line = session.scalars(select(AuditEvent).where(AuditEvent.act == "account_certified")).one()
    assert (line.actor_ref, line.details["first"]) == (eva.ref, luz.ref)
    # A first yes that is too old is none: whoever gave it may give it again.
    clock.move_to(START + timedelta(days=100))
    certifying.lapse_due(session)
    assert not certifying.certify(session, account, luz)
    clock.move_to(START + timedelta(days=115))
    assert not certifying.certify(session, account, luz)


def test_an_account_under_alarm_takes_somebody_who_knows_its_new_number(session: Session) -> None:
    account, ana = added(session, make_body(session, "itei", "MX-JAL"), "itei"), make_person(session)
    certifying.certify(session, account, ana, remote_id="1")
    certifying.suspect(session, account, "666")
    for remote_id in ("", "1"):
        with pytest.raises(AccountUnderAlarmError):
            certifying.certify(session, account, ana, remote_id=remote_id)
    assert certifying.certify(session, account, ana, remote_id="2")
    assert (account.standing, account.remote_id) == (Standing.IN_FORCE, "2")


def test_who_answers_for_a_body_is_asked_twice_and_then_the_staff(
    session: Session, clock: time_machine.Traveller
) -> None:
    body = make_body(session, "itei", "MX-JAL")
    luz = somebody(session, "Luz", Role.COORDINATOR)
    beto = somebody(session, "Beto", Role.LIAISON, body.id)
    one, two = added(session, body, "itei"), added(session, body, "itei_dos")
    certifying.certify(session, one, luz)
    clock.shift(timedelta(days=10))
    certifying.certify(session, two, luz)

    def at(days: int) -> list[tuple[str, int, bool]]:
        clock.move_to(START + timedelta(days=days))
        certification.chase(session)
        certification.chase(session)
        return told(session)

    assert at(70) == []
    # Both are asked about at once, though one ends ten days after the other.
    assert at(77) == [("certification_due", beto.id, True)]
    assert session.scalars(select(Notice)).one().params["handles"] == "itei, itei_dos"
    assert at(89) == [("certification_due", beto.id, True)]
    assert at(90)[1:] == [("certification_lapsed", beto.id, True)]
    assert at(96)[2:] == []
    assert at(97)[2:] == [("certification_unanswered", luz.id, True)]
    certification.say_yes(session, body, [one, two], beto)
    assert [is_open for _code, _person, is_open in told(session)] == [False, False, False]
    assert at(100)[3:] == []


def test_a_body_that_nobody_answers_for_is_the_staff_s_to_ask(session: Session) -> None:
    body, luz = make_body(session, "itei", "MX-JAL"), somebody(session, "Luz", Role.COORDINATOR)
    certifying.certify(session, added(session, body, "itei"), luz, lasts=timedelta(days=3))
    certification.chase(session)
    assert told(session) == [("certification_due", luz.id, True)]


def test_a_mailed_link_is_for_one_person_some_accounts_and_one_use(
    session: Session, clock: time_machine.Traveller
) -> None:
    body = make_body(session, "itei", "MX-JAL")
    beto = somebody(session, "Beto", Role.LIAISON, body.id)
    account, other = added(session, body, "itei"), added(session, body, "otra")
    certifying.certify(session, account, beto, lasts=timedelta(days=3))
    certification.chase(session)
    notices = session.scalars(select(Notice)).all()

    def token() -> str:
        return next(iter(certification_links.issue(session, notices).values()))

    first, second, third = token(), token(), token()
    kept = session.scalars(select(CertificationLink.token_hash)).all()
    assert not {first, second, third} & set(kept)
    opened = certification_links.opened(session, first)
    assert (opened.person, list(opened.accounts)) == (beto, [account])
    assert other not in opened.accounts
    certification_links.use(session, opened)
    with pytest.raises(CertificationLinkUsedError):
        certification_links.opened(session, first)
    with pytest.raises(CertificationLinkMissingError):
        certification_links.opened(session, "nada")
    beto.left_at = now()
    with pytest.raises(CertificationLinkPersonError):
        certification_links.opened(session, second)
    clock.shift(timedelta(days=21))
    with pytest.raises(CertificationLinkExpiredError):
        certification_links.opened(session, third)
