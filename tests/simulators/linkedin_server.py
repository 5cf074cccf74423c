"""LinkedIn as far as Resuena uses it, over real HTTP. Simulated, not verified live; pages cited where they say it.

Headers and errors: https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling. Uploads:
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/images-api and .../videos-api.
Who may post: .../organizations/organization-access-control-by-role. Figures: .../organizations/share-statistics.
"""

import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from tests.simulators.counterpart import Fault
from tests.simulators.linkedin_state import Medium, Page, Pages, Post, RefusedError, as_little
from tests.simulators.stand_in import Asked, StandIn, Told

PART = 4 * 1024 * 1024
OLDEST_VERSION = 202512
APP = {"client_id": "ficha-de-app", "client_secret": "secreto-de-app"}
DAY_S = 86_400
_WORDS: dict[Fault, tuple[int, dict[str, Any]]] = {
    Fault.ERROR_BEFORE: (500, {"message": "Internal Server Error", "status": 500}),
    Fault.ERROR_AFTER: (500, {"message": "Internal Server Error", "status": 500}),
    Fault.BUSY: (
        429,
        {"message": "Resource level throttle limit for calls to this resource is reached.", "status": 429,
         "serviceErrorCode": 101, "code": "TOO_MANY_REQUESTS"},
    ),
    Fault.REVOKED: (
        401,
        {"message": "The token used in the request has been revoked by the user", "status": 401,
         "serviceErrorCode": 65601, "code": "REVOKED_ACCESS_TOKEN"},
    ),
    # No x-restli-id: whatever this is, it names no post.
    Fault.STRANGE: (200, {"status": "ok"}),
}  # fmt: skip


@dataclass
class LinkedInServer(StandIn):
    """The simulator; tests set its state directly."""

    pages: Pages = field(default_factory=Pages)
    # code -> token; renewal token -> how often it was used.
    codes: dict[str, str] = field(default_factory=dict)
    renewals: dict[str, int] = field(default_factory=dict)
    # What the next calls of any kind are told instead, in its order.
    instead: list[Told] = field(default_factory=list)
    named: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def page(self, number: str, vanity_name: str, token: str, role: str = "ADMINISTRATOR") -> Page:
        """Make a page that a token's person has a role in."""
        made = self.pages.pages.setdefault(number, Page(number, vanity_name))
        made.roles[token] = role
        return made

    def consent(self, token: str) -> str:
        """Let a person say yes; return the code that the browser carries back."""
        code = f"codigo-{next(self.named)}"
        self.codes[code] = token
        return code

    def own(self, number: str) -> list[Post]:
        """What a page has out, in the order of coming out."""
        return [post for post in self.pages.posts.values() if post.author.endswith(f":{number}")]

    def publishes(self, asked: Asked) -> bool:
        return (asked.method, asked.path) == ("POST", "/rest/posts")

    def words(self, fault: Fault) -> Told:
        if fault is Fault.DUPLICATE:
            said = {"message": "Content is a duplicate of urn:li:share:7000000000000000000", "status": 422,
                    "errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST"}]}}  # fmt: skip
            return 422, said, {}
        return *_WORDS[fault], {}

    def answer(self, asked: Asked) -> Told:
        if self.instead and asked.path.startswith("/rest/"):
            return self.instead.pop(0)
        try:
            for method, path, act in _ROUTES:
                if method == asked.method and (found := re.fullmatch(path, asked.path)):
                    if path.startswith("/rest/"):
                        self._check(asked)
                    return act(self, asked, *map(unquote, found.groups()))
        except RefusedError as refused:
            return *refused.said, {}
        return 404, {"message": "No virtual resource found", "status": 404, "code": "RESOURCE_NOT_FOUND"}, {}

    def _check(self, asked: Asked) -> None:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        version = headers.get("linkedin-version", "")
        if not re.fullmatch(r"\d{6}", version) or int(version) < OLDEST_VERSION:
            raise RefusedError(426, f"Requested version {version} is not active", "NONEXISTENT_VERSION")
        if headers.get("x-restli-protocol-version") != "2.0.0":
            raise RefusedError(400, "X-RestLi-Protocol-Version 2.0.0 is needed", "BAD_REQUEST")
        if not any(asked.token in page.roles for page in self.pages.pages.values()):
            raise RefusedError(401, "Invalid access token", "INVALID_ACCESS_TOKEN", serviceErrorCode=65600)


def _create(server: LinkedInServer, asked: Asked) -> Told:
    made = server.pages.create(asked.json(), asked.token, int(server.now() * 1000))
    return 201, b"", {"x-restli-id": made.urn, "x-li-uuid": f"uuid-{len(server.seen)}"}


