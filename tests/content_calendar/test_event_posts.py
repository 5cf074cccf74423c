"""The posts of an event: from its template, once, and along with it when it moves."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import event_posts, event_templates, events, posts
from content_calendar.clock import now
from content_calendar.event_posts import Around, Wanted
from content_calendar.events import Deadline, EventFields
from content_calendar.models.audiences import Audience, post_audience
from content_calendar.models.events import Event, EventKind, EventPost, Step
from content_calendar.models.plan import Campaign
from content_calendar.models.posts import Post
from content_calendar.rearranging import NothingToUndoError
from content_calendar.wall_time import wall_time
from tests.content_calendar.conftest import Plan
from tests.content_calendar.makers import make_theme

ZONE = "America/Tijuana"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATE = timedelta(hours=1)
SNT = "#VinculaciónSNT"


def _days_ahead(days: int, hour: int = 17) -> datetime:
    return wall_time(now(), ZONE).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)


def _fields(begins: datetime, **changed: object) -> EventFields:
    fields = EventFields(EventKind.FORUM, "Gobierno abierto", begins, begins + timedelta(hours=2), ZONE)
    return replace(fields, **changed)  # type: ignore[arg-type] # the fields that a test names


def _forum(session: Session, plan: Plan, days: int = 30, **changed: object) -> Event:
    return events.make(session, plan.author, _fields(_days_ahead(days), **changed))


def _proposed(session: Session, event: Event) -> list[event_posts.Proposed]:
    templates = event_templates.of_kind(session, event.kind)
    return event_posts.proposed(event, templates, event_posts.links(session, event))


def _prepare(
    session: Session, plan: Plan, event: Event, *slots: str, around: Around | None = None
) -> list[Post]:
    wanted = [Wanted(slot, f"{slot}: foro", f"Texto de {slot}") for slot in slots]
    return event_posts.prepare(session, event, plan.author, wanted, around or Around())


def _behind(session: Session, event: Event) -> list[event_posts.Displaced]:
    templates = event_templates.of_kind(session, event.kind)
    return event_posts.displaced(event, templates, event_posts.links(session, event))


@on_sqlite
@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_has_its_own_template_and_says_thanks(session: Session, kind: EventKind) -> None:
    steps = [one.step for one in event_templates.of_kind(session, kind)]
    assert {Step.ANNOUNCE, Step.THANK, Step.MEMORY} <= set(steps)
    assert len(set(steps)) == len(steps) >= 5


@on_sqlite
def test_posts_are_counted_from_the_events_days_by_its_own_clock(session: Session, plan: Plan) -> None:
    event = _forum(session, plan)
    begins = datetime.fromisoformat(event.starts_local)
    days = {one.slot: (one.local - begins) for one in _proposed(session, event)}
    ten = timedelta(hours=10 - 17)
    assert days == {
        "announce": timedelta(days=-14) + ten, "remind": timedelta(days=-1) + ten, "during": timedelta(),
        "thank": timedelta(days=1) + ten, "memory": timedelta(days=7) + ten,
    }  # fmt: skip


@on_sqlite
def test_each_further_date_of_a_contest_has_its_own_post(session: Session, plan: Plan) -> None:
    close, result = (_days_ahead(days).date() for days in (40, 60))
    event = _forum(
        session,
        plan,
        kind=EventKind.CONTEST,
        deadlines=[Deadline("Cierre", close), Deadline("Fallo", result)],
    )
    found = [(one.deadline.name, one.local.date()) for one in _proposed(session, event) if one.deadline]
    assert found == [("Cierre", close - timedelta(days=3)), ("Fallo", result - timedelta(days=3))]


def test_to_prepare_twice_creates_nothing_twice(session: Session, plan: Plan) -> None:
    theme = make_theme(session)
    event = _forum(session, plan, theme_id=theme.id, audiences=[Audience.ACADEMIA])
    campaign = Campaign(slug="vinculacionsnt", name=SNT, tags=[SNT])
    session.add(campaign)
    session.flush()
    around = Around([plan.account], [campaign])
    first = _prepare(session, plan, event, "announce", "remind", around=around)
    again = _prepare(session, plan, event, "announce", "announce", "remind", "thank", "never", around=around)
    assert (len(first), [one.title for one in again]) == (2, ["thank: foro"])
    assert session.scalar(select(func.count()).select_from(Post)) == 3
    post = posts.find(session, first[0].ref)
    assert post.version is not None
    assert posts.content_of(post.version).parts == (f"Texto de announce\n{SNT}",)
    assert ([one.slug for one in post.campaigns], post.theme, post.accounts) == (
        ["vinculacionsnt"], theme, [plan.account],
    )  # fmt: skip
    assert session.scalars(
        select(post_audience.c.audience).where(post_audience.c.post_id == post.id)
    ).all() == [Audience.ACADEMIA]
    born = event_posts.origin(session, post.id)
    assert born is not None
    assert (born.event.ref, born.step) == (event.ref, Step.ANNOUNCE)


@on_sqlite
def test_a_moment_that_has_passed_is_left_open(session: Session, plan: Plan) -> None:
    event = _forum(session, plan, days=3)
    made = _prepare(session, plan, event, "announce", "remind")
    assert [one.due_at is None for one in made] == [True, False]
    assert _behind(session, event) == []


@on_sqlite
def test_the_posts_of_a_cancelled_event_are_not_prepared(session: Session, plan: Plan) -> None:
    event = _forum(session, plan)
    events.cancel(session, event, plan.author, "No")
    with pytest.raises(events.EventCancelledError):
        _prepare(session, plan, event, "announce")


def test_posts_move_along_with_the_event_and_back(session: Session, plan: Plan) -> None:
    event = _forum(session, plan)
    announce, during, thank = _prepare(session, plan, event, "announce", "during", "thank")
    before = {one.ref: one.due_local for one in (announce, during, thank)}
    posts.discard(session, thank, plan.author)
    assert _behind(session, event) == []
    events.edit(session, event, plan.author, _fields(_days_ahead(32, hour=18)), event.edition)
    assert {one.link.post.ref for one in _behind(session, event)} == {announce.ref, during.ref}
    outcome = event_posts.move_along(session, event, plan.author, LATE)
    assert (outcome.changed, outcome.refused) == (2, [])
    moved = {one.ref: datetime.fromisoformat(one.due_local) for one in (announce, during, thank)}
    gone = {ref: at - datetime.fromisoformat(before[ref]) for ref, at in moved.items()}
    assert gone == {
        announce.ref: timedelta(days=2), during.ref: timedelta(days=2, hours=1), thank.ref: timedelta()
    }  # fmt: skip
    assert _behind(session, event) == []
    back = event_posts.stay_behind(session, event, outcome.undo_ref, plan.author, LATE)
    assert back.changed == 2
    assert announce.due_local == before[announce.ref]
    # It is offered again.
    assert len(_behind(session, event)) == 2


@on_sqlite
def test_what_a_person_moved_keeps_its_distance(session: Session, plan: Plan) -> None:
    event = _forum(session, plan)
    (remind,) = _prepare(session, plan, event, "remind")
    by_hand = event_posts.due_of(datetime.fromisoformat(remind.due_local) - timedelta(hours=3), ZONE)
    assert by_hand is not None
    posts.reschedule(session, remind, plan.author, by_hand, LATE)
    assert _behind(session, event) == []
    events.edit(session, event, plan.author, _fields(_days_ahead(31)), event.edition)
    event_posts.move_along(session, event, plan.author, LATE)
    assert datetime.fromisoformat(remind.due_local) == by_hand.local + timedelta(days=1)


@on_sqlite
def test_an_event_whose_clock_is_corrected_takes_its_posts_with_it(session: Session, plan: Plan) -> None:
    event = _forum(session, plan)
    during, remind = _prepare(session, plan, event, "during", "remind")
    elsewhere = event_posts.due_of(datetime.fromisoformat(remind.due_local), "America/Cancun")
    assert elsewhere is not None
    posts.reschedule(session, remind, plan.author, elsewhere, LATE)
    events.edit(
        session, event, plan.author, _fields(_days_ahead(30), zone="America/Mexico_City"), event.edition
    )
    # The clock that a person chose for a post stays that post's.
    assert [one.link.post.ref for one in _behind(session, event)] == [during.ref]
    before = during.due_at
    outcome = event_posts.move_along(session, event, plan.author, LATE)
    assert (during.due_zone, during.due_at) == ("America/Mexico_City", event.starts_at)
    assert before != event.starts_at
    assert _behind(session, event) == []
    event_posts.stay_behind(session, event, outcome.undo_ref, plan.author, LATE)
    assert during.due_at == before
    events.edit(
        session, event, plan.author, _fields(_days_ahead(31), zone="America/Mexico_City"), event.edition
    )
    event_posts.move_along(session, event, plan.author, LATE)
    assert (remind.due_zone, remind.due_local) == (
        "America/Cancun",
        (elsewhere.local + timedelta(days=1)).isoformat(),
    )


@on_sqlite
def test_undoing_touches_no_post_that_somebody_moved_since(session: Session, plan: Plan) -> None:
    event = _forum(session, plan)
    announce, during = _prepare(session, plan, event, "announce", "during")
    events.edit(session, event, plan.author, _fields(_days_ahead(31)), event.edition)
    outcome = event_posts.move_along(session, event, plan.author, LATE)
    later = event_posts.due_of(datetime.fromisoformat(during.due_local) + timedelta(hours=1), ZONE)
    assert later is not None
    posts.reschedule(session, during, plan.author, later, LATE)
    back = event_posts.stay_behind(session, event, outcome.undo_ref, plan.author, LATE)
    assert (back.changed, len(back.refused)) == (1, 1)
    assert [one.link.post.ref for one in _behind(session, event)] == [announce.ref]


@on_sqlite
def test_only_what_moved_posts_of_this_event_is_undone_here(session: Session, plan: Plan) -> None:
    event, other = _forum(session, plan), _forum(session, plan)
    _prepare(session, plan, event, "announce")
    events.edit(session, event, plan.author, _fields(_days_ahead(31)), event.edition)
    outcome = event_posts.move_along(session, event, plan.author, LATE)
    with pytest.raises(NothingToUndoError):
        event_posts.stay_behind(session, other, outcome.undo_ref, plan.author, LATE)


@on_sqlite
def test_the_post_of_a_date_that_was_taken_out_is_told(session: Session, plan: Plan) -> None:
    begins = _days_ahead(30)
    contest = {"kind": EventKind.CONTEST, "deadlines": [Deadline("Cierre", begins.date())]}
    event = events.make(session, plan.author, _fields(begins, **contest))
    slot = next(one.slot for one in _proposed(session, event) if one.step is Step.DEADLINE)
    (closes,) = _prepare(session, plan, event, slot)
    templates = event_templates.of_kind(session, event.kind)
    assert event_posts.left_over(event, templates, event_posts.links(session, event)) == []
    events.edit(
        session, event, plan.author, _fields(begins, kind=EventKind.CONTEST, deadlines=[]), event.edition
    )
    left = event_posts.left_over(event, templates, event_posts.links(session, event))
    assert [one.post.ref for one in left] == [closes.ref]


@on_sqlite
def test_a_post_that_cannot_move_is_told_and_is_still_behind(session: Session, plan: Plan) -> None:
    event = _forum(session, plan)
    _prepare(session, plan, event, "announce", "memory")
    events.edit(session, event, plan.author, _fields(_days_ahead(2)), event.edition)
    outcome = event_posts.move_along(session, event, plan.author, LATE)
    assert (outcome.changed, [one.why.code for one in outcome.refused]) == (1, ["due_in_past"])
    assert len(_behind(session, event)) == 1


def test_a_line_without_its_datum_is_left_out() -> None:
    body = "Foro {titulo}\nDónde: {donde}\nMira: {enlace} {enlace}"
    assert event_templates.fill(body, {"titulo": "{donde}", "enlace": "https://a.mx"}) == (
        "Foro {donde}\nMira: https://a.mx https://a.mx"
    )


def test_tags_are_added_once_with_their_accents() -> None:
    campaign = Campaign(slug="c", name="c", tags=[SNT, "#PlanDAI"])
    assert event_posts.with_tags(f"Hola {SNT}", [campaign]) == f"Hola {SNT}\n#PlanDAI"
    assert event_posts.with_tags("#VinculacionSNT", [campaign]) == f"#VinculacionSNT\n{SNT} #PlanDAI"
    assert event_posts.with_tags("  ", [campaign]) == "  "


@on_sqlite
def test_a_template_is_changed_and_forgotten(session: Session, plan: Plan) -> None:
    one = event_templates.find(session, "forum", "remind")
    with pytest.raises(event_templates.TemplateGapError):
        event_templates.change(session, plan.author, one, -2, "09:00", "Ven a {sala}")
    event_templates.change(session, plan.author, one, -2, "09:00", "Ven a {donde}")
    event_templates.change(session, plan.author, one, -3, "", "Ven a {donde}")
    changed = event_templates.find(session, "forum", "remind")
    assert (changed.days, changed.hour, changed.body, changed.changed) == (-3, None, "Ven a {donde}", True)
    assert event_templates.find(session, "session", "remind").changed is False
    event_templates.forget(session, plan.author, changed)
    assert event_templates.find(session, "forum", "remind") == one


def test_two_links_of_one_place_are_refused_by_the_database(session: Session, plan: Plan) -> None:
    event = _forum(session, plan)
    one, other = _prepare(session, plan, event, "announce", "remind")
    link = session.scalars(select(EventPost).where(EventPost.post_id == other.id)).one()
    link.slot = "announce"
    with pytest.raises(Exception, match=r"(?i)unique"):
        session.flush()
    assert one.id != other.id
