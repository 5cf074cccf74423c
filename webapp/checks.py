"""Everything that can be said of a draft before it goes out: its texts, images, accounts and moment.

The rules themselves are elsewhere, each in its place; here they are asked for one draft. What surrounds it comes from
``surroundings``; its texts are looked at anew at each keystroke.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from content_calendar import hints, recent_likeness
from content_calendar.clock import monotonic
from content_calendar.content import Content, PostKind
from content_calendar.likeness import keys, one_text_for_several
from content_calendar.posts import Draft
from content_calendar.rules import (
    ImageFacts,
    NetworkRules,
    PartFacts,
    PostFacts,
    Problem,
    Severity,
    post_problems,
)
from scheduler.networks import networks
from webapp.outlets import Outlet
from webapp.surroundings import ASKED_EVERY, Memory, Surroundings, around

_MEMORY = Memory()


@dataclass(frozen=True)
class Count:
    """How long a text is for one network, in the network's own measure."""

    network: str
    name: str
    used: int
    limit: int


@dataclass(frozen=True)
class Looked:
    """A draft that was looked at: its accounts, and what is to be mended or known of it."""

    outlets: Sequence[Outlet]
    problems: list[Problem]


def check(session: Session, draft: Draft, post_id: int | None = None) -> list[Problem]:
    """Return what is to be mended or known of a draft, errors first; the queries do not grow with the calendar.

    ``post_id`` is the post that the draft is of, so that it is not found near itself.
    """
    return look(session, draft, post_id).problems


def look(session: Session, draft: Draft, post_id: int | None = None, *, typing: bool = False) -> Looked:
    """Return what ``check`` returns, with the accounts that were looked at.

    While somebody is ``typing``, what surrounds the text may be a few seconds old.
    """
    place = _MEMORY.around(session, draft, post_id) if typing else around(session, draft, post_id)
    content = draft.content
    found = [
        *place.problems,
        *_of_texts(content, place),
        *one_text_for_several(content, [one.slug for one in place.outlets], networks()),
        *hints.of_content(content, place.glossary),
        *_of_recent(session, content, place, post_id),
    ]
    return Looked(place.outlets, sorted(_once(found), key=lambda one: one.severity.rank))


def counts(content: Content, rules: Mapping[str, NetworkRules], part: int | None = None) -> list[Count]:
    """Return how long the content, or one part of it, is for each of these networks that has a limit."""
    if content.kind == PostKind.REPOST:
        return []
    known = networks()
    found = []
    for slug, one in sorted(rules.items()):
        texts = content.parts_for(slug)
        texts = texts if part is None else texts[part - 1 : part]
        if one.max_length is not None and texts:
            used = max(one.measure(text) for text in texts)
            found.append(Count(slug, known[slug].name if slug in known else slug, used, one.max_length))
    return found


def _once(found: Iterable[Problem]) -> list[Problem]:
    # Two networks find the same missing tag: it is told once.
    seen: dict[tuple[str, str, str, str], Problem] = {}
    for one in found:
        seen.setdefault((one.code, one.field, one.source, repr(sorted(one.params.items()))), one)
    return list(seen.values())


def _of_texts(content: Content, place: Surroundings) -> Iterator[Problem]:
    for slug, rules in place.rules.items():
        parts = [
            PartFacts(
                text,
                [ImageFacts(one.asset_ref, one.alt_text, one.is_video) for one in content.media_of(number)],
            )
            for number, text in enumerate(content.parts_for(slug), start=1)
        ]
        facts = PostFacts(parts, PostKind(content.kind))
        for problem in post_problems(facts, rules, place.campaigns.get(slug, ())):
            yield _seen_from(problem, slug if content.variants.get(slug) else "", place.names.get(slug, slug))


def _seen_from(problem: Problem, variant: str, network: str) -> Problem:
    params = (
        {**problem.params, "network": network} if problem.source.startswith("network:") else problem.params
    )
    if problem.code in {"alt_text_missing", "video_alt_missing"}:
        # What an image lacks, it lacks whatever the network.
        return replace(problem, severity=Severity.ERROR)
    head, _, rest = problem.field.partition(".")
    if variant and head == "text":
        return replace(problem, field=f"variant.{variant}" + (f".{rest}" if rest else ""), params=params)
    return replace(problem, params=params)


def _of_recent(
    session: Session, content: Content, place: Surroundings, post_id: int | None
) -> Iterator[Problem]:
    """Yield a warning when a recent post says nearly the same; at most one query."""
    text, recents = recent_likeness.text_of(content), place.recents
    if monotonic() - recents.asked_at >= ASKED_EVERY:
        recents.others = recent_likeness.sharing(session, keys(text), post_id)
        recents.asked_at = monotonic()
    found = recent_likeness.first_alike(text, recents.others)
    if found is not None:
        yield Problem(
            "like_a_recent_post", Severity.WARNING, source=hints.ALIKE, params={"title": found.title}
        )
