from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.silence import (
    EVERYBODY,
    Exemption,
    ReasonMissingError,
    UpsideDownSpanError,
    Verdict,
    Window,
    may_speak,
)

CAMPAIGN = Window(
    starts_on=date(2027, 4, 4),
    ends_on=date(2027, 6, 6),
    scope=EVERYBODY,
    reason="Elección federal",
    source="Calendario del INE",
)
LOCAL = Window(starts_on=date(2027, 3, 1), ends_on=date(2027, 6, 6), scope="MX-NLE", reason="Elección local")
DUTY = Exemption(
    starts_on=date(2027, 5, 1),
    ends_on=date(2027, 5, 10),
    scope="infonl",
    reason="Obligación de transparencia (LGTAIP 63)",
)


def test_a_body_speaks_when_there_is_no_silence() -> None:
    assert may_speak("infonl", "MX-NLE", date(2027, 5, 1), [], [DUTY]) == Verdict(allowed=True)


@pytest.mark.parametrize(
    ("on", "allowed"),
    [("2027-04-03", True), ("2027-04-04", False), ("2027-06-06", False), ("2027-06-07", True)],
)
def test_silence_holds_from_its_first_day_to_its_last(on: str, allowed: bool) -> None:  # noqa: FBT001 -- a column of the table above
    verdict = may_speak("itei", "MX-JAL", date.fromisoformat(on), [CAMPAIGN], [])
    assert verdict.allowed is allowed
    assert verdict.window == (None if allowed else CAMPAIGN)


def test_a_states_silence_is_not_its_neighbours() -> None:
    on = date(2027, 3, 10)
    assert not may_speak("infonl", "MX-NLE", on, [LOCAL], []).allowed
    assert may_speak("icai", "MX-COA", on, [LOCAL], []).allowed


def test_the_federations_own_silence_is_not_every_states() -> None:
    federal = Window(starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 2), scope="MX", reason="x")
    assert not may_speak("inai", "MX", date(2027, 1, 1), [federal], []).allowed
    assert may_speak("infonl", "MX-NLE", date(2027, 1, 1), [federal], []).allowed


def test_a_bodys_own_silence_is_its_alone() -> None:
    own = Window(
        starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 2), scope="infonl", reason="Acuerdo del pleno"
    )
    assert not may_speak("infonl", "MX-NLE", date(2027, 1, 1), [own], []).allowed
    assert may_speak("infocdmx", "MX-CMX", date(2027, 1, 1), [own], []).allowed


def test_a_reasoned_exemption_lets_a_body_speak_and_is_named() -> None:
    verdict = may_speak("infonl", "MX-NLE", date(2027, 5, 5), [CAMPAIGN], [DUTY])
    assert verdict == Verdict(allowed=True, window=CAMPAIGN, exception=DUTY)


def test_an_exemption_lifts_nothing_for_another_body_or_another_day() -> None:
    assert not may_speak("itei", "MX-JAL", date(2027, 5, 5), [CAMPAIGN], [DUTY]).allowed
    assert not may_speak("infonl", "MX-NLE", date(2027, 5, 11), [CAMPAIGN], [DUTY]).allowed


def test_the_silence_named_is_the_one_that_ends_last() -> None:
    longer = Window(
        starts_on=date(2027, 5, 1), ends_on=date(2027, 7, 1), scope="MX-NLE", reason="Elección extraordinaria"
    )
    verdict = may_speak("infonl", "MX-NLE", date(2027, 5, 20), [LOCAL, longer, CAMPAIGN], [])
    assert verdict.window is longer


def test_silence_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(UpsideDownSpanError) as refused:
        Window(starts_on=date(2027, 5, 2), ends_on=date(2027, 5, 1), scope=EVERYBODY, reason="x")
    assert refused.value.params == {"starts_on": "2027-05-02", "ends_on": "2027-05-01"}


def test_an_exemption_without_a_reason_is_refused() -> None:
    with pytest.raises(ReasonMissingError):
        Exemption(starts_on=date(2027, 5, 1), ends_on=date(2027, 5, 1), scope="infonl", reason="  ")


DAY = date(2027, 5, 1)
spans = st.builds(
    lambda start, length, scope, reason: (
        DAY + timedelta(days=start),
        DAY + timedelta(days=start + length),
        scope,
        reason,
    ),
    st.integers(-20, 20),
    st.integers(0, 20),
    st.sampled_from([EVERYBODY, "MX-NLE", "MX-JAL", "MX", "infonl", "itei"]),
    st.sampled_from(["a", "b"]),
)


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_windows_and_exemptions_never_matters(
    windows: list[tuple[date, date, str, str]], given_: list[tuple[date, date, str, str]], shuffler: object
) -> None:
    silences = [Window(*span) for span in windows]
    exemptions = [Exemption(*span) for span in given_]
    verdict = may_speak("infonl", "MX-NLE", DAY, silences, exemptions)
    shuffler.shuffle(silences)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    shuffler.shuffle(exemptions)  # type: ignore[attr-defined]  # same
    assert may_speak("infonl", "MX-NLE", DAY, silences, exemptions) == verdict


@given(st.lists(spans, max_size=6))
def test_without_an_exemption_one_silence_is_enough(windows: list[tuple[date, date, str, str]]) -> None:
    silences = [Window(*span) for span in windows]
    alone = [may_speak("infonl", "MX-NLE", DAY, [window], []).allowed for window in silences]
    assert may_speak("infonl", "MX-NLE", DAY, silences, []).allowed is all(alone)
