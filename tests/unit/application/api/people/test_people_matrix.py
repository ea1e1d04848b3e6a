"""Who may do what with an application, for every operation of the service that names one: the owner, who helps, who has
helped, and a stranger. The operations are those of the policy table; what who helps may do stands here.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from application.domain.ids import ApplicationId, Owner
from application.domain.people import InvitationKind
from application.main import open_database
from shared.identity import Caller
from support.application import directory
from support.application.keys import keys_in
from support.application.pupils import GRANDMOTHER
from support.matrix.actors import FIRST, Actor, NamesAsTokens
from support.matrix.asking import Answer
from support.matrix.matrix import OWN_IS_MISSING, PARAMETER, Matrix, Target, content_of
from support.matrix.places import FILL, Places
from support.matrix.services import built, url_of

ONE = "/applications/{application_id}"
PAGE = f"/family{ONE}"
STAFF = ("GET /documents/{application_id}/{document_id}", "POST /v1/applications/{application_id}/code-letter")
MAY = frozenset(
    {
        f"GET /v1{ONE}",
        f"GET /v1{ONE}/copy.pdf",
        f"GET /v1{ONE}/copy.json",
        f"POST /v1{ONE}/documents",
        f"GET /v1{ONE}/documents",
        f"GET /v1{ONE}/documents/{{document_id}}",
        f"GET /v1{ONE}/people",
        f"GET {PAGE}",
        f"POST {PAGE}/answers",
        f"POST {PAGE}/documents",
        f"GET {PAGE}/documents/{{document_id}}",
    }
)
"""What who helps may do. All else is refused in words."""
TEXT_ALONE = f"POST /v1{ONE}/answers"
"""Its example changes the form, which who helps may not; a text alone is tried in test_people.py."""
ACTORS = {
    name: Actor(name, FIRST, Caller(name, None, frozenset({"guardian"})))
    for name in ("parent-1", GRANDMOTHER, "removed", "stranger")
}


async def filled(folder: Path, places: Places) -> None:
    """Beside what the matrix of all services has: who helps, and who has been removed."""
    database = open_database(url_of(folder, "application"), keys_in(folder))
    workflow, owner = directory.workflow_of(database), Owner("parent-1")
    application_id = ApplicationId(UUID(places.of[FIRST]["application_id"]))
    now = datetime.now(UTC)
    for name in (GRANDMOTHER, Owner("removed")):
        token = (await workflow.people.invite(owner, application_id, InvitationKind.HELPER, now)).token
        await workflow.people.accept(name, token, name, now)
    people = (await workflow.people.all(owner, application_id, now)).people
    gone = next(each for each in people if each.account == "removed")
    await workflow.people.remove(owner, application_id, gone.id, now)
    database.close()


@pytest.fixture
async def matrix(tmp_path: Path) -> AsyncIterator[Matrix]:
    with built(tmp_path, "application") as services:
        service, places = services["application"], await asyncio.to_thread(FILL["application"], tmp_path)
        await filled(tmp_path, places)
        assert isinstance(service.identity, NamesAsTokens)
        service.identity._callers |= {each.name: each.caller for each in ACTORS.values()}
        made = await Matrix.of(service, places, tmp_path)
        sa.event.listen(sa.Engine, "before_cursor_execute", made._count)
        yield made
        sa.event.remove(sa.Engine, "before_cursor_execute", made._count)


def operations(matrix: Matrix) -> list[str]:
    """All that name an application; those of staff and of schools let no family in."""
    named = [each for each in matrix.policy if "{application_id}" in each and each not in STAFF]
    return [each for each in named if " /school/" not in each]


def target(matrix: Matrix, operation: str, *, is_there: bool) -> Target:
    """As the owner has it; of what is not there every id is another."""
    places = matrix.places
    known = places.of[FIRST] if is_there else places.absent
    return Target("own", {each: known.get(each) or places.there[each] for each in PARAMETER.findall(operation)})


def ids_of(matrix: Matrix, operation: str, *, is_there: bool) -> list[str]:
    return list(target(matrix, operation, is_there=is_there).ids.values())


async def ask(matrix: Matrix, operation: str, who: str, *, is_there: bool = True) -> Answer:
    answer = await matrix._ask(operation, ACTORS[who], target(matrix, operation, is_there=is_there))
    assert answer.status < 500, (operation, who)
    return answer


@pytest.mark.timeout(180)
async def test_each_operation_asks_as_whom_somebody_comes(matrix: Matrix, tmp_path: Path) -> None:
    faults, before = [], content_of(matrix.database)
    asked = operations(matrix)
    for operation in asked:
        for who in ("removed", "stranger"):
            answers = {is_there: await ask(matrix, operation, who, is_there=is_there) for is_there in (True, False)}
            told = [each.without(*ids_of(matrix, operation, is_there=is_it)) for is_it, each in answers.items()]
            if [each.status for each in answers.values()] != [404, 404]:
                faults.append(f"{operation} by {who}: {[each.status for each in answers.values()]}")
            if told[0] != told[1] or answers[True].statements != answers[False].statements:
                faults.append(f"{operation}: {who} can tell it from nothing")
        if operation not in MAY:
            answer = await ask(matrix, operation, GRANDMOTHER)
            if answer.status != 403 or (
                "hier mit" not in answer.body.decode() and "help here" not in answer.body.decode()
            ):
                faults.append(f"{operation} by who helps: {answer.status}")
    assert content_of(matrix.database) == before, "something was written by who may not"
    kept = tmp_path / "kept.db"
    for operation in asked:
        copy(matrix.database, kept)
        for who in ("parent-1", *([GRANDMOTHER] if operation in MAY else [])):
            answer = await ask(matrix, operation, who)
            if answer.status in (401, 403) or (answer.status == 404 and operation not in OWN_IS_MISSING):
                faults.append(f"{operation} by {who}: {answer.status}")
            copy(kept, matrix.database)
    assert faults == [], chr(10).join(faults)
    assert set(asked) >= MAY and TEXT_ALONE in asked and len(asked) > 30


def copy(source: Path, to: Path) -> None:
    with sqlite3.connect(source) as one, sqlite3.connect(to) as other:
        one.backup(other)
