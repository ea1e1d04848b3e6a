"""Codes: made for a class, typed by families, and told to nobody else."""

import json
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from application.domain.codes import (
    LOCKED,
    MOST_WRONG,
    SCHOOL_CODE_USES,
    SCHOOL_CODE_VALID,
    WRONG_WITHIN,
    is_code_account,
)
from application.domain.ids import Owner
from application.form import EXAMPLE, ApplicationForm
from application.store import Row, SqlStore
from application.workflow import Workflow, workflow_on
from application.workflow.codes.codes import ClassOrder, Codes, CodesLocked
from shared.database import Database
from shared.errors import Conflict, Invalid, NotFound, Unavailable
from support.application.codes import AUTHORITY, SCHOOL, class_codes, nobodys_code, statements_of

HERE = "address 10.0.0.1"
YOUNG = {"first_name": "Jana", "last_name": "Öztürk", "birth_date": "2018-02-28"}


async def is_wrong(workflow: Workflow, code: str, now: datetime, client: str = HERE) -> bool:
    with pytest.raises((NotFound, CodesLocked)) as found:
        await workflow.codes.use(code, client, now)
    return isinstance(found.value, NotFound)


async def test_a_code_of_a_class_opens_the_same_account_each_time_and_another_code_another(
    workflow: Workflow, now: datetime
) -> None:
    first, second = await class_codes(workflow, now, 2)
    opened = [await workflow.codes.use(each, HERE, now) for each in (first, first.lower(), second)]
    assert opened[0] == opened[1] and opened[0].account != opened[2].account
    assert all(is_code_account(each.account) and each.school_number == SCHOOL for each in opened)


async def test_nothing_that_is_kept_says_a_code_or_leads_to_one(
    workflow: Workflow, database: Database[SqlStore], now: datetime
) -> None:
    (code,) = await class_codes(workflow, now)
    plain = code.replace("-", "")
    url = database.url
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        tables = Row.metadata.sorted_tables
        rows = [str(row) for table in tables for row in connection.execute(sa.select(table))]
    engine.dispose()
    assert rows and not any(plain in each or code in each for each in rows)
    other = workflow_on(database, workflow.drafts._keys, code_key=b"another key of forty characters, at least")
    assert await is_wrong(other, code, now), "with another key no code counts"


async def test_a_typing_error_is_no_try_and_asks_the_database_for_nothing(
    workflow: Workflow, database: Database[SqlStore], now: datetime
) -> None:
    with statements_of(database) as seen:
        for typed in ("", "ABCD", "OOOO-1111-IIII", "2" * 12 + "3", "x" * 500):
            with pytest.raises(Invalid):
                await workflow.codes.use(typed, HERE, now)
    assert seen == []


async def test_no_code_and_one_that_does_not_count_are_one_answer_after_the_same_work(
    workflow: Workflow, database: Database[SqlStore], now: datetime
) -> None:
    """What is there cannot be told from what is not, whyever it does not count."""
    over = (await class_codes(workflow, now - SCHOOL_CODE_VALID))[0]
    used = (await class_codes(workflow, now))[0]
    for number in range(SCHOOL_CODE_USES):
        await workflow.codes.use(used, f"address {number}", now)
    revoked = (await class_codes(workflow, now))[0]
    batches = await workflow.codes.batches(AUTHORITY)
    await workflow.codes.revoke(AUTHORITY, next(each.id for each in batches if not each.used and each.made_at == now), "anna", now)  # fmt: skip
    found = []
    for number, code in enumerate((nobodys_code(1), over, used, revoked)):
        with statements_of(database) as seen, pytest.raises(NotFound) as answer:
            await workflow.codes.use(code, f"address of {number}", now)
        found.append((seen, answer.value.status, answer.value.text))
    assert all(each == found[0] for each in found) and len(found[0][0]) >= 3


async def test_ten_wrong_codes_lock_whoever_typed_them_for_a_while_and_nobody_else(
    workflow: Workflow, now: datetime
) -> None:
    (code,) = await class_codes(workflow, now)
    for number in range(MOST_WRONG - 1):
        assert await is_wrong(workflow, nobodys_code(number), now)
    assert not await is_wrong(workflow, nobodys_code(99), now), "the tenth says that it is locked"
    with pytest.raises(CodesLocked) as locked:
        await workflow.codes.use(code, HERE, now + timedelta(minutes=5))
    assert locked.value.retry_after == 600 and "Konto" in locked.value.text.de
    assert await workflow.codes.use(code, "address 10.0.0.2", now)
    assert await workflow.codes.use(code, HERE, now + LOCKED)


