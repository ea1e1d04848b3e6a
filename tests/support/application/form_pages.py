"""Pages with forms, as a browser without JavaScript uses them: what a form would send, and where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from support.pages import well_made

BOXES = ("checkbox", "radio")


@dataclass
class SentForm:
    """A form of a page. `fields`: what it would send now, without its buttons."""

    action: str = ""
    id: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Of boxes and lists: what could be chosen."""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(SentForm(given.get("action", ""), given.get("id", "")))
        elif self.forms and tag == "input" and "name" in given:
            self._input(self.forms[-1], given)
        elif self.forms and tag == "select":
            self._select = given["name"]
            self.forms[-1].choices[self._select] = []
        elif self.forms and tag == "option" and self._select:
            form = self.forms[-1]
            form.choices[self._select].append(given["value"])
            if "selected" in given or self._select not in form.fields:
                form.fields[self._select] = given["value"]

    def _input(self, form: SentForm, given: dict[str, str]) -> None:
        if given.get("type") in BOXES:
            form.choices.setdefault(given["name"], []).append(given.get("value", "on"))
            if "checked" not in given:
                return
        if given.get("type") != "file":
            form.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def forms_of(text: str) -> list[SentForm]:
    parser = _Forms()
    parser.feed(text)
    return parser.forms


class Window:
    """One window of a browser: the page in it, and its form."""

    def __init__(self, http: httpx.AsyncClient, language: str = "de") -> None:
        self.http, self.language = http, language
        self.answer: httpx.Response

    async def open(self, path: str) -> httpx.Response:
        return await self._take(await self.http.get(path, headers={"Accept-Language": self.language}))

    async def _take(self, answer: httpx.Response) -> httpx.Response:
        while answer.status_code == 303 and "/authorize" not in answer.headers["location"]:
            answer = await self.http.get(answer.headers["location"], headers={"Accept-Language": self.language})
        self.answer = answer
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.check()
        return answer

    def check(self) -> None:
        """What holds of every page."""
        well_made(self.text, self.answer.headers["content-language"])
        assert len(self.answer.content) < 100_000
        assert "no-store" in self.answer.headers["cache-control"]
        assert "script" not in self.answer.headers["content-security-policy"]

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def step(self) -> str:
        """The last part of the address."""
        return self.answer.url.path.rpartition("/")[2]

    @property
    def path(self) -> str:
        return self.answer.url.path

    def form(self, id: str = "typed", action: str = "") -> SentForm:
        return next(each for each in forms_of(self.text) if (action in each.action if action else each.id == id))

    async def send(
        self, typed: Mapping[str, str] | None = None, *, action: str = "", without: tuple[str, ...] = ()
    ) -> httpx.Response:
        """The page's form with these fields; a box that is not ticked is named in `without`."""
        form = self.form("" if action else "typed", action)
        fields = {name: value for name, value in form.fields.items() if name not in without}
        fields |= typed or {}
        return await self._take(
            await self.http.post(form.action, data=fields, headers={"Accept-Language": self.language})
        )

    async def upload(self, content: bytes, name: str, kind: str, media_type: str = "image/png") -> httpx.Response:
        form = self.form("", "/uploads")
        fields = form.fields | {"kind": kind}
        return await self._take(
            await self.http.post(form.action, data=fields, files={"file": (name, content, media_type)})
        )
