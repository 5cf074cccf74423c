"""The link by which a person proves that something is out: which post it leads to, and whose."""

from content_calendar.accounts import fold_handle
from content_calendar.errors import InvalidError
from content_calendar.models.directory import Account
from scheduler.networks import networks
from scheduler.powers import ReadsLinks, RemotePost


class LinkOfAnotherAccountError(InvalidError):
    """The link leads to a post of another account, ``theirs``; the publication is of ``ours``."""

    code = "link_of_another_account"


def proof_of(account: Account, url: str) -> str:
    """Return the id of the post that the link leads to, empty when no network reads it.

    Raises LinkOfAnotherAccountError for a post of another account, or of another network than the account's.
    """
    # The same link on two networks is unheard of; asking the account's own first settles even that.
    for network in sorted(networks().values(), key=lambda one: one.slug != account.network):
        if not isinstance(network, ReadsLinks) or (seen := network.read_link(url)) is None:
            continue
        elsewhere = network.slug != account.network and isinstance(
            networks().get(account.network), ReadsLinks
        )
        if elsewhere or not _is_own(account, seen):
            theirs = f"{seen.handle} ({network.name})"
            raise LinkOfAnotherAccountError(field="link", theirs=theirs, ours=account.handle)
        return seen.remote_id
    return ""


def _is_own(account: Account, seen: RemotePost) -> bool:
    theirs, ours = fold_handle(seen.handle), fold_handle(account.handle)
    if not theirs:
        # A link that names no account cannot belie that it is ours.
        return True
    if ":" in theirs:
        # An immutable id instead of a name; without ours there is nothing to compare it with.
        return account.remote_id is None or theirs == account.remote_id.casefold()
    # Where a name says its server, the directory may hold it without.
    short = theirs.partition("@")[0] == ours.partition("@")[0] and ("@" in theirs) != ("@" in ours)
    return theirs == ours or short
