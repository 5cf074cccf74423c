"""When two links lead to one post: each network tells a post's link in many spellings, and only its file knows them."""

from scheduler.listening.identity import canonical_link, link_key
from scheduler.networks import networks
from scheduler.powers import ReadsLinks


def same_link(link: str) -> str:
    """Return a link in the form in which links are compared: of a network's post always the same one."""
    for network in networks().values():
        if isinstance(network, ReadsLinks) and (post := network.read_link(link)) is not None:
            return canonical_link(post.permalink or post.url)
    return canonical_link(link)


def evidence_key(link: str) -> str:
    """Return the hash under which what a link shows is kept, one for all its spellings; empty for no link."""
    return link_key(same_link(link))
