"""The review of a version in another language or form: one named person, of one exact text, never their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from content_calendar import audit, notices
from content_calendar.adaptations import AdaptationNotFoundError, Original, lock, missing, text_of
from content_calendar.audience import Audience
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.languages import find as find_language
from content_calendar.models.adaptations import Adaptation, AdaptationReview, AdaptationText
from content_calendar.models.people import Membership, Person
from content_calendar.models.posts import ReviewOutcome
from content_calendar.moves import move_one
from content_calendar.notices import Code, Happening, Subject
from content_calendar.states import AdaptationEvent, AdaptationState

LONGEST_REASON = 2000
_TITLE, _TOLD = 90, 200


class AdaptationIncompleteError(InvalidError):
    """The original says something that this does not say yet; ``count`` is how many fields are empty."""

    code = "adaptation_incomplete"


class AdaptationFileMissingError(InvalidError):
    """What is signed is a film: it has a file."""

    code = "adaptation_file_missing"


class AdaptationStaleError(ConflictError):
    """It was made of an earlier version of the original."""

    code = "adaptation_stale"


class ReviewerMissingError(InvalidError):
    """Somebody reviews it, by name: a person who is still here."""

    code = "adaptation_reviewer"


class OwnAdaptationError(ForbiddenError):
    """Nobody reviews what they wrote themselves since it was last approved."""

    code = "adaptation_own"


class NotItsReviewerError(ForbiddenError):
    """Another person was asked."""

    code = "adaptation_not_asked"


class AnotherTextError(ConflictError):
    """The text that was looked at is not the one that waits."""

    code = "adaptation_changed"


class ReturnReasonError(InvalidError):
    """It is returned with a reason, of at most ``most`` characters, so that its author knows what to do."""

    code = "adaptation_reason"


@dataclass(frozen=True)
class Pending:
    """A text that waits for somebody: what it is of, and who asked."""

    adaptation: Adaptation
    text: AdaptationText
    review: AdaptationReview


def writers(session: Session, adaptation: Adaptation) -> frozenset[int]:
    """Return who wrote it since its last approval."""
    return frozenset(
        session.scalars(
            select(AdaptationText.author_id).where(
                AdaptationText.adaptation_id == adaptation.id, AdaptationText.n > (adaptation.approved_n or 0)
            )
        )
    )


def possible_reviewers(session: Session, adaptation: Adaptation) -> Sequence[Person]:
    """Return who can be asked: everybody with a role today who did not write it, by name; two queries."""
    today = now().date()
    has_role = exists().where(
        Membership.person_id == Person.id,
        Membership.valid_from <= today,
        Membership.valid_to.is_(None) | (Membership.valid_to > today),
    )
    return session.scalars(
        select(Person)
        .where(Person.left_at.is_(None), has_role, Person.id.not_in(writers(session, adaptation)))
        .order_by(Person.name)
    ).all()


def ask(
    session: Session,
    adaptation: Adaptation,
    original: Original,
    person: Person,
    reviewer_ref: str,
    note: str = "",
) -> AdaptationReview:
    """Ask one person whether the last text is right; they are told.

    Raises AdaptationStaleError, AdaptationIncompleteError, AdaptationFileMissingError, ReviewerMissingError and
    OwnAdaptationError for one of its writers.
    """
    lock(session, adaptation)
    text = text_of(session, adaptation)
    _require_current(text, original)
    language = find_language(adaptation.language)
    if language is not None and language.is_signed:
        if not text.file_ref:
            raise AdaptationFileMissingError(field="file")
    elif left := missing(original, text.texts):
        raise AdaptationIncompleteError(field=left[0], count=len(left))
    reviewer = _reviewer(session, adaptation, reviewer_ref)
    move_one(
        session,
        Adaptation,
        AdaptationEvent.ASK,
        adaptation.id,
        [Adaptation.n == text.n],
        {"reviewer_id": reviewer.id},
    )
    review = AdaptationReview(
        adaptation_id=adaptation.id,
        n=text.n,
        content_hash=text.content_hash,
        note=note.strip()[:LONGEST_REASON],
        reviewer_id=reviewer.id,
        asked_by_id=person.id,
    )
    session.add(review)
    session.flush()
    audit.record(session, person.ref, "adaptation_asked", "adaptation", adaptation.ref, n=text.n)
    notices.over(session, Subject.ADAPTATION, [adaptation.ref], person.id)
    told = frozenset({reviewer.id})
    _tell(session, Code.ADAPTATION_ASKED, review, adaptation, original, person, Audience(told, told))
    return review


def _reviewer(session: Session, adaptation: Adaptation, ref: str) -> Person:
    reviewer = session.scalars(
        select(Person).where(Person.ref == ref, Person.left_at.is_(None))
    ).one_or_none()
    if reviewer is None:
        raise ReviewerMissingError(field="reviewer")
    if reviewer.id in writers(session, adaptation):
        raise OwnAdaptationError
    return reviewer


def approve(
    session: Session, adaptation: Adaptation, original: Original, person: Person, content_hash: str
) -> None:
    """Say yes to the text with that hash.

    Raises OwnAdaptationError, NotItsReviewerError, AnotherTextError, AdaptationStaleError when the original has
    changed since, and StateChangedError when nothing waits any more.
    """
    lock(session, adaptation)
    text = text_of(session, adaptation)
    _require_may(session, adaptation, person)
    if text.content_hash != content_hash:
        raise AnotherTextError
    _require_current(text, original)
    move_one(
        session,
        Adaptation,
        AdaptationEvent.APPROVE,
        adaptation.id,
        [Adaptation.n == text.n],
        {"approved_n": text.n},
    )
    review = _decide(session, adaptation, person, ReviewOutcome.APPROVED, "")
    audit.record(session, person.ref, "adaptation_approved", "adaptation", adaptation.ref, hash=content_hash)
    told = frozenset({review.asked_by_id, text.author_id} - {person.id})
    _tell(session, Code.ADAPTATION_APPROVED, review, adaptation, original, person, Audience(told))


def send_back(
    session: Session, adaptation: Adaptation, original: Original, person: Person, reason: str
) -> None:
    """Return it with a reason; raise ReturnReasonError, NotItsReviewerError, OwnAdaptationError, StateChangedError."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ReturnReasonError(field="reason", most=LONGEST_REASON)
    lock(session, adaptation)
    _require_may(session, adaptation, person)
    text = text_of(session, adaptation)
    move_one(session, Adaptation, AdaptationEvent.RETURN, adaptation.id)
    review = _decide(session, adaptation, person, ReviewOutcome.RETURNED, reason)
    audit.record(session, person.ref, "adaptation_returned", "adaptation", adaptation.ref)
    told = frozenset({review.asked_by_id, text.author_id} - {person.id})
    _tell(session, Code.ADAPTATION_RETURNED, review, adaptation, original, person, Audience(told, told))


