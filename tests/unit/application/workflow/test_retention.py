"""Applications go when their time is over, as though their family was erased; documents about health go before."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from application.checks import SchoolKeys
from application.checks.uploads import DocumentKind
from application.domain.ids import ApplicationId, Owner
from application.domain.retention_table import ShortTerms
from application.domain.retention_terms import RetentionTerms
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import EXAMPLE, DraftChange
from application.store import SqlStore
from application.workflow import Workflow, workflow_on
from application.workflow.documents.upload import Upload
from application.workflow.retention import retention_tasks
from shared.database import Database
from shared.events import ApplicationDocumentRemoved, ApplicationFamilyErased
from shared.retention_job import RetentionReport, run_retention
from support.application import directory
from support.application.documents import PHOTO
from support.databases import on_both
from support.outbox import told
from support.record import faults

BOTH = on_both("database")
TERMS = RetentionTerms()
OWNER = Owner("parent-1")


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database[SqlStore]]:
    if request.param == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('tmp_path') / 'retention.db'}"
    else:
        url = request.getfixturevalue("postgresql")()
    database = directory.open_filled(url, directory.school())
    yield database
    assert faults(database) == []
    database.close()


async def run(
    database: Database[SqlStore], now: datetime, terms: RetentionTerms = TERMS, *, dry_run: bool = False
) -> RetentionReport:
    return await run_retention(database, retention_tasks(terms, ShortTerms()), now, dry_run=dry_run)


async def apply(workflow: Workflow, now: datetime, *kinds: DocumentKind, key: str = "one") -> ApplicationId:
    link = await workflow.drafts.begin(OWNER, DraftChange.of(EXAMPLE), now)
    done = await workflow.draft_submission.submit(OWNER, key, link.token, link.draft.id, now)
    for kind in kinds:
        await workflow.documents.add(OWNER, done.application.id, Upload(f"{key}-{kind}", kind, "a", None, PHOTO), now)
    return done.application.id


def refuse(database: Database[SqlStore], application_id: ApplicationId, now: datetime) -> None:
    entry = TimelineEntry(EntryKind.REFUSED, now, str(uuid4()))
    database.write_now(lambda store: store.note(application_id, entry))


@BOTH
async def test_a_refusal_goes_after_the_term_of_the_action_and_a_year_and_its_certificates_before(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    workflow = workflow_on(database, keys)
    mine = await apply(workflow, now, "medical_certificate", "other")
    refuse(database, mine, now)
    final = now + timedelta(days=TERMS.action_days)
    assert not (await run(database, final - timedelta(days=1))).tables
    tried = await run(database, final, dry_run=True)
    done = await run(database, final)
    assert tried.tables == done.tables == {"document": 1, "document_part": 1}
    (removed,) = told(database, ApplicationDocumentRemoved)
    assert removed.because == "retention"
    left = database.read_now(lambda store: [each.kind for each in store.documents_of([mine])])
    assert left == ["other"]

    over = final + timedelta(days=TERMS.refused_days)
    assert not (await run(database, over - timedelta(days=1))).tables
    tried = await run(database, over, dry_run=True)
    assert tried.tables["application"] == 1 and told(database, ApplicationFamilyErased) == []
    assert (await run(database, over)).tables == tried.tables
    assert [each.application_id for each in told(database, ApplicationFamilyErased)] == [mine]
    assert not (await run(database, over)).tables


@BOTH
async def test_what_a_hold_keeps_stays_and_is_named_with_its_reason(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    workflow = workflow_on(database, keys)
    mine = await apply(workflow, now)
    refuse(database, mine, now)
    answer = json.dumps({"changed": ["pupil"], "change_number": 1})
    changed = TimelineEntry(EntryKind.ANSWERED, now + timedelta(days=1), str(uuid4()), detail=answer)
    database.write_now(lambda store: store.note(mine, changed))
    long_after = now + timedelta(days=5000)
    for dry_run in (True, False):
        report = await run(database, long_after, dry_run=dry_run)
        assert (report.tables.get("application"), list(report.held)) == (None, ["review"])
    assert database.read_now(lambda store: store.find_application(mine)) is not None


@BOTH
async def test_drafts_go_after_their_days_and_one_that_was_edited_stays(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    workflow = workflow_on(database, keys)
    for _ in range(3):
        await workflow.drafts.begin(OWNER, DraftChange.of(EXAMPLE), now)
    await workflow.drafts.begin(OWNER, DraftChange.of(EXAMPLE), now + timedelta(days=2))
    over = now + timedelta(days=ShortTerms().draft_days)
    assert (await run(database, over, dry_run=True)).tables["draft"] == 3
    assert (await run(database, over)).tables["draft"] == 3
    assert not (await run(database, over)).tables


@BOTH
async def test_an_application_that_was_withdrawn_goes_sooner_than_one_that_nobody_decided(
    database: Database[SqlStore], keys: SchoolKeys, now: datetime
) -> None:
    workflow = workflow_on(database, keys)
    open_one, taken_back = await apply(workflow, now), await apply(workflow, now, key="two")
    entry = TimelineEntry(EntryKind.WITHDRAWN, now + timedelta(days=1))
    database.write_now(lambda store: store.note(taken_back, entry))
    await run(database, now + timedelta(days=1 + TERMS.withdrawn_days))
    here = database.read_now(lambda store: store.known([open_one, taken_back]))
    assert here == {open_one}
