"""What networks tell of others' doings becomes ours: reposts and quotes go to the ledger, words to the wire.

Only accounts of the directory count, and of those only the bodies' replicate.
"""

import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import PartState, PublicationState
from scheduler.echo_powers import EchoForm, RemoteEcho
from scheduler.listening import entries
from scheduler.listening.cleaning import link as clean_link
from scheduler.listening.cleaning import plain, rich
from scheduler.listening.parsing import ParsedEntry, sane_date
from scheduler.models import ReplicationKind
from scheduler.networks import networks
from scheduler.replication import ledger
from scheduler.replication.evidence import Seen
from scheduler.replication.known_accounts import Known, directory_of
from scheduler.replication.ledger import Finding
from scheduler.replication.match import fold_tags, tags_in
from scheduler.replication.same_links import evidence_key
from scheduler.replication.seek_models import EvidenceSort

_OPENING = 120
_CLOCKS_DIFFER = timedelta(days=1)
# An echo found without its moment is a little less than one with it: the moment, once seen, prevails.
_DATED, _UNDATED = 100, 99


@dataclass(frozen=True)
class _Ours:
    """A post of ours that is out on a network: all its names there lead to it."""

    post_id: int
    out_at: datetime
    url: str
    name: str


def take(session: Session, network: str, said: Sequence[RemoteEcho]) -> int:
    """Write into the ledger the reposts and quotes of our posts by bodies; return how many are new or surer.

    An account whose owner published the post does not echo itself. Three queries, and a write for each found.
    """
    native = [one for one in said if one.form is not EchoForm.POST and one.targets]
    if not native:
        return 0
    directory = directory_of(session, [network])[network]
    by_whom = [(one, known) for one in native if (known := directory.whose(one)) and known.is_body]
    ours, owners = _ours(session, network, {target for one, _ in by_whom for target in one.targets})
    found = [
        _finding(network, one, known, post)
        for one, known in by_whom
        for post in [next((ours[each] for each in one.targets if each in ours), None)]
        if post is not None and known.owner_id not in owners.get(post.post_id, ())
    ]
    return ledger.write(session, found)


def keep_notes(session: Session, network: str, said: Sequence[RemoteEcho], tags: Sequence[str]) -> int:
    """Keep what accounts said with one of the tags as notes of their owners; return how many are new."""
    directory, wanted = directory_of(session, [network])[network], fold_tags(tags)
    notes: dict[int, list[ParsedEntry]] = {}
    for one in said:
        known = directory.whose(one) if one.form is not EchoForm.REPOST else None
        if known is not None and tags_in(html.escape(one.text)) & wanted:
            notes.setdefault(known.owner_id, []).append(_note(one, known))
    now = clock.now()
    return sum(entries.keep(session, owner_id, None, some, now) for owner_id, some in notes.items())


def _note(echo: RemoteEcho, known: Known) -> ParsedEntry:
    escaped, link = html.escape(echo.text), clean_link(echo.link)
    return ParsedEntry(
        title=plain(escaped, _OPENING),
        # What a server calls a link may be anything.
        link=link,
        summary=rich("<br>".join(escaped.splitlines())),
        published_at=sane_date(echo.at, clock.now()),
        author=known.handle,
        guid=link,
    )


def _ours(session: Session, network: str, targets: set[str]) -> tuple[dict[str, _Ours], dict[int, set[int]]]:
    """Return our posts by these names on the network, and of each who published it; two queries."""
    rows = session.execute(
        select(
            PublicationPart.remote_id, PublicationPart.remote_url, Publication.post_id, Publication.published_at,
            PublicationPart.published_at,
        )
        .join(Publication, Publication.id == PublicationPart.publication_id)
        .join(Account, Account.id == Publication.account_id)
        .where(
            Account.network == network,
            PublicationPart.state == PartState.PUBLISHED,
            PublicationPart.remote_id.in_(targets) | PublicationPart.remote_url.in_(targets),
        )
    ).all()  # fmt: skip
    ours: dict[str, _Ours] = {}
    for remote_id, url, post_id, out_at, part_at in rows:
        post = _Ours(post_id, out_at or part_at or clock.now(), url, remote_id or url)
        ours |= {name: post for name in (remote_id, url) if name}
    published = session.execute(
        select(Publication.post_id, Account.owner_id)
        .join(Account, Account.id == Publication.account_id)
        .where(
            Publication.post_id.in_({one.post_id for one in ours.values()}),
            Publication.state == PublicationState.PUBLISHED,
        )
    )
    owners: dict[int, set[int]] = {}
    for post_id, owner_id in published:
        owners.setdefault(post_id, set()).add(owner_id)
    return ours, owners


def _finding(network: str, echo: RemoteEcho, known: Known, post: _Ours) -> Finding:
    quoted, now = echo.form is EchoForm.QUOTE, clock.now()
    link = clean_link(echo.link) or post.url
    at = None if echo.at is None or echo.at > now + _CLOCKS_DIFFER else min(echo.at, now)
    # A repost has no address of its own that is the same from everywhere: who reposted what names it.
    key = evidence_key(link) if quoted else ""
    return Finding(
        post_id=post.post_id,
        body_id=known.owner_id,
        evidence_key=key or hashlib.sha256(f"repost\n{known.id}\n{post.name}".encode()).hexdigest(),
        kind=ReplicationKind.QUOTE if quoted else ReplicationKind.REPOST,
        score=_UNDATED if at is None else _DATED,
        certain=True,
        why_code=_code(quoted=quoted, dated=at is not None),
        why_params={"account": f"@{known.handle.removeprefix('@')}", "network": networks()[network].name},
        out_at=post.out_at,
        at=at,
        link=link,
        seen=Seen(EvidenceSort.REMOTE, echo.text, link, echo.picture),
    )


def _code(*, quoted: bool, dated: bool) -> str:
    if quoted:
        return "replication_quoted" if dated else "replication_quoted_undated"
    return "replication_reposted" if dated else "replication_reposted_undated"
