"""Bluesky's file against a real PDS, with a proxy before it that loses answers.

Longer than 400 lines on purpose: the cases share one server, and are read against each other.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import MappingProxyType
from typing import Any

import pytest
from PIL import Image as Drawing

from content_calendar.content import PostKind
from content_calendar.states import HoldReason
from scheduler.network import (
    AccountAccess,
    Before,
    DoubtError,
    Image,
    NotSentError,
    OtherContentError,
    Outgoing,
    RefusedError,
    TargetMissingError,
    UnavailableError,
)
from scheduler.networks.bluesky import NETWORK, Bluesky
from scheduler.powers import ChecksKeys, GivesReadings, OpensComposer, ReadsLinks, ReadsReplies, RenewsAccess
from tests.counterparts.bluesky import BlueskyAccount, BlueskyServer
from tests.simulators.losing_proxy import Canned, LosingProxy, losing_proxy

SINCE = datetime.now(UTC) - timedelta(minutes=1)
PUT, SESSION = "com.atproto.repo.putRecord", "com.atproto.server.createSession"
POWERS = Bluesky()


@pytest.fixture(scope="module")
def author(bluesky_server: BlueskyServer) -> BlueskyAccount:
    return bluesky_server.account()


@pytest.fixture(scope="module")
def other(bluesky_server: BlueskyServer) -> BlueskyAccount:
    return bluesky_server.account()


def keys(account: BlueskyAccount, url: str) -> AccountAccess:
    """The account as it is before it is connected."""
    given = {
        "server": "https://bsky.social",
        "identifier": account.handle,
        "app_password": account.app_password,
    }
    return AccountAccess(account.handle, "", given, url)


@pytest.fixture(scope="module")
def opened(author: BlueskyAccount, bluesky_server: BlueskyServer) -> AccountAccess:
    access = keys(author, bluesky_server.url)
    found = POWERS.check_keys(access)
    return replace(access, remote_id=found.remote_id, secrets=found.secrets)


@pytest.fixture
def proxy(bluesky_server: BlueskyServer) -> Iterator[LosingProxy]:
    with losing_proxy(bluesky_server.url) as started:
        yield started


@pytest.fixture
def access(opened: AccountAccess, proxy: LosingProxy) -> AccountAccess:
    """The connected account, its server behind the proxy."""
    return replace(opened, base_url=proxy.url)


def outgoing(text: str = "Tu derecho a saber", *images: Image, **more: Any) -> Outgoing:  # noqa: ANN401 -- fields of Outgoing
    prepared: Mapping[str, str] = more.pop("prepared", MappingProxyType({}))
    key = more.pop("key", "") or NETWORK.new_key()
    may_send = more.pop("may_send", lambda: True)
    return Outgoing(key, text, "es", images, prepared, datetime.now(UTC), may_send, **more)


def ready(access: AccountAccess, asked: Outgoing) -> Outgoing:
    return replace(asked, prepared=NETWORK.prepare(access, asked))


def published(access: AccountAccess, asked: Outgoing, server: BlueskyServer) -> Mapping[str, Any]:
    """The record as it stands on the server once it is published."""
    receipt = NETWORK.publish(access, ready(access, asked))
    return under(server, access, asked.client_key, receipt.remote_id)


def under(server: BlueskyServer, access: AccountAccess, key: str, uri: str = "") -> Mapping[str, Any]:
    collection = "app.bsky.feed.repost" if "feed.repost" in uri else "app.bsky.feed.post"
    params = {"repo": access.remote_id, "collection": collection, "rkey": key}
    found: Mapping[str, Any] = server.ask("GET", "com.atproto.repo.getRecord", params=params)
    return found


def picture(width: int = 60, height: int = 40, *, noisy: bool = False, alt_text: str = "Un dibujo") -> Image:
    drawn = (
        Drawing.effect_noise((width, height), 90) if noisy else Drawing.new("RGB", (width, height), "teal")
    )
    written = BytesIO()
    drawn.convert("RGB").save(written, "PNG")
    content = written.getvalue()
    return Image(hashlib.sha256(content).hexdigest(), "image/png", alt_text, lambda: content)


def test_keys_that_open_the_account_become_a_session(author: BlueskyAccount, opened: AccountAccess) -> None:
    assert opened.remote_id == author.did
    assert {"accessJwt", "refreshJwt", "app_password"} <= set(opened.secrets)
    found = POWERS.renew(opened)
    assert found.handle == author.handle
    assert found.expires_at is not None
    assert timedelta(hours=1) < found.expires_at - datetime.now(UTC) < timedelta(hours=3)


def test_keys_that_do_not_open_it_are_refused(opened: AccountAccess) -> None:
    wrong = replace(opened, secrets={**opened.secrets, "app_password": "otra-clave"})
    with pytest.raises(RefusedError) as told:
        POWERS.check_keys(wrong)
    assert told.value.hold is HoldReason.ACCESS


@pytest.mark.parametrize(
    "server", ["http://bsky.social", "https://127.0.0.1", "https://ana:clave@bsky.social", "", "x"]
)
def test_keys_are_sent_to_no_server_but_a_public_one_over_tls(opened: AccountAccess, server: str) -> None:
    elsewhere = replace(opened, base_url="", secrets={**opened.secrets, "server": server})
    with pytest.raises(RefusedError) as told:
        POWERS.check_keys(elsewhere)
    assert told.value.hold is HoldReason.ACCESS


def test_links_tags_and_mentions_are_told_in_bytes(
    access: AccountAccess, other: BlueskyAccount, bluesky_server: BlueskyServer
) -> None:
    text = (
        f"¿Sabías qué? 🏛️👩🏽‍⚖️ Pregúntale a @{other.handle}, lee https://a.mx/é?b=1#c e inai.org.mx. "
        "No a @nadie.test ni a ana@a.mx. #VinculaciónSNT #SNTtips"
    )
    value = published(access, outgoing(text), bluesky_server)["value"]
    said = [
        (text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), one["features"][0])
        for one in value["facets"]
    ]
    kind = "app.bsky.richtext.facet#"
    assert said == [
        (f"@{other.handle}", {"$type": f"{kind}mention", "did": other.did}),
        ("https://a.mx/é?b=1#c", {"$type": f"{kind}link", "uri": "https://a.mx/é?b=1#c"}),
        ("inai.org.mx", {"$type": f"{kind}link", "uri": "https://inai.org.mx"}),
        ("#VinculaciónSNT", {"$type": f"{kind}tag", "tag": "VinculaciónSNT"}),
        ("#SNTtips", {"$type": f"{kind}tag", "tag": "SNTtips"}),
    ]
    assert value["text"] == text
    assert value["langs"] == ["es"]
    # The control: counted in characters, they would lie elsewhere.
    index = value["facets"][0]["index"]
    assert text[index["byteStart"] : index["byteEnd"]] != f"@{other.handle}"


def test_pictures_go_small_enough_with_their_words_and_their_shape(
    access: AccountAccess, bluesky_server: BlueskyServer
) -> None:
    large = picture(1400, 700, noisy=True, alt_text="Ruido")
    assert len(large.read()) > 1_000_000  # the control: as it is, the server would refuse the record
    value = published(access, outgoing("Dos", large, picture(alt_text="Verde")), bluesky_server)["value"]
    first, second = value["embed"]["images"]
    assert [first["alt"], second["alt"]] == ["Ruido", "Verde"]
    assert second["aspectRatio"] == {"width": 60, "height": 40}
    params = {"did": access.remote_id, "cid": first["image"]["ref"]["$link"]}
    assert first["image"]["size"] <= 1_000_000
    reply = bluesky_server.blob(params)
    with Drawing.open(BytesIO(reply)) as image:
        assert {"width": image.width, "height": image.height} == first["aspectRatio"]
        assert image.width == 2 * image.height


def test_pictures_that_the_server_may_have_swept_away_are_uploaded_again_for_the_same_record(
    access: AccountAccess, proxy: LosingProxy
) -> None:
    asked = ready(access, outgoing("Verde", picture()))
    assert not NETWORK.needs_preparing(asked)
    old = {**asked.prepared, "until": (datetime.now(UTC) - timedelta(minutes=1)).isoformat()}
    assert NETWORK.needs_preparing(replace(asked, prepared=old))
    again = ready(access, replace(asked, prepared=old))
    assert again.prepared["record"] == asked.prepared["record"]
    assert proxy.count("uploadBlob") == 2
    assert NETWORK.publish(access, again).remote_id


def test_a_picture_that_cannot_be_opened_waits_for_a_person(access: AccountAccess) -> None:
    broken = Image("0" * 64, "image/png", "", lambda: b"\x89PNG\r\n\x1a\n roto")
    with pytest.raises(RefusedError) as told:
        NETWORK.prepare(access, outgoing("Roto", broken))
    assert told.value.hold is HoldReason.MATERIAL


def test_a_thread_is_a_chain_of_answers(access: AccountAccess, bluesky_server: BlueskyServer) -> None:
    before: tuple[Before, ...] = ()
    records = []
    for text in ("Uno", "Dos", "Tres"):
        asked = ready(access, outgoing(text, before=before))
        receipt = NETWORK.publish(access, asked)
        before = (*before, Before(receipt.remote_id, receipt.url, asked.prepared))
        records.append(under(bluesky_server, access, asked.client_key))
    first, second, third = ({"uri": one["uri"], "cid": one["cid"]} for one in records)
    assert "reply" not in records[0]["value"]
    assert records[1]["value"]["reply"] == {"root": first, "parent": first}
    assert records[2]["value"]["reply"] == {"root": first, "parent": second}
    assert third["uri"] == before[2].remote_id


@pytest.fixture(scope="module")
def target(other: BlueskyAccount, bluesky_server: BlueskyServer) -> Mapping[str, str]:
    """Another's post: its uri, cid and link."""
    record = {
        "$type": "app.bsky.feed.post",
        "text": "De otra cuenta",
        "createdAt": "2026-11-01T00:00:00.000Z",
    }
    asked = {"repo": other.did, "collection": "app.bsky.feed.post", "record": record}
    token = other.session["accessJwt"]
    made = bluesky_server.ask("POST", "com.atproto.repo.createRecord", token, json=asked)
    key = made["uri"].rpartition("/")[2]
    return {**made, "link": f"https://bsky.app/profile/{other.handle}/post/{key}?ref=x"}


