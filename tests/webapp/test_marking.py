import pytest

from webapp.marking import marked
from webapp.money import dollars


def test_links_tags_and_mentions_are_picked_out_and_nothing_is_lost() -> None:
    text = "Lee #SNTtips en https://snt.org.mx/#SNTtips, dice @INFO_NL. Mi correo: ana@snt.org.mx"
    pieces = marked(text)
    assert "".join(piece for _, piece in pieces) == text
    assert [piece for what, piece in pieces if what != "plain"] == [
        "#SNTtips",
        "https://snt.org.mx/#SNTtips",
        "@INFO_NL",
    ]


def test_a_text_without_any_is_one_piece_and_an_empty_one_none() -> None:
    assert marked("Hola") == [("plain", "Hola")]
    assert marked("") == []


@pytest.mark.parametrize(
    ("mills", "said"), [(15, "0.015 USD"), (200, "0.200 USD"), (0, "0.000 USD"), (1_234_567, "1,234.567 USD")]
)
def test_money_is_told_without_rounding(mills: int, said: str) -> None:
    assert dollars(mills) == said
