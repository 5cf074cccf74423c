from datetime import UTC, datetime

from scheduler.replication.index import ReplicationIndex
from scheduler.replication.match import EntryFacts, PostFacts, said_in

OUT = datetime(2026, 11, 20, 16, tzinfo=UTC)
FORUM = "El foro de datos abiertos reúne a quienes preguntan y a quienes contestan"


def post(number: int, text: str, **facts: frozenset[str]) -> PostFacts:
    return PostFacts(number, (said_in(text),), OUT, **facts)  # type: ignore[arg-type]  # named facts, as they are


def note(text: str, link: str = "") -> EntryFacts:
    return EntryFacts(1, 3, said_in(text), OUT, link=link)


def found(index: ReplicationIndex, entry: EntryFacts) -> list[int]:
    return [one.post.post_id for one in index.candidates([entry])[0]]


def test_a_post_is_found_by_two_runs_of_rare_words_and_not_by_one() -> None:
    index = ReplicationIndex()
    index.put([post(1, "El foro de datos abiertos será en Monterrey")])
    index.put([post(2, "Convocatoria al concurso nacional de dibujo")])
    assert found(index, note("Habrá un foro de datos abiertos mañana")) == [1]
    assert found(index, note("Se habló del foro de datos personales")) == []


def test_a_post_is_found_by_its_link_first() -> None:
    index = ReplicationIndex()
    index.put([post(1, "El foro de datos abiertos será en Monterrey")])
    index.put([post(2, "Otra cosa", promoted=frozenset({"https://a.mx/foro"}))])
    assert found(index, note("El foro de datos abiertos será", "https://a.mx/foro")) == [2, 1]


def test_a_post_is_added_without_a_rebuild_and_once() -> None:
    index = ReplicationIndex()
    entry = note("El foro de datos abiertos será en Monterrey")
    assert found(index, entry) == []
    for _ in range(2):
        index.put([post(1, entry.text)])
    assert found(index, entry) == [1]
    assert len(index) == 1
    assert 1 in index


def test_a_post_that_went_out_once_more_is_found_by_its_new_link_too() -> None:
    index = ReplicationIndex()
    index.put([post(1, "El foro de datos abiertos", public_links=frozenset({"https://a.mx/1"}))])
    index.put(
        [post(1, "El foro de datos abiertos", public_links=frozenset({"https://a.mx/1", "https://b.mx/2"}))]
    )
    assert found(index, note("", "https://b.mx/2")) == [1]
    assert found(index, note("", "https://a.mx/1")) == [1]


def test_words_that_everybody_uses_stop_counting_and_a_family_of_a_hundred_does_not() -> None:
    index = ReplicationIndex()
    for number in range(100):
        index.put([post(number, f"{FORUM} en el estado {number}")])
    assert found(index, note(f"{FORUM} en casa"))
    for number in range(100, 300):
        index.put([post(number, f"{FORUM} en el estado {number}")])
    assert found(index, note(f"{FORUM} en casa")) == []


def test_the_order_of_arrival_makes_no_difference() -> None:
    posts = [post(number, f"El foro de datos abiertos será el día {number}") for number in range(4)]
    forward, backward = ReplicationIndex(), ReplicationIndex()
    for facts in posts:
        forward.put([facts])
    for facts in reversed(posts):
        backward.put([facts])
    entry = note("El foro de datos abiertos será el día 2 en Toluca")
    assert set(found(forward, entry)) == set(found(backward, entry))


def test_many_posts_put_at_once_are_found_as_those_put_one_by_one() -> None:
    said = "La sesión {} trata de datos abiertos y de archivos {}"
    posts = [post(number, said.format(number, number * 7)) for number in range(60)]
    together, apart = ReplicationIndex(), ReplicationIndex()
    together.put(posts)
    for facts in posts:
        apart.put([facts])
    entries = [note(f"Crónica: la sesión {number} trata de datos abiertos") for number in range(60)]
    ids = [[one.post.post_id for one in found] for found in together.candidates(entries)]
    assert ids == [[one.post.post_id for one in found] for found in apart.candidates(entries)]
    assert all(number in found for number, found in enumerate(ids))


def test_a_post_that_went_out_in_other_words_too_is_found_by_both_and_counted_once() -> None:
    index = ReplicationIndex()
    index.put([post(1, "El foro de datos abiertos será en Monterrey")])
    again = post(1, "El foro de datos abiertos será en Monterrey")
    index.put([PostFacts(1, (*again.texts, said_in("Convocatoria al concurso nacional de dibujo")), OUT)])
    assert found(index, note("Se abre la convocatoria al concurso nacional de dibujo")) == [1]
    # A run that counted twice would be two.
    assert found(index, note("Se habló del foro de datos personales")) == []


def test_a_note_of_one_word_or_none_finds_nothing() -> None:
    index = ReplicationIndex()
    index.put([post(1, "Transparencia es el foro de datos abiertos")])
    assert index.candidates([note("transparencia"), note("")]) == [[], []]
    assert index.candidates([]) == []