def test_another_s_post_is_quoted_with_words_of_ours(
    access: AccountAccess, target: Mapping[str, str], bluesky_server: BlueskyServer
) -> None:
    about = {"kind": PostKind.QUOTE, "target": target["link"]}
    wanted = {"uri": target["uri"], "cid": target["cid"]}
    embed = published(access, outgoing("Miren", **about), bluesky_server)["value"]["embed"]
    assert embed == {"$type": "app.bsky.embed.record", "record": wanted}
    embed = published(access, outgoing("Miren", picture(), **about), bluesky_server)["value"]["embed"]
    assert embed["record"]["record"] == wanted
    assert len(embed["media"]["images"]) == 1


def test_another_s_post_is_reposted_as_it_is(
    access: AccountAccess, target: Mapping[str, str], bluesky_server: BlueskyServer
) -> None:
    asked = ready(access, outgoing("", kind=PostKind.REPOST, target=target["link"]))
    receipt = NETWORK.publish(access, asked)
    assert NETWORK.publish(access, asked).remote_id == receipt.remote_id
    records = bluesky_server.records(access.remote_id, "app.bsky.feed.repost")
    assert [one["value"]["subject"] for one in records] == [{"uri": target["uri"], "cid": target["cid"]}]
    assert receipt.url.rpartition("/")[2] == target["uri"].rpartition("/")[2]
    assert [one.remote_id for one in NETWORK.find(access, asked, SINCE)] == [receipt.remote_id]


