from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from content_calendar import clock
from content_calendar.content import Content
from content_calendar.db import Database
from content_calendar.errors import NotFoundError
from content_calendar.models.directory import Body, Commission
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.posts import Post
from content_calendar.states import PublicationState
from scheduler.listening.identity import canonical_link, link_key
from scheduler.models import Entry, Replication, ReplicationKind, ReplicationStage
from scheduler.replication.declaring import (
    LinkNotUsableError,
    PostNotPublishedError,
    ReplicationRejectedError,
    declare,
)
from scheduler.replication.facts import texts_in
from scheduler.replication.ledger import Matcher, confirm, overrule
from scheduler.replication.match import Thresholds
from scheduler.replication.retracting import retract
from scheduler.replication.seek_models import ReplicationEvidence
from tests.scheduler.planting import plant_body, plant_person, plant_published

OUT = datetime(2026, 11, 20, 16, tzinfo=UTC)
NOW = OUT + timedelta(days=1)
TEXT = (
    "La protección de tus datos personales empieza por ti: antes de compartir tu CURP, tu domicilio o tus "
    "fotografías, pregunta para qué los quieren y quién los va a cuidar. #PlanDAI"
)
NOTE = "https://infonl.mx/nota-1"


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_now", lambda: NOW)


class World:
    """A post of one body, and another body that may take it up."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            self.owner: Body = plant_body(session, "owner")
            self.body: Body = plant_body(session, "infonl")
            self.person: Person = plant_person(session)
            self.post: Post = plant_published(session, self.owner, TEXT, OUT, tags=["PlanDAI"])

    def notes(self, text: str, link: str = NOTE, owner: int | None = None, **facts: object) -> None:
        with self.database.transaction() as session:
            session.add(
                Entry(
                    **{
                        "owner_id": owner or self.body.id,
                        "identity": sha256((link + text).encode()).hexdigest(),
                        "title": "Nota",
                        "link": link,
                        "link_key": link_key(link),
                        "summary": text,
                        "published_at": OUT + timedelta(hours=3),
                    }
                    | facts
                )
            )

    def found(self) -> list[Replication]:
        with self.database.reading() as session:
            rows = list(session.scalars(select(Replication).order_by(Replication.id)))
            session.expunge_all()
            return rows

    def only(self) -> Replication:
        (replication,) = self.found()
        return replication

    def declares(self, link: str = NOTE, **facts: object) -> Replication:
        with self.database.transaction() as session:
            return declare(
                session, self.person, post_id=self.post.id, body_id=self.body.id, link=link, **facts  # type: ignore[arg-type]  # named facts, as they are
            ).replication  # fmt: skip

    def rematches_everything(self) -> None:
        Matcher().match(self.database)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_a_note_that_takes_up_a_post_is_recorded_once_with_its_reason(world: World) -> None:
    world.notes(TEXT)
    matcher = Matcher()
    assert matcher.match(world.database) == 1
    assert matcher.match(world.database) == 0
    world.rematches_everything()
    replication = world.only()
    assert (replication.post_id, replication.body_id) == (world.post.id, world.body.id)
    assert (replication.kind, replication.stage) == (ReplicationKind.COPY, ReplicationStage.SEEN)
    assert (replication.why_code, replication.why_params["tags"]) == (
        "replication_tagged_verbatim",
        ["#plandai"],
    )
    assert (replication.occurred_at, replication.seen_at) == (OUT + timedelta(hours=3), NOW)
    assert (replication.link, replication.evidence_key) == (NOTE, link_key(NOTE))


def test_what_the_machine_takes_back_leaves_no_evidence_and_what_a_person_said_stays(world: World) -> None:
    world.notes(TEXT)
    world.rematches_everything()
    entry = world.only().entry_id
    assert entry
    with world.database.transaction() as session:
        assert session.scalars(select(ReplicationEvidence)).one().text.startswith("Nota")
        assert retract(session, [entry], {(world.post.id, entry)}) == 0
        assert retract(session, [entry], set()) == 1
        assert session.scalars(select(ReplicationEvidence)).all() == []
    world.rematches_everything()
    world.declares(NOTE)
    with world.database.transaction() as session:
        assert retract(session, [entry], set()) == 0


def test_a_note_with_the_posts_public_link_is_a_link(world: World) -> None:
    world.notes(f'Lee <a href="https://red.example/{world.post.ref}?utm_source=x">esto</a>')
    world.rematches_everything()
    assert (world.only().kind, world.only().score) == (ReplicationKind.LINK, 100)
    assert world.only().why_params == {"link": canonical_link(f"https://red.example/{world.post.ref}")}


def test_what_is_likely_and_not_certain_waits_for_a_person(world: World) -> None:
    words = TEXT.replace("#PlanDAI", "").split()
    world.notes(" ".join(f"palabra{n}" if n % 4 == 3 else word for n, word in enumerate(words)))
    world.rematches_everything()
    assert world.only().stage is ReplicationStage.DOUBTFUL


def test_what_says_nothing_of_a_post_is_not_recorded_and_not_looked_at_again(world: World) -> None:
    world.notes("transparencia")
    world.rematches_everything()
    assert world.found() == []
    with world.database.reading() as session:
        assert session.scalars(select(Entry.matched_at)).all() == [NOW]


def test_a_post_that_is_not_out_is_taken_up_by_nobody(world: World) -> None:
    text = "Convocatoria al concurso nacional de dibujo infantil sobre el derecho a saber y preguntar"
    with world.database.transaction() as session:
        plant_published(session, world.owner, text, OUT, state=PublicationState.SCHEDULED)
    world.notes(text)
    world.rematches_everything()
    assert world.found() == []


def test_notes_of_the_publishing_body_and_of_a_commission_are_no_replications(world: World) -> None:
    with world.database.transaction() as session:
        commission = Commission(slug="cvp", short_name="CVP", name="Comisión", zone="America/Mexico_City")
        session.add(commission)
    world.notes(TEXT, owner=world.owner.id)
    world.notes(TEXT, owner=commission.id)
    world.rematches_everything()
    assert world.found() == []


def test_a_post_made_from_a_note_is_not_echoed_by_it(world: World) -> None:
    text = "El congreso de transparencia reunió a más de trescientas personas en la ciudad de Xalapa"
    with world.database.transaction() as session:
        made = plant_published(session, world.owner, f"{text} {NOTE}", OUT, origin_url=NOTE)
    world.notes(text)
    world.rematches_everything()
    assert world.found() == []
    # The control: the same post, made from nothing.
    with world.database.transaction() as session:
        session.get_one(Post, made.id).origin_url = ""
    world.rematches_everything()
    assert world.only().post_id == made.id


def test_the_order_in_which_posts_and_notes_arrive_makes_no_difference(world: World) -> None:
    text = "El congreso de transparencia reunió a más de trescientas personas en la ciudad de Xalapa"
    matcher = Matcher()
    world.notes(text)
    assert matcher.match(world.database) == 0
    with world.database.transaction() as session:
        plant_published(session, world.owner, text, OUT)
    assert matcher.match(world.database) == 1


def test_a_post_that_goes_out_once_more_is_known_by_its_new_link(world: World) -> None:
    matcher = Matcher()
    matcher.match(world.database)
    with world.database.transaction() as session:
        again = plant_published(session, world.owner, TEXT, OUT + timedelta(hours=1))
    world.notes(f"Mira https://red.example/{again.ref}")
    assert matcher.match(world.database) == 1


def test_a_clock_a_few_hours_wrong_makes_no_echo_older_than_the_voice(world: World) -> None:
    world.notes(TEXT, published_at=OUT - timedelta(hours=6))
    world.rematches_everything()
    assert world.only().occurred_at == OUT


def test_the_machine_raises_its_own_doubt_to_a_certainty_and_never_lowers_it(world: World) -> None:
    world.notes(TEXT)
    world.rematches_everything()
    with world.database.transaction() as session:
        row = session.scalars(select(Replication)).one()
        row.stage, row.score = ReplicationStage.DOUBTFUL, 60
    world.rematches_everything()
    assert world.only().stage is ReplicationStage.SEEN
    with world.database.transaction() as session:
        row = session.scalars(select(Replication)).one()
        row.stage, row.score = ReplicationStage.SEEN, 100
    world.rematches_everything()
    assert world.only().score == 100


def test_what_counts_as_sure_can_be_changed_both_ways_for_young_notes(world: World) -> None:
    words = TEXT.replace("#PlanDAI", "").split()
    world.notes(" ".join(f"palabra{n}" if n % 4 == 3 else word for n, word in enumerate(words)))
    stages = []
    for sure in (99, 62, 99):
        with world.database.transaction() as session:
            session.execute(update(Entry).values(matched_at=None))
        Matcher(Thresholds(automatic=sure)).match(world.database)
        stages.append(world.only().stage)
    assert stages == [ReplicationStage.DOUBTFUL, ReplicationStage.SEEN, ReplicationStage.DOUBTFUL]


def test_a_worker_that_starts_anew_takes_nothing_back_of_old_notes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.notes(TEXT)
    world.rematches_everything()
    monkeypatch.setattr(clock, "_now", lambda: NOW + timedelta(days=90))
    Matcher(Thresholds(few_words=1000)).match(world.database)
    assert world.only().stage is ReplicationStage.SEEN
    # Control: a young one is judged by what counts now.
    monkeypatch.setattr(clock, "_now", lambda: NOW + timedelta(days=1))
    Matcher(Thresholds(few_words=1000)).match(world.database)
    assert world.found() == []


@pytest.mark.parametrize(
    ("decide", "stage"), [(confirm, ReplicationStage.CONFIRMED), (overrule, ReplicationStage.REJECTED)]
)
def test_what_a_person_decided_survives_a_rematch_of_everything(
    world: World, decide: object, stage: ReplicationStage
) -> None:
    world.notes(TEXT)
    world.rematches_everything()
    with world.database.transaction() as session:
        decide(session, world.person, world.only().ref)  # type: ignore[operator]  # one of the two functions
        session.scalars(select(Replication)).one().score = 1
    world.rematches_everything()
    replication = world.only()
    assert (replication.stage, replication.score) == (stage, 1)
    assert (replication.decided_by_id, replication.decided_at) == (world.person.id, NOW)
    with world.database.reading() as session:
        (event,) = session.scalars(select(AuditEvent)).all()
        assert (event.actor_ref, event.subject_ref) == (world.person.ref, replication.ref)


def test_a_decision_about_nothing_is_refused(world: World) -> None:
    with world.database.transaction() as session, pytest.raises(NotFoundError):
        confirm(session, world.person, "nothing")


def test_a_liaison_declares_a_replication_with_a_link_once(world: World) -> None:
    first = world.declares(occurred_at=OUT + timedelta(hours=2))
    second = world.declares("http://www.infonl.mx/nota-1/?utm_source=x")
    assert first.id == second.id
    replication = world.only()
    assert (replication.stage, replication.score) == (ReplicationStage.DECLARED, None)
    assert (replication.declared_by_id, replication.occurred_at) == (
        world.person.id,
        OUT + timedelta(hours=2),
    )
    assert replication.why_code == "replication_declared"


@pytest.mark.parametrize(
    ("said", "kept"), [(OUT - timedelta(days=9), OUT), (NOW + timedelta(days=9), NOW), (None, NOW)]
)
def test_a_declared_moment_lies_between_the_post_and_now(
    world: World, said: datetime | None, kept: datetime
) -> None:
    assert world.declares(occurred_at=said).occurred_at == kept


@pytest.mark.parametrize("link", ["", "ya lo publiqué", "javascript:alert(1)", "ftp://a.mx/b"])
def test_a_declaration_without_a_link_of_the_web_is_refused(world: World, link: str) -> None:
    with pytest.raises(LinkNotUsableError) as refused:
        world.declares(link)
    assert refused.value.field == "link"
    assert world.found() == []


def test_a_post_that_is_not_out_cannot_be_declared(world: World) -> None:
    with world.database.transaction() as session:
        world.post = plant_published(session, world.owner, "x", OUT, state=PublicationState.HELD)
    with pytest.raises(PostNotPublishedError):
        world.declares()


def test_a_doubt_that_a_liaison_declares_is_declared_and_stays_so(world: World) -> None:
    world.notes(TEXT)
    world.rematches_everything()
    with world.database.transaction() as session:
        row = session.scalars(select(Replication)).one()
        row.stage, row.score = ReplicationStage.DOUBTFUL, 60
    world.declares()
    world.rematches_everything()
    replication = world.only()
    assert (replication.stage, replication.declared_by_id) == (ReplicationStage.DECLARED, world.person.id)
    assert replication.score == 60


def test_a_link_that_a_person_overruled_cannot_be_declared_again(world: World) -> None:
    ref = world.declares().ref
    with world.database.transaction() as session:
        overrule(session, world.person, ref)
    with pytest.raises(ReplicationRejectedError):
        world.declares()
    assert world.only().stage is ReplicationStage.REJECTED


def test_a_no_holds_for_every_spelling_of_a_posts_link(world: World) -> None:
    ref = world.declares("https://x.com/INFO_NL/status/1991234567890123456").ref
    with world.database.transaction() as session:
        overrule(session, world.person, ref)
    for spelling in (
        "https://x.com/INFO_NL/status/1991234567890123456?s=20",
        "https://twitter.com/info_nl/status/1991234567890123456",
        "https://x.com/i/status/1991234567890123456",
    ):
        with pytest.raises(ReplicationRejectedError):
            world.declares(spelling)
    assert world.only().stage is ReplicationStage.REJECTED


def test_what_a_liaison_declared_first_is_not_counted_again_when_the_feed_brings_it(world: World) -> None:
    world.declares()
    world.notes(TEXT)
    world.rematches_everything()
    assert world.only().stage is ReplicationStage.DECLARED


def test_every_part_and_variant_of_a_post_is_a_text_and_a_thread_is_one_too() -> None:
    content = Content(parts=("uno", "dos"), variants={"rehearsal": ("tres",)})
    assert list(texts_in(content)) == ["uno", "dos", "uno dos", "tres"]


def test_a_link_that_a_post_carries_without_its_scheme_counts(world: World) -> None:
    with world.database.transaction() as session:
        plant_published(session, world.owner, "Conoce la guía: snt.org.mx/plandai/guia (y snt.org.mx)", OUT)
    world.notes('Está en <a href="https://www.snt.org.mx/plandai/guia">su página</a>')
    world.notes('El sitio es <a href="https://www.snt.org.mx/">este</a>', link="https://infonl.mx/nota-2")
    world.rematches_everything()
    assert world.only().why_params == {"link": "https://snt.org.mx/plandai/guia"}
