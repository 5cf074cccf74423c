"""Is this account official, and whom may a campaign tag?"""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import accounts
from content_calendar.accounts import (
    AccountInUseError,
    AccountNotFoundError,
    AccountRetiredError,
    Answer,
    HandleMissingError,
    NewAccount,
    OwnerDissolvedError,
    StandingInvalidError,
)
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, Confidence, Standing
from content_calendar.models.people import AuditEvent
from content_calendar.models.plan import Campaign
from content_calendar.seeds import plant
from content_calendar.succession import NewBody, found_successor
from tests.conftest import CountQueries
from tests.content_calendar.makers import make_account, make_body, make_person

TODAY = date(2026, 3, 2)
LATER = date(2026, 4, 2)


@pytest.fixture(autouse=True)
def on_that_day() -> Iterator[None]:
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        yield


def _add(session: Session, body: Body, handle: str) -> Account:
    return accounts.add(session, body, NewAccount("somewhere", handle), TODAY, actor_ref="p")


def test_a_new_account_waits_to_be_certified(session: Session) -> None:
    body = make_body(session, "itei", "MX-JAL")
    account = _add(session, body, " @Itei_Jal ")
    assert (account.handle, account.handle_folded) == ("Itei_Jal", "itei_jal")
    assert (account.standing, account.confidence) == (Standing.TO_CERTIFY, Confidence.UNCONFIRMED)
    status = accounts.official_status(session, "somewhere", "ITEI_jal", TODAY)
    assert status.answer is Answer.UNCERTIFIED
    assert accounts.find(session, account.ref) is account


def test_an_account_needs_a_handle_that_nobody_else_uses(session: Session) -> None:
    body, other = make_body(session, "itei", "MX-JAL"), make_body(session, "itea", "MX-AGU")
    _add(session, body, "transparencia")
    with pytest.raises(AccountInUseError) as refused:
        _add(session, other, "@Transparencia")
    assert refused.value.params["owner"] == "ITEI"
    with pytest.raises(HandleMissingError):
        _add(session, other, " @ ")
    # The refusal cost nothing of what was done before.
    assert session.scalar(select(func.count()).select_from(Account)) == 1
    with pytest.raises(AccountNotFoundError):
        accounts.find(session, "nada")