@pytest.mark.parametrize(
    "link",
    [
        "https://x.com/a/status/1",
        "https://bsky.app/profile/{handle}/post/3zzzzzzzzzzz2",
        "https://bsky.app/profile/nadie.test/post/3zzzzzzzzzzz2",
    ],
)
def test_what_is_to_be_quoted_and_is_not_there_is_told(
    access: AccountAccess, other: BlueskyAccount, link: str
) -> None:
    with pytest.raises(TargetMissingError):
        NETWORK.prepare(access, outgoing("?", kind=PostKind.QUOTE, target=link.format(handle=other.handle)))


def test_a_repeat_changes_nothing(
    access: AccountAccess, bluesky_server: BlueskyServer, proxy: LosingProxy
) -> None:
    asked = ready(access, outgoing("Una vez"))
    assert not NETWORK.needs_preparing(asked)
    assert NETWORK.prepare(access, asked) is asked.prepared
    first = NETWORK.publish(access, asked)
    before = under(bluesky_server, access, asked.client_key)
    assert NETWORK.publish(access, asked) == first
    assert under(bluesky_server, access, asked.client_key) == before
    assert first.url == f"https://bsky.app/profile/{access.handle}/post/{asked.client_key}"
    assert proxy.count(PUT) == 2
    assert sum(one["value"]["text"] == "Una vez" for one in bluesky_server.records(access.remote_id)) == 1


