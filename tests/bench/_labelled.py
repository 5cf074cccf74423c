"""Pairs of a post and a note of which it is known whether the one takes up the other: made from a seed, and frozen.

The sentences are real ones, snapshot in ``labelled/sentences.json``: titles of the programmes and observances of the
plan, examples of the demonstration, and sentences of the screens, since a post is no more than two or three plain
sentences. Each kind has as many pairs. ``takes_up`` is None where a person could not tell either: the same event told
by another body may be its own news or an echo, so only a verdict that is sure of itself is wrong there.
Every link is left out of both sides: what is asked is how far words reach.
"""

import html
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench._labelled_words import (
    BEFORE_A_COPY,
    BEFORE_A_QUOTE,
    CALLS,
    EVENTS,
    EVENTS_OF_OTHERS,
    HANDLES,
    INSTEAD,
    LEADS,
    MONTHS,
    MORE_TAGS,
    PLACES,
    TAGS,
)

TUNING, REPORTED = 7, 2026
EACH = 120
POOL = Path(__file__).with_name("labelled") / "sentences.json"
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_TO_SWAP = (0.10, 0.30)


@dataclass(frozen=True)
class Pair:
    """A post's text, and a note's: ``takes_up`` is what a person says, None when nobody could."""

    kind: str
    post: str
    note: str
    takes_up: bool | None


@dataclass(frozen=True)
class _Message:
    """A post in its pieces."""

    theme: str
    lead: str
    facts: tuple[str, ...]
    call: str
    tags: tuple[str, ...]

    @property
    def said(self) -> str:
        return " ".join((self.lead, *self.facts, self.call))

    @property
    def text(self) -> str:
        return f"{self.said} {' '.join(self.tags)}"


