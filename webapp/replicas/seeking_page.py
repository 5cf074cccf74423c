"""Lo que buscamos solos: what each network tells of who took us up, when it was asked, and what failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template
from sqlalchemy import func, select

from content_calendar import budget
from content_calendar.clock import now
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from scheduler.echo_powers import ChargesForEchoes, SeeksPosts, TellsEchoes
from scheduler.networks import networks
from scheduler.replication.seek_models import AccountSeek, PublicationSeek
from scheduler.replication.seeking import FAILED, REFUSED
from webapp.replicas.views import blueprint
from webapp.session import db, needs

_P = Permission
_TROUBLES = 20
# Other troubles are the network's or ours, and the same for every account.
_OF_THE_ACCOUNT = (FAILED.code, REFUSED.code)


@dataclass
class Line:
    """How a network stands: what it tells, what was looked at, what came of it."""

    name: str
    tells_echoes: bool
    tells_posts: bool
    charges: bool
    # None where nobody has set one.
    ceiling: int | None = None
    publications: int = 0
    accounts: int = 0
    found: int = 0
    last: datetime | None = None
    troubles: dict[str, int] = field(default_factory=dict)


def _lines() -> dict[str, Line]:
    known: dict[str, object] = dict(networks())
    lines = {
        slug: Line(
            networks()[slug].name,
            isinstance(one, TellsEchoes),
            isinstance(one, SeeksPosts),
            isinstance(one, ChargesForEchoes),
        )
        for slug, one in known.items()
        if isinstance(one, TellsEchoes | SeeksPosts)
    }
    for slug, mills in budget.ceilings(db(), [slug for slug, one in lines.items() if one.charges]).items():
        lines[slug].ceiling = mills
    return lines


def _count(lines: Mapping[str, Line], table: type[PublicationSeek] | type[AccountSeek]) -> None:
    """Add what a table says of each network; two queries."""
    query = select(
        Account.network, func.count(), func.sum(table.found), func.max(table.looked_at)
    ).select_from(table)
    if table is PublicationSeek:
        query = query.join(Publication, Publication.id == PublicationSeek.publication_id)
        query = query.join(Account, Account.id == Publication.account_id)
    else:
        query = query.join(Account, Account.id == AccountSeek.account_id)
    for network, many, found, last in db().execute(query.group_by(Account.network)):
        if (line := lines.get(network)) is None:
            continue
        if table is PublicationSeek:
            line.publications = many
        else:
            line.accounts = many
        line.found += int(found or 0)
        line.last = max((one for one in (line.last, last) if one is not None), default=None)
    said = query.with_only_columns(Account.network, table.said_code, func.count()).where(
        table.said_code != ""
    )
    for network, code, many in db().execute(said.group_by(Account.network, table.said_code)):
        if (line := lines.get(network)) is not None:
            line.troubles[code] = line.troubles.get(code, 0) + many


@blueprint.get("/replicas/busqueda")
@needs(_P.DECIDE_REPLICATIONS)
def seeking() -> str:
    """Show what is looked for by itself, network by network, and what did not work."""
    lines = _lines()
    _count(lines, PublicationSeek)
    _count(lines, AccountSeek)
    failing = db().execute(
        select(Account.handle, Account.network, AccountSeek.said_code, AccountSeek.next_at)
        .join(Account, Account.id == AccountSeek.account_id)
        .where(AccountSeek.failures > 0, AccountSeek.said_code.in_(_OF_THE_ACCOUNT))
        .order_by(AccountSeek.failures.desc(), Account.handle)
        .limit(_TROUBLES)
    ).all()  # fmt: skip
    return render_template(
        "replicas/seeking.html", lines=lines.values(), failing=failing, names=lines, cut_off=now()
    )
