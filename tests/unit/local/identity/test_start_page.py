"""The first page of the local run: four doors, in the language of the browser, and no password."""

import re
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import httpx
import pytest
from eligibility.api.who_may import PAGES
from eligibility.workflow.desk.work_list import Pile
from joserfc.jwk import ECKey
from local.identity import provider as demo
from local.identity.start_page import Start
from local.system.inputs import Inputs
from local.system.pages import pages
from local.system.plan import Plan

ISSUER = "http://127.0.0.1:4711"
START = Start(
    family="http://127.0.0.1:1/family", desk="http://127.0.0.1:2/desk", scan="http://127.0.0.1:3/scan",
    application="http://127.0.0.1:1", issuance="http://127.0.0.1:3",
)  # fmt: skip
PASSWORD = "a-password-of-the-demo"
NO_PAGES = {"/desk/sign-in", "/desk/sign-in/back", "/desk/signed-out", "/desk/next"}
"""On the way to a page, or to the next case."""


async def page(start: Start | None, **headers: str) -> httpx.Response:
    key = ECKey.generate_key("P-256", private=True)
    key.ensure_kid()
    users = {"parent-1": demo.User(password=PASSWORD, roles=["guardian"])}
    settings = demo.Settings(issuer=ISSUER, key_file=Path("none"), users=users, start=start)
    transport = httpx.ASGITransport(app=demo.app(settings, key))
    async with httpx.AsyncClient(transport=transport, base_url=ISSUER, headers=headers) as http:
        return await http.get("/")


@pytest.mark.parametrize(("language", "doors"), [
    ("de", ("Familie", "Schulträger", "Verkehrsunternehmen", "Schule")),
    ("en", ("Family", "Authority", "Operator", "School")),
])  # fmt: skip
async def test_four_doors_in_the_language_of_the_browser(language: str, doors: tuple[str, ...]) -> None:
    answer = await page(START, **{"accept-language": language})
    assert answer.status_code == 200 and answer.headers["content-language"] == language
    assert all(f"<h2>{each}</h2>" in answer.text for each in doors)
    assert all(f'href="{each}' in answer.text for each in (START.family, START.desk, START.scan))
    assert PASSWORD not in answer.text and "parent-2" in answer.text


async def test_without_doors_there_is_no_first_page() -> None:
    assert (await page(None)).status_code == 404


def test_every_page_of_the_list_says_who_and_the_journeys_children_are_in_it(tmp_path: Path) -> None:
    plan = Plan.make(tmp_path, Inputs(tmp_path / "streets", tmp_path / "schools"))
    listed = pages(plan, [("7", "parent-2", "abgelehnt")])
    assert {"url": f"{plan.family}/applications/7", "who": "parent-2", "what": "Ein Kind: abgelehnt"} in listed
    assert listed[0]["url"] == f"{plan.issuer}/"
    assert all(each["what"] for each in listed) and len({(each["url"], each["who"]) for each in listed}) == len(listed)


async def test_who_has_a_page_in_the_list_is_named_at_a_door(tmp_path: Path) -> None:
    plan = Plan.make(tmp_path, Inputs(tmp_path / "streets", tmp_path / "schools"))
    who = {name for each in pages(plan) for name in re.findall(r"[a-z]+(?:-[a-z0-9]+)+|inspector", str(each["who"]))}
    shown = (await page(START)).text
    assert {"school-1", "parent-bundid"} <= who and [each for each in sorted(who) if each not in shown] == []
    assert all(f'href="{START.application}/{each}"' in shown for each in ("school", "codes"))


def test_every_page_of_the_desk_that_has_no_id_is_in_the_list(tmp_path: Path) -> None:
    plan = Plan.make(tmp_path, Inputs(tmp_path / "streets", tmp_path / "schools"))
    listed = {urlsplit(each["url"]).path for each in pages(plan)}
    looked_at = {line.partition(" ")[2] for line in PAGES if line.startswith("GET ") and "{" not in line}
    assert {path.rstrip("/") for path in looked_at - NO_PAGES} <= {path.rstrip("/") for path in listed}


async def test_each_list_of_the_desk_that_is_named_is_one_that_it_has(tmp_path: Path) -> None:
    plan = Plan.make(tmp_path, Inputs(tmp_path / "streets", tmp_path / "schools"))
    named = re.findall(r"pile=(\w+)", (await page(START)).text + " ".join(str(each["url"]) for each in pages(plan)))
    assert len(named) == 2 and set(named) <= set(get_args(Pile))
