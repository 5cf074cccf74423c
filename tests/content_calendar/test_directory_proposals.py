"""What bodies propose: folded, applied by accepting, returned with a reason, stale when the row has moved on."""

from datetime import date
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import accounts, directory_proposals, people
from content_calendar.accounts import Answer, NewAccount
from content_calendar.directory_proposals import (
    ProposalDecidedError,
    ProposalFeedUnreadError,
    ProposalIncompleteError,
    ProposalNeedlessError,
    ProposalReasonMissingError,
    ProposalStaleError,
    accept,
    propose,
)
from content_calendar.models.directory import Account, Body, Owner, Site, Standing
from content_calendar.models.notices import Notice
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.standing import DirectoryProposal, ProposalKind, ProposalStage
from content_calendar.permissions import Role
from tests.content_calendar.makers import make_body

TODAY = date(2026, 3, 2)
K = ProposalKind


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy(sqlite_template, tmp_path / "resuena.db")
    return f"sqlite:///{tmp_path / 'resuena.db'}"


@pytest.fixture
def body(session: Session) -> Body:
    return make_body(session, "itei", "MX-JAL")


@pytest.fixture
def beto(session: Session, body: Body) -> Person:
    person = people.add(session, "beto@ejemplo.mx", "Beto")
    people.grant(session, person, Role.LIAISON, on=date(2020, 1, 1), body_id=body.id)
    return person


@pytest.fixture
def luz(session: Session) -> Person:
    person = people.add(session, "luz@ejemplo.mx", "Luz")
    people.grant(session, person, Role.COORDINATOR, on=date(2020, 1, 1))
    return person


def found(session: Session, proposal: DirectoryProposal) -> DirectoryProposal:
    return directory_proposals.find(session, proposal.ref, to_decide=True)


def of(session: Session, body: Body, handle: str = "itei") -> Account:
    return accounts.add(session, body, NewAccount("somewhere", handle), TODAY, actor_ref="p")


def codes(session: Session, person: Person) -> list[tuple[str, bool]]:
    rows = session.scalars(select(Notice).where(Notice.person_id == person.id).order_by(Notice.id))
    return [(row.code, row.over_at is None) for row in rows]


def test_each_kind_is_applied_by_accepting_it(
    session: Session, body: Body, beto: Person, luz: Person
) -> None:
    account, gone = of(session, body), of(session, body, "vieja")
    subscribed = []

    def subscribe(_session: Session, owner: Owner, url: str, title: str, person: Person) -> None:
        subscribed.append((owner.slug, url, title, person.name))

    asked: list[tuple[K, dict[str, str], Account | None]] = [
        (K.ADD_ACCOUNT, {"network": "somewhere", "handle": "@Nueva"}, None),
        (K.RENAME_ACCOUNT, {"handle": "itei_jalisco"}, account),
        (K.ACCOUNT_GONE, {"standing": "no_access"}, gone),
        (K.ADD_SITE, {"url": "https://itei.example/"}, None),
        (K.ADD_FEED, {"url": "https://itei.example/rss"}, None),
        (K.RENAME_OWNER, {"name": "Instituto Nuevo", "short_name": "INUEVO"}, None),
        (K.SUCCESSION, {"name": "Transparencia para el Pueblo", "short_name": "TPP"}, None),
    ]
    assert {kind for kind, _fields, _account in asked} == set(K)
    for kind, fields, about in asked:
        made = propose(session, body, kind, fields, by=beto, account=about)
        if kind is K.ADD_FEED:
            with pytest.raises(ProposalFeedUnreadError):
                accept(session, found(session, made.proposal), luz, TODAY)
        accept(session, found(session, made.proposal), luz, TODAY, subscribe)
        assert made.proposal.stage is ProposalStage.ACCEPTED
    handles = dict(session.execute(select(Account.handle, Account.standing)).all())
    assert handles == {
        "Nueva": Standing.TO_CERTIFY, "itei_jalisco": Standing.TO_CERTIFY, "vieja": Standing.NO_ACCESS,
    }  # fmt: skip
    assert session.scalars(select(Site.url)).all() == ["https://itei.example/"]
    assert subscribed == [("itei", "https://itei.example/rss", "", "Luz")]
    assert (body.name, body.valid_to, body.slug) == ("Instituto Nuevo", TODAY, "itei")
    assert (
        session.scalars(select(Body).where(Body.slug == "tpp")).one().name == "Transparencia para el Pueblo"
    )
    assert codes(session, luz) == [("proposal_made", False)] * 7
    # That it was accepted is good to know, and needs nobody.
    assert codes(session, beto) == [("proposal_accepted", False)] * 7


