"""A child whose papers write its name in another country's letters applies twice: a person is asked, also of a case that
was kept before names were heard."""

import hmac

import pytest
from eligibility.domain.keys import Key
from eligibility.store.decision.children import MARK
from eligibility.tables_of_before import mark_children
from shared.events import ApplicationSubmitted, Person
from support.eligibility import small_place
from support.eligibility.one_child import granted, is_asked
from support.eligibility.world import KEYS, World


def child(first: str, last: str) -> ApplicationSubmitted:
    return small_place.submitted(child=Person(first_name=first, last_name=last))


ONE, OTHER, TWIN = child("Oleksandr", "Shevchenko"), child("Olexandr", "Schewtschenko"), child("Ivan", "Schewtschenko")


async def test_both_names_in_another_transcription_are_a_question_and_never_a_second_ticket(world: World) -> None:
    for each in (ONE, TWIN, OTHER):
        await world.hear(each)
    assert granted(world) == 2 and is_asked(world, OTHER)


async def test_a_case_from_before_names_were_heard_is_found_once_the_service_has_started(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eligibility.domain.child._heard", lambda child: frozenset())
    await world.hear(ONE)
    before = hmac.digest(KEYS.newest.secret, b"name", "sha256").hex()[:8]
    world.database.write_now(lambda store: store.run(MARK.update().values(key=before)))
    monkeypatch.undo()
    mark_children(world.database, KEYS)
    await world.hear(OTHER)
    assert is_asked(world, OTHER)


def test_a_key_is_known_by_its_earlier_name_too() -> None:
    key, other = Key(b"k" * 32), Key(b"l" * 32)
    before = hmac.digest(key.secret, b"name", "sha256").hex()[:8]
    assert key.bears(before) and key.bears(key.name) and key.name != before
    assert not other.bears(before) and not key.bears(None)
