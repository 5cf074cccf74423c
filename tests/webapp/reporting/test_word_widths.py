"""The columns of a Word table: shares of the page, and wide enough for the words above them."""

from docx.shared import Cm, Pt

from webapp.reporting.word import widths

PAGE = Cm(17.5)


def test_columns_with_room_have_their_share() -> None:
    assert widths([1, 1, 2], ["Cifra", "Valor", "Cómo se lee"], Pt(8)) == [PAGE // 4, PAGE // 4, PAGE // 2]


def test_no_word_of_a_heading_is_broken_and_the_page_is_not_left() -> None:
    heads = ["Publicación", "Organismo", "Cuándo", "Cómo se sabe", "Enlace", "Piezas"]
    found = widths([6, 0.4, 1, 1, 4, 0.2], heads, Pt(8))
    for head, width in zip(heads, found, strict=True):
        assert width >= 0.74 * Pt(8) * max(map(len, head.split()))
    assert PAGE - 10 < sum(found) <= PAGE
    # What had room gives it, by shares.
    assert abs(found[0] - found[4] * 1.5) < 10


def test_words_wider_than_the_page_share_it() -> None:
    found = widths([1] * 12, ["Organismos garantes"] * 12, Pt(14))
    assert len(set(found)) == 1
    assert sum(found) <= PAGE
