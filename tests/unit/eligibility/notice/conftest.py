"""Stories of an authority, and what came of them pinned byte for byte.

A story goes through the same workflow as an application does. `pinned` compares what came of it with
golden/STORY.json: the rows of case and decision, what was told, each notice's content, and the digests of its
page and of its PDF. Longer parts stand once, in parts.json; some pages are kept whole, so that a difference can be read.
How many ids are drawn and when is nobody's business: before anything is compared or printed, they are replaced by
numbers. When a text is meant to change, write the files anew, in one process, and read their diff:

    GOLDEN_NOTICES=rewrite .venv/bin/pytest -n 0 tests/unit/eligibility/notice
"""

import itertools
import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from eligibility import presets
from eligibility.domain.ids import CaseId
from eligibility.printing.page import page
from eligibility.printing.press import Press
from eligibility.store import StoredRecords
from eligibility.workflow import Decide, PersonsDecision, Ways
from eligibility.workflow.family.families import Families
from eligibility.workflow.renewal.renewals import Renewals
from shared.calendar import SchoolYear
from shared.events import ApplicationWithdrawn, Person
from shared.identity import Caller

GOLDEN = Path(__file__).parent / "golden"
PARTS = GOLDEN / "parts.json"
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
PRESS = Press()
ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))
BERT = Caller("bert", "12345", frozenset({"case_worker", "releaser"}))
JUNE = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


class Office:
    """An authority in one story: families apply, its people decide. It lets the machine release everything."""

    def __init__(self, world: Any, make: Any) -> None:
        self.world, self.make, self.anna = world, make, ANNA
        world.set_authority(release_by_person="nothing")

    async def applies(self, metres: float = 2500.0, **changes: Any) -> Any:
        return await self.applies_by(Ways(self.make.measurement(metres)), **changes)

    async def applies_by(self, ways: Ways, **changes: Any) -> Any:
        """`ways`: what is measured."""
        self.world.walks.answer = ways
        event = self.make.submitted(**{"child": Person(first_name="Ana", last_name="Đặng")} | changes)
        await self.world.hear(event)
        return event

    async def changes(self, event: Any, metres: float, **changes: Any) -> None:
        self.world.walks.answer = Ways(self.make.measurement(metres))
        await self.world.hear(self.make.changed(event, **changes))

    async def withdraws(self, event: Any) -> None:
        gone = {"authority_id": "12345", "application_id": event.application_id, "withdrawal_id": uuid4()}
        await self.world.hear(ApplicationWithdrawn(occurred_at=self.world.clock[0], **gone))

    def case(self, event: Any) -> CaseId:
        """The newest, where there is one for each of two school years."""
        return CaseId(self.world.database.read_now(lambda store: store.cases_of(event.application_id))[-1].id)

    async def decides(self, event: Any, outcome: str, reason: str, basis: str, **more: Any) -> None:
        """By a person, where the rules could not."""
        await self.world.desk.decide(ANNA, self.case(event), PersonsDecision(outcome, reason, basis, **more))  # type: ignore[arg-type]

    async def overrides(self, event: Any, outcome: str, reason: str, basis: str, **more: Any) -> None:
        """By two people, against the rules."""
        proposed = PersonsDecision(outcome, reason, basis, **more)  # type: ignore[arg-type]
        await self.world.handling.propose(ANNA, self.case(event), proposed)
        await self.world.handling.confirm(BERT, self.case(event))

    async def releases(self, event: Any) -> None:
        await self.world.desk.release(ANNA, self.case(event))

    async def settles(self) -> None:
        """Until the own shares of all families have followed."""
        records = StoredRecords(self.world.database, presets.preset)
        families = Families(self.world.database, records, self.world.surroundings, self.world.families_backlog)
        for _ in range(5):
            if not await families.settle():
                return
        raise AssertionError("the families are never settled")

    async def renews(self) -> None:
        """In June, for the next school year."""
        self.world.clock[0] = JUNE
        records = StoredRecords(self.world.database, presets.preset, lambda: SchoolYear.parse("2027/28").first_day)
        decide = Decide(records, self.world.walks, self.world.surroundings)
        renewals = Renewals(self.world.database, records, decide, self.world.surroundings)
        await renewals.renew("12345", "2027/28", "bert", lambda _: None)


def with_numbers(said: str, decisions: list[str]) -> str:
    """Ids as numbers: of decisions, whose beginnings notices name, by when they were made; the others as they come."""
    for number, each in enumerate(decisions, 1):
        said = said.replace(each, f"{number:08}-decision").replace(each[:8].upper(), f"{number:08}")
    others: dict[str, str] = {}
    return UUIDS.sub(lambda found: others.setdefault(found[0], f"id-{len(others) + 1}"), said)


