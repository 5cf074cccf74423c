"""The gates: what must still be true at the moment of sending, whatever was true when it was approved.

``look`` reads once for many publications what the gates need; each gate is then a function of a dossier and
of that. They run when a publication is claimed, and again in the transaction that begins to send if anything
came between.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from assets.clearance import Clearance, Scope
from assets.library import clearance_of
from content_calendar import likeness_gate
from content_calendar.bulk import Among, Prepared
from content_calendar.likeness import text_of
from content_calendar.likeness_gate import Alike
from content_calendar.models.directory import SilenceException, SilenceWindow, Standing
from content_calendar.models.posts import Post
from content_calendar.sending import Said
from content_calendar.silence import EVERYBODY, Window, may_speak
from content_calendar.states import HoldReason, PartState, PostState
from scheduler.dossiers import Dossier
from scheduler.networks import networks

# A post is done when all its publications rest; one that a person plans again still says what was approved.
_OUT_OF_REVIEW = frozenset({PostState.SCHEDULED, PostState.DONE})
# No zone is further from UTC: these days hold every body's today.
_A_DAY = timedelta(days=1)


_WINDOWS = Prepared(
    select(
        SilenceWindow.id,
        SilenceWindow.body_id,
        SilenceWindow.state_iso,
        SilenceWindow.starts_on,
        SilenceWindow.ends_on,
        SilenceWindow.reason,
        SilenceWindow.source,
    ).where(SilenceWindow.starts_on <= bindparam("latest"), SilenceWindow.ends_on >= bindparam("earliest"))
)


_STILL = Prepared(
    select(Post.id).where(Among(Post.id)).order_by(Post.id).with_for_update(read=True, skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A gate that is closed: why, and what a person should know."""

    reason: HoldReason
    said: Said


@dataclass(frozen=True, slots=True)
class Seen:
    """What the gates need besides the dossiers: silences, and which materials may be used, by zone."""

    now: datetime
    windows: Sequence[tuple[int, int | None, Window]] = ()
    exceptions: frozenset[tuple[int, int]] = frozenset()
    clearances: Mapping[tuple[str, str], Clearance] = field(default_factory=dict)
    # By publication: the near-identical text that another account of its network sent.
    likenesses: Mapping[int, Alike] = field(default_factory=dict)

    def today(self, zone: str) -> date:
        """Return which day it is there."""
        return self.now.astimezone(ZoneInfo(zone)).date()


def look(session: Session, dossiers: Sequence[Dossier], now: datetime) -> Seen:
    """Read what the gates need for all of these; the queries do not grow with their number."""
    day = now.date()
    rows = _WINDOWS(session.connection(), {"latest": day + _A_DAY, "earliest": day - _A_DAY})
    windows = [
        (window_id, body_id, Window(starts_on, ends_on, state_iso or EVERYBODY, reason, source))
        for window_id, body_id, state_iso, starts_on, ends_on, reason, source in rows
    ]
    exceptions: frozenset[tuple[int, int]] = frozenset()
    if windows:
        given = select(SilenceException.window_id, SilenceException.post_id).where(
            SilenceException.post_id.in_({one.post_id for one in dossiers})
        )
        exceptions = frozenset((row.window_id, row.post_id) for row in session.execute(given))
    seen = Seen(now, windows, exceptions, _clearances(session, dossiers, now))
    return replace(seen, likenesses=_likenesses(session, dossiers, seen))


def _likenesses(session: Session, dossiers: Sequence[Dossier], seen: Seen) -> Mapping[int, Alike]:
    """Return what is like a text that another account sent; nothing is read where no network minds.

    What another gate stops goes nowhere, so it holds nothing back.
    """
    known = networks()
    minding = {
        slug: known[slug].identical_window
        for slug in {one.account.network for one in dossiers}
        if slug in known and known[slug].identical_window
    }
    if not minding:
        return {}
    likeness_gate.take_turns(session, list(minding))
    rows = [
        likeness_gate.Row(
            one.id,
            one.account.network,
            one.account.id,
            text_of(one.payload),
            minding[one.account.network],
        )
        for one in dossiers
        # Of a thread that has begun, the first part is out: it is too late to think again.
        if one.payload
        and one.account.network in minding
        and one.parts[0].state is PartState.WAITING
        and judge(one, seen) is None
    ]
    return likeness_gate.others_alike(session, rows, seen.now)


def _clearances(
    session: Session, dossiers: Sequence[Dossier], now: datetime
) -> Mapping[tuple[str, str], Clearance]:
    """Return by zone and material whether it may be used; nothing is read where there are no materials."""
    used: dict[str, set[str]] = {}
    for one in dossiers:
        if refs := _materials_of(one):
            used.setdefault(one.account.zone, set()).update(refs)
    return {
        (zone, ref): clearance
        for zone, refs in used.items()
        for ref, clearance in clearance_of(session, refs, now, ZoneInfo(zone), Scope.NETWORKS).items()
    }


