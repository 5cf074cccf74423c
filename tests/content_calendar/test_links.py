import pytest

from content_calendar.links import Link, links


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("infonl.mx", ["infonl.mx"]),
        ("Consulta www.infonl.mx/tramites?x=1, ya", ["www.infonl.mx/tramites?x=1"]),
        ("(https://gob.mx/a_(b))", ["https://gob.mx/a_(b)"]),
        ("HTTPS://GOB.MX", ["HTTPS://GOB.MX"]),
        ("infonl.mx e itei.org.mx", ["infonl.mx", "itei.org.mx"]),
        ("文infonl.mx文", ["infonl.mx"]),
        ("http://ñandú.mx/año", ["http://ñandú.mx/año"]),
        ("💡infonl.mx💡", ["infonl.mx"]),
        ("hola@infonl.mx", []),
        ("@infonl.mx #infonl.mx $infonl.mx", []),
        ("EE.UU. 3.5 a.b fin.Después x.notatld", []),
        ("ftp://infonl.mx", []),
        ("", []),
    ],
)
def test_links_in(text: str, found: list[str]) -> None:
    assert [link.text for link in links(text)] == found


def test_a_link_tells_where_it_is_in_characters_also_after_an_emoji() -> None:
    assert links("👩🏽‍💻 infonl.mx") == [Link("infonl.mx", 5, 14)]


def test_a_capital_that_grows_when_lowered_moves_nothing() -> None:
    assert links("\u0130\u0130 infonl.mx") == [Link("infonl.mx", 3, 12)]


def test_a_link_longer_than_any_browser_takes_is_none() -> None:
    assert links("https://gob.mx/" + "a" * 4090) == []
    assert len(links("https://gob.mx/" + "a" * 4000)) == 1
