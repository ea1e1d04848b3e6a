"""Whoever erases an application leaves nothing of it, and nothing of another one goes."""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from application.checks import SchoolKeys
from application.commands import rights
from application.domain.attendance import AttendanceState
from application.domain.draft import Visitor
from application.domain.ids import ApplicationId, DocumentId, Owner
from application.domain.people import InvitationKind
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import EXAMPLE, DraftChange
from application.store import Row, SqlStore
from application.store.applications import APPLICATION
from application.store.drafts import DRAFT
from application.store.erasure import NO_FAMILYS
from application.workflow import MailOffice, Workflow, workflow_on
from application.workflow.announce import announce
from application.workflow.attendance.statements import SchoolAnswer
from application.workflow.documents.upload import Upload
from application.workflow.erasure import ErasureOnHold
from application.workflow.ports import Opening
from shared.audit.acts import TrailAct
from shared.audit.tables import ACT, CONTENT
from shared.bus import erasures
from shared.bus.erasures import ErasedApplication
from shared.database import Database
from shared.database.belongings import with_children
from shared.events import ApplicationFamilyErased, ApplicationSubmitted
from support.application import directory
from support.application.documents import PHOTO
from support.application.school_place import OFFICE, YEAR
from support.databases import on_both
from support.json import Json, text
from support.outbox import told, told_again
from support.record import faults
from support.rights import run_rights

BOTH = on_both("database")


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database[SqlStore]]:
    if request.param == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('tmp_path') / 'erasure.db'}"
    else:
        url = request.getfixturevalue("postgresql")()
    database = directory.open_filled(url, directory.school())
    yield database
    database.close()


def test_every_table_belongs_to_an_application_or_to_a_draft_or_holds_nothing_of_a_family() -> None:
    reached = with_children(Row.metadata, {APPLICATION: sa.true(), DRAFT: sa.true()})
    left = {each.name for each in Row.metadata.tables.values() if each not in reached}
    assert left == NO_FAMILYS, "give the table a foreign key with ON DELETE CASCADE, or name it in store.erasure"


async def live(workflow: Workflow, owner: Owner, now: datetime) -> ApplicationId:
    """A draft with a document is handed in; a second draft is begun; somebody helps; the school confirms."""
    drafts, change = workflow.drafts, DraftChange.of(EXAMPLE)
    link = await drafts.begin(owner, change, now)
    upload = Upload(f"upload-of-{owner}", "medical_certificate", "Attest.png", None, PHOTO)
    await workflow.draft_documents.add(Visitor(owner), link.draft.id, upload, now)
    handed_in = await workflow.draft_submission.submit(owner, f"key-of-{owner}", link.token, link.draft.id, now)
    second = await drafts.begin(owner, change, now)
    await workflow.draft_documents.add(Visitor(owner), second.draft.id, upload, now)
    invited = await workflow.people.invite(owner, handed_in.application.id, InvitationKind.HELPER, now)
    await workflow.people.accept(Owner(f"oma-of-{owner}"), invited.token, "Oma", now)
    await workflow.people.invite(owner, handed_in.application.id, InvitationKind.HELPER, now)
    await workflow.letters.ask(handed_in.application.id, now)
    await workflow.letters.print("10261", "anna", now)
    await workflow.look_links.make(owner, handed_in.application.id, now)
    said = SchoolAnswer(handed_in.application.id, AttendanceState.CONFIRMED)
    await workflow.attendance.answer(OFFICE, YEAR, [said], now)
    return handed_in.application.id


def put_aside(application_id: ApplicationId, now: datetime, store: SqlStore) -> None:
    (document,) = store.documents_of([application_id])
    store.add_opening(Opening(application_id, DocumentId(UUID(str(document.id))), "anna", now))
    store.note(application_id, TimelineEntry(EntryKind.REVIEW_OPENED, now, str(uuid4())))
    store.first_digest(application_id, uuid4(), "0" * 64)
    store.put_pick_up(application_id, application_id.bytes, now, now + timedelta(1))


def rows(store: SqlStore) -> dict[str, int]:
    connection = store.session.connection()
    tables = [each for each in Row.metadata.tables.values() if each.name not in NO_FAMILYS]
    return {each.name: connection.execute(sa.select(sa.func.count()).select_from(each)).scalar_one() for each in tables}