def test_what_stands_there_is_never_overwritten(access: AccountAccess, bluesky_server: BlueskyServer) -> None:
    asked = ready(access, outgoing("Lo aprobado"))
    NETWORK.publish(access, asked)
    changed = ready(access, replace(asked, text="Otra cosa"))
    with pytest.raises(OtherContentError) as told:
        NETWORK.publish(access, changed)
    assert told.value.hold is HoldReason.UNCONFIRMED
    with pytest.raises(OtherContentError):
        NETWORK.find(access, changed, SINCE)
    assert under(bluesky_server, access, asked.client_key)["value"]["text"] == "Lo aprobado"
    # The control: without ``swapRecord`` the server writes over it.
    over = {"repo": access.remote_id, "collection": "app.bsky.feed.post", "rkey": asked.client_key}
    record = json.loads(changed.prepared["record"])
    bluesky_server.ask("POST", PUT, access.secrets["accessJwt"], json={**over, "record": record})
    assert under(bluesky_server, access, asked.client_key)["value"]["text"] == "Otra cosa"


def test_an_answer_that_is_lost_after_the_write_is_a_doubt_that_a_look_settles(
    access: AccountAccess, bluesky_server: BlueskyServer, proxy: LosingProxy
) -> None:
    asked = ready(access, outgoing("¿Salió?"))
    assert NETWORK.find(access, asked, SINCE) == ()
    proxy.spoil(PUT)
    with pytest.raises(DoubtError):
        NETWORK.publish(access, asked)
    (found,) = NETWORK.find(access, asked, SINCE)
    assert found.remote_id == under(bluesky_server, access, asked.client_key)["uri"]
    assert NETWORK.publish(access, asked) == found
    # A restored database has forgotten the record, and knows the key.
    assert NETWORK.find(access, replace(asked, prepared={}), SINCE) == (found,)


@pytest.mark.parametrize(
    ("status", "after"), [(500, True), (502, True), (503, False), (404, False), (408, True)]
)
def test_an_answer_that_proves_nothing_is_a_doubt(
    access: AccountAccess, proxy: LosingProxy, status: int, *, after: bool
) -> None:
    asked = ready(access, outgoing("¿Salió?"))
    proxy.spoil(PUT, Canned(status, b"<html>", after=after))
    with pytest.raises(DoubtError):
        NETWORK.publish(access, asked)
    assert len(NETWORK.find(access, asked, SINCE)) == after


def test_too_many_calls_are_tried_again_when_the_server_says(
    access: AccountAccess, proxy: LosingProxy
) -> None:
    asked = ready(access, outgoing("Despacio"))
    body = b'{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}'
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=40)
    proxy.spoil(PUT, Canned(429, body, (("RateLimit-Reset", str(int(ends.timestamp()))),), after=False))
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, asked)
    assert told.value.retry_at == ends


def test_a_limit_that_would_last_for_years_is_taken_for_a_day(
    access: AccountAccess, proxy: LosingProxy
) -> None:
    asked = ready(access, outgoing("Nunca"))
    far = (("RateLimit-Reset", "99999999999"),)
    proxy.spoil(PUT, Canned(429, b'{"error":"RateLimitExceeded"}', far, after=False))
    with pytest.raises(UnavailableError) as told:
        NETWORK.publish(access, asked)
    assert told.value.retry_at is not None
    assert told.value.retry_at <= datetime.now(UTC) + timedelta(days=1)


def test_what_could_not_be_prepared_is_no_doubt(access: AccountAccess, proxy: LosingProxy) -> None:
    proxy.spoil("uploadBlob")
    with pytest.raises(UnavailableError):
        NETWORK.prepare(access, outgoing("Con dibujo", picture()))


