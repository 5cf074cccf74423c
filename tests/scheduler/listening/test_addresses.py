from ipaddress import ip_address

import pytest

from scheduler.listening.addresses import FetchPolicy, is_forbidden


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "203.0.113.9", "224.0.0.251",
        "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
        "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1",
        "100::1", "3fff::1",
        "not an address", "", "0x7f.1", "2130706433", "127.1",
    ],
)  # fmt: skip
def test_an_address_outside_the_public_network_is_forbidden(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "200.23.8.5", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2806:10ae::1",
     "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"],
)  # fmt: skip
def test_a_public_address_is_let_through(address: str) -> None:
    assert not is_forbidden(address)


@pytest.mark.parametrize("address", ["64:ff9b::127.0.0.1", "2002:7f00:1::", "224.0.0.251", "192.88.99.1"])
def test_the_standard_library_alone_would_let_these_through(address: str) -> None:
    assert ip_address(address).is_global
    assert is_forbidden(address)


def test_a_policy_allows_exactly_the_host_and_port_it_names() -> None:
    policy = FetchPolicy.of(("Feeds.Example:8080", "[::1]:81"))
    assert policy.allows("feeds.example", 8080)
    assert policy.allows("FEEDS.example", 8080)
    assert policy.allows("::1", 81)
    assert not policy.allows("feeds.example", 80)
    assert not policy.allows("other.feeds.example", 8080)


@pytest.mark.parametrize("text", ["feeds.example", ":80", "feeds.example:", "feeds.example:http", "a:٣"])
def test_a_policy_that_is_not_host_and_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        FetchPolicy.of((text,))
