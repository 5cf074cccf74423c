from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import claiming, publications
from content_calendar.content import Content, as_json, hash_of
from content_calendar.models.people import AuditEvent
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.moves import StateChangedError, move_one
from content_calendar.payloads import Payload, PayloadPart, thaw
from content_calendar.publications import Destination
from content_calendar.states import HoldReason, PartState, PostState, PublicationEvent, PublicationState
from tests.scheduler.scene import TOLERANCE, Time, account, approved_post, moment, planned

HELD, CANCELLED = PublicationState.HELD, PublicationState.CANCELLED


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


def destination(session: Session, text: str = "Abre los datos") -> Destination:
    return Destination(account(session, "rehearsal").id, Payload((PayloadPart(text, "es"),)), ["k1"])


def hold(session: Session, publication: Publication, reason: HoldReason) -> None:
    move_one(session, Publication, PublicationEvent.HOLD, publication.id, values={"hold_reason": reason})


def acts(session: Session, publication: Publication) -> list[str]:
    query = select(AuditEvent.act).where(AuditEvent.subject_ref == publication.ref).order_by(AuditEvent.id)
    return list(session.scalars(query))


def test_what_goes_out_is_frozen_when_it_is_scheduled(session: Session, time: Time) -> None:
    post, version = approved_post(session, "Abre los datos")
    to = destination(session)
    (made,) = publications.schedule(
        session, post, version, [to], moment(time.at + timedelta(hours=1)), TOLERANCE, "ana"
    )
    assert post.state is PostState.SCHEDULED
    assert thaw(made.payload, made.payload_sha256) == to.payload
    assert made.content_hash == version.content_hash
    assert made.late_after == made.due_at + TOLERANCE
    assert [(part.n, part.client_key, part.state) for part in made.parts] == [(1, "k1", PartState.WAITING)]
    assert acts(session, made) == ["publication_scheduled"]


def test_only_the_approved_version_is_scheduled(session: Session, time: Time) -> None:
    post, _ = approved_post(session, "Aprobado")
    other = as_json(Content(parts=("Otro",)))
    draft = PostVersion(
        post_id=post.id, n=2, content=other, content_hash=hash_of(other), author_id=post.author_id
    )
    session.add(draft)
    session.flush()
    with pytest.raises(publications.NotApprovedError):
        publications.schedule(
            session, post, draft, [destination(session)], moment(time.at + timedelta(hours=1)), TOLERANCE, ""
        )


def test_nothing_is_scheduled_for_the_past_nor_for_nobody(session: Session, time: Time) -> None:
    post, version = approved_post(session, "Aprobado")
    to = destination(session)
    with pytest.raises(publications.PastMomentError):
        publications.schedule(session, post, version, [to], moment(time.at), TOLERANCE, "")
    with pytest.raises(publications.NoAccountError):
        publications.schedule(session, post, version, [], moment(time.at + timedelta(hours=1)), TOLERANCE, "")
    assert post.state is PostState.APPROVED


def test_the_same_post_goes_to_an_account_once_at_a_moment(session: Session, time: Time) -> None:
    post, version = approved_post(session, "Aprobado")
    to = destination(session)
    with pytest.raises(publications.AlreadyPlannedError):
        publications.schedule(
            session, post, version, [to, to], moment(time.at + timedelta(hours=1)), TOLERANCE, ""
        )


def test_a_publication_is_moved_and_its_tolerance_with_it(session: Session, time: Time) -> None:
    made = planned(session, account(session, "rehearsal"), time.at + timedelta(hours=1))
    hold(session, made, HoldReason.LATE)
    later = moment(time.at + timedelta(days=1))
    publications.replan(session, made, later, TOLERANCE, "ana")
    assert (made.state, made.hold_reason) == (PublicationState.SCHEDULED, None)
    assert (made.due_at, made.next_at, made.late_after) == (later.at, later.at, later.at + TOLERANCE)
    assert acts(session, made)[-1] == "publication_moved"
    with pytest.raises(publications.PastMomentError):
        publications.replan(session, made, moment(time.at), TOLERANCE, "ana")


