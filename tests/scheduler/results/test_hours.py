"""Suggested hours: found where they are, not found where there are none, and told how sure."""

from datetime import UTC, datetime, timedelta
from math import exp
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from scheduler.results.hours import LEAST_POSTS, Hours, suggested
from scheduler.results.tallying import micros
from scheduler.results.totalling import Outings

MEXICO = ZoneInfo("America/Mexico_City")
# A Monday, at midnight in Mexico.
BEGIN = datetime(2026, 3, 2, 6, tzinfo=UTC)


def hours(weeks: int, lift: float, seed: int, *, accounts: int = 3) -> Hours:
    """Posts of every weekday at 7, 10, 13 and 19 h; those of Thursday at 10 h do ``lift`` better (a logarithm)."""
    chance = np.random.default_rng(seed)
    at, post, account, value = [], [], [], []
    for n, (week, day, hour) in enumerate(
        (week, day, hour) for week in range(weeks) for day in range(7) for hour in (7, 10, 13, 19)
    ):
        good = chance.normal(0, 0.5) + (lift if (day, hour) == (3, 10) else 0)
        for one in range(accounts):
            at.append(micros(BEGIN + timedelta(weeks=week, days=day, hours=hour, minutes=one)))
            post.append(n)
            account.append(one)
            value.append(round(100 * 10**one * exp(good + chance.normal(0, 0.1))))
    return suggested(Outings(*(np.array(one, np.int64) for one in (post, account, at, value))), MEXICO)


def test_the_hour_that_does_better_is_found_with_its_interval() -> None:
    found = hours(weeks=12, lift=0.8, seed=1)
    [best, *_] = found.best
    assert (best.weekday, best.hour) == (3, 9)
    assert 1 < best.low < best.times < best.high
    # Drawn towards what is usual: it promises less than the twelve posts alone would say.
    assert best.times < exp(0.8)


def test_an_interval_holds_what_is_true_about_as_often_as_it_says() -> None:
    held = [
        cell.low <= 1 <= cell.high
        for seed in range(20)
        for cell in hours(weeks=8, lift=0.8, seed=seed).cells
        if (cell.weekday, cell.hour) != (3, 9)
    ]
    assert np.mean(held) > 0.75


def test_where_the_hours_do_not_differ_hardly_any_is_suggested() -> None:
    suggestions = [len(hours(weeks=8, lift=0, seed=seed).best) for seed in range(20)]
    assert np.mean(suggestions) < 0.5


def test_the_same_post_on_ten_accounts_is_not_ten_pieces_of_evidence() -> None:
    few, many = hours(weeks=2, lift=0.8, seed=3, accounts=1), hours(weeks=2, lift=0.8, seed=3, accounts=6)
    assert few.posts == many.posts == 56


@pytest.mark.parametrize("weeks", [0, 1])
def test_with_few_posts_nothing_is_said(weeks: int) -> None:
    found = hours(weeks=weeks, lift=2, seed=4)
    assert found.posts < LEAST_POSTS
    assert (found.enough, list(found.best)) == (False, [])
