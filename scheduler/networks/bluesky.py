"""Bluesky, through the XRPC calls of its personal data servers (PDS).

The key of a record is chosen by us (a TID), and the whole record is frozen as bytes when it is prepared:
putting the same bytes under the same key again changes nothing, and other bytes are refused, because
``swapRecord: null`` says that nothing may be there yet. Seen on a real PDS (0.4.217). The figures of
``readings``, the replies and who reposted or quoted a post come from Bluesky's own index, which a bare PDS has not:
those are not verified live; what an account did is, from its records.
No video: it goes through a service of its own, which a bare PDS has not either.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlencode

import orjson

from assets.pictures import Picture, PicturesBusyError, fit_within
from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.errors import InvalidError
from content_calendar.rules import Look, NetworkRules
from content_calendar.states import HoldReason
from content_calendar.text_rules import graphemes
from scheduler.dialects import xrpc_sessions
from scheduler.dialects.byte_ranges import Mark, MarkKind, marks
from scheduler.dialects.post_threads import replies_in
from scheduler.dialects.timed_ids import moment_of, new_timed_id
from scheduler.dialects.xrpc import Xrpc, error_name
from scheduler.dialects.xrpc_echoes import XrpcEchoes
from scheduler.dialects.xrpc_sessions import closed, did_of, opened
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    DoubtError,
    Image,
    Network,
    OtherContentError,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    TargetMissingError,
    UnavailableError,
    Verified,
)
from scheduler.powers import Opened, RemotePost, RemoteReply

_POST, _REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
# At most 30 sessions are begun in five minutes, so they are kept and renewed.
_CREATE_SESSION, _REFRESH_SESSION = "com.atproto.server.createSession", "com.atproto.server.refreshSession"
# The lexicon app.bsky.embed.images takes this many bytes; the sides are those that Bluesky's own app makes.
_IMAGE_BYTES, _IMAGE_SIDE = 1_000_000, 2000
# What is uploaded and in no record yet is kept for an hour at least: https://atproto.com/specs/blob.
_BLOB_LIFE = timedelta(minutes=50)
_LONGEST_TAG = 64
_MOST_READ = 25
# How far below a post answers to answers are read.
_DEEPEST = 6
_SITE = "https://bsky.app"
_LINK = re.compile(
    r"https://(?:www\.)?bsky\.app/profile/(?P<who>[A-Za-z0-9.:_%-]{3,250})/post/(?P<key>[A-Za-z0-9._~-]{1,100})"
    r"(?:[/?#].*)?"
)
_URI = re.compile(r"at://(?P<who>[^/]+)/(?P<collection>[^/]+)/(?P<key>[^/]+)")
_FIGURES = {
    "likeCount": "likes", "repostCount": "reposts", "replyCount": "replies", "quoteCount": "quotes",
    "bookmarkCount": "bookmarks",
}  # fmt: skip
_PUT = b'{"repo":%s,"collection":%s,"rkey":%s,"swapRecord":null,"record":%s}'
_LOOK = Look(paper="#fff #161e27", ink="#0b0f14 #f1f3f5", quiet="#49586a #aebbc9", line="#dce2ea #2e4052",
             accent="#0a5dc2 #6bb4ff")  # fmt: skip


class Bluesky(XrpcEchoes):
    """The same key with the same bytes is harmless: the one network where a repeat needs no look."""

    slug: ClassVar[str] = "bluesky"
    name: ClassVar[str] = "Bluesky"
    site: ClassVar[str] = _SITE
    records: ClassVar[str] = "com.atproto.repo.listRecords"
    index: ClassVar[str] = "https://public.api.bsky.app"
    resolves: ClassVar[str] = "com.atproto.identity.resolveHandle"
    # The index answers the first, a bare PDS the second.
    describes = MappingProxyType(
        {"app.bsky.actor.getProfile": "actor", "com.atproto.repo.describeRepo": "repo"}
    )
    protection: ClassVar[Protection] = Protection.REPLAY
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("server", secret=False, default="https://bsky.social"),
        CredentialField("identifier", secret=False),
        CredentialField("app_password"),
    )
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="bluesky", max_length=300, measure=graphemes, unit="graphemes", max_images=4,
        # The lexicon has no limit; Bluesky's own app stops here (MAX_ALT_TEXT in its source).
        max_alt_length=2000, measure_alt=graphemes, look=_LOOK,
        source="https://docs.bsky.app/docs/advanced-guides/posts",
    )  # fmt: skip
    kinds: ClassVar[frozenset[PostKind]] = frozenset(PostKind)
    takes_video: ClassVar[bool] = False
    # 35,000 points a day and 5,000 an hour, 3 for a post (docs.bsky.app/docs/advanced-guides/rate-limits):
    # what the day allows, hour by hour.
    pace: ClassVar[Pace] = Pace(most=480, within=timedelta(hours=1))
    # No rule about equal texts is published.
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.REAL_SERVER
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    # A record is read where it was written.
    read_lag: ClassVar[timedelta] = timedelta(seconds=5)
    # An access token lives for two hours.
    renew_before: ClassVar[timedelta] = timedelta(minutes=45)
    # For two hours a refresh token that is used again leads to the same next one; and the app password is kept.
    renews_again_source: ClassVar[str] = (
        "https://github.com/bluesky-social/atproto/blob/main/packages/pds/src/account-manager/account-manager.ts"
    )

    def new_key(self) -> str:
        """Return a TID, which becomes the record's key."""
        return new_timed_id()

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        """Return whether the record is not frozen yet, or its pictures may have been swept away."""
        return outgoing.prepared.get("of") != _fingerprint(outgoing) or not _pictures_are_kept(outgoing)

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Upload the pictures, find whom and what the record names, and freeze it with its moment.

        A record that is frozen already is returned untouched.
        """
        of = _fingerprint(outgoing)
        if not self.needs_preparing(outgoing):
            return outgoing.prepared
        server = opened(access)
        uploaded = [_upload(server, image) for image in outgoing.images]
        until = clock.now() + _BLOB_LIFE
        if outgoing.prepared.get("of") == of:
            return {**outgoing.prepared, "until": until.isoformat()}
        record = _Writer(server, outgoing).record(uploaded)
        frozen = orjson.dumps(record).decode()
        return {"record": frozen, "of": of, "until": until.isoformat()}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Put the frozen record under its key; raises OtherContentError when something else is there."""
        frozen = outgoing.prepared.get("record")
        if not frozen:
            raise UnavailableError(Answer(raw="nothing is prepared"))
        names = (did_of(access), _collection(outgoing), outgoing.client_key)
        body = _PUT % (*(orjson.dumps(name) for name in names), frozen.encode())
        said = opened(access).write("com.atproto.repo.putRecord", body, outgoing.may_send)
        return _receipt(access, str(said["uri"]), orjson.loads(frozen))

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:  # noqa: ARG002 -- a key needs no span
        """Return what stands under the key, if it is what was frozen.

        Raises OtherContentError when it is something else.
        """
        there = _look_up(closed(access), did_of(access), _collection(outgoing), outgoing.client_key)
        if there is None:
            return ()
        if not _is_ours(outgoing, there["value"]):
            raise OtherContentError(Answer(raw=str(there["uri"])))
        return (_receipt(access, str(there["uri"]), there["value"]),)

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return the session that the app password begins, and whose it is."""
        return xrpc_sessions.begin(access, _CREATE_SESSION)

    def renew(self, access: AccountAccess) -> Opened:
        """Return the next session: by the refresh token, or by the app password when that one has ended.

        A token whose answer was lost is taken once more (a PDS gives the same successor for two hours), so
        nothing is left open here.
        """
        return xrpc_sessions.renew(access, _REFRESH_SESSION, _CREATE_SESSION)

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return likes, reposts, replies, quotes and bookmarks. Not verified live: see the file's beginning.

        From a server that passes nothing on to an index there are none.
        """
        # A post that a person told us of by its link is named by the handle; the index knows only the DID.
        by_handle, by_did = f"at://{access.handle.removeprefix('@')}/", f"at://{did_of(access)}/"
        asked = {uri.replace(by_handle, by_did, 1): uri for uri in remote_ids if f"/{_POST}/" in uri}
        posts = list(asked)
        found: dict[str, Mapping[str, int]] = {}
        for start in range(0, len(posts), _MOST_READ):
            query = urlencode({"uris": posts[start : start + _MOST_READ]}, doseq=True)
            try:
                said = opened(access).read("app.bsky.feed.getPosts", query)
            except RefusedError as error:
                if error.hold is not None:
                    raise
                return found
            for post in said.get("posts", ()):
                figures = {ours: post[theirs] for theirs, ours in _FIGURES.items() if theirs in post}
                kept = {name: n for name, n in figures.items() if isinstance(n, int)}
                found[asked.get(post["uri"], post["uri"])] = kept
        return found

    def read_replies(self, access: AccountAccess, remote_id: str) -> Sequence[RemoteReply]:
        """Return what Bluesky's index knows below a post; not verified live: see the file's beginning."""
        uri = remote_id.replace(f"at://{access.handle.removeprefix('@')}/", f"at://{did_of(access)}/", 1)
        try:
            said = opened(access).read(
                "app.bsky.feed.getPostThread", urlencode({"uri": uri, "depth": _DEEPEST})
            )
        except RefusedError as error:
            if error.hold is not None:
                raise
            return ()
        return replies_in(said.get("thread") or {}, did_of(access), _SITE)

    def compose_link(self, text: str) -> str:
        """Return the address of Bluesky's composer with the text in it."""
        return f"https://bsky.app/intent/compose?text={quote(text, safe='')}"

    def read_link(self, url: str) -> RemotePost | None:
        """Return the post that a link of bsky.app leads to; its moment is what its key claims."""
        found = _LINK.fullmatch(url.strip())
        if found is None:
            return None
        who, key = unquote(found["who"]), found["key"]
        return RemotePost(f"at://{who}/{_POST}/{key}", who, _address(who, key), moment_of(key))


