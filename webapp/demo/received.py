"""How the demonstration's publications were received: plausible figures, the same each time."""

from datetime import date, timedelta
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.models import Reading
from scheduler.readings import WINDOWS
from scheduler.results.models import Followers
from scheduler.results.pivot import pivot

_SEED = 33
_WEEKS = 14
# What share of its last figure a post has at each age: most of it happens on the first day.
_GROWN = {"1h": 0.18, "24h": 0.7, "72h": 0.86, "7d": 0.95, "28d": 1.0}


def plant_received(session: Session, today: date) -> None:
    """Write readings of what is out, at each age that it has reached, and the followers of each account."""
    chance = Random(_SEED)  # noqa: S311 -- figures to be had again, no secret
    out = session.execute(
        select(Publication.id, Publication.account_id, Publication.published_at, Account.network)
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.state == PublicationState.PUBLISHED, Publication.published_at.is_not(None))
        .order_by(Publication.id)
    ).all()
    networks = dict(session.execute(select(Account.id, Account.network).order_by(Account.id)).all())
    followers = {account_id: chance.randint(2_000, 24_000) for account_id in networks}
    rows: list[dict[str, object]] = []
    read: set[tuple[int, str]] = set()
    for publication_id, account_id, at, network in out:
        if at is None:
            continue
        last = _last_figures(chance, followers[account_id])
        for window in WINDOWS:
            if at + window.age > clock.now():
                continue
            read.add((publication_id, window.name))
            same: dict[str, object] = {
                "publication_id": publication_id,
                "window": window.name,
                "source": network,
            }
            rows += [
                same
                | {"metric": metric, "value": round(value * _GROWN[window.name]), "taken_at": at + window.age}
                for metric, value in last.items()
            ]
    if rows:
        session.execute(insert(Reading), rows)
        pivot(session, read)
    session.execute(
        insert(Followers),
        [
            {
                "account_id": account_id,
                "on": today - week * timedelta(days=7),
                # A little fewer every week before, more or less.
                "value": round(value * (1 - week * chance.uniform(0.002, 0.006))),
                "source": networks[account_id],
            }
            for account_id, value in followers.items()
            for week in range(_WEEKS)
        ],
    )


def _last_figures(chance: Random, followers: int) -> dict[str, int]:
    views = round(followers * chance.uniform(0.08, 0.6))
    likes = round(views * chance.uniform(0.01, 0.05))
    reposts = round(likes * chance.uniform(0.1, 0.5))
    return {
        "views": views,
        "likes": likes,
        "reposts": reposts,
        "quotes": round(reposts * chance.uniform(0, 0.3)),
        "replies": round(likes * chance.uniform(0.02, 0.2)),
        "link_clicks": round(views * chance.uniform(0.002, 0.02)),
    }
