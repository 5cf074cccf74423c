"""What is in a post's way at a moment."""

from datetime import UTC, date, datetime, timedelta

from content_calendar.clashes import ClashKind, Saying, clashes, clashes_of, empty_spans

TEN = datetime(2030, 11, 5, 16, 0, tzinfo=UTC)


def _says(ref: str, minutes: int = 0, account: str = "x/comision") -> Saying:
    at = TEN + timedelta(minutes=minutes)
    return Saying(ref, account, at, (at - timedelta(hours=6)).replace(tzinfo=None))


def test_two_posts_of_an_account_in_one_hour_clash() -> None:
    (found,) = clashes([_says("a"), _says("b", 59)])
    assert (found.kind, found.day, found.hour, found.post_refs) == (
        ClashKind.SAME_HOUR,
        date(2030, 11, 5),
        10,
        ("a", "b"),
    )


def test_neither_another_hour_nor_another_account_nor_the_same_post_clashes() -> None:
    assert clashes([_says("a"), _says("b", 60), _says("c", account="x/otra"), _says("a", 1)]) == []


def test_a_fifth_post_in_a_day_is_too_many() -> None:
    four = [_says(str(n), n * 60) for n in range(4)]
    assert clashes(four) == []
    (found,) = clashes([*four, _says("last", 300)])
    assert (found.kind, found.hour, len(found.post_refs)) == (ClashKind.CROWDED, None, 5)


def test_a_post_does_not_clash_with_where_it_stands_now() -> None:
    others = [_says("a"), _says("b", 120)]
    own = _says("a", 10)
    assert clashes_of("a", own.at, own.local, ["x/comision"], others) == []
    late = _says("a", 125)
    assert [one.post_refs for one in clashes_of("a", late.at, late.local, ["x/comision"], others)] == [
        ("b", "a")
    ]


def test_weeks_on_which_nothing_stands_are_found() -> None:
    weeks = [(date(2030, 11, 1), date(2030, 11, 7)), (date(2030, 11, 8), date(2030, 11, 14))]
    assert empty_spans(weeks, {date(2030, 11, 7)}) == [weeks[1]]
