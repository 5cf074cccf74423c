"""LinkedIn, for the page of an organisation, through the Posts API.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api. A post equal to one that is
out is refused, and the refusal names that one; the name is kept with the attempt and the page is looked at, because
such names were seen that lead nowhere for a day or two (ComposioHQ/composio#2710). A link in the text is only text: the
network makes no card of it for posts of this API. A repost or a quote is a post with a parent, shows nothing else, and
a parent is told by the number of a share or of a ``ugcPost``, never of an activity.

What members say below a post is not read: what they write may be kept for two days at most
(https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements), and a reply here is kept.
Tokens last 60 days; those that renew them are given to approved applications and may be used again and again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import Any, ClassVar

from content_calendar.content import PostKind
from content_calendar.rules import Look, NetworkRules
from content_calendar.states import HoldReason
from scheduler.dialects import little_text
from scheduler.dialects.addressed_uploads import AddressedUploads
from scheduler.dialects.media_uploads import prepare_media
from scheduler.dialects.replies import count_in
from scheduler.dialects.restli import Restli, encoded, listed
from scheduler.dialects.same_text import same_text
from scheduler.dialects.shown_media import ours_among
from scheduler.dialects.snowflakes import SINCE_1970_MS, moment_of
from scheduler.dialects.token_exchange import PermissionPage
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    Image,
    Network,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    TargetMissingError,
    Verified,
    Video,
)
from scheduler.powers import Opened, Permission, PictureLimits, RemotePost, VideoLimits

_HOST, _SITE = "https://api.linkedin.com", "https://www.linkedin.com"
# https://learn.microsoft.com/en-us/linkedin/marketing/versioning: each lives for a year.
_VERSION = {"LinkedIn-Version": "202605"}
_OUT = frozenset({"PUBLISHED", "PUBLISH_REQUESTED"})
_MOST_PAGES, _MOST_ORGANISATIONS, _AT_ONCE = 5, 50, 20
# Who may post in an organisation's name:
# https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-access-control
_MAY_POST = frozenset(
    {"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN", "DIRECT_SPONSORED_CONTENT_POSTER"}
)
_FIGURES = {
    "impressionCount": "views", "uniqueImpressionsCount": "reach", "likeCount": "likes", "shareCount": "reposts",
    "commentCount": "replies", "clickCount": "clicks",
}  # fmt: skip
_LINK = re.compile(
    r"https?://(?:[a-z]{2,3}\.)?linkedin\.com/"
    r"(?:(?:feed/update/|embed/feed/update/)urn(?::|%3A)li(?::|%3A)(?P<kind>share|ugcPost|activity)(?::|%3A)(?P<id>\d{1,19})"
    r"|posts/(?P<handle>[^/?#_]+)_[^/?#]*?-(?P<named>share|ugcPost|activity)-(?P<number>\d{1,19})(?:-[\w-]+)?)"
    r"/?(?:[?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_KINDS = {"share": "share", "ugcpost": "ugcPost", "activity": "activity"}
_LOOK = Look(paper="#fff #1b1f23", ink="#191919 #f2f2f2", quiet="#56595c #b0b7bd", line="#dcdad4 #373c40",
             accent="#0a58a6 #71b7fb", corners="8px", face="0")  # fmt: skip


def units(text: str) -> int:
    """Return the length of a text as the network counts it: an emoji is two or more."""
    return len(text.encode("utf-16-le")) // 2


class LinkedIn(PermissionPage):
    """Refuses equal posts, and its pages can be read: a doubt is settled by looking."""

    slug: ClassVar[str] = "linkedin"
    name: ClassVar[str] = "LinkedIn"
    protection: ClassVar[Protection] = Protection.REFUSES_EQUAL
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (CredentialField("access_token"),)
    permissions: ClassVar[Sequence[Permission]] = (
        Permission("w_organization_social", "permission_publish"),
        Permission("r_organization_social", "permission_look_for_posts"),
        Permission("rw_organization_admin", "permission_know_page"),
    )
    page_host, page_path = _SITE, "/oauth/v2/authorization"
    token_host, token_path = _SITE, "/oauth/v2/accessToken"
    # https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow
    knows_pkce, secret_in_form = False, True
    renew_before: ClassVar[timedelta] = timedelta(days=7)
    renews_again_source: ClassVar[str] = (
        "https://learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens"
    )
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="linkedin", max_length=3000, measure=units, unit="characters", max_images=20, max_alt_length=4086,
        measure_alt=units, look=_LOOK,
        source="https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api",
    )  # fmt: skip
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST, PostKind.REPOST, PostKind.QUOTE})
    takes_video: ClassVar[bool] = True
    # Ours: LinkedIn tells its daily limits only to who registered the application.
    pace: ClassVar[Pace] = Pace(timedelta(seconds=30))
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    read_lag: ClassVar[timedelta] = timedelta(minutes=5)
    follower_mills: ClassVar[int] = 0
    followers_source: ClassVar[str] = (
        "https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-lookup-api"
    )

    def new_key(self) -> str:
        """Return a random key: LinkedIn takes none, so it is only ours."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        """Return whether there are pictures or a video to upload."""
        return bool(outgoing.images or outgoing.video)

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Upload pictures or a video; return their ids. Raises UnfinishedError while a video is worked on."""
        if outgoing.kind is not PostKind.POST:
            raise RefusedError(Answer(raw="a repost shows nothing of its own"), hold=HoldReason.MATERIAL)
        uploads = AddressedUploads(_api(access), _author(access), "linkedin.com", access.base_url)
        return prepare_media(uploads, outgoing, _VIDEOS.most_bytes)

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Create the post; its moment is read from its id."""
        asked: dict[str, object] = {
            "author": _author(access),
            "commentary": little_text.written(outgoing.text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }  # fmt: skip
        if outgoing.kind is not PostKind.POST:
            asked["reshareContext"] = {"parent": _target(outgoing)}
        elif shown := _shown(outgoing):
            asked["content"] = shown
        return _receipt(*_api(access, outgoing).create("/rest/posts", asked))

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        """Return the page's own posts since then that say and show the same, or repost the same.

        Raises RefusedError when only a person can tell whether what says the same is this part.
        """
        parent = "" if outgoing.kind is PostKind.POST else _target(outgoing)
        equal = [
            (_receipt(str(post["id"])), _media_of(post))
            for post in _own_posts(access, since)
            if (post.get("reshareContext") or {}).get("parent", "") == parent
            and same_text(little_text.said(str(post.get("commentary", ""))), outgoing.text)
        ]
        return [receipt for receipt, _ in equal] if parent else ours_among(equal, outgoing)

    def read_link(self, url: str) -> RemotePost | None:
        """Return the post that a link leads to; the number tells its moment."""
        found = _LINK.fullmatch(url.strip())
        if found is None:
            return None
        kind, number = found["kind"] or found["named"], found["id"] or found["number"]
        urn = f"urn:li:{_KINDS[kind.casefold()]}:{number}"
        return RemotePost(urn, found["handle"] or "", _address(urn), _moment(urn), _address(urn))

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return what everybody sees of own posts and, for who administers the page, how often they were shown."""
        asked = [one for one in dict.fromkeys(remote_ids) if _moment(one)]
        told: dict[str, Mapping[str, int]] = {}
        for start in range(0, len(asked), _AT_ONCE):
            page = asked[start : start + _AT_ONCE]
            told |= _social(access, page)
            try:
                told |= {urn: {**told.get(urn, {}), **one} for urn, one in _statistics(access, page).items()}
            except RefusedError as error:
                if not told:
                    raise error from None
        return told

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many follow the page."""
        route = f"/rest/networkSizes/{encoded(_author(access))}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
        return count_in(_api(access).ask(HoldReason.ACCESS, "GET", route), "firstDegreeSize")

    def picture_limits(self, limits: Mapping[str, int]) -> PictureLimits:  # noqa: ARG002 -- the contract
        """Return what every page takes."""
        return _PICTURES

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:  # noqa: ARG002 -- the contract
        """Return what every page takes."""
        return _VIDEOS

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return whose page the token opens; raise RefusedError when it opens none, or not this one."""
        return self.open_one(access)

    def open_one(self, access: AccountAccess) -> Opened:
        """Return the page that ``access`` names, out of all in whose name the person may post."""
        wanted = access.handle.removeprefix("@").rpartition("/")[2].casefold()
        found = []
        for number in _organisations(access):
            page = _api(access).ask(HoldReason.ACCESS, "GET", f"/rest/organizations/{number}")
            handle = str(page.get("vanityName") or number)
            if access.remote_id == number or wanted in {number, handle.casefold()}:
                return Opened(access.secrets, None, number, handle)
            found.append(Opened(access.secrets, None, number, handle))
        if len(found) == 1:
            # Whoever asked is told what it opens, and that it is another account.
            return found[0]
        raise RefusedError(Answer(raw="the page is not among those that it opens"), hold=HoldReason.ACCESS)


