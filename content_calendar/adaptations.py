"""Versions of a post or a material in another language or another form: write one, save it, put it away.

Reviews are in ``adaptation_reviews.py``, posts made of them in ``adapted_posts.py``. What the original says comes in
as an ``Original``: of a post from here, of a material from the tool-box, which the plan does not know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, languages, notices, posts
from content_calendar.clock import now
from content_calendar.content import Content, PostKind, as_json, hash_of
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.adaptations import (
    Adaptation,
    AdaptationForm,
    AdaptationReview,
    AdaptationText,
    Adapted,
)
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, ReviewOutcome
from content_calendar.moves import move_one
from content_calendar.notices import Subject
from content_calendar.states import AdaptationEvent, AdaptationState

LONGEST_TEXT = 10_000
LONGEST_CREDIT = 200
# The kinds of fields, as they are read.
_READ = ("title", "part", "text", "description", "alt_text", "alt")
_STANDING = ("state", "n", "approved_n", "reviewer_id")


class AdaptationNotFoundError(NotFoundError):
    """There is no version of that reference, or it is not this person's to see."""

    code = "adaptation_not_found"


class AdaptationExistsError(ConflictError):
    """There is one in that language and form already. ``ref`` says which."""

    code = "adaptation_exists"


class SameAsOriginalError(InvalidError):
    """The original is in that language and form itself."""

    code = "adaptation_same"


class NothingToAdaptError(InvalidError):
    """The original has no words of ours: there is nothing to put into another language."""

    code = "adaptation_nothing"


class AdaptationKindError(InvalidError):
    """That language is not one of the list, or it has no such form: what is signed is a film of a material."""

    code = "adaptation_kind"


class AdaptationTooLongError(InvalidError):
    """A text is too long. ``most`` is how many characters fit."""

    code = "adaptation_too_long"


class AdaptationEditedMeanwhileError(ConflictError):
    """Somebody saved it after this person opened it; ``by`` is who and ``at`` when."""

    code = "adaptation_edited"


@dataclass(frozen=True)
class Original:
    """What is adapted, as it stands now: its texts by field, and the number of its version."""

    subject: Adapted
    ref: str
    title: str
    language: str
    n: int
    texts: Mapping[str, str]

    @property
    def hash(self) -> str:
        """Return what tells these texts from any others."""
        return hash_of(dict(self.texts))


@dataclass(frozen=True)
class Written:
    """What a person wrote: the texts by field, who is named for it, and a material of its own with its version."""

    texts: Mapping[str, str]
    credit: str = ""
    file_ref: str = ""
    file_version: int | None = None


def part_field(number: int) -> str:
    """Return the field of a part's text, counted from 1."""
    return f"part.{number}"


def alt_field(part: int, asset_ref: str) -> str:
    """Return the field of the alternative text of a picture or film in a part."""
    return f"alt.{part}.{asset_ref}"


