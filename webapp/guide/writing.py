"""From a page's Markdown to HTML: markdown-it-py in CommonMark with tables, and no HTML of its own.

Three kinds of address are ours: ``guide:slug`` is a page of the guide, ``message:code`` that of a message, and
``screen:endpoint`` a screen; a picture's address is the name of one in ``static/guide``.
"""

import re
from collections.abc import Iterator

from flask import url_for
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

SIZE = (1200, 750)
"""Width and height of each picture, in pixels."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
# Headings of a text stand below the page's own.
_LOWER = {"h1": "h2", "h2": "h2", "h3": "h3"}
_MARKS = re.compile(r"[*`#>|]|^\s*(?:\d+\.|-)\s", re.MULTILINE)


def _each(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _each(token.children or [])


def address(link: str) -> str:
    """Return where a link of the guide leads. Raises werkzeug's BuildError for a screen that does not exist."""
    kind, colon, name = link.partition(":")
    if kind == "guide" and colon:
        return url_for("guide.page", slug=name)
    if kind == "message" and colon:
        return url_for("guide.message", code=name)
    if kind == "screen" and colon:
        return url_for(name)
    return link


def links(text: str) -> list[str]:
    """Return every address that a text names, as it is written."""
    return [str(token.attrGet("href")) for token in _each(_MARKDOWN.parse(text)) if token.type == "link_open"]


def pictures(text: str) -> list[tuple[str, str]]:
    """Return the name of every picture of a text, and what it says for whoever does not see it."""
    found = (token for token in _each(_MARKDOWN.parse(text)) if token.type == "image")
    return [(str(token.attrGet("src")), token.content) for token in found]


def render(text: str) -> Markup:
    """Return a text as HTML."""
    tokens = _MARKDOWN.parse(text)
    for token in _each(tokens):
        if token.type == "link_open":
            token.attrSet("href", address(str(token.attrGet("href"))))
        elif token.type == "image":
            name = token.attrGet("src")
            token.attrSet("src", url_for("static", filename=f"guide/{name}.webp"))
            token.attrs.update(width=SIZE[0], height=SIZE[1], loading="lazy", decoding="async")
        elif token.type in {"heading_open", "heading_close"}:
            token.tag = _LOWER.get(token.tag, token.tag)
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704 -- of our own files, HTML off


def plain(text: str) -> str:
    """Return the words of a text, without what Markdown adds."""
    bare = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", bare)
    return _MARKS.sub(" ", bare)
