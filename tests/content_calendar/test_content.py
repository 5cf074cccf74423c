import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from content_calendar.content import Content, Medium, as_json, from_json, hash_of

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80)
contents = st.builds(
    Content,
    parts=st.tuples(texts),
    variants=st.dictionaries(st.sampled_from(["a", "b"]), st.tuples(texts), max_size=2),
    media=st.lists(
        st.builds(Medium, st.just("ref"), st.integers(1, 9), st.just("f" * 64), texts), max_size=3
    ).map(tuple),
    accounts=st.lists(st.sampled_from(["q", "r", "s"]), unique=True).map(tuple),
)


def sha(content: Content) -> str:
    return hash_of(as_json(content))


@given(contents)
def test_what_was_kept_reads_back_as_what_was_kept(content: Content) -> None:
    kept = as_json(content)
    assert as_json(from_json(kept)) == kept


@given(contents)
def test_the_way_a_browser_writes_a_line_end_or_an_accent_changes_nothing(content: Content) -> None:
    decomposed = tuple(unicodedata.normalize("NFD", part).replace("\n", "\r\n") for part in content.parts)
    other = Content(
        decomposed, content.kind, content.language, content.variants, content.media, content.accounts
    )
    assert sha(other) == sha(content)


def test_every_thing_an_approval_covers_changes_the_hash() -> None:
    picture = Medium("m1", 1, "a" * 64, "Una biblioteca")
    base = Content(("Hola",), media=(picture,), accounts=("q",))
    others = [
        Content(("Hola.",), media=(picture,), accounts=("q",)),
        Content(("Hola",), language="nah", media=(picture,), accounts=("q",)),
        Content(("Hola",), variants={"a": ("Adiós",)}, media=(picture,), accounts=("q",)),
        Content(("Hola",), media=(Medium("m1", 1, "b" * 64, "Una biblioteca"),), accounts=("q",)),
        Content(("Hola",), media=(Medium("m1", 1, "a" * 64, "Otra cosa"),), accounts=("q",)),
        Content(
            ("Hola",), media=(Medium("m1", 1, "a" * 64, "Una biblioteca", crop={"x": 1}),), accounts=("q",)
        ),
        Content(("Hola",), media=(picture,), accounts=("q", "r")),
        Content(("Hola", "y adiós"), kind="thread", media=(picture,), accounts=("q",)),
    ]
    assert len({sha(content) for content in [base, *others]}) == len(others) + 1


def test_a_network_gets_its_variant_or_the_base() -> None:
    content = Content(("Base",), variants={"a": ("Otra",)})
    assert content.parts_for("a") == ("Otra",)
    assert content.parts_for("b") == ("Base",)


def test_a_video_is_told_apart_and_a_picture_keeps_the_hash_it_had() -> None:
    picture = Medium("m1", 1, "a" * 64, "Una biblioteca")
    film = Medium("m1", 1, "a" * 64, "Una biblioteca", media_type="video/mp4")
    assert film.is_video
    assert not picture.is_video
    assert "type" not in as_json(Content(("Hola",), media=(picture,)))["media"][0]
    assert from_json(as_json(Content(("Hola",), media=(film,)))).media == (film,)
    assert sha(Content(("Hola",), media=(film,))) != sha(Content(("Hola",), media=(picture,)))
