"""Stories that cannot happen any more: a grant that ended unheard, or by the machine. What was written then is kept, and
comes out of rows and content as it was, byte for byte."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.notice.content import notice_content
from eligibility.printing.page import page
from eligibility.printing.press import Press
from eligibility.store.decision.decisions import TERMS
from shared.events import ALL
from support.eligibility import small_place
from support.eligibility.golden_notices import GoldenNotices, whole
from support.json import Json, mapping, text, walked
from support.making import make

GOLDEN = GoldenNotices(Path(__file__).parent / "golden")
LETTER: dict[str, object] = {"decides_by": "letter", "court": None}
STORIES: dict[str, dict[str, object]] = {
    "carried_on_into_a_level_with_another_limit_and_refused": {},
    "replaced_after_a_move": {},
    "replaced_by_another_share": {},
    "overridden_by_two_people": {},
    "letter_replaced": LETTER,
}
"""And what their authority settled."""
MOMENTS = ("opened_at", "changed_at", "prepared_at", "released_at", "withdrawn_at")
Kept = TypeVar("Kept", Case, Decision)
DAYS = ("valid_from", "valid_until")
IDS = ("carries_on", "grant_id")
MAY_BE_NONE = (*DAYS, "own_share_cents", "covered_cents", "distance_m", "limit_m")


def number_of(decision: str) -> str:
    """Ids are numbers in golden files; references begin with them."""
    return f"{decision[:8]}-0000-4000-8000-000000000000"


COLUMNS = {"ways": "routes"}
"""Of a column, the field where it has another name."""


def made(kind: type[Kept], row: Json) -> Kept:
    """A row of a golden file as the domain has it."""
    values: dict[str, object] = {COLUMNS.get(name, name): value for name, value in row.items()}
    values = {name: value for name, value in values.items() if name in kind.__dataclass_fields__}
    values |= {name: datetime.fromisoformat(text(row[name])).replace(tzinfo=UTC) for name in MOMENTS if name in values}
    values |= {name: date.fromisoformat(text(row[name])) for name in DAYS if name in values}
    values |= {name: tuple(row[name]) for name in ("reasons", "dangers") if name in values}
    if kind is not Decision:
        return make(kind, **values)
    terms: dict[str, object] = {
        name: number_of(text(each)) if name in IDS else each for name, each in row["terms"].items()
    }
    if ends := mapping(terms.get("ends")):
        terms["ends"] = {**ends, "grant_id": number_of(text(ends["grant_id"]))}
    values |= {"terms": TERMS.validate_python(terms), "id": UUID(number_of(text(row["id"])))}
    whole_row: dict[str, object] = dict.fromkeys(MAY_BE_NONE) | values
    return make(kind, **whole_row)


def read(story: str) -> Json:
    kept = json.loads((GOLDEN.folder / f"{story}.json").read_text(encoding="utf-8"))
    return walked(whole(kept, GOLDEN.read_parts()))


@pytest.mark.parametrize("story", STORIES)
def test_a_notice_that_was_written_is_set_as_it_was(story: str) -> None:
    for notice in read(story)["notices"]:
        assert sha256(page(mapping(notice["content"])).text.encode()).hexdigest() == notice["page_sha256"]
        assert sha256(Press().print(mapping(notice["content"]))).hexdigest() == notice["pdf_sha256"]


SAID_SINCE = frozenset({"layout", "closing", "plain", "english", "sections"})
"""Parts of a notice in which words became others since, or came; the rest is as it was."""


@pytest.mark.parametrize("story", STORIES)
def test_rows_of_before_still_make_a_notice_with_what_was_decided_and_why(story: str) -> None:
    """It is never written again; what was written is set from what was kept (above)."""
    kept = read(story)
    last = kept["decisions"][-1]
    case = made(Case, next(each for each in kept["cases"] if each["id"] == last["case_id"]))
    of_case = [made(Decision, each) for each in kept["decisions"] if each["case_id"] == last["case_id"]]
    earlier = of_case[-2] if len(of_case) > 1 else None
    content = json.loads(
        json.dumps(notice_content(small_place.authority(**STORIES[story]), case, of_case[-1], earlier))
    )
    before = kept["notices"][-1]["content"]
    assert {name: each for name, each in content.items() if name not in SAID_SINCE} == {
        name: each for name, each in before.items() if name not in SAID_SINCE
    }
    parts, parts_before = (
        {each["title"]: each for each in one["sections"] if each["title"] in ("Begründung", "Rechtsbehelfsbelehrung")}
        for one in (content, before)
    )
    assert breakable(parts) == breakable(parts_before)
    strong, strong_before = (one["sections"][0]["paragraphs"][0] for one in (content, before))
    assert strong == strong_before


def breakable(parts: Mapping[Json, Json]) -> str:
    """Figures and their unit stay on one line since."""
    return json.dumps(parts, ensure_ascii=False, sort_keys=True).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("story", STORIES)
def test_what_was_told_is_still_understood(story: str) -> None:
    kinds = {kind.subject: kind for kind in ALL}
    for told in read(story)["told"]:
        said = {name: value for name, value in told.items() if name != "subject"}
        numbers = {name: str(UUID(int=1)) for name, value in said.items() if name.endswith("_id") and "-" in str(value)}
        kind = kinds[text(told["subject"])]
        again = kind.model_validate_json(json.dumps({"reasons": []} | said | numbers))
        shown = again.model_dump(mode="json", exclude={"event_id", "reasons"}, exclude_none=True)
        assert shown == said | numbers
