"""Whose yes a post needs: pure rules, and that no order of events lets one out without them."""

from hypothesis import given
from hypothesis import strategies as st

from content_calendar.signing import Demand, Signed, Standing, standing

ANA, EVA, LUZ, SOL = 1, 2, 3, 4
ABLE = {ANA, EVA, LUZ, SOL}
PEOPLE = st.frozensets(st.sampled_from(sorted(ABLE)))


def after(*signed: Signed, demands: tuple[Demand, ...] = (), able: set[int] = ABLE) -> Standing:
    return standing(demands, signed, able, {ANA})


def test_without_a_campaign_one_yes_of_anybody_but_the_author_is_enough() -> None:
    assert after() == Standing(1, 1, frozenset({EVA, LUZ, SOL}))
    assert after(Signed(EVA, 1)).complete


def test_two_steps_are_two_people() -> None:
    two = (Demand(1), Demand(2))
    assert after(Signed(EVA, 1), demands=two) == Standing(2, 2, frozenset({LUZ, SOL}))
    assert after(Signed(EVA, 1), Signed(LUZ, 2), demands=two).complete


def test_who_is_named_is_asked_and_nobody_else() -> None:
    named = (Demand(1, frozenset({LUZ, SOL})),)
    assert after(demands=named).waits_for == {LUZ, SOL}
    assert after(Signed(SOL, 1), demands=named).complete


def test_everyone_named_is_waited_for() -> None:
    named = (Demand(1, frozenset({LUZ, SOL}), everyone=True),)
    assert after(Signed(SOL, 1), demands=named).waits_for == {LUZ}
    assert after(Signed(SOL, 1), Signed(LUZ, 1), demands=named).complete


def test_who_wrote_it_or_left_is_not_waited_for() -> None:
    named = (Demand(1, frozenset({ANA, LUZ}), everyone=True),)
    assert after(demands=named).waits_for == {LUZ}
    assert after(demands=named, able={ANA, EVA}).waits_for == {EVA}


def test_somebody_named_at_both_steps_says_one_yes_and_somebody_else_the_other() -> None:
    both = (Demand(1, frozenset({LUZ})), Demand(2, frozenset({LUZ})))
    assert after(Signed(LUZ, 1), demands=both) == Standing(2, 2, frozenset({EVA, SOL}))


def test_a_post_of_two_campaigns_answers_to_both() -> None:
    both = (Demand(1, frozenset({LUZ})), Demand(1, frozenset({SOL})), Demand(2))
    assert after(demands=both).waits_for == {LUZ, SOL}
    assert after(Signed(LUZ, 1), demands=both).waits_for == {SOL}
    assert after(Signed(LUZ, 1), Signed(SOL, 1), demands=both).waits_for == {EVA}


def test_with_nobody_left_it_waits_and_says_so() -> None:
    assert after(able={ANA}) == Standing(1, 1, frozenset())
    assert not after(Signed(EVA, 1), demands=(Demand(1), Demand(2)), able={ANA, EVA}).complete


def test_when_a_campaign_asks_for_fewer_than_were_given_anybody_ends_it() -> None:
    fewer = after(Signed(EVA, 1))
    assert fewer.complete
    assert fewer.asks(LUZ)
    assert not after(demands=(Demand(1, frozenset({LUZ})),)).asks(SOL)


DEMANDS = st.lists(st.builds(Demand, st.sampled_from([1, 2]), PEOPLE, st.booleans()), max_size=4)


@given(demands=DEMANDS, authors=PEOPLE, able=PEOPLE)
def test_whoever_is_asked_and_says_yes_brings_it_to_an_end_without_an_author_or_one_yes_for_two(
    demands: list[Demand], authors: frozenset[int], able: frozenset[int]
) -> None:
    signed: list[Signed] = []
    for _ in range(len(ABLE) + 1):
        now = standing(demands, signed, able, authors)
        if not now.waits_for:
            break
        assert now.waits_for <= able - authors - {one.person_id for one in signed}
        signed.append(Signed(min(now.waits_for), now.step))
    assert not now.waits_for
    if now.complete:
        assert {one.step for one in signed} == set(range(1, now.of + 1))
