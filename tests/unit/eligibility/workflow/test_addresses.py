"""Addresses as people type them: known, likely another, or unknown."""

from collections.abc import Awaitable, Callable

import pytest
from eligibility.store.places.address_search import StoredAddresses
from eligibility.workflow.addresses import Addresses
from shared.questions import AddressQuestion, AddressReply
from support.eligibility.world import World

Ask = Callable[..., Awaitable[AddressReply]]


@pytest.fixture
def ask(world: World) -> Ask:
    addresses = Addresses(world.database, StoredAddresses(world.database))

    async def asked(street: str, number: str, code: str = "33100", city: str = "Eschenborn") -> AddressReply:
        question = AddressQuestion(
            authority_id="12345", street=street, house_number=number, postal_code=code, city=city
        )
        return await addresses.answer(question)

    return asked


@pytest.mark.parametrize(
    "typed", [("Kirchstraße", "5a"), ("Kirchstr.", "5 A"), ("KIRCHSTRASSE", "5A"), ("kirch straße", "5a")]
)
async def test_a_home_in_the_directory_is_known_however_it_is_written(ask: Ask, typed: tuple[str, str]) -> None:
    assert await ask(*typed) == AddressReply(outcome="known")


@pytest.mark.parametrize("street", ["Kirchstrase", "Kirschstraße", "Kirchenstraße", "Kichstraße"])
async def test_a_near_miss_comes_with_the_house_that_may_be_meant(ask: Ask, street: str) -> None:
    answer = await ask(street, "5a")
    assert answer.outcome == "near"
    assert [(each.street, each.house_number) for each in answer.candidates] == [("Kirchstraße", "5a")]


async def test_another_postal_code_is_asked_about_too(ask: Ask) -> None:
    answer = await ask("Kirchstraße", "5a", code="33199")
    assert answer.outcome != "unknown"


@pytest.mark.parametrize(("street", "number"), [("Nirgendweg", "3"), ("Kirchstraße", "99"), ("Xyz", "1")])
async def test_nothing_is_proposed_where_nothing_is_like_it(ask: Ask, street: str, number: str) -> None:
    assert await ask(street, number) == AddressReply(outcome="unknown")


async def test_an_address_that_exists_twice_is_for_the_family_to_say(ask: Ask) -> None:
    assert (await ask("Doppelweg", "1")).outcome != "known"