def rows(store: Any, query: str) -> list[dict[str, Any]]:
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


def came_of(world: Any) -> tuple[dict[str, Any], list[str]]:
    """All that is pinned of a story, and its notices as pages."""
    stored: dict[str, Any] = {
        name: world.database.read_now(lambda store, query=query: rows(store, query)) for name, query in ROWS.items()
    }
    told = [
        {"subject": each.subject} | each.model_dump(mode="json", exclude={"event_id", "reasons"}, exclude_none=True)
        for each in world.told()
    ]
    everything = json.dumps({**stored, "told": told}, ensure_ascii=False)
    made = json.loads(with_numbers(everything, [each["id"] for each in stored["decisions"]]))
    pages = [page(each["content"]).text for each in made["notices"]]
    for notice, text in zip(made["notices"], pages, strict=True):
        notice["page_sha256"] = sha256(text.encode()).hexdigest()
        notice["pdf_sha256"] = sha256(PRESS.print(notice["content"])).hexdigest()
    return made, pages


def shortened(value: Any, parts: dict[str, Any]) -> Any:
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


def whole(value: Any, parts: dict[str, Any]) -> Any:
    """The reverse."""
    if isinstance(value, dict):
        return {name: whole(each, parts) for name, each in value.items()}
    if isinstance(value, list):
        return [whole(each, parts) for each in value]
    return whole(parts[value], parts) if isinstance(value, str) and value in parts else value


def by_line(named: dict[str, Any]) -> str:
    """JSON with a line for each value, or for each row of a story."""
    lines = [
        f'"{name}": ' + (_rows_by_line(value) if name in ROWS or name == "told" else _json(value))
        for name, value in named.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rows_by_line(listed: list[Any]) -> str:
    return "[\n" + ",\n".join(_json(each) for each in listed) + "\n]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _indented(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def read_parts() -> dict[str, Any]:
    return json.loads(PARTS.read_text(encoding="utf-8")) if PARTS.exists() else {}  # type: ignore[no-any-return]


def write_parts(parts: dict[str, Any]) -> None:
    PARTS.write_text(by_line(dict(sorted(parts.items()))), encoding="utf-8")


def used_parts(parts: dict[str, Any]) -> dict[str, Any]:
    """Those that a story names, or a part that is used itself."""
    used: dict[str, Any] = {}
    said = "".join(each.read_text(encoding="utf-8") for each in sorted(GOLDEN.glob("*.json")) if each != PARTS)
    while found := {each: parts[each] for each in DIGESTS.findall(said) if each not in used}:
        used |= found
        said = _json(list(found.values()))
    return used


@pytest.fixture
def office(world: Any, make: Any, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Ids are drawn in rising order: families are looked at in the order of their ids."""
    drawn = itertools.count(0xC0000000)  # above the numbers that replace them
    monkeypatch.setattr(os, "urandom", lambda size: next(drawn).to_bytes(4, "big") + bytes(size - 4))
    return Office(world, make)


@pytest.fixture
def pinned(world: Any, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Compares what came of this test's story with what came of it when its golden file was written."""
    story = request.node.name.removeprefix("test_")

    def compare(*, whole_page: bool = False) -> None:
        made, pages = came_of(world)
        if REWRITE:
            parts = read_parts()
            short = {
                name: [{key: shortened(value, parts) for key, value in row.items()} for row in made[name]]
                for name in made
            }
            (GOLDEN / f"{story}.json").write_text(by_line(short), encoding="utf-8")
            write_parts(parts)
            if whole_page:
                (GOLDEN / f"{story}.html").write_text(pages[-1], encoding="utf-8")
        kept = whole(json.loads((GOLDEN / f"{story}.json").read_text(encoding="utf-8")), read_parts())
        if _json(made) != _json(kept):  # which compares the order of keys too
            assert _indented(made) == _indented(kept)
        assert not whole_page or pages[-1] == (GOLDEN / f"{story}.html").read_text(encoding="utf-8")

    return compare


@pytest.fixture
def unused_parts() -> Callable[[], set[str]]:
    """Parts that no golden file names; where the files are written anew they are dropped."""

    def unused() -> set[str]:
        parts = read_parts()
        used = used_parts(parts)
        if REWRITE:
            write_parts(used)
        return set(read_parts()) - set(used)

    return unused