def _posts(server: LinkedInServer, asked: Asked) -> Told:
    author = asked.query["author"]
    server.pages.may_post(author, asked.token)
    if asked.query.get("q") != "author" or asked.query.get("sortBy") not in {"CREATED", "LAST_MODIFIED"}:
        raise RefusedError(400, "q=author is needed")
    found = [] if server.pages.hidden else server.own(author.rpartition(":")[2])
    rows = [_told(post) for post in sorted(found, key=lambda one: -one.made_ms)]
    undated = server.pages.undated
    return _listed(
        asked,
        [{k: v for k, v in row.items() if k != "createdAt" or row["id"] not in undated} for row in rows],
    )


def _told(post: Post) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": post.urn, "author": post.author, "commentary": as_little(post.text), "createdAt": post.made_ms,
        "lifecycleState": post.state, "visibility": "PUBLIC",
    }  # fmt: skip
    said |= {"content": post.content} if post.content else {}
    return said | ({"reshareContext": {"parent": post.parent, "root": post.parent}} if post.parent else {})


def _listed(asked: Asked, found: list[dict[str, Any]]) -> Told:
    start, count = int(asked.query.get("start", 0)), int(asked.query.get("count", 10))
    links = [{"rel": "next", "href": asked.path}] if start + count < len(found) else []
    paging = {"start": start, "count": count, "links": links}
    return 200, {"elements": found[start : start + count], "paging": paging}, {}


def _initialize_image(server: LinkedInServer, asked: Asked) -> Told:
    made = _medium(server, asked, "image")
    ends = int(server.now() + DAY_S) * 1000
    told = {
        "uploadUrl": f"{server.url}/dms-uploads/{made.urn}/0",
        "image": made.urn,
        "uploadUrlExpiresAt": ends,
    }
    return 200, {"value": told}, {}


def _initialize_video(server: LinkedInServer, asked: Asked) -> Told:
    made = _medium(server, asked, "video")
    made.size, made.token = (
        int(asked.json()["initializeUploadRequest"]["fileSizeBytes"]),
        f"t-{made.urn[-3:]}",
    )
    edges = [(first, min(first + PART, made.size) - 1) for first in range(0, made.size, PART)]
    made.parts = [last - first + 1 for first, last in edges]
    told = [
        {"uploadUrl": f"{server.url}/dms-uploads/{made.urn}/{n}", "firstByte": first, "lastByte": last}
        for n, (first, last) in enumerate(edges)
    ]
    return 200, {"value": {"video": made.urn, "uploadInstructions": told, "uploadToken": made.token}}, {}


def _medium(server: LinkedInServer, asked: Asked, kind: str) -> Medium:
    if asked.query.get("action") != "initializeUpload":
        raise RefusedError(400, "unknown action")
    owner = str(asked.json()["initializeUploadRequest"]["owner"])
    server.pages.may_post(owner, asked.token)
    made = Medium(f"urn:li:{kind}:C4E{next(server.named):05d}", owner)
    server.pages.media[made.urn] = made
    return made


def _upload(server: LinkedInServer, asked: Asked, urn: str, number: str) -> Told:
    medium, n = server.pages.media.get(urn), int(number)
    if medium is None or not asked.token:
        return 403, b"", {}
    if ":image:" in urn:
        medium.size, medium.state = len(asked.body), "AVAILABLE" if asked.body else "PROCESSING_FAILED"
        return 201, b"", {}
    if medium.parts[n] != len(asked.body):
        return 400, b"", {}
    medium.received[n] = f"etiqueta-{urn[-3:]}-{n}"
    return 200, b"", {"ETag": medium.received[n]}


def _videos(server: LinkedInServer, asked: Asked) -> Told:
    return (_finalize if asked.query.get("action") == "finalizeUpload" else _initialize_video)(server, asked)


def _finalize(server: LinkedInServer, asked: Asked) -> Told:
    said = asked.json()["finalizeUploadRequest"]
    medium = server.pages.media[said["video"]]
    whole = [medium.received.get(n) for n in range(len(medium.parts))]
    if said["uploadToken"] != medium.token or said["uploadedPartIds"] != whole or None in whole:
        raise RefusedError(400, "The uploaded parts are not all there")
    medium.state = "PROCESSING"
    return 200, b"", {}


def _video(server: LinkedInServer, _: Asked, urn: str) -> Told:
    medium = server.pages.media.get(urn)
    if medium is None:
        raise RefusedError(404, f"Could not find {urn}", "NOT_FOUND")
    medium.looks += medium.state == "PROCESSING"
    if medium.state == "PROCESSING" and medium.looks >= server.pages.looks:
        medium.state = "PROCESSING_FAILED" if server.pages.video_fails else "AVAILABLE"
    return 200, {"id": urn, "status": medium.state, "owner": medium.owner}, {}


def _roles(server: LinkedInServer, asked: Asked) -> Told:
    found = [
        {
            "organization": f"urn:li:organization:{page.number}",
            "role": page.roles[asked.token],
            "state": "APPROVED",
        }
        for page in server.pages.pages.values()
        if asked.token in page.roles
    ]
    return _listed(asked, found)


