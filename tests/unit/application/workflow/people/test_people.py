"""People come to help, leave, and a pupil takes over: on both databases."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from application.checks import SchoolKeys
from application.domain.acts import OwnerAct
from application.domain.application import Application
from application.domain.ids import Owner
from application.domain.people import MOST_OPEN, MOST_PEOPLE, InvitationKind, PersonKind
from application.form import ApplicationForm, Change
from application.main import open_database
from application.store import SqlStore
from application.workflow import ChangeRequest, Workflow, workflow_on
from application.workflow.people.takeover import NOT_OF_AGE
from shared.database import Database
from shared.errors import Conflict, NotFound
from shared.events import ApplicationChanged, ApplicationSubmitted
from support.application import directory
from support.application.pupils import (
    BEFORE,
    BIRTHDAY,
    FATHER,
    GRANDMOTHER,
    MOTHER,
    PUPIL,
    hand_in,
    joined,
    link_for,
)
from support.databases import on_both
from support.outbox import told
from support.record import acts_of_people, faults, unknown_acts

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
pytestmark = on_both("family")


@dataclass
class Family:
    """`other`: on the same database, as another process."""

    workflow: Workflow
    other: Workflow
    database: Database[SqlStore]
    application: Application

    async def names(self, owner: Owner = MOTHER) -> list[str]:
        view = await self.workflow.people.all(owner, self.application.id, NOW)
        return [each.name for each in view.people]

    async def kinds(self, account: Owner = MOTHER) -> list[str]:
        view = await self.workflow.applications.view(account, self.application.id)
        return [str(each.kind) for each in view.news]

    def texts_of_all_rows(self) -> str:
        def dump(store: SqlStore) -> str:
            connection = store.session.connection()
            tables = sa.inspect(connection).get_table_names()
            return " ".join(
                str(row) for name in tables for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')).all()
            )

        return self.database.read_now(dump)


@pytest.fixture
def family(request: pytest.FixtureRequest, keys: SchoolKeys) -> Iterator[Family]:
    if request.param == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('tmp_path') / 'people.db'}"
    else:
        url = request.getfixturevalue("postgresql")()
    database = directory.open_filled(url, directory.school())
    second = open_database(url)
    workflow = workflow_on(database, keys)
    application = asyncio.run(hand_in(workflow, NOW))
    yield Family(workflow, workflow_on(second, keys), database, application)
    assert not faults(database)
    assert not unknown_acts(database, OwnerAct)
    second.close()
    database.close()


async def test_a_link_lets_one_account_in_once_and_pressed_twice_it_is_the_same(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    token = await link_for(workflow, one, NOW)
    assert token not in family.texts_of_all_rows()
    for _ in range(2):
        accepted = await workflow.people.accept(GRANDMOTHER, token, "Oma Inge", NOW)
        assert (accepted.application_id, accepted.you) == (one, PersonKind.HELPER)
    assert await family.names() == ["Oma Inge"] and (await family.kinds()).count("person_joined") == 1
    for foreign in (FATHER, Owner("stranger")):
        with pytest.raises(NotFound):
            await workflow.people.accept(foreign, token, "", NOW)
    with pytest.raises(NotFound):
        await workflow.people.kind_of(token, NOW)


async def test_an_old_a_taken_back_and_a_guessed_link_are_one_answer(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    old = await link_for(workflow, one, NOW - timedelta(days=7))
    back = await workflow.people.invite(MOTHER, one, InvitationKind.HELPER, NOW)
    await workflow.people.take_back(MOTHER, one, back.invitation.id, NOW)
    said = set()
    for token in (old, back.token, "guessed", "x" * 65, ""):
        with pytest.raises(NotFound) as problem:
            await workflow.people.accept(GRANDMOTHER, token, "", NOW)
        said.add(problem.value.text)
    assert len(said) == 1 and await family.names() == []


async def test_who_is_removed_sees_nothing_at_once_is_named_nowhere_and_comes_back_by_another_link(
    family: Family,
) -> None:
    workflow, one = family.workflow, family.application.id
    await joined(workflow, one, GRANDMOTHER, NOW)
    assert len(await workflow.applications.page(GRANDMOTHER, None, 10)) == 1
    (person,) = (await workflow.people.all(MOTHER, one, NOW)).people
    await workflow.people.remove(MOTHER, one, person.id, NOW)
    with pytest.raises(NotFound):
        await workflow.applications.view(GRANDMOTHER, one)
    assert await workflow.applications.page(GRANDMOTHER, None, 10) == []
    assert f"Name of {GRANDMOTHER}" not in family.texts_of_all_rows()
    await joined(workflow, one, GRANDMOTHER, NOW)
    assert (await workflow.applications.view(GRANDMOTHER, one)).you is PersonKind.HELPER


async def test_five_help_and_ten_links_are_open_and_no_more(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    for number in range(MOST_PEOPLE):
        await joined(workflow, one, Owner(f"aunt-{number}"), NOW)
    tokens = [await link_for(workflow, one, NOW) for _ in range(MOST_OPEN)]
    with pytest.raises(Conflict):
        await link_for(workflow, one, NOW)
    with pytest.raises(Conflict):
        await workflow.people.accept(GRANDMOTHER, tokens[0], "", NOW)
    assert await workflow.people.kind_of(tokens[0], NOW) is InvitationKind.HELPER, "it is not used up"
    assert len(await family.names()) == MOST_PEOPLE
    await link_for(workflow, one, NOW + timedelta(days=7))


async def test_of_two_who_accept_one_link_at_once_one_wins(family: Family) -> None:
    one = family.application.id
    token = await link_for(family.workflow, one, NOW)
    answers = await asyncio.gather(
        *(
            workflow.people.accept(Owner(f"{name}-{number}"), token, "", NOW)
            for number in range(4)
            for name, workflow in (("here", family.workflow), ("there", family.other))
        ),
        return_exceptions=True,
    )
    assert sum(not isinstance(each, BaseException) for each in answers) == 1
    assert all(isinstance(each, NotFound) for each in answers if isinstance(each, BaseException))
    assert len(await family.names()) == 1


async def test_before_the_18th_birthday_in_berlin_nobody_takes_over(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    with pytest.raises(Conflict) as problem:
        await link_for(workflow, one, BEFORE, "takeover")
    assert problem.value.text == NOT_OF_AGE
    assert await link_for(workflow, one, BIRTHDAY, "takeover")


async def test_a_birth_date_that_was_corrected_meanwhile_counts_when_the_link_is_used(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    token = await link_for(workflow, one, BIRTHDAY, "takeover")
    form = await workflow.changes.form_of(MOTHER, one)
    pupil = json.loads(form)["pupil"] | {"birth_date": "2008-07-15"}
    await tell(workflow, MOTHER, family.application, {"pupil": pupil}, BIRTHDAY)
    with pytest.raises(Conflict):
        await workflow.people.accept(PUPIL, token, "", BIRTHDAY)
    assert (await workflow.applications.view(MOTHER, one)).you is PersonKind.OWNER


async def tell(
    workflow: Workflow, who: Owner, application: Application, parts: dict[str, object], now: datetime
) -> None:
    before = await workflow.changes.form_of(who, application.id)
    change = Change.model_validate_json(json.dumps({"changes": parts}))
    after = ApplicationForm.model_validate_json(json.dumps(json.loads(before) | parts))
    await workflow.changes.tell(who, application.id, ChangeRequest(change, after, before), now)


async def test_the_pupil_takes_over_and_all_links_of_before_are_dead(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    await joined(workflow, one, GRANDMOTHER, NOW)
    await joined(workflow, one, PUPIL, NOW)
    to_help = await link_for(workflow, one, BIRTHDAY)
    another, token = [await link_for(workflow, one, BIRTHDAY, "takeover") for _ in range(2)]
    for _ in range(2):
        accepted = await workflow.people.accept(PUPIL, token, "", BIRTHDAY)
        assert accepted.you is PersonKind.OWNER
    assert (await workflow.applications.view(PUPIL, one)).you is PersonKind.OWNER
    assert (await workflow.applications.view(MOTHER, one)).you is PersonKind.HELPER
    assert await family.names(PUPIL) == [f"Name of {GRANDMOTHER}", "Zoë Marie O’Neill-Łukasiewicz"]
    for dead in (to_help, another, token):
        with pytest.raises(NotFound):
            await workflow.people.accept(FATHER, dead, "", BIRTHDAY)
    assert (await family.kinds(PUPIL)).count("taken_over") == 1
    assert acts_of_people(family.database) == [("family", OwnerAct.CHANGED)]
    assert (await workflow.people.all(PUPIL, one, BIRTHDAY)).takeover_from is None
    with pytest.raises(Conflict):
        await link_for(workflow, one, BIRTHDAY, "takeover", PUPIL)
    mother = next(each for each in (await workflow.people.all(PUPIL, one, BIRTHDAY)).people if each.account == MOTHER)
    await workflow.people.remove(PUPIL, one, mother.id, BIRTHDAY)
    with pytest.raises(NotFound):
        await workflow.applications.view(MOTHER, one)


async def test_of_two_who_take_over_at_once_by_two_links_one_wins(family: Family) -> None:
    one = family.application.id
    tokens = [await link_for(family.workflow, one, BIRTHDAY, "takeover") for _ in range(6)]
    answers = await asyncio.gather(
        *(
            (family.workflow, family.other)[number % 2].people.accept(Owner(f"pupil-{number}"), token, "", BIRTHDAY)
            for number, token in enumerate(tokens)
        ),
        return_exceptions=True,
    )
    winners = [number for number, each in enumerate(answers) if not isinstance(each, BaseException)]
    assert len(winners) == 1
    assert all(isinstance(each, NotFound) for each in answers if isinstance(each, BaseException))
    view = await family.workflow.applications.view(Owner(f"pupil-{winners[0]}"), one)
    assert view.you is PersonKind.OWNER and len(await family.names(Owner(f"pupil-{winners[0]}"))) == 1


async def test_what_the_authority_hears_of_the_household_stays(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    token = await link_for(workflow, one, BIRTHDAY, "takeover")
    await workflow.people.accept(PUPIL, token, "", BIRTHDAY)
    (submitted,) = told(family.database, ApplicationSubmitted)
    await tell(workflow, PUPIL, family.application, {"grade": "Q2"}, BIRTHDAY)
    (changed,) = told(family.database, ApplicationChanged)
    assert changed.household == submitted.household
    assert PUPIL not in changed.model_dump_json() and MOTHER not in changed.model_dump_json()


async def test_a_key_that_the_new_owner_has_used_too_does_not_stop_the_takeover(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    own = await hand_in(workflow, NOW, {"applicant": "pupil"}, owner=PUPIL)
    token = await link_for(workflow, one, BIRTHDAY, "takeover")
    await workflow.people.accept(PUPIL, token, "", BIRTHDAY)
    assert {each.application.id for each in await workflow.applications.page(PUPIL, None, 10)} == {own.id, one}
    assert (await workflow.applications.of_key(PUPIL, "key-of-mother")).id == own.id


@pytest.mark.parametrize("changes", [
    {"applicant": "pupil"},
    {"guardian": {"first_name": "MIA", "last_name": "Łukasiewicz", "email": None}},
])  # fmt: skip
async def test_an_application_of_the_pupils_own_is_offered_nothing(family: Family, changes: dict[str, object]) -> None:
    made = await hand_in(family.workflow, BIRTHDAY, changes, "another-key")
    assert (await family.workflow.people.all(MOTHER, made.id, BIRTHDAY)).takeover_from is None
    with pytest.raises(Conflict):
        await link_for(family.workflow, made.id, BIRTHDAY, "takeover")


async def test_the_owner_cannot_use_a_link_of_its_own_up(family: Family) -> None:
    token = await link_for(family.workflow, family.application.id, NOW)
    with pytest.raises(Conflict):
        await family.workflow.people.accept(MOTHER, token, "", NOW)
    assert (await family.workflow.people.accept(GRANDMOTHER, token, "", NOW)).you is PersonKind.HELPER


async def test_invitations_go_when_their_time_is_over_and_people_with_the_application(family: Family) -> None:
    workflow, one = family.workflow, family.application.id
    await joined(workflow, one, GRANDMOTHER, NOW)
    await link_for(workflow, one, NOW)
    assert await workflow.people.forget(NOW + timedelta(days=7, seconds=-1)) == 0
    assert await workflow.people.forget(NOW + timedelta(days=7)) == 2
    token = await link_for(workflow, one, BIRTHDAY, "takeover")
    await workflow.people.accept(PUPIL, token, "", BIRTHDAY)
    family.database.write_now(lambda store: store.erase(one, NOW))
    left = family.texts_of_all_rows()
    assert GRANDMOTHER not in left and PUPIL not in left
