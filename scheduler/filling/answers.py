"""A body's answer: opened by a link, saved as often as it is corrected, and never official by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from content_calendar import audit
from content_calendar.accounts import fold_handle
from content_calendar.clock import now
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.models.directory import Account, Owner, Site
from scheduler.filling.models import LineKind, LineStage, SweepAsk, SweepLine, SweepLink
from scheduler.filling.sweeps import hash_of
from scheduler.listening import searching
from scheduler.listening.identity import canonical_link
from scheduler.listening.recognising import Kind, Recognised, recognised
from scheduler.models import Feed

_LONGEST_TOKEN = 64
LONGEST_TEXT, _LONGEST_NAME = 6000, 200


class SweepLinkMissingError(NotFoundError):
    """Nobody was given that link, or it is over."""

    code = "sweep_link_missing"


class SweepLinkOverError(ConflictError):
    """The link has expired: the body asks for another one."""

    code = "sweep_link_over"


@dataclass(frozen=True)
class Known:
    """What the directory has of a body."""

    accounts: Sequence[Account]
    sites: Sequence[Site]
    feeds: Sequence[Feed]


@dataclass(frozen=True)
class Answer:
    """What a form says. ``not_ours`` holds the references of accounts and addresses of sites that were crossed out."""

    accounts: str = ""
    sites: str = ""
    feeds: str = ""
    feeds_unknown: bool = False
    name: str = ""
    post: str = ""
    not_ours: frozenset[str] = field(default_factory=frozenset)


def opened(session: Session, token: str) -> tuple[SweepAsk, SweepLink]:
    """Return what a token opens, with its body, sweep and lines; raise SweepLinkMissingError or SweepLinkOverError."""
    row = None
    if 0 < len(token) <= _LONGEST_TOKEN:
        row = session.execute(
            select(SweepAsk, SweepLink)
            .join(SweepLink, SweepLink.ask_id == SweepAsk.id)
            .where(SweepLink.token_hash == hash_of(token))
            .options(joinedload(SweepAsk.body), joinedload(SweepAsk.sweep), selectinload(SweepAsk.lines))
        ).one_or_none()
    if row is None:
        raise SweepLinkMissingError
    ask, link = row
    if link.expires_at <= now():
        raise SweepLinkOverError
    return ask, link


def known_of(session: Session, body_id: int) -> Known:
    """Return what the directory has of a body today; three queries."""
    return Known(
        session.scalars(
            select(Account)
            .where(Account.owner_id == body_id, Account.valid_to.is_(None))
            .order_by(Account.network, Account.handle_folded)
        ).all(),
        session.scalars(select(Site).where(Site.owner_id == body_id).order_by(Site.id)).all(),
        session.scalars(select(Feed).where(Feed.owner_id == body_id).order_by(Feed.id)).all(),
    )


def save(session: Session, ask: SweepAsk, answer: Answer) -> None:
    """Keep an answer in place of the one before; what was decided already stays decided.

    Where the body does not know its feeds, they are looked for on the sites that the directory has.
    """
    texts = (answer.accounts[:LONGEST_TEXT], answer.sites[:LONGEST_TEXT], answer.feeds[:LONGEST_TEXT])
    ask.accounts_text, ask.sites_text, ask.feeds_text = texts
    ask.feeds_unknown = answer.feeds_unknown
    ask.answer_name = " ".join(answer.name.split())[:_LONGEST_NAME]
    ask.answer_post = " ".join(answer.post.split())[:_LONGEST_NAME]
    ask.answered_at, ask.mail_at = now(), None
    known = known_of(session, ask.body_id)
    session.execute(
        delete(SweepLine).where(
            SweepLine.ask_id == ask.id, SweepLine.stage.in_([LineStage.WAITING, LineStage.UNUSABLE])
        )
    )
    decided = session.scalars(select(SweepLine).where(SweepLine.ask_id == ask.id)).all()
    keys = {_key(one) for one in decided}
    for line in [*_new_lines(known, recognised(*texts)), *_known_lines(known, answer.not_ours)]:
        if _key(line) not in keys:
            keys.add(_key(line))
            line.ask_id = ask.id
            session.add(line)
    if answer.feeds_unknown:
        for site in known.sites:
            searching.ask(session, ask.body, site.url, None)
    session.flush()
    session.expire(ask, ["lines"])
    audit.record(session, "", "sweep_answered", "body", ask.body.slug)


def _new_lines(known: Known, told: Iterable[Recognised]) -> list[SweepLine]:
    accounts = {(one.network, one.handle_folded) for one in known.accounts}
    sites = {canonical_link(one.url) for one in known.sites}
    feeds = {canonical_link(one.url) for one in known.feeds}
    lines = []
    for one in told:
        url = canonical_link(one.url)
        there = (
            (one.network, fold_handle(one.handle)) in accounts
            if one.network
            else url in (feeds if one.kind is Kind.FEED else sites)
        )
        if there:
            # They have typed what stands above their form: that it is theirs is said by not crossing it out.
            continue
        lines.append(
            SweepLine(
                kind=LineKind(one.kind.value), given=one.given, network=one.network, handle=one.handle[:200],
                url=one.url[:1000], said_code=one.code, about="",
                stage=LineStage.UNUSABLE if one.code else LineStage.WAITING,
            )
        )  # fmt: skip
    return lines


def _known_lines(known: Known, not_ours: frozenset[str]) -> list[SweepLine]:
    lines = []
    for one in known.accounts:
        kind = LineKind.ACCOUNT_NO if one.ref in not_ours else LineKind.ACCOUNT_YES
        lines.append(_line(kind, one.ref, network=one.network, handle=one.handle, url=one.url[:1000]))
    for site in known.sites:
        kind = LineKind.SITE_NO if site.url in not_ours else LineKind.SITE_YES
        lines.append(_line(kind, site.url, url=site.url))
    return lines


def _line(kind: LineKind, about: str, *, network: str = "", handle: str = "", url: str = "") -> SweepLine:
    return SweepLine(
        kind=kind, given="", network=network, handle=handle, url=url, about=about, said_code="",
        stage=LineStage.WAITING,
    )  # fmt: skip


def _key(line: SweepLine) -> tuple[str, str]:
    if line.about:
        return line.kind.value, line.about
    return line.kind.value, f"{line.network}:{fold_handle(line.handle)}" if line.network else (
        canonical_link(line.url) or line.given
    )


def others_of(session: Session, lines: Sequence[SweepLine], body_id: int) -> dict[str, str]:
    """Return, by the line's reference, whose an account is that another owner has already; one query."""
    asked = {(one.network, fold_handle(one.handle)): one.ref for one in lines if one.kind is LineKind.ACCOUNT}
    if not asked:
        return {}
    rows = session.execute(
        select(Account.network, Account.handle_folded, Owner.short_name)
        .join(Owner, Owner.id == Account.owner_id)
        .where(
            Account.handle_folded.in_({handle for _network, handle in asked}),
            Account.valid_to.is_(None),
            Account.owner_id != body_id,
        )
    )
    return {asked[network, handle]: name for network, handle, name in rows if (network, handle) in asked}
