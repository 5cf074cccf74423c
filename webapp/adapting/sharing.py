"""The approved versions of what a share link opens, in other languages and forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from assets import adapting
from assets.models import Asset
from assets.packs import Pack
from assets.zipping import stem
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

    One query, and one more where a material has versions.
    """
    posts = {post.ref: post for post in pack.posts}
    approved = adaptation_lists.approved_of(db(), [*posts, *(one.ref for one in pack.loose)])
    refs = [ref for subject, ref in approved if subject is Adapted.ASSET]
    assets = db().scalars(select(Asset).where(Asset.ref.in_(refs))) if refs else ()
    hashes = {(Adapted.ASSET, asset.ref): hash_of(adapting.texts_of(asset)) for asset in assets}
    for subject, ref in approved:
        if subject is Adapted.POST and ref in posts:
            hashes[subject, ref] = hash_of(adaptations.texts_of(posts[ref].content))
    return {
        key[1]: [_shown(one, text) for one, text in some if text.original_hash == hashes.get(key)]
        for key, some in approved.items()
    }


def version_files(pack: Pack) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Return the texts of a pack's versions as files, by the reference of what they are of, and what each is called."""
    places = {post.ref: f"{post.folder}otras-lenguas/" for post in pack.posts}
    places |= {one.ref: f"materiales/otras-lenguas/{stem(one.title)}-{one.ref}-" for one in pack.loose}
    files: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    for ref, some in shared_versions(pack).items():
        for one in some:
            name = f"{places[ref]}{stem(one.name)}.txt"
            names[name] = one.name
            said = [
                one.text,
                *(f"ALT: {alt}" for alt in one.alt_texts),
                *([one.credit] if one.credit else []),
            ]
            files.setdefault(ref, {})[name] = "\n\n".join(said)
    return files, names


def _shown(one: Adaptation, text: AdaptationText) -> SharedVersion:
    read = adaptations.in_order(text.texts)
    return SharedVersion(
        version_name(one.language, one.form),
        one.language,
        "\n\n".join(said for key, said in read if not key.startswith("alt")),
        [said for key, said in read if key.startswith("alt")],
        text.credit,
    )
