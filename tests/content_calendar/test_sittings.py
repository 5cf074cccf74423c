from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from content_calendar import clock, posts, sittings
from content_calendar.clock import now
from content_calendar.sittings import Typing
from tests.content_calendar.conftest import Plan


def kept(session: Session, person_id: int, post_id: int | None = None) -> list[str]:
    return [(one.typed or [["", ""]])[0][1] for one in sittings.unsaved(session, person_id, post_id)]


def test_what_comes_late_is_not_written_over_what_is_newer(session: Session, plan: Plan) -> None:
    eva = plan.author.id
    assert sittings.keep(session, eva, Typing("a", None, 5, [("text", "cinco")]))
    assert sittings.keep(session, eva, Typing("a", None, 3, [("text", "tres")]))
    assert kept(session, eva) == ["cinco"]


def test_two_tabs_of_one_person_keep_their_own(session: Session, plan: Plan) -> None:
    eva = plan.author.id
    sittings.keep(session, eva, Typing("a", None, 1, [("text", "una")]))
    sittings.keep(session, eva, Typing("b", None, 1, [("text", "otra")]))
    sittings.keep(session, plan.reviewer.id, Typing("a", None, 1, [("text", "de Ana")]))
    assert sorted(kept(session, eva)) == ["otra", "una"]
    assert kept(session, plan.reviewer.id) == ["de Ana"]


def test_what_is_sent_after_the_save_is_not_kept_as_unsaved(session: Session, plan: Plan) -> None:
    eva = plan.author.id
    for token in ("seen before", "never seen"):
        if token == "seen before":
            sittings.keep(session, eva, Typing(token, None, 1, [("text", "a")]))
        sittings.end(session, eva, token)
        assert not sittings.keep(session, eva, Typing(token, None, 2, [("text", "ab")]))
    assert kept(session, eva) == []


def test_who_else_is_there_is_told_while_they_are(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft())
    eva, ana = plan.author.id, plan.reviewer.id
    sittings.keep(session, eva, Typing("a", post.id))
    sittings.keep(session, eva, Typing("b", post.id))
    assert [one.person_id for one in sittings.others(session, ana, post.id)] == [eva]
    assert sittings.others(session, eva, post.id) == []
    with clock.standing_at(now() + sittings.HERE + timedelta(seconds=1)):
        assert sittings.others(session, ana, post.id) == []
    sittings.leave(session, eva, "a")
    sittings.leave(session, eva, "b")
    assert sittings.others(session, ana, post.id) == []


def test_what_was_sent_before_leaving_and_comes_after_it_does_not_bring_anybody_back(
    session: Session, plan: Plan
) -> None:
    post = posts.create(session, plan.author, plan.draft())
    eva, ana = plan.author.id, plan.reviewer.id
    sittings.keep(session, eva, Typing("a", post.id, 1, [("text", "a")], turn=1))
    sittings.leave(session, eva, "a", turn=3)
    sittings.keep(session, eva, Typing("a", post.id, 2, [("text", "ab")], turn=2))
    assert sittings.others(session, ana, post.id) == []
    assert [one.step for one in sittings.unsaved(session, eva, post.id)] == [2]
    # The control: whoever opens it again is there.
    sittings.keep(session, eva, Typing("a", post.id, turn=4))
    assert [one.person_id for one in sittings.others(session, ana, post.id)] == [eva]


def test_far_too_much_is_refused(session: Session, plan: Plan) -> None:
    with pytest.raises(sittings.SittingTooLargeError):
        sittings.keep(session, plan.author.id, Typing("a", None, 1, [("text", "a" * 500_000)]))
