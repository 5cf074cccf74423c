"""Whoever asks with a personal token: recognised, slowed down when it asks too often, kept from what needs a person.

A browser never sends this header by itself, so that no form needs a token of its own against forgery.
"""

import math
from collections import OrderedDict
from threading import Lock

from flask import request

from content_calendar import tokens
from content_calendar.clock import monotonic
from content_calendar.db import Database
from content_calendar.tokens import Recognised

# Of one token in each process that answers: bursts of a screenful, and a good part of a query a second for ever.
BURST = 120
EACH_SECOND = 5.0
_MOST_KEPT = 10_000
_LONGEST = 200


class Pace:
    """How fast each token asks: a bucket that fills again with time."""

    def __init__(self, burst: int = BURST, each_second: float = EACH_SECOND) -> None:
        self._burst, self._each_second = float(burst), each_second
        self._held: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, token_id: int) -> int:
        """Take one from that token's bucket; return 0, or after how many seconds there is one again."""
        with self._lock:
            at = monotonic()
            left, since = self._held.pop(token_id, (self._burst, at))
            left = min(self._burst, left + (at - since) * self._each_second)
            short = left < 1
            self._held[token_id] = (left if short else left - 1, at)
            while len(self._held) > _MOST_KEPT:
                self._held.popitem(last=False)
        return math.ceil((1 - left) / self._each_second) if short else 0


def shown() -> str | None:
    """Return the personal token that this request shows, None when it shows none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()[:_LONGEST]
    return token if kind.casefold() == "bearer" and token.startswith(tokens.MARK) else None


def recognised(database: Database, token: str) -> Recognised | None:
    """Return whose token it is, and note that it was used; None for one that opens nothing."""
    # Apart from the request's own transaction, which may write: noting the use would wait for it for ever.
    with database.reading() as session:
        found = tokens.recognise(session, token)
        session.expunge_all()
    if found is not None and tokens.is_stale(found.token):
        with database.transaction() as session:
            tokens.touch(session, found.token.id)
    return found
