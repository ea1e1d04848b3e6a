"""The directory of schools, as the state publishes it: open to everybody."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from application.api.applications import answers
from application.checks import SchoolKeys
from application.workflow import Workflow

PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}


def router(workflow: Workflow, keys: SchoolKeys) -> APIRouter:
    """Routes under /v1/schools."""
    routes = APIRouter(prefix="/v1/schools", tags=["schools"])

    @routes.get("", responses={422: PROBLEM})
    async def search(
        search: Annotated[
            str, Query(min_length=2, max_length=100, description="Wörter aus Name, Ort, Straße, oder die Schulnummer.")
        ],
        limit: Annotated[int, Query(ge=1, le=50)] = 20,
    ) -> answers.SchoolList:
        """Schulen suchen. Zuerst kommen die, deren Schulträger hier Anträge annimmt."""
        found = await workflow.directory.search(search, limit)
        return answers.SchoolList(items=[answers.school(each, keys) for each in found])

    @routes.get("/{number}", responses={404: PROBLEM})
    async def one(number: str) -> answers.SchoolAnswer:
        """Eine Schule mit ihren Klassen."""
        return answers.school(await workflow.directory.school(number), keys)

    return routes
