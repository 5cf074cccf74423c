"""Which addresses a feed may live at. Pure: the addresses come in as text, already resolved.

``ipaddress.is_global`` is not enough: it calls NAT64 of 127.0.0.1, 6to4 and multicast global. So the
list is our own, taken from the IANA special-purpose registries (RFC 6890 and its updates).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Self

_FORBIDDEN_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the clouds' metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Of IPv6 only global unicast is let through; loopback, unique local, link-local, site-local,
# multicast, unspecified, discard and whatever is assigned tomorrow lie outside it.
_GLOBAL_V6 = IPv6Network("2000::/3")
_FORBIDDEN_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def is_forbidden(address: str) -> bool:
    """Return whether a request to this IP address could reach something that is not public.

    An IPv4 address carried inside IPv6 (mapped, NAT64) is judged as itself. What is not an address
    at all is forbidden.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return True
    if isinstance(parsed, IPv6Address):
        inner = _carried(parsed)
        if inner is None:
            # A scope ("%eth0") never belongs to a public address.
            return (
                parsed.scope_id is not None
                or parsed not in _GLOBAL_V6
                or any(parsed in block for block in _FORBIDDEN_V6)
            )
        parsed = inner
    return any(parsed in block for block in _FORBIDDEN_V4)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Where requests may go and who they say they are.

    ``allowed`` are the ``(host, port)`` pairs that an administrator let through whatever their address
    or port. ``contact`` is a page or mail address that goes into the User-Agent, so that the owner of
    a site can write to us.
    """

    allowed: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    contact: str = ""

    @classmethod
    def of(cls, allowed: Iterable[str] = (), contact: str = "") -> Self:
        """Return a policy from ``host:port`` texts, as the setting ``RESUENA_FEED_ALLOW`` lists them.

        Raises ``ValueError`` when one of them is not of that form.
        """
        return cls(frozenset(_host_and_port(text) for text in allowed), contact)

    def allows(self, host: str, port: int) -> bool:
        """Return whether an administrator named this host and port."""
        return (host.lower(), port) in self.allowed


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.strip().rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        message = f"not host:port: {text!r}"
        raise ValueError(message)
    return host.strip("[]").lower(), int(port)