def of(session: Session, adaptation: Adaptation) -> Sequence[AdaptationReview]:
    """Return its reviews, the newest first."""
    return session.scalars(
        select(AdaptationReview)
        .where(AdaptationReview.adaptation_id == adaptation.id)
        .options(joinedload(AdaptationReview.reviewer), joinedload(AdaptationReview.asked_by))
        .order_by(AdaptationReview.id.desc())
    ).all()


def reviewer_name(session: Session, review: AdaptationReview) -> str:
    """Return who was asked."""
    return session.get_one(Person, review.reviewer_id).name


def waiting(session: Session, reviewer_id: int | None = None) -> list[Pending]:
    """Return what waits for a yes, the oldest first; of one reviewer, or of all; one query."""
    asked_by, reviewer = aliased(Person), aliased(Person)
    query = (
        select(Adaptation, AdaptationText, AdaptationReview)
        .join(AdaptationReview, AdaptationReview.adaptation_id == Adaptation.id)
        .join(
            AdaptationText,
            (AdaptationText.adaptation_id == Adaptation.id) & (AdaptationText.n == AdaptationReview.n),
        )
        .join(AdaptationReview.asked_by.of_type(asked_by))
        .join(AdaptationReview.reviewer.of_type(reviewer))
        .where(
            Adaptation.state == AdaptationState.IN_REVIEW, AdaptationReview.outcome == ReviewOutcome.WAITING
        )
        .options(joinedload(AdaptationReview.asked_by), joinedload(AdaptationReview.reviewer))
        .order_by(AdaptationReview.id)
    )
    if reviewer_id is not None:
        query = query.where(AdaptationReview.reviewer_id == reviewer_id)
    return [Pending(*row) for row in session.execute(query)]


def _require_current(text: AdaptationText, original: Original) -> None:
    if text.original_hash != original.hash:
        raise AdaptationStaleError


def _require_may(session: Session, adaptation: Adaptation, person: Person) -> None:
    if person.id in writers(session, adaptation):
        raise OwnAdaptationError
    if adaptation.reviewer_id != person.id:
        raise NotItsReviewerError


def _decide(
    session: Session, adaptation: Adaptation, person: Person, outcome: ReviewOutcome, reason: str
) -> AdaptationReview:
    ids = session.scalars(
        update(AdaptationReview)
        .where(
            AdaptationReview.adaptation_id == adaptation.id, AdaptationReview.outcome == ReviewOutcome.WAITING
        )
        .values(outcome=outcome, reason=reason, decided_at=now())
        .returning(AdaptationReview.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if len(ids) != 1:
        raise AdaptationNotFoundError(ref=adaptation.ref)
    notices.over(session, Subject.ADAPTATION, [adaptation.ref], person.id)
    return session.get_one(AdaptationReview, ids[0])


def _tell(
    session: Session,
    code: Code,
    review: AdaptationReview,
    adaptation: Adaptation,
    original: Original,
    person: Person,
    audience: Audience,
) -> None:
    language = find_language(adaptation.language)
    happening = Happening(
        f"adaptation:{adaptation.ref}:{review.id}:{code.value}",
        code.value,
        Subject.ADAPTATION,
        adaptation.ref,
        {
            "title": original.title[:_TITLE],
            "name": person.name,
            "language": language.name if language else adaptation.language,
            "reason": review.reason[:_TOLD],
        },
        needs_nobody=code is Code.ADAPTATION_APPROVED,
    )
    notices.tell(session, [(happening, audience)])
