"""How often a verdict is right, and how many echoes are found: by kind, on pairs whose answer is known.

Tuned on one seed, reported on another; ``SEED=7`` shows the one it was tuned on. A text is judged against all posts of
the set at once, through the index, as the matcher does; a sure verdict about another post than the pair's is wrong too.
A picture is compared with its pair's, and with as many others of its kind as stand near it. ``WRITE=1`` writes what the
screen tells beside the thresholds.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import scheduler.replication
from assets.darkroom import looked
from assets.looks import Look, Prints, prints_of
from assets.resembling import resembling
from scheduler.replication.index import ReplicationIndex
from scheduler.replication.match import EntryFacts, PostFacts, Thresholds, said_in, tags_in
from scheduler.replication.verdicts import STANDING, taken_up
from tests.bench._labelled import EACH, KINDS, REPORTED, Labelled
from tests.bench._labelled_pictures import PICTURE_KINDS, LabelledPictures, PicturePair
from tests.bench._measure import report

OUT = datetime(2026, 11, 20, 16, tzinfo=UTC)
SEED = int(os.environ.get("SEED", REPORTED))
N = int(os.environ.get("N", EACH))
WEAK = 0.70
_TOGETHER = 12
MEASURED = Path(scheduler.replication.__path__[0]) / "measured.json"


@dataclass(frozen=True)
class Told:
    """A verdict of a score, about its pair's own post or another; ``right`` says what a person would of a sure one."""

    kind: str
    score: int
    own: bool
    right: bool
    of_picture: bool = False


def told_of_texts(thresholds: Thresholds = STANDING) -> Iterator[Told]:
    """Yield what is told of each text."""
    pairs = Labelled(SEED).pairs(N)
    index = ReplicationIndex()
    index.put(
        PostFacts(n, (said_in(pair.post),), OUT, tags=tags_in(pair.post)) for n, pair in enumerate(pairs)
    )
    notes = [
        EntryFacts(n, -1, said_in(pair.note), OUT, tags=tags_in(pair.note)) for n, pair in enumerate(pairs)
    ]
    for n, found in taken_up(index, notes, thresholds):
        for post, verdict in found:
            own = post.post_id == n
            yield Told(pairs[n].kind, verdict.score, own, own and pairs[n].takes_up is True)


def seen(data: bytes) -> Look:
    """Return the look of a picture as the darkroom gives it; these are our own, and need no room of their own."""
    points = looked(BytesIO(data))
    return Look.of(points.width, points.height, points.data)


def told_of_pictures() -> Iterator[Told]:
    """Yield what is told of each picture, asked about among a few others of its kind."""
    pairs = LabelledPictures(SEED).pairs(N)
    while some := list(islice(pairs, _TOGETHER)):
        ours: list[tuple[int, str, Look, Prints]] = []
        for n, pair in enumerate(some):
            look = seen(pair.ours)
            ours.append((n, "", look, prints_of(look)))
        for n, pair in enumerate(some):
            yield from _told_of_picture(pair, n, ours)


def _told_of_picture(pair: PicturePair, n: int, ours: list[tuple[int, str, Look, Prints]]) -> Iterator[Told]:
    for one in resembling(seen(pair.found), ours)[:1]:
        own = one.asset_id == n
        yield Told(pair.kind, one.percent(), own, own and pair.shows, of_picture=True)


def counted(told: Iterable[Told], thresholds: Thresholds) -> dict[str, Counter[str]]:
    """Return by kind how many were surely and rightly told, wrongly, and found at all."""
    kinds: dict[str, Counter[str]] = {}
    for one in told:
        sure = thresholds.picture_automatic if one.of_picture else thresholds.automatic
        doubt = thresholds.picture_doubtful if one.of_picture else thresholds.doubtful
        count = kinds.setdefault(one.kind, Counter())
        count["sure"] += one.score >= sure
        count["sure_right"] += one.score >= sure and one.right
        count["found"] += one.score >= doubt and one.right
        count["own_sure"] += one.score >= sure and one.own
        count["own_doubtful"] += doubt <= one.score < sure and one.own
    return kinds


def summed(kinds: dict[str, Counter[str]]) -> tuple[float, float]:
    """Return precision of sure verdicts, and recall with the doubtful ones."""
    positive = [kind for kind in kinds if _takes_up(kind)]
    sure = sum(count["sure"] for count in kinds.values())
    right = sum(count["sure_right"] for count in kinds.values())
    return right / sure if sure else 1.0, sum(kinds[kind]["found"] for kind in positive) / (N * len(positive))


def _takes_up(kind: str) -> bool | None:
    return PICTURE_KINDS[kind][0] if kind in PICTURE_KINDS else KINDS[kind][0]


def _recall(kinds: dict[str, Counter[str]], kind: str) -> float:
    return kinds.get(kind, Counter())["found"] / N


def by_kind(kinds: dict[str, Counter[str]]) -> dict[str, dict[str, object]]:
    """Return each kind's figures: of those that take nothing up, how many were surely told, and how many doubted."""
    figures: dict[str, dict[str, object]] = {}
    for kind in (*KINDS, *PICTURE_KINDS):
        count = kinds.get(kind, Counter())
        figures[kind] = {"n": N, "takes_up": _takes_up(kind)}
        if _takes_up(kind):
            figures[kind] |= {
                "precision": round(count["sure_right"] / count["sure"], 3) if count["sure"] else None,
                "recall": round(count["found"] / N, 3),
                "automatic": round(count["sure_right"] / N, 3),
            }
        else:
            figures[kind] |= {
                "automatic": round(count["own_sure"] / N, 3),
                "doubtful": round(count["own_doubtful"] / N, 3),
            }
    return figures


def curves(texts: list[Told], pictures: list[Told]) -> dict[str, dict[str, list[float]]]:
    """Return, for each value of a threshold, precision or recall with it, the others as they stand."""
    told: dict[str, dict[str, list[float]]] = {}
    for name, some in (("", texts), ("picture_", pictures)):
        for value in range(50, 100):
            for which in ("automatic", "doubtful"):
                turned: dict[str, Any] = {f"{name}{which}": value}
                asked = replace(STANDING, **turned)
                precision, recall = summed(counted(some, asked))
                kinds = counted(some, asked)
                sure = sum(count["sure_right"] for count in kinds.values())
                positive = N * sum(1 for kind in kinds if _takes_up(kind))
                figures = (
                    [round(precision, 4), round(sure / positive, 4)]
                    if which == "automatic"
                    else [round(recall, 4)]
                )
                told.setdefault(f"{name}{which}", {})[str(value)] = figures
    return told


def main() -> None:
    texts, pictures = list(told_of_texts(Thresholds(automatic=78, doubtful=50))), list(told_of_pictures())
    standing = Thresholds()
    kept = [*told_of_texts(), *pictures]
    kinds = counted(kept, standing)
    precision, recall = summed(kinds)
    figures = by_kind(kinds)
    found = {
        "seed": SEED,
        "pairs": N * (len(KINDS) + len(PICTURE_KINDS)),
        "precision": precision,
        "recall": recall,
        "text_precision": summed(counted((one for one in kept if not one.of_picture), standing))[0],
        "picture_precision": summed(counted(pictures, standing))[0],
        "weak": [kind for kind in figures if _takes_up(kind) and _recall(kinds, kind) < WEAK],
        "kinds": figures,
    }
    if os.environ.get("WRITE"):
        told = {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}
        MEASURED.write_text(
            json.dumps(told | {"curves": curves(texts, pictures)}, ensure_ascii=False, indent=1) + "\n",
            encoding="utf-8",
        )
    report(found)


if __name__ == "__main__":
    main()
