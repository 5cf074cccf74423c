"""Figures are of what is known, and say of how many; each is worked out again here, the plain way."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from scheduler.results.facts import AccountRow, EchoRow, Facts, Out, PostRow
from scheduler.results.summary import Line, summary

TIJUANA = ZoneInfo("America/Tijuana")
MONDAY = datetime(2026, 11, 2, 16, tzinfo=UTC)


def facts(seed: int = 1, posts: int = 40) -> Facts:
    """Return a span as a network might tell it, with holes in it."""
    chance = Random(seed)  # noqa: S311 -- chance to be had again, no secret
    accounts = {
        n: AccountRow(
            n, chance.choice(["rehearsal", "by_hand"]), f"a{n}", f"C{n}", n % 3 or None, f"R{n % 3}"
        )
        for n in range(1, 7)
    }
    rows, out = {}, []
    for n in range(posts):
        rows[n] = PostRow(
            n,
            f"ref{n}",
            f"Título {n}",
            n % 4 or None,
            f"Tema {n % 4}",
            "thread" if n % 5 == 0 else "post",
            n % 2 == 0,
        )
        at = MONDAY + timedelta(hours=11 * n)
        for account in accounts:
            measured = chance.random() < 0.8
            out.append(
                Out(n, account, at + timedelta(minutes=account), chance.random() < 0.9, None,
                    chance.randint(0, 300) if measured else None, None)
            )  # fmt: skip
    echoes = [
        EchoRow(n, body, MONDAY + timedelta(hours=11 * n + chance.randint(-2, 90)))
        for n in range(posts)
        for body in range(33)
        if chance.random() < 0.3
    ]
    campaigns = {n: [7, 8] if n % 3 else [8] for n in range(posts) if n % 6}
    return Facts(
        "7d",
        out,
        rows,
        campaigns,
        {7: "#PlanDAI", 8: "#SNTtips"},
        accounts,
        {n: 1000 * n for n in range(1, 6)},
        echoes,
    )


def plainly(found: Facts, chosen: list[Out]) -> dict[str, object]:
    known = [row.engagements for row in chosen if row.engagements is not None]
    of_known = [row for row in chosen if row.engagements is not None and row.account_id in found.followers]
    posts = {row.post_id for row in chosen}
    first = {post: min(row.at for row in found.publications if row.post_id == post) for post in posts}
    echoes = [echo for echo in found.echoes if echo.post_id in posts]
    lags = [lag for echo in echoes if (lag := echo.at - first[echo.post_id]) >= timedelta(0)]
    reached = sum(found.followers[row.account_id] for row in of_known)
    return {
        "publications": len(chosen),
        "posts": len(posts),
        "measured": len(known),
        "engagements": sum(known) if known else None,
        "median": median(known) if known else None,
        "views": None,
        "per_thousand": 1000 * sum(row.engagements or 0 for row in of_known) / reached if reached else None,
        "echoes": len(echoes),
        "bodies": len({echo.body_id for echo in echoes}),
        "lag": timedelta(seconds=median(lag.total_seconds() for lag in lags)) if lags else None,
    }


def told(line: Line) -> dict[str, object]:
    return {name: getattr(line, name) for name in Line.__dataclass_fields__ if name != "key"}


def rounded(one: dict[str, object]) -> dict[str, object]:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in one.items()}


def test_every_line_is_what_one_counts_by_hand() -> None:
    found = facts()
    got = summary(found, TIJUANA)
    rows = list(found.publications)
    assert rounded(told(got.total)) == rounded(plainly(found, rows))
    assert got.on_time == sum(row.on_time for row in rows)
    keyed: dict[str, Callable[[Out], object]] = {
        "by_theme": lambda row: found.posts[row.post_id].theme_id,
        "by_network": lambda row: found.accounts[row.account_id].network,
        "by_account": lambda row: row.account_id,
        "by_region": lambda row: found.accounts[row.account_id].region_id,
        "by_weekday": lambda row: row.at.astimezone(TIJUANA).weekday(),
        "by_hour": lambda row: row.at.astimezone(TIJUANA).hour // 3 * 3,
        "by_kind": lambda row: found.posts[row.post_id].kind,
        "by_media": lambda row: found.posts[row.post_id].has_media,
    }
    for table, key in keyed.items():
        groups: dict[object, list[Out]] = defaultdict(list)
        for row in rows:
            if key(row) is not None:
                groups[key(row)].append(row)
        lines = {line.key: rounded(told(line)) for line in getattr(got, table)}
        assert lines == {one: rounded(plainly(found, some)) for one, some in groups.items()}, table


def test_a_post_of_two_campaigns_counts_in_both() -> None:
    found = facts()
    lines = {line.key: line for line in summary(found, TIJUANA).by_campaign}
    for campaign in (7, 8):
        some = [row for row in found.publications if campaign in found.campaigns.get(row.post_id, ())]
        assert rounded(told(lines[campaign])) == rounded(plainly(found, some))


def test_what_is_not_known_is_missing_and_never_zero() -> None:
    found = facts()
    bare = Facts(
        "7d",
        [row._replace(engagements=None) for row in found.publications],
        found.posts,
        {},
        {},
        found.accounts,
        {},
        [],
    )
    total = summary(bare, TIJUANA).total
    assert (total.measured, total.engagements, total.median, total.per_thousand, total.lag) == (
        0,
        None,
        None,
        None,
        None,
    )
    assert summary(Facts("7d", [], {}, {}, {}, {}, {}, []), TIJUANA).total.publications == 0


def test_the_best_stand_above_what_is_usual_on_the_same_accounts() -> None:
    found = facts()
    praised = [row._replace(engagements=9000) if row.post_id == 13 else row for row in found.publications]
    scorned = [row._replace(engagements=0) if row.post_id == 17 else row for row in praised]
    got = summary(Facts("7d", scorned, found.posts, {}, {}, found.accounts, {}, []), TIJUANA)
    assert got.best[0].post_id == 13
    assert got.best[0].times > 10
    assert got.weakest[0].post_id == 17
    assert got.weakest[0].times == 0
    assert not {one.post_id for one in got.best} & {one.post_id for one in got.weakest}


def test_an_account_with_few_figures_makes_nobody_best() -> None:
    found = facts(posts=4)
    assert summary(found, TIJUANA).best == []