def test_after_its_deadline_nothing_is_written(access: AccountAccess, proxy: LosingProxy) -> None:
    asked = ready(access, outgoing("Tarde", may_send=lambda: False))
    with pytest.raises(NotSentError):
        NETWORK.publish(access, asked)
    assert proxy.count(PUT) == 0
    assert NETWORK.find(access, asked, SINCE) == ()
    with pytest.raises(UnavailableError):
        NETWORK.publish(access, outgoing("Sin preparar"))


def test_a_text_that_the_server_does_not_take_is_refused(access: AccountAccess) -> None:
    assert POWERS.rules.measure("👩🏽‍⚖️" * 300) == 300
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(access, ready(access, outgoing("á" * 301)))
    assert told.value.hold is None
    assert NETWORK.publish(access, ready(access, outgoing("á" * 300))).remote_id


def with_end(token: str, ends: datetime, secret: str) -> str:
    """The same token of the server with another end, signed as the server signs."""
    head, middle, _ = token.split(".")
    claims = {**json.loads(urlsafe_b64decode(middle + "==")), "exp": int(ends.timestamp())}
    signed = f"{head}.{urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}"
    proof = hmac.digest(secret.encode(), signed.encode(), "sha256")
    return f"{signed}.{urlsafe_b64encode(proof).decode().rstrip('=')}"


def test_a_session_that_has_ended_is_renewed_once_and_goes_on(
    access: AccountAccess, bluesky_server: BlueskyServer, proxy: LosingProxy
) -> None:
    past = with_end(
        access.secrets["accessJwt"], datetime.now(UTC) - timedelta(minutes=1), bluesky_server.token_secret
    )
    ended = replace(access, secrets={**access.secrets, "accessJwt": past})
    with pytest.raises(UnavailableError):
        NETWORK.prepare(ended, outgoing("Con dibujo", picture()))
    assert proxy.seen == []  # known from the token itself: nothing is asked
    again = POWERS.renew(ended)
    assert proxy.count("refreshSession") == len(proxy.seen) == 1
    renewed = replace(ended, secrets=again.secrets)
    assert NETWORK.publish(renewed, ready(renewed, outgoing("De nuevo"))).remote_id


def test_a_renewal_whose_answer_was_lost_can_be_asked_for_again(
    access: AccountAccess, proxy: LosingProxy
) -> None:
    by_token_alone = replace(access, secrets={**access.secrets, "app_password": ""})
    proxy.spoil("refreshSession")
    with pytest.raises(UnavailableError):
        POWERS.renew(by_token_alone)
    assert POWERS.renew(by_token_alone).secrets["accessJwt"]
    assert proxy.count("refreshSession") == 2


def test_the_server_itself_says_when_a_token_is_none(access: AccountAccess) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    for token in (with_end(access.secrets["accessJwt"], soon, "otro secreto"), access.secrets["refreshJwt"]):
        wrong = replace(access, secrets={**access.secrets, "accessJwt": token})
        asked = ready(access, outgoing("¿Quién?"))
        with pytest.raises(RefusedError) as told:
            NETWORK.publish(wrong, asked)
        assert told.value.hold is HoldReason.ACCESS


def test_without_its_refresh_token_a_session_begins_again_by_the_app_password_or_waits_for_a_person(
    access: AccountAccess, proxy: LosingProxy
) -> None:
    lost = replace(access, secrets={**access.secrets, "refreshJwt": access.secrets["accessJwt"]})
    assert POWERS.renew(lost).secrets["refreshJwt"] != lost.secrets["refreshJwt"]
    assert proxy.count(SESSION) == 1
    without = replace(lost, secrets={**lost.secrets, "app_password": ""})
    with pytest.raises(RefusedError) as told:
        POWERS.renew(without)
    assert told.value.hold is HoldReason.ACCESS
    closed = replace(access, secrets={})
    with pytest.raises(RefusedError) as told:
        NETWORK.publish(closed, ready(access, outgoing("Sin llave")))
    assert told.value.hold is HoldReason.ACCESS


