"""Whether a ticket is to be expected, told without an account."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, JsonValue, ValidationError
from shared.errors import Invalid
from shared.http.limits import Limit
from shared.http.problems import from_validation, language_of
from shared.questions import ReasonOut

from application.api.description import PROBLEM
from application.checks.uploads import KIND_TEXTS
from application.form.precheck import PrecheckFacts, PrecheckForm, facts_of
from application.workflow import Workflow
from application.workflow.prechecks import Precheck

EXAMPLE = {
    "address": {"street": "Waldstraße", "house_number": "5", "postal_code": "33602", "city": "Bielefeld"},
    "school_number": "168555",
    "school_year": "2026/27",
    "grade": "07",
    "siblings": [],
    "benefits": [],
}


class PrecheckReason(BaseModel):
    """Ein Schritt, auf dem die Auskunft beruht."""

    text: str
    legal_basis: str


class PrecheckAnswer(BaseModel):
    """Eine Auskunft, keine Entscheidung: Sie gilt, wenn alles so ist wie angegeben und sich belegen lässt. Texte in der
    Sprache von Accept-Language."""

    outlook: Literal["granted", "refused", "person"] = Field(
        description="granted: voraussichtlich bewilligt; refused: voraussichtlich abgelehnt; person: Das muss ein "
        "Mensch beim Schulträger ansehen."
    )
    distance_m: float | None = Field(description="Länge des Wegs, der mit der Grenze verglichen wird, in Metern.")
    interval_m: tuple[float, float | None] | None = Field(
        description="Kürzeste und längste Lesart des Wegs in Metern; die längste ist null, wo kein sicherer Weg übrig "
        "bleibt."
    )
    limit_m: int | None = Field(description="Entfernungsgrenze in Metern.")
    own_share_cents: int | None = Field(description="Eigenanteil in Cent im Monat, wenn bewilligt wird.")
    self_payer_cents: int | None = Field(
        description="Was das Ticket in Cent im Monat kostet, wenn die Familie es selbst bezahlt; null: nicht angeboten."
    )
    questions: list[str] = Field(description="Was der Schulträger noch klären müsste.")
    documents: list[str] = Field(description="Unterlagen, die dabei helfen.")
    reasons: list[PrecheckReason] = Field(description="Worauf die Auskunft beruht.")
    map: JsonValue = Field(description="Der Weg als GeoJSON FeatureCollection, oder null.")


def router(workflow: Workflow, limit: Limit | None = None) -> APIRouter:
    """`limit`: how often one client may ask."""
    limits = [Depends(limit.check)] if limit else []
    routes = APIRouter(prefix="/v1/prechecks", tags=["prechecks"], dependencies=limits)
    content = {"schema": PrecheckForm.model_json_schema(), "examples": {"grammar_school": {"value": EXAMPLE}}}

    @routes.post(
        "",
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": content}}},
        responses=dict.fromkeys((400, 413, 422, 429, 503), PROBLEM),
    )
    async def look(
        request: Request,
        response: Response,
        accept_language: Annotated[str | None, Header(description="de oder en.")] = None,
    ) -> PrecheckAnswer:
        """Fragen, ob ein Ticket zu erwarten ist, ohne Konto. Gespeichert wird nichts."""
        now, language = datetime.now(UTC), language_of(accept_language)
        form, facts = await read(await request.body(), workflow, now)
        found = await workflow.prechecks.look(form, facts, now)
        response.headers.update({"Content-Language": language, "Cache-Control": "no-store", "Vary": "Accept-Language"})
        return answer(found, language)

    return routes


async def read(body: bytes, workflow: Workflow, now: datetime) -> tuple[PrecheckForm, PrecheckFacts]:
    """Raises Invalid with every field that is wrong, by itself or beside the directory, or 400 for what is no JSON."""
    try:
        return PrecheckForm.model_validate_json(body), facts_of(body)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in errors):
        raise RequestValidationError(errors)
    problem = from_validation(errors)
    told = {each.field for each in problem.problems}
    more = await workflow.prechecks.problems_of(facts_of(body, errors), now)
    raise Invalid(problem.text, problems=[*problem.problems, *(each for each in more if each.field not in told)])


def answer(found: Precheck, language: Literal["de", "en"]) -> PrecheckAnswer:
    """In one language."""
    reply = found.reply
    return PrecheckAnswer(
        outlook=reply.outlook,
        distance_m=reply.distance_m,
        interval_m=(reply.lenient_m, reply.strict_m) if reply.lenient_m is not None else None,
        limit_m=reply.limit_m,
        own_share_cents=reply.own_share_cents,
        self_payer_cents=reply.self_payer_cents,
        questions=[_in(language, each) for each in reply.questions],
        documents=[KIND_TEXTS[each].in_language(language) for each in found.documents],
        reasons=[PrecheckReason(text=_in(language, each), legal_basis=each.legal_basis) for each in reply.reasons],
        map=reply.map,
    )


def _in(language: Literal["de", "en"], said: ReasonOut) -> str:
    return said.text if language == "de" or not said.text_en else said.text_en
