"""Each fault on each network that has a counterpart, through the whole engine: it ends as the table says.

A new network is met here unasked, once its counterpart is in ``tests/simulators/counterparts``.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from content_calendar.db import Database
from content_calendar.states import PublicationState
from scheduler import invariants, networks, reconciling
from scheduler.network import NotSentError, Protection, RefusedError
from scheduler.powers import ChecksKeys, GivesReadings, ReadsLinks
from scheduler.retries import Decision, Next
from tests.scheduler.networks.cases import Case, case
from tests.scheduler.networks.fault_table import (
    AT_ONCE,
    EVERYWHERE,
    Expected,
    expected,
    settling,
    table,
)
from tests.scheduler.networks.guests import Form, takes
from tests.scheduler.scene import attempts_of
from tests.simulators.counterpart import Counterpart, Fault
from tests.simulators.counterparts import lacking, slugs
from tests.simulators.counterparts.x import XCounterpart

DOCS = Path(__file__).parents[3] / "docs"
# A value that is shorter may stand in an answer by chance.
LONG_ENOUGH = 8
# On these nothing but the engine keeps a post from being out twice.
UNPROTECTED = [
    slug
    for slug in slugs()
    if networks.network(slug).protection in {Protection.READABLE, Protection.BLIND} or slug == "x"
]


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """On one kind of database: what the engine does with a doubt is tried on both elsewhere."""
    path = tmp_path / "resuena.db"
    shutil.copy(sqlite_template, path)
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.dispose()


def test_every_network_that_is_connected_has_a_counterpart() -> None:
    assert lacking() == [], "each of these needs tests/simulators/counterparts/<slug>.py"
    assert set(slugs()) <= set(networks.networks())


@pytest.mark.parametrize("slug", slugs())
def test_a_counterpart_shows_every_fault_that_its_network_can_show(
    slug: str, stand_in: Callable[[str], Counterpart]
) -> None:
    needed = set(EVERYWHERE)
    if networks.network(slug).protection is Protection.REFUSES_EQUAL:
        needed.add(Fault.DUPLICATE)
    assert needed <= stand_in(slug).faults


@pytest.mark.parametrize("slug", slugs())
def test_without_any_fault_it_is_out_once(
    slug: str, stand_in: Callable[[str], Counterpart], database: Database, tmp_path: Path
) -> None:
    with case(slug, stand_in(slug), database, tmp_path, f"Sin contratiempos en {slug}") as tried:
        access = tried.parcel().access
        assert tried.first_call() == 1
        assert tried.go_on() == Expected(PublicationState.PUBLISHED, 1, 1)
        assert tried.net.published(tried.guest) == [tried.text]
        (part,) = tried.now().parts
        assert part.remote_url
        assert part.remote_url.startswith(("https://", "http://localhost:"))
        network = networks.network(slug)
        if isinstance(network, ReadsLinks):
            assert network.read_link(part.remote_url) is not None
        if isinstance(network, ChecksKeys):
            assert network.check_keys(access).remote_id == tried.guest.remote_id
        if isinstance(network, GivesReadings):
            for figures in network.readings(access, [str(part.remote_id)]).values():
                assert all(type(figure) is int and figure >= 0 for figure in figures.values())


@pytest.mark.parametrize("slug", slugs())
def test_what_is_out_is_found_by_the_id_that_its_receipt_told(
    slug: str, stand_in: Callable[[str], Counterpart], database: Database, tmp_path: Path
) -> None:
    network = networks.network(slug)
    with case(slug, stand_in(slug), database, tmp_path, f"Se vuelve a hallar en {slug}") as tried:
        access, outgoing = tried.parcel().access, tried.prepared()
        if network.protection is Protection.BLIND:
            with pytest.raises(RefusedError):
                network.find(access, outgoing, tried.publication.due_at)
            return
        assert list(network.find(access, outgoing, tried.publication.due_at)) == []
        receipt = network.publish(access, outgoing)
        (found,) = network.find(access, outgoing, tried.publication.due_at)
        assert (found.remote_id, found.url) == (receipt.remote_id, receipt.url)


@pytest.mark.parametrize("slug", slugs())
def test_who_woke_too_late_writes_nothing(
    slug: str, stand_in: Callable[[str], Counterpart], database: Database, tmp_path: Path
) -> None:
    with case(slug, stand_in(slug), database, tmp_path, f"Demasiado tarde en {slug}") as tried:
        late = tried.prepared(lambda: False)
        with pytest.raises(NotSentError):
            networks.network(slug).publish(tried.parcel().access, late)
        assert tried.net.published(tried.guest) == []


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("slug", slugs())
def test_a_fault_ends_as_the_table_says(
    slug: str, fault: Fault, stand_in: Callable[[str], Counterpart], database: Database, tmp_path: Path
) -> None:
    net = stand_in(slug)
    if fault not in net.faults:
        return  # the network has no such answer; that every other is shown, another test says
    with case(slug, net, database, tmp_path, f"Con {fault} en {slug}") as tried:
        net.fail(fault)
        at_once = tried.first_call()
        assert at_once == AT_ONCE.get(fault, at_once), "the stand-in does not do what the fault says"
        if fault is Fault.DELAYED:
            net.settle()
        assert tried.go_on() == expected(settling(networks.network(slug)), fault, at_once)
        with database.reading() as session:
            assert invariants.look(session) == []
        assert not told_secrets(tried)


# One more form of each in the drill: what the engine does is the same, what the network is asked may be another call.
FORMS = [
    pytest.param(Form.PICTURE),
    pytest.param(Form.VIDEO, marks=pytest.mark.drill),
    pytest.param(Form.THREAD, marks=pytest.mark.drill),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("slug", slugs())
def test_a_lost_answer_ends_alike_whatever_the_post_is_made_of(
    slug: str, form: Form, stand_in: Callable[[str], Counterpart], database: Database, tmp_path: Path
) -> None:
    network, net = networks.network(slug), stand_in(slug)
    if not takes(network, form):
        return  # the composer offers none there
    with case(slug, net, database, tmp_path, f"Con {form} en {slug}", form) as tried:
        before = 0
        if form is Form.THREAD:
            tried.one_part()
            before = 1
        net.fail(Fault.LOST_ANSWER)
        tried.engine.tick()
        wanted = expected(settling(network), Fault.LOST_ANSWER, 1)
        wanted = replace(wanted, out=wanted.out + before, calls=wanted.calls + before)
        assert tried.go_on() == wanted
        texts = [part.text for part in tried.payload.parts]
        assert tried.net.published(tried.guest) == texts


def told_secrets(tried: Case) -> Sequence[str]:
    """The names of the secrets that stand in what is kept of the network's answers."""
    open_to_see = {field.name for field in networks.network(tried.slug).credential_fields if not field.secret}
    kept = " ".join(one.raw for one in attempts_of(tried.engine.worker.database, tried.now()))
    return [
        name
        for name, value in tried.guest.secrets.items()
        if name not in open_to_see and len(value) >= LONG_ENOUGH and value in kept
    ]


def tries_again_at_once(*_: object) -> Decision:
    """The mutant: what was not answered is simply sent again."""
    return Decision(Next.RESEND)


@contextmanager
def taking_equals(net: Counterpart) -> Iterator[None]:
    """X has never promised to refuse equal texts: here it takes them, as it may."""
    if not isinstance(net, XCounterpart):
        yield
        return
    net.server.set(refuses_equal=False)
    yield
    net.server.set(refuses_equal=True)


@pytest.mark.parametrize("slug", UNPROTECTED)
def test_control_an_engine_that_simply_tries_again_is_out_twice(
    slug: str,
    stand_in: Callable[[str], Counterpart],
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reconciling, "after_doubt", tries_again_at_once)
    net = stand_in(slug)
    with taking_equals(net), case(slug, net, database, tmp_path, f"Dos veces en {slug}") as tried:
        net.fail(Fault.LOST_ANSWER)
        assert tried.first_call() == 1
        found = tried.go_on()
        assert found.out == 2
        assert found != expected(settling(networks.network(slug)), Fault.LOST_ANSWER, 1)


def test_the_docs_show_this_table() -> None:
    assert table() in (DOCS / "publishing.md").read_text(encoding="utf-8")
