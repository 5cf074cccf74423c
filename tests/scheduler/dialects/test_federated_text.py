import pytest

from scheduler.dialects.federated_text import comparable, measure, text_of

# As Mastodon writes them: a long link in three pieces, a mention without its server, a quote's line for others.
LINK = (
    '<p>Lee <a href="https://www.ejemplo.mx/una/direccion"><span class="invisible">https://www.</span>'
    '<span class="ellipsis">ejemplo.mx/una</span><span class="invisible">/direccion</span></a></p>'
)
MENTION = (
    '<p><span class="h-card"><a href="https://otro.example/@ana" class="u-url mention">@<span>ana</span></a>'
    "</span> hola</p>"
)
QUOTE = (
    '<p class="quote-inline">RE: <a href="https://a.example/@b/1">https://a.example/@b/1</a></p><p>Así es</p>'
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (LINK, "Lee https://www.ejemplo.mx/una/direccion"),
        (MENTION, "@ana@otro.example hola"),
        (QUOTE, "Así es"),
        ("<p>Uno<br />dos</p><p>tres &amp; &lt;cuatro&gt;</p>", "Uno\ndos\n\ntres & <cuatro>"),
        ("sin nada", "sin nada"),
    ],
)
def test_html_says_what_was_written(html: str, text: str) -> None:
    assert comparable(text_of(html)) == comparable(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hola", "hola"),
        ("Hola #uno", "Hola #dos"),
        ("https://a.mx/uno", "https://a.mx/dos"),
        ("@ana hola", "@eva hola"),
        ("ana@uno.mx", "ana@dos.mx"),
    ],
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)


def test_a_long_text_of_signs_is_measured_and_compared_quickly() -> None:
    hostile = "@" + "a.-" * 20_000 + "@" + "b." * 20_000
    assert measure(hostile, 23) > 0
    assert comparable(hostile)
    assert text_of("<" * 50_000 + "a" * 10) is not None
