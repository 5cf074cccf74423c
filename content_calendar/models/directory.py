"""Who speaks: bodies, commissions and regional coordinations, their accounts and sites."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref


class Confidence(StrEnum):
    """How well a source confirms what a row says; shown beside it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNCONFIRMED = "unconfirmed"


class OwnerKind(StrEnum):
    """What kind of owner an account, a site or a feed has."""

    BODY = "body"
    COMMISSION = "commission"
    COORDINATION = "coordination"


class Standing(StrEnum):
    """What an account is worth today; only ``in_force`` is official."""

    IN_FORCE = "in_force"
    TO_CERTIFY = "to_certify"
    NO_ACCESS = "no_access"
    IMPERSONATED = "impersonated"
    IN_TRANSITION = "in_transition"
    EXTINCT = "extinct"
    SUCCEEDED = "succeeded"


class Region(Base):
    """A region of the SNT. Editable: the sources disagree on how many there are and on who is in which."""

    __tablename__ = "region"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(default="")
    retired_on: Mapped[date | None]


class Owner(Base):
    """Whoever can own an account, a site or a feed."""

    __tablename__ = "owner"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[OwnerKind] = mapped_column(Word(OwnerKind))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    short_name: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(300))
    zone: Mapped[str] = mapped_column(String(60))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")

    region: Mapped[Region | None] = relationship(lazy="raise_on_sql")
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 -- SQLAlchemy reads it as it is


class Body(Owner):
    """A guarantor body: one of the 32 of the states or the federal one, with its succession."""

    __tablename__ = "body"
    id: Mapped[int] = mapped_column(ForeignKey("owner.id"), primary_key=True)
    # Several bodies may follow one another in a state; their validity tells whose turn it is.
    state_iso: Mapped[str] = mapped_column(String(8), index=True)
    state_name: Mapped[str] = mapped_column(String(80))
    name_confidence: Mapped[Confidence] = mapped_column(Word(Confidence))
    region_confidence: Mapped[Confidence] = mapped_column(Word(Confidence), default=Confidence.UNCONFIRMED)
    region_source: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    confidence: Mapped[Confidence] = mapped_column(Word(Confidence))
    # As the source says it: a day, or only a month ("2025-05").
    dissolved_on: Mapped[str] = mapped_column(String(10), default="")
    successor: Mapped[str] = mapped_column(default="")
    successor_source: Mapped[str] = mapped_column(default="")
    succeeded_by_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"))

    __mapper_args__ = {  # noqa: RUF012 -- SQLAlchemy reads it as it is
        "polymorphic_identity": OwnerKind.BODY,
        "inherit_condition": id == Owner.id,  # noqa: A003 -- the column above, not the builtin
    }


class Commission(Owner):
    """A commission of the SNT, ours included."""

    __mapper_args__ = {"polymorphic_identity": OwnerKind.COMMISSION}  # noqa: RUF012 -- SQLAlchemy reads it as it is


class Coordination(Owner):
    """A regional coordination of the SNT."""

    __mapper_args__ = {"polymorphic_identity": OwnerKind.COORDINATION}  # noqa: RUF012 -- SQLAlchemy reads it as it is


class Account(Base):
    """An account of an owner on a network.

    A handle may change hands: the validity dates tell whose it was when.
    """

    __tablename__ = "account"
    __table_args__ = (
        Index(
            "uq_account_in_use",
            "network",
            "handle_folded",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    network: Mapped[str] = mapped_column(String(40))
    handle: Mapped[str] = mapped_column(String(200))
    handle_folded: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(default="")
    remote_id: Mapped[str | None] = mapped_column(String(200))
    standing: Mapped[Standing] = mapped_column(Word(Standing), default=Standing.TO_CERTIFY)
    confidence: Mapped[Confidence] = mapped_column(Word(Confidence), default=Confidence.UNCONFIRMED)
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    certified_at: Mapped[datetime | None] = mapped_column(Moment)
    certified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # A certification is good until then; empty for what needs none, such as an account of rehearsal.
    certified_until: Mapped[datetime | None] = mapped_column(Moment, index=True)
    # Whether the commission publishes with it; the credentials, where a network needs them, stand apart.
    connected_at: Mapped[datetime | None] = mapped_column(Moment)
    # Until then nothing is claimed for it: its network's pace, or a rate limit.
    free_at: Mapped[datetime | None] = mapped_column(Moment)
    # What its server allows, where servers of one network differ.
    limits: Mapped[dict[str, int]] = mapped_column(Json, default=dict)

    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")


class CredentialMethod(StrEnum):
    """How an account was connected."""

    KEYS = "keys"
    OAUTH = "oauth"


class Credential(Base):
    """What opens an account, sealed; bound to its account, so that a row moved to another does not open."""

    __tablename__ = "credential"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str] = mapped_column(String(40))
    stored_at: Mapped[datetime] = mapped_column(Moment, default=now)
    method: Mapped[CredentialMethod] = mapped_column(Word(CredentialMethod), default=CredentialMethod.KEYS)
    # What opens it today ends then; empty when it does not end.
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    renewed_at: Mapped[datetime | None] = mapped_column(Moment)
    # One worker renews at a time: a renewal token is good for one use. An owner whose lease ran out began to
    # renew and was heard of no more; a lease without an owner is a pause.
    lease_owner: Mapped[str] = mapped_column(String(80), default="")
    lease_gen: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    # What a person should know of it: why its last renewal failed, or that it ends soon. Empty: all is well.
    said_code: Mapped[str] = mapped_column(String(60), default="")


class ConnectAttempt(Base):
    """Somebody went to a network to allow us to publish, and has not come back yet. Good once, and not for long."""

    __tablename__ = "connect_attempt"
    # Hash of the state that travels through the browser.
    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The PKCE verifier and what else the way back needs, sealed for the account.
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class AppRegistration(Base):
    """What a network gave this installation when an administrator registered it there, sealed for that network."""

    __tablename__ = "app_registration"
    network: Mapped[str] = mapped_column(String(40), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str] = mapped_column(String(40))
    stored_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Site(Base):
    """A web site of an owner."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("owner_id", "url"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(default="")
    confidence: Mapped[Confidence] = mapped_column(Word(Confidence), default=Confidence.UNCONFIRMED)
    note: Mapped[str] = mapped_column(default="")

    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")


class Member(Base):
    """A body's membership in our commission; members owe contributions, others volunteer."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("body_id", "valid_from"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    confidence: Mapped[Confidence] = mapped_column(Word(Confidence), default=Confidence.UNCONFIRMED)


class SilenceWindow(Base):
    """Days in which a body, a state or everybody keeps electoral silence (LGCS art. 21)."""

    __tablename__ = "silence_window"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    state_iso: Mapped[str | None] = mapped_column(String(8))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]
    source: Mapped[str] = mapped_column(default="")


class SilenceException(Base):
    """Why one post may go out during a silence: a person's written reason."""

    __tablename__ = "silence_exception"
    __table_args__ = (UniqueConstraint("window_id", "post_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("silence_window.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    reason: Mapped[str]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment, default=now)