def test_the_same_proposed_twice_is_one(session: Session, body: Body, beto: Person) -> None:
    fields = {"network": "somewhere", "handle": "@ITEI"}
    first = propose(session, body, K.ADD_ACCOUNT, fields, by=beto)
    second = propose(session, body, K.ADD_ACCOUNT, fields | {"handle": "itei"}, by=None)
    assert (first.is_new, second.is_new) == (True, False)
    assert second.proposal.ref == first.proposal.ref
    directory_proposals.withdraw(session, first.proposal, beto)
    assert propose(session, body, K.ADD_ACCOUNT, fields, by=beto).is_new


def test_what_the_directory_says_already_and_what_is_not_said_is_refused(
    session: Session, body: Body, beto: Person
) -> None:
    account = of(session, body)
    for kind, fields, about in (
        (K.ADD_ACCOUNT, {"network": "somewhere", "handle": "ITEI"}, None),
        (K.RENAME_ACCOUNT, {"handle": "@itei"}, account),
        (K.RENAME_OWNER, {"name": body.name, "short_name": body.short_name}, None),
    ):
        with pytest.raises(ProposalNeedlessError):
            propose(session, body, kind, fields, by=beto, account=about)
    for kind, fields, about in (
        (K.ADD_ACCOUNT, {"handle": "x"}, None),
        (K.RENAME_ACCOUNT, {"handle": "otra"}, None),
        (K.ACCOUNT_GONE, {"standing": "in_force"}, account),
        (K.SUCCESSION, {"name": "Sin siglas"}, None),
    ):
        with pytest.raises(ProposalIncompleteError):
            propose(session, body, kind, fields, by=beto, account=about)
    other = make_body(session, "otro", "MX-AGU")
    with pytest.raises(ProposalIncompleteError):
        propose(session, other, K.RENAME_ACCOUNT, {"handle": "otra"}, by=beto, account=account)


def test_a_proposal_is_returned_with_a_reason_and_decided_once(
    session: Session, body: Body, beto: Person, luz: Person
) -> None:
    made = propose(session, body, K.ADD_SITE, {"url": "https://itei.example/"}, by=beto).proposal
    with pytest.raises(ProposalReasonMissingError):
        directory_proposals.give_back(session, made, luz, " ")
    directory_proposals.give_back(session, made, luz, "Ese sitio ya no abre.")
    assert codes(session, beto) == [("proposal_returned", True)]
    with pytest.raises(ProposalDecidedError):
        accept(session, found(session, made), luz, TODAY)
    acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_ref == "itei")).all()
    assert acts == ["proposal_made", "proposal_returned"]


def test_a_proposal_about_what_has_changed_since_is_told_and_not_applied(
    session: Session, body: Body, beto: Person, luz: Person
) -> None:
    account = of(session, body)
    made = propose(session, body, K.RENAME_ACCOUNT, {"handle": "nueva"}, by=beto, account=account).proposal
    accounts.rename(session, account, NewAccount("", "otra"), TODAY, same_id=False, actor_ref=luz.ref)
    with pytest.raises(ProposalStaleError) as stale:
        accept(session, found(session, made), luz, TODAY)
    assert stale.value.params == {"before": "itei", "now": "otra"}
    assert account.handle == "otra"


def test_an_account_that_is_renamed_was_official_under_its_old_name(
    session: Session, body: Body, luz: Person
) -> None:
    account = of(session, body)
    accounts.certify(session, account, luz, remote_id="42")
    later = date(2026, 4, 1)
    accounts.rename(session, account, NewAccount("", "@ITEI_Jal"), later, same_id=True, actor_ref=luz.ref)
    old = accounts.official_status(session, "somewhere", "ITEI", later)
    assert (old.answer, old.until, old.handle, old.now_called) == (
        Answer.WAS_OFFICIAL, later, "itei", "ITEI_Jal",
    )  # fmt: skip
    new = accounts.official_status(session, "somewhere", "itei_jal", later)
    assert (new.answer, new.since, account.remote_id) == (Answer.OFFICIAL, later, "42")
    # What the network did not tell is a person's word about another account: somebody certifies it.
    accounts.rename(session, account, NewAccount("", "tercera"), later, same_id=False, actor_ref=luz.ref)
    assert (account.standing, account.remote_id) == (Standing.TO_CERTIFY, None)
    assert accounts.official_status(session, "somewhere", "itei", later).now_called == ""
