"""Notices about own shares: byte for byte as they were (see conftest.py, also for writing them anew)."""

from datetime import UTC, date, datetime
from uuid import UUID

from eligibility.workflow import QuestionDraft
from shared.events import (
    ApplicationSubmitted,
    Circumstances,
    Person,
    Sibling,
)
from support.eligibility.golden_notices import PinnedStory
from support.eligibility.office import Office
from support.making import make

OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
HOUSEHOLD = UUID(int=1)
OLDER, YOUNGER, YOUNGEST = date(2015, 3, 1), date(2017, 5, 1), date(2019, 1, 15)


def lives_here(**more: object) -> Circumstances:
    return Circumstances(lives_in_nrw=True, **more)


def sibling(birth: date, *, funded: bool = True, **more: object) -> Sibling:
    return Sibling(birth_date=birth, funded=funded, **more)


async def of_one_household(office: Office, birth: date, *siblings: Sibling, **more: object) -> ApplicationSubmitted:
    circumstances = lives_here(siblings=siblings)
    child = Person(first_name={OLDER: "Ana", YOUNGER: "Bo", YOUNGEST: "Cem"}[birth], last_name="Ek")
    return await make(
        office.applies, birth_date=birth, circumstances=circumstances, household=HOUSEHOLD, child=child, **more
    )


async def falls(office: Office) -> None:
    """Three children who apply from the youngest to the oldest: the shares of the first two fall."""
    for birth in (YOUNGEST, YOUNGER, OLDER):
        others = [
            sibling(each, funded=each < birth and birth == OLDER)
            for each in (OLDER, YOUNGER, YOUNGEST)
            if each != birth
        ]
        await of_one_household(office, birth, *others)
        await office.settles()


async def test_an_own_share_as_second_child_until_the_first_leaves(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="everything")
    leaving = sibling(date(2012, 1, 1), funded_until=date(2027, 1, 31))
    event = await office.applies(circumstances=lives_here(siblings=(leaving,)))
    await office.recognises(event, siblings=(leaving.birth_date,))
    await office.releases(event)
    pinned()


async def test_no_own_share_as_third_child_and_with_social_assistance(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="everything")
    births = (date(2012, 1, 1), date(2013, 1, 1))
    third = await office.applies(circumstances=lives_here(siblings=tuple(map(sibling, births))))
    helped = lives_here(benefits=("SGB XII",))
    other = await office.applies(circumstances=helped, child=Person(first_name="Bo", last_name="Ek"))
    await office.recognises(third, siblings=births)
    await office.recognises(other, benefits=("SGB XII",))
    for event in (third, other):
        await office.releases(event)
    pinned()


async def test_the_full_share_on_the_familys_word_and_less_once_it_is_proven(
    office: Office, pinned: PinnedStory
) -> None:
    told = lives_here(benefits=("SGB XII", "KiZ"), siblings=(sibling(date(2012, 1, 1)), sibling(date(2017, 2, 28))))
    event = await office.applies(circumstances=told)
    await office.recognises(event, siblings=(date(2012, 1, 1),))
    await office.recognises(event, benefits=("SGB XII",), first=date(2026, 10, 20), last=date(2027, 3, 15))
    pinned(whole_page=True)


async def test_granted_long_after_it_was_wanted(office: Office, pinned: PinnedStory) -> None:
    office.world.clock[0] = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    wanted: dict[str, object] = {"wanted_from": date(2026, 8, 3), "occurred_at": office.world.clock[0]}
    await make(office.applies, **wanted, child=Person(first_name="Bo", last_name="Ek"), leaves_on=date(2026, 10, 31))
    await make(office.applies, **wanted)
    pinned(whole_page=True)


async def test_an_own_share_that_falls_to_half_and_to_nothing(office: Office, pinned: PinnedStory) -> None:
    await falls(office)
    pinned()


async def test_an_own_share_that_rises_after_the_family_was_heard(office: Office, pinned: PinnedStory) -> None:
    first = await of_one_household(office, OLDER, sibling(YOUNGER))
    second = await of_one_household(office, YOUNGER, sibling(OLDER))
    await office.settles()
    office.world.clock[0] = OCTOBER
    await office.withdraws(first)
    await office.settles()
    asked = QuestionDraft(
        "Der Eigenanteil soll steigen.", "The own share is to rise.", date(2026, 10, 26), hearing=True
    )
    await office.world.handling.ask(office.anna, office.case(second), asked)
    office.world.clock[0] = datetime(2026, 10, 27, 9, 0, tzinfo=UTC)
    await office.releases(second)
    pinned()


async def test_a_share_rises_because_a_sibling_is_named_no_more(office: Office, pinned: PinnedStory) -> None:
    event = await office.applies(circumstances=lives_here(siblings=(sibling(date(2012, 1, 1)),)))
    await office.recognises(event, siblings=(date(2012, 1, 1),))
    await office.changes(event, 2500.0, circumstances=lives_here(), changed_from=date(2027, 2, 1))
    await office.settles()
    asked = QuestionDraft("Der Eigenanteil soll steigen.", "The own share is to rise.", date(2026, 5, 30), hearing=True)
    await office.world.handling.ask(office.anna, office.case(event), asked)
    office.world.clock[0] = OCTOBER
    await office.releases(event)
    pinned()


async def test_letters_about_the_own_share(office: Office, pinned: PinnedStory) -> None:
    office.world.set_authority(release_by_person="nothing", decides_by="letter", court=None)
    await falls(office)
    pinned()
