"""How long personal data stay: one rule for each kind, with its default; an institution may choose other days.

The rules stand in ``seeds/data/retention.json``; why each kind is here is said in ``webapp/retention_words.py``, and
``docs/personal-data.md`` is made from both. What a rule with days erases is ``scheduler/retaining.py``. To erase what
has served its purpose is a duty: LGPDPPSO (DOF, 20 March 2025), articles 18 and 19.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "seeds" / "data" / "retention.json"


@dataclass(frozen=True)
class Rule:
    """One kind of personal data: the tables that hold it, and its days; without days it has an end of another kind."""

    code: str
    days: int | None
    holds: Sequence[str]

    def lasts(self, chosen: Mapping[str, int]) -> timedelta | None:
        """Return how long it stays, as the institution chose or by default."""
        days = chosen.get(self.code, self.days)
        return None if days is None or self.days is None else timedelta(days=days)


@cache
def rules() -> Sequence[Rule]:
    """Return every rule, those with days first."""
    told = json.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(Rule(one["code"], one["days"], tuple(one["holds"])) for one in told)


def timed() -> Sequence[str]:
    """Return the names of the rules that have days: those that may be chosen."""
    return tuple(rule.code for rule in rules() if rule.days is not None)


def chosen(value: str) -> dict[str, int]:
    """Return the days that a setting names, ``people_left=365,notices=90``; raise ValueError."""
    told: dict[str, int] = {}
    for part in value.split(","):
        if not part.strip():
            continue
        code, _, days = part.partition("=")
        if code.strip() not in timed() or int(days) < 1:
            raise ValueError(value)
        told[code.strip()] = int(days)
    return told
