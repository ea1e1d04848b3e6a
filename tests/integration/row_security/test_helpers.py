"""Who helps with an application sees it by a row of their own, and stops helping by ending that row themselves."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from application.checks.key_tables import school_keys
from application.domain.ids import Owner
from application.domain.people import InvitationKind
from application.domain.timeline import EntryKind
from application.form import EXAMPLE, ApplicationForm
from application.main import open_database
from application.workflow import workflow_on
from shared.errors import NotFound
from shared.identity import Caller
from shared.row_security.asking import asks, request_begins, request_ends
from support.application import directory
from support.application.keys import keys_in
from support.databases import make_tables

JUNE = datetime(2026, 6, 1, 10, tzinfo=UTC)
FATHER, GRANDMOTHER = Owner("father"), Owner("grandmother")


async def test_who_helps_stops_helping_alone_and_the_family_reads_that(
    tmp_path: Path, postgresql: Callable[[], str]
) -> None:
    url = postgresql()
    make_tables(url, "application")
    database = open_database(url, keys_in(tmp_path))
    directory.fill(database, *directory.SCHOOLS)
    workflow = workflow_on(database, school_keys())
    form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE))
    made = await workflow.applications.submit(FATHER, "request-0001", form, JUNE)
    invited = await workflow.people.invite(FATHER, made.id, InvitationKind.HELPER, JUNE)
    await workflow.people.accept(GRANDMOTHER, invited.token, "Oma", JUNE)
    token = request_begins()
    try:
        asks(Caller(GRANDMOTHER, None, frozenset({"guardian"})))
        (herself,) = (await workflow.people.all(GRANDMOTHER, made.id, JUNE)).people
        await workflow.people.remove(GRANDMOTHER, made.id, herself.id, JUNE)
        with pytest.raises(NotFound):
            await workflow.people.all(GRANDMOTHER, made.id, JUNE)
    finally:
        request_ends(token)
    assert (await workflow.people.all(FATHER, made.id, JUNE)).people == []
    told = database.read_now(lambda store: [each.kind for each in store.news_of([made.id])[made.id]])
    assert EntryKind.PERSON_LEFT in told
    database.close()
