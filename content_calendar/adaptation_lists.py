"""Which versions there are: of an original, approved ones of many, and of which a post was made."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar.adaptations import Original
from content_calendar.models.adaptations import Adaptation, AdaptationText, Adapted, AdaptedPost
from content_calendar.models.posts import Post
from content_calendar.states import AdaptationState


@dataclass(frozen=True)
class Standing:
    """An adaptation with its last text, and whether the original has changed since that was written."""

    adaptation: Adaptation
    text: AdaptationText
    stale: bool


def of_original(session: Session, original: Original, *, approved_only: bool = False) -> list[Standing]:
    """Return the versions of an original with their last texts, by language and form; one query."""
    query = (
        select(Adaptation, AdaptationText)
        .join(
            AdaptationText,
            (AdaptationText.adaptation_id == Adaptation.id) & (AdaptationText.n == Adaptation.n),
        )
        .where(Adaptation.subject == original.subject, Adaptation.subject_ref == original.ref)
        .options(joinedload(Adaptation.author), joinedload(Adaptation.reviewer))
        .order_by(Adaptation.language, Adaptation.form)
    )
    if approved_only:
        query = query.where(Adaptation.state == AdaptationState.APPROVED)
    return [
        Standing(one, text, stale=text.original_hash != original.hash) for one, text in session.execute(query)
    ]


def approved_of(
    session: Session, subject: Adapted, refs: Collection[str]
) -> Mapping[str, Sequence[tuple[Adaptation, AdaptationText]]]:
    """Return the approved versions of several originals with their texts, by reference; one query, none for none."""
    if not refs:
        return {}
    rows = session.execute(
        select(Adaptation, AdaptationText)
        .join(
            AdaptationText,
            (AdaptationText.adaptation_id == Adaptation.id) & (AdaptationText.n == Adaptation.approved_n),
        )
        .where(
            Adaptation.subject == subject,
            Adaptation.subject_ref.in_(refs),
            Adaptation.state == AdaptationState.APPROVED,
        )
        .order_by(Adaptation.language, Adaptation.form)
    )
    found: dict[str, list[tuple[Adaptation, AdaptationText]]] = {}
    for adaptation, text in rows:
        found.setdefault(adaptation.subject_ref, []).append((adaptation, text))
    return found


def origin(session: Session, post: Post) -> tuple[AdaptedPost, AdaptationText] | None:
    """Return of which version, and of which of its texts, a post was made; None for one that was written as it is."""
    row = session.execute(
        select(AdaptedPost, AdaptationText)
        .join(
            AdaptationText,
            (AdaptationText.adaptation_id == AdaptedPost.adaptation_id) & (AdaptationText.n == AdaptedPost.n),
        )
        .where(AdaptedPost.post_id == post.id)
        .options(joinedload(AdaptedPost.adaptation).joinedload(Adaptation.reviewer))
    ).first()
    return (row[0], row[1]) if row else None
