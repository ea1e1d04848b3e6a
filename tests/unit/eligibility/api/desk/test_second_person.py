"""What one person decides alone is the authority's choice; what is not is waits for another, and for nobody else."""

from itertools import chain, combinations

import httpx
import pytest
from eligibility.domain.second_person import PRESET, waits_for_second
from eligibility.workflow import MeasuredRoutes
from shared.events import EligibilityGranted, EligibilityRefused
from support.eligibility import small_place as make
from support.eligibility.cases_api import REASON, path_of
from support.eligibility.tickets import NUMBER, Signer
from support.eligibility.world import World
from support.identity import bearer

REFUSED = {"outcome": "refused", "reason": "Der Weg ist zu kurz.", "legal_basis": "§ 5 Abs. 2 SchfkVO"}
GRANTED = {key: value for key, value in REASON.items() if key != "reason"} | {"reason": "Der Weg ist lang genug."}
DECISION_ACTS = ("grant", "refusal", "override")
EVERY_CHOICE = [list(each) for each in chain.from_iterable(combinations(DECISION_ACTS, n) for n in range(4))]


async def in_review(world: World) -> str:
    """A way of which nobody knows on which side of the limit it is."""
    world.measurer.answer = MeasuredRoutes(make.measurement(2010.4, lenient_m=1990.0, strict_m=2040.5))
    event = make.submitted()
    await world.hear(event)
    return path_of(world, event)


def release_decision(world: World) -> list[str]:
    return [type(each).__name__ for each in world.told() if isinstance(each, EligibilityGranted | EligibilityRefused)]


@pytest.mark.parametrize("chosen", EVERY_CHOICE)
@pytest.mark.parametrize("body", [GRANTED, REFUSED], ids=["grant", "refusal"])
async def test_a_persons_decision_waits_just_where_the_authority_has_chosen_it(
    world: World, http: httpx.AsyncClient, chosen: list[str], body: dict[str, object]
) -> None:
    world.set_authority(second_person_for=chosen)
    case = await in_review(world)
    assert (await http.post(f"{case}/decision", json=body)).status_code == 200
    waits = ("grant" if body is GRANTED else "refusal") in chosen
    assert len(release_decision(world)) == (0 if waits else 1)
    if not waits:
        return
    assert (await http.post(f"{case}/override/confirmation")).status_code == 409
    assert release_decision(world) == []
    assert (await http.post(f"{case}/override/confirmation", headers=bearer("bert"))).status_code == 200
    assert len(release_decision(world)) == 1


@pytest.mark.parametrize("chosen", EVERY_CHOICE)
async def test_who_goes_against_the_rules_confirms_it_where_one_person_is_enough(
    world: World, http: httpx.AsyncClient, chosen: list[str]
) -> None:
    world.set_authority(second_person_for=chosen)
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    event = make.submitted()
    await world.hear(event)
    case = path_of(world, event)
    assert (await http.post(f"{case}/override", json=REASON)).status_code == 202
    alone = not {"override", "grant"} & set(chosen)
    assert (await http.post(f"{case}/override/confirmation")).status_code == (200 if alone else 409)
    assert len(release_decision(world)) == alone


async def test_a_revocation_takes_who_suspends_and_another_who_revokes(world: World, http: httpx.AsyncClient) -> None:
    world.set_authority(second_person_for=["revocation"])
    event = make.submitted()
    await world.hear(event)
    signer, asked = Signer(world, event), f"{path_of(world, event)}/ticket-requests"

    async def ask(change: str, who: str = "anna") -> int:
        body = {"number": NUMBER, "change": change, "reason": "Missbrauch gemeldet"}
        return (await http.post(asked, json=body, headers=bearer(who))).status_code

    async def done(kind: str, state: str) -> None:
        said = (await http.get(path_of(world, event))).json()["ticket_requests"]
        request = next(each for each in said if each["state"] == "asked")
        await signer.answers(kind, request_id=request["request_id"])
        await signer.tells(state)

    await signer.tells("issued")
    assert await ask("revoke") == 409
    assert await ask("suspend") == 202
    assert await ask("revoke", "bert") == 409  # nobody knows yet whether it is suspended
    await done("suspend", "suspended")
    assert await ask("revoke") == 409
    assert await ask("restore", "bert") == 202
    await done("restore", "issued")
    assert await ask("revoke", "bert") == 409  # what was lifted is no first step
    assert await ask("suspend") == 202
    await done("suspend", "suspended")
    assert await ask("revoke", "bert") == 202


def test_the_preset_is_what_held_before_it_could_be_chosen() -> None:
    assert set(PRESET) == {"override", "rule_set"}
    assert not waits_for_second(PRESET, "granted", against_rules=False)
    assert not waits_for_second(PRESET, "refused", against_rules=False)
    assert waits_for_second(PRESET, "granted", against_rules=True)


def test_an_authority_that_was_set_up_before_has_the_preset() -> None:
    assert make.authority().second_person_for == PRESET
    with pytest.raises(ValueError, match="second_person_for"):
        make.authority(second_person_for=["everything"])
