"""An ally's consent to be contacted: noted by staff or given by a link, withdrawn, and everything erased when asked.

LGPDPPSO (DOF 20 March 2025): consent 14 to 16, suppression 18, the simplified notice 20 to 22. Without a consent no
letter leaves but one: the invitation, once. The mailing asks for the standing again before each letter.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.inserting import insert_absent
from content_calendar.models.allies import (
    Ally,
    AllyConsent,
    AllyContribution,
    AllyEcho,
    AllyLetter,
    AllyLink,
    AllyRefusal,
    ConsentAct,
    ConsentStanding,
    LetterKind,
    LetterStage,
)
from content_calendar.models.people import Person

# Which text of the notice people were shown; changed with every change of its meaning.
NOTICE = "2026-11"
LONGEST_HOW = 500
_OLDEST = timedelta(days=3660)


class ConsentHowMissingError(InvalidError):
    """A consent that somebody notes says how it was given, in words or by a file."""

    code = "ally_consent_how_missing"


class ConsentHowTooLongError(InvalidError):
    """How it was given is told in few words. ``limit`` is in characters."""

    code = "ally_consent_how_too_long"


class ConsentDayInvalidError(InvalidError):
    """The day it was given is today or before."""

    code = "ally_consent_day"


class InvitedAlreadyError(ConflictError):
    """An ally is invited once, ever."""

    code = "ally_invited_already"


class NoAddressError(ConflictError):
    """There is no address to write to."""

    code = "ally_without_address"


@dataclass(frozen=True)
class Noted:
    """A consent as somebody notes it: the day it was given, how, and the file that shows it."""

    said_on: date
    how: str = ""
    evidence_sha256: str = ""


def note(session: Session, ally: Ally, noted: Noted, by: Person, today: date) -> None:
    """Note that the ally agreed to be contacted; raise InvalidError with its field. ``today`` is the commission's."""
    how = " ".join(noted.how.split())
    if not how and not noted.evidence_sha256:
        raise ConsentHowMissingError(field="how")
    if len(how) > LONGEST_HOW:
        raise ConsentHowTooLongError(field="how", limit=LONGEST_HOW)
    if not today - _OLDEST <= noted.said_on <= today:
        raise ConsentDayInvalidError(field="said_on")
    _step(session, ally, ConsentAct.GIVEN, Noted(noted.said_on, how, noted.evidence_sha256), by)
    audit.record(session, by.ref, "ally.consent_noted", "ally", ally.ref)


def invite(session: Session, allies: Sequence[Ally], by: Person, today: date) -> int:
    """Write the one invitation to those who have an address and were never invited; return how many those are."""
    free = [one for one in allies if one.email and one.consent is ConsentStanding.NONE]
    rows = [
        {"ally_id": one.id, "kind": LetterKind.INVITATION, "occasion": "", "mail_at": now()} for one in free
    ]
    insert_absent(session, AllyLetter, rows)
    for one in free:
        _step(session, one, ConsentAct.INVITED, Noted(today), by)
        audit.record(session, by.ref, "ally.invited", "ally", one.ref)
    return len(free)


def require_invitable(ally: Ally) -> None:
    """Raise NoAddressError or InvitedAlreadyError for an ally to whom no invitation may be written."""
    if not ally.email:
        raise NoAddressError
    if ally.consent is not ConsentStanding.NONE:
        raise InvitedAlreadyError


def accept(session: Session, ally: Ally, today: date) -> None:
    """Take the yes that the ally gave by the link of their invitation; a second one changes nothing."""
    if ally.consent is not ConsentStanding.GIVEN:
        _step(session, ally, ConsentAct.GIVEN, Noted(today), notice=NOTICE)
        audit.record(session, "", "ally.consent_given", "ally", ally.ref)


