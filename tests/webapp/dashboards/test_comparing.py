from webapp.dashboards.comparing import compared


def test_words_that_one_alone_has_are_marked_and_the_rest_is_not() -> None:
    ours, theirs = compared("Pide información pública hoy.", "Pide INFORMACION publica mañana")
    assert ours.shown == "Pide información pública <mark>hoy.</mark>"
    assert theirs.shown == "Pide INFORMACION publica <mark>mañana</mark>"
    assert (ours.shared, ours.alone, theirs.alone) == (3, 1, 1)


def test_a_word_in_another_place_is_underlined() -> None:
    ours, _ = compared("uno dos tres", "tres uno dos")
    assert "<u>tres</u>" in ours.shown
    assert ours.alone == 0


def test_what_a_note_says_is_never_read_as_html() -> None:
    _, theirs = compared("hola", 'hola <b>mundo</b> &lt;script&gt;alert("x")&lt;/script&gt;')
    assert "<b>" not in theirs.shown
    assert "<script" not in theirs.shown


def test_a_long_stretch_of_other_words_is_shown_by_its_ends() -> None:
    note = "Hola " + " ".join(f"relleno{n}" for n in range(200)) + " pide información"
    _, theirs = compared("Hola pide información", note)
    assert "[…]" in theirs.shown
    assert theirs.alone == 200
    assert "relleno100" not in theirs.shown


def test_with_nothing_to_compare_nothing_is_marked() -> None:
    ours, theirs = compared("Pide <i>información</i>", "")
    assert (ours.shown, theirs.shown) == ("Pide  información", "")
