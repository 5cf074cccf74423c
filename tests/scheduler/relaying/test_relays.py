"""Posts made of notes: one of each kind, recognised when written by hand; and what people declare."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from content_calendar import clock, posts
from content_calendar.content import Content, PostKind
from content_calendar.db import Database
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.posts import Draft
from scheduler.models import Entry
from scheduler.relaying import relays
from scheduler.relaying.models import Relay
from scheduler.relaying.relays import Declared
from tests.scheduler.relaying.conftest import Wire
from tests.webapp.stage import Stage


def test_two_who_click_at_once_get_one_draft(database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        entry_id, person_id = stage.entry(stage.body("infox")).id, stage.person().id
    together, found = Barrier(2), []

    def click() -> None:
        together.wait()
        with database.transaction() as session:
            entry, person = session.get_one(Entry, entry_id), session.get_one(Person, person_id)
            content = Content(("Una nota",))
            taken = relays.take(
                session, entry, PostKind.POST, lambda: posts.create(session, person, Draft(content))
            )
            found.append((taken.post.ref, taken.made))

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made for _, made in found) == [False, True]
    with database.reading() as session:
        # The other's post was never there.
        assert [post.ref for post in session.scalars(select(Post))] == [found[0][0]] == [found[1][0]]


def test_what_was_put_away_makes_room_for_another(wire: Wire) -> None:
    entry = wire.note(wire.body("infox"))
    first = wire.take(entry)
    assert wire.take(entry) is first
    posts.discard(wire.session, first, wire.ana)
    assert wire.take(entry) is not first


def test_a_post_written_from_a_note_s_link_is_recognised(wire: Wire) -> None:
    entry = wire.note(wire.body("infox"), link="https://infox.example/nota/7")
    post = wire.write(origin_url="http://www.infox.example/nota/7/?utm_source=x")
    wire.write("Otra cosa", origin_url="https://otro.example/")
    assert (relays.adopt(wire.session), relays.adopt(wire.session)) == (1, 0)
    relay = wire.session.scalars(select(Relay)).one()
    assert (relay.post_id, relay.entry_id, relay.owner_id) == (post.id, entry.id, entry.owner_id)
    # Whoever clicks in the wire still gets a draft with everything in its place.
    assert wire.take(entry) is not post


def test_a_repost_of_an_account_counts_for_its_owner(wire: Wire) -> None:
    owner = wire.body("infox")
    account = wire.stage.account(owner, "mastodon")
    account.handle = account.handle_folded = "infox@mastodon.example"
    wire.session.flush()
    link = "https://mastodon.example/@infox/110000000000000001"
    wire.write("", kind=PostKind.REPOST, target=link)
    wire.write("", kind=PostKind.REPOST, target=link.replace("infox", "otra"))
    assert relays.adopt(wire.session) == 1
    assert wire.session.scalars(select(Relay)).one().owner_id == owner.id


def declared(wire: Wire, entry: Entry, link: str, kind: PostKind = PostKind.POST, ago: int = 0) -> Declared:
    del wire
    return Declared(entry.owner, kind, clock.now().date() - timedelta(days=ago), "", link, entry)


@pytest.mark.parametrize(
    ("link", "ago", "error"),
    [
        ("no es un enlace", 0, relays.DeclaredLinkError),
        ("javascript:alert(1)", 0, relays.DeclaredLinkError),
        ("https://red.example/" + "a" * 1000, 0, relays.DeclaredLinkError),
        ("https://red.example/1", -1, relays.DeclaredDayError),
        ("https://red.example/1", 63, relays.DeclaredDayError),
        ("https://www.infox.example/nota/7", 0, relays.DeclaredLinkTheirsError),
    ],
)
def test_what_cannot_have_been_replicated_is_refused(
    wire: Wire, link: str, ago: int, error: type[Exception]
) -> None:
    entry = wire.note(wire.body("infox"), link="https://infox.example/nota/7")
    with pytest.raises(error):
        relays.declare(wire.session, declared(wire, entry, link, ago=ago), wire.ana, clock.now().date())


def test_a_repost_by_hand_has_the_link_of_what_it_shares_and_one_link_counts_once(wire: Wire) -> None:
    today = clock.now().date()
    entry = wire.note(wire.body("infox"), link="https://mastodon.example/@infox/110000000000000001")
    said = declared(wire, entry, entry.link, PostKind.REPOST)
    row = relays.declare(wire.session, said, wire.ana, today)
    assert row.network == "mastodon"
    with pytest.raises(relays.DeclaredTwiceError):
        relays.declare(wire.session, said, wire.ana, today)
    relays.withdraw(wire.session, row.ref, wire.ana, at=clock.now())
    assert relays.declare(wire.session, said, wire.ana, today).ref != row.ref
    with pytest.raises(relays.DeclaredMissingError):
        relays.withdraw(wire.session, "nada", wire.ana, at=None)