def test_a_certified_account_is_official_from_then_on(session: Session, count_queries: CountQueries) -> None:
    person, body = make_person(session), make_body(session, "itei", "MX-JAL")
    account = _add(session, body, "itei")
    accounts.certify(session, account, person, remote_id="42")
    with count_queries() as queries:
        status = accounts.official_status(session, "somewhere", "@ITEI", LATER)
    assert len(queries) == 1
    assert (status.answer, status.since, status.until) == (Answer.OFFICIAL, TODAY, None)
    assert status.account is not None
    assert (status.account.remote_id, status.account.certified_by_id) == ("42", person.id)
    acts = [event.act for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert acts == ["account_added", "account_certified"]


def test_a_retired_account_was_official_and_its_handle_may_be_somebody_else_s(session: Session) -> None:
    person = make_person(session)
    old, new = make_body(session, "itei", "MX-JAL"), make_body(session, "otro", "MX-JAL")
    account = _add(session, old, "transparencia")
    accounts.certify(session, account, person)
    accounts.retire(session, account, LATER, Standing.SUCCEEDED, reason="decreto", actor_ref="p")
    status = accounts.official_status(session, "somewhere", "transparencia", date(2026, 5, 1))
    assert (status.answer, status.since, status.until) == (Answer.WAS_OFFICIAL, TODAY, LATER)
    heir = accounts.add(session, new, NewAccount("somewhere", "transparencia"), LATER, actor_ref="p")
    accounts.certify(session, heir, person)
    now_official = accounts.official_status(session, "somewhere", "transparencia", date(2026, 5, 1))
    assert now_official.account is not None
    assert (now_official.answer, now_official.account.owner_id) == (Answer.OFFICIAL, new.id)


def test_a_retired_account_is_not_certified_again_nor_retired_twice(session: Session) -> None:
    account = _add(session, make_body(session, "itei", "MX-JAL"), "itei")
    with pytest.raises(StandingInvalidError):
        accounts.retire(session, account, TODAY, Standing.IN_FORCE, reason="", actor_ref="p")
    accounts.retire(session, account, TODAY, Standing.EXTINCT, reason="", actor_ref="p")
    with pytest.raises(AccountRetiredError):
        accounts.certify(session, account, make_person(session))
    with pytest.raises(AccountRetiredError):
        accounts.retire(session, account, TODAY, Standing.EXTINCT, reason="", actor_ref="p")


def test_an_impersonated_account_is_not_official(session: Session) -> None:
    account = _add(session, make_body(session, "itei", "MX-JAL"), "itei_falso")
    accounts.retire(session, account, TODAY, Standing.IMPERSONATED, reason="no es suya", actor_ref="p")
    assert accounts.official_status(session, "somewhere", "itei_falso", TODAY).answer is Answer.NOT_OFFICIAL


def test_a_dissolved_body_s_account_cannot_be_certified_and_was_official(session: Session) -> None:
    body = make_body(session, "itei", "MX-JAL")
    account = make_account(session, body, "itei")
    accounts.certify(session, account, make_person(session))
    assert accounts.official_status(session, "somewhere", "itei", TODAY).answer is Answer.OFFICIAL
    body.valid_to = date(2026, 3, 1)
    status = accounts.official_status(session, "somewhere", "itei", TODAY)
    assert (status.answer, status.until) == (Answer.WAS_OFFICIAL, date(2026, 3, 1))
    with pytest.raises(OwnerDissolvedError):
        accounts.certify(session, account, make_person(session, "Eva"))


def test_a_handle_nobody_registered_is_not_registered(session: Session) -> None:
    assert accounts.official_status(session, "somewhere", "x", TODAY).answer is Answer.NOT_REGISTERED
    plant(session, TODAY)
    networks = dict(session.execute(select(Account.handle, Account.network)).all())
    status = accounts.official_status(session, networks["INAImexico"], "inaimexico", TODAY)
    assert (status.answer, status.until) == (Answer.WAS_OFFICIAL, date(2025, 3, 21))


def test_plandai_writes_the_name_of_the_inai_until_a_successor_is_certified(
    session: Session, count_queries: CountQueries
) -> None:
    plant(session, TODAY)
    campaign = session.scalars(select(Campaign).where(Campaign.slug == "plandai")).one()
    mention = accounts.mentioned_account(session, campaign, "somewhere", TODAY)
    assert mention is not None
    assert (mention.handle, mention.name, mention.stands) == (None, "INAI", False)
    assert "Transparencia para el Pueblo" in mention.successor

    inai = session.scalars(select(Body).where(Body.slug == "inai")).one()
    new = NewBody("tpp", "Transparencia para el Pueblo", "Transparencia para el Pueblo", "DOF")
    heir = found_successor(session, inai, new, date(2025, 3, 21), actor_ref="p")
    account = _add(session, heir, "TPP_mx")
    waiting = accounts.mentioned_account(session, campaign, "somewhere", TODAY)
    assert waiting is not None
    assert (waiting.handle, waiting.name, waiting.stands) == (None, "Transparencia para el Pueblo", False)

    accounts.certify(session, account, make_person(session))
    with count_queries() as queries:
        certified = accounts.mentioned_account(session, campaign, "somewhere", TODAY)
    assert certified == accounts.Mention("TPP_mx", "Transparencia para el Pueblo", stands=True)
    assert len(queries) <= 3
    elsewhere = accounts.mentioned_account(session, campaign, "elsewhere", TODAY)
    assert elsewhere is not None
    assert not elsewhere.stands


def test_a_standing_account_of_a_dissolved_owner_is_never_tagged(session: Session) -> None:
    body = make_body(session, "inai", "MX")
    campaign = Campaign(slug="c", name="c", mentions_id=body.id)
    account = _add(session, body, "INAImexico")
    accounts.certify(session, account, make_person(session))
    tagged = accounts.mentioned_account(session, campaign, "somewhere", TODAY)
    assert tagged is not None
    assert tagged.handle == "INAImexico"
    body.valid_to = TODAY
    session.flush()
    gone = accounts.mentioned_account(session, campaign, "somewhere", TODAY)
    assert gone is not None
    assert (gone.handle, gone.stands) == (None, False)


def test_a_campaign_that_mentions_nobody_has_no_mention(database: Database) -> None:
    with database.reading() as session:
        campaign = Campaign(slug="c", name="c", mentions_id=None)
        assert accounts.mentioned_account(session, campaign, "somewhere", TODAY) is None
