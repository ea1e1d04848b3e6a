"""/v1/authorities/{id}/rule-sets: an authority's own practice, from draft to force."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints
from shared.errors import Invalid, Text
from shared.events import AuthorityId
from shared.identity import Caller, Identity

from eligibility.api import examples
from eligibility.api.answers import JsonSchema, problems
from eligibility.api.rule_sets.answers import (
    OriginDifference,
    PublishedRuleSets,
    RuleSetAnswer,
    RuleSetList,
    TrialAnswer,
)
from eligibility.rules import Rules
from eligibility.rules.rule_set.conditions import fact_names
from eligibility.rules.rule_set.document import json_schema
from eligibility.workflow.rule_sets.rule_set_desk import RuleSetDesk
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId, RuleSetVersion

DOCUMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/yaml": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}
BASE = "/authorities/{authority_id}/rule-sets"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]


class PublicationIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.publication))

    in_force_from: date


class TakeOverIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=examples.shows(examples.take_over))

    rule_set_id: UUID
    name: Name


def rule_sets_router(
    desk: RuleSetDesk, presets: Callable[[str], Rules], names: Sequence[str], identity: Identity
) -> APIRouter:
    """Presets, an authority's versions and their steps.

    Args:
        presets: the rules of each of `names`.
    """
    router = APIRouter(prefix="/v1", tags=["rule sets"])
    _add_schema(router)
    _add_library(router, desk, identity)
    _add_list(router, desk, [partial(presets, name) for name in names], identity)
    _add_drafts(router, desk, identity)
    _add_one(router, desk, identity)
    _add_trial(router, desk, identity)
    _add_publication(router, desk, identity)
    _add_export(router, desk, identity)
    _add_origin(router, desk, identity)
    return router


def _add_schema(router: APIRouter) -> None:
    """What a rule set can say."""

    @router.get("/rule-set-schema", response_model=JsonSchema)
    async def schema() -> dict[str, Any]:
        """The JSON Schema of a rule set's document."""
        return json_schema()

    @router.get("/condition-facts", response_model=dict[str, str])
    async def condition_facts() -> dict[str, str]:
        """The facts that a condition can name, with their CEL types."""
        return dict(fact_names())


