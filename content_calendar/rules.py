"""What is wrong with a post for a network and its campaigns, as codes and parameters.

Pure and quick: it runs at each keystroke. The sentences are made at the edge, from ``Problem.code``.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as defaulted
from enum import StrEnum

import regex

from content_calendar import text_rules
from content_calendar.camel_case import in_camel_case
from content_calendar.content import PostKind
from content_calendar.links import links
from content_calendar.text_rules import characters, tag_key, without_accents

HOUSE = "house"
"""The source of rules that hold on every network: the commission's mandate of accessible language."""


class Severity(StrEnum):
    """An error keeps a post from being sent to review; a warning is shown and may stay; a hint is an advice."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """Return its place in a list: what keeps a post back first."""
        return list(Severity).index(self)


class MediaNeed(StrEnum):
    """What a network does not publish without: nothing, a picture or a video, a video."""

    NONE = "none"
    ANY = "any"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Look:
    """The colours and shapes in which people know a network, for its previews.

    Each colour is two of CSS, by day and by night, with a space between; what is written in ``ink``, ``quiet`` or
    ``accent`` on ``paper`` keeps the contrast that WCAG 2.2 asks (4.5). ``corners`` and ``face``, the roundness of
    the card and of the account's picture, are CSS lengths.
    """

    paper: str
    ink: str
    quiet: str
    line: str
    accent: str
    corners: str = "0"
    face: str = "50%"


@dataclass(frozen=True, slots=True)
class NetworkRules:
    """What one network takes. Each network declares its own, beside its code.

    ``measure`` counts a text in ``unit`` ("weighted", "graphemes", "characters", "UTF-16 units", "bytes"), links
    as the network counts them; ``link_length`` is told to the author when every link counts the same. None for a limit
    means there is none. ``mentions`` finds whom a text mentions there. ``source`` is the page or clause
    where the network says so.
    """

    network: str
    max_length: int | None
    measure: Callable[[str], int]
    unit: str
    max_images: int | None = None
    max_alt_length: int | None = None
    measure_alt: Callable[[str], int] = characters
    mentions: Callable[[str], list[str]] = text_rules.mentions
    alt_required: bool = True
    link_length: int | None = None
    forbidden_characters: frozenset[str] = frozenset()
    source: str = ""
    # How a preview of it looks; None for the house's own card.
    look: Look | None = None
    needs: MediaNeed = MediaNeed.NONE
    # Where a text that goes with pictures or a video has less room.
    max_length_with_media: int | None = None
    # Where the first line is the title, how many characters it may have.
    max_title: int | None = None
    max_tags: int | None = None
    max_mentions: int | None = None
    max_links: int | None = None
    # False: it has no place for alternative text; whoever does not see a picture or a video has only the post's.
    shows_alt: bool = True

    def length_for(self, media: int) -> int | None:
        """Return how long a part may be that goes with so many pictures and videos."""
        return self.max_length_with_media if media and self.max_length_with_media else self.max_length


@dataclass(frozen=True, slots=True)
class CampaignRules:
    """What one campaign asks of its posts.

    ``required_tags`` have their ``#``. ``mention`` is as it should be written: a handle with its ``@``
    while ``mention_stands`` (a certified account), else the plain name. ``fallen_handles`` are accounts
    that stood once and must never be tagged again.
    """

    slug: str
    name: str
    required_tags: tuple[str, ...] = ()
    mention: str | None = None
    mention_required: bool = False
    mention_stands: bool = False
    fallen_handles: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What the rules need to know of an image or video: its asset's public reference and its alternative text here."""

    asset_ref: str
    alt_text: str = ""
    video: bool = False


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One part of a post: what it says and shows."""

    text: str
    media: Sequence[ImageFacts] = ()


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A whole post as one network gets it."""

    parts: Sequence[PartFacts]
    kind: PostKind = PostKind.POST


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend or to know. ``field`` is "text", "text.2", "images" or "images.2.alt_text".

    Images are numbered through all parts. In a post of several parts ``params["part"]`` says which one.
    ``source`` says whose rule it is: "network:<slug>", "campaign:<slug>" or HOUSE.
    """

    code: str
    severity: Severity
    params: Mapping[str, object] = defaulted(default_factory=dict)
    field: str = "text"
    source: str = HOUSE


def problems(
    text: str,
    images: Sequence[ImageFacts],
    network_rules: NetworkRules,
    campaign_rules: Iterable[CampaignRules] | CampaignRules | None = None,
) -> list[Problem]:
    """Return what is wrong with a post of one part; see ``post_problems``."""
    return post_problems(PostFacts((PartFacts(text, images),)), network_rules, campaign_rules)


def post_problems(
    post: PostFacts,
    network_rules: NetworkRules,
    campaign_rules: Iterable[CampaignRules] | CampaignRules | None = None,
) -> list[Problem]:
    """Return what is wrong with a post, errors first and in the order of the fields.

    What a campaign asks for may stand in any part of a thread; a repost has no text, so nothing is asked of it.
    Codes: text_empty, text_too_long, text_too_long_with_tags, forbidden_characters, too_many_images,
    pictures_not_taken, too_many_videos, video_with_images, media_missing, video_missing, title_too_long, too_many_tags,
    too_many_mentions, too_many_links, alt_text_not_shown, alt_text_missing, alt_text_too_long, video_alt_missing,
    tag_missing, tag_without_accent, tag_in_other_case, tag_in_small_letters, mention_missing, mention_without_account,
    mention_of_fallen_account, starts_with_mention, thread_of_one, repost_without_tags.
    """
    campaigns = [campaign_rules] if isinstance(campaign_rules, CampaignRules) else list(campaign_rules or ())
    if post.kind is PostKind.REPOST:
        asking = any(one.required_tags or one.mention_required for one in campaigns)
        return [Problem("repost_without_tags", Severity.WARNING)] if asking else []
    text = "\n\n".join(part.text for part in post.parts)
    tags = text_rules.hashtags(text, links(text))
    missing: list[str] = []
    found: list[Problem] = []
    for campaign in campaigns:
        lacking = list(_tag_problems(tags, campaign))
        missing += [str(one.params["tag"]) for one in lacking if one.code == "tag_missing"]
        found += [*lacking, *_mention_problems(text, campaign, network_rules)]
    required = {tag_key(tag) for campaign in campaigns for tag in campaign.required_tags}
    found = [
        *_part_problems(post, list(dict.fromkeys(missing)), network_rules),
        *found,
        *_small_letter_problems(tags, required),
        *_media_problems(post, network_rules),
    ]
    return sorted(found, key=lambda one: one.severity is not Severity.ERROR)


def tightest(several: Sequence[NetworkRules]) -> NetworkRules:
    """Return rules under which a post fits all of these: servers of one network may differ in what they take.

    Raises ValueError when there are none.
    """
    limited = [one for one in several if one.max_length is not None]
    first = min(limited, key=lambda one: one.max_length or 0) if limited else next(iter(several), None)
    if first is None:
        raise ValueError("there are no rules to choose from")
    return replace(
        first,
        max_images=_least(one.max_images for one in several),
        max_alt_length=_least(one.max_alt_length for one in several),
    )


def _least(limits: Iterable[int | None]) -> int | None:
    return min((one for one in limits if one is not None), default=None)


def _part_problems(post: PostFacts, missing_tags: list[str], rules: NetworkRules) -> Iterator[Problem]:
    count = len(post.parts)
    if post.kind is PostKind.THREAD and count == 1:
        yield Problem("thread_of_one", Severity.ERROR)
    for number, part in enumerate(post.parts, start=1):
        # What is missing would be written at the end; who begins matters at the beginning only.
        lacking = missing_tags if number == count else []
        for one in _text_problems(part, lacking, rules):
            if one.code != "starts_with_mention" or number == 1:
                yield _in_part(one, number, count)
        for one in _count_problems(part.text, rules, has_title=number == 1):
            yield _in_part(one, number, count)


def _count_problems(text: str, rules: NetworkRules, *, has_title: bool) -> Iterator[Problem]:
    source = f"network:{rules.network}"
    title = characters(text.strip().partition("\n")[0].rstrip())
    if has_title and rules.max_title is not None and title > rules.max_title:
        said = {"length": title, "max": rules.max_title, "over": title - rules.max_title}
        yield Problem("title_too_long", Severity.ERROR, said, source=source)
    found = links(text)
    for code, most, count in (
        ("too_many_tags", rules.max_tags, len(text_rules.hashtags(text, found))),
        ("too_many_mentions", rules.max_mentions, len(rules.mentions(text))),
        ("too_many_links", rules.max_links, len(found)),
    ):
        if most is not None and count > most:
            said = {"count": count, "max": most, "over": count - most}
            yield Problem(code, Severity.ERROR, said, source=source)


def _in_part(problem: Problem, number: int, count: int) -> Problem:
    if count == 1:
        return problem
    field = f"text.{number}" if problem.field == "text" and number > 1 else problem.field
    return replace(problem, field=field, params={**problem.params, "part": number})


def _text_problems(part: PartFacts, missing_tags: list[str], rules: NetworkRules) -> Iterator[Problem]:
    text, source = part.text, f"network:{rules.network}"
    most = rules.length_for(len(part.media))
    if text_rules.is_blank(text):
        yield Problem("text_empty", Severity.ERROR)
        return
    never = sorted(rules.forbidden_characters.intersection(text))
    if never:
        codes = ", ".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in never)
        yield Problem("forbidden_characters", Severity.ERROR, source=source, params={"characters": codes})
    if most is not None:
        length = rules.measure(text)
        with_tags = rules.measure(" ".join([text.rstrip(), *missing_tags])) if missing_tags else length
        said = {"length": length, "length_with_tags": with_tags, "max": most, "unit": rules.unit}
        if length > most:
            over = {**said, "over": length - most}
            yield Problem("text_too_long", Severity.ERROR, source=source, params=over)
        elif with_tags > most:
            over = {**said, "over": with_tags - most, "tags": " ".join(missing_tags)}
            yield Problem("text_too_long_with_tags", Severity.WARNING, source=source, params=over)
    if text_rules.starts_with_mention(text):
        yield Problem("starts_with_mention", Severity.WARNING)


def _tag_problems(tags: list[str], campaign: CampaignRules) -> Iterator[Problem]:
    """Yield a problem for each required tag that is not there, or is there in another writing."""
    source = f"campaign:{campaign.slug}"
    by_key = {tag_key(tag): tag for tag in tags}
    by_plain = {without_accents(key): tag for key, tag in by_key.items()}
    exact = {unicodedata.normalize("NFC", tag) for tag in tags}
    for tag in campaign.required_tags:
        key = tag_key(tag)
        right = "#" + unicodedata.normalize("NFC", tag.lstrip("#\uff03"))
        written = by_key.get(key)
        if written is not None:
            if right[1:] not in exact:
                params = {"tag": right, "written": f"#{written}"}
                yield Problem("tag_in_other_case", Severity.WARNING, source=source, params=params)
        elif (near := by_plain.get(without_accents(key))) is not None:
            params = {"tag": right, "written": f"#{near}"}
            yield Problem("tag_without_accent", Severity.WARNING, source=source, params=params)
        else:
            yield Problem("tag_missing", Severity.ERROR, source=source, params={"tag": right})


def _mention_problems(text: str, campaign: CampaignRules, rules: NetworkRules) -> Iterator[Problem]:
    source = f"campaign:{campaign.slug}"
    mentioned = [name.casefold() for name in rules.mentions(text)]
    for handle in campaign.fallen_handles:
        fallen = handle.lstrip("@").casefold()
        if any(name == fallen or name.startswith((f"{fallen}.", f"{fallen}-")) for name in mentioned):
            params = {"handle": f"@{handle.lstrip('@')}"}
            yield Problem("mention_of_fallen_account", Severity.ERROR, source=source, params=params)
    if not campaign.mention or not campaign.mention_required:
        return
    params = {"mention": campaign.mention, "campaign": campaign.name}
    if campaign.mention_stands and campaign.mention.startswith("@"):
        written = campaign.mention.removeprefix("@").casefold() in mentioned
    else:
        written = _is_named(text, campaign.mention.removeprefix("@"))
        yield Problem("mention_without_account", Severity.WARNING, source=source, params=params)
    if not written:
        yield Problem("mention_missing", Severity.ERROR, source=source, params=params)


def _is_named(text: str, name: str) -> bool:
    """Tell whether ``text`` has ``name`` as words of its own, whatever the case, accents and spaces."""
    words = (regex.escape(word, literal_spaces=True) for word in without_accents(name).casefold().split())
    pattern = r"(?<![\p{L}\p{N}_@#])" + r"\s+".join(words) + r"(?![\p{L}\p{N}_])"
    return regex.search(pattern, without_accents(text).casefold()) is not None


def _small_letter_problems(tags: list[str], required: set[str]) -> Iterator[Problem]:
    for tag in dict.fromkeys(tags):
        if tag_key(tag) not in required and (better := in_camel_case(tag)) is not None:
            params = {"written": f"#{tag}", "better": f"#{better}" if better else None}
            yield Problem("tag_in_small_letters", Severity.WARNING, params=params)


def _media_problems(post: PostFacts, rules: NetworkRules) -> Iterator[Problem]:
    before = 0
    for number, part in enumerate(post.parts, start=1):
        for one in (*_how_many(part.media, rules), *_alt_problems(part.media, rules, before)):
            yield _in_part(one, number, len(post.parts))
        before += len(part.media)


def _how_many(media: Sequence[ImageFacts], rules: NetworkRules) -> Iterator[Problem]:
    images = sum(not one.video for one in media)
    videos = len(media) - images
    if rules.needs is MediaNeed.VIDEO and not videos:
        yield Problem("video_missing", Severity.ERROR, field="images", source=f"network:{rules.network}")
    elif rules.needs is MediaNeed.ANY and not media:
        yield Problem("media_missing", Severity.ERROR, field="images", source=f"network:{rules.network}")
    if media and not rules.shows_alt:
        yield Problem(
            "alt_text_not_shown", Severity.WARNING, field="images", source=f"network:{rules.network}"
        )
    if videos > 1:
        yield Problem("too_many_videos", Severity.ERROR, field="images", params={"count": videos})
    if videos and images:
        yield Problem("video_with_images", Severity.ERROR, field="images")
    if images and rules.max_images == 0:
        yield Problem("pictures_not_taken", Severity.ERROR, field="images", source=f"network:{rules.network}")
    elif rules.max_images is not None and images > rules.max_images:
        params = {"count": images, "max": rules.max_images, "over": images - rules.max_images}
        source = f"network:{rules.network}"
        yield Problem("too_many_images", Severity.ERROR, field="images", source=source, params=params)


def _alt_problems(media: Sequence[ImageFacts], rules: NetworkRules, before: int) -> Iterator[Problem]:
    source = f"network:{rules.network}"
    for number, one in enumerate(media, start=before + 1):
        where = f"images.{number}.alt_text"
        which = {"number": number, "asset": one.asset_ref}
        if text_rules.is_blank(one.alt_text):
            severity = Severity.ERROR if rules.alt_required else Severity.WARNING
            code = "video_alt_missing" if one.video else "alt_text_missing"
            yield Problem(code, severity, field=where, params=which)
        elif rules.max_alt_length is not None:
            length = rules.measure_alt(one.alt_text)
            if length > rules.max_alt_length:
                over = {"length": length, "max": rules.max_alt_length, "over": length - rules.max_alt_length}
                yield Problem("alt_text_too_long", Severity.ERROR, {**which, **over}, where, source)
