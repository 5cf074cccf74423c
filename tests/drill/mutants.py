"""The engine with one protection removed: what the drill must be able to notice."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from content_calendar import batches, claiming, clock
from scheduler import reconciling
from scheduler.retries import Decision, Next


def tries_again_at_once() -> None:
    """A doubt is nothing but a failure: it is simply sent again, without waiting and without looking."""
    vars(reconciling)["after_doubt"] = lambda *_: Decision(Next.RESEND)


def begins_unwritten(
    session: Session,
    ready: Sequence[batches.Ready],
    _window: timedelta,
    lease: timedelta,
    *,
    chosen: bool = False,
) -> tuple[datetime, set[int]]:
    if chosen:
        claiming.take(session, [one.claimed for one in ready], lease)
    return clock.db_now(session), {one.claimed.id for one in ready}


def no_commit_before_the_call() -> None:
    """Nothing tells that it is being sent: whoever finds it believes that it was only claimed."""
    vars(batches)["begin"] = begins_unwritten


MUTANTS: dict[str, Callable[[], None]] = {
    "tries_again_at_once": tries_again_at_once,
    "no_commit_before_the_call": no_commit_before_the_call,
}
