"""The figures of a span, counted a second time row by row, in the plainest way there is."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from scheduler.results.facts import AccountRow, Echoes, Facts, Out, PostRow
from scheduler.results.grouping import Line, local_hours
from scheduler.results.summary import TAKEN_UP_BY, summary
from scheduler.results.tallying import KINDS, UNKNOWN, micros

TIJUANA = ZoneInfo("America/Tijuana")
MONDAY = datetime(2026, 11, 2, 6, tzinfo=UTC)


class Sent(NamedTuple):
    post_id: int
    account_id: int
    at: datetime
    on_time: bool
    engagements: int | None


class Echo(NamedTuple):
    post_id: int
    body_id: int
    at: datetime
    kind: int


@dataclass(frozen=True)
class Rows:
    sent: list[Sent]
    echoes: list[Echo]
    posts: dict[int, PostRow]
    campaigns: dict[int, list[int]]
    accounts: dict[int, AccountRow]

    def facts(self) -> Facts:
        first: dict[int, datetime] = {}
        for row in self.sent:
            first[row.post_id] = min(first.get(row.post_id, row.at), row.at)
        figures = np.array(
            [np.nan if row.engagements is None else row.engagements for row in self.sent], float
        )
        unknown = np.full(len(self.sent), np.nan)
        post = np.array([row.post_id for row in self.sent], dtype=np.int64)
        account = np.array([row.account_id for row in self.sent], dtype=np.int64)
        moments = np.array([micros(row.at) for row in self.sent], dtype=np.int64)
        heard = [np.array([row[n] for row in self.echoes], dtype=np.int64) for n in (0, 1, 3)]
        lag = [max(micros(row.at) - micros(first[row.post_id]), UNKNOWN) for row in self.echoes]
        return Facts(
            "7d",
            Out(np.arange(len(self.sent)), post, account, moments, np.array([row.on_time for row in self.sent], bool),
                unknown, figures, unknown),
            Echoes(heard[0], heard[1], heard[2], np.array(lag, dtype=np.int64), np.array([], dtype=np.int64)),
            self.posts, self.campaigns, {7: "#PlanDAI", 8: "#SNTtips"}, self.accounts,
        )  # fmt: skip


def rows(posts: int = 60) -> Rows:
    chance = Random(5)  # noqa: S311 -- figures to be had again, no secret
    accounts = {
        n: AccountRow(
            n, "x" if n % 2 else "mastodon", f"c{n}", "SNT", n % 3 or None, "Norte", n * 1000 or None
        )
        for n in range(7)
    }
    sent: list[Sent] = []
    said = {}
    for n in range(posts):
        said[n] = PostRow(
            n, f"r{n}", f"t{n}", n % 4 or None, "tema", "post" if n % 5 else "thread", n % 2 == 0
        )
        at = MONDAY + timedelta(hours=11 * n)
        for account in accounts:
            told = chance.randint(0, 300) if chance.random() < 0.8 else None
            sent.append(Sent(n, account, at + timedelta(minutes=account), chance.random() < 0.9, told))
    echoes = [
        Echo(n, body, MONDAY + timedelta(hours=11 * n + chance.randint(-2, 90)), chance.randrange(len(KINDS)))
        for n in range(posts)
        for body in range(33)
        if chance.random() < 0.3 * (n % 3)
    ]
    campaigns = {n: [7, 8] if n % 3 else [8] for n in range(posts) if n % 6}
    return Rows(sent, echoes, said, campaigns, accounts)


def plainly(found: Rows, chosen: list[Sent]) -> dict[str, object]:
    known = [row.engagements for row in chosen if row.engagements is not None]
    followers = {one.id: one.followers for one in found.accounts.values()}
    of_known = [row for row in chosen if row.engagements is not None and followers[row.account_id]]
    posts = {row.post_id for row in chosen}
    first = {post: min(row.at for row in found.sent if row.post_id == post) for post in posts}
    echoes = [echo for echo in found.echoes if echo.post_id in posts]
    lags = [lag for echo in echoes if (lag := echo.at - first[echo.post_id]) >= timedelta(0)]
    reached = sum(followers[row.account_id] or 0 for row in of_known)
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
        "kinds": {
            kind: many for n, kind in enumerate(KINDS) if (many := sum(echo.kind == n for echo in echoes))
        },
    }  # fmt: skip


def told(line: Line) -> dict[str, object]:
    return {name: getattr(line, name) for name in Line.__dataclass_fields__ if name != "key"}


def rounded(one: dict[str, object]) -> dict[str, object]:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in one.items()}


def test_every_line_is_what_one_counts_by_hand() -> None:
    found = rows()
    got = summary(found.facts(), TIJUANA)
    many = {n: len({echo.body_id for echo in found.echoes if echo.post_id == n}) for n in found.posts}
    assert rounded(told(got.total)) == rounded(plainly(found, found.sent))
    assert got.on_time == sum(row.on_time for row in found.sent)
    keyed: dict[str, Callable[[Sent], object]] = {
        "by_theme": lambda row: found.posts[row.post_id].theme_id,
        "by_network": lambda row: found.accounts[row.account_id].network,
        "by_account": lambda row: row.account_id,
        "by_region": lambda row: found.accounts[row.account_id].region_id,
        "by_weekday": lambda row: row.at.astimezone(TIJUANA).weekday(),
        "by_hour": lambda row: row.at.astimezone(TIJUANA).hour // 3 * 3,
        "by_kind": lambda row: found.posts[row.post_id].kind,
        "by_media": lambda row: found.posts[row.post_id].has_media,
        "by_taken_up": lambda row: max(least for least in TAKEN_UP_BY if least <= many[row.post_id]),
    }
    for table, key in keyed.items():
        groups: dict[object, list[Sent]] = defaultdict(list)
        for row in found.sent:
            if key(row) is not None:
                groups[key(row)].append(row)
        lines = {line.key: rounded(told(line)) for line in getattr(got, table)}
        expected = {one: rounded(plainly(found, some)) for one, some in groups.items()}
        if table != "by_theme":
            # How long bodies took is told of themes, campaigns and all of it.
            expected = {one: some | {"lag": None} for one, some in expected.items()}
        assert lines == expected, table


def test_what_each_body_took_up_is_what_one_counts_by_hand() -> None:
    found = rows()
    first = {post: min(row.at for row in found.sent if row.post_id == post) for post in found.posts}
    for line in summary(found.facts(), TIJUANA).by_body:
        own = [echo for echo in found.echoes if echo.body_id == line.body_id]
        lags = [lag for echo in own if (lag := echo.at - first[echo.post_id]) >= timedelta(0)]
        assert line.echoes == len(own) == sum(line.kinds.values())
        assert line.lag == timedelta(seconds=median(lag.total_seconds() for lag in lags))


def test_a_post_of_two_campaigns_counts_in_both() -> None:
    found = rows()
    lines = {line.key: line for line in summary(found.facts(), TIJUANA).by_campaign}
    for campaign in (7, 8):
        some = [row for row in found.sent if campaign in found.campaigns.get(row.post_id, ())]
        assert rounded(told(lines[campaign])) == rounded(plainly(found, some))


def test_what_is_not_known_is_missing_and_never_zero() -> None:
    found = rows()
    bare = replace(found, sent=[row._replace(engagements=None) for row in found.sent], echoes=[])
    total = summary(bare.facts(), TIJUANA).total
    assert total.measured == 0
    assert (total.engagements, total.median, total.per_thousand, total.lag) == (None,) * 4
    nothing = Rows([], [], {}, {}, {})
    assert summary(nothing.facts(), TIJUANA).total.publications == 0


def test_the_best_stand_above_what_is_usual_on_the_same_accounts() -> None:
    found = rows()
    praised = [row._replace(engagements=9000) if row.post_id == 13 else row for row in found.sent]
    scorned = [row._replace(engagements=0) if row.post_id == 17 else row for row in praised]
    got = summary(replace(found, sent=scorned).facts(), TIJUANA)
    assert got.best[0].post_id == 13
    assert got.best[0].times > 10
    assert got.best[0].at == MONDAY + timedelta(hours=11 * 13)
    assert got.weakest[0].post_id == 17
    assert got.weakest[0].times == 0
    assert not {one.post_id for one in got.best} & {one.post_id for one in got.weakest}


def test_an_account_with_few_figures_makes_nobody_best() -> None:
    assert summary(rows(posts=4).facts(), TIJUANA).best == []


def test_the_hour_of_the_week_is_that_of_the_zone_on_the_day_its_clocks_change_too() -> None:
    begin = datetime(2026, 10, 25, tzinfo=UTC)
    moments = [begin + n * timedelta(minutes=37) for n in range(600)]
    expected = [there.weekday() * 24 + there.hour for there in (one.astimezone(TIJUANA) for one in moments)]
    assert local_hours(np.array([micros(one) for one in moments]), TIJUANA).tolist() == expected
