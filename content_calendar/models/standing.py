"""What keeps the directory true: who said yes to an account, what was told and looked at, what bodies propose."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Account, Owner
from content_calendar.models.people import Person


class CertificationYes(Base):
    """The first of two people's yes to an account of the commission's own; it waits for the second person."""

    __tablename__ = "certification_yes"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # The network's own number of the account, when the first person gave it.
    remote_id: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class CertificationWatch(Base):
    """What was told of one certification of an account, the one that ends at ``until``."""

    __tablename__ = "certification_watch"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)


class CertificationLink(Base):
    """A link mailed to one person about accounts of one owner. Its token is kept as a hash."""

    __tablename__ = "certification_link"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    account_refs: Mapped[list[str]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")


class FormerHandle(Base):
    """What an account was called from one day to another; ``valid_to`` is the first day on which it was not."""

    __tablename__ = "former_handle"
    __table_args__ = (Index("ix_former_handle_handle", "handle_folded", "network"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    network: Mapped[str] = mapped_column(String(40))
    handle: Mapped[str] = mapped_column(String(200))
    handle_folded: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class LookResult(StrEnum):
    """What a look at an account on its network found.

    same: its handle belongs to the number that was certified.
    learnt: its number was not known; now it is.
    taken: its handle belongs to another number.
    renamed: the certified number has another handle.
    missing: nobody has the handle.
    unanswered: the network did not say.
    """

    SAME = "same"
    LEARNT = "learnt"
    TAKEN = "taken"
    RENAMED = "renamed"
    MISSING = "missing"
    UNANSWERED = "unanswered"


class AccountLook(Base):
    """The last look at an account on its network, and when the next is due."""

    __tablename__ = "account_look"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Moment, index=True)
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[LookResult | None] = mapped_column(Word(LookResult))
    # Who has the handle now, and what the certified number is called now, where they differ from ours.
    found_id: Mapped[str] = mapped_column(String(200), default="")
    found_handle: Mapped[str] = mapped_column(String(200), default="")


class LinkBack(Base):
    """Whether the owner's site links to an account: the proof that both are in the same hands."""

    __tablename__ = "link_back"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    found: Mapped[bool]
    # The page that links to it, or the last one that was looked at; empty when the owner has no site.
    url: Mapped[str] = mapped_column(String(500), default="")
    checked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # Since when it has been found without a break.
    found_since: Mapped[datetime | None] = mapped_column(Moment)
    # Why a page could not be read, empty when it could.
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class ProposalKind(StrEnum):
    """What somebody proposes to change in the directory."""

    ADD_ACCOUNT = "add_account"
    RENAME_ACCOUNT = "rename_account"
    ACCOUNT_GONE = "account_gone"
    ADD_SITE = "add_site"
    ADD_FEED = "add_feed"
    RENAME_OWNER = "rename_owner"
    SUCCESSION = "succession"


class ProposalStage(StrEnum):
    """Where a proposal is: waiting for the commission, accepted, returned with a reason, or withdrawn."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


_WAITING = text("stage = 'waiting'")


class DirectoryProposal(Base):
    """A change of the directory that somebody proposes and the commission decides on."""

    __tablename__ = "directory_proposal"
    __table_args__ = (
        # The same proposed twice is one: the database decides, since two people may ask at once.
        Index(
            "uq_directory_proposal_waiting",
            "owner_id",
            "fold_key",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[ProposalKind] = mapped_column(Word(ProposalKind))
    # What it would be, and what it was when it was proposed.
    fields: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    seen: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    fold_key: Mapped[str] = mapped_column(String(600))
    note: Mapped[str] = mapped_column(default="")
    # Empty when the software noticed it by itself.
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    stage: Mapped[ProposalStage] = mapped_column(Word(ProposalStage), default=ProposalStage.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(default="")

    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")
    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id], lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], lazy="raise_on_sql")
