"""The simulated X as a process of its own, tormented at random: ``python -m tests.drill.x_process --seed 1``."""

import argparse
import json
import random
import re
import sys
import time
from collections import deque
from typing import Any

from tests.drill.simulator import rates
from tests.simulators.x_server import Handler, Server, State

# X's own names for the faults that the other simulator has too.
_SAID = {"cut_answer": "bad_json"}
_USED = 0.7


class Tormented(Handler):
    """Draws a fate for each publication; a delayed one is applied a little later."""

    server: "TormentedServer"

    def control(self, what: str, body: bytes) -> dict[str, Any]:
        self.server.settle()
        return super().control(what, body) | {"met": self.server.met}

    def fault(self, on: str) -> tuple[int, dict[str, Any]] | None:
        self.server.settle()
        queue = self.server.state.faults.setdefault(on, deque())
        queue.clear()
        if on == "/2/tweets":
            stamp = re.search(r'oauth_timestamp="(\d+)"', self.headers.get("Authorization", ""))
            # Older than its client waits and a network may be late: the promise is kept by not applying it.
            if stamp and time.time() > int(stamp[1]) + self.server.patience:
                return self.hang_up()
            if fate := self.server.fate():
                queue.append(_SAID.get(fate, fate))
        return super().fault(on)

    def tweet(self, user: str, body: bytes) -> tuple[int, dict[str, Any]]:
        before = len(self.server.state.pending)
        answer = super().tweet(user, body)
        if len(self.server.state.pending) > before:
            self.server.delay()
        return answer

    def refuse(self, kind: str) -> None:
        if kind == "rate_limit":
            headers = {
                "x-rate-limit-limit": "100",
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": str(int(time.time()) + 2),
            }
            self.raw(429, json.dumps({"title": "Too Many Requests", "status": 429}).encode(), headers=headers)
        else:
            super().refuse(kind)

    def raw(
        self, status: int, body: bytes, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        try:
            super().raw(status, body, kind, headers)
        except OSError:  # its client was killed, or gave up
            self.close_connection = True


class TormentedServer(Server):
    """Waits before it applies, keeps what is delayed, and counts what it did to its clients."""

    request_queue_size = 256

    def __init__(self, said: argparse.Namespace) -> None:
        super().__init__(State())
        self.RequestHandlerClass = Tormented
        self.chance = random.Random(said.seed)  # noqa: S311 -- faults that can be drawn again, no secret
        self.rates, self.flight = said.faults, said.flight
        self.patience = said.read + said.flight * _USED
        self.due: list[float] = []
        self.met: dict[str, int] = {}

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients are killed here all the time."""

    def fate(self) -> str:
        drawn = self.chance.random()
        for name, rate in self.rates.items():
            if drawn < rate:
                self.met[name] = self.met.get(name, 0) + 1
                return str(name)
            drawn -= rate
        return ""

    def delay(self) -> None:
        self.due.append(time.time() + self.chance.uniform(0, self.flight * _USED))

    def settle(self) -> None:
        now, state = time.time(), self.state
        late = list(zip(self.due, state.pending, strict=True))
        self.due = [at for at, _ in late if at > now]
        state.pending[:] = [one for at, one in late if at > now]
        for at, one in late:
            if at <= now:
                state.create(*one)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=rates, default={})
    for span in ("--flight", "--read", "--lag", "--latency"):
        parser.add_argument(span, type=float, default=0.0, help="seconds")
    server = TormentedServer(parser.parse_args())
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
