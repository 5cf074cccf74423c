"""What is to come of each fault, by how a network lets a doubt be settled. Pure, and written apart from the engine.

``python -m tests.scheduler.networks.fault_table`` prints it as it stands in docs/publishing.md; a test compares.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from content_calendar.states import HoldReason, PublicationState
from scheduler.network import Network, Protection
from tests.simulators.counterpart import Fault

HELD, PUBLISHED = PublicationState.HELD, PublicationState.PUBLISHED


class Settling(StrEnum):
    """How a doubt is settled: by sending the same again, by looking at the account, or by asking a person."""

    REPEATS = "repeats"
    LOOKS = "looks"
    ASKS = "asks"


@dataclass(frozen=True)
class Expected:
    """Where a publication rests; ``out`` is how many posts there are then, ``calls`` how often it was sent."""

    state: PublicationState
    out: int
    calls: int
    why: HoldReason | None = None


# What is out when the call that met the fault is over; of a strange answer nothing is known.
AT_ONCE: Mapping[Fault, int] = MappingProxyType(
    {
        Fault.LOST_REQUEST: 0,
        Fault.LOST_ANSWER: 1,
        Fault.ERROR_BEFORE: 0,
        Fault.ERROR_AFTER: 1,
        Fault.BUSY: 0,
        Fault.DELAYED: 0,
        Fault.DUPLICATE: 0,
        Fault.REVOKED: 0,
    }
)
# Every network can show these; a duplicate only one that refuses equal texts.
EVERYWHERE = frozenset(Fault) - {Fault.DUPLICATE}


def settling(network: Network) -> Settling:
    """How this network's doubts are settled, by what it declares."""
    if network.protection is Protection.BLIND:
        return Settling.ASKS
    lasting = network.protection in {Protection.REPLAY, Protection.TWO_PHASE} and not network.key_life
    return Settling.REPEATS if lasting else Settling.LOOKS


def expected(by: Settling, fault: Fault, at_once: int) -> Expected:
    """What is to come of a publication whose first call met the fault, with so much out when that call was over."""
    if fault is Fault.REVOKED:
        return Expected(HELD, 0, 1, HoldReason.ACCESS)
    if fault is Fault.BUSY:
        return Expected(PUBLISHED, 1, 2)
    if by is Settling.REPEATS:
        return Expected(PUBLISHED, 1, 2)
    appears = at_once + (fault is Fault.DELAYED)
    if by is Settling.ASKS:
        return Expected(HELD, appears, 1, HoldReason.UNCONFIRMED)
    if fault is Fault.DUPLICATE:
        return Expected(HELD, 0, 1, HoldReason.DUPLICATE)
    return Expected(PUBLISHED, 1, 1 if appears else 2)


_WORDS = {
    Fault.LOST_REQUEST: "the line is cut before the network has read the call",
    Fault.LOST_ANSWER: "it is out, and the line is cut before the answer",
    Fault.ERROR_BEFORE: "a 500, and nothing is out",
    Fault.ERROR_AFTER: "a 500, and it is out",
    Fault.BUSY: "too many calls: come back later",
    Fault.DELAYED: "the line is cut, and it comes out while nobody looks",
    Fault.DUPLICATE: "refused as equal to something that is out",
    Fault.REVOKED: "what opened the account opens it no more",
    Fault.STRANGE: "a 200 that is not the network's own word",
}


def _told(by: Settling, fault: Fault) -> str:
    ends = [expected(by, fault, n) for n in ([AT_ONCE[fault]] if fault in AT_ONCE else [0, 1])]
    if ends[0].why is not None:
        return f"waits for a person: {ends[0].why}"
    if fault is Fault.BUSY:
        return "sent again when the network says"
    if by is Settling.REPEATS:
        return "the same is sent again"
    calls = {one.calls for one in ends}
    if len(calls) > 1:
        return "found, or sent again after two looks"
    return "found" if calls == {1} else "sent again after two looks"


def table() -> str:
    """The table as the docs show it."""
    rows = [
        f"| {_WORDS[fault]} | " + " | ".join(_told(by, fault) for by in Settling) + " |" for fault in Fault
    ]
    head = [
        "| what happens to the call | a repeat is harmless | the account is looked at | nobody can look |"
    ]
    return "\n".join([*head, "| --- | --- | --- | --- |", *rows])


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