def in_order(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the fields with their texts as they are read: parts by number, then what is said of a picture."""

    def place(item: tuple[str, str]) -> tuple[int, int, str]:
        kind, _, rest = item[0].partition(".")
        number = rest.partition(".")[0]
        return _READ.index(kind), int(number) if number.isdecimal() else 0, rest

    return sorted(texts.items(), key=place)


def texts_of(content: Content) -> dict[str, str]:
    """Return what a post says, by field: its parts, and the alternative texts of what it shows."""
    texts = {part_field(number): text for number, text in enumerate(content.parts, start=1)}
    texts |= {alt_field(one.part, one.asset_ref): one.alt_text for one in content.media}
    said = as_json(Content(tuple(texts.values())))["parts"]
    return {key: text for key, text in zip(texts, said, strict=True) if text}


def of_post(post: Post) -> Original:
    """Return a post, loaded by ``posts.find``, as what is adapted: its last version."""
    content = posts.content_of(post.version) if post.version else Content(("",))
    texts = {} if content.kind == PostKind.REPOST else texts_of(content)
    number = post.version.n if post.version else 0
    return Original(Adapted.POST, post.ref, post.title or post.ref, content.language, number, texts)


def check_kind(original: Original, language: str, form: AdaptationForm) -> None:
    """Raise AdaptationKindError, SameAsOriginalError or NothingToAdaptError where there can be no such version."""
    found = languages.find(language)
    if found is None or found.code != language:
        raise AdaptationKindError(field="language")
    if found.is_signed and (original.subject is Adapted.POST or form is not AdaptationForm.WHOLE):
        raise AdaptationKindError(field="form")
    own = languages.find(original.language)
    if form is AdaptationForm.WHOLE and own is not None and own.code == language:
        raise SameAsOriginalError(field="language")
    if (form, language, original.language) == (
        AdaptationForm.EASY_READ,
        languages.SPANISH,
        languages.EASY_SPANISH,
    ):
        raise SameAsOriginalError(field="form")
    if not original.texts:
        raise NothingToAdaptError(field="language")


def begin(
    session: Session,
    original: Original,
    person: Person,
    language: str,
    form: AdaptationForm,
    written: Written,
    seen_hash: str = "",
) -> Adaptation:
    """Write a version in a language and a form for the first time.

    ``seen_hash`` is that of the original that was beside it. Raises what ``check_kind`` raises, AdaptationExistsError
    and AdaptationTooLongError.
    """
    check_kind(original, language, form)
    at = now()
    insert_absent(
        session,
        Adaptation,
        [
            {
                "subject": original.subject,
                "subject_ref": original.ref,
                "language": language,
                "form": form,
                "author_id": person.id,
                "created_at": at,
                "changed_at": at,
            }
        ],
    )
    adaptation = session.scalars(
        select(Adaptation).where(
            Adaptation.subject == original.subject,
            Adaptation.subject_ref == original.ref,
            Adaptation.language == language,
            Adaptation.form == form,
        )
    ).one()
    lock(session, adaptation)
    if adaptation.n:
        raise AdaptationExistsError(ref=adaptation.ref)
    _write(session, adaptation, person, written, original, seen_hash)
    audit.record(
        session, person.ref, "adaptation_begun", "adaptation", adaptation.ref,
        subject=original.subject.value, of=original.ref, language=language, form=form.value,
    )  # fmt: skip
    return adaptation


def save(
    session: Session,
    adaptation: Adaptation,
    person: Person,
    written: Written,
    original: Original,
    seen: tuple[int, str],
) -> AdaptationText:
    """Save what ``person`` wrote over text number ``seen[0]``, beside the original of hash ``seen[1]``.

    Returns the text that holds it. What changes an asked or approved text takes it back to a draft. Raises
    AdaptationEditedMeanwhileError and AdaptationTooLongError.
    """
    number, seen_hash = seen
    lock(session, adaptation)
    if adaptation.n != number:
        last = text_of(session, adaptation)
        raise AdaptationEditedMeanwhileError(by=last.author.name, at=last.created_at)
    before = text_of(session, adaptation)
    text = _write(session, adaptation, person, written, original, seen_hash)
    if text.n != before.n:
        take_back(session, adaptation, person)
        audit.record(session, person.ref, "adaptation_saved", "adaptation", adaptation.ref, n=text.n)
    return text


def take_back(session: Session, adaptation: Adaptation, person: Person) -> None:
    """Make a draft of it again, whatever was asked or approved of the text before."""
    if adaptation.state is AdaptationState.IN_REVIEW:
        withdraw(session, adaptation, person)
    elif adaptation.state is AdaptationState.APPROVED:
        move_one(session, Adaptation, AdaptationEvent.REOPEN, adaptation.id)
    elif adaptation.state is AdaptationState.DISCARDED:
        move_one(session, Adaptation, AdaptationEvent.RESTORE, adaptation.id)


def withdraw(session: Session, adaptation: Adaptation, person: Person) -> None:
    """Take it back from review, to go on writing; raise StateChangedError when it is not there any more."""
    move_one(session, Adaptation, AdaptationEvent.WITHDRAW, adaptation.id)
    session.execute(
        update(AdaptationReview)
        .where(
            AdaptationReview.adaptation_id == adaptation.id, AdaptationReview.outcome == ReviewOutcome.WAITING
        )
        .values(outcome=ReviewOutcome.WITHDRAWN, decided_at=now())
    )
    notices.over(session, Subject.ADAPTATION, [adaptation.ref], person.id)
    audit.record(session, person.ref, "adaptation_withdrawn", "adaptation", adaptation.ref)


def discard(session: Session, adaptation: Adaptation, person: Person) -> None:
    """Put a draft away; ``restore`` brings it back."""
    move_one(session, Adaptation, AdaptationEvent.DISCARD, adaptation.id)
    audit.record(session, person.ref, "adaptation_discarded", "adaptation", adaptation.ref)


def restore(session: Session, adaptation: Adaptation, person: Person) -> None:
    """Bring back one that was put away."""
    move_one(session, Adaptation, AdaptationEvent.RESTORE, adaptation.id)
    audit.record(session, person.ref, "adaptation_restored", "adaptation", adaptation.ref)


def lock(session: Session, adaptation: Adaptation) -> None:
    """Keep it still until the transaction ends, and read anew how it stands."""
    session.refresh(adaptation, _STANDING, with_for_update=True)


def find(session: Session, ref: str) -> Adaptation:
    """Return the version of that reference with its people; raise AdaptationNotFoundError."""
    adaptation = session.scalars(
        select(Adaptation)
        .where(Adaptation.ref == ref)
        .options(joinedload(Adaptation.author), joinedload(Adaptation.reviewer))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if adaptation is None:
        raise AdaptationNotFoundError(ref=ref)
    return adaptation


def text_of(session: Session, adaptation: Adaptation, number: int | None = None) -> AdaptationText:
    """Return its last text, or that of a number, with who wrote it; raise AdaptationNotFoundError."""
    text = session.scalars(
        select(AdaptationText)
        .where(
            AdaptationText.adaptation_id == adaptation.id,
            AdaptationText.n == (adaptation.n if number is None else number),
        )
        .options(joinedload(AdaptationText.author))
    ).one_or_none()
    if text is None:
        raise AdaptationNotFoundError(ref=adaptation.ref)
    return text


def texts(session: Session, adaptation: Adaptation) -> Sequence[AdaptationText]:
    """Return every text it had, the newest first."""
    return session.scalars(
        select(AdaptationText)
        .where(AdaptationText.adaptation_id == adaptation.id)
        .options(joinedload(AdaptationText.author))
        .order_by(AdaptationText.n.desc())
    ).all()


def missing(original: Original, said: Mapping[str, str]) -> list[str]:
    """Return the fields of the original that have no text yet."""
    return [key for key in original.texts if not said.get(key, "").strip()]


def _write(
    session: Session,
    adaptation: Adaptation,
    person: Person,
    written: Written,
    original: Original,
    seen_hash: str,
) -> AdaptationText:
    said = _clean(written, original)
    last = text_of(session, adaptation) if adaptation.n else None
    hashed, before = seen_hash or original.hash, dict(original.texts)
    if hashed != original.hash:
        # It was written beside an earlier original: that stays what it was made of, so that this is told.
        before = dict(last.original) if last is not None and last.original_hash == hashed else {}
    credit = " ".join(written.credit.split())[:LONGEST_CREDIT]
    content_hash = hash_of(
        {"texts": said, "credit": credit, "file": [written.file_ref, written.file_version], "of": hashed}
    )
    if last is not None and last.content_hash == content_hash:
        return last
    text = AdaptationText(
        adaptation_id=adaptation.id,
        n=adaptation.n + 1,
        texts=said,
        credit=credit,
        file_ref=written.file_ref,
        file_version=written.file_version,
        original=before,
        original_hash=hashed,
        original_n=original.n,
        content_hash=content_hash,
        author_id=person.id,
    )
    session.add(text)
    adaptation.n, adaptation.changed_at = text.n, now()
    session.flush()
    return text


def _clean(written: Written, original: Original) -> dict[str, str]:
    """Return the texts of the original's fields as they are kept; what is of no field is left out."""
    kept = {}
    for key in original.texts:
        (text,) = as_json(Content((written.texts.get(key, ""),)))["parts"]
        if len(text) > LONGEST_TEXT:
            raise AdaptationTooLongError(field=key, most=LONGEST_TEXT)
        if text:
            kept[key] = text
    return kept
