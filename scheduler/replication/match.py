"""Does this note take up that post? Pure: facts in, a verdict with its reason out.

Three signs, strongest first: a link, a campaign's tag together with some of the words, the words alone.
A tag alone is no sign (a campaign has many posts), and neither is a text of a few words (every body
writes "transparencia") nor a sentence that many posts end with. What is likely and not certain is doubtful: a person
decides.

Words are compared by runs of three, each worth the less the more posts have it. Two shares of them are joined: how much
of the post the note says, and how much of the note is the post's; a note cut short has little of the first and much of
the second, one with words changed or one that quotes the other way round. Their geometric mean with the ratio of the
sets of words, drawn out so that it fills 0 to 100, is the score. The formula and the thresholds were chosen on one seed
of the labelled pairs, and are reported on another (``tests/bench/replication_quality``).
"""

import html
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rapidfuzz.fuzz import token_set_ratio

from scheduler.listening.identity import canonical_link, fold, is_front_page

_TAG = re.compile(r"<[^<>]*>")
_URL = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^\s<>\"']+")
_LETTERS = re.compile(r"\w+")
_HASHTAG = re.compile(r"#(\w+)")
_REPOSTED = re.compile(r"^\s*(?:RT|MT)\b[\s:]*", re.IGNORECASE)
_REPOSTS = ("RT", "MT")
_CUT = re.compile(r"\S*\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
_CUT_ENDS = ("…", "...", "…]", "...]")
_TRAILING = ".,;:!?)]}»”'\""
_TAG_BONUS = 2
# Words that many posts have are no ending of everybody's there, and a note near one version is near them all.
_FAMILY_BONUS = 5
_MOST_OF_IT, _ALL_OF_IT = 0.5, 0.97
# A part of a post in fewer different words than this is never sure.
_FEW_FOR_A_PART = 12
_SURE_BY_LINK, _SURE_BY_PROMOTED = 100, 95
_MOST_BY_TEXT = 99


class Form(StrEnum):
    """In what form a note takes a post up; the words of ``ReplicationKind``."""

    LINK = "link"
    QUOTE = "quote"
    COPY = "copy"
    ADAPTED = "adapted"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts. Scores are from 0 to 100.

    ``few_words``: a text with fewer different words matches nothing by its words. ``enough_grams``: shared
    runs of three words, at least. ``early``: how long before its post a note may seem to be from, since many sites
    give their local time as if it were UTC. ``picture_automatic`` and ``picture_doubtful``: how many of 100 parts of a
    picture have to agree.
    """

    automatic: int = 78
    doubtful: int = 65
    few_words: int = 8
    enough_grams: int = 2
    early: timedelta = timedelta(hours=12)
    picture_automatic: int = 90
    picture_doubtful: int = 62


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A published post: every text it went out with, and the links that lead to it or that it carries.

    ``texts`` are as ``said_in`` leaves them, each once. Links are canonical. ``origins`` is what the post was made
    from: a note there is its source, no echo. ``owners`` are those whose accounts published it: they do not echo
    themselves.
    """

    post_id: int
    texts: tuple[str, ...]
    published_at: datetime
    public_links: frozenset[str] = frozenset()
    promoted: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    owners: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """A note of a body. ``dated`` is false when ``published_at`` is only when it was first seen.

    ``text`` is as ``said_in`` leaves it.
    """

    entry_id: int
    owner_id: int
    text: str
    published_at: datetime
    dated: bool = True
    link: str = ""
    links: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()


Gram = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """How much each run of three words tells, from 0 to 1 and in the order of the text: of the note, of each text.

    ``is_of_family``: most of the post's runs are those of many versions of one message.
    """

    note: Sequence[float]
    texts: Sequence[Sequence[float]]
    is_of_family: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What we think, how sure we are, and why: a code with its parameters, for one sentence."""

    form: Form
    score: int
    certain: bool
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def links_in(text: str) -> frozenset[str]:
    """Return the canonical links of a text or of HTML, without those to a site's front page."""
    found = (canonical_link(html.unescape(url).rstrip(_TRAILING)) for url in _URL.findall(text))
    return frozenset(link for link in found if link and not is_front_page(link))


def tags_in(text: str) -> frozenset[str]:
    """Return the hashtags of a text, folded and without their sign."""
    # "&#39;" and the end of "https://a.mx/#foro" are no hashtags.
    return fold_tags(_HASHTAG.findall(_URL.sub(" ", html.unescape(_TAG.sub(" ", text)))))


def fold_tags(tags: Iterable[str]) -> frozenset[str]:
    """Return tags in the form in which they are compared; case and accents make no difference."""
    return frozenset(folded for tag in tags if (folded := fold(tag.lstrip("#")).replace(" ", "")))


def said_in(text: str) -> str:
    """Return the words that count: no links, mentions, hashtags, emoji, accents, nor a last word cut."""
    # Each pattern tries every place of a text: it is asked only where it can find something.
    bare = _TAG.sub(" ", text) if "<" in text else text
    if "&" in bare:
        bare = html.unescape(bare)
    if "://" in bare:
        bare = _URL.sub(" ", bare)
    for mark in "#@":
        if mark in bare:
            bare = _unmarked(bare, mark)
    if bare.lstrip()[:2].upper() in _REPOSTS:
        bare = _REPOSTED.sub("", bare)
    if bare.rstrip().endswith(_CUT_ENDS):
        bare = _CUT.sub("", bare)
    return fold(bare)


def _unmarked(text: str, mark: str) -> str:
    """Return the text with a space for each mark that has a word behind it, and for that word."""
    first, *others = text.split(mark)
    cut = [f" {one[found.end() :]}" if (found := _LETTERS.match(one)) else f"{mark}{one}" for one in others]
    return "".join((first, *cut))


def grams_of(words: Sequence[str]) -> list[Gram]:
    """Return the runs of three words, in their order."""
    return list(zip(words, words[1:], words[2:], strict=False))


def judge(
    post: PostFacts, entry: EntryFacts, thresholds: Thresholds = Thresholds(), telling: Telling | None = None
) -> Verdict | None:
    """Return whether and how the note takes up the post, or nothing when no sign says so.

    Without ``telling`` every run of words tells as much.
    """
    if entry.owner_id in post.owners or (entry.link and entry.link in post.origins):
        return None
    if entry.dated and entry.published_at < post.published_at - thresholds.early:
        return None
    return _by_link(post, entry) or _by_words(post, entry, thresholds, telling)


def _by_link(post: PostFacts, entry: EntryFacts) -> Verdict | None:
    cited = entry.links | ({entry.link} if entry.link else set())
    if leading := sorted(cited & post.public_links):
        return Verdict(Form.LINK, _SURE_BY_LINK, certain=True, code="replication_links_to_post",
                       params={"link": leading[0]})  # fmt: skip
    if shared := sorted(cited & post.promoted - post.origins):
        # A note that stands at the promoted address, and may be older than the post, may be what the post
        # tells of.
        source = shared == [entry.link] and not (entry.dated and entry.published_at >= post.published_at)
        return Verdict(Form.LINK, 70 if source else _SURE_BY_PROMOTED, certain=not source,
                       code="replication_same_link", params={"link": shared[0]})  # fmt: skip
    return None


def _by_words(
    post: PostFacts, entry: EntryFacts, thresholds: Thresholds, telling: Telling | None
) -> Verdict | None:
    others = entry.text.split()
    if len(set(others)) < thresholds.few_words:
        return None
    note = weighed(others, telling.note if telling else None)
    shared_tags = sorted(post.tags & entry.tags)
    found = [
        verdict
        for at, text in enumerate(post.texts)
        if (
            verdict := _compare(
                _Sides(text, weighed(text.split(), telling.texts[at] if telling else None), entry.text, note),
                shared_tags,
                thresholds,
                _FAMILY_BONUS if telling and telling.is_of_family else 0,
            )
        )
    ]
    return max(found, key=lambda verdict: verdict.score, default=None)


def weighed(words: Sequence[str], tells: Sequence[float] | None) -> dict[Gram, float]:
    """Return each run of three words once, with how much it tells."""
    grams = grams_of(words)
    return dict.fromkeys(grams, 1.0) if tells is None else dict(zip(grams, tells, strict=True))


@dataclass(frozen=True, slots=True)
class _Sides:
    """A post's text and a note's, each as it stands and as runs that tell."""

    post: str
    post_runs: Mapping[Gram, float]
    note: str
    note_runs: Mapping[Gram, float]


def score_of(shared: float, post: float, note: float, ratio: float) -> int:
    """Return the score of two texts: of what their runs tell, the part they share and all of each; ``ratio`` to 100."""
    if not post or not note:
        return 0
    either = 1 - (1 - min(1.0, shared / post)) * (1 - min(1.0, shared / note))
    return round(100 * math.sqrt(math.sqrt(either) * ratio / 100))


def _compare(sides: _Sides, tags: list[str], thresholds: Thresholds, bonus: int) -> Verdict | None:
    words = sides.post.split()
    post_words = set(words)
    shared = sides.post_runs.keys() & sides.note_runs.keys()
    if len(post_words) < thresholds.few_words or len(shared) < thresholds.enough_grams:
        return None
    told = sum(sides.post_runs[run] for run in shared)
    ratio = token_set_ratio(sides.post, sides.note)
    score = score_of(told, sum(sides.post_runs.values()), sum(sides.note_runs.values()), ratio)
    score = min(_MOST_BY_TEXT, score + bonus + (_TAG_BONUS if tags else 0))
    covered = len(shared) / len(sides.post_runs)
    others = set(sides.note.split())
    if covered < _MOST_OF_IT and len(others) < _FEW_FOR_A_PART:
        # A heading may say as much by itself.
        score = min(score, thresholds.automatic - 1)
    if score < thresholds.doubtful:
        return None
    both = len(post_words & others)
    percent = round(100 * both / len(post_words))
    form = _form(covered, (sides.note.count(" ") + 1) / len(words), percent)
    params: dict[str, object] = {
        "percent": percent,
        # Of the note's own words, and how many stand in one row as they do in the post.
        "own": round(100 * both / len(others)),
        "row": _longest_row(words, shared),
    }
    form_told: str = form.value
    if form is Form.COPY and covered >= _ALL_OF_IT:
        form_told = "verbatim"
    elif form is Form.ADAPTED and len(shared) >= _MOST_OF_IT * len(sides.note_runs):
        form_told = "excerpt"
    code = f"replication_{'tagged_' if tags else ''}{form_told}"
    params |= {"tags": [f"#{tag}" for tag in tags]} if tags else {}
    return Verdict(form, score, certain=score >= thresholds.automatic, code=code, params=params)


def _longest_row(words: Sequence[str], shared: Collection[Gram]) -> int:
    """Return how many words in one row both texts have."""
    longest = row = 0
    for gram in grams_of(words):
        row = row + 1 if gram in shared else 0
        longest = max(longest, row)
    return longest + 2 if longest else 0


def _form(covered: float, length: float, said: int) -> Form:
    if length > 2 and covered >= _MOST_OF_IT:  # noqa: PLR2004 -- in a note twice as long
        return Form.QUOTE
    return Form.COPY if said >= 80 and covered >= _MOST_OF_IT else Form.ADAPTED  # noqa: PLR2004 -- little was changed
