"""Words to reuse in the composer: groups of hashtags, snippets, templates."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.composing import SavedText, SavedTextKind
from content_calendar.models.people import Person
from content_calendar.text_rules import hashtags, is_blank

LONGEST_NAME = 80
LONGEST_TEXT = 4_000


class SavedTextNotFoundError(NotFoundError):
    """There is no such text."""

    code = "saved_text_not_found"


class SavedTextInvalidError(InvalidError):
    """It needs a name that no other has, of at most ``most`` characters, and a text."""

    code = "saved_text_invalid"


class NoTagsError(InvalidError):
    """A group of hashtags without a hashtag."""

    code = "saved_text_without_tags"


def every(session: Session) -> Sequence[SavedText]:
    """Return all of them, by kind and name."""
    return session.scalars(select(SavedText).order_by(SavedText.kind, SavedText.name)).all()


def find(session: Session, ref: str) -> SavedText:
    """Return one by its reference; raise SavedTextNotFoundError."""
    found = session.scalars(select(SavedText).where(SavedText.ref == ref)).one_or_none()
    if found is None:
        raise SavedTextNotFoundError(ref=ref)
    return found


def save(
    session: Session, person: Person, kind: SavedTextKind, name: str, text: str, ref: str = ""
) -> SavedText:
    """Write a new one, or change that of ``ref``.

    Raises SavedTextInvalidError, NoTagsError or SavedTextNotFoundError.
    """
    said = " ".join(name.split())
    words = text.replace("\r\n", "\n").strip()
    same = select(SavedText.id).where(SavedText.name == said, SavedText.ref != ref)
    if not said or len(said) > LONGEST_NAME or session.scalar(same) is not None:
        raise SavedTextInvalidError(field="name", most=LONGEST_NAME)
    if is_blank(words) or len(words) > LONGEST_TEXT:
        raise SavedTextInvalidError(field="saved", most=LONGEST_NAME)
    if kind is SavedTextKind.TAGS and not hashtags(words):
        raise NoTagsError(field="saved")
    row = find(session, ref) if ref else SavedText(author_id=person.id)
    row.kind, row.name, row.text, row.changed_at = kind, said, words, now()
    session.add(row)
    session.flush()
    audit.record(session, person.ref, "saved_text_kept", "saved_text", row.ref, name=said)
    return row


def remove(session: Session, person: Person, ref: str) -> str:
    """Throw one away; return its name. Raises SavedTextNotFoundError."""
    row = find(session, ref)
    session.execute(delete(SavedText).where(SavedText.id == row.id))
    audit.record(session, person.ref, "saved_text_removed", "saved_text", ref, name=row.name)
    return row.name
