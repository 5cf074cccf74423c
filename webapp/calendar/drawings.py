"""Drawings of boards, kept: what was drawn once of the same tiles, in the same language, is not drawn again.

A board's posts are read each time. What is drawn of them is often the same for everybody of a role, and after most
writes: a bimester shows the first five posts of a week, a month the first six of a day.
"""

import threading
from collections import OrderedDict
from hashlib import sha256

import orjson
from jinja2.runtime import Macro
from markupsafe import Markup

from webapp.calendar.doors import blueprint
from webapp.session import viewer

# Of one process: some forty boards of a full bimester.
_MOST_CHARACTERS = 4_000_000
_kept: OrderedDict[bytes, Markup] = OrderedDict()
_lock = threading.Lock()


@blueprint.app_template_global()
def drawn(macro: Macro, *given: object) -> Markup:
    """Return what a macro of ``macros/calendar.html`` draws: it follows from what it is given and the language."""
    told = [macro.name, viewer().locale, viewer().zone, given]
    written = orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS)
    key = sha256(written).digest()
    with _lock:
        if (found := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return found
    made = Markup(macro(*given))  # noqa: S704 -- a template made it, and escaped what it was given
    with _lock:
        _kept[key] = made
        held = sum(map(len, _kept.values()))
        while held > _MOST_CHARACTERS:
            held -= len(_kept.popitem(last=False)[1])
    return made
