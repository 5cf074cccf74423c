"""A counterpart as a process of its own, with faults at random: ``python -m tests.simulators.counterpart_process x``.

It prints its address as a line of JSON, then does what each line that it reads says, and answers with a line.
"""

import argparse
import json
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.simulators.counterpart import Counterpart, Fault, Guest
from tests.simulators.counterparts import counterpart

ROOT = Path(__file__).parents[2]
# After these a person must act, whatever the engine does: in a drill they would only hide the others.
FOR_PEOPLE = frozenset({Fault.REVOKED, Fault.DUPLICATE})


@dataclass
class Torment:
    """Lets calls meet faults at random for a while, and what is delayed come out in time."""

    net: Counterpart
    chance: random.Random
    met: Counter[str] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)

    def begin(self, every: float, lasts: float, settles: float) -> None:
        """One fault ``every`` so many seconds, until so many have passed; what is delayed waits ``settles`` at most."""
        threading.Thread(target=self._settle, args=(settles,), daemon=True).start()
        threading.Thread(target=self._fail, args=(every, lasts), daemon=True).start()

    def _fail(self, every: float, lasts: float) -> None:
        faults, passed = sorted(self.net.faults - FOR_PEOPLE), 0.0
        while passed < lasts:
            wait = every * self.chance.uniform(0.5, 1.5)
            self._over.wait(wait)
            passed += wait
            fault = self.chance.choice(faults)
            self.met[fault] += 1
            self.net.fail(fault)

    def _settle(self, settles: float) -> None:
        while not self._over.wait(settles):
            self.net.settle()


def _carry_out(net: Counterpart, torment: Torment, order: Mapping[str, Any]) -> object:
    match order["do"]:
        case "guest":
            made = net.guest()
            return {"handle": made.handle, "remote_id": made.remote_id, "secrets": dict(made.secrets)}
        case "published":
            return net.published(Guest(**order["guest"]))
        case "torment":
            torment.begin(order["every"], order["lasts"], order["settles"])
        case "settle":
            net.settle()
    return dict(torment.met)


def main() -> None:
    """Serve until there are no more orders."""
    parser = argparse.ArgumentParser(description="A network's counterpart on loopback.")
    parser.add_argument("slug")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with counterpart(given.slug) as net:
        torment = Torment(net, random.Random(f"{given.seed}/{given.slug}"))  # noqa: S311 -- faults that can be drawn again, no secret
        _say({"url": net.url})
        for line in sys.stdin:
            _say(_carry_out(net, torment, json.loads(line)))


def _say(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


@dataclass
class StandIn:
    """A counterpart in its process, as whoever started it sees it."""

    slug: str
    url: str
    process: "subprocess.Popen[str]"

    def ask(self, what: str, **more: object) -> Any:  # noqa: ANN401 -- any JSON value
        """Give an order; return its answer."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("no pipes")
        self.process.stdin.write(f"{json.dumps({'do': what, **more})}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def guest(self) -> Guest:
        """A new account there."""
        return Guest(**self.ask("guest"))

    def published(self, guest: Guest) -> list[str]:
        """What is out on it."""
        found: list[str] = self.ask("published", guest=asdict(guest))
        return found


@contextmanager
def started(slug: str, seed: int = 1) -> Iterator[StandIn]:
    """Run a counterpart in a process of its own, which ends with this one."""
    command = [sys.executable, "-m", "tests.simulators.counterpart_process", slug, f"--seed={seed}"]
    with subprocess.Popen(  # noqa: S603 -- our own program
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            url = json.loads(process.stdout.readline())["url"] if process.stdout else ""
            yield StandIn(slug, url, process)
        finally:
            # The end of its orders is its end; it takes its own servers away first.
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


if __name__ == "__main__":
    main()