# https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/videos-api
_VIDEOS = VideoLimits(500 << 20, 3_000, 30 * 60_000)
# https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/images-api
_PICTURES = PictureLimits(most_pixels=36_152_320)


def _api(access: AccountAccess, outgoing: Outgoing | None = None) -> Restli:
    made = partial(Restli, access.base_url or _HOST, access.secrets.get("access_token", ""), _VERSION)
    return made(outgoing.may_send) if outgoing else made()


def _author(access: AccountAccess) -> str:
    if not access.remote_id.isdecimal():
        raise RefusedError(Answer(raw="the page's number is not known"), hold=HoldReason.ACCESS)
    return f"urn:li:organization:{access.remote_id}"


def _shown(outgoing: Outgoing) -> Mapping[str, object] | None:
    ids = outgoing.prepared.get("media_ids", "").split(",")
    media: list[Image | Video] = [*outgoing.images, *([outgoing.video] if outgoing.video else [])]
    shown = [
        {"id": one, "altText": medium.alt_text} if medium.alt_text else {"id": one}
        for one, medium in zip(ids, media, strict=False)
    ]
    if not shown:
        return None
    return {"media": shown[0]} if len(shown) == 1 else {"multiImage": {"images": shown}}


def _target(outgoing: Outgoing) -> str:
    found = LinkedIn().read_link(outgoing.target)
    if found is None or ":activity:" in found.remote_id:
        raise TargetMissingError(
            Answer(raw="the target is no link to a share of LinkedIn"), hold=HoldReason.CONTENT
        )
    return found.remote_id


