"""Versions of a post whose original says something else now: who wrote them is told once, and decides."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import notices
from content_calendar.adaptations import of_post
from content_calendar.audience import Audience
from content_calendar.languages import find as find_language
from content_calendar.models.adaptations import Adaptation, AdaptationText, Adapted
from content_calendar.models.posts import Post
from content_calendar.notices import Code, Happening, Subject
from content_calendar.states import AdaptationState, PostState

_TITLE = 90


def suggest(session: Session) -> int:
    """Tell who wrote a version that its original was approved anew with other words; return how many versions.

    A post that is still being written changes often: it is told when it is approved. Said as often as liked.
    """
    rows = session.execute(
        select(Adaptation, AdaptationText, Post)
        .join(
            AdaptationText,
            (AdaptationText.adaptation_id == Adaptation.id) & (AdaptationText.n == Adaptation.n),
        )
        .join(Post, Post.ref == Adaptation.subject_ref)
        .where(
            Adaptation.subject == Adapted.POST,
            Adaptation.state != AdaptationState.DISCARDED,
            Post.state.in_((PostState.APPROVED, PostState.SCHEDULED, PostState.DONE)),
            Post.changed_at > AdaptationText.created_at,
        )
        .options(joinedload(Post.version))
    )
    told = []
    for adaptation, text, post in rows:
        original = of_post(post)
        if text.original_hash == original.hash:
            continue
        language = find_language(adaptation.language)
        happening = Happening(
            f"adaptation:{adaptation.ref}:outdated:{original.hash[:16]}",
            Code.VERSION_OUTDATED.value,
            Subject.ADAPTATION,
            adaptation.ref,
            {
                "title": original.title[:_TITLE],
                "language": language.name if language else adaptation.language,
            },
        )
        told.append((happening, Audience(frozenset({adaptation.author_id, text.author_id}))))
    notices.tell(session, told)
    return len(told)
