"""The body of POST /v1/applications: read strictly from its bytes, with every error told at once."""

from copy import deepcopy
from datetime import datetime
from functools import cache
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from shared.errors import FieldProblem, Invalid
from shared.http.problems import from_validation

from application.form import EXAMPLE, ApplicationForm, readable
from application.workflow import Workflow


async def read(body: bytes, workflow: Workflow, now: datetime) -> ApplicationForm:
    """Raises Invalid with every field that is wrong, by itself or beside the directory, or 400 for what is no JSON.

    Read from bytes because only so can pydantic be strict with dates; it is also half the work of FastAPI's own way.
    """
    try:
        return ApplicationForm.model_validate_json(body)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in errors):
        raise RequestValidationError(errors)
    problem = from_validation(errors)
    told = {each.field for each in problem.problems}
    more = await workflow.applications.problems_of(readable(body, errors), now)
    raise Invalid(problem.text, problems=[*problem.problems, *_not_told(more, told)])


def _not_told(problems: list[FieldProblem], told: set[str]) -> list[FieldProblem]:
    return [each for each in problems if each.field not in told]


def form_schema() -> dict[str, Any]:
    """Of the whole form, for the caller to change: three operations take it, and to make it takes long."""
    return deepcopy(_form_schema())


@cache
def _form_schema() -> dict[str, Any]:
    return ApplicationForm.model_json_schema()


def documentation() -> dict[str, Any]:
    """For OpenAPI: the schema of the body, which becomes a component, and an example."""
    content = {"schema": form_schema(), "examples": {"grammar_school": {"value": EXAMPLE}}}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}