def _add_library(router: APIRouter, desk: RuleSetDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get("/rule-sets", response_model=PublishedRuleSets, response_model_exclude_unset=True)
    async def library(caller: Annotated[Caller, signed_in]) -> dict[str, Any]:
        """What authorities have published, to take over."""
        return {"rule_sets": [_short(each) for each in await desk.library(caller)]}


def _add_list(router: APIRouter, desk: RuleSetDesk, presets: Sequence[Callable[[], Rules]], identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get(BASE, response_model=RuleSetList, response_model_exclude_unset=True)
    async def list_rule_sets(caller: Annotated[Caller, signed_in], authority_id: AuthorityId) -> dict[str, Any]:
        """The presets, and the authority's own versions, newest first."""
        own = await desk.versions(caller, authority_id)
        found = [preset() for preset in presets]
        shown = [
            {
                "name": each.rule_set.name,
                "title": each.rule_set.title,
                "law": each.rule_set.law,
                "version": each.version,
            }
            for each in found
        ]
        return {"rule_sets": shown, "own": [_short(each) for each in own]}


def _add_drafts(router: APIRouter, desk: RuleSetDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.post(
        BASE,
        status_code=201,
        openapi_extra=DOCUMENT,
        response_model=RuleSetAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def draft(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, request: Request
    ) -> dict[str, Any]:
        """A new draft from YAML or JSON; 422 names every mistake with line, column and remedy."""
        return _whole(await desk.draft(caller, authority_id, await text_of(request)))

    @router.post(
        f"{BASE}/take-over",
        status_code=201,
        response_model=RuleSetAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def take_over(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, source: TakeOverIn
    ) -> dict[str, Any]:
        """A draft on top of another authority's published version, with its law tests."""
        taken = await desk.take_over(caller, authority_id, RuleSetId(source.rule_set_id), source.name)
        return _whole(taken)


def _add_one(router: APIRouter, desk: RuleSetDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get(f"{BASE}/{{rule_set_id}}", response_model=RuleSetAnswer, response_model_exclude_unset=True)
    async def show(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, rule_set_id: UUID
    ) -> dict[str, Any]:
        """One version of a rule set, whole."""
        return _whole(await desk.show(caller, authority_id, RuleSetId(rule_set_id)))

    @router.put(
        f"{BASE}/{{rule_set_id}}",
        openapi_extra=DOCUMENT,
        response_model=RuleSetAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def change(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, rule_set_id: UUID, request: Request
    ) -> dict[str, Any]:
        """Write a draft anew: it must be tried again. A published version never changes (409)."""
        text = await text_of(request)
        return _whole(await desk.draft(caller, authority_id, text, RuleSetId(rule_set_id)))


def _add_trial(router: APIRouter, desk: RuleSetDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.post(
        f"{BASE}/{{rule_set_id}}/trial",
        response_model=TrialAnswer,
        responses=problems(409),
        response_model_exclude_unset=True,
    )
    async def trial(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, rule_set_id: UUID
    ) -> dict[str, Any]:
        """Run its own law tests, those of its law and of its origin. Green makes it tried.

        `changed_by_choice`: sentences whose expected value a choice of the authority changes, with that choice's place.
        """
        checked = await desk.try_out(caller, authority_id, RuleSetId(rule_set_id))
        return {
            "green": not checked.failed,
            "failed": [each.as_json() for each in checked.failed],
            "changed_by_choice": [each.as_json() for each in checked.changed],
            "sentences": checked.sentences,
        }


def _add_publication(router: APIRouter, desk: RuleSetDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.post(
        f"{BASE}/{{rule_set_id}}/publication",
        response_model=RuleSetAnswer,
        responses=problems(409, 422),
        response_model_exclude_unset=True,
    )
    async def publish(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, rule_set_id: UUID, publication: PublicationIn
    ) -> dict[str, Any]:
        """By a second person: who wrote at it may not (403), unless the authority has chosen that one is enough."""
        first = publication.in_force_from
        return _whole(await desk.publish(caller, authority_id, RuleSetId(rule_set_id), first))


def _add_export(router: APIRouter, desk: RuleSetDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get(f"{BASE}/{{rule_set_id}}/export", response_class=Response)
    async def export(caller: Annotated[Caller, signed_in], authority_id: AuthorityId, rule_set_id: UUID) -> Response:
        """The document as it was written: origin, own adaptations and law tests."""
        version = await desk.show(caller, authority_id, RuleSetId(rule_set_id))
        kind = "application/json" if version.text.lstrip().startswith("{") else "application/yaml"
        return Response(version.text, media_type=kind)


def _add_origin(router: APIRouter, desk: RuleSetDesk, identity: Identity) -> None:
    signed_in = Depends(identity.caller)

    @router.get(
        f"{BASE}/{{rule_set_id}}/origin-difference", response_model=OriginDifference, response_model_exclude_unset=True
    )
    async def origin_difference(
        caller: Annotated[Caller, signed_in], authority_id: AuthorityId, rule_set_id: UUID
    ) -> dict[str, Any]:
        """What the origin changed since: offered, never overwritten; what is adapted here is marked."""
        newest, changes = await desk.origin_difference(caller, authority_id, RuleSetId(rule_set_id))
        return {"newest": newest, "changes": [each.as_json() for each in changes]}


async def text_of(request: Request) -> str:
    """A document from the body.

    Raises:
        Invalid: for what is not UTF-8.
    """
    try:
        return (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        text = Text("Das Dokument ist nicht in UTF-8 geschrieben.", "The document is not written in UTF-8.")
        raise Invalid(text) from error


def _short(version: RuleSetVersion) -> dict[str, Any]:
    return {
        "id": version.id,
        "authority_id": version.authority_id,
        "name": version.name,
        "title": version.content.get("title"),
        "state": version.state,
        "version": version.rules_version,
        "origin": version.origin,
        "in_force_from": version.in_force_from,
        "published_at": version.published_at,
    }


def _whole(version: RuleSetVersion) -> dict[str, Any]:
    return {
        **_short(version),
        "text": version.text,
        "created_at": version.created_at,
        "changed_at": version.changed_at,
        "editors": version.editors,
        "published_by": version.published_by,
    }
