import pytest

from scheduler.listening.cleaning import link, plain, rich


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  Foro\n de   datos ", "Foro de datos"),
        ("Foro <b>de</b> datos", "Foro de datos"),
        ("Foro<br/>de datos", "Foro de datos"),
        ("Transparencia &amp; datos", "Transparencia & datos"),
        ("Si a < b y b > c", "Si a < b y b > c"),
        ("<img src=x onerror=alert(1)>Foro", "Foro"),
        ("&lt;img src=x onerror=alert(1)&gt;Foro", "Foro"),
        ("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Foro", "Foro"),
        ("<svg onload=alert(1)>Foro</svg>", "Foro"),
        ("<script>alert(1)</script>Foro<!-- nota -->", "Foro"),
        ("Foro\x00 \u202eotad\u202c \ud800", "Foro otad"),
        ("", ""),
    ],
)
def test_a_title_is_plain_text(text: str, title: str) -> None:
    assert plain(text) == title


def test_a_title_escaped_many_times_never_becomes_a_tag() -> None:
    text = "<img src=x onerror=alert(1)>"
    for _ in range(8):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert "<img" not in plain(text)


def test_a_title_without_end_is_cut() -> None:
    assert plain("a" * 5000) == "a" * 499 + "…"
    assert len(plain("<b>" * 100_000 + "a")) < 2


def test_a_summary_keeps_paragraphs_emphasis_lists_and_links() -> None:
    kept = "<p>Uno <strong>dos</strong> <em>tres</em><br></p><ul><li>a</li></ul><ol><li>b</li></ol>"
    assert rich(kept) == kept
    assert rich('<a href="https://a.mx/" onclick="x()">a</a>') == (
        '<a href="https://a.mx/" rel="noopener nofollow">a</a>'
    )


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://a.mx/pixel.gif">',
        "<script>alert(1)</script>",
        '<p style="position:fixed" onmouseover="x()">a</p>',
        '<a href="javascript:alert(1)">a</a>',
        '<a href="data:text/html,x">a</a>',
        '<a href="/local">a</a>',
        "<iframe src=https://a.mx></iframe>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
    ],
)
def test_a_summary_loses_what_acts_or_tells_on_the_reader(text: str) -> None:
    cleaned = rich(text)
    assert not any(
        word in cleaned for word in ("img", "script", "style", "on", "javascript", "data:", "href=")
    )


def test_a_summary_without_end_is_cut_and_still_closed() -> None:
    assert len(rich("<p>" + "a" * 500_000)) < 21_000
    assert len(rich("<a href=https://a.mx>&</a>" * 50_000)) <= 40_000


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("http://www.inegi.org.mx/a.pdf   ", "http://www.inegi.org.mx/a.pdf"),
        ("\n https://a.mx/b c ", "https://a.mx/b%20c"),
        ("HTTPS://a.mx/", "HTTPS://a.mx/"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)//http://a.mx", None),
        ("ftp://a.mx/", None),
        ("//a.mx/", None),
        ("/nota", None),
        ("http://", None),
        ("http://[", None),
        ("http://a.mx:99999/", None),
        ("http://a.mx\\@b.mx", None),
        ("http://a.mx/a\nb", None),
        ("http://a.mx/" + "a" * 3000, None),
        ("", None),
    ],
)
def test_a_link_is_one_of_the_web_or_nothing(text: str, kept: str | None) -> None:
    assert link(text) == kept


def test_a_relative_link_is_resolved_against_where_it_stood() -> None:
    told = '<a href="../notas/1?a=b">Nota</a>'
    assert 'href="https://a.mx/notas/1?a=b"' in rich(told, base="https://a.mx/b/feed.xml")
    # Without a base, or with one that no browser would take, it leads nowhere.
    for base in ("", "javascript:alert(1)//", "http://%%%/", "https://a b/"):
        assert "href" not in rich(told, base=base)
    assert "href" not in rich('<a href="javascript:alert(1)">Nota</a>', base="https://a.mx/")


def test_a_text_without_tags_is_still_html() -> None:
    assert rich(" 3 > 2 ") == "3 &gt; 2"
    assert plain(" 3 > 2\n\x00veces ") == "3 > 2 veces"
