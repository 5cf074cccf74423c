"""A professional account of Instagram against the simulator: containers, what becomes of them, and what is read."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from PIL import Image as Drawing

from content_calendar import clock
from content_calendar.rules import ImageFacts, problems
from content_calendar.states import HoldReason
from scheduler import opening
from scheduler.network import (
    AccountAccess,
    DoubtError,
    Image,
    NetworkError,
    NoPublicAddressError,
    NotSentError,
    Outgoing,
    Receipt,
    RefusedError,
    UnavailableError,
    UnfinishedError,
)
from scheduler.networks.instagram import NETWORK, Instagram
from tests.scheduler.networks.x_contract import SINCE, image, outgoing, video
from tests.simulators.graph_server import GraphServer
from tests.simulators.instagram_routes import instagram, permalink

APP = {"client_id": "app-1", "client_secret": "secreto-de-app"}
BACK = "https://resuena.example/directorio/conectar/instagram/regreso"
KINDS = Instagram()


@dataclass
class Shelf:
    """Where the network fetches what goes out: real files over HTTP."""

    url: str = ""
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def image(
        self, alt_text: str = "Un dibujo", size: tuple[int, int] = (1080, 1080), kind: str = "image/jpeg"
    ) -> Image:
        written = BytesIO()
        Drawing.new("RGB", size, (len(self.files) % 250, 67, 96)).save(written, "JPEG")
        name = f"/{len(self.files)}"
        self.files[name] = written.getvalue(), kind
        content = written.getvalue()
        return Image(
            hashlib.sha256(content).hexdigest(), kind, alt_text, lambda: content, lambda: self.url + name
        )


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    kept = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content, kind = kept.files.get(self.path, (b"", ""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def running_server() -> Iterator[GraphServer]:
    with instagram() as started:
        yield started


@pytest.fixture
def server(running_server: GraphServer, monkeypatch: pytest.MonkeyPatch) -> GraphServer:
    """The same, with nothing asked of it and nothing wrong with it; nobody rests."""
    monkeypatch.setattr(clock, "rest", lambda _seconds: None)
    state = running_server.state
    state.faults.clear()
    state.seen.clear()
    state.works_s, state.lag, state.fails_containers, state.most_a_day = 0, 0, False, 100
    state.untold.clear()
    return running_server


@pytest.fixture
def access(server: GraphServer) -> AccountAccess:
    """An account of its own for each test."""
    name = f"instituto{len(server.state.pages)}"
    page = server.state.add_page(f"pagina.{name}", account=name)
    assert page.account is not None
    return AccountAccess(name, page.account[0], {"access_token": page.token}, server.url)


def prepared(access: AccountAccess, asked: Outgoing) -> Outgoing:
    return replace(asked, prepared=NETWORK.prepare(access, asked))


def sent(access: AccountAccess, asked: Outgoing) -> Receipt:
    return NETWORK.publish(access, prepared(access, asked))


def a_day_later(server: GraphServer, asked: Outgoing) -> Outgoing:
    """The same, prepared longer ago than a container lives."""
    made = datetime.fromisoformat(asked.prepared["made"]) - timedelta(hours=25)
    if "container" in asked.prepared:
        server.state.containers[asked.prepared["container"]].made_at = made.timestamp()
    return replace(asked, prepared={**asked.prepared, "made": made.isoformat()})


def test_a_picture_goes_out_with_its_words(access: AccountAccess, server: GraphServer, shelf: Shelf) -> None:
    receipt = sent(access, outgoing("Tu derecho a saber", shelf.image("Una escuela")))
    post = server.state.posts[receipt.remote_id]
    assert (post.text, receipt.url) == ("Tu derecho a saber", permalink(post))
    assert server.state.containers[post.media[0]].asked["alt_text"] == "Una escuela"
    assert server.state.fetched[-1] == "image/jpeg"
    assert receipt.published_at is not None


def test_several_pictures_are_a_carousel_in_their_order(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    receipt = sent(access, outgoing("Tres", *(shelf.image(words) for words in ("Uno", "Dos", "Tres"))))
    shown = [server.state.containers[one].asked for one in server.state.posts[receipt.remote_id].media]
    assert [one["alt_text"] for one in shown] == ["Uno", "Dos", "Tres"]
    assert all("caption" not in one for one in shown)


def test_a_video_is_a_reel(access: AccountAccess, server: GraphServer, shelf: Shelf) -> None:
    shelf.files["/video"] = b"video", "video/mp4"
    film = replace(video(), link=lambda: f"{shelf.url}/video")
    receipt = sent(access, outgoing("Mira", video=film))
    asked = server.state.containers[server.state.posts[receipt.remote_id].media[0]].asked
    assert asked["media_type"] == "REELS"
    assert server.state.fetched[-1] == "video/mp4"


def test_where_nobody_reaches_us_a_person_is_told_and_nothing_is_made(
    access: AccountAccess, server: GraphServer
) -> None:
    with pytest.raises(NoPublicAddressError) as told:
        NETWORK.prepare(access, outgoing("Uno", image()))
    assert told.value.hold is HoldReason.MATERIAL
    assert not any(line.startswith("POST") for line in server.state.seen)


@pytest.mark.parametrize(
    ("size", "kind"), [((400, 1080), "image/jpeg"), ((1080, 400), "image/jpeg"), ((1080, 1080), "image/png")]
)
def test_what_instagram_does_not_take_waits_for_a_person(
    access: AccountAccess, shelf: Shelf, size: tuple[int, int], kind: str
) -> None:
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, outgoing("Uno", shelf.image(size=size, kind=kind)))
    assert told.value.hold is HoldReason.MATERIAL


def test_the_rules_say_it_before_approval() -> None:
    shown = [ImageFacts("a", "Una escuela")]
    codes = {one.code for one in problems("Sin nada que mostrar", [], KINDS.rules)}
    assert "media_missing" in codes
    many = " ".join(f"#tema{n}" for n in range(31)) + " " + " ".join(f"@cuenta{n}" for n in range(21))
    assert {"too_many_tags", "too_many_mentions"} <= {one.code for one in problems(many, shown, KINDS.rules)}
    assert "text_too_long" in {one.code for one in problems("a" * 2201, shown, KINDS.rules)}
    assert problems("a" * 2200, shown, KINDS.rules) == []
    limits = KINDS.picture_limits({})
    assert (limits.most_bytes, limits.narrowest, limits.widest) == (8 << 20, (4, 5), (191, 100))


def test_a_container_that_is_worked_on_is_taken_up_again(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    server.state.works_s = 3600
    asked = outgoing("Tarda", shelf.image())
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, asked)
    assert told.value.retry_at is not None
    server.state.containers[told.value.prepared["container"]].ready_at = 0
    again = NETWORK.prepare(access, replace(asked, prepared=told.value.prepared))
    assert again["container"] == told.value.prepared["container"]


def test_children_that_are_worked_on_are_taken_up_and_failed_ones_made_anew(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    server.state.works_s = 3600
    asked = outgoing("Dos", shelf.image(), shelf.image())
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, asked)
    children = told.value.prepared["children"].split(",")
    server.state.works_s = 0
    server.state.containers[children[0]].ready_at = server.state.containers[children[1]].ready_at = 0
    again = replace(asked, prepared=told.value.prepared)
    assert NETWORK.prepare(access, again)["children"] == ",".join(children)
    server.state.containers[children[1]].failed = True
    assert NETWORK.prepare(access, again)["children"] != ",".join(children)


def test_a_container_that_fails_waits_for_a_person_and_is_made_anew_after(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    asked = prepared(access, outgoing("Falla", shelf.image()))
    server.state.containers[asked.prepared["container"]].failed = True
    server.state.fails_containers = True
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, asked)
    assert told.value.hold is HoldReason.MATERIAL
    server.state.fails_containers = False
    assert NETWORK.prepare(access, asked)["container"] != asked.prepared["container"]


def test_one_that_ended_is_made_anew_since_it_was_never_published(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    asked = prepared(access, outgoing("Vieja", shelf.image()))
    server.state.containers[asked.prepared["container"]].made_at -= 25 * 3600
    again = prepared(access, asked)
    assert again.prepared["container"] != asked.prepared["container"]
    NETWORK.publish(access, again)
    assert server.texts(access.remote_id) == ["Vieja"]


@pytest.mark.parametrize("gone", [False, True])
def test_one_that_is_out_is_never_published_again(
    access: AccountAccess, server: GraphServer, shelf: Shelf, *, gone: bool
) -> None:
    asked = prepared(access, outgoing("Una sola vez", shelf.image()))
    server.fail("lost_answer")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, asked)
    if gone:
        server.state.untold.add(asked.prepared["container"])
        asked = a_day_later(server, asked)
    again = prepared(access, asked)
    receipt = NETWORK.publish(access, again)
    assert server.texts(access.remote_id) == ["Una sola vez"]
    assert receipt.remote_id in server.state.posts


def test_one_that_they_do_not_tell_of_is_asked_for_again_while_it_may_live(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    asked = prepared(access, outgoing("Callada", shelf.image()))
    made = len(server.state.containers)
    server.state.untold.add(asked.prepared["container"])
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, asked)
    assert told.value.prepared == asked.prepared
    with pytest.raises(UnavailableError):
        NETWORK.find(access, asked, SINCE)
    assert len(server.state.containers) == made
    old = a_day_later(server, asked)
    assert NETWORK.find(access, old, SINCE) == []
    assert NETWORK.prepare(access, old)["container"] != asked.prepared["container"]


def test_one_that_they_stop_telling_of_while_it_is_worked_on_is_kept(
    access: AccountAccess, server: GraphServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.state.works_s = 3600
    asked = outgoing("Tarda", shelf.image())
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, asked)
    kept = told.value.prepared
    monkeypatch.setattr(clock, "rest", lambda _seconds: server.state.untold.add(kept["container"]))
    with pytest.raises(UnfinishedError) as again:
        NETWORK.prepare(access, replace(asked, prepared=kept))
    assert again.value.prepared == kept


def test_children_that_they_do_not_tell_of_are_asked_for_again_while_they_may_live(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    server.state.works_s = 3600
    asked = outgoing("Dos", shelf.image(), shelf.image())
    with pytest.raises(UnfinishedError) as told:
        NETWORK.prepare(access, asked)
    children, server.state.works_s = told.value.prepared["children"].split(","), 0
    for child in children:
        server.state.containers[child].ready_at = 0
    server.state.untold.add(children[1])
    asked = replace(asked, prepared=told.value.prepared)
    with pytest.raises(UnfinishedError) as again:
        NETWORK.prepare(access, asked)
    assert again.value.prepared["children"] == ",".join(children)
    assert NETWORK.prepare(access, a_day_later(server, asked))["children"] != ",".join(children)


def test_a_refusal_is_believed_only_when_the_container_is_not_out(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    asked = prepared(access, outgoing("Rehusada", shelf.image()))
    for fault in ("blocked", "wrong"):
        server.fail(fault)
        with pytest.raises(RefusedError):
            NETWORK.publish(access, asked)
        server.state.untold.add(asked.prepared["container"])
        server.fail(fault)
        with pytest.raises(DoubtError):
            NETWORK.publish(access, asked)
        server.state.untold.clear()
    server.fail("lost_answer")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, asked)
    for fault in ("blocked", "wrong"):
        server.fail(fault)
        assert NETWORK.publish(access, asked).remote_id in server.state.posts
    assert server.texts(access.remote_id) == ["Rehusada"]


def test_control_the_simulator_would_publish_it_twice(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    asked = prepared(access, outgoing("Dos veces", shelf.image()))
    for _ in range(2):
        NETWORK.publish(access, asked)
    assert server.texts(access.remote_id) == ["Dos veces"] * 2


def test_a_doubt_is_settled_by_the_container_and_never_by_the_newest_medium(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    asked = prepared(access, outgoing("La mía", shelf.image()))
    other = sent(access, outgoing("Otra, y la más nueva", shelf.image()))
    assert NETWORK.find(access, asked, SINCE) == ()
    server.fail("lost_answer")
    with pytest.raises(DoubtError):
        NETWORK.publish(access, asked)
    sent(access, outgoing("Más nueva todavía", shelf.image()))
    (found,) = NETWORK.find(access, asked, SINCE)
    assert server.state.posts[found.remote_id].text == "La mía"
    assert found.remote_id != other.remote_id


def test_what_is_out_and_not_listed_yet_is_not_absent(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    asked = prepared(access, outgoing("Con retraso", shelf.image()))
    NETWORK.publish(access, asked)
    server.state.lag = 3600
    with pytest.raises(UnavailableError):
        NETWORK.find(access, asked, SINCE)
    with pytest.raises(DoubtError):
        NETWORK.publish(access, prepared(access, asked))
    assert server.texts(access.remote_id) == ["Con retraso"]


def test_one_of_equal_text_that_was_out_before_is_not_taken_for_it(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    old = sent(access, outgoing("Cada lunes", shelf.image()))
    server.state.posts[old.remote_id].at -= 7 * 24 * 3600
    asked = prepared(access, outgoing("Cada lunes", shelf.image()))
    new = NETWORK.publish(access, asked)
    assert [one.remote_id for one in NETWORK.find(access, asked, SINCE)] == [new.remote_id]


def test_after_a_restore_it_is_found_by_its_words_and_without_any_a_person_is_asked(
    access: AccountAccess, shelf: Shelf
) -> None:
    receipt = sent(access, outgoing("Restaurada", shelf.image()))
    sent(access, outgoing("", shelf.image()))
    (found,) = NETWORK.find(access, outgoing("Restaurada", shelf.image()), SINCE)
    assert found.remote_id == receipt.remote_id
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert NETWORK.find(access, outgoing("Restaurada", shelf.image()), later) == []
    with pytest.raises(RefusedError) as told:
        NETWORK.find(access, outgoing("", shelf.image()), SINCE)
    assert told.value.hold is HoldReason.UNCONFIRMED


@pytest.mark.parametrize(("text", "error"), [("Dos iguales", DoubtError), ("", RefusedError)])
def test_one_that_is_out_is_never_guessed_among_several(
    access: AccountAccess, shelf: Shelf, text: str, error: type[NetworkError]
) -> None:
    asked = prepared(access, outgoing(text, shelf.image()))
    for each in (asked, prepared(access, outgoing(text, shelf.image()))):
        NETWORK.publish(access, each)
    with pytest.raises(error):
        NETWORK.publish(access, prepared(access, asked))


def test_publishing_too_early_is_put_off(access: AccountAccess, server: GraphServer, shelf: Shelf) -> None:
    asked = prepared(access, outgoing("Pronto", shelf.image()))
    server.state.containers[asked.prepared["container"]].ready_at = clock.now().timestamp() + 60
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, asked)
    assert told.value.retry_at is not None
    assert server.texts(access.remote_id) == []


@pytest.mark.parametrize(
    ("fault", "error", "hold"),
    [
        ("busy", UnavailableError, None),
        ("day_is_full", UnavailableError, None),
        ("revoked", RefusedError, HoldReason.ACCESS),
        ("permission", RefusedError, HoldReason.ACCESS),
        ("error_before", DoubtError, None),
        ("lost_request", DoubtError, None),
        ("lost_answer", DoubtError, None),
        ("strange", DoubtError, None),
        ("no_id", DoubtError, None),
    ],
)
def test_an_answer_means_one_thing(
    access: AccountAccess,
    server: GraphServer,
    shelf: Shelf,
    fault: str,
    error: type[NetworkError],
    hold: HoldReason | None,
) -> None:
    asked = prepared(access, outgoing(f"Falla {fault}", shelf.image()))
    server.fail(fault)
    with pytest.raises(error) as told:
        NETWORK.publish(access, asked)
    assert type(told.value) is error
    assert getattr(told.value, "hold", None) is hold
    assert len(server.texts(access.remote_id)) == (1 if fault in {"lost_answer", "no_id"} else 0)


def test_a_full_day_is_known_before_anything_is_made(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    server.state.most_a_day = 1
    sent(access, outgoing("La de hoy", shelf.image()))
    made = len(server.state.containers)
    with pytest.raises(UnavailableError) as told:
        NETWORK.prepare(access, outgoing("Una más", shelf.image()))
    assert told.value.retry_at is not None
    assert len(server.state.containers) == made


def test_nothing_is_written_when_the_deadline_has_passed(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    asked = prepared(access, outgoing("Tarde", shelf.image()))
    with pytest.raises(NotSentError):
        NETWORK.publish(access, replace(asked, may_send=lambda: False))
    assert server.texts(access.remote_id) == []


def test_figures_are_read_and_what_is_not_told_is_missing(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    some = [sent(access, outgoing(text, shelf.image())).remote_id for text in ("Vista", "Nueva")]
    figures = {"likes": 7, "replies": 1, "views": 90, "reach": 60, "bookmarks": 4, "reposts": 2}
    server.state.posts[some[0]].figures = figures
    assert KINDS.readings(access, [*some, "404"]) == {some[0]: figures, some[1]: {}}


def test_comments_are_read_with_what_they_answer(
    access: AccountAccess, server: GraphServer, shelf: Shelf
) -> None:
    remote_id = sent(access, outgoing("Pregunta", shelf.image())).remote_id
    at = "2026-11-20T12:00:00+0000"
    answer = {"id": "2", "text": "Así", "timestamp": at, "username": access.handle}
    comment = {
        "id": "1",
        "text": "¿Y cómo?",
        "timestamp": at,
        "username": "ana",
        "replies": {"data": [answer]},
    }
    server.state.posts[remote_id].comments = [comment, {"id": "3", "text": "Sin hora"}]
    asked, answered = KINDS.read_replies(access, remote_id)
    assert (asked.handle, asked.answers, asked.own) == ("ana", "", False)
    assert (answered.answers, answered.own) == (asked.link, True)
    assert asked.said_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert KINDS.read_replies(access, "404") == ()


def test_followers_are_told_to_who_holds_the_keys(access: AccountAccess) -> None:
    assert KINDS.followers(access) == 1200


@pytest.mark.parametrize(
    ("link", "handle"),
    [
        ("https://www.instagram.com/p/ybyPRoQWzX/", ""),
        ("https://instagram.com/reel/ybyPRoQWzX?igsh=abc", ""),
        ("https://www.instagram.com/ivai.ver/p/ybyPRoQWzX/", "ivai.ver"),
    ],
)
def test_a_shortcode_tells_its_number(link: str, handle: str) -> None:
    # This pair is known: https://stackoverflow.com/questions/24437823
    found = KINDS.read_link(link)
    assert found is not None
    assert (found.remote_id, found.handle) == ("908540701891980503", handle)
    assert found.permalink == "https://www.instagram.com/p/ybyPRoQWzX/"


def test_a_shortcode_tells_its_moment() -> None:
    # Its created_time was 1433341191: https://mundaneprogramming.github.io/examples/instagram-photo-data
    found = KINDS.read_link("https://instagram.com/p/3eFma3IaPc/")
    assert found is not None
    assert found.published_at is not None
    assert abs(found.published_at - datetime.fromtimestamp(1433341191, UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "link", ["https://www.instagram.com/ivai.ver/", "https://instagram.com.mx/p/CGBPgrmj9xy/"]
)
def test_an_account_or_another_s_address_is_no_post(link: str) -> None:
    assert KINDS.read_link(link) is None


def test_a_page_s_token_tells_the_account_that_hangs_from_it(
    access: AccountAccess, server: GraphServer
) -> None:
    found = KINDS.check_keys(replace(access, remote_id=""))
    assert (found.remote_id, found.handle, found.secrets) == (access.remote_id, access.handle, access.secrets)
    alone = server.state.add_page("sin.cuenta")
    with pytest.raises(RefusedError):
        KINDS.check_keys(AccountAccess("sin.cuenta", "", {"access_token": alone.token}, server.url))


def test_an_account_is_opened_on_the_network_s_page(access: AccountAccess, server: GraphServer) -> None:
    own = server.state.owner_of(access.secrets["access_token"]) - {access.remote_id}
    server.state.consenting = [server.state.add_page("sin.cuenta").id, *own]
    back = requests.get(
        KINDS.authorize_url(APP, BACK, "estado", "reto", server.url), allow_redirects=False, timeout=10
    ).headers["Location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    found = opening.by_permission(
        NETWORK, replace(access, secrets={}, remote_id=""), APP, BACK, code, "prueba"
    )
    assert (found.secrets, found.remote_id) == (access.secrets, access.remote_id)
    assert set(server.state.scopes) == {one.scope for one in KINDS.permissions}
