"""The approved versions of what a share link opens, in other languages and forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from assets import adapting
from assets.models import Asset
from assets.packs import Pack
from content_calendar import adaptation_lists, adaptations
from content_calendar.content import hash_of
from content_calendar.models.adaptations import Adaptation, AdaptationText, Adapted
from webapp.adapting.naming import version_name
from webapp.session import db


@dataclass(frozen=True)
class SharedVersion:
    """A version as a share page shows it: its name, its words in order, its pictures', and who is named for it."""

    name: str
    language: str
    text: str
    alt_texts: list[str]
    credit: str


def shared_versions(pack: Pack) -> Mapping[str, list[SharedVersion]]:
    """Return the versions by the reference of their post or material, those made of the very words that are shared.

    Three queries at most.
    """
    posts = {post.ref: hash_of(adaptations.texts_of(post.content)) for post in pack.posts}
    refs = [one.ref for one in pack.loose]
    assets = db().scalars(select(Asset).where(Asset.ref.in_(refs))) if refs else ()
    materials = {asset.ref: hash_of(adapting.texts_of(asset)) for asset in assets}
    found: dict[str, list[SharedVersion]] = {}
    for subject, hashes in ((Adapted.POST, posts), (Adapted.ASSET, materials)):
        for ref, some in adaptation_lists.approved_of(db(), subject, list(hashes)).items():
            found[ref] = [_shown(one, text) for one, text in some if text.original_hash == hashes[ref]]
    return found


def _shown(one: Adaptation, text: AdaptationText) -> SharedVersion:
    read = adaptations.in_order(text.texts)
    return SharedVersion(
        version_name(one.language, one.form),
        one.language,
        "\n\n".join(said for key, said in read if not key.startswith("alt")),
        [said for key, said in read if key.startswith("alt")],
        text.credit,
    )