async def test_who_is_locked_out_hears_the_same_of_a_right_and_a_wrong_code(
    workflow: Workflow, database: Database[SqlStore], now: datetime
) -> None:
    (code,) = await class_codes(workflow, now)
    for number in range(MOST_WRONG):
        await is_wrong(workflow, nobodys_code(number), now)
    found = []
    for each in (code, nobodys_code(50)):
        with statements_of(database) as seen, pytest.raises(CodesLocked) as answer:
            await workflow.codes.use(each, HERE, now)
        found.append((seen, answer.value.text, answer.value.retry_after))
    assert found[0] == found[1]


async def test_wrong_codes_of_long_ago_do_not_count(workflow: Workflow, now: datetime) -> None:
    for number in range(MOST_WRONG - 1):
        assert await is_wrong(workflow, nobodys_code(number), now)
    assert await is_wrong(workflow, nobodys_code(20), now + WRONG_WITHIN)


async def test_a_browser_that_has_used_a_code_is_not_locked_out_by_others_behind_its_address(
    workflow: Workflow, now: datetime
) -> None:
    (code,) = await class_codes(workflow, now)
    mark = workflow.codes.browser_mark()
    address = "10.0.0.1"
    assert workflow.codes.client_of("", address) == HERE
    for number in range(MOST_WRONG):
        await is_wrong(workflow, nobodys_code(number), now, workflow.codes.client_of("", address))
    assert await workflow.codes.use(code, workflow.codes.client_of(mark, address), now)
    for forged in (f"x{mark}", mark[:-1], mark.partition(".")[0], ".", "a.b", "ä.ö"):
        assert workflow.codes.client_of(forged, address) == HERE


@pytest.mark.parametrize("count", [0, -1, 41, 10_000])
async def test_a_class_has_a_number_of_children(workflow: Workflow, now: datetime, count: int) -> None:
    with pytest.raises(Invalid):
        await workflow.codes.make(AUTHORITY, ClassOrder(SCHOOL, "5a", count), "anna", now)


@pytest.mark.parametrize("label", ["x" * 21, "5a\x07", "<b>5a", "5a\n5b"])
async def test_a_class_has_a_name_that_can_be_printed(workflow: Workflow, now: datetime, label: str) -> None:
    with pytest.raises(Invalid, match="name the class"):
        await workflow.codes.make(AUTHORITY, ClassOrder(SCHOOL, label, 3), "anna", now)


@pytest.mark.parametrize("school", ["100003", "999999", ""])
async def test_nobody_makes_codes_for_anothers_school(workflow: Workflow, now: datetime, school: str) -> None:
    with pytest.raises(Invalid):
        await workflow.codes.make(AUTHORITY, ClassOrder(school, "5a", 3), "anna", now)


async def test_a_code_serves_one_child_at_its_own_school(workflow: Workflow, now: datetime) -> None:
    (code,) = await class_codes(workflow, now)
    account = (await workflow.codes.use(code, HERE, now)).account

    def form(**changes: object) -> ApplicationForm:
        return ApplicationForm.model_validate_json(json.dumps(EXAMPLE | changes))

    with pytest.raises(Conflict):
        await workflow.applications.submit(
            account, "key-0001", form(school_number="100001", grade="03", track=None, pupil=YOUNG), now
        )
    made = await workflow.applications.submit(account, "key-0002", form(school_number=SCHOOL), now)
    again = await workflow.applications.submit(account, "key-0002", form(school_number=SCHOOL), now)
    assert made.id == again.id
    with pytest.raises(Conflict):
        other = {"first_name": "Bo", "last_name": "Li", "birth_date": "2014-03-01"}
        await workflow.applications.submit(account, "key-0003", form(school_number=SCHOOL, pupil=other), now)
    with pytest.raises(Conflict):
        await workflow.applications.submit(Owner("code:nobody"), "key-0004", form(school_number=SCHOOL), now)


async def test_what_is_over_is_forgotten(workflow: Workflow, now: datetime) -> None:
    await class_codes(workflow, now, 3)
    await is_wrong(workflow, nobodys_code(1), now)
    assert await workflow.codes.forget(now) == 0
    assert await workflow.codes.forget(now + SCHOOL_CODE_VALID) == 3
    assert await workflow.codes.batches(AUTHORITY) == []


async def test_without_a_key_there_are_no_codes(database: Database[SqlStore], now: datetime) -> None:
    with pytest.raises(Unavailable):
        await Codes(database, None).use(nobodys_code(1), HERE, now)
