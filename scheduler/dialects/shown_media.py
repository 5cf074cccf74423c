"""Which of the posts that say the same as a part are that part: those that show what was uploaded for it.

Pure. A network that tells the ids of what its posts show tells two posts of equal text apart.
"""

from collections.abc import Sequence

from content_calendar.states import HoldReason
from scheduler.network import Answer, Outgoing, Receipt, RefusedError


def ours_among(equal: Sequence[tuple[Receipt, frozenset[str]]], outgoing: Outgoing) -> list[Receipt]:
    """Return those of the posts of ``equal`` text that show the part's own media, by the ids that each shows.

    Where the part's ids are forgotten, those that show anything, if the part does; without a text neither tells.
    Raises RefusedError when posts say the same and none is surely this one: a person decides, since neither
    their being there nor the part's absence is proved.
    """
    ids = frozenset(outgoing.prepared.get("media_ids", "").split(",")) - {""}
    shows = bool(outgoing.images or outgoing.video)
    if ids:
        ours = [receipt for receipt, shown in equal if shown & ids]
    else:
        tells = bool(outgoing.text.strip())
        ours = [receipt for receipt, shown in equal if tells and bool(shown) == shows]
    if equal and not ours:
        raise RefusedError(
            Answer(raw="another post says the same and shows something else"), hold=HoldReason.UNCONFIRMED
        )
    return ours
