"""/v1/authorities/{id}/own-forms: what an authority adds to the form of an application, from draft to the families."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from shared.events import AuthorityId
from shared.events.own_form import OwnForm
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import Answer, problems
from eligibility.api.rule_sets.rule_sets import DOCUMENT, text_of
from eligibility.domain.transitions import OwnFormState
from eligibility.workflow.rule_sets.own_form_desk import OwnFormDesk
from eligibility.workflow.rule_sets.own_form_versions import OwnFormId, OwnFormVersion

BASE = "/authorities/{authority_id}/own-forms"


class FormPublicationIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.form_publication))

    valid_from: date


class ShortOwnForm(Answer):
    """A version of an authority's form, as a list shows it."""

    id: UUID
    authority_id: str
    state: OwnFormState
    version: int | None = Field(description="1, 2, 3 … of the authority; null: not published yet.")
    taken_over_from: str | None = Field(description="The authority on whose form it rests.")
    questions: int = Field(description="How many.")
    valid_from: date | None
    published_at: datetime | None


class OwnFormAnswer(ShortOwnForm):
    """One version, whole."""

    text: str = Field(description="As the authority wrote it.")
    content: OwnForm = Field(description="Once it is published, with what is taken over.")
    created_at: datetime
    changed_at: datetime
    editors: tuple[str, ...]
    published_by: str | None


class OwnFormList(Answer):
    own_forms: list[ShortOwnForm]


def own_forms_router(desk: OwnFormDesk, identity: Identity) -> APIRouter:
    """An authority's versions and their steps."""
    router = APIRouter(prefix="/v1", tags=["own forms"])
    _add_reading(router, desk, identity)
    _add_steps(router, desk, identity)
    return router


def _add_reading(router: APIRouter, desk: OwnFormDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get(BASE, response_model=OwnFormList)
    async def list_forms(caller: Annotated[Caller, signed_in], authority_id: AuthorityId) -> dict[str, Any]:
        """Newest first."""
        return {"own_forms": [_short(each) for each in await desk.versions(caller, authority_id)]}

    @router.post(
        BASE, status_code=201, openapi_extra=DOCUMENT, response_model=OwnFormAnswer, responses=problems(409, 422)
    )
    async def draft(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, request: Request
    ) -> dict[str, Any]:
        """A new draft from YAML or JSON; 422 names every mistake with line, column and remedy."""
        return _whole(await desk.draft(caller, authority_id, await text_of(request)))

    @router.get(f"{BASE}/{{form_id}}", response_model=OwnFormAnswer)
    async def show(caller: Annotated[Caller, signed_in], authority_id: AuthorityId, form_id: UUID) -> dict[str, Any]:
        """One version, whole."""
        return _whole(await desk.show(caller, authority_id, OwnFormId(form_id)))


def _add_steps(router: APIRouter, desk: OwnFormDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.put(
        f"{BASE}/{{form_id}}", openapi_extra=DOCUMENT, response_model=OwnFormAnswer, responses=problems(409, 422)
    )
    async def change(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, form_id: UUID, request: Request
    ) -> dict[str, Any]:
        """Write a draft anew. A published version never changes (409)."""
        return _whole(await desk.draft(caller, authority_id, await text_of(request), OwnFormId(form_id)))

    @router.post(f"{BASE}/{{form_id}}/publication", response_model=OwnFormAnswer, responses=problems(409, 422))
    async def publish(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, form_id: UUID, publication: FormPublicationIn
    ) -> dict[str, Any]:
        """By a second person: who wrote at it may not (403), unless the authority has chosen that one is enough. What
        is taken over is put beneath it as it is now."""
        return _whole(await desk.publish(caller, authority_id, OwnFormId(form_id), publication.valid_from))


def _short(version: OwnFormVersion) -> dict[str, Any]:
    return {
        "id": version.id,
        "authority_id": version.authority_id,
        "state": version.state,
        "version": version.version,
        "taken_over_from": version.taken_over_from,
        "questions": len(version.content.questions),
        "valid_from": version.valid_from,
        "published_at": version.published_at,
    }


def _whole(version: OwnFormVersion) -> dict[str, Any]:
    return {
        **_short(version),
        "text": version.text,
        "content": version.content,
        "created_at": version.created_at,
        "changed_at": version.changed_at,
        "editors": version.editors,
        "published_by": version.published_by,
    }
