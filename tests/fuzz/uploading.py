"""Many spoiled files through the forms that take one: what is refused is refused in a sentence, and nothing breaks."""

import random
import re
from collections import Counter

import pytest

from tests.fuzz.asking import Asked, Form, learn_forms
from tests.fuzz.mutating import file
from tests.fuzz.requesting import ask, listening
from tests.fuzz.tally import SAYS_EVERY, Children, Tally
from tests.fuzz.world import World, let_nothing_stay

EDGE = b"resuena-limite"
# What opening them may take, in MB: the children that open pictures and sheets have limits of their own.
MOST_MEMORY_MB = 900
# The tool-box, the calendar, the programme, the allies, the figures: as many take files.
FEWEST_JOBS = 5


def run(world: World, count: int, seed: int, *, first: int = 0) -> Tally:
    """Send ``count`` files of a seed, from the ``first``, each by one of the forms that take one."""
    forms = [one for one in learn_forms(world) if one.files]
    assert len({one.action.split("/")[1] for one in forms}) >= 5, forms
    tally, children = Tally("files", says_every=SAYS_EVERY), Children()
    through: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patched, listening() as faults:
        let_nothing_stay(patched)
        for n in range(first, first + count):
            asked = _asked(forms, seed, n)
            ask(world, asked, faults, tally)
            through[re.sub(r"\b(?=\w*\d)[0-9a-z]{12}\b", "*", asked.path)] += 1
    tally.measures |= {f"through {place}": many for place, many in sorted(through.items())}
    grown = children.grew_to()
    tally.measures["largest child, MB"] = grown
    if grown > MOST_MEMORY_MB:
        tally.faults.append(f"a child that opens files grew to {grown} MB")
    return tally


def _asked(forms: list[Form], seed: int, n: int) -> Asked:
    rng = random.Random(f"files:{seed}:{n}")  # noqa: S311 -- to be had again, not to be secret
    form = rng.choice(forms)
    parts = [
        _part(f'name="{name}"', value.encode())
        for name, value in (form.likely if rng.random() < 0.8 else form.fields).items()
        if name not in {"csrf_token", *form.files}
    ]
    for name in form.files:
        called, data = file(rng)
        parts.append(_part(f'name="{name}"; filename="{called}"', data, "application/octet-stream"))
    body = b"".join(parts) + b"--" + EDGE + b"--\r\n"
    kind = f"multipart/form-data; boundary={EDGE.decode()}"
    return Asked(n, "admin", "POST", form.action, {}, body, kind)


def _part(said: str, data: bytes, kind: str = "") -> bytes:
    head = f"Content-Disposition: form-data; {said}\r\n" + (f"Content-Type: {kind}\r\n" if kind else "")
    return b"--" + EDGE + b"\r\n" + head.encode() + b"\r\n" + data + b"\r\n"
