"""Money as people read and type it; never a float in between."""

import pytest

from webapp.money import MoneyInvalidError, format_mills, mills_of


@pytest.mark.parametrize(
    ("mills", "said"),
    [
        (15, "0.015 USD"), (200, "0.20 USD"), (0, "0.00 USD"), (24_500, "24.50 USD"), (1_234_505, "1,234.505 USD"),
        (-15, "-0.015 USD"), (None, ""),
    ],
)  # fmt: skip
def test_an_amount_is_said_in_dollars(mills: int | None, said: str) -> None:
    assert format_mills(mills) == said


@pytest.mark.parametrize(
    ("typed", "mills"),
    [
        ("24", 24_000), ("24.5", 24_500), ("24.50", 24_500), ("0.015", 15), ("1,234.50", 1_234_500),
        ("1234.50", 1_234_500), (" $24.50 USD ", 24_500), ("", None), ("  ", None), ("0", 0),
    ],
)  # fmt: skip
def test_what_a_person_types_is_read(typed: str, mills: int | None) -> None:
    assert mills_of(typed, "ceiling") == mills
    if mills is not None:
        assert mills_of(format_mills(mills), "ceiling") == mills


@pytest.mark.parametrize(
    "typed",
    [
        "24,50",
        "12,34.50",
        "1.234,50",
        "-3",
        "1e3",
        "0.0155",
        "veinte",
        "24.",
        ".5",
        "٢٤",
        "9" * 10,
        "1,2345",
        "24 50",
    ],
)
def test_what_could_be_read_two_ways_is_asked_again(typed: str) -> None:
    with pytest.raises(MoneyInvalidError) as error:
        mills_of(typed, "ceiling")
    assert error.value.field == "ceiling"
