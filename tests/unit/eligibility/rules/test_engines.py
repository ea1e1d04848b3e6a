"""What an earlier engine decided is computed again byte for byte: golden/ holds decisions as they were made."""

import json
from pathlib import Path

import pytest
from eligibility.rules import canonical_json, evaluate, parse, read
from eligibility.rules.engines import ENGINE, FIRST
from support.eligibility.golden_decisions import write_golden_decisions

GOLDEN = Path(__file__).parent / "golden"


def compare(folder: Path, engine: int) -> int:
    """Computes each kept decision again; how many."""
    content: dict[str, object] = json.loads((folder / f"engine-{engine}-rules.json").read_text(encoding="utf-8"))
    rules = parse({**content, "engine": engine}, None)
    lines = (folder / f"engine-{engine}-decisions.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        kept = json.loads(line)
        assert canonical_json(evaluate(read(json.dumps(kept["facts"])), rules).as_json()) == canonical_json(
            kept["decision"]
        )
    return len(lines)


@pytest.mark.parametrize("engine", range(FIRST, ENGINE))
def test_decisions_of_an_earlier_engine_come_out_as_they_were(engine: int) -> None:
    assert compare(GOLDEN, engine) > 100


def test_decisions_of_the_present_engine_can_be_kept_before_the_next_one_begins(tmp_path: Path) -> None:
    write_golden_decisions(tmp_path, count=50)
    assert compare(tmp_path, ENGINE) >= 50
    first = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    with pytest.raises(FileExistsError):
        write_golden_decisions(tmp_path)
    for each in tmp_path.iterdir():
        each.unlink()
    write_golden_decisions(tmp_path, count=50)
    assert first == {each.name: each.read_bytes() for each in tmp_path.iterdir()}, "drawn the same at each call"
