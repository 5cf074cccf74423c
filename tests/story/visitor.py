"""A person with a browser that only knows pages, links and forms: what the story is driven with."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

_SECONDS = 30


@dataclass
class Form:
    """A form of a page: where it goes, and what it would send as it stands."""

    action: str
    method: str = "get"
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._textarea = ""
        self._in_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(said.get("action", ""), said.get("method", "get").lower()))
        if not self.forms:
            return
        form, name = self.forms[-1], said.get("name", "")
        if tag == "input" and name:
            if said.get("type") in {"checkbox", "radio"} and "checked" not in said:
                return
            if said.get("type") != "file":
                form.fields.setdefault(name, []).append(said.get("value", ""))
        elif tag == "textarea":
            self._textarea = name
            form.fields[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in said or self._select not in form.fields):
            form.fields[self._select] = [said.get("value", "")]
        elif tag == "button":
            self._in_button = True
            form.buttons.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""
        elif tag == "button":
            self._in_button = False

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].fields[self._textarea][0] += data
        elif self._in_button and self.forms:
            self.forms[-1].buttons[-1] += data.strip()


class Visitor:
    """Somebody at ``address`` who reads a page at a time."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.page: requests.Response = requests.Response()

    def open(self, path: str) -> str:
        """Open a page, follow where it leads, and return what it says."""
        self.page = self.session.get(urljoin(self.address, path), timeout=_SECONDS)
        return self.says()

    def says(self) -> str:
        """Return the words of the page."""
        body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.page.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def here(self) -> str:
        """Return the path of the page."""
        return self.page.url.removeprefix(self.address)

    def forms(self) -> list[Form]:
        """Return the page's forms."""
        reader = _Reader()
        reader.feed(self.page.text)
        return reader.forms

    def send(
        self,
        button: str,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        /,
        *,
        near: str = "",
        press: str = "",
        **fields: object,
    ) -> str:
        """Fill in the form that has that button, and press it; return what the next page says.

        ``near`` chooses among forms by a part of their address; ``press`` is what the button itself sends as "do".
        """
        form = next(
            one for one in self.forms() if any(button in text for text in one.buttons) and near in one.action
        )
        values = {name: list(held) for name, held in form.fields.items()}
        for name, value in fields.items():
            values[name] = [str(one) for one in value] if isinstance(value, list) else [str(value)]
        if press:
            values["do"] = [press]
        target = urljoin(self.page.url, form.action)
        if form.method == "get":
            self.page = self.session.get(target, params=values, timeout=_SECONDS)
        else:
            self.page = self.session.post(target, data=values, files=files, timeout=_SECONDS)
        return self.says()

    def link(self, pattern: str) -> str:
        """Return the first address in the page that matches."""
        found = re.search(rf'href="({pattern})"', self.page.text)
        if found is None:
            raise AssertionError(f"no link like {pattern} in {self.here}: {self.says()[:300]}")
        return unescape(found.group(1))

    def enter(self, email: str, password: str) -> str:
        """Sign in."""
        self.open("/entrar")
        return self.send("Entrar", near="/entrar", email=email, password=password)
