"""What every installation starts with."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from content_calendar.db import Base
from content_calendar.models.directory import (
    Account,
    Body,
    Commission,
    Confidence,
    Coordination,
    Owner,
    Region,
    SilenceWindow,
    Site,
    Standing,
)
from content_calendar.models.people import AuditEvent
from content_calendar.models.plan import Campaign, LineOfAction, Observance, Theme
from content_calendar.models.programme import Action, Edition, Milestone, Participation
from content_calendar.observances import parse
from content_calendar.seeds import plant
from content_calendar.seeds.sheets import ended_by, first_day, last_day, read, slug_of
from tests.conftest import CountQueries

TODAY = date(2026, 3, 2)


def _count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def _body(session: Session, slug: str) -> Body:
    return session.scalars(select(Body).where(Body.slug == slug).options(selectinload(Body.region))).one()


def test_planting_gives_the_whole_of_the_sources(session: Session) -> None:
    planted = plant(session, TODAY)
    assert _count(session, Body) == 33
    assert _count(session, Region) == 4
    assert _count(session, Commission) == 3
    assert _count(session, Coordination) == 4
    assert _count(session, Theme) == 166
    assert _count(session, Site) == 39
    assert _count(session, Observance) == len(read("observances")) == 38
    assert planted.counts["owner"] == 40
    assert planted.total == sum(planted.counts.values())
    states = {body.state_iso for body in session.scalars(select(Body)) if body.state_iso != "MX"}
    assert len(states) == 32


def test_planting_twice_changes_nothing(session: Session, count_queries: CountQueries) -> None:
    plant(session, TODAY)
    before = {table: session.execute(table.select()).all() for table in Base.metadata.sorted_tables}
    with count_queries() as queries:
        again = plant(session, date(2030, 1, 1))
    assert again.total == 0
    assert len(queries) <= 17
    for table, rows in before.items():
        assert session.execute(table.select()).all() == rows


def test_planting_is_told_to_the_audit_once(session: Session) -> None:
    plant(session, TODAY)
    plant(session, TODAY)
    assert [event.act for event in session.scalars(select(AuditEvent))] == ["seeds_planted"]


def test_what_a_person_changed_is_left_as_it_is(session: Session) -> None:
    plant(session, TODAY)
    body = _body(session, "infonl")
    body.name, body.region_id = "Otro nombre", None
    account = session.scalars(select(Account).where(Account.handle == "VERIVAI")).one()
    account.valid_to, account.standing = TODAY, Standing.IMPERSONATED
    theme = session.scalars(select(Theme).where(Theme.seed_key == "cvpdcs-2022-2023:c.1:1")).one()
    theme.title = "Nuestra caja"
    session.flush()
    assert plant(session, TODAY).total == 0
    session.expire_all()
    assert _body(session, "infonl").name == "Otro nombre"
    assert session.get_one(Account, account.id).standing is Standing.IMPERSONATED
    assert session.get_one(Theme, theme.id).title == "Nuestra caja"


def test_a_missing_row_is_planted_beside_those_that_stand(session: Session) -> None:
    plant(session, TODAY)
    session.delete(session.scalars(select(Theme).where(Theme.lines.any()).limit(1).options(
        selectinload(Theme.lines))).one())  # fmt: skip
    session.flush()
    assert plant(session, TODAY).counts["theme"] == 1
    assert _count(session, Theme) == 166


def test_each_body_lives_in_the_zone_of_its_capital(session: Session) -> None:
    plant(session, TODAY)
    zones = {body.state_iso: body.zone for body in session.scalars(select(Body))}
    assert zones["MX-BCN"] == "America/Tijuana"
    assert zones["MX-SON"] == "America/Hermosillo"
    assert zones["MX-ROO"] == "America/Cancun"
    assert zones["MX-CHH"] == "America/Chihuahua"
    assert zones["MX-SIN"] == "America/Mazatlan"
    assert zones["MX"] == zones["MX-CMX"] == "America/Mexico_City"


def test_the_federal_body_has_no_region_and_every_state_has_one(session: Session) -> None:
    plant(session, TODAY)
    without = [body.state_iso for body in session.scalars(select(Body)) if body.region_id is None]
    assert without == ["MX"]


def test_what_no_source_confirms_is_marked_so(session: Session) -> None:
    plant(session, TODAY)
    oaxaca = _body(session, "ogaipo")
    assert oaxaca.region_confidence is Confidence.LOW
    assert "Región en duda" in oaxaca.note
    campeche = _body(session, "cotaipec")
    assert (campeche.region_confidence, campeche.region_source) == (Confidence.UNCONFIRMED, "")
    assert _body(session, "istai").region_confidence is Confidence.HIGH
    for region in session.scalars(select(Region)):
        assert "cinco regiones" in region.note
    assert {row.confidence for row in session.scalars(select(Participation))} == {Confidence.UNCONFIRMED}
    for body in session.scalars(select(Body).where(Body.state_iso != "MX")):
        assert body.region_source or body.region_confidence is Confidence.UNCONFIRMED


def test_a_dissolved_body_keeps_the_precision_of_its_source(session: Session) -> None:
    plant(session, TODAY)
    inai, itea, icai = _body(session, "inai"), _body(session, "itea"), _body(session, "icai")
    assert (inai.dissolved_on, inai.valid_to) == ("2025-03-21", date(2025, 3, 21))
    assert (itea.dissolved_on, itea.valid_to) == ("2025-05", date(2025, 6, 1))
    assert (icai.dissolved_on, icai.valid_to) == ("", None)
    assert icai.successor.startswith("Organismo de Información")
    assert "sin confirmar" in _body(session, "itaipbc").note


def test_accounts_wait_to_be_certified_unless_their_owner_is_gone(session: Session) -> None:
    plant(session, TODAY)
    rows = session.execute(select(Account, Owner.slug).join(Owner, Owner.id == Account.owner_id))
    accounts = list(rows)
    assert {account.standing for account, slug in accounts if slug == "inai"} == {Standing.EXTINCT}
    assert {account.standing for account, slug in accounts if slug in {"ivai", "istai"}} == {
        Standing.TO_CERTIFY
    }
    ours = {account.network: account for account, slug in accounts if slug == "cvpdcs"}
    assert set(ours) == {"rehearsal", "by_hand"}
    assert all(account.connected_at is not None for account in ours.values())
    assert not any(account.connected_at for account, slug in accounts if slug != "cvpdcs")
    assert not any(account.handle.startswith("@") for account, _ in accounts)


def test_before_its_end_a_body_s_accounts_still_wait(session: Session) -> None:
    plant(session, date(2025, 3, 20))
    account = session.scalars(select(Account).where(Account.handle == "INAImexico")).one()
    assert (account.standing, account.valid_to) == (Standing.TO_CERTIFY, None)


def test_the_lines_of_the_programmes_are_places_and_the_transversal_ones_have_codes(
    session: Session,
) -> None:
    plant(session, TODAY)
    lines = list(session.scalars(select(LineOfAction)))
    places = Counter(line.programme for line in lines if not line.code)
    assert places == {"PROTAI": 9, "PRONADATOS": 15}
    assert all(line.confidence is Confidence.UNCONFIRMED and line.note for line in lines if not line.code)
    transversal = Counter(line.programme for line in lines if line.transversal)
    assert transversal == {"PROTAI": 6, "PRONADATOS": 6}
    plan = {line.code: line.term for line in lines if line.programme == "CVPDCS 2022-2023"}
    assert len(plan) == 21
    assert (plan["A.1"], plan["C.1"], plan["D.5"], plan["C.6"]) == ("green", "yellow", "blue", "")
    assert sum(code.startswith("Continuidad") for code in plan) == 6


def test_a_theme_says_where_it_comes_from_and_which_line_it_serves(session: Session) -> None:
    plant(session, TODAY)
    themes = {
        theme.seed_key: theme for theme in session.scalars(select(Theme).options(selectinload(Theme.lines)))
    }
    assert all(
        theme.source and theme.area and theme.kind and theme.commission_id for theme in themes.values()
    )
    network = themes["plandai-2021:f-b.1:1"]
    assert network.source.startswith("Programa de Implementación del Plan Nacional")
    assert (network.starts_on, network.ends_on) == (date(2021, 6, 1), date(2021, 6, 30))
    assert [line.code for line in themes["cvpdcs-2022-2023:d.1:1"].lines] == ["D.1"]
    assert [line.code for line in themes["cvpdcs-2022-2023:c:12"].lines] == ["4.1.18 A"]
    assert len(themes["cvpdcs-2022-2023:b:2"].lines) == 2 + 15


def test_campaigns_carry_their_tags_and_plandai_mentions_the_inai(session: Session) -> None:
    plant(session, TODAY)
    campaigns = {campaign.slug: campaign for campaign in session.scalars(select(Campaign))}
    assert {slug: campaign.tags for slug, campaign in campaigns.items()} == {
        "plandai": ["#PlanDAI"],
        "vinculacionsnt": ["#VinculaciónSNT"],
        "snttips": ["#SNTtips"],
    }
    assert campaigns["plandai"].mentions_id == _body(session, "inai").id
    assert campaigns["snttips"].mentions_id is None


def test_plandai_has_three_stages_seven_actions_and_29_participants(session: Session) -> None:
    plant(session, TODAY)
    editions = {edition.slug: edition.id for edition in session.scalars(select(Edition))}
    assert set(editions) == {"plandai-2021-2022", "plandai-2024"}
    for edition_id in editions.values():
        actions = list(session.scalars(select(Action).where(Action.edition_id == edition_id)))
        assert len(actions) == 7
        assert {action.stage for action in actions} == {1, 2, 3}
    dated = list(session.scalars(select(Action).where(Action.due_on.is_not(None))))
    assert {action.edition_id for action in dated} == {editions["plandai-2021-2022"]}
    assert len(dated) == 5
    part = list(session.scalars(select(Participation)))
    assert len(part) == 32
    assert {row.edition_id for row in part} == {editions["plandai-2024"]}
    assert sum(row.takes_part for row in part) == 29


def test_nothing_is_invented(session: Session) -> None:
    plant(session, TODAY)
    assert _count(session, SilenceWindow) == 0
    assert _count(session, Milestone) == 0


def test_every_observance_has_a_rule_that_can_be_read(session: Session) -> None:
    plant(session, TODAY)
    for observance in session.scalars(select(Observance)):
        parse(observance.rule)


def test_the_sheets_name_documents_by_their_titles() -> None:
    sheets = ("regions", "bodies", "instances", "accounts", "sites", "lines", "themes", "campaigns",
              "editions", "actions", "participations", "observances")  # fmt: skip
    for sheet in sheets:
        for row in read(sheet):
            assert not any(word in " ".join(row.values()) for word in ("seed ", "seeds ", "a public page"))


def test_a_partial_date_means_its_first_or_its_last_day() -> None:
    assert (first_day("2024-02"), last_day("2024-02")) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (first_day("2024-02-07"), last_day("2024-02-07")) == (date(2024, 2, 7), date(2024, 2, 7))
    assert (first_day(""), last_day(""), ended_by("")) == (None, None, None)
    assert ended_by("2025-12") == date(2026, 1, 1)


def test_a_name_becomes_a_plain_slug() -> None:
    assert slug_of("Día de los Datos Abiertos (Open Data Day)") == "dia-de-los-datos-abiertos-open-data-day"
