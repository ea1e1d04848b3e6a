"""`eligibility renew`: every authority with grants, one line of JSON each; again nothing."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from eligibility.commands import app
from shared.calendar import SchoolYear
from support.eligibility import small_place as make
from support.eligibility.world import World
from typer.testing import CliRunner, Result


async def test_the_command_prepares_the_next_year_for_all_authorities(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await world.hear(make.submitted(grade="02"))

    def opened() -> object:
        def names(school_year: str) -> Sequence[str]:
            before = str(SchoolYear.parse(school_year).previous)
            return world.database.read_now(lambda store: store.authorities_with_grants(before))

        return world.database, world.renewals, names

    monkeypatch.setattr("eligibility.main.open_renewals", opened)
    monkeypatch.setattr(world.database, "close", lambda: None)
    world.clock[0] = world.clock[0].replace(year=2027)
    runner = CliRunner()
    wrong = await _in_thread(runner, "2031/32")
    assert wrong.exit_code == 2
    first = await _in_thread(runner, "2027/28")
    assert json.loads(first.stdout) == {
        "authority": "12345", "school_year": "2027/28", "of": 2, "done": 2, "outcomes": {"yearly": 2}
    }  # fmt: skip
    again = await _in_thread(runner, "2027/28")
    assert json.loads(again.stdout)["outcomes"] == {}


async def _in_thread(runner: CliRunner, school_year: str) -> Result:
    return await asyncio.to_thread(runner.invoke, app, ["renew", "--school-year", school_year])
