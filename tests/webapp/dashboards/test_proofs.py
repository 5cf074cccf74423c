"""The link that proves: of this account's post, and of nobody else's."""

import pytest

from content_calendar.models.directory import Account
from scheduler.networks import networks
from scheduler.powers import ReadsLinks
from webapp.dashboards.proofs import LinkOfAnotherAccountError, proof_of

X_LINK = "https://x.com/INFONL/status/1724000000000000001"


def account(handle: str, network: str = "x", remote_id: str | None = None) -> Account:
    return Account(network=network, handle=handle, handle_folded=handle.casefold(), remote_id=remote_id)


def test_the_accounts_own_link_is_read_however_its_name_is_written() -> None:
    assert proof_of(account("infonl"), X_LINK) == "1724000000000000001"
    assert proof_of(account("@InfoNL"), X_LINK) == "1724000000000000001"


def test_a_link_of_another_account_is_refused() -> None:
    with pytest.raises(LinkOfAnotherAccountError) as refused:
        proof_of(account("ITEI"), X_LINK)
    assert refused.value.params == {"theirs": "INFONL (X)", "ours": "ITEI"}


def test_control_without_the_comparison_another_accounts_link_would_be_a_proof() -> None:
    reader: object = networks()["x"]
    assert isinstance(reader, ReadsLinks)
    seen = reader.read_link(X_LINK)
    assert seen is not None
    assert seen.remote_id == "1724000000000000001"


@pytest.mark.parametrize("path", ["i", "i/web"])
def test_a_link_that_names_no_account_is_not_one_of_another(path: str) -> None:
    assert proof_of(account("INFONL"), f"https://x.com/{path}/status/1724000000000000001")


def test_a_link_of_another_network_is_refused_where_the_own_one_reads_links() -> None:
    with pytest.raises(LinkOfAnotherAccountError):
        proof_of(account("INFONL", "bluesky"), X_LINK)


def test_what_was_published_by_hand_is_proved_on_whatever_network_it_went_out() -> None:
    assert proof_of(account("INFONL", "by_hand"), X_LINK) == "1724000000000000001"
    with pytest.raises(LinkOfAnotherAccountError):
        proof_of(account("ITEI", "by_hand"), X_LINK)


def test_a_link_that_no_network_reads_stands_for_itself() -> None:
    assert proof_of(account("INFONL"), "https://red.example/p/9") == ""


def test_a_name_with_its_server_is_the_same_as_without() -> None:
    link = "https://social.example/@infonl/113000000000000001"
    assert proof_of(account("infonl", "mastodon"), link)
    assert proof_of(account("infonl@social.example", "mastodon"), link)
    with pytest.raises(LinkOfAnotherAccountError):
        proof_of(account("infonl@otro.example", "mastodon"), link)


def test_an_id_instead_of_a_name_is_compared_with_ours() -> None:
    link = "https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx/post/3kabcdefghij2"
    assert proof_of(account("infonl.mx", "bluesky", "did:plc:abcdefghijklmnopqrstuvwx"), link)
    with pytest.raises(LinkOfAnotherAccountError):
        proof_of(account("infonl.mx", "bluesky", "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"), link)
