"""Spanish texts by the hundred thousand, as the posts and notes of guarantor bodies are: made from a seed.

A chain of words over ``sentences.txt``, with one word in seven from anywhere; those are the project's own themes,
lines, observances and sentences as they stood in November 2026, and stay so, that figures can be compared. A third
of the texts share whole sentences, and all share a few hashtags. What is edited was edited as people do when they
take up somebody else's post.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

_NOISE, _SHARED, _LONG = 0.15, 0.35, 36
_TAGS = ("#PlanDAI", "#VinculaciónSNT", "#SNTtips", "#TransparenciaProactiva", "#DatosAbiertos")
_BOILERPLATE = 40
_ACCENTS = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")


class Texts:
    """Posts, one after another; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 -- to be repeated, not to be secret
        self._after, self._words = _chain()
        starts = sorted(self._after)
        self._starts = starts
        self._sentences = [self._run(random.Random(n), 9) for n in range(_BOILERPLATE)]  # noqa: S311 -- as above

    def post(self) -> str:
        """Return a text of some 235 characters."""
        said = self._run(self.random, self.random.randint(_LONG - 12, _LONG))
        if self.random.random() < _SHARED:
            said = f"{self.random.choice(self._sentences)}. {said}"
        tags = " ".join(self.random.sample(_TAGS, 2))
        return f"{said[:235]} {tags} https://snt.org.mx/{self.random.randrange(10**6)}"

    def edited(self, text: str) -> str:
        """Return the text as somebody else's post: one to three edits."""
        edits = (
            self._tags, self._swapped, self._cut, self._reposted, self._plain, self._other_link, self._led,
            self._turned,
        )  # fmt: skip
        for edit in self.random.sample(edits, self.random.randint(1, 3)):
            text = edit(text)
        return text

    def variant(self, text: str, n: int) -> str:
        """Return the ``n``-th near-identical version of a text: other names and numbers in the same words."""
        words = text.split()
        for at in (len(words) // 3, len(words) // 2):
            words[at] = f"{self._words[(n * 7 + at) % len(self._words)]}"
        return " ".join(words)

    def _run(self, rng: random.Random, length: int) -> str:
        said = [rng.choice(self._starts)]
        while len(said) < length:
            known = self._after.get(said[-1])
            said.append(rng.choice(self._words) if not known or rng.random() < _NOISE else rng.choice(known))
        return " ".join(said).capitalize()

    def _tags(self, text: str) -> str:
        return f"{text} {self.random.choice(_TAGS)} #{self.random.choice(self._words).title()}"

    def _swapped(self, text: str) -> str:
        words = text.split()
        for at in self.random.sample(range(len(words)), int(len(words) * self.random.uniform(0.05, 0.25))):
            words[at] = self.random.choice(self._words)
        return " ".join(words)

    def _cut(self, text: str) -> str:
        return text[: int(len(text) * self.random.uniform(0.5, 0.8))] + "…"

    def _reposted(self, text: str) -> str:
        return f"RT @snt_vinculacion: {text}"

    def _plain(self, text: str) -> str:
        return text.translate(_ACCENTS).lower()

    def _other_link(self, text: str) -> str:
        kept = [word for word in text.split() if not word.startswith("http")]
        return f"{' '.join(kept)} https://instituto.example.mx/{self.random.randrange(10**6)}"

    def _led(self, text: str) -> str:
        return f"{self._run(self.random, 10)}. {text}"

    def _turned(self, text: str) -> str:
        words = text.split()
        return " ".join(words[len(words) // 2 :] + words[: len(words) // 2])


def _chain() -> tuple[dict[str, list[str]], list[str]]:
    after: defaultdict[str, list[str]] = defaultdict(list)
    words: dict[str, None] = {}
    for text in _sources():
        said = text.split()
        words |= dict.fromkeys(said)
        for one, following in pairwise(said):
            after[one].append(following)
    return dict(after), list(words)


def _sources() -> Sequence[str]:
    return Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()