@pytest.mark.parametrize("reason", [HoldReason.UNCONFIRMED, HoldReason.DUPLICATE])
def test_while_it_may_be_out_it_is_neither_moved_nor_taken_back_with_its_post(
    session: Session, time: Time, reason: HoldReason
) -> None:
    made = planned(session, account(session, "rehearsal"), time.at + timedelta(hours=1))
    hold(session, made, reason)
    with pytest.raises(publications.DoubtOpenError):
        publications.replan(session, made, moment(time.at + timedelta(days=1)), TOLERANCE, "ana")
    assert publications.withdraw_all(session, session.get_one(Post, made.post_id), "ana") == []
    publications.resend(session, made, TOLERANCE, "ana")
    assert made.state is PublicationState.SCHEDULED
    assert made.next_at == time.at
    assert acts(session, made)[-1] == "publication_resent"


def test_what_is_not_in_doubt_is_not_sent_again(session: Session, time: Time) -> None:
    made = planned(session, account(session, "rehearsal"), time.at + timedelta(hours=1))
    hold(session, made, HoldReason.LATE)
    with pytest.raises(publications.NoDoubtError):
        publications.resend(session, made, TOLERANCE, "ana")


def test_a_withdrawn_publication_rests_and_so_does_its_post(session: Session, time: Time) -> None:
    made = planned(session, account(session, "rehearsal"), time.at + timedelta(hours=1))
    post = session.get_one(Post, made.post_id)
    publications.cancel(session, made, "ana", "Ya no aplica")
    assert made.state is CANCELLED
    assert post.state is PostState.DONE
    with pytest.raises(StateChangedError):
        publications.cancel(session, made, "ana")


def test_what_is_on_its_way_is_neither_moved_nor_withdrawn(session: Session, time: Time) -> None:
    made = planned(session, account(session, "rehearsal"), time.at + timedelta(seconds=1))
    time.pass_by(seconds=2)
    claiming.claim(session, "w", 1, timedelta(minutes=2))
    with pytest.raises(StateChangedError):
        publications.cancel(session, made, "ana")
    with pytest.raises(StateChangedError):
        publications.replan(session, made, moment(time.at + timedelta(days=1)), TOLERANCE, "ana")


@pytest.mark.parametrize("link", ["", "x.com/a/status/1", "javascript:alert(1)", "ftp://a.mx"])
def test_it_is_confirmed_with_a_link_only(session: Session, time: Time, link: str) -> None:
    made = planned(session, account(session, "by_hand"), time.at + timedelta(hours=1))
    with pytest.raises(publications.NotALinkError):
        publications.confirm_published(session, made, "", link, "ana")


def test_a_confirmation_proves_it_and_is_audited(session: Session, time: Time) -> None:
    made = planned(session, account(session, "by_hand"), time.at + timedelta(hours=1))
    hold(session, made, HoldReason.BY_HAND)
    publications.confirm_published(session, made, "77", "https://red.example/77", "ana")
    assert made.state is PublicationState.PUBLISHED
    assert [(part.state, part.remote_id) for part in made.parts] == [(PartState.PUBLISHED, "77")]
    assert acts(session, made)[-1] == "publication_confirmed"
    assert session.get_one(Post, made.post_id).state is PostState.DONE


def test_a_post_is_not_done_while_one_of_its_publications_waits(session: Session, time: Time) -> None:
    post, version = approved_post(session, "Aprobado")
    first, _ = publications.schedule(
        session,
        post,
        version,
        [destination(session), destination(session)],
        moment(time.at + timedelta(hours=1)),
        TOLERANCE,
        "",
    )
    publications.cancel(session, first, "ana")
    assert publications.settle_posts(session) == []
    assert post.state is PostState.SCHEDULED
