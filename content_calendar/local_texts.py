"""A body's own text of a post: written by the body, never overwritten; a new version of ours is a suggestion.

It keeps its link to the version that it was made of. Functions take a session and never commit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from content_calendar import audit, notices
from content_calendar.audience import Audience
from content_calendar.clock import now
from content_calendar.content import Content, PostKind, as_json
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Owner
from content_calendar.models.local_texts import LocalText, LocalTextSave
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion
from content_calendar.notices import Code, Happening, Subject
from content_calendar.posts import content_of
from content_calendar.visibility import APPROVED

LONGEST = 5_000
_TITLE = 90


class LocalTextMissingError(NotFoundError):
    """There is no such text, or it is another body's."""

    code = "local_text_missing"


class LocalTextEmptyError(InvalidError):
    """It says nothing, or more than ``most`` characters."""

    code = "local_text_empty"


class LocalTextEditedError(ConflictError):
    """Somebody of the body saved it after this person opened it; ``by`` is who."""

    code = "local_text_edited"


@dataclass(frozen=True)
class Suggestion:
    """What the post says now, beside what the body's text was made of."""

    version: PostVersion
    before: str
    after: str


def words_of(content: Content) -> str:
    """Return the words of a post that a body takes up, its parts one after the other; a repost has none. Pure."""
    return "" if content.kind == PostKind.REPOST else "\n\n".join(content.parts)


def find(session: Session, ref: str) -> LocalText:
    """Return the text with its body, post, version and writer; raise LocalTextMissingError."""
    found = session.scalars(_whole().where(LocalText.ref == ref)).one_or_none()
    if found is None:
        raise LocalTextMissingError(ref=ref)
    return found


def of(session: Session, post_id: int, body_id: int) -> LocalText | None:
    """Return the body's own text of the post, None when it wrote none."""
    return session.scalars(
        _whole().where(LocalText.post_id == post_id, LocalText.body_id == body_id)
    ).one_or_none()


def of_post(session: Session, post_id: int) -> Sequence[LocalText]:
    """Return every body's own text of a post, by state."""
    rows = session.scalars(_whole().where(LocalText.post_id == post_id))
    return sorted(rows, key=lambda one: (one.body.state_name, one.body.slug))


def of_bodies(
    session: Session, post_ids: Collection[int], body_ids: Collection[int]
) -> Mapping[int, LocalText]:
    """Return these bodies' own texts of these posts by post, one each; one query."""
    rows = session.scalars(
        _whole()
        .where(LocalText.post_id.in_(post_ids), LocalText.body_id.in_(body_ids))
        .order_by(LocalText.id)
    )
    return {one.post_id: one for one in rows}


def saves(session: Session, local: LocalText) -> Sequence[LocalTextSave]:
    """Return every text it had, the newest first."""
    return session.scalars(
        select(LocalTextSave)
        .where(LocalTextSave.local_text_id == local.id)
        .options(joinedload(LocalTextSave.saved_by))
        .order_by(LocalTextSave.n.desc())
    ).all()


def save(
    session: Session,
    post: Post,
    version: PostVersion,
    body_id: int,
    person: Person,
    text: str,
    seen_n: int = 0,
) -> LocalText:
    """Keep a body's text over its text number ``seen_n``, as made of that version of the post; return it.

    Raises LocalTextEmptyError and LocalTextEditedError.
    """
    (said,) = as_json(Content((text.replace("\r\n", "\n"),)))["parts"]
    if not said.strip() or len(said) > LONGEST:
        raise LocalTextEmptyError(field="text", most=LONGEST)
    session.execute(select(Owner.id).where(Owner.id == body_id).with_for_update(key_share=True))
    local = of(session, post.id, body_id)
    if local is not None and local.n != seen_n:
        raise LocalTextEditedError(by=local.changed_by.name)
    if local is None:
        local = LocalText(
            post_id=post.id, body_id=body_id, n=0, text="", version_id=version.id, changed_by_id=person.id
        )
        session.add(local)
        session.flush()
    if said != local.text or version.id != local.version_id:
        local.n, local.text, local.version_id = local.n + 1, said, version.id
        local.kept_against_id, local.changed_at, local.changed_by_id = None, now(), person.id
        session.add(
            LocalTextSave(
                local_text_id=local.id, n=local.n, text=said, version_id=version.id, saved_by_id=person.id
            )
        )
        session.flush()
        audit.record(session, person.ref, "local_text_saved", "local_text", local.ref, n=local.n)
    notices.over(session, Subject.LOCAL_TEXT, [local.ref], person.id)
    return local


def suggestion(local: LocalText, current: PostVersion | None) -> Suggestion | None:
    """Return what changed in the post since the text was made; None when nothing did, or the body let it be.

    ``current`` is the version that bodies are shown now. Pure, with ``local`` loaded by ``find`` or ``of``.
    """
    if current is None or current.id in (local.version_id, local.kept_against_id):
        return None
    before, after = words_of(content_of(local.version)), words_of(content_of(current))
    return None if before == after else Suggestion(current, before, after)


def take(session: Session, local: LocalText, version: PostVersion, post: Post, person: Person) -> LocalText:
    """Take the new version's words in place of the body's own, which stay in the history. Raises what ``save`` does."""
    words = words_of(content_of(version))
    return save(session, post, version, local.body_id, person, words, local.n)


def keep(session: Session, local: LocalText, version: PostVersion, person: Person) -> None:
    """Note that the body saw the new version and stays with its own words; it is told no more of this one."""
    local.kept_against_id = version.id
    session.flush()
    notices.over(session, Subject.LOCAL_TEXT, [local.ref], person.id)
    audit.record(session, person.ref, "local_text_kept", "local_text", local.ref)


def suggest(session: Session) -> int:
    """Tell the bodies whose post was approved anew with other words; return how many. Said as often as liked."""
    made_of, current = aliased(PostVersion), aliased(PostVersion)
    rows = session.execute(
        select(LocalText, Post, made_of, current)
        .join(Post, Post.id == LocalText.post_id)
        .join(made_of, made_of.id == LocalText.version_id)
        .join(current, current.id == Post.approved_version_id)
        .where(
            Post.approved_version_id != LocalText.version_id,
            Post.state.in_(APPROVED),
            func.coalesce(LocalText.kept_against_id, 0) != Post.approved_version_id,
        )
        .order_by(LocalText.id)
    ).all()
    changed = [
        (local, post, version)
        for local, post, before, version in rows
        if words_of(content_of(before)) != words_of(content_of(version))
    ]
    if not changed:
        return 0
    people = notices.people_to_tell(session, now().date())
    told = []
    for local, post, version in changed:
        happening = Happening(
            f"local_text:{local.ref}:{version.id}",
            Code.TEXT_SUGGESTED.value,
            Subject.LOCAL_TEXT,
            local.ref,
            {"title": post.title[:_TITLE]},
        )
        mine = frozenset(one.id for one in people if local.body_id in one.rights.bodies())
        told.append((happening, Audience(mine, mine)))
    notices.tell(session, told)
    return len(told)


def _whole() -> Select[LocalText]:
    return select(LocalText).options(
        joinedload(LocalText.body),
        joinedload(LocalText.post),
        joinedload(LocalText.version),
        joinedload(LocalText.changed_by),
    )
