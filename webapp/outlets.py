"""The accounts of a draft, each with what its network takes: kinds, video, length, links, price.

Nothing here knows a network: everything is asked of what its file declares.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, joinedload, with_polymorphic

from content_calendar.content import Content, PostKind
from content_calendar.models.directory import Account, Body, Credential, Owner
from content_calendar.rules import NetworkRules, Problem, Severity, tightest
from content_calendar.text_rules import characters
from scheduler.network import Network
from scheduler.networks import network_for, networks
from scheduler.powers import Charges, ReadsLinks, RemotePost, TellsLimits

# For a network without a file, which people publish on by hand, and while no account is chosen.
NO_RULES = NetworkRules(network="", max_length=None, measure=characters, unit="characters")
# With what only bodies have: else each body asks the database once more for its state.
_OWNER = with_polymorphic(Owner, [Body], flat=True)
_WITH_OWNERS = (
    select(Account, exists().where(Credential.account_id == Account.id))
    .where(Account.id.in_(bindparam("ids", expanding=True)))
    .options(joinedload(Account.owner.of_type(_OWNER)))
    .order_by(Account.id)
)
_TARGETED = frozenset({PostKind.REPOST, PostKind.QUOTE})


@dataclass(frozen=True)
class Outlet:
    """An account to publish with. ``network`` is its own network's file, None where there is none.

    ``publisher`` is what publishes for it: its network, or a person by hand.
    """

    account: Account
    network: Network | None
    publisher: Network

    @property
    def slug(self) -> str:
        """Return the slug of the account's network."""
        return self.account.network

    @property
    def name(self) -> str:
        """Return the network as people call it."""
        return self.network.name if self.network else self.slug.capitalize()

    @property
    def rules(self) -> NetworkRules:
        """Return what the account's server takes; the text goes there whoever publishes it."""
        if self.network is None:
            return NO_RULES
        if isinstance(self.network, TellsLimits):
            return self.network.rules_within(self.account.limits or {})
        return self.network.rules

    @property
    def charges(self) -> Charges | None:
        """Return what tells the price, where publishing costs money: a person pays nothing."""
        return self.publisher if isinstance(self.publisher, Charges) else None


def outlets(session: Session, account_ids: Sequence[int]) -> list[Outlet]:
    """Return the accounts with their owners and networks; one query."""
    if not account_ids:
        return []
    rows = session.execute(_WITH_OWNERS, {"ids": account_ids})
    known = networks()
    return [
        Outlet(account, known.get(account.network), network_for(account.network, connected=keyed))
        for account, keyed in rows
    ]


def rules_by_network(chosen: Iterable[Outlet]) -> dict[str, NetworkRules]:
    """Return, for each network of the accounts, rules that all of them keep to."""
    several: dict[str, list[NetworkRules]] = {}
    for one in chosen:
        several.setdefault(one.slug, []).append(one.rules)
    return {slug: tightest(some) for slug, some in sorted(several.items())}


def usual_rules(slugs: Iterable[str]) -> dict[str, NetworkRules]:
    """Return the rules of networks of which no account is chosen yet."""
    known = networks()
    return {slug: known[slug].rules for slug in sorted(set(slugs) & set(known))}


def of_kind(chosen: Sequence[Outlet], content: Content) -> Iterator[Problem]:
    """Yield what an account's network does not publish: the kind of post, or a video."""
    kind = PostKind(content.kind)
    for one in chosen:
        said = {"network": one.name, "account": f"@{one.account.handle.lstrip('@')}"}
        if kind not in one.publisher.kinds:
            yield Problem(NOT_TAKEN[kind], Severity.ERROR, field="accounts", params=said)
        elif not one.publisher.takes_video and any(medium.is_video for medium in content.media):
            yield Problem("video_not_taken", Severity.ERROR, field="images", params=said)


NOT_TAKEN: Mapping[PostKind, str] = {
    PostKind.POST: "post_not_taken",
    PostKind.THREAD: "thread_not_taken",
    PostKind.REPOST: "repost_not_taken",
    PostKind.QUOTE: "quote_not_taken",
}
"""What is said of a network that does not publish a kind."""


def of_target(chosen: Sequence[Outlet], content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the link of the post that is shared or quoted."""
    if PostKind(content.kind) not in _TARGETED:
        return
    if not content.target:
        yield Problem("target_missing", Severity.ERROR, field="target")
        return
    if not content.target.startswith(("https://", "http://")):
        yield Problem("target_not_a_link", Severity.ERROR, field="target")
        return
    for one in chosen:
        reader: object = one.network
        if isinstance(reader, ReadsLinks) and reader.read_link(content.target) is None:
            said = {"network": one.name, "account": f"@{one.account.handle.lstrip('@')}"}
            yield Problem("target_elsewhere", Severity.ERROR, field="target", params=said)


def target_of(url: str) -> tuple[str, RemotePost] | None:
    """Return the name of the network that reads the link of a post, and what it says; None when none does."""
    for network in networks().values() if url else ():
        read = network.read_link(url) if isinstance(network, ReadsLinks) else None
        if read is not None:
            return network.name, read
    return None


def same_target(url: str) -> tuple[str, str]:
    """Return what two links of one post have in common: its network and id, or the link where none reads it."""
    read = target_of(url)
    return ("", url.strip()) if read is None else (read[0], read[1].remote_id)


@dataclass(frozen=True)
class PartCost:
    """What one part costs on one account, in thousandths of a US dollar."""

    number: int
    mills: int
    without_link: int


@dataclass(frozen=True)
class Cost:
    """What a post costs on the accounts of one network; ``mills`` is the whole, ``parts`` are those of one account."""

    slug: str
    name: str
    source: str
    accounts: int
    parts: Sequence[PartCost]

    @property
    def mills(self) -> int:
        """Return what it costs on all the accounts."""
        return self.accounts * sum(part.mills for part in self.parts)

    @property
    def without_links(self) -> int:
        """Return what it would cost without the links that make it dearer."""
        return self.accounts * sum(min(part.mills, part.without_link) for part in self.parts)


def costs(chosen: Sequence[Outlet], content: Content) -> list[Cost]:
    """Return what publishing costs on each network that charges for it."""
    found: dict[str, list[Charges]] = {}
    names = {}
    for one in chosen:
        if one.charges is not None:
            found.setdefault(one.slug, []).append(one.charges)
            names[one.slug] = one.name
    made = []
    for slug, some in found.items():
        prices = [
            some[0].price(text, sum(bool(medium.alt_text) for medium in content.media_of(number)))
            for number, text in enumerate(content.parts_for(slug), start=1)
        ]
        parts = [PartCost(n, price.mills, price.without_link) for n, price in enumerate(prices, start=1)]
        made.append(Cost(slug, names[slug], some[0].price_source, len(some), parts))
    return made
