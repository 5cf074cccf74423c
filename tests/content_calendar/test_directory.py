"""Who the bodies are, where they belong, and who follows whom."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import directory, succession
from content_calendar.directory import (
    AlreadyMemberError,
    NotMemberError,
    OwnerNotFoundError,
    SiteRepeatedError,
)
from content_calendar.models.directory import Body, Confidence, Member, Region, Standing
from content_calendar.models.people import AuditEvent
from content_calendar.seeds import plant
from content_calendar.succession import (
    AlreadySucceededError,
    NewBody,
    SlugTakenError,
    SuccessionRingError,
    found_successor,
    line_of,
    succeed,
    successor_of,
)
from tests.conftest import CountQueries
from tests.content_calendar.makers import make_account, make_body, make_member

TODAY = date(2026, 3, 2)


def test_the_directory_lists_all_bodies_in_three_queries(
    session: Session, count_queries: CountQueries
) -> None:
    plant(session, TODAY)
    with count_queries() as queries:
        listed = directory.list_bodies(session, TODAY)
        assert {row.body.region.slug for row in listed if row.body.region} >= {"norte", "centro"}
    assert len(listed) == 33
    assert len(queries) == 3
    assert listed[0].body.slug == "inai"
    assert {row.body.slug for row in listed if row.to_certify} == {"ivai", "idaipqroo", "istai", "infocdmx"}
    assert not any(row.certified or row.is_member for row in listed)


def test_a_body_is_found_whatever_the_accents_and_capitals(session: Session) -> None:
    plant(session, TODAY)
    found = directory.list_bodies(session, TODAY, text="  YUCATAN ")
    assert [row.body.slug for row in found] == ["inaipyucatan"]


def test_the_bodies_of_a_region_are_listed(session: Session) -> None:
    plant(session, TODAY)
    found = directory.list_bodies(session, TODAY, region_slug="centro")
    assert len(found) == 8
    assert {row.body.region.slug for row in found if row.body.region} == {"centro"}


def test_a_body_s_page_takes_six_queries_whatever_it_holds(
    session: Session, count_queries: CountQueries
) -> None:
    body = make_body(session, "infonl", "MX-NLE")
    with count_queries() as few:
        directory.body_page(session, "infonl")
    for number in range(9):
        make_account(session, body, f"cuenta{number}", Standing.IN_FORCE)
        directory.add_site(session, body, f"https://a{number}.example", source="", actor_ref="")
    with count_queries() as many:
        page = directory.body_page(session, "infonl")
    assert len(page.accounts) == len(page.sites) == 9
    assert len(few) == len(many) == 6


def test_an_unknown_body_is_said_to_be_unknown(session: Session) -> None:
    with pytest.raises(OwnerNotFoundError):
        directory.body_page(session, "nadie")
    with pytest.raises(OwnerNotFoundError):
        directory.find_owner(session, "nadie")


def test_a_commission_is_found_as_an_owner_too(session: Session) -> None:
    plant(session, TODAY)
    assert directory.find_owner(session, "cgaytp").name.startswith("Comisión de Gobierno Abierto")


def test_a_region_set_without_a_source_stays_unconfirmed(session: Session) -> None:
    region = Region(slug="sureste", name="Sureste")
    session.add(region)
    body = make_body(session, "ogaipo", "MX-OAX")
    directory.set_region(session, body, region, source="", actor_ref="p")
    assert (body.region_id, body.region_confidence) == (region.id, Confidence.UNCONFIRMED)
    directory.set_region(session, body, region, source="Acuerdo 12/2026", actor_ref="p")
    assert body.region_confidence is Confidence.HIGH
    assert [event.act for event in session.scalars(select(AuditEvent))] == ["region_set"] * 2
    directory.set_region(session, body, None, source="Acuerdo 13/2026", actor_ref="p")
    assert body.region_id is None


def test_the_same_site_is_added_once(session: Session) -> None:
    body = make_body(session, "itei", "MX-JAL")
    site = directory.add_site(session, body, " https://itei.example/ ", source="oficio", actor_ref="p")
    assert (site.url, site.confidence) == ("https://itei.example/", Confidence.HIGH)
    with pytest.raises(SiteRepeatedError):
        directory.add_site(session, body, "https://itei.example/", source="", actor_ref="p")


def test_a_member_joins_and_leaves_on_a_day(session: Session) -> None:
    body = make_body(session, "itei", "MX-JAL")
    directory.join_commission(session, body, date(2026, 1, 1), source="acta", actor_ref="p")
    with pytest.raises(AlreadyMemberError):
        directory.join_commission(session, body, TODAY, source="", actor_ref="p")
    assert directory.list_bodies(session, TODAY, members_only=True)
    directory.leave_commission(session, body, TODAY, actor_ref="p")
    assert not directory.list_bodies(session, TODAY, members_only=True)
    assert session.scalars(select(Member.valid_to)).one() == TODAY
    with pytest.raises(NotMemberError):
        directory.leave_commission(session, body, TODAY, actor_ref="p")


def test_a_body_without_registered_successor_has_none_though_words_name_one(session: Session) -> None:
    plant(session, TODAY)
    inai = session.scalars(select(Body).where(Body.slug == "inai")).one()
    assert successor_of(session, inai, TODAY) is None
    assert "Transparencia para el Pueblo" in inai.successor


def test_a_successor_of_a_successor_is_found_in_one_query(
    session: Session, count_queries: CountQueries
) -> None:
    first = make_body(session, "primero", "MX-JAL", ends=date(2020, 1, 1))
    second = found_successor(
        session, first, NewBody("segundo", "SEGUNDO", "Segundo", "decreto"), date(2020, 1, 1), actor_ref="p"
    )
    third = found_successor(
        session, second, NewBody("tercero", "TERCERO", "Tercero", ""), date(2025, 1, 1), actor_ref="p"
    )
    with count_queries() as queries:
        assert [heir.slug for heir in line_of(session, first.id)] == ["primero", "segundo", "tercero"]
    assert len(queries) == 1
    in_2022, in_2026 = successor_of(session, first, date(2022, 1, 1)), successor_of(session, first, TODAY)
    assert (in_2022 and in_2022.slug, in_2026 and in_2026.slug) == ("segundo", "tercero")
    assert (second.state_iso, second.zone, second.dissolved_on) == ("MX-JAL", first.zone, "2025-01-01")
    assert (second.confidence, third.confidence) == (Confidence.HIGH, Confidence.UNCONFIRMED)
    make_member(session, third)
    assert [row.body.slug for row in directory.list_bodies(session, TODAY, members_only=True)] == ["tercero"]


def test_nobody_follows_twice_nor_follows_itself(session: Session) -> None:
    first, second = make_body(session, "primero", "MX-JAL"), make_body(session, "segundo", "MX-JAL")
    succeed(session, first, second, TODAY, source="", actor_ref="p")
    with pytest.raises(AlreadySucceededError):
        succeed(session, first, second, TODAY, source="", actor_ref="p")
    with pytest.raises(SuccessionRingError):
        succeed(session, second, first, TODAY, source="", actor_ref="p")
    with pytest.raises(SlugTakenError):
        found_successor(session, second, NewBody("primero", "P", "P", ""), TODAY, actor_ref="p")


def test_a_ring_made_behind_our_back_does_not_hang_the_search(session: Session) -> None:
    first, second = make_body(session, "primero", "MX-JAL"), make_body(session, "segundo", "MX-JAL")
    first.succeeded_by_id, second.succeeded_by_id = second.id, first.id
    session.flush()
    assert len(line_of(session, first.id)) == succession._LONGEST_LINE + 1  # noqa: SLF001 -- the bound is what is tested
