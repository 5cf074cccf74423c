"""What matching needs to know of the posts that are out, read from the plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.identity import canonical_link
from scheduler.replication.match import PostFacts, fold_tags, links_in

_CHUNK = 500


def published(session: Session) -> frozenset[int]:
    """Return the ids of all publications that are out."""
    found = select(Publication.id).where(Publication.state == PublicationState.PUBLISHED)
    return frozenset(session.scalars(found))


def published_facts(session: Session, publication_ids: Iterable[int]) -> list[PostFacts]:
    """Return the facts of the posts that these publications belong to, from all that is out of each."""
    ids = sorted(publication_ids)
    facts = []
    for start in range(0, len(ids), _CHUNK):
        chunk = select(Publication.post_id).where(Publication.id.in_(ids[start : start + _CHUNK]))
        facts += _facts(session, sorted(set(session.scalars(chunk))))
    return facts


def _facts(session: Session, post_ids: Sequence[int]) -> list[PostFacts]:
    posts = session.scalars(
        select(Post).where(Post.id.in_(post_ids)).options(selectinload(Post.campaigns))
    ).all()
    out: dict[int, list[tuple[Publication, PostVersion]]] = {post.id: [] for post in posts}
    rows = session.execute(
        select(Publication, PostVersion)
        .join(PostVersion, PostVersion.id == Publication.version_id)
        .where(Publication.post_id.in_(post_ids), Publication.state == PublicationState.PUBLISHED)
        .options(selectinload(Publication.parts), joinedload(Publication.account))
    )
    for publication, version in rows:
        out[publication.post_id].append((publication, version))
    return [_of(post, out[post.id]) for post in posts]


def _of(post: Post, out: Sequence[tuple[Publication, PostVersion]]) -> PostFacts:
    texts = tuple(dict.fromkeys(text for _, version in out for text in texts_in(version.content)))
    origin = canonical_link(post.origin_url)
    return PostFacts(
        post_id=post.id,
        texts=texts,
        published_at=min(publication.published_at or publication.due_at for publication, _ in out),
        public_links=frozenset(
            canonical_link(part.remote_url) for one, _ in out for part in one.parts if part.remote_url
        ),
        promoted=frozenset(link for text in texts for link in links_in(text)),
        origins=frozenset({origin}) if origin else frozenset(),
        tags=fold_tags(tag for campaign in post.campaigns for tag in campaign.tags),
        owners=frozenset(one.account.owner_id for one, _ in out),
    )


def texts_in(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text that a version's content holds, whatever part or variant it belongs to."""
    for name, value in content.items():
        if name == "text" and isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from texts_in(value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from (text for one in value if isinstance(one, Mapping) for text in texts_in(one))
