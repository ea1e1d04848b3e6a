"""Children of one account who name no sibling: the family is told, and nobody else learns of it."""

import json
from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import date
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from application.domain.ids import ApplicationId, Owner
from application.form import EXAMPLE, ApplicationForm
from application.workflow import Workflow
from application.workflow.applications.facts import submitted_event
from support.json import Json, text

Header = Callable[..., dict[str, str]]
HandIn = Callable[..., Awaitable[Json]]
Look = Callable[..., Awaitable[bool]]


@pytest.fixture
def hand_in(http: httpx.AsyncClient, bearer: Header) -> HandIn:
    async def send(name: str, who: str = "parent-1", **changes: object) -> Json:
        form = deepcopy(EXAMPLE) | {"siblings": []} | changes
        form["pupil"] = form["pupil"] | {"first_name": name}
        headers = {**bearer(who), "Idempotency-Key": f"key-of-{who}-{quote(name)}"}
        answer = await http.post("/v1/applications", content=json.dumps(form), headers=headers)
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    return send


@pytest.fixture
def look(http: httpx.AsyncClient, bearer: Header) -> Look:
    async def read(receipt: Json, who: str = "parent-1") -> bool:
        answer = await http.get(f"/v1/applications/{receipt['id']}", headers=bearer(who))
        return told(answer.json())

    return read


def told(answer: Json) -> bool:
    """The hint, in both languages."""
    hints = [each for each in answer["hints"] if "nennen hier aber keine Geschwister" in each["de"]]
    assert all("name no siblings here" in each["en"] for each in hints)
    return bool(hints)


async def test_the_second_child_of_an_account_that_names_no_sibling_is_told_on_receipt_and_both_on_their_page(
    hand_in: HandIn, look: Look
) -> None:
    first = await hand_in("Ada")
    assert not told(first)
    assert not await look(first)
    second = await hand_in("Bo")
    assert told(second)
    assert await look(first) and await look(second)
    assert await hand_in("Ada") == first and await hand_in("Bo") == second  # a receipt stays what it was


async def test_who_names_siblings_or_applies_twice_for_one_child_is_told_nothing(hand_in: HandIn, look: Look) -> None:
    await hand_in("Ada")
    again = await hand_in("ADA")
    assert not told(again) and not await look(again)
    named = await hand_in("Bo", siblings=[{"birth_date": "2016-02-29", "funded": True}])
    assert not told(named) and not await look(named)


async def test_another_account_learns_of_nothing(hand_in: HandIn, look: Look) -> None:
    await hand_in("Ada")
    foreign = await hand_in("Bo", who="parent-2")
    assert not told(foreign) and not await look(foreign, "parent-2")


async def test_the_hint_goes_when_the_other_application_is_withdrawn(
    hand_in: HandIn, look: Look, http: httpx.AsyncClient, bearer: Header
) -> None:
    first, second = await hand_in("Ada"), await hand_in("Bo")
    await http.post(f"/v1/applications/{first['id']}/withdrawal", headers=bearer("parent-1"))
    assert not await look(second)


async def test_a_family_may_say_that_it_does_not_know_of_a_siblings_ticket(hand_in: HandIn, workflow: Workflow) -> None:
    told_form = {**deepcopy(EXAMPLE), "siblings": [{"birth_date": "2013-11-05", "funded": None}]}
    form = ApplicationForm.model_validate_json(json.dumps(told_form))
    receipt = await hand_in("Ada", siblings=told_form["siblings"])
    view = await workflow.applications.view(Owner("parent-1"), ApplicationId(UUID(text(receipt["id"]))))
    (sibling,) = submitted_event(view.application, form).circumstances.siblings
    assert (sibling.birth_date, sibling.funded, sibling.funded_unknown) == (date(2013, 11, 5), False, True)


@pytest.mark.parametrize(
    ("once", "again"),
    [("Jürgen", "JUERGEN"), ("Júrgen", "Jurgen"), ("Jürgen", "Jürgen Max"), ("Anna-Maria", "Anna Maria")],
)
async def test_a_second_application_of_one_child_speaks_of_no_siblings_however_it_is_written(
    hand_in: HandIn, look: Look, once: str, again: str
) -> None:
    first, second = await hand_in(once), await hand_in(again)
    assert not told(second) and not await look(first) and not await look(second)


async def test_a_typing_error_in_the_birth_date_makes_no_sibling(hand_in: HandIn, look: Look) -> None:
    await hand_in("Ada")
    pupil = EXAMPLE["pupil"] | {"birth_date": "2016-02-28"}
    second = await hand_in("ada", pupil=pupil)
    assert not told(second) and not await look(second)


async def test_a_withdrawn_application_speaks_of_no_siblings_and_is_none(
    hand_in: HandIn, look: Look, http: httpx.AsyncClient, bearer: Header
) -> None:
    first, second = await hand_in("Ada"), await hand_in("Bo")
    await http.post(f"/v1/applications/{second['id']}/withdrawal", headers=bearer("parent-1"))
    assert not await look(second) and not await look(first)
    assert await hand_in("Bo") == second  # a receipt stays what it was
    await http.post(f"/v1/applications/{first['id']}/withdrawal", headers=bearer("parent-1"))
    assert not told(await hand_in("Cem"))
