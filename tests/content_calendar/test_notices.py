"""Notices: told once to each, whoever says it again; closed for all when one person has seen to it."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from content_calendar import clock, notices, people
from content_calendar.audience import Audience
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.notices import Happening, Subject
from content_calendar.permissions import Role
from tests.content_calendar.makers import make_person


def happening(key: str = "publication:abc:1", ref: str = "abc") -> Happening:
    return Happening(key, "held_late", Subject.PUBLICATION, ref, {"title": "Tu derecho"})


def to(*told: Person, mailed: bool = True) -> Audience:
    ids = frozenset(one.id for one in told)
    return Audience(ids, ids if mailed else frozenset())


def rows(session: Session) -> list[Notice]:
    return list(session.scalars(select(Notice).order_by(Notice.id).execution_options(populate_existing=True)))


def test_the_same_happening_is_told_once_and_the_next_one_again(session: Session) -> None:
    ana, luz = make_person(session, "Ana"), make_person(session, "Luz")
    for _ in range(3):
        notices.tell(session, [(happening(), to(ana, luz))])
    notices.tell(session, [(happening("publication:abc:2"), to(ana))])
    assert [(row.person_id, row.happening) for row in rows(session)] == [
        (ana.id, "publication:abc:1"),
        (luz.id, "publication:abc:1"),
        (ana.id, "publication:abc:2"),
    ]


def test_when_one_person_has_seen_to_it_nobody_else_needs_to(session: Session) -> None:
    ana, luz = make_person(session, "Ana"), make_person(session, "Luz")
    notices.tell(session, [(happening(), to(ana, luz)), (happening("otra", "xyz"), to(luz))])
    notices.over(session, Subject.PUBLICATION, ["abc"], ana.id)
    assert notices.unread_count(session, luz.id) == 1
    seen = notices.seen(session, luz.id, 10)
    assert [(one.subject_ref, one.over_by.name if one.over_by else "") for one in seen] == [("abc", "Ana")]
    assert [row.mail_at is None for row in rows(session)] == [True, True, False]


def test_what_was_seen_on_the_screen_is_not_mailed_any_more(session: Session) -> None:
    ana = make_person(session, "Ana")
    notices.tell(session, [(happening(), to(ana))])
    notices.mark_read(session, ana.id, rows(session)[0].ref)
    assert (notices.unread_count(session, ana.id), rows(session)[0].mail_at) == (0, None)


def test_nobody_reads_or_marks_the_notices_of_others(session: Session) -> None:
    ana, luz = make_person(session, "Ana"), make_person(session, "Luz")
    notices.tell(session, [(happening(), to(ana))])
    ref = rows(session)[0].ref
    notices.mark_read(session, luz.id, ref)
    notices.mark_all_read(session, luz.id)
    assert notices.unread_count(session, ana.id) == 1
    with pytest.raises(notices.NoticeNotFoundError):
        notices.find(session, luz.id, ref)


def test_the_list_goes_on_where_the_page_before_ended(session: Session) -> None:
    ana = make_person(session, "Ana")
    notices.tell(session, [(happening(f"k{n}", f"r{n}"), to(ana)) for n in range(5)])
    notices.mark_all_read(session, ana.id)
    first = notices.seen(session, ana.id, 3)
    rest = notices.seen(session, ana.id, 3, before_id=first[-1].id)
    assert [one.subject_ref for one in (*first, *rest)] == ["r4", "r3", "r2", "r1", "r0"]


def test_who_wants_no_mail_keeps_their_notices(session: Session) -> None:
    ana = make_person(session, "Ana")
    notices.tell(session, [(happening(), to(ana))])
    notices.stop_mailing(session, ana)
    assert (ana.wants_mail, rows(session)[0].mail_at, notices.unread_count(session, ana.id)) == (
        False,
        None,
        1,
    )


def test_those_who_left_or_have_no_role_today_are_not_told(session: Session) -> None:
    ana, luz, eva = (make_person(session, name) for name in ("Ana", "Luz", "Eva"))
    for somebody in (ana, luz):
        people.grant(session, somebody, Role.EDITOR, on=date(2026, 1, 1))
    people.grant(session, eva, Role.EDITOR, on=date(2027, 1, 1))
    luz.left_at = clock.now()
    session.flush()
    assert [one.id for one in notices.people_to_tell(session, date(2026, 11, 22))] == [ana.id]


def test_the_count_is_read_from_its_own_index(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("the plan of SQLite is asked for")
    plan = session.execute(
        text(
            "EXPLAIN QUERY PLAN SELECT id FROM notice WHERE person_id = 1 AND read_at IS NULL AND over_at IS NULL"
        )
    ).all()
    assert "ix_notice_unread" in str(plan)
