"""What publishing costs, with all that is charged for."""

from content_calendar.content import Content, Medium
from content_calendar.models.directory import Account
from scheduler.networks import networks
from webapp.outlets import Outlet, costs

_X = networks()["x"]


def test_each_alternative_text_of_a_part_costs_on_each_account() -> None:
    media = tuple(
        Medium(f"foto-{n}", 1, "0" * 64, alt, part=2) for n, alt in enumerate(("Una mano", "", "Sol"))
    )
    content = Content(("Tu derecho", "Ve https://ejemplo.mx"), kind="thread", media=media)
    chosen = [Outlet(Account(network="x", handle=handle), _X, _X) for handle in ("a", "b")]
    (cost,) = costs(chosen, content)
    # 0.015 a post, 0.200 one with a link, 0.005 a text: https://docs.x.com/x-api/getting-started/pricing
    assert [part.mills for part in cost.parts] == [15, 200 + 2 * 5]
    assert (cost.mills, cost.without_links) == (2 * 225, 2 * (15 + 25))
