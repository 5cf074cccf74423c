"""A post of its own made of an approved version of another: its words are those that were approved."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit, languages, posts
from content_calendar.adaptation_reviews import AdaptationStaleError
from content_calendar.adaptations import Original, alt_field, lock, of_post, part_field, text_of
from content_calendar.content import Content
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.adaptations import Adaptation, AdaptationForm, Adapted, AdaptedPost
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.posts import Draft
from content_calendar.states import AdaptationState, PostState


class AdaptationNotApprovedError(ConflictError):
    """Only what its reviewer approved becomes a post."""

    code = "adaptation_not_approved"


class AdaptationNotForPostsError(InvalidError):
    """It is a material's, or a text for braille: that is printed, not posted."""

    code = "adaptation_not_for_posts"


class AdaptationPostedError(ConflictError):
    """There is a post of it already. ``ref`` says which."""

    code = "adaptation_posted"


def language_of(adaptation: Adaptation) -> str:
    """Return the language that a post made of it has; easy-read Spanish has a tag of its own."""
    easy = adaptation.form is AdaptationForm.EASY_READ and adaptation.language == languages.SPANISH
    return languages.EASY_SPANISH if easy else adaptation.language


def content_of(adapted: dict[str, str], base: Content, language: str) -> Content:
    """Return the base's content with the adapted texts; its variants and accounts are its own and stay behind."""
    return replace(
        base,
        parts=tuple(adapted.get(part_field(n), "") for n in range(1, len(base.parts) + 1)),
        language=language,
        variants={},
        accounts=(),
        media=tuple(
            replace(one, alt_text=adapted.get(alt_field(one.part, one.asset_ref), "")) for one in base.media
        ),
    )


def publish(session: Session, adaptation: Adaptation, post: Post, person: Person, title: str) -> Post:
    """Return a new draft with the approved words, the post's theme, campaigns and pictures, and no account yet.

    ``post`` is the original, loaded by ``posts.find``. The same text becomes a post once; one that was put away does
    not count. Raises AdaptationNotForPostsError, AdaptationNotApprovedError, AdaptationStaleError and
    AdaptationPostedError.
    """
    lock(session, adaptation)
    if adaptation.subject is not Adapted.POST or adaptation.form is AdaptationForm.BRAILLE:
        raise AdaptationNotForPostsError
    if adaptation.state is not AdaptationState.APPROVED or adaptation.approved_n is None:
        raise AdaptationNotApprovedError
    text = text_of(session, adaptation, adaptation.approved_n)
    original: Original = of_post(post)
    if text.original_hash != original.hash or post.version is None:
        raise AdaptationStaleError
    if (there := posted(session, adaptation)) is not None:
        raise AdaptationPostedError(ref=there)
    content = content_of(text.texts, posts.content_of(post.version), language_of(adaptation))
    made = posts.create(
        session,
        person,
        Draft(
            content=content,
            title=title[:200],
            theme_id=post.theme_id,
            campaign_ids=[one.id for one in post.campaigns],
            origin_url=post.origin_url,
        ),
    )
    session.add(AdaptedPost(post_id=made.id, adaptation_id=adaptation.id, n=text.n))
    session.flush()
    audit.record(session, person.ref, "adaptation_posted", "adaptation", adaptation.ref, post=made.ref)
    return made


def posted(session: Session, adaptation: Adaptation) -> str | None:
    """Return the reference of the post that was made of its approved text, None when there is none."""
    return session.scalar(
        select(Post.ref)
        .join(AdaptedPost, AdaptedPost.post_id == Post.id)
        .where(
            AdaptedPost.adaptation_id == adaptation.id,
            AdaptedPost.n == adaptation.approved_n,
            Post.state != PostState.DISCARDED,
        )
        .limit(1)
    )


def same_words(post: Post, adapted: dict[str, str]) -> bool:
    """Return whether the post, loaded by ``posts.find``, still says what was approved, word for word."""
    content = posts.content_of(post.version) if post.version else Content(("",))
    alts = {alt_field(one.part, one.asset_ref): one.alt_text for one in content.media}
    said = {part_field(number): text for number, text in enumerate(content.parts, start=1)} | alts
    return not content.variants and {key: text for key, text in said.items() if text} == adapted
