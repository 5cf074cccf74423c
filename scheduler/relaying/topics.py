"""Which theme a note is about, told by the words that both have. Pure.

A word counts the more the fewer themes have it; words that every body's site is full of count little. A run of
words counts more than the same words apart. Where nothing is near enough, or two themes are equally near, no
theme is suggested: a wrong one costs more than none.
"""

import html
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.listening.identity import fold

# Found on the labelled titles of the tests: below it the suggestions begin to be wrong.
NEAR = 0.95
_AHEAD = 1.1
_RUN = 0.6
_IN_SUMMARY, _IN_DESCRIPTION, _COMMON = 0.5, 0.5, 0.25
_SHORTEST, _MOST_WORDS, _MOST_READ = 3, 3, 3000
_TAGS = re.compile(r"<[^<>]*>")
_LINKS = re.compile(r"https?://\S+")
_WORD = re.compile(r"\w+")
_STOP_WORDS = """
a al algo ante antes aqui asi aun cada como con contra cual cuando de del desde donde dos e el ella
ellas ellos en entre era es esa ese eso esta estas este esto estos fue ha hace hacia han hasta hay la
las le les lo los mas me mi mis mucho muy ni no nos o os otra otras otro otros para pero por porque que
quien se sea ser si sin sobre son su sus tal tambien te toda todas todo todos tras tu tus un una uno
unos y ya
"""
# What every transparency body's site says of everything.
_COMMON_WORDS = """
acceso accion actividad actual acuerdo agenda ano aviso boletin capacitacion ciudadana ciudadano
ciudadania comision comisionada comisionado comunicado conferencia consejo convenio convocatoria curso
derecho dia diplomado director encuentro entidad espacio estado estatal evento fecha firma frase garante
general gobierno garantia hoy info informacion informe inicia instituto invitacion invita jornada ley
linea local materia mes mexico municipal municipio nacional nota noticia nueva nuevo obligado organismo
organo ordinaria parte plan pleno politica presenta presidenta presidente primer primera programa
publica publico red region registro resolucion resultado reunion semana sesion sistema social sujeto
taller tema tiempo trabajo transparencia ven vez vivo
"""
_STOP, _EVERYWHERE = frozenset(_STOP_WORDS.split()), frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Topic:
    """A theme as it is compared: its name and what else is said of it (description, lines of action, tags)."""

    id: int
    title: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The theme that is nearest, how near, and the note's own words for which it is."""

    theme_id: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Topics:
    """The themes of a bimester, ready to be compared with."""

    weights: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    def suggest(self, title: str, summary: str = "") -> Suggestion | None:
        """Return the theme that a note is about, or None; ``summary`` may be HTML."""
        title_words, summary_words = _read(title), _read(summary)
        found = [
            Suggestion(theme_id, *nearness)
            for theme_id, weights in self.weights.items()
            if (nearness := _near(weights, title_words, summary_words))[0] >= NEAR
        ]
        found.sort(key=lambda one: -one.score)
        if not found or (len(found) > 1 and found[0].score < _AHEAD * found[1].score):
            return None
        return found[0]


def prepare(topics: Sequence[Topic]) -> Topics:
    """Return the topics with what each of their words is worth."""
    named = {one.id: {_stem(word) for word, _raw in _read(one.title)} for one in topics}
    told = {one.id: {_stem(word) for word, _raw in _read(one.more)} for one in topics}
    spread = Counter(word for one in topics for word in named[one.id] | told[one.id])
    most = math.log(1 + len(topics))
    weights: dict[int, dict[str, float]] = {}
    for one in topics:
        weights[one.id] = {
            word: _worth(word, math.log(1 + len(topics) / spread[word]) / most)
            * (1 if word in named[one.id] else _IN_DESCRIPTION)
            for word in (named[one.id] | told[one.id]) - {""}
        }
    return Topics(weights)


def _worth(word: str, rarity: float) -> float:
    return rarity * (_COMMON if word in _EVERYWHERE else 1)


def plain(text: str) -> str:
    """Return a note's text without tags and links, cut where it is long."""
    return _LINKS.sub(" ", html.unescape(_TAGS.sub(" ", text[:_MOST_READ])))


def _read(text: str) -> list[tuple[str, str]]:
    """Return the words of a text, folded and as they are written; those that say nothing are empty when folded."""
    return [(_telling(fold(raw)), raw) for raw in _WORD.findall(plain(text))]


def _telling(word: str) -> str:
    return "" if word in _STOP or len(word) < _SHORTEST or word.isdigit() else word


def _stem(word: str) -> str:
    """Return a word without the ending of the plural, so that "datos" and "dato" are one."""
    if len(word) > 4 and word.endswith("es") and word[-3] in "lrndjz":  # noqa: PLR2004 -- "mes" is no plural
        return word[:-2]
    return word[:-1] if len(word) > 4 and word.endswith("s") else word  # noqa: PLR2004 -- nor is "gas"


def _near(
    weights: Mapping[str, float], title: Sequence[tuple[str, str]], summary: Sequence[tuple[str, str]]
) -> tuple[float, tuple[str, ...]]:
    """Return how near a note is to a theme, and its words that are the theme's, the telling ones first."""
    runs = [*_runs(weights, title, 1), *_runs(weights, summary, _IN_SUMMARY)]
    counted: dict[str, float] = {}
    bonus: dict[tuple[str, ...], float] = {}
    for stems, _said, share in runs:
        for stem in stems:
            counted[stem] = max(counted.get(stem, 0), share * weights[stem])
        # A run of what every site says is on every page.
        if len(stems) > 1 and not _EVERYWHERE.issuperset(stems):
            worth = share * _RUN * sum(math.sqrt(weights[stem]) for stem in stems[1:])
            bonus[stems] = max(bonus.get(stems, 0), worth)
    score = sum(counted.values()) + max(bonus.values(), default=0)
    ranked = sorted(runs, key=lambda run: -run[2] * sum(weights[stem] for stem in run[0]))
    return score, _distinct(said for _stems, said, _share in ranked)


def _distinct(said: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for one in said:
        kept.setdefault(fold(one), one)
    return tuple(kept.values())[:_MOST_WORDS]


def _runs(
    weights: Mapping[str, float], words: Sequence[tuple[str, str]], share: float
) -> list[tuple[tuple[str, ...], str, float]]:
    """Return the runs of words that are the theme's, as stems and as written; what says nothing may stand between."""
    runs: list[tuple[tuple[str, ...], str, float]] = []
    stems: list[str] = []
    written: list[str] = []
    between: list[str] = []
    for word, raw in [*words, ("|", "")]:
        stem = _stem(word) if word else ""
        if stem and stem in weights:
            written += [*between, raw] if stems else [raw]
            stems.append(stem)
            between = []
        elif not word and stems:
            between.append(raw)
        elif stems:
            runs.append((tuple(stems), " ".join(written), share))
            stems, written, between = [], [], []
    return runs
