"""Letters to allies: written once for an occasion, taken one at a time, and never mailed twice by the machine.

At most once, unlike notices: an ally is a guest, and a weekly pack that comes twice looks like spam. What is taken is
written down as being sent before the server is spoken to; where a worker dies there, a person decides.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, clock
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.allies import (
    Ally,
    AllyLetter,
    AllyLink,
    AllyWeek,
    AllyWeekPost,
    ConsentStanding,
    LetterKind,
    LetterStage,
)
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.sending import Said
from content_calendar.visibility import APPROVED

LASTS: Mapping[LetterKind, timedelta] = {
    LetterKind.INVITATION: timedelta(days=60),
    LetterKind.PACK: timedelta(days=30),
    LetterKind.STILL_THERE: timedelta(days=60),
}
# A worker that took a letter and was heard of no more for so long died with it in hand.
HUNG = timedelta(minutes=10)
# Nor does an old letter leave when somebody agrees again long after.
STALE = timedelta(days=6)
_LATER = timedelta(minutes=10)
_TOKEN_BYTES, _LONGEST_TOKEN = 24, 64
_MOST_TITLES = 12


class AllyLinkMissingError(NotFoundError):
    """There is no such link; nothing tells a wrong address from one that never was."""

    code = "ally_link_missing"


class AllyLinkOverError(ForbiddenError):
    """The link opens nothing any more: its time is over, or it was taken back."""

    code = "ally_link_over"


class LetterMissingError(NotFoundError):
    """There is no letter of that reference."""

    code = "ally_letter_missing"


class LetterNotHeldError(ConflictError):
    """The letter does not wait for a person: it went out meanwhile, or its consent ended."""

    code = "ally_letter_not_held"


class NoConsentError(ConflictError):
    """The ally has not agreed to be contacted, or has taken it back."""

    code = "ally_no_consent"


@dataclass(frozen=True)
class AllyParcel:
    """What is mailed to one ally, as plain values; ``token`` opens its page, and nobody else is ever given it."""

    letter_id: int
    letter_ref: str
    kind: LetterKind
    ally_ref: str
    name: str
    greeting: str
    email: str
    token: str
    starts_on: date | None = None
    note: str = ""
    titles: Sequence[str] = ()
    count: int = 0


def may_go() -> list[ColumnElement[bool]]:
    """Return the conditions, on a letter joined with its ally, that it may leave now: the consent stands."""
    return [
        Ally.erased_at.is_(None),
        Ally.email != "",
        or_(
            Ally.consent == ConsentStanding.GIVEN,
            and_(AllyLetter.kind == LetterKind.INVITATION, Ally.consent == ConsentStanding.INVITED),
        ),
    ]


def is_due(session: Session) -> bool:
    """Tell whether a letter waits to be mailed, or hangs."""
    open_ = AllyLetter.stage.in_([LetterStage.WAITING, LetterStage.SENDING])
    return session.scalar(select(exists().where(open_, AllyLetter.mail_at <= clock.db_now(session)))) or False


def any_may_go(session: Session) -> bool:
    """Tell whether a letter waits whose consent stands."""
    due = [AllyLetter.stage == LetterStage.WAITING, AllyLetter.mail_at <= clock.db_now(session), *may_go()]
    query = select(AllyLetter.id).join(Ally, Ally.id == AllyLetter.ally_id).where(*due).limit(1)
    return session.execute(query).first() is not None


def take(session: Session) -> AllyParcel | None:
    """Take the next letter that may leave, written down as being sent; None when there is none."""
    at = clock.db_now(session)
    chosen = (
        select(AllyLetter.id)
        .join(Ally, Ally.id == AllyLetter.ally_id)
        .where(AllyLetter.stage == LetterStage.WAITING, AllyLetter.mail_at <= at, *may_go())
        .order_by(AllyLetter.id)
        .limit(1)
        .with_for_update(of=AllyLetter, skip_locked=True)
        .scalar_subquery()
    )
    taken = session.scalars(
        update(AllyLetter)
        .where(AllyLetter.id == chosen, AllyLetter.stage == LetterStage.WAITING)
        .values(stage=LetterStage.SENDING, sending_at=at, tries=AllyLetter.tries + 1)
        .returning(AllyLetter.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return None
    letter = session.scalars(
        select(AllyLetter)
        .where(AllyLetter.id == taken)
        .options(joinedload(AllyLetter.ally), joinedload(AllyLetter.week))
        .execution_options(populate_existing=True)
    ).one()
    return _parcel(session, letter, link(session, letter))


def _parcel(session: Session, letter: AllyLetter, token: str) -> AllyParcel:
    titles = _titles(session, letter.week) if letter.week else []
    return AllyParcel(
        letter_id=letter.id,
        letter_ref=letter.ref,
        kind=letter.kind,
        ally_ref=letter.ally.ref,
        name=letter.ally.name,
        greeting=letter.ally.contact_name or letter.ally.name,
        email=letter.ally.email,
        token=token,
        starts_on=letter.week.starts_on if letter.week else None,
        note=letter.week.note if letter.week else "",
        titles=titles[:_MOST_TITLES],
        count=len(titles),
    )


def _titles(session: Session, week: AllyWeek) -> list[str]:
    return list(
        session.scalars(
            select(Post.title)
            .join(AllyWeekPost, AllyWeekPost.post_id == Post.id)
            .where(AllyWeekPost.week_id == week.id, AllyWeekPost.left_out_at.is_(None))
            .where(Post.state.in_(APPROVED), Post.approved_version_id.is_not(None))
            .order_by(Post.due_at, Post.id)
        )
    )


def record_sent(session: Session, letter_id: int) -> None:
    """Note that the server took it."""
    _from_sending(session, letter_id, stage=LetterStage.SENT, sent_at=now(), said_code="", said_params={})


def record_refused(session: Session, letter_id: int, said: Said) -> None:
    """Note that the server does not take it: a person corrects the address and sends it again."""
    params = dict(said.params)
    _from_sending(session, letter_id, stage=LetterStage.FAILED, said_code=said.code, said_params=params)


def record_doubt(session: Session, letter_id: int) -> None:
    """Note that nobody knows whether the server took it: it is not mailed again but by a person."""
    _from_sending(session, letter_id, stage=LetterStage.DOUBTFUL)


def put_back(session: Session, letter_id: int) -> None:
    """Let it wait: it certainly did not leave."""
    _from_sending(session, letter_id, stage=LetterStage.WAITING, mail_at=clock.db_now(session) + _LATER)


def _from_sending(session: Session, letter_id: int, **values: object) -> None:
    session.execute(
        update(AllyLetter)
        .where(AllyLetter.id == letter_id, AllyLetter.stage == LetterStage.SENDING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def settle_hung(session: Session) -> int:
    """Call doubtful what a worker took and told nothing more of; return how many that are.

    What could not leave for STALE is not mailed any more: a week's pack is of no use in the next.
    """
    session.execute(
        update(AllyLetter)
        .where(AllyLetter.stage == LetterStage.WAITING, AllyLetter.mail_at <= clock.db_now(session) - STALE)
        .values(stage=LetterStage.STOPPED)
        .execution_options(synchronize_session=False)
    )
    hung = session.scalars(
        update(AllyLetter)
        .where(AllyLetter.stage == LetterStage.SENDING, AllyLetter.sending_at <= clock.db_now(session) - HUNG)
        .values(stage=LetterStage.DOUBTFUL)
        .returning(AllyLetter.id)
        .execution_options(synchronize_session=False)
    )
    return len(hung.all())


def doubt_all(session: Session) -> None:
    """Call doubtful what waits to be mailed: this database is an older one, and may have forgotten that it was."""
    session.execute(
        update(AllyLetter)
        .where(AllyLetter.stage.in_([LetterStage.WAITING, LetterStage.SENDING]))
        .values(stage=LetterStage.DOUBTFUL)
        .execution_options(synchronize_session=False)
    )


def settle(session: Session, ref: str, by: Person, *, arrived: bool) -> AllyLetter:
    """Decide on a letter that was refused or is in doubt: it arrived, or it is mailed again.

    Raises LetterMissingError, LetterNotHeldError and NoConsentError.
    """
    letter = session.scalars(
        select(AllyLetter)
        .where(AllyLetter.ref == ref)
        .options(joinedload(AllyLetter.ally))
        .with_for_update(of=AllyLetter)
    ).one_or_none()
    if letter is None:
        raise LetterMissingError(ref=ref)
    if letter.stage not in (LetterStage.FAILED, LetterStage.DOUBTFUL):
        raise LetterNotHeldError
    if arrived:
        letter.stage, letter.sent_at = LetterStage.SENT, letter.sending_at or now()
    else:
        if letter.ally.consent is ConsentStanding.WITHDRAWN:
            raise NoConsentError
        letter.stage, letter.mail_at = LetterStage.WAITING, now()
    session.flush()
    audit.record(session, by.ref, "ally.letter_settled", "ally_letter", ref, arrived=arrived)
    return letter


def resend_refused(session: Session, week: AllyWeek, by: Person) -> int:
    """Mail again what the server refused of a week, and nothing else; return how many letters those are."""
    again = session.scalars(
        update(AllyLetter)
        .where(AllyLetter.week_id == week.id, AllyLetter.stage == LetterStage.FAILED)
        .values(stage=LetterStage.WAITING, mail_at=now(), said_code="", said_params={})
        .returning(AllyLetter.id)
        .execution_options(synchronize_session=False)
    ).all()
    if again:
        audit.record(session, by.ref, "ally.letters_again", "ally_week", week.ref, count=len(again))
    return len(again)


def ask_still_there(session: Session, silent: Mapping[int, str], by: Person) -> int:
    """Ask allies whether they are still with us, by their id and the month in which they fell silent; once each.

    Returns how many were not asked before.
    """
    counted = select(func.count()).where(AllyLetter.kind == LetterKind.STILL_THERE)
    before = session.scalar(counted) or 0
    rows = [
        {"ally_id": ally_id, "kind": LetterKind.STILL_THERE, "occasion": month, "mail_at": now()}
        for ally_id, month in sorted(silent.items())
    ]
    insert_absent(session, AllyLetter, rows)
    asked = (session.scalar(counted) or 0) - before
    if asked:
        audit.record(session, by.ref, "ally.asked_still_there", "ally", "", count=asked)
    return asked


def hash_of(token: str) -> str:
    """Return what of a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def link(session: Session, letter: AllyLetter) -> str:
    """Make a link to a letter's page and return its token, told this once; earlier ones stay good until they end."""
    token, at = secrets.token_urlsafe(_TOKEN_BYTES), now()
    session.add(
        AllyLink(
            token_hash=hash_of(token), letter_id=letter.id, made_at=at, expires_at=at + LASTS[letter.kind]
        )
    )
    session.flush()
    return token


