"""What surrounds a draft: its accounts and their rules, its campaigns, its moment, its materials.

All of it comes from the database, and none of it changes with a letter more or less: it is asked for once and,
while somebody types, remembered for a few seconds.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from assets.clearance import Scope
from assets.library import clearance_of
from content_calendar import glossary
from content_calendar.clock import monotonic, now
from content_calendar.content import PostKind, from_json
from content_calendar.models.directory import (
    Account,
    Body,
    Owner,
    SilenceException,
    SilenceWindow,
    Standing,
)
from content_calendar.models.plan import Campaign
from content_calendar.models.posts import Post, PostVersion, post_account
from content_calendar.models.publications import Publication
from content_calendar.plain_language import Glossary
from content_calendar.posts import Draft, Due
from content_calendar.recent_likeness import Recent
from content_calendar.rules import CampaignRules, NetworkRules, Problem, Severity
from content_calendar.silence import EVERYBODY, Window, may_speak
from content_calendar.states import PostState, PublicationState
from content_calendar.wall_time import zone_named
from webapp import outlets
from webapp.media_checks import of_media
from webapp.mentions import campaign_rules
from webapp.outlets import Outlet

# Nearer than this, the followers of one account see two posts as one crowd.
CLOSE = timedelta(minutes=5)
# How long, in seconds, what surrounds a text is taken to stay while somebody types it.
REMEMBERED = 10.0
# Nobody pauses between two keystrokes for less: what is asked of the database at a pause is not asked at each letter.
ASKED_EVERY = 0.4
_MOST_REMEMBERED = 200
_CAME_TO_NOTHING = frozenset({PublicationState.CANCELLED, PublicationState.EXPIRED, PublicationState.FAILED})
_REPOSTS_LOOKED_AT = 500

# Made once: to make a statement costs more than to run it.
_WINDOWS = select(SilenceWindow).where(
    SilenceWindow.starts_on <= bindparam("last"),
    SilenceWindow.ends_on >= bindparam("first"),
    or_(SilenceWindow.body_id.is_(None), SilenceWindow.body_id.in_(bindparam("owners", expanding=True))),
    SilenceWindow.id.not_in(
        select(SilenceException.window_id).where(SilenceException.post_id == bindparam("post_id"))
    ),
)
_NEIGHBOURS = (
    select(Post.title, Post.due_local)
    .where(
        Post.due_at > bindparam("after"),
        Post.due_at < bindparam("before"),
        Post.state != PostState.DISCARDED,
        Post.id != bindparam("post_id"),
        exists().where(
            post_account.c.post_id == Post.id,
            post_account.c.account_id.in_(bindparam("accounts", expanding=True)),
        ),
    )
    .order_by(Post.due_at)
    .limit(3)
)


@dataclass
class Recents:
    """The recent posts that a text was last found to share words with, and when that was asked, in seconds."""

    asked_at: float = -ASKED_EVERY
    others: Sequence[tuple[Recent, str]] = ()


@dataclass(frozen=True)
class Surroundings:
    """What a draft is checked against. ``problems`` are those that no letter of its texts changes."""

    outlets: Sequence[Outlet]
    rules: Mapping[str, NetworkRules]
    campaigns: Mapping[str, Sequence[CampaignRules]]
    problems: Sequence[Problem]
    glossary: Glossary
    recents: Recents = field(default_factory=Recents)

    @property
    def names(self) -> Mapping[str, str]:
        """Return what people call the networks of the accounts."""
        return {one.slug: one.name for one in self.outlets}


def around(session: Session, draft: Draft, post_id: int | None = None) -> Surroundings:
    """Return what surrounds a draft; the queries do not grow with the calendar.

    ``post_id`` is the post that the draft is of, so that it is not found near itself.
    """
    chosen = outlets.outlets(session, draft.account_ids)
    accounts = [one.account for one in chosen]
    rules = outlets.rules_by_network(chosen) or {"": outlets.NO_RULES}
    campaigns = _campaigns(session, draft.campaign_ids)
    on = draft.due.local.date() if draft.due else now().date()
    found = [
        *outlets.of_kind(chosen, draft.content),
        *outlets.of_target(chosen, draft.content),
        *_of_reposts(session, draft, accounts, post_id),
        *of_media(session, draft.content, chosen),
        *_of_materials(session, draft, accounts),
        *_of_accounts(accounts, draft.due),
    ]
    if draft.due is not None:
        found += [
            *_of_moment(draft.due),
            *_of_silence(session, accounts, draft.due, post_id),
            *_of_neighbours(session, accounts, draft.due, post_id),
        ]
    asked = {slug: campaign_rules(session, campaigns, slug, on) for slug in rules}
    return Surroundings(chosen, rules, asked, found, glossary.in_force(session))


class Memory:
    """What was around the drafts that somebody is typing, for each database; at most a few hundred of them."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Engine, OrderedDict[str, tuple[float, Surroundings]]] = (
            WeakKeyDictionary()
        )
        self._lock = Lock()

    def around(self, session: Session, draft: Draft, post_id: int | None) -> Surroundings:
        """Return what surrounds a draft, as it was at most REMEMBERED seconds ago."""
        engine = session.get_bind().engine
        key = _key(draft, post_id)
        with self._lock:
            kept = self._kept.setdefault(engine, OrderedDict())
            before = kept.get(key)
        if before is not None and monotonic() - before[0] < REMEMBERED:
            return before[1]
        found = around(session, draft, post_id)
        # They outlive the session, whose end would empty them.
        for loaded in {
            id(row): row for one in found.outlets for row in (one.account, one.account.owner)
        }.values():
            if loaded in session:
                session.expunge(loaded)
        with self._lock:
            kept[key] = (monotonic(), found)
            kept.move_to_end(key)
            while len(kept) > _MOST_REMEMBERED:
                kept.popitem(last=False)
        return found


