"""What an answer of this interface is made of: for OpenAPI, and held against what is answered.

Models name the fields in the order in which they are answered. A field that a model does not name is answered all the
same (contracts only grow), and with `response_model_exclude_unset` a field that was not given is not added.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema


class Answer(BaseModel):
    """Part of an answer. Further fields may come later."""

    model_config = ConfigDict(extra="allow")


class Both(Answer):
    """A text in German, which binds, and in English."""

    de: str
    en: str


Number = int | float
"""As it was computed: no figure is rounded or written otherwise than it was kept."""
Metres = Annotated[Number, Field(description="Metres, unrounded.")]
Subject = Annotated[str, Field(description="The OIDC subject of a person; `rules` or `family` where it was none.")]
Facts = Annotated[dict[str, Any], Field(description="FACTS: /v1/facts-schema describes them.")]
JsonSchema = Annotated[dict[str, Any], Field(description="A JSON Schema (2020-12).")]
GeoJson = Annotated[dict[str, Any], Field(description="GeoJSON geometry, longitude before latitude, WGS 84.")]
Reason = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "description": "One step of a decision, with its legal basis.",
            "required": ["rule", "result", "legal_basis", "text", "text_en"],
            "properties": {
                "rule": {"type": "string"},
                "result": {"enum": ["met", "not_met", "question", "note"]},
                "legal_basis": {"type": "string"},
                "text": {"type": "string", "description": "German."},
                "text_en": {"type": "string"},
                "family": {"type": "string", "description": "Of a question: what the family reads of it, German."},
                "family_en": {"type": "string"},
                "about": {"type": "string", "description": "Of a question: an opaque key of what it tells."},
            },
        }
    ),
]
"""Kept and answered as it was found: its keys stay in their order."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses` of a route: these answer with a problem document (RFC 9457). Those for who may not, for what is
    not there and for too many requests are added from the policy (shared.http.openapi)."""
    return {status: {"content": {"application/problem+json": {}}} for status in statuses}
