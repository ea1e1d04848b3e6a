"""The directory of schools, as the state publishes it: open to everybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from shared.http.limits import Limit
from shared.school_names import everyday_name

from application.api.applications.decision import Text
from application.api.description import PROBLEM
from application.checks import SchoolKeys
from application.domain.school import School
from application.workflow import Workflow


class SchoolAnswer(BaseModel):
    """Eine Schule im Verzeichnis."""

    number: str
    name: str
    form: str = Field(description="Kurzschlüssel der Schulform: G, GY, BK …")
    form_name: Text
    grades: list[str] = Field(description="Klassen, die es an dieser Schulform gibt (SVWS-Schlüssel).")
    tracks: list[str] = Field(description="Gymnasiale Bildungsgänge, falls es welche gibt.")
    courses: list[str] = Field(description="Anlagen der Bildungsgänge am Berufskolleg.")
    street: str
    postal_code: str
    city: str
    authority_id: str
    authority: str | None
    takes_part: bool = Field(description="Der Schulträger nimmt hier Anträge an.")
    open: bool = Field(description="Die Schule hat Schulbetrieb oder nimmt ihn noch auf.")


SEARCH = "Wörter aus Name, Ort, Straße, die Postleitzahl oder die Schulnummer; Schreibfehler schaden nicht."


class SchoolList(BaseModel):
    items: list[SchoolAnswer]


def router(workflow: Workflow, keys: SchoolKeys, limit: Limit | None = None) -> APIRouter:
    """Routes under /v1/schools.

    Args:
        limit: how often one client may ask.
    """
    limits = [Depends(limit.check)] if limit else []
    routes = APIRouter(prefix="/v1/schools", tags=["schools"], dependencies=limits)

    @routes.get("", responses={422: PROBLEM})
    async def search(
        search: Annotated[str, Query(min_length=2, max_length=100, description=SEARCH)],
        limit: Annotated[int, Query(ge=1, le=50)] = 20,
    ) -> SchoolList:
        """Schulen suchen. Zuerst kommen die, deren Schulträger hier Anträge annimmt."""
        found = await workflow.directory.search(search, limit)
        return SchoolList(items=[_answer(each, keys) for each in found])

    @routes.get("/{number}", responses={404: PROBLEM})
    async def one(number: str) -> SchoolAnswer:
        """Eine Schule mit ihren Klassen."""
        return _answer(await workflow.directory.school(number), keys)

    return routes


def _answer(entry: School, keys: SchoolKeys) -> SchoolAnswer:
    form = keys.forms[entry.form]
    return SchoolAnswer(
        number=entry.number,
        name=everyday_name(entry.name),
        form=entry.form,
        form_name=Text(de=form.de, en=form.en),
        grades=list(form.grades),
        tracks=list(form.tracks),
        courses=list(form.courses),
        street=entry.street,
        postal_code=entry.postal_code,
        city=entry.city,
        authority_id=entry.authority.id,
        authority=entry.authority.name or None,
        takes_part=entry.authority.takes_part,
        open=form.ended is None and entry.operation in (*keys.operation.open, *keys.operation.opens_later),
    )