def test_an_account_that_is_deactivated_waits_for_a_person(bluesky_server: BlueskyServer) -> None:
    account = bluesky_server.account()
    found = POWERS.check_keys(keys(account, bluesky_server.url))
    access = AccountAccess(account.handle, account.did, found.secrets, bluesky_server.url)
    asked = ready(access, outgoing("Ya no"))
    bluesky_server.ask("POST", "com.atproto.server.deactivateAccount", account.session["accessJwt"], json={})
    for attempt in (lambda: NETWORK.publish(access, asked), lambda: POWERS.renew(access)):
        with pytest.raises(RefusedError) as told:
            attempt()
        assert told.value.hold is HoldReason.ACCOUNT


def test_a_server_without_an_index_gives_no_figures_and_an_index_its_own(
    access: AccountAccess, proxy: LosingProxy
) -> None:
    uri = f"at://{access.remote_id}/app.bsky.feed.post/3zzzzzzzzzzz2"
    assert POWERS.readings(access, [uri]) == {}
    post = {
        "uri": uri,
        "likeCount": 4,
        "repostCount": 3,
        "replyCount": 2,
        "quoteCount": 1,
        "indexedAt": "2026",
    }
    proxy.spoil("getPosts", Canned(200, json.dumps({"posts": [post]}).encode()))
    assert POWERS.readings(access, [uri]) == {uri: {"likes": 4, "reposts": 3, "replies": 2, "quotes": 1}}
    by_handle = uri.replace(access.remote_id, access.handle)
    proxy.spoil("getPosts", Canned(200, json.dumps({"posts": [post]}).encode()))
    assert POWERS.readings(access, [by_handle])[by_handle]["likes"] == 4
    assert POWERS.readings(access, ["at://did:plc:a/app.bsky.feed.repost/1"]) == {}


def test_what_is_answered_is_told_by_the_index_alone(access: AccountAccess, proxy: LosingProxy) -> None:
    uri = f"at://{access.remote_id}/app.bsky.feed.post/3zzzzzzzzzzz2"
    assert list(POWERS.read_replies(access, uri)) == []

    def said(who: str, key: str, text: str, parent: str) -> dict[str, Any]:
        at = f"at://{who}/app.bsky.feed.post/{key}"
        record = {"text": text, "createdAt": "no", "reply": {"parent": {"uri": parent}}}
        author = {"did": who, "handle": f"{who[-1]}.example"}
        return {"uri": at, "author": author, "record": record, "indexedAt": "2026-11-20T10:00:00Z"}

    hers = said("did:plc:a", "3a", "¿Y si no?", uri)
    ours = said(access.remote_id, "3b", "Así", hers["uri"])
    gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": "at://x", "notFound": True}
    thread = {
        "post": {"uri": uri},
        "replies": [{"post": hers, "replies": [{"post": ours}]}, gone, {"post": {"uri": 3}}, "no"],
    }
    proxy.spoil("getPostThread", Canned(200, json.dumps({"thread": thread}).encode()))
    to_us, our_own = POWERS.read_replies(access, uri.replace(access.remote_id, access.handle))
    site = "https://bsky.app/profile"
    assert (to_us.link, to_us.url) == (f"{site}/did:plc:a/post/3a", f"{site}/a.example/post/3a")
    assert (to_us.text, to_us.answers, to_us.own) == ("¿Y si no?", "", False)
    assert (our_own.answers, our_own.own) == (to_us.link, True)


def test_a_link_tells_whose_post_it_is_and_when_its_key_was_made() -> None:
    key = NETWORK.new_key()
    found = POWERS.read_link(f" https://bsky.app/profile/cvpdcs.mx/post/{key}?ref=x ")
    assert found is not None
    assert found.remote_id == f"at://cvpdcs.mx/app.bsky.feed.post/{key}"
    assert found.handle == "cvpdcs.mx"
    assert found.published_at is not None
    assert abs(found.published_at - datetime.now(UTC)) < timedelta(seconds=10)
    assert POWERS.read_link("https://bsky.app/profile/cvpdcs.mx") is None


def test_it_offers_what_it_says() -> None:
    for power in (ChecksKeys, GivesReadings, OpensComposer, ReadsLinks, ReadsReplies, RenewsAccess):
        assert isinstance(NETWORK, power)
    assert not NETWORK.takes_video
    assert NETWORK.kinds == set(PostKind)
