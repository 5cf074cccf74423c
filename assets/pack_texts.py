"""The texts of a pack's post, each under the name of its file."""

from collections.abc import Sequence

from assets.packs import PackedPost
from assets.zipping import stem
from content_calendar.content import PostKind


def texts_of(post: PackedPost) -> dict[str, str]:
    """Return the texts of a post by the name of their file; a thread's parts stand one after the other, numbered."""
    content = post.content
    if content.kind == PostKind.REPOST:
        return {}
    texts = {"texto.txt": _as_one(content.parts)}
    for network, parts in content.variants.items():
        texts[f"texto-{stem(network)}.txt"] = _as_one(parts)
    return {f"{post.folder}{name}": text for name, text in texts.items()}


def _as_one(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return "\n\n".join(f"[{n}/{len(parts)}]\n{part}" for n, part in enumerate(parts, start=1))