def _organisation(server: LinkedInServer, asked: Asked, number: str) -> Told:
    page = server.pages.may_post(f"urn:li:organization:{number}", asked.token)
    return 200, {"id": int(number), "vanityName": page.vanity_name, "localizedName": page.vanity_name}, {}


def _followers(server: LinkedInServer, asked: Asked, urn: str) -> Told:
    if asked.query.get("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
        raise RefusedError(400, "edgeType is needed")
    return 200, {"firstDegreeSize": server.pages.pages[urn.rpartition(":")[2]].followers}, {}


def _urns(listed: str) -> list[str]:
    assert listed.startswith("List(")
    return [unquote(one) for one in listed.removeprefix("List(").removesuffix(")").split(",")]


def _social(server: LinkedInServer, asked: Asked) -> Told:
    found = {
        urn: server.pages.posts[urn].social for urn in _urns(asked.query["ids"]) if urn in server.pages.posts
    }
    results = {
        urn: {
            "reactionSummaries": {kind: {"count": n} for kind, n in social.items() if kind != "comments"},
            "commentSummary": {"count": social.get("comments", 0)},
        }
        for urn, social in found.items()
    }
    return 200, {"results": results, "errors": {}, "statuses": {}}, {}


def _statistics(server: LinkedInServer, asked: Asked) -> Told:
    page = server.pages.may_post(asked.query["organizationalEntity"], asked.token)
    if page.roles[asked.token] != "ADMINISTRATOR":
        raise RefusedError(403, f"Not enough permissions to access: {asked.path}", "ACCESS_DENIED")
    kind, listed = next(
        (name[:-1], asked.query[name]) for name in ("shares", "ugcPosts") if name in asked.query
    )
    posts = [server.pages.posts[urn] for urn in _urns(listed) if urn in server.pages.posts]
    return _listed(
        asked, [{kind: post.urn, "totalShareStatistics": post.figures} for post in posts if post.figures]
    )


def _authorize(server: LinkedInServer, asked: Asked) -> Told:
    if asked.query.get("client_id") != APP["client_id"] or "code_challenge" in asked.query:
        return 400, {"error": "invalid_request"}, {}
    back = {"code": server.consent("ficha-de-persona"), "state": asked.query["state"]}
    return 302, b"", {"Location": f"{asked.query['redirect_uri']}?{urlencode(back)}"}


def _token(server: LinkedInServer, asked: Asked) -> Told:
    said = asked.form()
    if {name: said.get(name) for name in APP} != APP:
        return 401, {"error": "invalid_client", "error_description": "Client authentication failed"}, {}
    if said["grant_type"] == "refresh_token":
        renewal = said["refresh_token"]
        if renewal not in server.renewals:
            return 400, {"error": "invalid_request", "error_description": "The refresh token is expired"}, {}
        server.renewals[renewal] += 1
        token = f"{renewal.removeprefix('renueva-')}-{server.renewals[renewal]}"
        for page in server.pages.pages.values():
            # What was opened before stays open until its own end.
            old = next((role for one, role in page.roles.items() if token.startswith(one)), "")
            page.roles |= {token: old} if old else {}
        return _opened(token, renewal, 300)
    token = server.codes.pop(said.get("code", ""), "")
    if not token or "code_verifier" in said:
        return 400, {"error": "invalid_request", "error_description": "Unable to retrieve access token"}, {}
    renewal = f"renueva-{token}"
    server.renewals[renewal] = 0
    return _opened(token, renewal, 365)


def _opened(token: str, renewal: str, days: int) -> Told:
    ends = {"expires_in": 60 * DAY_S, "refresh_token_expires_in": days * DAY_S}
    return 200, {"access_token": token, "refresh_token": renewal, **ends}, {}


_ROUTES: tuple[tuple[str, str, Callable[..., Told]], ...] = (
    ("POST", "/rest/posts", _create),
    ("GET", "/rest/posts", _posts),
    ("POST", "/rest/images", _initialize_image),
    ("POST", "/rest/videos", _videos),
    ("PUT", r"/dms-uploads/(.+)/(\d+)", _upload),
    ("GET", "/rest/organizationAcls", _roles),
    ("GET", r"/rest/organizations/(\d+)", _organisation),
    ("GET", r"/rest/networkSizes/(.+)", _followers),
    ("GET", "/rest/socialMetadata", _social),
    ("GET", "/rest/organizationalEntityShareStatistics", _statistics),
    ("GET", r"/rest/videos/(.+)", _video),
    ("GET", "/oauth/v2/authorization", _authorize),
    ("POST", "/oauth/v2/accessToken", _token),
)


@contextmanager
def running(now: Callable[[], float] = time.time) -> Iterator[LinkedInServer]:
    """Run the simulator in a thread of this process."""
    server = LinkedInServer(now)
    with server.running():
        yield server
