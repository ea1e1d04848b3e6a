"""`eligibility forms …` through its real entry: `main` with argv."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from eligibility.commands import main
from shared.events import EligibilityFormPublished
from support.eligibility import small_place
from support.eligibility.world import World
from support.outbox import told
from support.own_forms import BUS

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", f"sqlite:///{tmp_path / 'eligibility.db'}")
    monkeypatch.chdir(tmp_path)
    Path("form.json").write_text(json.dumps(BUS), encoding="utf-8")

    def calling(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["eligibility", "forms", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return calling


def test_a_form_is_checked_imported_and_shown_and_one_alone_does_not_publish_it(call: Call, world: World) -> None:
    assert call("check", "form.json") == (0, "1 texts, 3 questions\n", "")
    code, out, _ = call("import", "form.json", "--authority", "12345")
    number = out.strip()
    assert code == 0
    assert f"{number}: draft, 1 texts, 3 questions" in call("show", "--authority", "12345")[1]
    code, _, err = call("publish", number, "--authority", "12345")
    assert code == 2 and "a second person does" in err
    world.database.write_now(lambda store: store.set_authority(small_place.authority(second_person_for=("override",))))
    code, _, err = call("publish", number, "--authority", "12345", "--from", "2020-01-01")
    assert code == 2 and "in the past" in err
    code, out, err = call("publish", number, "--authority", "12345")
    assert (code, out[:10]) == (0, "version 1,"), err
    assert [each.version for each in told(world.database, EligibilityFormPublished)] == [1]
    assert "version 1, from" in call("show", "--authority", "12345")[1]


def test_what_cannot_be_used_is_told_with_its_place(call: Call) -> None:
    Path("form.json").write_text("questions: [{key: A}]", encoding="utf-8")
    code, _, err = call("check", "form.json")
    assert code == 2 and "questions.0.key: Line 1" in err and "questions.0.title" in err
    Path("form.json").write_bytes(b"\xff\xfe")
    assert call("check", "form.json")[0] == 2


def test_an_authority_that_is_not_there_keeps_no_form(call: Call) -> None:
    code, _, err = call("import", "form.json", "--authority", "99999")
    assert code == 2 and "no such school authority" in err


def test_the_facts_of_conditions_are_listed(call: Call) -> None:
    assert "benefits                     list(string)\n" in call("facts")[1]
