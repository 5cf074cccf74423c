"""Does this note take up that post? Pure: facts in, a verdict with its reason out.

Three signs, strongest first: a link, a campaign's tag together with some of the words, the words alone.
A tag alone is no sign (a campaign has many posts), and neither is a text of a few words (every body
writes "transparencia"). What is likely and not certain is doubtful: a person decides.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rapidfuzz.fuzz import token_set_ratio

from scheduler.listening.identity import canonical_link, fold, is_front_page

_TAG = re.compile(r"<[^<>]*>")
_URL = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^\s<>\"']+")
_MARKED = re.compile(r"[#@]\w+")
_HASHTAG = re.compile(r"#(\w+)")
_REPOSTED = re.compile(r"^\s*(?:RT|MT)\b[\s:]*", re.IGNORECASE)
_CUT = re.compile(r"\S*\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
_CUT_ENDS = ("…", "...", "…]", "...]")
_TRAILING = ".,;:!?)]}»”'\""
_TAG_BONUS = 10
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
    runs of three words, at least. ``covered``: the share of the post's runs that makes it a copy beyond
    doubt. ``early``: how long before its post a note may seem to be from, since many sites give their local
    time as if it were UTC.
    """

    automatic: int = 80
    doubtful: int = 60
    few_words: int = 8
    enough_grams: int = 2
    covered: float = 0.3
    early: timedelta = timedelta(hours=12)


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
    bare = html.unescape(_TAG.sub(" ", text) if "<" in text else text)
    bare = _REPOSTED.sub("", _MARKED.sub(" ", _URL.sub(" ", bare)))
    # Looked for only where it is: the pattern tries each place of a text.
    if bare.rstrip().endswith(_CUT_ENDS):
        bare = _CUT.sub("", bare)
    return fold(bare)


def grams_of(words: Sequence[str]) -> frozenset[tuple[str, str, str]]:
    """Return the runs of three words."""
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def judge(post: PostFacts, entry: EntryFacts, thresholds: Thresholds = Thresholds()) -> Verdict | None:
    """Return whether and how the note takes up the post, or nothing when no sign says so."""
    if entry.owner_id in post.owners or (entry.link and entry.link in post.origins):
        return None
    if entry.dated and entry.published_at < post.published_at - thresholds.early:
        return None
    by_link = _by_link(post, entry)
    return by_link or _by_words(post, entry, thresholds)


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


def _by_words(post: PostFacts, entry: EntryFacts, thresholds: Thresholds) -> Verdict | None:
    shared_tags = sorted(post.tags & entry.tags)
    found = [
        verdict for text in post.texts if (verdict := _compare(text, entry.text, shared_tags, thresholds))
    ]
    return max(found, key=lambda verdict: verdict.score, default=None)


def _compare(post: str, entry: str, tags: list[str], thresholds: Thresholds) -> Verdict | None:
    bonus = _TAG_BONUS if tags else 0
    # The quickest question first: most that share a few words share too few of them.
    ratio = token_set_ratio(post, entry, score_cutoff=thresholds.doubtful - bonus - 1)
    if not ratio:
        return None
    words, others = post.split(), entry.split()
    post_words, entry_words = set(words), set(others)
    if min(len(post_words), len(entry_words)) < thresholds.few_words:
        return None
    grams = grams_of(words)
    shared = grams & grams_of(others)
    if len(shared) < thresholds.enough_grams:
        return None
    # The ratio is one of sets: a long note has all words of a short post, somewhere. The share of the post's
    # runs of words tells whether it also says it.
    covered = min(1.0, len(shared) / len(grams) / thresholds.covered)
    score = min(_MOST_BY_TEXT, round(ratio * (0.5 + 0.5 * covered)) + bonus)
    if score < thresholds.doubtful:
        return None
    said = round(100 * len(post_words & entry_words) / len(post_words))
    form = _form(len(shared) / len(grams), len(others) / len(words), said)
    code = f"replication_{'tagged_' if tags else ''}{form.value}"
    params: dict[str, object] = {"percent": said} | ({"tags": [f"#{tag}" for tag in tags]} if tags else {})
    return Verdict(form, score, certain=score >= thresholds.automatic, code=code, params=params)


def _form(covered: float, length: float, said: int) -> Form:
    if length > 2 and covered >= 0.5:  # noqa: PLR2004 -- most of the post, in a note twice as long
        return Form.QUOTE
    return Form.COPY if said >= 80 and covered >= 0.5 else Form.ADAPTED  # noqa: PLR2004 -- little was changed