def withdraw(session: Session, ally: Ally, today: date, by: Person | None = None) -> None:
    """Take the consent back, from this moment: what waits to be mailed does not leave. Twice changes nothing."""
    if ally.consent is not ConsentStanding.WITHDRAWN:
        _step(session, ally, ConsentAct.WITHDRAWN, Noted(today), by)
        audit.record(session, by.ref if by else "", "ally.consent_withdrawn", "ally", ally.ref)
    _stop(session, ally)


def erase(session: Session, ally: Ally, today: date, mark: str = "", by: Person | None = None) -> None:
    """Erase what tells who the ally is; what was sent and done stays as figures without a name.

    ``mark`` is kept so that no list brings them back. The files of their consents lose their rows, and the nightly
    sweep removes them.
    """
    _step(session, ally, ConsentAct.ERASED, Noted(today), by)
    _stop(session, ally)
    at = now()
    ally.name = ally.contact_name = ally.email = ally.note = ally.batch_ref = ""
    ally.identity, ally.links, ally.consent, ally.erased_at = None, [], ConsentStanding.WITHDRAWN, at
    if mark:
        insert_absent(session, AllyRefusal, [{"mark": mark, "at": at}])
    mine = AllyLetter.id.in_(select(AllyLetter.id).where(AllyLetter.ally_id == ally.id))
    quiet = {"synchronize_session": False}
    session.execute(
        update(AllyConsent)
        .where(AllyConsent.ally_id == ally.id)
        .values(how="", evidence_sha256="")
        .execution_options(**quiet)
    )
    session.execute(
        update(AllyLetter).where(mine).values(said_code="", said_params={}).execution_options(**quiet)
    )
    session.execute(
        update(AllyLink)
        .where(
            AllyLink.letter_id.in_(select(AllyLetter.id).where(AllyLetter.ally_id == ally.id)),
            AllyLink.revoked_at.is_(None),
        )
        .values(revoked_at=at)
        .execution_options(**quiet)
    )
    # A link leads to their account, and a hash of it too; each row keeps a key of its own.
    for echo in session.scalars(select(AllyEcho).where(AllyEcho.ally_id == ally.id)):
        echo.link, echo.place, echo.evidence_key = "", "", secrets.token_hex(32)
    for given in session.scalars(select(AllyContribution).where(AllyContribution.ally_id == ally.id)):
        given.said, given.link, given.said_key = "", "", secrets.token_hex(32)
    session.flush()
    audit.record(session, by.ref if by else "", "ally.erased", "ally", ally.ref)


def history(session: Session, ally: Ally) -> Sequence[AllyConsent]:
    """Return the steps of the ally's consent, the newest first."""
    return session.scalars(
        select(AllyConsent).where(AllyConsent.ally_id == ally.id).order_by(AllyConsent.id.desc())
    ).all()


_STANDING = {
    ConsentAct.INVITED: ConsentStanding.INVITED,
    ConsentAct.GIVEN: ConsentStanding.GIVEN,
    ConsentAct.WITHDRAWN: ConsentStanding.WITHDRAWN,
    ConsentAct.ERASED: ConsentStanding.WITHDRAWN,
}


def _step(
    session: Session,
    ally: Ally,
    act: ConsentAct,
    noted: Noted,
    by: Person | None = None,
    *,
    notice: str = "",
) -> None:
    at: datetime = now()
    session.add(
        AllyConsent(
            ally_id=ally.id,
            act=act,
            said_on=noted.said_on,
            how=noted.how,
            evidence_sha256=noted.evidence_sha256,
            notice=notice,
            noted_by_id=by.id if by else None,
            noted_at=at,
        )
    )
    ally.consent, ally.consent_at = _STANDING[act], at
    session.flush()


def _stop(session: Session, ally: Ally) -> None:
    session.execute(
        update(AllyLetter)
        .where(AllyLetter.ally_id == ally.id, AllyLetter.stage == LetterStage.WAITING)
        .values(stage=LetterStage.STOPPED)
        .execution_options(synchronize_session=False)
    )
