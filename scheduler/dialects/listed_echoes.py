"""Who took a post up, as an API tells it that lists posts with their authors apart, and charges for each of both.

Reposts are read as posts: unlike the list of who reposted, those have their moment, and cost half.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects.api_calls import Api
from scheduler.dialects.replies import count_in
from scheduler.dialects.snowflakes import moment_of
from scheduler.echo_powers import Echoes, EchoForm, RemoteEcho, Sought
from scheduler.network import AccountAccess, RefusedError, UnavailableError

_REPOSTS, _QUOTES, _FOUND = 40, 20, 60
_POST_MILLS, _USER_MILLS = 5, 10
# A quote is sent with the post that it quotes.
_EACH = 2 * _POST_MILLS + _USER_MILLS
# What a search reaches back, with a minute for clocks that differ.
_REACH = timedelta(days=7) - timedelta(minutes=1)
_LONGEST_QUERY, _LONGEST_TEXT = 512, 5000
_NAME, _TAG = re.compile(r"\w{1,15}", re.ASCII), re.compile(r"\w{1,60}")
_NUMBER = re.compile(r"[0-9]{1,19}")
Json = Mapping[str, Any]


class ListedEchoes:
    """The powers ``TellsEchoes``, ``SeeksPosts``, ``ChargesForEchoes`` and ``TellsFollowers`` of such a network."""

    sought_together: ClassVar[int] = 15
    echoes_mills: ClassVar[int] = (_REPOSTS + _QUOTES) * _EACH
    seeking_mills: ClassVar[int] = _FOUND * _EACH
    follower_mills: ClassVar[int] = _USER_MILLS

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many follow the account that the keys open."""
        params = {"user.fields": "public_metrics"}
        said = self._echo_api(access).ask(HoldReason.ACCESS, "GET", "/2/users/me", params=params)
        return count_in(_object(_object(said.get("data")).get("public_metrics")), "followers_count")

    def read_echoes(self, access: AccountAccess, remote_id: str) -> Echoes:
        """Return who reposted and who quoted the post lately: one page of each."""
        if not _NUMBER.fullmatch(remote_id):
            return Echoes()
        api, route = self._echo_api(access), f"/2/tweets/{remote_id}"
        reposts = self._page(api, f"{route}/retweets", EchoForm.REPOST, {"max_results": str(_REPOSTS)})
        try:
            quotes = self._page(api, f"{route}/quote_tweets", EchoForm.QUOTE, {"max_results": str(_QUOTES)})
        except (RefusedError, UnavailableError):
            # The reposts are read and paid: the next look asks for the quotes again.
            quotes = Echoes(whole=False)
        found = [
            RemoteEcho(one.form, one.account_id, one.handle, one.link, one.text, one.at, (remote_id,), one.picture)
            for one in (*reposts.found, *quotes.found)
        ]  # fmt: skip
        return Echoes(found, reposts.whole and quotes.whole, reposts.mills + quotes.mills)

    def seek_posts(
        self, access: AccountAccess, sought: Sequence[Sought], tags: Sequence[str], since: datetime
    ) -> Echoes:
        """Return what these accounts said with one of the tags, or quoted, in the last seven days at most."""
        query = _query(sought, tags)
        if not query:
            # Nobody was asked about: people look.
            return Echoes(whole=False)
        begins = max(since, clock.now() - _REACH).astimezone(UTC)
        asked = {
            "query": query,
            "max_results": str(_FOUND),
            "start_time": begins.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return self._page(self._echo_api(access), "/2/tweets/search/recent", EchoForm.POST, asked)

    def _echo_api(self, access: AccountAccess) -> Api:
        """Return the API as the account opens it."""
        raise NotImplementedError

    def _text_of(self, post: Json) -> str:
        """Return what a post says, its links written out."""
        raise NotImplementedError

    def _address_of(self, handle: str, remote_id: str) -> str:
        """Return where people see a post."""
        raise NotImplementedError

    def _page(self, api: Api, route: str, form: EchoForm, asked: Mapping[str, str]) -> Echoes:
        params = {
            **asked,
            "expansions": "author_id,referenced_posts",
            "post.fields": "created_at,entities,note_post,attachments",
            "user.fields": "username",
        }
        page = api.ask(HoldReason.ACCESS, "GET", route, params=params)
        posts = _listed(page.get("data"))
        brought = _object(page.get("includes"))
        users = {str(one.get("id")): one for one in _listed(brought.get("users"))}
        # To be told which post is quoted is to be sent it: that is one more post read.
        read = len(posts) + len(_listed(brought.get("posts") or brought.get("tweets")))
        found = list(self._found(posts, users, form))
        whole = not _object(page.get("meta")).get("next_token")
        return Echoes(found, whole, read * _POST_MILLS + len(users) * _USER_MILLS)

    def _found(
        self, posts: Sequence[Json], users: Mapping[str, Json], form: EchoForm
    ) -> Iterator[RemoteEcho]:
        for post in posts:
            remote_id, author = str(post.get("id", "")), str(post.get("author_id", ""))
            if not _NUMBER.fullmatch(remote_id):
                continue
            handle = str(_object(users.get(author)).get("username", ""))[:_LONGEST_TEXT]
            quoted = tuple(
                str(one.get("id"))
                for one in _listed(post.get("referenced_posts") or post.get("referenced_tweets"))
                if one.get("type") == "quoted"
            )
            told = EchoForm.QUOTE if quoted and form is EchoForm.POST else form
            text = self._text_of(post)[:_LONGEST_TEXT] if isinstance(post.get("text"), str) else ""
            media = _object(post.get("attachments")).get("media_keys")
            picture = str(media[0])[:100] if isinstance(media, list) and media else ""
            link = self._address_of(handle or "i", remote_id)
            yield RemoteEcho(told, author, handle, link, text, moment_of(remote_id), quoted, picture)


def _query(sought: Sequence[Sought], tags: Sequence[str]) -> str:
    """Return the question in the network's words; empty when nobody or nothing can be asked for."""
    names = [name for one in sought if _NAME.fullmatch(name := one.handle.removeprefix("@"))]
    marks = [tag for one in tags if _TAG.fullmatch(tag := one.removeprefix("#"))]
    if not names or not marks:
        return ""
    who = " OR ".join(f"from:{name}" for name in names)
    # As many tags as the longest question has room for, the first first.
    while (
        marks
        and len(query := f"({who}) ({' OR '.join(f'#{tag}' for tag in marks)}) -is:retweet") > _LONGEST_QUERY
    ):
        marks.pop()
    return query if marks else ""


def _listed(said: object) -> list[Json]:
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _object(said: object) -> Json:
    return said if isinstance(said, dict) else {}
