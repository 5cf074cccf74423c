"""The list of languages: INALI's groups and families, with tags that nobody invented."""

import re
from collections import Counter

from content_calendar import languages


def test_the_list_has_inalis_68_groups_in_11_families() -> None:
    indigenous = [one for one in languages.every().values() if one.is_indigenous]
    families = Counter(one.family for one in indigenous)
    assert (len(indigenous), len(families)) == (68, 11)
    assert families["maya"] == 20
    assert families["oto-mangue"] == 18
    assert len({one.name for one in indigenous}) == 68


def test_every_code_is_a_well_formed_tag_and_a_group_without_one_has_a_private_one() -> None:
    for code in languages.every():
        assert re.fullmatch(r"[a-z]{2,3}|mis-x-[a-z]{1,8}", code), code


def test_codes_that_were_used_before_are_still_understood() -> None:
    for former, name in (("lsm", "Lengua de Señas Mexicana"), ("ote", "otomí"), ("mix", "mixteco")):
        found = languages.find(former)
        assert found is not None
        assert found.name == name
    assert languages.find("klingon") is None
