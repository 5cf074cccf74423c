"""A post as it will look on each network, side by side: neutral cards, made of what the networks declare."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext

from content_calendar.content import Content, PostKind
from content_calendar.models.publications import Publication
from content_calendar.payloads import PayloadImage, PayloadPart, PayloadVideo, thaw
from content_calendar.posts import Draft
from content_calendar.rules import NetworkRules
from webapp import outlets
from webapp.dates import words
from webapp.marking import LINK, marked
from webapp.outlets import NO_RULES, Outlet

_LINK_SHOWN = 28


@dataclass(frozen=True)
class SeenMedium:
    """A picture or a video of a part: where its bytes are, and its alternative text."""

    url: str
    alt: str
    video: bool = False


@dataclass(frozen=True)
class SeenPart:
    """One part as it is shown: its text in pieces, and its media."""

    pieces: Sequence[tuple[str, str]]
    media: Sequence[SeenMedium]


@dataclass(frozen=True)
class Target:
    """The post that is shared or quoted, as far as its link tells."""

    url: str
    handle: str = ""
    network: str = ""


@dataclass
class Preview:
    """A card: who speaks, on which network, what is seen. ``more`` accounts of the network show the same."""

    name: str
    handle: str
    network: str
    kind: PostKind
    parts: Sequence[SeenPart]
    when: str = ""
    target: Target | None = None
    handles: list[str] = field(default_factory=list)
    look: str = ""
    # False: the network has no place for alternative text.
    shows_alt: bool = True

    @property
    def more(self) -> int:
        """Return how many other accounts show the same."""
        return len(self.handles) - 1


def previews(draft: Draft, chosen: Sequence[Outlet]) -> list[Preview]:
    """Return one card for each network and text: ten accounts of one network would show ten times the same."""
    content = draft.content
    when = words(draft.due.at, draft.due.zone) if draft.due else ""
    kind, target = PostKind(content.kind), target_seen(content.kind, content.target)
    made: dict[tuple[str, tuple[str, ...]], Preview] = {}
    for one in chosen:
        texts = content.parts_for(one.slug)
        handle = f"@{one.account.handle.lstrip('@')}"
        if (card := made.get((one.slug, texts))) is None:
            rules = one.rules
            parts = _parts(content, texts, rules)
            card = Preview(one.account.owner.short_name, handle, one.name, kind, parts, when, target)
            card.look, card.shows_alt = one.slug if rules.look else "", rules.shows_alt
            made[one.slug, texts] = card
        card.handles.append(handle)
    if made:
        return list(made.values())
    nobody = gettext("sin cuenta elegida")
    name, network = gettext("Tu cuenta"), gettext("cualquier red")
    return [
        Preview(name, nobody, network, kind, _parts(content, content.parts, NO_RULES), when, target, [nobody])
    ]


def _parts(content: Content, texts: Sequence[str], rules: NetworkRules) -> list[SeenPart]:
    return [
        SeenPart(
            [(what, _shown(piece, what, rules)) for what, piece in marked(text, rules.mentions)],
            [
                SeenMedium(_address(one.asset_ref, one.asset_version), one.alt_text, one.is_video)
                for one in content.media_of(number)
            ],
        )
        for number, text in enumerate(texts, start=1)
    ]


def _shown(piece: str, what: str, rules: NetworkRules) -> str:
    """Return a piece as it is shown: networks leave out a link's scheme and cut what is long."""
    if what != LINK or not rules.look:
        return piece
    bare = piece.partition("://")[2] or piece
    return bare if len(bare) <= _LINK_SHOWN else f"{bare[:_LINK_SHOWN]}…"


def frozen(row: Publication, network: str, *, only: Collection[int] | None = None) -> Preview:
    """Return a publication, loaded with its account's owner, as its frozen payload is shown.

    ``only`` leaves out the parts of a thread that are not among these numbers. Raises PayloadDamagedError.
    """
    payload, account = thaw(row.payload, row.payload_sha256), row.account
    shown = [part for n, part in enumerate(payload.parts, start=1) if only is None or n in only]
    handle = f"@{account.handle.lstrip('@')}"
    return Preview(
        account.owner.short_name,
        handle,
        network,
        payload.kind,
        [_part_seen(part) for part in shown],
        words(row.published_at or row.due_at),
        target_seen(payload.kind, payload.target),
        [handle],
    )


def _part_seen(part: PayloadPart) -> SeenPart:
    every: Iterable[PayloadImage | PayloadVideo] = [*part.images, *([part.video] if part.video else [])]
    media = [
        SeenMedium(_address(one.asset_ref, one.version), one.alt_text, isinstance(one, PayloadVideo))
        for one in every
    ]
    return SeenPart(marked(part.text), media)


def target_seen(kind: str, url: str) -> Target | None:
    """Return the card of the post that is shared or quoted; None where there is none."""
    if kind not in {PostKind.REPOST, PostKind.QUOTE}:
        return None
    found = outlets.target_of(url)
    if found is None:
        return Target(url)
    handle = found[1].handle.lstrip("@")
    return Target(url, f"@{handle}" if handle else "", found[0])


def _address(ref: str, version: int) -> str:
    return url_for("toolbox.served", ref=ref, n=version)
