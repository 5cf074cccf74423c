"""What matching needs to know of the posts that are out, read from the plan."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from content_calendar.content import Content, from_json
from content_calendar.links import links
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.listening.identity import canonical_link, is_front_page
from scheduler.replication.match import PostFacts, fold_tags, said_in
from scheduler.replication.same_links import same_link

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
    texts = tuple(dict.fromkeys(text for _, version in out for text in texts_in(from_json(version.content))))
    origin = same_link(post.origin_url)
    return PostFacts(
        post_id=post.id,
        texts=tuple(dict.fromkeys(map(said_in, texts))),
        published_at=min(publication.published_at or publication.due_at for publication, _ in out),
        public_links=frozenset(
            same_link(part.remote_url) for one, _ in out for part in one.parts if part.remote_url
        ),
        promoted=frozenset(link for text in texts for link in _promoted(text)),
        origins=frozenset({origin}) if origin else frozenset(),
        tags=fold_tags(tag for campaign in post.campaigns for tag in campaign.tags),
        owners=frozenset(one.account.owner_id for one, _ in out),
    )


def texts_in(content: Content) -> Iterator[str]:
    """Yield every text in which a content goes out, the parts of a thread also as one."""
    for parts in (content.parts, *content.variants.values()):
        yield from parts
        if len(parts) > 1:
            yield " ".join(parts)


def _promoted(text: str) -> Iterator[str]:
    # As a network reads a post: "snt.org.mx/guia" is a link there without its scheme too.
    for link in links(text):
        written = link.text if "://" in link.text else f"https://{link.text}"
        if (canonical := canonical_link(written)) and not is_front_page(canonical):
            yield same_link(canonical)
