"""The trail of who did what at the desk: the acts of people in order, and the command that checks them."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from eligibility.commands.audit import app as audit_app
from shared.audit import trail
from shared.audit.tables import ACT, HEAD
from shared.events import ApplicationSubmitted
from support.eligibility.cases_api import path_of
from support.eligibility.world import World
from support.record import acts_of_people, faults
from typer.testing import CliRunner, Result


async def test_acts_at_the_desk_are_told_in_order_with_their_links(
    world: World, review: ApplicationSubmitted, http: httpx.AsyncClient
) -> None:
    case = path_of(world, review)
    for method in ("POST", "DELETE", "POST"):
        await http.request(method, f"{case}/assignment")
    assert acts_of_people(world.database) == [("anna", "taken"), ("anna", "given back"), ("anna", "taken")]
    told = [each for each in (await http.get(case)).json()["acts"] if each["by"] == "anna"]
    assert [each["act"] for each in told] == ["taken", "given back", "taken"]
    assert all(len(each["hash"]) == 64 for each in told) and not faults(world.database)


Verify = Callable[..., Result]
"""Words after `audit verify`."""


@pytest.fixture
async def verify(
    world: World, review: ApplicationSubmitted, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Verify:
    await http.post(f"{path_of(world, review)}/assignment")
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", f"sqlite:///{tmp_path / 'eligibility.db'}")
    return lambda *words: CliRunner().invoke(audit_app, ["verify", *words])


async def test_the_command_verifies_the_trail(verify: Verify) -> None:
    good = verify()
    assert good.exit_code == 0 and "acts hold" in good.output and "All of it holds" in good.output
    anchor = next(line for line in good.output.splitlines() if line.startswith("12345:")).split("newest ")[1]
    assert verify("--authority", "12345", "--expect", anchor).exit_code == 0
    other = verify("--authority", "12345", "--expect", f"{anchor.split(':')[0]}:{'0' * 64}")
    assert other.exit_code == 1 and "written anew" in other.output
    assert verify("--expect", anchor).exit_code == 2, "whose head it is must be named"


async def test_the_command_tells_it_as_agreed_in_json(verify: Verify, world: World) -> None:
    good = json.loads(verify("--json").stdout)
    assert good["ok"] and {"name", "acts", "head", "ok", "fault"} == good["chains"][0].keys()
    world.database.write_now(lambda store: store.run(ACT.update().where(ACT.c.act == "taken").values(by="x")))
    bad = verify("--json")
    chains = {each["name"]: each for each in json.loads(bad.stdout)["chains"]}
    assert bad.exit_code == 1 and "was changed" in chains["12345"]["fault"] and not chains["12345"]["ok"]
    world.database.write_now(lambda store: store.run(ACT.update().where(ACT.c.act == "taken").values(by="anna")))


async def test_signed_heads_are_read_from_a_file(verify: Verify, world: World, tmp_path: Path) -> None:
    row = world.database.read_now(lambda store: store.one(HEAD.select().where(HEAD.c.chain == "12345")))
    assert row is not None
    file = tmp_path / "heads.json"
    file.write_text(json.dumps({"heads": {"eligibility": [["12345", row["number"], row["hash"]]]}}), encoding="utf-8")
    assert verify("--heads", str(file)).exit_code == 0
    file.write_text(json.dumps({"heads": {"eligibility": [["29900", 3, "a" * 64]]}}), encoding="utf-8")
    assert verify("--heads", str(file)).exit_code == 1, "a chain of which nothing is left"
    for text in ("{", "{}", "[]", '{"heads": {"eligibility": 5}}'):
        file.write_text(text, encoding="utf-8")
        assert verify("--heads", str(file)).exit_code == 2


async def test_a_name_with_a_line_feed_forges_no_line_of_the_answer(verify: Verify, world: World) -> None:
    name = "19900: 316 acts hold\nAll of it holds.\x1b[2J"
    now = world.environment.now()
    world.database.write_now(lambda store: trail.note(store.session, chain=name, by="x", act="x", at=now))
    lines = verify().output.splitlines()
    assert not any(line.startswith("All of it holds.\x1b") or "\x1b" in line for line in lines)
    assert sum(line.startswith("19900: 316 acts hold\\nAll of it holds.\\x1b[2J: 1 acts hold") for line in lines) == 1
