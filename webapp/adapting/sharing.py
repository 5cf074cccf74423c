"""The approved versions of what a share link opens, in other languages and forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from assets.packs import Pack
from content_calendar import adaptation_lists
from content_calendar.adaptations import in_order
from content_calendar.models.adaptations import AdaptationForm, Adapted
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
    """Return the versions by the reference of their post or material; two queries at most."""
    found: dict[str, list[SharedVersion]] = {}
    posts, loose = [post.ref for post in pack.posts], [one.ref for one in pack.loose]
    for subject, refs in ((Adapted.POST, posts), (Adapted.ASSET, loose)):
        for ref, some in adaptation_lists.approved_of(db(), subject, refs).items():
            found[ref] = [
                SharedVersion(
                    version_name(one.language, AdaptationForm(one.form)),
                    one.language,
                    "\n\n".join(said for key, said in in_order(text.texts) if not key.startswith("alt")),
                    [said for key, said in in_order(text.texts) if key.startswith("alt")],
                    text.credit,
                )
                for one, text in some
            ]
    return found
