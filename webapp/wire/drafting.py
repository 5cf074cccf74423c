"""From a note to a draft in one click: source credited, link clean, its account mentioned on each network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import directory, posts
from content_calendar.clock import now
from content_calendar.content import Content, PostKind
from content_calendar.errors import ConflictError
from content_calendar.models.directory import Account, Owner, OwnerKind, Standing
from content_calendar.models.plan import Campaign
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.posts import Draft
from content_calendar.rules import NetworkRules
from content_calendar.states import PostState
from content_calendar.wall_time import wall_time
from scheduler.listening.identity import without_tracking
from scheduler.models import Entry
from scheduler.relaying import judging, relays
from scheduler.relaying.relays import remote_post
from webapp import outlets
from webapp.calendar.forms import LONGEST_TITLE
from webapp.outlets import Outlet
from webapp.session import db, needs, person, settings
from webapp.wire import wording
from webapp.wire.doors import SEE_OTHER, announce, blueprint, find_entry

_CAMPAIGN = "vinculacionsnt"
_CLOSED = frozenset({PostState.DONE, PostState.DISCARDED})


class NothingToShareWithError(ConflictError):
    """None of the commission's accounts on that network can do it. ``network`` is its name."""

    code = "relay_without_account"


class NotAPostError(ConflictError):
    """The note's link leads to no post of a network that we know."""

    code = "relay_not_a_post"


@dataclass(frozen=True)
class Source:
    """How a note's owner is credited: by name, and by its official handle where a network has one."""

    name: str
    handles: Mapping[str, str]

    def on(self, network: str) -> str:
        """Return what is written on a network: a handle only where it is official today."""
        return self.handles.get(network, self.name)


def source_of(owner: Owner) -> Source:
    """Return how an owner is credited today; one query."""
    today = wall_time(now(), settings().zone).date()
    handles: dict[str, str] = {}
    for one in directory.official_accounts(db(), today):
        if one.owner_id == owner.id and one.handle:
            handles.setdefault(one.network, f"@{one.handle.lstrip('@')}")
    return Source(owner.short_name, handles)


def own_outlets() -> list[Outlet]:
    """Return the commission's connected accounts; two queries."""
    ids = (
        db()
        .scalars(
            select(Account.id)
            .join(Owner, Owner.id == Account.owner_id)
            .where(
                Account.connected_at.is_not(None),
                Account.valid_to.is_(None),
                Account.standing == Standing.IN_FORCE,
                Owner.kind == OwnerKind.COMMISSION,
            )
            .order_by(Account.id)
        )
        .all()
    )
    return outlets.outlets(db(), ids)


def _campaigns() -> Sequence[Campaign]:
    return db().scalars(select(Campaign).where(Campaign.slug == _CAMPAIGN)).all()


@blueprint.post("/cable/<ref>/borrador")
@needs(Permission.WRITE_POSTS)
def draft(ref: str) -> BaseResponse:
    """Make a draft of a note; who comes second is led to the one that is there."""
    entry = find_entry(ref)
    return _lead_to(relays.take(db(), entry, PostKind.POST, lambda: _write(_draft(entry))))


@blueprint.post("/cable/<ref>/repost")
@needs(Permission.WRITE_POSTS)
def repost(ref: str) -> BaseResponse:
    """Make a repost of a note that is a post of a network."""
    return _share(ref, PostKind.REPOST)


@blueprint.post("/cable/<ref>/cita")
@needs(Permission.WRITE_POSTS)
def quote(ref: str) -> BaseResponse:
    """Make a quote of a note that is a post of a network."""
    return _share(ref, PostKind.QUOTE)


def _share(ref: str, kind: PostKind) -> BaseResponse:
    entry = find_entry(ref)
    link = without_tracking(entry.link)
    found = remote_post(link)
    if found is None:
        raise NotAPostError
    chosen = [one for one in own_outlets() if one.slug == found[0] and kind in one.publisher.kinds]
    if not chosen:
        raise NothingToShareWithError(network=outlets.target_of(link)[0])  # type: ignore[index] # it was read above
    return _lead_to(relays.take(db(), entry, kind, lambda: _write(_shared(entry, kind, link, chosen))))


def _write(draft: Draft) -> Post:
    return posts.create(db(), person(), draft)


def _draft(entry: Entry) -> Draft:
    chosen, campaigns, source = own_outlets(), _campaigns(), source_of(entry.owner)
    link = without_tracking(entry.link)
    rules = outlets.rules_by_network(chosen)

    def words(said: str, network: str = "") -> str:
        return wording.told(said, link, source.on(network), campaigns)

    said = wording.fitting(wording.headline(entry.title, entry.summary), _fits(rules, words))
    content = Content(
        parts=(words(said),),
        variants={slug: (words(said, slug),) for slug in rules if slug in source.handles},
        accounts=tuple(sorted(one.account.ref for one in chosen)),
    )
    return _around(entry, content, chosen, campaigns)


def _fits(rules: Mapping[str, NetworkRules], words: Callable[[str, str], str]) -> Callable[[str], bool]:
    def fits(said: str) -> bool:
        return all(
            one.max_length is None or one.measure(words(said, slug)) <= one.max_length
            for slug, one in rules.items()
        )

    return fits


def _shared(entry: Entry, kind: PostKind, link: str, chosen: Sequence[Outlet]) -> Draft:
    campaigns, source = _campaigns(), source_of(entry.owner)
    text = "" if kind is PostKind.REPOST else wording.quoted(source.on(chosen[0].slug), campaigns)
    content = Content(
        (text,), kind.value, accounts=tuple(sorted(one.account.ref for one in chosen)), target=link
    )
    return _around(entry, content, chosen, campaigns)


def _around(entry: Entry, content: Content, chosen: Sequence[Outlet], campaigns: Sequence[Campaign]) -> Draft:
    """Return the draft with what surrounds its content; its moment is left to whoever writes it."""
    themes = judging.current(db(), settings().zone)
    said = wording.headline(entry.title, entry.summary) or entry.link
    return Draft(
        content,
        account_ids=sorted(one.account.id for one in chosen),
        title=f"{entry.owner.short_name}: {said}"[:LONGEST_TITLE],
        theme_id=judging.theme_id_of(db(), entry, themes),
        campaign_ids=[one.id for one in campaigns],
        origin_url=without_tracking(entry.link),
    )


def _lead_to(taken: relays.Taken) -> BaseResponse:
    post = taken.post
    if taken.made:
        announce(
            {
                "text": gettext(
                    "Listo: borrador con la fuente y el enlace limpio. Revísalo y elige cuándo sale."
                ),
                "undo_url": url_for("calendar.discard", ref=post.ref),
                "undo_label": gettext("Descartarlo"),
            }
        )
    elif post.state is PostState.DONE:
        announce(gettext("Esta nota ya salió: la publicó %(name)s.", name=post.author.name), "info")
    else:
        announce(
            gettext("Ya hay una publicación de esta nota, de %(name)s: es esta.", name=post.author.name),
            "info",
        )
    closed = post.state in _CLOSED
    place = url_for("calendar.post" if closed else "calendar.edit_post", ref=post.ref)
    return redirect(place, SEE_OTHER)
