"""The map of bodies x posts as its template draws it: a level, a sentence and an address for each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext

from content_calendar.models.directory import Body
from scheduler.replication.funnel import Cell, Ledger, OutPost, Step
from webapp import dates
from webapp.dashboards.echo_words import KINDS, STEPS, within
from webapp.federal import state_of

DOUBTFUL = "doubtful"
# How the list of a post groups its bodies, the best known first; "" is what nothing is known of.
LEVELS = (Step.VERIFIED, Step.PUBLISHED, DOUBTFUL, Step.DOWNLOADED, Step.SEEN, Step.OFFERED, "")


@dataclass(frozen=True)
class Square:
    """One cell: its level, what it says, and where it leads."""

    level: str
    said: str
    url: str


@dataclass(frozen=True)
class Row:
    """A body with its cells, in the order of the posts, and of how many posts it took up."""

    body: Body
    name: str
    state: str
    url: str
    squares: Sequence[Square]
    taken: int


@dataclass(frozen=True)
class Column:
    """A post: its address, its day, how many bodies took it up, and the bodies by level for the narrow screen."""

    post: OutPost
    url: str
    day: str
    taken: int
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]] = field(default_factory=list)


@dataclass(frozen=True)
class Heat:
    """The whole map."""

    columns: Sequence[Column]
    rows: Sequence[Row]


def heat(ledger: Ledger, posts: Sequence[OutPost], bodies: Sequence[Body]) -> Heat:
    """Return the map of these posts and bodies, from what the ledger knows of them."""
    words = level_words()
    rows = [_row(ledger, posts, body, words) for body in bodies]
    return Heat([_column(n, post, rows) for n, post in enumerate(posts)], rows)


def level_of(cell: Cell) -> str:
    """Return what a cell shows: the last step that is known, or that somebody has to decide."""
    if cell.doubtful and not cell.taken:
        return DOUBTFUL
    return cell.farthest or ""


def level_words() -> Mapping[str, str]:
    """Return each level in words."""
    return {
        **{step: gettext(word) for step, word in STEPS.items()},
        DOUBTFUL: gettext("por decidir"),
        "": gettext("sin dato"),
    }


def cell_words(cell: Cell, words: Mapping[str, str] | None = None) -> str:
    """Return what is known of a cell, such as "publicada: copia igual, en menos de 3 horas".

    ``words`` are the levels', where somebody has them at hand.
    """
    word = (words or level_words())[level_of(cell)]
    if cell.taken is None:
        return word
    said = f"{word}: {gettext(KINDS[cell.taken.kind])}"
    if cell.taken.lag is None:
        return said
    return f"{said}, {gettext('en menos de %(time)s', time=within(cell.taken.lag))}"


def address(post_ref: str, slug: str, cell: Cell) -> str:
    """Return where a cell leads: to its replication, or to what is known of the pair."""
    ref = cell.taken.ref if cell.taken else cell.ref
    if ref:
        return url_for("dashboards.echo", ref=ref)
    return url_for("dashboards.pair", post_ref=post_ref, slug=slug)


def _row(ledger: Ledger, posts: Sequence[OutPost], body: Body, words: Mapping[str, str]) -> Row:
    cells = [(post, ledger.cell(post.id, body.id)) for post in posts]
    squares = [
        Square(level_of(cell), cell_words(cell, words), address(post.ref, body.slug, cell))
        for post, cell in cells
    ]
    url = url_for("dashboards.body_echoes", key=body.slug)
    taken = sum(cell.taken is not None for _, cell in cells)
    return Row(body, body.short_name, state_of(body), url, squares, taken)


def _column(n: int, post: OutPost, rows: Sequence[Row]) -> Column:
    grouped: dict[str, list[tuple[str, str]]] = {level: [] for level in LEVELS}
    for row in rows:
        grouped[row.squares[n].level].append((row.name, row.squares[n].url))
    taken = len(grouped[Step.VERIFIED]) + len(grouped[Step.PUBLISHED])
    url = url_for("calendar.post", ref=post.ref)
    day = dates.short_day(post.first_at.astimezone(dates.zone()).date())
    return Column(post, url, day, taken, [(level, some) for level, some in grouped.items() if some])
