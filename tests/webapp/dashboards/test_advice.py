"""Whatever a publication waits for has a word and a shape of its own."""

from pathlib import Path

from content_calendar.states import HoldReason

WORDS = Path(__file__).parents[3] / "webapp" / "templates" / "macros" / "states.html"


def test_every_reason_to_wait_has_its_word() -> None:
    template = WORDS.read_text(encoding="utf-8")
    unsaid = [one for one in HoldReason if template.count(f'"held.{one.value}"') != 2]
    assert unsaid == []