class _Writer:
    """Makes a record of what is to go out, asking the server for what it must name."""

    def __init__(self, server: Xrpc, outgoing: Outgoing) -> None:
        self._server = server
        self._outgoing = outgoing

    def record(self, uploaded: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Return the whole record."""
        outgoing = self._outgoing
        made_at = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if outgoing.kind is PostKind.REPOST:
            return {"$type": _REPOST, "subject": self._target(), "createdAt": made_at}
        record: dict[str, Any] = {"$type": _POST, "text": outgoing.text, "createdAt": made_at}
        if outgoing.language:
            record["langs"] = [outgoing.language]
        if facets := self._facets():
            record["facets"] = facets
        if embed := self._embed(uploaded):
            record["embed"] = embed
        if outgoing.before:
            first, last = outgoing.before[0], outgoing.before[-1]
            root = self._reference(first.remote_id)
            parent = root if last is first else self._reference(last.remote_id)
            record["reply"] = {"root": root, "parent": parent}
        return record

    def _embed(self, uploaded: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        pictures = {"$type": "app.bsky.embed.images", "images": list(uploaded)} if uploaded else None
        if self._outgoing.kind is not PostKind.QUOTE:
            return pictures
        quoted = {"$type": "app.bsky.embed.record", "record": self._target()}
        if pictures is None:
            return quoted
        return {"$type": "app.bsky.embed.recordWithMedia", "record": quoted, "media": pictures}

    def _target(self) -> Mapping[str, str]:
        found = _LINK.fullmatch(self._outgoing.target.strip())
        if found is None:
            raise TargetMissingError(Answer(raw=self._outgoing.target))
        return self._reference(f"at://{unquote(found['who'])}/{_POST}/{found['key']}")

    def _reference(self, uri: str) -> Mapping[str, str]:
        """Return the record's address and the hash of what it says now."""
        named = _URI.fullmatch(uri)
        try:
            there = _look_up(self._server, named["who"], named["collection"], named["key"]) if named else None
        except RefusedError as error:
            if error.hold is not None:
                raise
            raise TargetMissingError(error.answer) from error
        if there is None:
            raise TargetMissingError(Answer(raw=uri))
        return {"uri": there["uri"], "cid": there["cid"]}

    def _facets(self) -> list[Mapping[str, Any]]:
        facets: list[Mapping[str, Any]] = []
        for mark in marks(self._outgoing.text):
            if feature := self._feature(mark):
                index = {"byteStart": mark.start, "byteEnd": mark.end}
                facets.append({"index": index, "features": [feature]})
        return facets

    def _feature(self, mark: Mark) -> Mapping[str, str] | None:
        """Return what a mark leads to; None for one that leads nowhere, which stays plain text."""
        kind = "app.bsky.richtext.facet#"
        match mark.kind:
            case MarkKind.LINK:
                return {"$type": f"{kind}link", "uri": mark.value}
            case MarkKind.TAG:
                fits = graphemes(mark.value) <= _LONGEST_TAG
                return {"$type": f"{kind}tag", "tag": mark.value} if fits else None
            case MarkKind.MENTION:
                did = self._person(mark.value)
                return {"$type": f"{kind}mention", "did": did} if did else None

    def _person(self, handle: str) -> str:
        if "." not in handle or "@" in handle:
            return ""
        try:
            return str(self._server.read(Bluesky.resolves, urlencode({"handle": handle.lower()}))["did"])
        except RefusedError as error:
            if error.hold is not None:
                raise
            return ""


def _look_up(server: Xrpc, who: str, collection: str, key: str) -> Mapping[str, Any] | None:
    """Return a record with its address and hash, or None when there is none."""
    query = urlencode({"repo": who, "collection": collection, "rkey": key})
    try:
        return server.read("com.atproto.repo.getRecord", query)
    except RefusedError as error:
        if error_name(error) == "RecordNotFound":
            return None
        raise


def _upload(server: Xrpc, image: Image) -> Mapping[str, Any]:
    picture = _fitted(image)
    said = server.upload("com.atproto.repo.uploadBlob", picture.data, picture.media_type)
    shape = {"width": picture.width, "height": picture.height}
    return {"image": said["blob"], "alt": image.alt_text, "aspectRatio": shape}


def _fitted(image: Image) -> Picture:
    content = image.read()
    try:
        return fit_within(content, _IMAGE_BYTES, _IMAGE_SIDE)
    except PicturesBusyError as error:
        raise UnavailableError(Answer(raw=error.code)) from error
    except InvalidError as error:
        raise RefusedError(Answer(raw=error.code), hold=HoldReason.MATERIAL) from error


def _fingerprint(outgoing: Outgoing) -> str:
    """Return a hash of all that decides what the record says, but its moment."""
    images = [[image.sha256, image.alt_text] for image in outgoing.images]
    before = [part.remote_id for part in outgoing.before]
    said = [
        outgoing.client_key,
        outgoing.kind,
        outgoing.text,
        outgoing.language,
        images,
        outgoing.target,
        before,
    ]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def _pictures_are_kept(outgoing: Outgoing) -> bool:
    until = outgoing.prepared.get("until")
    return not outgoing.images or (until is not None and clock.now() < datetime.fromisoformat(until))


def _is_ours(outgoing: Outgoing, value: Mapping[str, Any]) -> bool:
    """Tell whether a record is the frozen one; a restored database has forgotten it, and then the text decides."""
    frozen = outgoing.prepared.get("record")
    if frozen:
        return bool(orjson.loads(frozen) == value)
    return outgoing.kind is PostKind.REPOST or value.get("text") == outgoing.text


def _collection(outgoing: Outgoing) -> str:
    return _REPOST if outgoing.kind is PostKind.REPOST else _POST


def _receipt(access: AccountAccess, uri: str, record: Mapping[str, Any]) -> Receipt:
    """Return the receipt; a repost is seen where the post is that it shares."""
    named = _URI.fullmatch(record["subject"]["uri"] if record["$type"] == _REPOST else uri)
    if named is None:
        raise DoubtError(Answer(raw=uri))
    who = access.handle.removeprefix("@") if named["who"] == did_of(access) else named["who"]
    return Receipt(uri, _address(who, named["key"]), datetime.fromisoformat(record["createdAt"]))


def _address(who: str, key: str) -> str:
    return f"{_SITE}/profile/{who}/post/{key}"


NETWORK: Network = Bluesky()
