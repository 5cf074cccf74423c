"""Allies: registered once, written to only with their consent, erased when they ask, counted without a name."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import (
    allies,
    ally_activity,
    ally_consents,
    ally_echoes,
    ally_letters,
    ally_sheets,
    ally_weeks,
    clock,
)
from content_calendar.allies import AllyFields, AllyKnownError, AllyRefusedError
from content_calendar.ally_consents import ConsentHowMissingError, Noted
from content_calendar.ally_echoes import Link, Offline, Source
from content_calendar.ally_letters import AllyLinkOverError, NoConsentError
from content_calendar.ally_weeks import Level, NobodyToSendError, WeekEmptyError
from content_calendar.models.allies import (
    Ally,
    AllyEcho,
    AllyKind,
    AllyLetter,
    AllyWeek,
    EchoStanding,
    LetterKind,
    LetterStage,
    Medium,
)
from content_calendar.models.audiences import Audience
from content_calendar.models.people import AuditEvent
from content_calendar.wall_time import zone_named
from tests.webapp.stage import Stage

ZONE = "America/Mexico_City"
HERE = zone_named(ZONE)
MONDAY = date(2026, 11, 23)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def register(stage: Stage, name: str, *, given: bool = True, email: str = "") -> Ally:
    fields = AllyFields(
        AllyKind.ORGANISATION, name, email=email or f"{name.lower().replace(' ', '')}@example.mx"
    )
    made = allies.register(stage.session, fields, stage.person())
    if given:
        agree(stage, made)
    return made


def agree(stage: Stage, ally: Ally) -> None:
    today = clock.now().date()
    ally_consents.note(stage.session, ally, Noted(today, "Firmó la lista"), stage.person(), today)


def a_week(stage: Stage, posts: int = 1, starts_on: date = MONDAY) -> AllyWeek:
    body = stage.body(f"cuerpo{starts_on.isoformat()}")
    at = datetime.combine(starts_on, time(12), HERE)
    for n in range(posts):
        stage.publication(stage.account(body), due_at=at + timedelta(hours=n))
    ally_weeks.prepare(stage.session, starts_on, ZONE)
    return ally_weeks.find(stage.session, starts_on)


def letters(session: Session) -> list[AllyLetter]:
    return list(session.scalars(select(AllyLetter).order_by(AllyLetter.id)))


def test_the_same_ally_is_registered_once_and_a_name_without_a_mail_is_one_in_its_state(stage: Stage) -> None:
    made = register(stage, "Radio Nube", email="Radio@example.mx")
    with pytest.raises(AllyKnownError) as told:
        register(stage, "Otro nombre", email="radio@EXAMPLE.mx")
    assert told.value.params["ref"] == made.ref
    nobody = AllyFields(AllyKind.PERSON, "Ana  Pérez")
    allies.register(stage.session, nobody, stage.person())
    with pytest.raises(AllyKnownError):
        allies.register(stage.session, AllyFields(AllyKind.PERSON, "ana perez"), stage.person())


@ON_SQLITE
def test_a_list_tells_every_wrong_cell_and_the_same_list_twice_adds_nobody(stage: Stage) -> None:
    body = stage.body("infouno")
    places = allies.places(stage.session)
    head = ["Nombre", "Tipo", "Correo electrónico", "Estado", "Sector", "Redes", "Lo que sea"]
    wrong = ally_sheets.read(
        [
            ["Red 2026"],
            head,
            ["Uno", "cosa", "uno@", "Narnia", "magos", "nada", ""],
            [],
            ["", "", "dos@example.mx"],
        ],
        places,
    )
    assert [(one.row, one.column.value, one.code) for one in wrong.faults] == [
        (3, "kind", "ally_kind_unknown"),
        (3, "state_iso", "ally_state_unknown"),
        (3, "sector", "ally_sector_unknown"),
        (3, "email", "ally_email_invalid"),
        (3, "links", "ally_link_invalid"),
        (5, "name", "ally_name_missing"),
    ]
    good = ally_sheets.read(
        [head, ["Uno", "Persona", "uno@example.mx", body.state_name.upper(), "academia", "https://a.example/uno"],
         ["Dos", "", "dos@example.mx"], ["Uno otra vez", "", "UNO@example.mx"]],
        places,
    )  # fmt: skip
    assert good.faults == []
    rows = [(one, "") for one in good.rows]
    first = allies.take_in(stage.session, rows, stage.person())
    again = allies.take_in(stage.session, rows, stage.person())
    assert ([one.name for one in first.added], first.known) == (["Uno", "Dos"], 1)
    assert (list(again.added), again.known) == ([], 3)
    one = first.added[0]
    assert (one.kind, one.state_iso, one.sector) == (AllyKind.PERSON, body.state_iso, Audience.ACADEMIA)
    # Whom something happened with stays; the rest of a wrong list goes.
    agree(stage, one)
    assert allies.take_back(stage.session, first.batch_ref, stage.person()) == 1


def test_without_a_consent_no_letter_is_written_and_none_is_taken(stage: Stage) -> None:
    register(stage, "Sin permiso", given=False)
    week = a_week(stage)
    with pytest.raises(NobodyToSendError):
        ally_weeks.send(stage.session, week, stage.person())
    given = register(stage, "Con permiso")
    assert ally_weeks.send(stage.session, week, stage.person()) == 1
    ally_consents.withdraw(stage.session, given, MONDAY)
    assert [one.stage for one in letters(stage.session)] == [LetterStage.STOPPED]
    # Even a letter that stands in the queue by mistake does not leave: the consent is asked for again.
    for one in letters(stage.session):
        one.stage = LetterStage.WAITING
    stage.session.flush()
    assert ally_letters.take(stage.session) is None


def test_control_with_a_consent_the_same_letter_is_taken(stage: Stage) -> None:
    register(stage, "Con permiso")
    ally_weeks.send(stage.session, a_week(stage), stage.person())
    taken = ally_letters.take(stage.session)
    assert taken is not None
    assert (taken.email, taken.count) == ("conpermiso@example.mx", 1)
    assert ally_letters.opened(stage.session, taken.token).stage is LetterStage.SENDING


def test_an_ally_is_invited_once_and_answers_by_the_link(stage: Stage) -> None:
    ally = register(stage, "Invitada", given=False)
    assert ally_consents.invite(stage.session, [ally], stage.person(), MONDAY) == 1
    assert ally_consents.invite(stage.session, [ally], stage.person(), MONDAY) == 0
    assert ally.consent.value == "invited"
    taken = ally_letters.take(stage.session)
    assert taken is not None
    assert (taken.kind, ally_letters.take(stage.session)) == (LetterKind.INVITATION, None)
    letter = ally_letters.opened(stage.session, taken.token)
    ally_consents.accept(stage.session, letter.ally, MONDAY)
    assert ally.consent.value == "given"
    acts = [(one.act.value, one.noted_by_id is None) for one in ally_consents.history(stage.session, ally)]
    assert acts == [("given", True), ("invited", False)]


@ON_SQLITE
def test_a_noted_consent_says_how_it_was_given(stage: Stage) -> None:
    ally = register(stage, "Sin prueba", given=False)
    with pytest.raises(ConsentHowMissingError):
        ally_consents.note(stage.session, ally, Noted(MONDAY), stage.person(), MONDAY)


def test_a_week_s_pack_holds_what_was_approved_and_reaches_each_ally_once(stage: Stage) -> None:
    register(stage, "Una")
    week = a_week(stage, posts=2)
    assert len(ally_weeks.shown_posts(week)) == 2
    first = ally_weeks.shown_posts(week)[0].post.ref
    ally_weeks.leave_out(stage.session, week, first, stage.person(), out=True)
    ally_weeks.prepare(stage.session, MONDAY, ZONE)
    week = ally_weeks.find(stage.session, MONDAY)
    assert first not in [one.post.ref for one in ally_weeks.shown_posts(week)]
    assert [ally_weeks.send(stage.session, week, stage.person()) for _ in range(2)] == [1, 0]
    register(stage, "Otra")
    assert ally_weeks.send(stage.session, week, stage.person()) == 1
    assert len(letters(stage.session)) == 2
    assert week.sent_by_id == stage.person().id
    with pytest.raises(WeekEmptyError):
        ally_weeks.send(stage.session, a_week(stage, posts=0, starts_on=date(2020, 1, 6)), stage.person())


@ON_SQLITE
def test_a_week_is_prepared_at_its_hour_by_the_commission_s_clock_and_once(stage: Stage) -> None:
    early = datetime(2026, 11, 23, 14, 59, tzinfo=UTC)
    with clock.standing_at(early):
        assert ally_weeks.due(stage.session, 0, time(9), ZONE) is None
    with clock.standing_at(early + timedelta(minutes=1)):
        # Somebody had prepared it before its hour: what was approved since still comes in.
        with clock.standing_at(early - timedelta(days=3)):
            ally_weeks.prepare(stage.session, MONDAY, ZONE)
        assert ally_weeks.due(stage.session, 0, time(9), ZONE) == MONDAY
        ally_weeks.prepare(stage.session, MONDAY, ZONE)
        assert ally_weeks.due(stage.session, 0, time(9), ZONE) is None


def test_an_opened_page_proves_nothing_and_what_a_person_does_counts(stage: Stage) -> None:
    register(stage, "Una")
    week = a_week(stage)
    ally_weeks.send(stage.session, week, stage.person())
    taken = ally_letters.take(stage.session)
    assert taken is not None
    ally_letters.record_sent(stage.session, taken.letter_id)
    letter = stage.session.get_one(AllyLetter, taken.letter_id, populate_existing=True)

    def level() -> Level:
        stage.session.expire_all()
        return ally_weeks.rows(stage.session, week)[0].level

    assert level() is Level.OFFERED
    ally_letters.count_opened(stage.session, letter.id)
    assert level() is Level.OFFERED
    ally_letters.receive(stage.session, letter)
    assert level() is Level.SEEN
    ally_letters.count_pulled(stage.session, letter.id)
    assert level() is Level.DOWNLOADED
    ally_echoes.declare_links(
        stage.session, Source(letter.ally, letter.id), None, [Link("https://a.example/1", "clave")]
    )
    assert level() is Level.REPLICATED
    echo = stage.session.scalars(select(AllyEcho)).one()
    ally_echoes.decide(stage.session, echo.ref, stage.person(), EchoStanding.REJECTED)
    assert level() is Level.DOWNLOADED


@ON_SQLITE
def test_the_same_link_or_place_is_kept_once_and_nothing_was_done_tomorrow(stage: Stage) -> None:
    source = Source(register(stage, "Una"))
    tomorrow = clock.now() + timedelta(days=1)
    links = [Link("https://a.example/1", "clave", "red", tomorrow)] * 2
    assert [ally_echoes.declare_links(stage.session, source, None, links) for _ in range(2)] == [1, 0]
    echo = stage.session.scalars(select(AllyEcho)).one()
    assert (echo.dated, echo.occurred_at <= clock.now()) == (True, True)
    today = clock.now().astimezone(HERE).date()
    told = Offline(Medium.RADIO, "Radio  Nube", today, 300)
    again = Offline(Medium.RADIO, "radio nube", today, 300)
    assert ally_echoes.declare_offline(stage.session, source, None, told, ZONE) == 1
    assert ally_echoes.declare_offline(stage.session, source, None, again, ZONE) == 0
    late = Offline(Medium.MURAL, "Mural", today + timedelta(days=1))
    with pytest.raises(ally_echoes.EchoDayInvalidError):
        ally_echoes.declare_offline(stage.session, source, None, late, ZONE)


@ON_SQLITE
def test_a_link_ends_when_it_is_revoked_or_its_time_is_over(stage: Stage) -> None:
    ally, week = register(stage, "Una", email=""), a_week(stage)
    token = ally_letters.hand_over(stage.session, week, ally, stage.person())
    letter = ally_letters.opened(stage.session, token)
    with clock.standing_at(clock.now() + timedelta(days=31)), pytest.raises(AllyLinkOverError):
        ally_letters.opened(stage.session, token)
    ally_letters.revoke(stage.session, letter.ref, stage.person())
    with pytest.raises(AllyLinkOverError):
        ally_letters.opened(stage.session, token)
    ally_consents.withdraw(stage.session, ally, MONDAY)
    with pytest.raises(NoConsentError):
        ally_letters.hand_over(stage.session, week, ally, stage.person())


def test_whoever_asks_is_erased_their_figures_stay_and_no_list_brings_them_back(stage: Stage) -> None:
    fields = AllyFields(AllyKind.PERSON, "Zoraida", "Zoraida Q", "zoraida@example.mx", note="Zoraida canta")
    ally = allies.register(stage.session, fields, stage.person(), mark="marca")
    agree(stage, ally)
    week = a_week(stage)
    ally_weeks.send(stage.session, week, stage.person())
    source = Source(ally, letters(stage.session)[0].id)
    ally_echoes.declare_links(stage.session, source, None, [Link("https://red.example/zoraida/1", "k")])
    ally_echoes.contribute(stage.session, ally, "Zoraida propone", "https://zoraida.example")
    before = ally_activity.figures(stage.session, date(2020, 1, 1), date(2030, 1, 1), HERE)
    ally_consents.erase(stage.session, ally, MONDAY, "marca")
    assert "zoraida" not in everything(stage.session).casefold()
    after = ally_activity.figures(stage.session, date(2020, 1, 1), date(2030, 1, 1), HERE)
    assert (after.replicated, after.contributed, after.online) == (before.replicated, before.contributed, 1)
    assert [one.stage for one in letters(stage.session)] == [LetterStage.STOPPED]
    taken = allies.take_in(stage.session, [(fields, "marca")], stage.person())
    assert (list(taken.added), taken.refused) == ([], 1)
    with pytest.raises(AllyRefusedError):
        allies.register(stage.session, fields, stage.person(), mark="marca")
    assert allies.register(stage.session, fields, stage.person(), mark="marca", again=True).name == "Zoraida"


def everything(session: Session) -> str:
    """Every row of every table, as a text."""
    session.flush()
    tables = Ally.metadata.sorted_tables
    return "\n".join(str(tuple(row)) for table in tables for row in session.execute(select(table)))


@ON_SQLITE
def test_control_before_the_erasure_the_search_finds_the_name(stage: Stage) -> None:
    register(stage, "Zoraida")
    assert "zoraida" in everything(stage.session).casefold()


@ON_SQLITE
def test_the_trail_holds_no_address(stage: Stage) -> None:
    register(stage, "Zoraida")
    said = [f"{one.act} {one.details}" for one in stage.session.scalars(select(AuditEvent))]
    assert said
    assert not [one for one in said if "@" in one or "zoraida" in one.casefold()]


@ON_SQLITE
def test_who_fell_silent_is_asked_once_and_the_active_are_not(stage: Stage) -> None:
    now = clock.now()
    with clock.standing_at(now - timedelta(days=200)):
        quiet, loud = register(stage, "Callada"), register(stage, "Activa")
    with clock.standing_at(now - timedelta(days=20)):
        week = a_week(stage, starts_on=ally_weeks.monday_of(clock.now().date()))
        ally_weeks.send(stage.session, week, stage.person())
        for one in letters(stage.session):
            one.stage, one.sent_at = LetterStage.SENT, clock.now()
        ally_echoes.contribute(stage.session, loud, "Una feria")
        register(stage, "Nueva")
    found = ally_activity.silent(stage.session, HERE)
    assert [(one.ally.id, one.asked) for one in found] == [(quiet.id, False)]
    asked = {one.ally.id: one.since for one in found}
    assert [ally_letters.ask_still_there(stage.session, asked, stage.person()) for _ in range(2)] == [1, 0]
    assert [one.asked for one in ally_activity.silent(stage.session, HERE)] == [True]


@ON_SQLITE
def test_activity_is_told_by_month_in_the_commission_s_zone(stage: Stage) -> None:
    # The last minutes of October in Mexico are November in UTC.
    late = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    with clock.standing_at(late):
        ally = register(stage, "Una")
        ally_echoes.contribute(stage.session, ally, "Algo")
    with clock.standing_at(NOON):
        months = ally_activity.months_back(MONDAY, 3)
        assert months == [(2026, 9), (2026, 10), (2026, 11)]
        found = ally_activity.by_month(stage.session, months, HERE)
    assert found == {ally.id: {(2026, 10): frozenset({ally_activity.Deed.CONTRIBUTED})}}


@ON_SQLITE
def test_an_older_database_that_is_put_back_mails_nothing_it_may_have_mailed(stage: Stage) -> None:
    register(stage, "Una")
    ally_weeks.send(stage.session, a_week(stage), stage.person())
    ally_letters.doubt_all(stage.session)
    assert ally_letters.take(stage.session) is None
    letter = stage.session.scalars(select(AllyLetter).execution_options(populate_existing=True)).one()
    ally_letters.settle(stage.session, letter.ref, stage.person(), arrived=False)
    assert ally_letters.take(stage.session) is not None
