from webapp.marking import marked


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