@BOTH
async def test_nothing_of_an_application_is_left_and_another_one_stays(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    office = MailOffice("https://application.example", bytes(32))
    workflow = workflow_on(database, keys, office=office, code_key=directory.CODE_KEY)
    owners = Owner("parent-1"), Owner("parent-2")
    mine, others = [await live(workflow, owner, now) for owner in owners]
    for each in (mine, others):
        database.write_now(lambda store: put_aside(each, now, store))  # noqa: B023  # it is written at once
    before = database.read_now(rows)
    assert min(before.values()) > 0, "each table holds something, or this test shows nothing of it"

    gone = database.write_now(lambda store: store.erase(mine, now))
    gone_drafts = database.write_now(lambda store: store.erase_account(owners[0]))
    assert {**gone, **gone_drafts} == {name: count // 2 for name, count in before.items()}
    after = database.read_now(rows)
    assert {name: 2 * count for name, count in after.items()} == before
    assert database.read_now(lambda store: store.applications_of_account(owners[0])) == []
    assert database.read_now(lambda store: store.applications_of_account(owners[1])) == [others]


@BOTH
async def test_erasing_again_or_what_was_never_there_changes_nothing(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    mine = await live(workflow_on(database, keys, code_key=directory.CODE_KEY), Owner("parent-1"), now)
    assert database.write_now(lambda store: store.erase(mine, now))["application"] == 1
    before = database.read_now(rows)
    for each in (mine, ApplicationId(uuid4())):
        assert database.write_now(lambda store: store.erase(each, now)) == {}  # noqa: B023  # it is erased at once
    assert database.read_now(rows) == before


@BOTH
async def test_a_family_is_erased_by_its_account_and_the_others_are_told_of_each_application(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    workflow, owner = workflow_on(database, keys, code_key=directory.CODE_KEY), Owner("parent-1")
    mine, others = [await live(workflow, each, now) for each in (owner, Owner("parent-2"))]
    gone = await workflow.erasure.of_account(owner, now)
    assert (gone["application"], gone["draft"], gone["document_part"]) == (1, 1, 1)
    assert await workflow.erasure.of_account(owner, now) == {}
    (event,) = told(database, ApplicationFamilyErased)
    assert event.application_id == mine
    assert {each.application_id for each in told(database, ApplicationSubmitted)} == {others}, "not kept to be told"
    # told again out of the tables, for a hearer that was put back to an older copy
    again = told_again(database.read_now(lambda store: list(announce(store))))
    assert [each for each in again if isinstance(each, ApplicationFamilyErased)] == [
        event.model_copy(update={"event_id": again[0].event_id})
    ]


@BOTH
async def test_who_was_erased_applies_again_under_another_id(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    workflow, owner = workflow_on(database, keys, code_key=directory.CODE_KEY), Owner("parent-1")
    mine = await live(workflow, owner, now)
    await workflow.erasure.of_account(owner, now)
    assert await live(workflow, owner, now) != mine


@BOTH
async def test_the_commands_export_a_family_and_erase_it_by_its_account(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    workflow, owner = workflow_on(database, keys, code_key=directory.CODE_KEY), Owner("parent-1")
    mine, others = [await live(workflow, each, now) for each in (owner, Owner("parent-2"))]

    async def run(*arguments: str) -> Mapping[str, Json]:
        return await run_rights("application", database, {}, *arguments, erasure=rights.family_erasure())

    exported = await run("export", "--application", str(mine))
    (row,) = exported["application"]
    assert text(row["id"]) == str(mine)
    assert json.loads(text(row["form"]))["pupil"]["last_name"] == EXAMPLE["pupil"]["last_name"]
    assert base64.b64decode(text(exported["document_part"][0]["content"])) == PHOTO
    everything = await run("export", "--authority", text(row["authority_id"]))
    assert {each["id"] for each in everything["application"]} == {str(mine), str(others)}

    assert (await run("erase", "--account", owner))["draft"] == 1
    assert (await run("export", "--application", str(mine)))["application"] == []
    assert await run("erase", "--account", owner) == {}
    assert [each.application_id for each in told(database, ApplicationFamilyErased)] == [mine]
    assert (await run("erase", "--authority", text(row["authority_id"])))["application"] == 1


@BOTH
async def test_what_a_decision_holds_stays_unless_an_administrator_says_why_and_that_is_on_record(
    database: Database[SqlStore], keys: SchoolKeys
) -> None:
    now = datetime.now(UTC)
    workflow, owner = workflow_on(database, keys, code_key=directory.CODE_KEY), Owner("parent-1")
    mine = await live(workflow, owner, now)
    refusal = TimelineEntry(EntryKind.REFUSED, now - timedelta(days=3), str(uuid4()))
    database.write_now(lambda store: store.note(mine, refusal))
    before = database.read_now(rows)
    with pytest.raises(ErasureOnHold) as held:
        await workflow.erasure.of_account(owner, now)
    assert "geklagt" in held.value.text.de and held.value.holds[0].kind == "period"
    assert database.read_now(rows) == before and told(database, ApplicationFamilyErased) == []

    gone = await workflow.erasure.of_application(mine, now, despite="order of the court")
    assert gone["application"] == 1 and len(told(database, ApplicationFamilyErased)) == 1
    found = sa.select(ACT.c.by, CONTENT.c.content).join(CONTENT, CONTENT.c.number == ACT.c.number)
    found = found.where(ACT.c.act == TrailAct.DESPITE_HOLD)
    ((by, content),) = database.read_now(lambda store: store.session.execute(found).all())
    assert (by, json.loads(content)["detail"]) == ("administrator", {"held": "period", "reason": "order of the court"})
    assert faults(database) == []


@BOTH
async def test_what_an_older_copy_brought_back_goes_once_more_whatever_holds_it_and_is_told(
    database: Database[SqlStore], keys: SchoolKeys
) -> None:
    now = datetime.now(UTC)
    workflow = workflow_on(database, keys, code_key=directory.CODE_KEY)
    mine, others = [await live(workflow, each, now) for each in (Owner("parent-1"), Owner("parent-2"))]
    refusal = TimelineEntry(EntryKind.REFUSED, now - timedelta(days=3), str(uuid4()))
    database.write_now(lambda store: store.note(mine, refusal))
    never_copied = uuid4()
    known = [ErasedApplication(each, "99001", now) for each in (mine, never_copied)]
    assert database.write_now(lambda store: erasures.mark_due(store.session, known)) == 2
    assert await workflow.erasure.erase_again(now) == 2
    assert await workflow.erasure.erase_again(now) == 0
    assert database.read_now(lambda store: store.known([mine, others])) == {others}
    assert [each.application_id for each in told(database, ApplicationFamilyErased)] == [mine]
    gone = database.read_now(lambda store: erasures.erased_among(store.session, [mine, never_copied, others]))
    assert gone == {mine, never_copied}
    assert database.write_now(lambda store: erasures.mark_due(store.session, known)) == 0
