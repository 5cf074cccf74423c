import pytest

from scheduler.replication.same_links import evidence_key, same_link

SPELLINGS = [
    "https://x.com/SNT_mx/status/1991234567890123456",
    "https://x.com/SNT_mx/status/1991234567890123456?s=20",
    "https://twitter.com/SNT_mx/status/1991234567890123456?ref_src=twsrc%5Etfw",
    "https://mobile.twitter.com/snt_mx/status/1991234567890123456",
    "https://x.com/i/status/1991234567890123456",
    "http://www.x.com/i/web/status/1991234567890123456/photo/1",
]


def test_every_spelling_of_a_posts_link_is_one_link() -> None:
    assert len({same_link(one) for one in SPELLINGS}) == 1
    assert len({evidence_key(one) for one in SPELLINGS}) == 1
    # As a link alone is compared, they would be five.
    assert same_link("https://x.com/SNT_mx/status/1991234567890123457") != same_link(SPELLINGS[0])


def test_posts_of_two_servers_with_one_number_are_two() -> None:
    links = ["https://social.example/@snt/113500000000000000", "https://otro.example/@snt/113500000000000000"]
    assert len({evidence_key(one) for one in links}) == 2


@pytest.mark.parametrize("link", ["https://infonl.mx/nota/1", "https://INFONL.mx/nota/1/?utm_source=x"])
def test_a_link_of_no_network_is_compared_as_links_are(link: str) -> None:
    assert same_link(link) == "https://infonl.mx/nota/1"
    assert evidence_key("") == evidence_key("nada") == ""
