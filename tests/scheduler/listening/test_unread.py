"""Leaving out what was read before changes how long a feed takes to read, and nothing else."""

import random

import pytest

from scheduler.listening import unread as module
from scheduler.listening.identity import Told, identify
from scheduler.listening.parsing_child import MOST_ENTRIES, read_feed
from scheduler.listening.unread import unread

BASE = "https://infonl.mx/feed.xml"


def item(title: str, guid: str = "", link: str = "", text: str = "Texto") -> str:
    return (
        f"<item><title>{title}</title>"
        + (f"<guid isPermaLink='false'>{guid}</guid>" if guid else "")
        + (f"<link>{link}</link>" if link else "")
        + f"<description><![CDATA[<p>{text}</p>]]></description></item>"
    )


def rss(*items: str, head: str = "") -> bytes:
    return f"{head}<rss version='2.0'><channel><title>Notas</title>{''.join(items)}</channel></rss>".encode()


def atom(*titles: str) -> bytes:
    entries = "".join(
        f"<entry><title>{title}</title><id>urn:{title}</id><link rel='alternate' href='https://infonl.mx/{title}'/>"
        f"<link rel='edit' href='https://infonl.mx/edit/{title}'/><content type='html'>{title}</content></entry>"
        for title in titles
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>N</title>{entries}</feed>".encode()


def titles(said: dict[str, object]) -> list[str]:
    return [entry["title"] for entry in said["entries"]]  # type: ignore[attr-defined]  # plain JSON


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (rss(item("Uno", "1"), item("Dos", "2")), rss(item("Tres", "3"), item("Dos", "2"), item("Uno", "1"))),
        (atom("Uno", "Dos"), atom("Tres", "Uno", "Dos")),
    ],
)
def test_only_the_new_note_of_a_feed_is_read(before: bytes, after: bytes) -> None:
    first = read_feed(before, BASE)
    assert titles(first) == ["Uno", "Dos"]
    again = read_feed(after, BASE, first["seen"])
    assert titles(again) == ["Tres"]
    # Its digests are those of the whole feed: the old ones are still known the next time.
    assert titles(read_feed(after, BASE, again["seen"])) == []
    assert again["title"] == first["title"]


def test_a_note_that_was_changed_is_read_again() -> None:
    first = read_feed(rss(item("Uno", "1"), item("Dos", "2")), BASE)
    changed = rss(item("Uno", "1", text="Fe de erratas"), item("Dos", "2"))
    assert titles(read_feed(changed, BASE, first["seen"])) == ["Uno"]


def test_a_new_note_with_the_guid_of_another_is_read_beside_it() -> None:
    first = read_feed(rss(item("Uno", "foro"), item("Dos", "foro")), BASE)
    assert titles(read_feed(rss(item("Tres", "foro"), item("Uno", "foro")), BASE, first["seen"])) == [
        "Tres",
        "Uno",
    ]


def test_a_front_page_as_link_of_every_note_does_not_make_all_be_read() -> None:
    site = "https://infonl.mx/"
    first = read_feed(rss(item("Uno", "1", site), item("Dos", "2", site)), BASE)
    again = read_feed(rss(item("Tres", "3", site), item("Uno", "1", site)), BASE, first["seen"])
    assert titles(again) == ["Tres"]


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE rss [<!ENTITY x 'y'>]><rss version='2.0'><channel><item><title>Uno</title></item></channel></rss>",
        b"<rss version='2.0'><channel><item><title><![CDATA[ </item> ]]>Uno</title></item></channel></rss>",
        b"<rss version='2.0'><channel><item><title>Uno</title><!-- </item> --></item></channel></rss>",
        b"<rss version='2.0'><channel><item><item><title>Uno</title></item></item></channel></rss>",
        b"<rss version='2.0'><channel><item><title>Uno</title></entry></channel></rss>",
        b"<rss version='2.0'><channel><item><title>Uno</title>",
        rss(item("Uno")).decode().encode("utf-16"),
        rss(*(item(str(n), str(n)) for n in range(MOST_ENTRIES + 1))),
        b"not a feed",
    ],
)
def test_what_cannot_be_taken_apart_safely_is_read_whole(body: bytes) -> None:
    taken = unread(body, "", MOST_ENTRIES)
    assert (taken.body, taken.seen, taken.left_out) == (body, "", 0)


def test_a_damaged_feed_is_read_whole_each_time() -> None:
    damaged = rss(item("Uno", "1"), item("Dos & dos", "2"))
    first = read_feed(damaged, BASE)
    assert first["damaged"]
    assert first["seen"] == ""
    # Also when its damage stands where nothing is new.
    sound = read_feed(rss(item("Uno", "1")), BASE)["seen"]
    assert titles(read_feed(rss(item("Uno", "1"), "<a>&b</c>"), BASE, sound)) == ["Uno"]


class Wire:
    """What is stored of a feed, as ``entries.keep`` does: known is what shares its key or its link."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.titles: list[str] = []

    def hear(self, said: dict[str, object]) -> None:
        told = [
            Told(e["link"], e["guid"], e["title"], e["summary"], None)
            for e in said["entries"]  # type: ignore[attr-defined]  # plain JSON
        ]
        for one, identity in zip(told, identify(told), strict=True):
            names = {identity.key} | ({identity.link_key} if identity.link_key else set())
            if not names & self.known:
                self.titles.append(one.title)
            self.known |= names


def heard_both_ways(seed: int) -> tuple[list[str], list[str], int]:
    """Hear a feed that lives through ten changes, read whole and in part; return both and what was left out."""
    chance = random.Random(seed)  # noqa: S311 -- chance to be had again, no secret
    whole, part, seen, left_out = Wire(), Wire(), "", 0
    notes: list[str] = []
    for n in range(10):
        guid = chance.choice([f"g{n}", f"g{n}", "siempre", f"https://infonl.mx/?p={n}", ""])
        link = chance.choice(
            [f"https://infonl.mx/{n}", "https://infonl.mx/", f"https://infonl.mx/n?utm_id={n}", ""]
        )
        notes = [item(f"Nota {n}", guid, link, f"Texto {n}"), *notes][: chance.randint(2, 6)]
        body = rss(*notes)
        whole.hear(read_feed(body, BASE))
        said = read_feed(body, BASE, seen)
        left_out += unread(body, seen, MOST_ENTRIES).left_out
        seen = str(said["seen"])
        part.hear(said)
    return whole.titles, part.titles, left_out


def test_a_feed_read_in_part_gives_the_same_notes_as_read_whole() -> None:
    heard = [heard_both_ways(seed) for seed in range(60)]
    assert [whole for whole, _, _ in heard] == [part for _, part, _ in heard]
    assert sum(left_out for _, _, left_out in heard) > 500


def test_without_the_care_for_shared_names_notes_would_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_named_twice", lambda *_: False)
    heard = [heard_both_ways(seed) for seed in range(60)]
    assert [whole for whole, _, _ in heard] != [part for _, part, _ in heard]