class Labelled:
    """Makes the pairs; the same seed gives the same ones, on every machine."""

    def __init__(self, seed: int, pool: Path = POOL) -> None:
        told = json.loads(pool.read_text(encoding="utf-8"))
        self._themes, self._states, self._bodies = told["themes"], told["states"], told["bodies"]
        self._chance = random.Random(seed)  # noqa: S311 -- to be repeated, not to be secret
        facts: list[str] = self._chance.sample(told["facts"], len(told["facts"]))
        self._words = sorted({word for fact in facts for word in fact.split() if word.isalpha()})
        # What posts say, each sentence in as few of them as can be, and what others say: never the same sentence, or a
        # note of somebody else's would quote a post by chance.
        self._others, self._ours = facts[: len(facts) // 4], facts[len(facts) // 4 :]
        self._next = 0

    def pairs(self, each: int = EACH) -> list[Pair]:
        """Return ``each`` pairs of each kind."""
        return [pair for kind in KINDS for pair in self._of(kind, each)]

    def card_words(self) -> tuple[str, str]:
        """Return a theme and a sentence, for a card."""
        return self._chance.choice(self._themes), self._chance.choice(self._ours)

    def _of(self, kind: str, each: int) -> Iterator[Pair]:
        takes_up, write = KINDS[kind]
        for _ in range(each):
            if kind == "same_event":
                yield Pair(kind, *self._event(), takes_up)
                continue
            message = self._message()
            yield Pair(kind, message.text, self._titled(write(self, message)), takes_up)

    def _our_facts(self) -> tuple[str, ...]:
        count = self._chance.choice((1, 1, 2))
        self._next += count
        return tuple(self._ours[at % len(self._ours)] for at in range(self._next - count, self._next))

    def _message(
        self,
        theme: str | None = None,
        tags: tuple[str, ...] | None = None,
        facts: tuple[str, ...] | None = None,
    ) -> _Message:
        pick = self._chance.choice
        theme = theme or pick(self._themes)
        return _Message(
            theme,
            pick(LEADS).format(theme=theme, state=pick(self._states), body=pick(self._bodies)),
            self._our_facts() if facts is None else facts,
            pick(CALLS),
            tags or tuple(self._chance.sample(TAGS, self._chance.choice((1, 2)))),
        )

    def _titled(self, note: str) -> str:
        """Give half of the notes a title of their own, and some of them the dress of a feed."""
        if self._chance.random() < 0.5:
            note = f"{self._chance.choice(self._themes)}\n{note}"
        if self._chance.random() < 0.2:
            note = "".join(f"<p>{html.escape(line)}</p>" for line in note.splitlines())
        return note

    def _event(self) -> tuple[str, str]:
        pick = self._chance.choice
        told = {
            "theme": pick(self._themes), "state": pick(self._states), "body": pick(self._bodies),
            "day": self._chance.randint(1, 28), "month": pick(MONTHS), "hour": self._chance.randint(9, 19),
            "place": pick(PLACES),
        }  # fmt: skip
        tags = " ".join(self._chance.sample(TAGS, 2))
        own = f"{pick(EVENTS_OF_OTHERS).format(**told)} {pick(self._others)}"
        return f"{pick(EVENTS).format(**told)} {pick(CALLS)} {tags}", f"{own} {tags.split()[0]}"

    def _verbatim(self, message: _Message) -> str:
        return self._chance.choice(BEFORE_A_COPY) + message.text

    def _reposted(self, message: _Message) -> str:
        sign = self._chance.choice(("RT @{}: ", "RT @{} ", "MT @{}: ", "rt @{}: "))
        return sign.format(self._chance.choice(HANDLES)) + message.text

    def _truncated(self, message: _Message) -> str:
        kept = message.text[: int(len(message.said) * self._chance.uniform(0.35, 0.8))]
        return kept + self._chance.choice(("…", "...", " […]", ""))

    def _tagged(self, message: _Message) -> str:
        said = message.said
        for tag in self._chance.sample(MORE_TAGS, 3):
            words = said.split()
            words.insert(self._chance.randrange(len(words) + 1), tag)
            said = " ".join(words)
        # As people do: a word of the text itself becomes a tag.
        words = said.split()
        at = self._chance.choice([n for n, word in enumerate(words) if word.isalpha()])
        words[at] = f"#{words[at]}"
        return f"{' '.join(words)} {' '.join(message.tags)} {self._chance.choice(MORE_TAGS)}"

    def _swapped(self, message: _Message) -> str:
        words = message.text.split()
        share = self._chance.uniform(*_TO_SWAP)
        for at in self._chance.sample(range(len(words)), int(len(words) * share)):
            bare = words[at].strip(".,;:¿?¡!«»").lower()
            words[at] = INSTEAD.get(bare) or self._chance.choice(self._words)
        return " ".join(words)

    def _reordered(self, message: _Message) -> str:
        if self._chance.random() < 0.5:
            parts = [message.lead, *message.facts, message.call]
            turned = parts[1:] + parts[:1] if len(parts) < 4 else self._chance.sample(parts, len(parts))
            return f"{' '.join(message.tags)} {' '.join(turned)}"
        words = message.said.split()
        at = self._chance.randint(len(words) // 4, 3 * len(words) // 4)
        return " ".join(words[at:] + words[:at])

    def _quoted(self, message: _Message) -> str:
        kept = message.said if self._chance.random() < 0.5 else " ".join((message.lead, *message.facts))
        around = self._chance.sample(self._others, self._chance.randint(4, 9))
        at = self._chance.randint(1, len(around) - 1)
        return " ".join((*around[:at], self._chance.choice(BEFORE_A_QUOTE).format(text=kept), *around[at:]))

    def _summarised(self, message: _Message) -> str:
        """Say it shorter: each sentence's beginning or end, without its asides, some words changed, no call."""
        said = []
        for sentence in (message.lead, *message.facts):
            words = re.sub(r"\s*\([^)]*\)", "", sentence).split()
            share = self._chance.uniform(0.5, 0.8)
            if len(words) > 6:
                cut = max(5, int(len(words) * share))
                words = words[:cut] if self._chance.random() < 0.7 else words[-cut:]
            said.append(" ".join(INSTEAD.get(word.lower(), word) for word in words).rstrip(".,;:"))
        opening = self._chance.choice(("En resumen: ", "", "Nos cuentan: ", ""))
        return f"{opening}{'. '.join(said)}. {self._chance.choice(message.tags) if message.tags else ''}"

    def _same_theme(self, message: _Message) -> str:
        """The same programme, another message; half of them end as ours does, or begin so."""
        other = self._message(message.theme, message.tags, tuple(self._chance.sample(self._others, 2)))
        chance = self._chance.random()
        lead = message.lead if chance < 0.25 else other.lead
        call = message.call if 0.25 <= chance < 0.5 else other.call
        return " ".join((lead, *other.facts, call, *message.tags))

    def _same_tags(self, message: _Message) -> str:
        theme = self._chance.choice([one for one in self._themes if one != message.theme])
        return self._message(theme, message.tags, tuple(self._chance.sample(self._others, 2))).text


KINDS: dict[str, tuple[bool | None, Callable[[Labelled, _Message], str]]] = {
    "verbatim": (True, Labelled._verbatim),  # noqa: SLF001 -- the kinds are the class's own
    "rt": (True, Labelled._reposted),  # noqa: SLF001 -- as above
    "truncated": (True, Labelled._truncated),  # noqa: SLF001 -- as above
    "tags_added": (True, Labelled._tagged),  # noqa: SLF001 -- as above
    "words_swapped": (True, Labelled._swapped),  # noqa: SLF001 -- as above
    "reordered": (True, Labelled._reordered),  # noqa: SLF001 -- as above
    "quoted": (True, Labelled._quoted),  # noqa: SLF001 -- as above
    "summarised": (True, Labelled._summarised),  # noqa: SLF001 -- as above
    "same_theme": (False, Labelled._same_theme),  # noqa: SLF001 -- as above
    "same_tags": (False, Labelled._same_tags),  # noqa: SLF001 -- as above
    "same_event": (None, Labelled._verbatim),  # noqa: SLF001 -- written by ``_event``
}
