from datetime import date

import pytest
from sqlalchemy.orm import Session

from content_calendar import people
from content_calendar.permissions import Permission, Role

TODAY = date(2026, 11, 22)


def test_an_address_is_one_whatever_its_capitals(session: Session) -> None:
    people.add(session, "Ana@SNT.mx", "Ana")
    with pytest.raises(people.EmailTakenError):
        people.add(session, "ana@snt.mx", "Otra Ana")


@pytest.mark.parametrize("email", ["", "ana", "ana@", "@snt.mx", "ana@snt", "ana snt@snt.mx", "a@b@c.mx"])
def test_what_is_no_address_is_refused_at_its_field(session: Session, email: str) -> None:
    with pytest.raises(people.EmailInvalidError) as told:
        people.add(session, email, "Ana")
    assert told.value.field == "email"


def test_a_liaison_needs_a_body(session: Session) -> None:
    ana = people.add(session, "ana@snt.mx", "Ana")
    with pytest.raises(people.ScopeInvalidError):
        people.grant(session, ana, Role.LIAISON, on=TODAY)


def test_a_role_counts_from_its_first_day_to_the_day_before_its_last(session: Session) -> None:
    ana = people.add(session, "ana@snt.mx", "Ana")
    luz = people.add(session, "luz@snt.mx", "Luz")
    people.grant(session, luz, Role.ADMIN, on=TODAY)
    given = people.grant(session, ana, Role.EDITOR, on=TODAY)
    people.end_membership(session, ana, given.id, date(2026, 12, 1), luz.ref)
    session.flush()
    wrote = {
        day: people.rights(session, ana.id, day).can(Permission.WRITE_POSTS)
        for day in (date(2026, 11, 21), TODAY, date(2026, 11, 30), date(2026, 12, 1))
    }
    assert list(wrote.values()) == [False, True, True, False]


def test_the_last_administrator_cannot_leave(session: Session) -> None:
    ana = people.add(session, "ana@snt.mx", "Ana")
    people.grant(session, ana, Role.ADMIN, on=TODAY)
    with pytest.raises(people.LastAdminError):
        people.leave(session, people.find(session, ana.ref), ana.ref, TODAY)


def test_five_wrong_tries_make_one_wait_and_a_right_one_clears_them(session: Session) -> None:
    for _ in range(people.TRIES):
        assert not people.must_wait(session, "k")
        people.note_try(session, ["k"], succeeded=False)
        session.flush()
    assert people.must_wait(session, "k")
    people.note_try(session, ["k"], succeeded=True)
    session.flush()
    assert not people.must_wait(session, "k")
