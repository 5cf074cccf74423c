"""The states of a post, of a publication and its parts, of an adaptation, and the one table of how they change.

Pure. ``moves.move`` is the only writer; the diagram in ``docs/states.md`` is made from these tables.
Every event leads to one state, so that a move is one compare-and-swap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PostState(StrEnum):
    """Where a post stands.

    draft: being written; what is seen here is not promised to anybody.
    in_review: one exact version waits for somebody else's yes; it cannot be edited without coming back.
    approved: that version may go out, and has no moment yet.
    scheduled: its publications exist, each with its own state.
    done: every publication rests.
    discarded: put away by a person; can be brought back as a draft.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    DONE = "done"
    DISCARDED = "discarded"


class PostEvent(StrEnum):
    """What can happen to a post."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    SCHEDULE = "schedule"
    REOPEN = "reopen"
    FINISH = "finish"
    DISCARD = "discard"
    RESTORE = "restore"


class PublicationState(StrEnum):
    """Where a publication (post x account x moment) stands.

    scheduled: waits for ``next_at``; nothing has been begun.
    claimed: one worker holds it by lease and generation and prepares; all it does can be repeated.
    sending: committed before the network is called; from here on a silence means doubt, never a repeat.
    unknown: it may be out or not; we look at the account before anything else.
    held: a person decides; ``hold_reason`` says why.
    published: it is out, and ``remote_id`` says which one it is.
    failed: the network refused it for good.
    cancelled: withdrawn by a person before it went out.
    expired: its campaign closed first.
    """

    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    HELD = "held"
    PUBLISHED = "published"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PublicationEvent(StrEnum):
    """What can happen to a publication."""

    CLAIM = "claim"
    RELEASE = "release"
    SEND = "send"
    PUBLISH = "publish"
    ADVANCE = "advance"
    RETRY = "retry"
    REFUSE = "refuse"
    DOUBT = "doubt"
    RESEND = "resend"
    SUSPECT = "suspect"
    HOLD = "hold"
    REPLAN = "replan"
    CANCEL = "cancel"
    EXPIRE = "expire"


class HoldReason(StrEnum):
    """Why a held publication waits for a person."""

    BY_HAND = "by_hand"
    LATE = "late"
    SILENCE = "silence"
    UNCONFIRMED = "unconfirmed"
    DUPLICATE = "duplicate"
    ALIKE = "alike"
    ACCESS = "access"
    BUDGET = "budget"
    ACCOUNT = "account"
    CONTENT = "content"
    MATERIAL = "material"
    CATCH_UP = "catch_up"


class PartState(StrEnum):
    """Where one remote post of a publication stands; a post has one part, a thread has several."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    PUBLISHED = "published"


class PartEvent(StrEnum):
    """What can happen to a part."""

    SEND = "send"
    PUBLISH = "publish"
    DOUBT = "doubt"
    RESET = "reset"


