"""A code by letter: asked for by anybody, printed for the address in the application alone, good once."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from application.domain.codes import LETTER_CODE_VALID, LETTERS_WITHIN, MOST_LETTERS
from application.domain.ids import ApplicationId, Owner
from application.domain.people import FamilyAct, PersonKind
from application.domain.timeline import EntryKind
from application.store import SqlStore
from application.workflow import Workflow
from application.workflow.people.access import application_for
from shared.database import Database
from shared.errors import Forbidden, NotFound
from support.application.codes import AUTHORITY, statements_of
from support.application.family_pages import FamilyPlace, family_place

HERE = "address 10.0.0.1"


@pytest.fixture
def place(workflow: Workflow, database: Database[SqlStore], now: datetime) -> FamilyPlace:
    return family_place(workflow, database, now)


def _as_whom(account: Owner, number: ApplicationId, act: FamilyAct, store: SqlStore) -> PersonKind:
    return application_for(store, account, number, act)[1]


async def printed(place: FamilyPlace, number: UUID, days: float = 0) -> str:
    now = place.clock[0] + timedelta(days=days)
    await place.workflow.letters.ask(ApplicationId(number), now)
    (letter,) = await place.workflow.letters.print(AUTHORITY, "anna", now)
    return letter.code


async def test_a_letter_goes_to_the_address_in_the_application_and_its_code_opens_it_once(place: FamilyPlace) -> None:
    number, now = ApplicationId(await place.applied()), place.clock[0]
    await place.workflow.letters.ask(number, now)
    (letter,) = await place.workflow.letters.print(AUTHORITY, "anna", now)
    assert letter.application_id == number and letter.lines[-1].endswith("Bielefeld") and len(letter.lines) == 3
    assert await place.workflow.letters.waiting(AUTHORITY) == []
    opened = await place.workflow.codes.use(letter.code, HERE, now)
    assert opened.application_id == number
    for act in FamilyAct:
        found = place.database.read_now(partial(_as_whom, opened.account, number, act))
        assert found is PersonKind.OWNER
    with pytest.raises(NotFound):
        await place.workflow.codes.use(letter.code, HERE, now)


async def test_the_family_sees_that_a_letter_was_used_and_the_next_letter_ends_the_earlier_one(
    place: FamilyPlace,
) -> None:
    number = ApplicationId(await place.applied())
    first = await place.workflow.codes.use(await printed(place, number), HERE, place.clock[0])
    view = await place.workflow.applications.view(Owner("parent-1"), number)
    assert view.news[-1].kind is EntryKind.LETTER_USED
    old = await printed(place, number, 1)
    second = await printed(place, number, 2)
    with pytest.raises(NotFound):
        await place.workflow.codes.use(old, HERE, place.clock[0])
    await place.workflow.codes.use(second, HERE, place.clock[0])
    with pytest.raises(NotFound):
        await place.workflow.applications.view(first.account, number)
    people = await place.workflow.people.all(Owner("parent-1"), number, place.clock[0])
    assert [each.kind for each in people.people] == [PersonKind.LETTER]


async def test_a_letter_opens_its_own_application_and_no_other_of_the_account(place: FamilyPlace) -> None:
    number = ApplicationId(await place.applied())
    place.clock[0] += timedelta(seconds=1)
    other = ApplicationId(
        await place.applied(pupil={"first_name": "Bo", "last_name": "Li", "birth_date": "2013-05-05"})
    )
    opened = await place.workflow.codes.use(await printed(place, number), HERE, place.clock[0])
    with pytest.raises(NotFound):
        await place.workflow.applications.view(opened.account, other)
    assert [each.application.id for each in await place.workflow.applications.page(opened.account, None, 9)] == [number]


async def test_asking_tells_nothing_of_whether_there_is_such_an_application(place: FamilyPlace) -> None:
    number, now = ApplicationId(await place.applied()), place.clock[0]
    found = []
    for each in (number, ApplicationId(uuid4()), number):
        with statements_of(place.database) as seen:
            await place.workflow.letters.ask(each, now)
        found.append(seen)
    assert found[0] == found[1] == found[2] and len(found[0]) >= 3
    assert len(await place.workflow.letters.waiting(AUTHORITY)) == 1


async def test_nobody_is_flooded_with_letters(place: FamilyPlace) -> None:
    number = ApplicationId(await place.applied())
    for day in range(MOST_LETTERS):
        await printed(place, number, day)
    await place.workflow.letters.ask(number, place.clock[0] + timedelta(days=5))
    assert await place.workflow.letters.waiting(AUTHORITY) == []
    await place.workflow.letters.ask_as_staff(AUTHORITY, number, place.clock[0] + timedelta(days=5))
    assert len(await place.workflow.letters.waiting(AUTHORITY)) == 1, "a person at the desk may"
    assert await printed(place, number, LETTERS_WITHIN.days + 10)


async def test_a_letter_that_is_on_its_way_for_too_long_opens_nothing(place: FamilyPlace) -> None:
    code = await printed(place, await place.applied())
    with pytest.raises(NotFound):
        await place.workflow.codes.use(code, HERE, place.clock[0] + LETTER_CODE_VALID)


async def test_an_authority_sees_and_prints_its_own_letters_alone(place: FamilyPlace) -> None:
    number, now = ApplicationId(await place.applied()), place.clock[0]
    await place.workflow.letters.ask(number, now)
    assert await place.workflow.letters.waiting("10999") == []
    assert await place.workflow.letters.print("10999", "bert", now) == []
    for strange in (number, ApplicationId(uuid4())):
        with pytest.raises(NotFound):
            await place.workflow.letters.ask_as_staff("10999", strange, now)


async def test_codes_and_letters_go_with_the_family(place: FamilyPlace) -> None:
    number = ApplicationId(await place.applied())
    code = await printed(place, number)
    await place.workflow.letters.ask(number, place.clock[0])
    link = await place.workflow.look_links.make(Owner("parent-1"), number, place.clock[0])
    gone = await place.workflow.erasure.of_application(number, place.clock[0])
    assert {name: gone[name] for name in ("access_code", "code_letter", "look_link")} == {
        "access_code": 1, "code_letter": 2, "look_link": 1,
    }  # fmt: skip
    with pytest.raises(NotFound):
        await place.workflow.codes.use(code, HERE, place.clock[0])
    with pytest.raises(NotFound):
        await place.workflow.look_links.look(link.token, place.clock[0])


async def test_a_link_that_looks_shows_that_things_happened_and_nothing_of_whom(place: FamilyPlace) -> None:
    number = ApplicationId(await place.applied())
    await place.granted(number)
    link = await place.workflow.look_links.make(Owner("parent-1"), number, place.clock[0])
    seen = await place.workflow.look_links.look(link.token, place.clock[0])
    kinds = {kind for _, kind in seen.happened}
    assert EntryKind.GRANTED in kinds and EntryKind.DOCUMENT_ADDED not in kinds
    assert not any(secret in repr(seen) for secret in ("Öztürk", "168890", "https://"))
    for wrong in ("", "x", "x" * 500, link.token[:-1], "ä"):
        with pytest.raises(NotFound):
            await place.workflow.look_links.look(wrong, place.clock[0])
    with pytest.raises(NotFound):
        await place.workflow.look_links.look(link.token, link.expires_at)
    await place.workflow.look_links.remove_all(Owner("parent-1"), number)
    with pytest.raises(NotFound):
        await place.workflow.look_links.look(link.token, place.clock[0])


async def test_only_whom_it_belongs_to_makes_links_that_look(place: FamilyPlace) -> None:
    number = ApplicationId(await place.applied())
    with pytest.raises((NotFound, Forbidden)):
        await place.workflow.look_links.make(Owner("parent-2"), number, place.clock[0])


async def test_what_was_asked_for_nobody_is_forgotten_within_an_hour_and_the_rest_when_it_is_over(
    place: FamilyPlace,
) -> None:
    letters, now = place.workflow.letters, place.clock[0]
    await letters.ask(ApplicationId(await place.applied()), now)
    for _ in range(3):
        await letters.ask(ApplicationId(uuid4()), now)
    assert await letters.forget(now) == 0
    assert await letters.forget(now + timedelta(hours=1)) == 3
    assert len(await letters.waiting(AUTHORITY)) == 1
    assert await letters.forget(now + LETTERS_WITHIN) == 1