def _key(draft: Draft, post_id: int | None) -> str:
    content = draft.content
    media = [(one.asset_ref, one.asset_version, one.part, one.media_type) for one in content.media]
    due = draft.due and (draft.due.at, draft.due.zone)
    return repr(
        (content.kind, content.target, media, list(draft.account_ids), list(draft.campaign_ids), due, post_id)
    )


def _of_reposts(
    session: Session, draft: Draft, accounts: Sequence[Account], post_id: int | None
) -> Iterator[Problem]:
    """Yield the accounts that share that post already: a network takes it once. One query, for reposts alone."""
    content = draft.content
    if content.kind != PostKind.REPOST or not content.target:
        return
    rows = session.execute(
        select(Publication.account_id, PostVersion.content)
        .join(PostVersion, PostVersion.id == Publication.version_id)
        .join(Post, Post.id == Publication.post_id)
        .where(
            Post.kind == PostKind.REPOST,
            Post.id != (post_id or 0),
            Publication.account_id.in_([one.id for one in accounts]),
            Publication.state.not_in(_CAME_TO_NOTHING),
        )
        .order_by(Publication.id.desc())
        .limit(_REPOSTS_LOOKED_AT)
    )
    asked = outlets.same_target(content.target)
    sharing = {
        account_id for account_id, other in rows if outlets.same_target(from_json(other).target) == asked
    }
    for account in accounts:
        if account.id in sharing:
            said = {"account": f"@{account.handle.lstrip('@')}"}
            yield Problem("reposted_already", Severity.ERROR, field="target", params=said)


def _campaigns(session: Session, ids: Sequence[int]) -> Sequence[Campaign]:
    if not ids:
        return ()
    return session.scalars(select(Campaign).where(Campaign.id.in_(ids)).order_by(Campaign.id)).all()


def _of_materials(session: Session, draft: Draft, accounts: Sequence[Account]) -> Iterator[Problem]:
    media = draft.content.media
    if not media:
        return
    at = draft.due.at if draft.due else now()
    zone = draft.due.zone if draft.due else (accounts[0].owner.zone if accounts else "UTC")
    answers = clearance_of(session, [one.asset_ref for one in media], at, zone_named(zone), Scope.NETWORKS)
    for number, medium in enumerate(media, start=1):
        for reason in answers[medium.asset_ref].reasons:
            severity = Severity.ERROR if reason.blocks else Severity.WARNING
            params: Mapping[str, object] = {"number": number, **dict(reason.params)}
            yield Problem(reason.code, severity, field=f"images.{number}", params=params)


def _of_accounts(accounts: Sequence[Account], due: Due | None) -> Iterator[Problem]:
    if not accounts:
        yield Problem("no_account", Severity.ERROR, field="accounts")
    for account in accounts:
        on = (due.at if due else now()).astimezone(zone_named(account.owner.zone)).date()
        named = {"account": account.handle}
        if account.standing is not Standing.IN_FORCE or (account.valid_to and account.valid_to < on):
            yield Problem("account_lapsed", Severity.ERROR, field="accounts", params=named)
        elif account.connected_at is None:
            yield Problem("account_unconnected", Severity.ERROR, field="accounts", params=named)


def _of_moment(due: Due) -> Iterator[Problem]:
    if due.at <= now():
        yield Problem("due_in_past", Severity.WARNING, field="due", params={"local": due.local})


def _of_silence(
    session: Session, accounts: Sequence[Account], due: Due, post_id: int | None
) -> Iterator[Problem]:
    owners = {account.owner_id: account.owner for account in accounts}
    days = {owner_id: due.at.astimezone(zone_named(one.zone)).date() for owner_id, one in owners.items()}
    if not owners:
        return
    rows = _windows(session, list(owners), min(days.values()), max(days.values()), post_id)
    for owner_id, owner in owners.items():
        state_iso = owner.state_iso if isinstance(owner, Body) else ""
        windows = [_window(row, owner) for row in rows if row.body_id in {None, owner_id}]
        window = may_speak(owner.slug, state_iso, days[owner_id], windows, ()).window
        if window is not None:
            said = {"body": owner.short_name, "until": window.ends_on, "reason": window.reason}
            yield Problem("silence_on_day", Severity.WARNING, field="due", params=said)


def _windows(
    session: Session, owner_ids: Sequence[int], first: date, last: date, post_id: int | None
) -> Sequence[SilenceWindow]:
    asked = {"last": last, "first": first, "owners": owner_ids, "post_id": post_id or 0}
    return session.scalars(_WINDOWS, asked).all()


def _window(row: SilenceWindow, owner: Owner) -> Window:
    scope = owner.slug if row.body_id is not None else row.state_iso or EVERYBODY
    return Window(row.starts_on, row.ends_on, scope, row.reason, row.source)


def _of_neighbours(
    session: Session, accounts: Sequence[Account], due: Due, post_id: int | None
) -> Iterator[Problem]:
    asked = {
        "after": due.at - CLOSE,
        "before": due.at + CLOSE,
        "post_id": post_id or 0,
        "accounts": [one.id for one in accounts],
    }
    rows = session.execute(_NEIGHBOURS, asked)
    for title, local in rows:
        said = {"title": title or "…", "time": local[11:16], "minutes": int(CLOSE.total_seconds() // 60)}
        yield Problem("close_to_another", Severity.WARNING, field="due", params=said)
