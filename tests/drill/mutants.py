"""The engine with one protection removed: what the drill must be able to notice."""

from collections.abc import Callable

from scheduler import reconciling
from scheduler.retries import Decision, Next


def tries_again_at_once() -> None:
    """A doubt is nothing but a failure: it is simply sent again, without waiting and without looking."""
    reconciling.after_doubt = lambda *_: Decision(Next.RESEND)


MUTANTS: dict[str, Callable[[], None]] = {"tries_again_at_once": tries_again_at_once}
