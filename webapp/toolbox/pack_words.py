"""What a pack is called, and the entries of it that are words: its instructions and its texts."""

from functools import partial
from io import BytesIO

from assets.models import PackOf
from assets.pack_texts import texts_of
from assets.packs import Pack
from assets.zipping import Entry
from webapp import dates
from webapp.adapting.sharing import version_files
from webapp.calendar.periods import bimester_title
from webapp.session import viewer
from webapp.toolbox.instructions import Instructions
from webapp.words import N_

# The word of each kind in an address, and as a person says it.
KINDS = {
    "publicacion": PackOf.POST,
    "tema": PackOf.THEME,
    "bimestre": PackOf.BIMESTER,
    "material": PackOf.MATERIAL,
}
ADDRESS = {of: word for word, of in KINDS.items()}
KIND_WORDS = {
    PackOf.POST: N_("publicación"),
    PackOf.THEME: N_("tema"),
    PackOf.BIMESTER: N_("bimestre"),
    PackOf.MATERIAL: N_("material"),
}


def title_of(of: PackOf, subject: str, title: str) -> str:
    """Return how a pack is called: a bimester by its months, anything else by its title."""
    if of is not PackOf.BIMESTER:
        return title
    year, _, number = subject.partition("-")
    return bimester_title(int(year), int(number))


def megabytes(size: int) -> str:
    """Return a size as a person reads it, never smaller than it is."""
    if size < 1_000_000:  # noqa: PLR2004 -- a megabyte
        return f"{dates.number(-(-size // 1000))} KB"
    return f"{dates.number(-(-size // 1_000_000))} MB"


def entries_of(pack: Pack) -> list[Entry]:
    """Return the instructions and the texts as entries of a ZIP, the instructions first."""
    versions, names = version_files(pack)
    texts = {post.ref: texts_of(post) | versions.pop(post.ref, {}) for post in pack.posts}
    title = title_of(pack.of, pack.subject, pack.title)
    speaker = dates.speaker(pack.body.zone if pack.body else "")
    told = Instructions(pack, title, texts, speaker, viewer().locale, names)
    files = [("LEEME.txt", told.readme()), ("index.html", told.page())]
    files += [one for some in texts.values() for one in some.items()]
    # Those of the materials that are of no post.
    files += [one for some in versions.values() for one in some.items()]
    return [_entry(name, text.encode()) for name, text in files]


def _entry(name: str, data: bytes) -> Entry:
    return Entry(name, len(data), partial(BytesIO, data))
