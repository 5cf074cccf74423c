"""Everything that can be said of a draft before it goes out: its texts, images, accounts and moment.

The rules themselves are elsewhere, each in its place; here they are asked for one draft, with a fixed number
of queries, since it happens as one types.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from assets.clearance import Scope
from assets.library import clearance_of
from content_calendar.clock import now
from content_calendar.content import Content, PostKind, from_json
from content_calendar.likeness import one_text_for_several
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
from content_calendar.posts import Draft, Due
from content_calendar.rules import (
    ImageFacts,
    NetworkRules,
    PartFacts,
    PostFacts,
    Problem,
    Severity,
    post_problems,
)
from content_calendar.silence import EVERYBODY, Window, may_speak
from content_calendar.states import PostState, PublicationState
from content_calendar.wall_time import zone_named
from scheduler.networks import networks
from webapp import outlets
from webapp.mentions import campaign_rules
from webapp.outlets import Outlet
from webapp.video_checks import of_videos

# Nearer than this, the followers of one account see two posts as one crowd.
CLOSE = timedelta(minutes=5)
_CAME_TO_NOTHING = frozenset({PublicationState.CANCELLED, PublicationState.EXPIRED, PublicationState.FAILED})
_REPOSTS_LOOKED_AT = 500


@dataclass(frozen=True)
class Count:
    """How long a text is for one network, in the network's own measure."""

    network: str
    name: str
    used: int
    limit: int


@dataclass(frozen=True)
class Looked:
    """A draft that was looked at: its accounts, and what is to be mended or known of it."""

    outlets: Sequence[Outlet]
    problems: list[Problem]


def check(session: Session, draft: Draft, post_id: int | None = None) -> list[Problem]:
    """Return what is to be mended or known of a draft, errors first; the queries do not grow with the calendar.

    ``post_id`` is the post that the draft is of, so that it is not found near itself.
    """
    return look(session, draft, post_id).problems


def look(session: Session, draft: Draft, post_id: int | None = None) -> Looked:
    """Return what ``check`` returns, with the accounts that were looked at."""
    chosen = outlets.outlets(session, draft.account_ids)
    accounts = [one.account for one in chosen]
    campaigns = _campaigns(session, draft.campaign_ids)
    found = [
        *outlets.of_kind(chosen, draft.content),
        *outlets.of_target(chosen, draft.content),
        *_of_reposts(session, draft, accounts, post_id),
        *_of_texts(session, draft, chosen, campaigns),
        *of_videos(session, draft.content, chosen),
        *_of_materials(session, draft, accounts),
        *_of_accounts(accounts, draft.due),
        *one_text_for_several(draft.content, [one.network for one in accounts], networks()),
    ]
    if draft.due is not None:
        found += [
            *_of_moment(draft.due),
            *_of_silence(session, accounts, draft.due, post_id),
            *_of_neighbours(session, accounts, draft.due, post_id),
        ]
    return Looked(chosen, sorted(_once(found), key=lambda one: one.severity is not Severity.ERROR))


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


def counts(content: Content, rules: Mapping[str, NetworkRules], part: int | None = None) -> list[Count]:
    """Return how long the content, or one part of it, is for each of these networks that has a limit."""
    if content.kind == PostKind.REPOST:
        return []
    known = networks()
    found = []
    for slug, one in sorted(rules.items()):
        texts = content.parts_for(slug)
        texts = texts if part is None else texts[part - 1 : part]
        if one.max_length is not None and texts:
            used = max(one.measure(text) for text in texts)
            found.append(Count(slug, known[slug].name if slug in known else slug, used, one.max_length))
    return found


def _once(found: Iterable[Problem]) -> list[Problem]:
    # Two networks find the same missing tag: it is told once.
    seen: dict[tuple[str, str, str, str], Problem] = {}
    for one in found:
        seen.setdefault((one.code, one.field, one.source, repr(sorted(one.params.items()))), one)
    return list(seen.values())


def _campaigns(session: Session, ids: Sequence[int]) -> Sequence[Campaign]:
    if not ids:
        return ()
    return session.scalars(select(Campaign).where(Campaign.id.in_(ids)).order_by(Campaign.id)).all()


def _of_texts(
    session: Session, draft: Draft, chosen: Sequence[Outlet], campaigns: Sequence[Campaign]
) -> Iterator[Problem]:
    content = draft.content
    on = draft.due.local.date() if draft.due else now().date()
    names = {one.slug: one.name for one in chosen}
    for slug, rules in (outlets.rules_by_network(chosen) or {"": outlets.NO_RULES}).items():
        asked = campaign_rules(session, campaigns, slug, on)
        parts = [
            PartFacts(
                text,
                [ImageFacts(one.asset_ref, one.alt_text, one.is_video) for one in content.media_of(number)],
            )
            for number, text in enumerate(content.parts_for(slug), start=1)
        ]
        for problem in post_problems(PostFacts(parts, PostKind(content.kind)), rules, asked):
            yield _seen_from(problem, slug if content.variants.get(slug) else "", names.get(slug, slug))


def _seen_from(problem: Problem, variant: str, network: str) -> Problem:
    params = (
        {**problem.params, "network": network} if problem.source.startswith("network:") else problem.params
    )
    if problem.code in {"alt_text_missing", "video_alt_missing"}:
        # What an image lacks, it lacks whatever the network.
        return replace(problem, severity=Severity.ERROR)
    head, _, rest = problem.field.partition(".")
    if variant and head == "text":
        return replace(problem, field=f"variant.{variant}" + (f".{rest}" if rest else ""), params=params)
    return replace(problem, params=params)


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
    excepted = select(SilenceException.window_id).where(SilenceException.post_id == post_id)
    return session.scalars(
        select(SilenceWindow).where(
            SilenceWindow.starts_on <= last,
            SilenceWindow.ends_on >= first,
            or_(SilenceWindow.body_id.is_(None), SilenceWindow.body_id.in_(owner_ids)),
            SilenceWindow.id.not_in(excepted),
        )
    ).all()


def _window(row: SilenceWindow, owner: Owner) -> Window:
    scope = owner.slug if row.body_id is not None else row.state_iso or EVERYBODY
    return Window(row.starts_on, row.ends_on, scope, row.reason, row.source)


def _of_neighbours(
    session: Session, accounts: Sequence[Account], due: Due, post_id: int | None
) -> Iterator[Problem]:
    shared = exists().where(
        post_account.c.post_id == Post.id, post_account.c.account_id.in_([one.id for one in accounts])
    )
    rows = session.execute(
        select(Post.title, Post.due_local)
        .where(
            Post.due_at > due.at - CLOSE,
            Post.due_at < due.at + CLOSE,
            Post.state != PostState.DISCARDED,
            Post.id != (post_id or 0),
            shared,
        )
        .order_by(Post.due_at)
        .limit(3)
    )
    for title, local in rows:
        said = {"title": title or "…", "time": local[11:16], "minutes": int(CLOSE.total_seconds() // 60)}
        yield Problem("close_to_another", Severity.WARNING, field="due", params=said)
