from sqlalchemy.orm import Session

from assets import collecting


def test_what_the_plans_name_is_planted_once_and_stays_as_people_left_it(session: Session) -> None:
    assert collecting.plant(session) == 13
    stands = collecting.listed(session)
    assert stands[0].collection.name == "Caja de herramientas de gobierno abierto en municipios"
    assert all(one.collection.source for one in stands)
    stands[0].collection.name = "Caja municipal"
    assert collecting.plant(session) == 0
    assert collecting.listed(session)[0].collection.name == "Caja municipal"
