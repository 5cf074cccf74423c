"""Short waits, for processes of the drill only: every span of ``scheduler/retries.py`` by one factor.

The ratios between the spans are what the engine's argument rests on, and they are kept. Nothing in the
product reads the factor: a process has short waits only if it was started by an entry of this folder, which
must call ``shorten`` before anything else imports the spans.
"""

import os
import sys
from datetime import timedelta

from scheduler import retries

PACE = "RESUENA_TEST_PACE"
_LONGEST_GAP = timedelta(seconds=1)
_LATER = ("scheduler.wire", "scheduler.publishing", "scheduler.reconciling", "scheduler.networks")


def pace() -> float:
    """The factor that this process was started with; 1 when it was told none."""
    return float(os.environ.get(PACE, "1"))


def shorten() -> None:
    """Multiply the spans, in the modules that have some of their own too, and in what the networks say."""
    if early := [name for name in _LATER if name in sys.modules]:
        raise RuntimeError(f"these have read the long spans already: {early}")
    factor = pace()
    for name, value in list(vars(retries).items()):
        if isinstance(value, timedelta):
            setattr(retries, name, value * factor)
        elif isinstance(value, tuple) and value and all(isinstance(one, timedelta) for one in value):
            setattr(retries, name, tuple(one * factor for one in value))
    _shorten_the_rest(factor)


def _shorten_the_rest(factor: float) -> None:
    from scheduler import reconciling  # noqa: PLC0415 -- only now: it reads the spans
    from scheduler.network import Pace  # noqa: PLC0415 -- as above
    from scheduler.networks import networks  # noqa: PLC0415 -- as above

    known = set(map(id, vars(retries).values()))
    for name, value in list(vars(reconciling).items()):
        if isinstance(value, timedelta) and id(value) not in known and "CLOCKS" not in name:
            setattr(reconciling, name, value * factor)
    for network in networks().values():
        # What a file says itself; what it took over from ``retries`` is short already.
        for span, short in (("flight", retries.FLIGHT), ("read_lag", retries.READ_LAG)):
            if getattr(network, span) > short:
                setattr(type(network), span, getattr(network, span) * factor)
        type(network).key_life = network.key_life * factor
        kept = network.pace
        type(network).pace = Pace(kept.spacing * factor, kept.most, kept.within * factor)
        if network.pace.gap > _LONGEST_GAP:
            # Some let an account publish a few times a day: a drill would take hours and try nothing more.
            type(network).pace = Pace(_LONGEST_GAP)
