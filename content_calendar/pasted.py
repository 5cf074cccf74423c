"""What somebody pastes to tell of an account: a link or an @handle becomes a network, a handle and one address. Pure.

Which networks have which addresses is data, in ``profile_links.csv``: also networks that Resuena does not publish on.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

LONGEST = 1000
_FILE = Path(__file__).parent / "profile_links.csv"
_HOST_PARTS = 2
# Federated servers stand anywhere; all of them write a profile like this.
_ANYWHERE = re.compile(r"/@(?P<name>\w[\w.-]{0,60})(?P<at>@[\w.-]{3,100})?(?:/|$)", re.ASCII)
_FEDERATED_HANDLE = re.compile(
    r"@?(?P<name>\w[\w.-]{0,60})@(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)+)", re.ASCII | re.IGNORECASE
)
_BARE = re.compile(r"@?[\w.·-]{1,100}")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Profiles:
    """How one network writes the addresses of its accounts.

    ``before`` are the parts of a path that may stand before the handle, or the sign that begins it.
    """

    network: str
    hosts: frozenset[str]
    before: frozenset[str]
    address: str
    letters: re.Pattern[str]
    reserved: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted. ``network`` is empty for a bare handle, and for a link of no network we know.

    ``url`` is the account's address without what tracks people; empty where the network is not known. ``host`` is
    the one of a link.
    """

    network: str
    handle: str
    url: str
    host: str = ""


NOTHING = Pasted("", "", "")


@cache
def _profiles() -> Sequence[Profiles]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return [
            Profiles(
                row["network"],
                frozenset(row["hosts"].split()),
                frozenset(row["before"].split()),
                row["address"],
                re.compile(row["letters"]),
                frozenset(row["reserved"].split()),
            )
            for row in csv.DictReader(file)
        ]


@cache
def _by_host() -> dict[str, Profiles]:
    return {host: one for one in _profiles() for host in one.hosts}


@cache
def _by_network() -> dict[str, Profiles]:
    return {one.network: one for one in _profiles()}


def known_networks() -> frozenset[str]:
    """Return the networks whose addresses are known."""
    return frozenset(_by_network())


@cache
def _federated_network() -> str:
    """Return the network whose servers stand anywhere: the one without hosts of its own."""
    return next(one.network for one in _profiles() if not one.hosts)


def read_pasted(said: str) -> Pasted:
    """Return what a link or a handle tells; ``NOTHING`` when it tells of no account."""
    said = said.strip()[:LONGEST]
    if (found := _FEDERATED_HANDLE.fullmatch(said)) is not None:
        return _federated(found["name"], found["host"].lower())
    parts = _split(said)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if not host or ("/" not in said and not _looks_like_a_host(said)):
        bare = said.removeprefix("@")
        return Pasted("", bare, "") if _BARE.fullmatch(said) else NOTHING
    profiles = _by_host().get(host)
    if profiles is not None:
        handle = _handle_in(parts, profiles)
        return (
            Pasted(profiles.network, handle, _written(profiles, parts, handle), host) if handle else NOTHING
        )
    if (found := _ANYWHERE.match(unquote(parts.path))) is not None:
        return _federated(found["name"], (found["at"] or host).removeprefix("@").lower())
    first = next((part for part in unquote(parts.path).split("/") if part), "")
    return Pasted("", first.removeprefix("@"), "", host)


def address_of(network: str, handle: str) -> str:
    """Return the address of an account; empty where the network's addresses are not known."""
    profiles = _by_network().get(network)
    handle = handle.removeprefix("@")
    if network == _federated_network():
        name, _, host = handle.partition("@")
        return f"https://{host}/@{name}" if _HOST.fullmatch(host.lower()) else ""
    if profiles is None or profiles.letters.fullmatch(handle) is None:
        return ""
    return profiles.address.format(handle=handle)


def _federated(name: str, host: str) -> Pasted:
    return Pasted(_federated_network(), f"{name}@{host}", f"https://{host}/@{name}", host)


def _split(said: str) -> SplitResult:
    try:
        parts = urlsplit(said if "//" in said[:10] else f"//{said}")
    except ValueError:
        return urlsplit("")
    return parts if parts.scheme in {"", "http", "https"} else urlsplit("")


def _looks_like_a_host(said: str) -> bool:
    return not said.startswith("@") and said.lower().removeprefix("www.") in _by_host()


def _handle_in(parts: SplitResult, profiles: Profiles) -> str:
    names = [one for one in unquote(parts.path).split("/") if one]
    if numbered := parse_qs(parts.query).get("id"):
        # An account without a name of its own: its number stands in the query.
        return numbered[0] if names[:1] == ["profile.php"] and numbered[0].isdecimal() else ""
    if len(names) >= _HOST_PARTS and names[0] in profiles.before:
        names = names[1:]
    elif names[:1] and names[0] in {"pages", "people"} and len(names) > _HOST_PARTS and names[2].isdecimal():
        # A page by its name and its number: the number is what stays.
        return names[2]
    if not names or names[0] in profiles.reserved:
        return ""
    handle = names[0].removeprefix("@")
    return handle if profiles.letters.fullmatch(handle) else ""


def _written(profiles: Profiles, parts: SplitResult, handle: str) -> str:
    """Return the canonical address; of what has a kind before its name, with that kind."""
    first = next((part for part in parts.path.split("/") if part), "")
    kinds = profiles.before - {"@", "pg", "s", "profile"}
    if first in kinds:
        return f"https://{_site(profiles)}/{first}/{handle}"
    if first == "profile.php":
        return f"https://{_site(profiles)}/profile.php?id={handle}"
    return profiles.address.format(handle=handle)


def _site(profiles: Profiles) -> str:
    return urlsplit(profiles.address).hostname or ""
