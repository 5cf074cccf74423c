from content_calendar.permissions import RIGHTS, Grant, Permission, Role, Scope, rights_of

NUEVO_LEON, JALISCO = Scope(1, 10), Scope(2, 20)


def test_a_liaison_acts_for_one_body_only() -> None:
    rights = rights_of([Grant(Role.LIAISON, body_id=1)])
    assert rights.can(Permission.DECLARE_REPLICATIONS, NUEVO_LEON)
    assert not rights.can(Permission.DECLARE_REPLICATIONS, JALISCO)


def test_a_regional_coordination_acts_for_the_bodies_of_its_region() -> None:
    rights = rights_of([Grant(Role.REGIONAL, region_id=10)])
    assert rights.can(Permission.DECIDE_REPLICATIONS, NUEVO_LEON)
    assert not rights.can(Permission.DECIDE_REPLICATIONS, JALISCO)


def test_two_roles_do_not_lend_each_other_their_reach() -> None:
    rights = rights_of([Grant(Role.LIAISON, body_id=1), Grant(Role.REGIONAL, region_id=20)])
    assert rights.can(Permission.CONTRIBUTE, NUEVO_LEON)
    assert not rights.can(Permission.CONTRIBUTE, JALISCO)


def test_somebody_without_a_role_may_nothing() -> None:
    assert not any(rights_of([]).can(permission) for permission in Permission)


def test_only_coordination_and_administration_approve() -> None:
    assert {role for role in Role if Permission.REVIEW_POSTS in RIGHTS[role]} == {
        Role.COORDINATOR,
        Role.ADMIN,
    }
