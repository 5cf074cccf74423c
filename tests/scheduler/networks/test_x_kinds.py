"""X's threads, reposts, long posts, price and figures, against the simulator and X's own document."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from content_calendar.content import PostKind
from content_calendar.states import HoldReason
from scheduler.network import (
    AccountAccess,
    Before,
    DoubtError,
    DuplicateError,
    NotSentError,
    Outgoing,
    Receipt,
    RefusedError,
    UnavailableError,
)
from scheduler.networks.x import NETWORK, X
from scheduler.powers import Charges, ChargesForReadings, GivesReadings, TellsLimits
from tests.scheduler.networks.x_contract import SINCE, Checked, outgoing
from tests.simulators.x_server import XServer

LONG = "Rendir cuentas es explicar. " * 40


def after(text: str, *receipts: Receipt) -> Outgoing:
    before = tuple(Before(one.remote_id, one.url, {}) for one in receipts)
    return outgoing(text, kind=PostKind.THREAD, before=before)


def thread(access: AccountAccess, texts: Sequence[str]) -> list[Receipt]:
    out: list[Receipt] = []
    for text in texts:
        out.append(NETWORK.publish(access, after(text, *out)))
    return out


def repost(url: str) -> Outgoing:
    return outgoing("", kind=PostKind.REPOST, target=url)


def test_what_it_can_do_is_what_its_powers_say() -> None:
    x = X()
    assert x.kinds == {PostKind.POST, PostKind.THREAD, PostKind.REPOST}
    assert x.takes_video
    for power in (Charges, ChargesForReadings, GivesReadings, TellsLimits):
        assert isinstance(x, power)


# Threads


def test_each_part_of_a_thread_answers_the_one_before(access: AccountAccess, x_server: XServer) -> None:
    first, second, third = thread(access, ["Uno", "Dos", "Tres"])
    assert [post["reply_to"] for post in x_server.posts()] == ["", first.remote_id, second.remote_id]
    assert third.remote_id == x_server.posts()[2]["id"]


def test_a_later_part_that_is_forbidden_waits_for_a_person(access: AccountAccess, x_server: XServer) -> None:
    (first,) = thread(access, ["Uno"])
    x_server.set(allows_replies=False)
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(access, after("Dos", first))
    assert told.value.hold is HoldReason.ACCESS
    assert len(x_server.posts()) == 1


def test_control_a_first_part_that_is_forbidden_has_failed(access: AccountAccess, x_server: XServer) -> None:
    x_server.fault("403")
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(access, after("Uno"))
    assert told.value.hold is None


def test_a_later_part_s_other_answers_mean_what_they_always_do(
    access: AccountAccess, x_server: XServer
) -> None:
    (first,) = thread(access, ["Uno"])
    for fault, hold in {"402": HoldReason.BUDGET, "401": HoldReason.ACCESS, "400": None}.items():
        x_server.fault(fault)
        with pytest.raises(RefusedError) as told:
            NETWORK.publish(access, after("Dos", first))
        assert told.value.hold is hold
    with pytest.raises(DuplicateError):
        NETWORK.publish(access, after("Uno", first))
    x_server.fault("lost_answer")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, after("Dos", first))


def test_a_part_is_found_in_its_own_thread_only(access: AccountAccess, x_server: XServer) -> None:
    x_server.set(refuses_equal=False)
    one = thread(access, ["Uno", "Sí"])
    other = thread(access, ["Otro", "Sí"])
    alone = NETWORK.publish(access, outgoing("Sí"))
    assert [found.remote_id for found in NETWORK.find(access, after("Sí", one[0]), SINCE)] == [
        one[1].remote_id
    ]
    assert [found.remote_id for found in NETWORK.find(access, after("Sí", other[0]), SINCE)] == [
        other[1].remote_id
    ]
    assert [found.remote_id for found in NETWORK.find(access, outgoing("Sí"), SINCE)] == [alone.remote_id]


# Reposts


def test_a_repost_is_made_once_and_named_after_what_it_reposts(
    access: AccountAccess, x_server: XServer, checked: Checked
) -> None:
    original = NETWORK.publish(access, outgoing("Original"))
    receipt = NETWORK.publish(access, repost(original.url))
    again = NETWORK.publish(access, repost(original.url))
    assert receipt.remote_id == again.remote_id == f"repost:{original.remote_id}"
    assert receipt.url == original.url
    assert receipt.request_id
    assert [post["repost_of"] for post in x_server.posts()] == ["", original.remote_id]
    assert checked[-1] == "POST /2/users/42/retweets"


def test_a_repost_whose_answer_was_lost_is_found_in_the_timeline(
    access: AccountAccess, x_server: XServer
) -> None:
    original = NETWORK.publish(access, outgoing("Original"))
    other = NETWORK.publish(access, outgoing("Otra"))
    x_server.fault("lost_answer", on="/2/retweets")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, repost(original.url))
    (found,) = NETWORK.find(access, repost(original.url), SINCE)
    assert found.remote_id == f"repost:{original.remote_id}"
    assert found.published_at is not None
    assert NETWORK.find(access, repost(other.url), SINCE) == []


def test_a_repost_of_nothing_is_refused(access: AccountAccess, x_server: XServer) -> None:
    for link in ("https://x.com/cvpdcs", "https://ejemplo.mx/1", ""):
        with pytest.raises(RefusedError):
            NETWORK.publish(access, repost(link))
    assert x_server.told()["seen"] == []
    with pytest.raises(RefusedError):
        NETWORK.publish(access, repost("https://x.com/cvpdcs/status/20"))


def test_a_repost_past_its_deadline_writes_not_one_byte(access: AccountAccess, x_server: XServer) -> None:
    original = NETWORK.publish(access, outgoing("Original"))
    late = replace(repost(original.url), may_send=lambda: False)
    with pytest.raises(NotSentError):
        NETWORK.publish(access, late)
    assert len(x_server.told()["seen"]) == 1


def test_a_repost_that_x_does_not_confirm_is_a_doubt(access: AccountAccess, x_server: XServer) -> None:
    original = NETWORK.publish(access, outgoing("Original"))
    x_server.fault("no_id", on="/2/retweets")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, repost(original.url))


# Long posts


def test_a_paying_account_may_write_long_posts_and_they_are_found(
    access: AccountAccess, x_server: XServer
) -> None:
    x = X()
    assert x.rules_within(x.limits(access)).max_length == 280
    with pytest.raises(RefusedError):
        NETWORK.publish(access, outgoing(LONG))
    x_server.user("42", subscription_type="Premium")
    assert x.rules_within(x.limits(access)).max_length == 25_000
    receipt = NETWORK.publish(access, outgoing(LONG))
    (found,) = NETWORK.find(access, outgoing(LONG), SINCE)
    assert found.remote_id == receipt.remote_id
    # The beginning alone is not it.
    assert NETWORK.find(access, outgoing(LONG[:200]), SINCE) == []


def test_without_knowing_an_account_s_limits_the_cautious_ones_hold() -> None:
    x = X()
    for limits in ({}, {"max_length": 280}, {"max_length": 1_000_000}):
        assert x.rules_within(limits) == x.rules


# Price


@pytest.mark.parametrize(
    ("text", "mills"),
    [
        ("Tu derecho a saber", 15),
        ("Ve https://ejemplo.mx/datos", 200),
        ("Ve ejemplo.mx", 200),
        ("Escribe a alguien@ejemplo.mx", 15),
        ("El artículo 6o.constitucional", 15),
    ],
)
def test_a_link_costs_more(text: str, mills: int) -> None:
    price = X().price(text)
    assert (price.mills, price.without_link) == (mills, 15)


def test_each_alternative_text_costs_as_the_price_list_says() -> None:
    # Post 0.015, with a link 0.200, media metadata 0.005: https://docs.x.com/x-api/getting-started/pricing
    assert X().price("Tu derecho a saber", 4).mills == 15 + 4 * 5
    price = X().price("Ve https://ejemplo.mx/datos", 1)
    assert (price.mills, price.without_link) == (205, 20)


# Figures


def test_figures_of_own_posts_are_public_and_private(access: AccountAccess, x_server: XServer) -> None:
    receipt = NETWORK.publish(access, outgoing())
    x_server.metrics(receipt.remote_id, like_count=7, impression_count=300, url_link_clicks=4, engagements=20)
    figures = X().readings(access, [receipt.remote_id])[receipt.remote_id]
    assert figures["likes"] == 7
    assert (figures["views"], figures["link_clicks"], figures["engagements"]) == (300, 4, 20)
    assert set(figures) >= {"reposts", "replies", "quotes", "bookmarks", "profile_clicks"}


def test_an_old_post_among_new_ones_gives_what_everybody_sees(
    access: AccountAccess, x_server: XServer, checked: Checked
) -> None:
    old_id = x_server.older(NETWORK.publish(access, outgoing("Vieja")).remote_id, days=31)
    new = NETWORK.publish(access, outgoing("Otra"))
    figures = X().readings(access, [old_id, new.remote_id, "20", f"repost:{old_id}"])
    assert "link_clicks" in figures[new.remote_id]
    assert "link_clicks" not in figures[old_id]
    assert figures[old_id]["likes"] == 0
    assert set(figures) == {old_id, new.remote_id}
    assert checked[-2:] == ["GET /2/tweets", "GET /2/tweets"]


def test_a_refusal_of_private_figures_is_not_one_of_public_ones(
    access: AccountAccess, x_server: XServer
) -> None:
    receipt = NETWORK.publish(access, outgoing())
    x_server.fault("403", on="/2/lookup")
    assert "link_clicks" not in X().readings(access, [receipt.remote_id])[receipt.remote_id]
    for fault, error in {"401": RefusedError, "402": RefusedError, "5xx_before": UnavailableError}.items():
        x_server.fault(fault, on="/2/lookup")
        with pytest.raises(error):
            X().readings(access, [receipt.remote_id])
    x_server.fault("403", on="/2/lookup", times=2)
    with pytest.raises(RefusedError):
        X().readings(access, [receipt.remote_id])


def test_no_more_than_a_hundred_posts_are_asked_for_at_once(access: AccountAccess, checked: Checked) -> None:
    ids = [str((1 << 60) + n) for n in range(150)]
    assert X().readings(access, ids) == {}
    assert checked == ["GET /2/tweets"] * 4
    assert X().readings(access, []) == {}