class AdaptationState(StrEnum):
    """Where a version in another language or form stands.

    draft: being written. in_review: one exact text waits for the yes of the person who was asked.
    approved: that text may be used. discarded: put away by a person; can be brought back.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    DISCARDED = "discarded"


class AdaptationEvent(StrEnum):
    """What can happen to such a version."""

    ASK = "ask"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    DISCARD = "discard"
    RESTORE = "restore"


@dataclass(frozen=True)
class Machine:
    """One transition table: event -> (states it may happen in, state it leads to)."""

    name: str
    table: Mapping[StrEnum, tuple[frozenset[StrEnum], StrEnum]]

    def sources(self, event: StrEnum) -> frozenset[StrEnum]:
        """Return the states in which ``event`` may happen."""
        return self.table[event][0]

    def target(self, event: StrEnum) -> StrEnum:
        """Return the state that ``event`` leads to."""
        return self.table[event][1]

    def allows(self, state: StrEnum, event: StrEnum) -> bool:
        """Return whether ``event`` may happen in ``state``."""
        return state in self.sources(event)


_S, _P = PostState, PostEvent
POST = Machine(
    "post",
    {
        _P.SUBMIT: (frozenset({_S.DRAFT}), _S.IN_REVIEW),
        _P.APPROVE: (frozenset({_S.IN_REVIEW}), _S.APPROVED),
        _P.RETURN: (frozenset({_S.IN_REVIEW}), _S.DRAFT),
        _P.WITHDRAW: (frozenset({_S.IN_REVIEW}), _S.DRAFT),
        _P.SCHEDULE: (frozenset({_S.APPROVED}), _S.SCHEDULED),
        _P.REOPEN: (frozenset({_S.APPROVED, _S.SCHEDULED}), _S.DRAFT),
        _P.FINISH: (frozenset({_S.SCHEDULED}), _S.DONE),
        _P.DISCARD: (frozenset({_S.DRAFT}), _S.DISCARDED),
        _P.RESTORE: (frozenset({_S.DISCARDED}), _S.DRAFT),
    },
)

_B, _E = PublicationState, PublicationEvent
PUBLICATION = Machine(
    "publication",
    {
        _E.CLAIM: (frozenset({_B.SCHEDULED}), _B.CLAIMED),
        # Nothing irrevocable was begun: a lease that ran out, or a preparation to try again later.
        _E.RELEASE: (frozenset({_B.CLAIMED}), _B.SCHEDULED),
        _E.SEND: (frozenset({_B.CLAIMED}), _B.SENDING),
        # A proof that it is out wins over everything that is not at rest and not in other hands: the answer
        # of a slow call, the read-back, a person's "sí salió" (also before the hour, of what is sent by hand).
        _E.PUBLISH: (frozenset({_B.SCHEDULED, _B.SENDING, _B.UNKNOWN, _B.HELD}), _B.PUBLISHED),
        # A part of a thread is out and others are left: the next one is due at once.
        _E.ADVANCE: (frozenset({_B.SCHEDULED, _B.SENDING, _B.UNKNOWN, _B.HELD}), _B.SCHEDULED),
        # Only an answer that proves that nothing happened; it may come after the reaper has doubted.
        _E.RETRY: (frozenset({_B.SENDING, _B.UNKNOWN}), _B.SCHEDULED),
        _E.REFUSE: (frozenset({_B.CLAIMED, _B.SENDING, _B.UNKNOWN}), _B.FAILED),
        _E.DOUBT: (frozenset({_B.SENDING}), _B.UNKNOWN),
        # Only after looking (or with a key that makes a repeat harmless), past the quiet time.
        _E.RESEND: (frozenset({_B.UNKNOWN}), _B.SCHEDULED),
        # A restored database has forgotten what was sent since: all that is past due is looked up, and of a
        # thread each part anew, until one is not there.
        _E.SUSPECT: (frozenset({_B.SCHEDULED, _B.CLAIMED, _B.SENDING, _B.UNKNOWN, _B.HELD}), _B.UNKNOWN),
        _E.HOLD: (frozenset({_B.SCHEDULED, _B.CLAIMED, _B.SENDING, _B.UNKNOWN}), _B.HELD),
        # A person's decision, with a new moment.
        _E.REPLAN: (frozenset({_B.SCHEDULED, _B.HELD, _B.FAILED}), _B.SCHEDULED),
        _E.CANCEL: (frozenset({_B.SCHEDULED, _B.HELD, _B.FAILED}), _B.CANCELLED),
        _E.EXPIRE: (frozenset({_B.SCHEDULED, _B.HELD}), _B.EXPIRED),
    },
)

# What is over: nothing the machine does by itself leaves these.
AT_REST = frozenset({_B.PUBLISHED, _B.FAILED, _B.CANCELLED, _B.EXPIRED})
# What still needs a worker or a person.
OPEN = frozenset(set(_B) - AT_REST)

_T, _V = PartState, PartEvent
PART = Machine(
    "part",
    {
        _V.SEND: (frozenset({_T.WAITING}), _T.SENDING),
        _V.PUBLISH: (frozenset({_T.WAITING, _T.SENDING, _T.UNKNOWN}), _T.PUBLISHED),
        _V.DOUBT: (frozenset({_T.SENDING}), _T.UNKNOWN),
        _V.RESET: (frozenset({_T.SENDING, _T.UNKNOWN}), _T.WAITING),
    },
)

_A, _W = AdaptationState, AdaptationEvent
ADAPTATION = Machine(
    "adaptation",
    {
        _W.ASK: (frozenset({_A.DRAFT}), _A.IN_REVIEW),
        _W.APPROVE: (frozenset({_A.IN_REVIEW}), _A.APPROVED),
        _W.RETURN: (frozenset({_A.IN_REVIEW}), _A.DRAFT),
        _W.WITHDRAW: (frozenset({_A.IN_REVIEW}), _A.DRAFT),
        _W.REOPEN: (frozenset({_A.APPROVED}), _A.DRAFT),
        _W.DISCARD: (frozenset({_A.DRAFT}), _A.DISCARDED),
        _W.RESTORE: (frozenset({_A.DISCARDED}), _A.DRAFT),
    },
)
