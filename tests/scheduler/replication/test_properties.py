"""What holds whatever comes: hypothesis looks for an order, a repetition or a word that breaks it."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.replication.index import ReplicationIndex
from scheduler.replication.match import EntryFacts, PostFacts, judge, said_in, tags_in
from scheduler.replication.verdicts import taken_up
from tests.bench._labelled import TUNING, Labelled

OUT = datetime(2026, 11, 20, 16, tzinfo=UTC)
PAIRS = Labelled(TUNING).pairs(8)


def said_of(posts: list[PostFacts], notes: list[EntryFacts], rng: Random) -> set[tuple[int, int, int]]:
    """Match as things come: a post now, a note then; a note is asked again after each post that was out before it."""
    index = ReplicationIndex()
    coming = [("post", n) for n in range(len(posts))] + [("note", n) for n in range(len(notes))]
    rng.shuffle(coming)
    said: dict[int, set[tuple[int, int, int]]] = {}
    here: list[int] = []
    for what, n in coming:
        if what == "post":
            index.put([posts[n]])
        else:
            here.append(n)
        some = here if what == "post" else [n]
        for place, found in taken_up(index, [notes[one] for one in some]):
            said[some[place]] = {(some[place], post.post_id, verdict.score) for post, verdict in found}
    return set().union(*said.values())


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), picked=st.lists(st.integers(0, len(PAIRS) - 1), min_size=2, max_size=14))
def test_the_order_of_arrival_makes_no_difference(seed: int, picked: list[int]) -> None:
    pairs = [PAIRS[n] for n in picked]
    posts = [
        PostFacts(n, (said_in(one.post),), OUT + timedelta(hours=n), tags=tags_in(one.post))
        for n, one in enumerate(pairs)
    ]
    notes = [
        EntryFacts(n, -1, said_in(one.note), OUT + timedelta(hours=n + 1), tags=tags_in(one.note))
        for n, one in enumerate(pairs)
    ]
    rng = Random(seed)  # noqa: S311 -- an order to be repeated
    assert said_of(posts, notes, rng) == said_of(posts, notes, rng)


@settings(max_examples=60, deadline=None)
@given(
    word=st.text(min_size=0, max_size=30).filter(lambda text: len(said_in(text).split()) <= 1),
    times=st.integers(1, 60),
)
def test_a_text_of_one_word_never_matches_however_often_it_is_said(word: str, times: int) -> None:
    said = said_in(" ".join([word] * times))
    index = ReplicationIndex()
    posts = [PostFacts(n, (said_in(pair.post),), OUT) for n, pair in enumerate(PAIRS)]
    posts.append(PostFacts(len(posts), (said,), OUT))
    index.put(posts)
    note = EntryFacts(1, -1, said, OUT)
    assert [judge(post, note) for post in posts] == [None] * len(posts)
    assert list(taken_up(index, [note])) == [(0, [])]


def test_a_note_that_quotes_three_posts_takes_up_three_and_a_copy_of_one_takes_up_one() -> None:
    texts = list(dict.fromkeys(pair.post for pair in PAIRS))[:3]
    posts = [PostFacts(n, (said_in(text),), OUT) for n, text in enumerate(texts)]
    index = ReplicationIndex()
    index.put(posts)
    copy, digest = (EntryFacts(1, -1, said_in(text), OUT) for text in (texts[0], " ".join(texts)))
    told = [[post.post_id for post, _ in found] for _, found in taken_up(index, [copy, digest])]
    assert [told[0], sorted(told[1])] == [[0], [0, 1, 2]]


def test_of_two_posts_that_say_the_same_the_note_takes_up_the_later_one_that_it_can_have_heard() -> None:
    text = said_in(PAIRS[0].post)
    index = ReplicationIndex()
    index.put([PostFacts(n, (text,), OUT + timedelta(days=7 * n)) for n in range(9)])
    note = EntryFacts(1, -1, text, OUT + timedelta(days=15))
    assert [[post.post_id for post, _ in found] for _, found in taken_up(index, [note])] == [[2]]