def hand_over(session: Session, week: AllyWeek, ally: Ally, by: Person) -> str:
    """Return the token of a link that a person gives to the ally by other means; it counts as offered.

    Raises NoConsentError: a message is a message, by whatever way.
    """
    if ally.consent is not ConsentStanding.GIVEN:
        raise NoConsentError
    key = {"ally_id": ally.id, "kind": LetterKind.PACK, "occasion": week.starts_on.isoformat()}
    at = now()
    row = {**key, "week_id": week.id, "stage": LetterStage.SENT, "sent_at": at, "mail_at": at}
    insert_absent(session, AllyLetter, [row])
    letter = session.scalars(select(AllyLetter).filter_by(**key).with_for_update()).one()
    audit.record(session, by.ref, "ally.link_made", "ally_letter", letter.ref)
    return link(session, letter)


def revoke(session: Session, ref: str, by: Person) -> None:
    """Take back every link of a letter, from this moment; raise LetterMissingError."""
    letter = session.scalars(select(AllyLetter).where(AllyLetter.ref == ref)).one_or_none()
    if letter is None:
        raise LetterMissingError(ref=ref)
    session.execute(
        update(AllyLink)
        .where(AllyLink.letter_id == letter.id, AllyLink.revoked_at.is_(None))
        .values(revoked_at=now())
        .execution_options(synchronize_session=False)
    )
    audit.record(session, by.ref, "ally.links_revoked", "ally_letter", ref)


