"""Stories of an authority, and what came of them pinned byte for byte.

A story goes through the same workflow as an application does. `GoldenNotices` compares what came of it with
golden/STORY.json: the rows of case and decision, what was told, each notice's content, and the digests of its
page and of its PDF. Longer parts stand once, in parts.json; some pages are kept whole, so that a difference can be read.
How many ids are drawn and when is nobody's business: before anything is compared or printed, they are replaced by
numbers. When a text is meant to change, write the files anew, in one process, and read their diff:

    GOLDEN_NOTICES=rewrite .venv/bin/pytest -n 0 tests/unit/eligibility/notice
"""

import json
import os
import re
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from eligibility.printing.page import page
from eligibility.printing.press import Press
from eligibility.store import Store
from support.eligibility.world import World
from support.json import JsonObject, listed, text

LONG_PART = 60
"""Characters of JSON; shorter parts stand where they belong."""
REWRITE = os.environ.get("GOLDEN_NOTICES") == "rewrite"
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGESTS = re.compile(r"§[0-9a-f]{8}")
ROWS = {
    "cases": "SELECT * FROM case_file ORDER BY rowid",
    "decisions": "SELECT * FROM decision ORDER BY rowid",
    "notices": "SELECT token, decision_id, content FROM notice ORDER BY rowid",
}


def with_numbers(said: str, decisions: list[str]) -> str:
    """Ids as numbers: of decisions, whose beginnings notices name, by when they were made; the others as they come."""
    for number, each in enumerate(decisions, 1):
        said = said.replace(each, f"{number:08}-decision").replace(each[:8].upper(), f"{number:08}")
    others: dict[str, str] = {}
    return UUIDS.sub(lambda found: others.setdefault(found[0], f"id-{len(others) + 1}"), said)


def rows(store: Store, query: str) -> list[dict[str, object]]:
    """As stored: columns that hold JSON are read, in the order of keys that they have."""
    found = store.session.execute(sa.text(query)).mappings()
    return [
        {
            name: json.loads(value) if str(value)[:1] in "{[" else value
            for name, value in row.items()
            if value is not None
        }
        for row in found
    ]


def came_of(world: World) -> tuple[JsonObject, list[str]]:
    """All that is pinned of a story, and its notices as pages."""
    stored = {name: world.database.read_now(partial(rows, query=query)) for name, query in ROWS.items()}
    told = [
        {"subject": each.subject} | each.model_dump(mode="json", exclude={"event_id", "reasons"}, exclude_none=True)
        for each in world.told()
    ]
    everything = json.dumps({**stored, "told": told}, ensure_ascii=False)
    made = json.loads(with_numbers(everything, [text(each["id"]) for each in stored["decisions"]]))
    press = Press()
    pages = [page(each["content"]).text for each in made["notices"]]
    for notice, shown in zip(made["notices"], pages, strict=True):
        notice["page_sha256"] = sha256(shown.encode()).hexdigest()
        pdf = press.print(notice["content"])
        notice["pdf_sha256"] = sha256(pdf).hexdigest()
        assert sheets(pdf) <= 2, f"{notice['content']['title']}: a letter of {sheets(pdf)} sheets"
    return made, pages


def sheets(pdf: bytes) -> int:
    counts = re.findall(rb"/Type/Pages/Count (\d+)", pdf)
    return max(map(int, counts))


def shortened(value: object, parts: dict[str, object]) -> object:
    """`value` with a digest in place of each longer part, which is put into `parts`: most notices say much the same."""
    if isinstance(value, dict):
        value = {name: shortened(each, parts) for name, each in value.items()}
    elif isinstance(value, list):
        value = [shortened(each, parts) for each in value]
    said = json.dumps(value, ensure_ascii=False)
    if len(said) <= LONG_PART:
        return value
    digest = f"§{sha256(said.encode()).hexdigest()[:8]}"
    parts[digest] = value
    return digest


def whole(value: object, parts: dict[str, object]) -> object:
    """The reverse."""
    if isinstance(value, dict):
        return {name: whole(each, parts) for name, each in value.items()}
    if isinstance(value, list):
        return [whole(each, parts) for each in value]
    return whole(parts[value], parts) if isinstance(value, str) and value in parts else value


def by_line(named: Mapping[str, object]) -> str:
    """JSON with a line for each value, or for each row of a story."""
    lines = [
        f'"{name}": ' + (_rows_by_line(listed(value)) if name in ROWS or name == "told" else _json(value))
        for name, value in named.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rows_by_line(rows_of: list[object]) -> str:
    return "[\n" + ",\n".join(_json(each) for each in rows_of) + "\n]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _indented(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


class PinnedStory(Protocol):
    """Compares what came of a test's story with its golden file; `whole_page`: the notice's page too."""

    def __call__(self, *, whole_page: bool = False) -> None: ...


class GoldenNotices:
    """The golden files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.parts_file = folder, folder / "parts.json"

    def compare(self, story: str, world: World, *, whole_page: bool) -> None:
        """What came of this story with what came of it when its golden file was written."""
        made, pages = came_of(world)
        file, page_file = self.folder / f"{story}.json", self.folder / f"{story}.html"
        if REWRITE:
            parts = self.read_parts()
            short = {
                name: [{key: shortened(value, parts) for key, value in row.items()} for row in made[name]]
                for name in made
            }
            file.write_text(by_line(short), encoding="utf-8")
            self._write_parts(parts)
            if whole_page:
                page_file.write_text(pages[-1], encoding="utf-8")
        kept = whole(json.loads(file.read_text(encoding="utf-8")), self.read_parts())
        if _json(made) != _json(kept):  # which compares the order of keys too
            assert _indented(made) == _indented(kept)
        assert not whole_page or pages[-1] == page_file.read_text(encoding="utf-8")

    def unused_parts(self) -> set[str]:
        """Parts that no golden file names; where the files are written anew they are dropped."""
        parts = self.read_parts()
        used = self._used(parts)
        if REWRITE:
            self._write_parts(used)
        return set(self.read_parts()) - set(used)

    def read_parts(self) -> dict[str, object]:
        if not self.parts_file.exists():
            return {}
        parts: dict[str, object] = json.loads(self.parts_file.read_text(encoding="utf-8"))
        return parts

    def _write_parts(self, parts: dict[str, object]) -> None:
        self.parts_file.write_text(by_line(dict(sorted(parts.items()))), encoding="utf-8")

    def _used(self, parts: dict[str, object]) -> dict[str, object]:
        """Those that a story names, or a part that is used itself."""
        used: dict[str, object] = {}
        stories = (each for each in sorted(self.folder.glob("*.json")) if each != self.parts_file)
        said = "".join(each.read_text(encoding="utf-8") for each in stories)
        while found := {each: parts[each] for each in DIGESTS.findall(said) if each not in used}:
            used |= found
            said = _json(list(found.values()))
        return used
