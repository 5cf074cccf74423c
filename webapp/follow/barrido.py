"""Barrido: each body's pages that only people see, beside the week's posts; a body a screen, and how far one is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request
from flask_babel import gettext

from content_calendar.clock import now
from content_calendar.errors import NotFoundError
from content_calendar.models.directory import Account
from content_calendar.pasted import address_of
from content_calendar.permissions import Permission
from scheduler.replication import barrido_board
from scheduler.replication.barrido import week_of, week_shown
from scheduler.replication.barrido_board import Board, BodyRow, tally_of
from webapp.barrido_words import ANSWERS, KINDS, WHYS
from webapp.dashboards.reach import scope_of
from webapp.directory.wording import network_name
from webapp.follow.doors import blueprint
from webapp.session import db, needs, settings, viewer

_P = Permission
_WEEK = timedelta(days=7)
_ISO = len("2026-11-16")
_WEB = ("https://", "http://")


class BarridoMissingError(NotFoundError):
    """There is no such week, or the body is not among those that the person looks at."""

    code = "barrido_missing"


@dataclass(frozen=True)
class Typed:
    """What came back to be corrected: of which post, what was typed, what is wrong, and what is to be confirmed."""

    post_ref: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    warning: str = ""


def today() -> date:
    """Return the day it is for the commission."""
    return now().astimezone(ZoneInfo(settings().zone)).date()


def week_asked(ref: str) -> date:
    """Return the week that an address names by one of its days; raise BarridoMissingError for none, or one to come."""
    try:
        week = week_of(date.fromisoformat(ref[:_ISO]))
    except (ValueError, OverflowError):
        raise BarridoMissingError from None
    if week > today():
        raise BarridoMissingError
    return week


def board_of(week: date) -> Board:
    """Return the week for the bodies within the reach of whoever asks."""
    bodies = [
        one
        for one in barrido_board.bodies_of(db(), today())
        if viewer().can(_P.DECIDE_REPLICATIONS, scope_of(one))
    ]
    return barrido_board.board(db(), week, settings().zone, bodies, today())


def row_of(board: Board, slug: str) -> BodyRow:
    """Return the row of a body of the board; raise BarridoMissingError when it is not there."""
    row = board.row(slug)
    if row is None:
        raise BarridoMissingError
    return row


def _address(account: Account) -> str:
    """Return where an account is looked at; empty where nobody knows an address of the web."""
    return account.url if account.url.startswith(_WEB) else address_of(account.network, account.handle)


@blueprint.get("/barrido")
@needs(_P.DECIDE_REPLICATIONS)
def sweep() -> str:
    """Show how far the week's barrido is."""
    return _overview(week_shown(today()))


@blueprint.get("/barrido/semana/<ref>")
@needs(_P.DECIDE_REPLICATIONS)
def sweep_week(ref: str) -> str:
    """Show how far the barrido of a week is; a notice's reference names its region behind the week."""
    return _overview(week_asked(ref))


def _overview(week: date) -> str:
    board = board_of(week)
    return render_template(
        "follow/barrido.html",
        board=board,
        week=week,
        last=week + timedelta(days=6),
        before=week - _WEEK,
        after=week + _WEEK if week + _WEEK <= today() else None,
        running=week_of(today()) == week,
        following=board.next_after(),
        bare=[one for one in board.rows if not one.accounts],
        regions=board.by_region(),
        tally_of=tally_of,
        network_name=network_name,
        cut_off=now(),
    )


@blueprint.get("/barrido/semana/<ref>/<slug>")
@needs(_P.DECIDE_REPLICATIONS)
def sweep_body(ref: str, slug: str) -> Response:
    """Show a body's pages beside the week's posts."""
    return show(week_asked(ref), slug)


def show(week: date, slug: str, typed: Typed | None = None, status: int = 200) -> Response:
    """Show a body; to the page's script only what changed: the post that was answered, and how far one is."""
    board = board_of(week)
    row = row_of(board, slug)
    looked = list(board.looked)
    at = next((n for n, one in enumerate(looked) if one is row), None)
    in_place = request.headers.get("X-Requested-With") == "fetch"
    page = render_template(
        "follow/_barrido_answered.html" if in_place else "follow/barrido_body.html",
        board=board,
        row=row,
        week=week,
        last=week + timedelta(days=6),
        typed=typed or Typed(),
        place=None if at is None else at + 1,
        earlier=looked[at - 1] if at else None,
        later=looked[at + 1] if at is not None and at + 1 < len(looked) else None,
        following=board.next_after(slug),
        changed=request.view_args.get("post_ref", "") if request.view_args else "",
        address=_address,
        network_name=network_name,
        answers={key.value: gettext(word) for key, word in ANSWERS.items()},
        whys={key.value: gettext(word) for key, word in WHYS.items()},
        kinds=[(key.value, gettext(word)) for key, word in KINDS.items()],
        today=today(),
    )
    # The script is told in the page what is wrong: a status would only be noise in the browser's console.
    return make_response(page, 200 if in_place else status)