def opened(session: Session, token: str) -> AllyLetter:
    """Return the letter that a token opens, with its ally and week; raise AllyLinkMissingError or AllyLinkOverError."""
    row = None
    if 0 < len(token) <= _LONGEST_TOKEN:
        row = session.execute(
            select(AllyLink, AllyLetter)
            .join(AllyLetter, AllyLetter.id == AllyLink.letter_id)
            .where(AllyLink.token_hash == hash_of(token))
            .options(joinedload(AllyLetter.ally), joinedload(AllyLetter.week))
        ).one_or_none()
    if row is None:
        raise AllyLinkMissingError
    found, letter = row
    if found.revoked_at is not None or found.expires_at <= now() or letter.ally.erased_at is not None:
        raise AllyLinkOverError
    return letter


def count_opened(session: Session, letter_id: int) -> None:
    """Count that the page was asked for: by a person or by a program that looks at mails, nobody can tell."""
    session.execute(
        update(AllyLetter)
        .where(AllyLetter.id == letter_id)
        .values(
            opened=AllyLetter.opened + 1,
            opened_at=func.coalesce(AllyLetter.opened_at, literal(now(), AllyLetter.opened_at.type)),
        )
        .execution_options(synchronize_session=False)
    )


def count_pulled(session: Session, letter_id: int) -> None:
    """Count that the whole pack was handed out."""
    session.execute(
        update(AllyLetter)
        .where(AllyLetter.id == letter_id)
        .values(
            pulled=AllyLetter.pulled + 1,
            pulled_at=func.coalesce(AllyLetter.pulled_at, literal(now(), AllyLetter.opened_at.type)),
        )
        .execution_options(synchronize_session=False)
    )


def receive(session: Session, letter: AllyLetter) -> None:
    """Note that a person pressed «Recibido»; the first time counts."""
    if letter.received_at is None:
        letter.received_at = now()
        session.flush()
