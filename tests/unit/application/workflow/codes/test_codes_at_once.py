"""Many codes at one moment: each wrong one counts, on both databases."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from application.checks import SchoolKeys
from application.domain.codes import MOST_WRONG
from application.domain.ids import Owner
from application.form import EXAMPLE, ApplicationForm
from application.store import SqlStore
from application.workflow import workflow_on
from application.workflow.codes.codes import CodesLocked
from shared.database import Database
from shared.errors import NotFound
from support.application import directory
from support.application.codes import AUTHORITY, nobodys_code
from support.databases import on_both

KEY = b"a key of forty characters at the very least"


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database[SqlStore]]:
    if request.param == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('tmp_path') / 'codes.db'}"
    else:
        url = request.getfixturevalue("postgresql")()
    database = directory.open_filled(url, directory.school())
    yield database
    database.close()


@on_both("database")
async def test_nobody_has_more_tries_by_typing_all_at_once(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    codes = workflow_on(database, keys, code_key=KEY).codes

    async def guess(number: int) -> type[BaseException]:
        with pytest.raises((NotFound, CodesLocked)) as found:
            await codes.use(nobodys_code(number), "address 10.0.0.1", now)
        return found.type

    answers = await asyncio.gather(*map(guess, range(4 * MOST_WRONG)))
    assert answers.count(NotFound) == MOST_WRONG - 1


@on_both("database")
async def test_one_letter_goes_out_however_many_ask_and_print_at_one_moment(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    workflow = workflow_on(database, keys, code_key=KEY)
    form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
    mine = (await workflow.applications.submit(Owner("parent-1"), "key-0001", form, now)).id
    asking = [workflow.letters.ask(mine, now) for _ in range(6)]
    staff = [workflow.letters.ask_as_staff(AUTHORITY, mine, now) for _ in range(6)]
    await asyncio.gather(*asking, *staff)
    assert [each.application_id for each in await workflow.letters.waiting(AUTHORITY)] == [mine]
    printed = await asyncio.gather(*(workflow.letters.print(AUTHORITY, "anna", now) for _ in range(4)))
    (letter,) = [each for one in printed for each in one]
    opened = await workflow.codes.use(letter.code, "address 10.0.0.1", now)
    assert opened.application_id == mine