def _own_posts(access: AccountAccess, since: datetime) -> Iterator[Mapping[str, Any]]:
    """Yield the page's own posts since then, the newest first."""
    route = f"/rest/posts?author={encoded(_author(access))}&q=author&sortBy=CREATED"
    for post in _api(access).elements(route, _MOST_PAGES):
        made = post.get("createdAt")
        at = (
            datetime.fromtimestamp(made / 1000, UTC)
            if isinstance(made, int)
            else _moment(str(post.get("id")))
        )
        if at is not None and at < since:
            return
        if at is not None and post.get("lifecycleState") in _OUT:
            yield post


def _media_of(post: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of what a post shows: one medium, or several pictures."""
    content = post.get("content") or {}
    several = (content.get("multiImage") or {}).get("images") or ()
    ids = (str(one.get("id") or "") for one in (content.get("media") or {}, *several))
    return frozenset(ids) - {""}


def _organisations(access: AccountAccess) -> Iterator[str]:
    """Yield the numbers of the organisations in whose name the token's person may post."""
    route, seen = "/rest/organizationAcls?q=roleAssignee&state=APPROVED", set()
    for one in _api(access).elements(route, 1):
        number = str(one.get("organization", "")).removeprefix("urn:li:organization:")
        if one.get("role") in _MAY_POST and number.isdecimal() and number not in seen:
            seen.add(number)
            if len(seen) > _MOST_ORGANISATIONS:
                return
            yield number


def _social(access: AccountAccess, urns: Sequence[str]) -> dict[str, Mapping[str, int]]:
    """Return reactions and comments, as everybody sees them."""
    said = _api(access).ask(HoldReason.ACCESS, "GET", f"/rest/socialMetadata?ids={listed(urns)}")
    found: dict[str, Mapping[str, int]] = {}
    for urn, one in (said.get("results") or {}).items():
        reactions = (one.get("reactionSummaries") or {}).values()
        counts = [count for each in reactions if (count := count_in(each, "count")) is not None]
        replies = count_in(one.get("commentSummary") or {}, "count")
        found[str(urn)] = {"likes": sum(counts), **({} if replies is None else {"replies": replies})}
    return found


def _statistics(access: AccountAccess, urns: Sequence[str]) -> dict[str, Mapping[str, int]]:
    """Return how often posts were shown, and what came of it; LinkedIn keeps twelve months of it."""
    whose = f"q=organizationalEntity&organizationalEntity={encoded(_author(access))}"
    route = f"/rest/organizationalEntityShareStatistics?{whose}"
    found: dict[str, Mapping[str, int]] = {}
    for parameter, kind in (("shares", "share"), ("ugcPosts", "ugcPost")):
        if asked := [urn for urn in urns if f":{kind}:" in urn]:
            for one in _api(access).elements(f"{route}&{parameter}={listed(asked)}", 1):
                figures = one.get("totalShareStatistics") or {}
                told = {ours: count_in(figures, name) for name, ours in _FIGURES.items()}
                found[str(one.get(kind))] = {name: n for name, n in told.items() if n is not None}
    return found


def _receipt(urn: str, request_id: str = "") -> Receipt:
    return Receipt(urn, _address(urn), _moment(urn), request_id)


def _address(urn: str) -> str:
    return f"{_SITE}/feed/update/{urn}/"


def _moment(urn: str) -> datetime | None:
    number = urn.rpartition(":")[2]
    return moment_of(number, SINCE_1970_MS) if urn.startswith("urn:li:") and number.isdecimal() else None


NETWORK: Network = LinkedIn()
