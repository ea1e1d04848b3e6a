"""`eligibility letters …` through its real entry: `main` with argv."""

import asyncio
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from eligibility.commands import main
from shared.calendar import day_in_berlin
from support.eligibility import small_place
from support.eligibility.world import World

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", f"sqlite:///{tmp_path / 'eligibility.db'}")
    monkeypatch.chdir(tmp_path)

    def calling(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["eligibility", "letters", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return calling


def test_letters_are_listed_printed_and_posted_and_no_name_is_shown(call: Call, world: World) -> None:
    asyncio.run(world.hear(small_place.submitted()))
    own = ("--authority", "12345")
    assert call("print", *own, "--to", "none.zip", "--by", "post-room")[1].endswith("1 letters printed\n")
    assert len(zipfile.ZipFile("none.zip").namelist()) == 3
    code, out, _ = call("list", *own)
    shown = json.loads(out)
    assert (code, shown["counts"], len(shown["printed"])) == (0, {"printed": 1}, 1)
    assert "Ana" not in out and "Kirch" not in out
    assert call("print", *own, "--to", "more.zip")[1].endswith("0 letters printed\n") and not Path("more.zip").exists()
    assert call("print", *own, "--to", "more.zip", shown["printed"][0]["id"])[1].endswith("1 letters printed\n")
    assert call("posted", *own, "--day", "gestern")[0] == 2
    early = call("posted", *own, "--day", "2020-01-01")
    assert early[0] == 2 and "must lie between" in early[2]
    day = day_in_berlin(world.clock[0]).isoformat()
    assert call("posted", *own, "--day", day)[1] == "1 letters posted\n"
    assert json.loads(call("list", *own)[1])["counts"] == {}
    assert call("list", "--authority", "99999")[1].count('"queued": []') == 1