def _materials_of(dossier: Dossier) -> set[str]:
    if dossier.payload is None:
        return set()
    refs = {image.asset_ref for part in dossier.payload.parts for image in part.images}
    return refs | {part.video.asset_ref for part in dossier.payload.parts if part.video}


def hold_still(session: Session, post_ids: AbstractSet[int]) -> AbstractSet[int]:
    """Keep the posts as they are until the transaction ends, where the database locks rows; return which.

    One that somebody is saving at this moment is not among them, and is not waited for.
    """
    if session.get_bind().dialect.name == "sqlite":  # there, whoever writes is alone
        return post_ids
    return {row[0] for row in _STILL(session.connection(), {"ids": sorted(post_ids)})}


def is_told_by(dossier: Dossier) -> bool:
    """Tell whether its dossier alone tells of every gate, where nobody keeps silence."""
    known = networks().get(dossier.account.network)
    return not _materials_of(dossier) and not (known and known.identical_window)


def judge(dossier: Dossier, seen: Seen) -> Closed | None:
    """Return the first gate that is closed for the publication, None when it may go out."""
    for gate in GATES:
        closed = gate(dossier, seen)
        if closed is not None:
            return closed
    return None


def _content(dossier: Dossier, seen: Seen) -> Closed | None:  # noqa: ARG001 -- every gate is asked alike
    """Let only what was approved go out."""
    if dossier.post_state not in _OUT_OF_REVIEW or dossier.approved_id is None:
        return Closed(HoldReason.CONTENT, Said("not_approved"))
    if dossier.approved_id != dossier.version_id or dossier.approved_hash != dossier.content_hash:
        return Closed(HoldReason.CONTENT, Said("content_changed"))
    if dossier.payload is None:
        return Closed(HoldReason.CONTENT, Said("payload_damaged"))
    return None


def _account(dossier: Dossier, seen: Seen) -> Closed | None:
    """Let only accounts speak that are still official, and still ours to publish with."""
    account = dossier.account
    ends = [one for one in (account.valid_to, account.owner_valid_to) if one is not None]
    if account.standing is not Standing.IN_FORCE or (ends and min(ends) <= seen.today(account.zone)):
        return Closed(HoldReason.ACCOUNT, Said("account_not_in_force", {"standing": account.standing.value}))
    if account.connected_at is None:
        return Closed(HoldReason.ACCOUNT, Said("account_not_connected"))
    return None


def _silence(dossier: Dossier, seen: Seen) -> Closed | None:
    """Keep the owner's electoral silence, unless this post has a reasoned exception."""
    if not seen.windows:
        return None
    account = dossier.account
    reaching = [
        Window(window.starts_on, window.ends_on, account.owner_slug, window.reason, window.source)
        if body_id == account.owner_id
        else window
        for window_id, body_id, window in seen.windows
        if body_id in {None, account.owner_id} and (window_id, dossier.post_id) not in seen.exceptions
    ]
    verdict = may_speak(account.owner_slug, account.state_iso, seen.today(account.zone), reaching, ())
    if verdict.allowed or verdict.window is None:
        return None
    until = verdict.window.ends_on.isoformat()
    return Closed(HoldReason.SILENCE, Said("in_silence", {"until": until, "reason": verdict.window.reason}))


def _materials(dossier: Dossier, seen: Seen) -> Closed | None:
    """Let only materials out that networks may still show: not expired, embargoed, put away or without consent."""
    for ref in sorted(_materials_of(dossier)):
        clearance = seen.clearances[(dossier.account.zone, ref)]
        blocking = next((reason for reason in clearance.reasons if reason.blocks), None)
        if blocking is not None:
            return Closed(HoldReason.MATERIAL, Said(blocking.code, dict(blocking.params)))
    return None


def _likeness(dossier: Dossier, seen: Seen) -> Closed | None:
    """Hold back what a platform would take for spam: another account of ours says nearly the same."""
    like = seen.likenesses.get(dossier.id)
    if like is None:
        return None
    params = {"handle": like.handle, "publication": like.ref, "when": like.when.isoformat()}
    return Closed(HoldReason.ALIKE, Said("text_alike", params))


def _lateness(dossier: Dossier, seen: Seen) -> Closed | None:
    """Miss what is late."""
    return Closed(HoldReason.LATE, Said("late")) if seen.now > dossier.late_after else None


GATES: tuple[Callable[[Dossier, Seen], Closed | None], ...] = (
    _content,
    _account,
    _silence,
    _materials,
    _likeness,
    _lateness,
)
