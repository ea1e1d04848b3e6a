"""What is sent with an operation: the example that its description shows; by hand where that shows none."""

from collections.abc import Mapping
from urllib.parse import urlencode

from support.application.documents import PDF
from support.eligibility.rule_set_document import ESCHENBORN
from support.json import Json, text
from support.matrix.asking import Body
from support.own_forms import BUS

_LINE = "--line"
_UPLOAD = (
    f'{_LINE}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nmedical_certificate\r\n'
    f'{_LINE}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
).encode() + PDF + f"\r\n{_LINE}--\r\n".encode()  # fmt: skip
BY_HAND: Mapping[str, Body] = {
    "POST /v1/drafts/{draft_id}/documents": Body(_UPLOAD, f"multipart/form-data; boundary={_LINE[2:]}"),
    "POST /v1/applications/{application_id}/documents": Body(_UPLOAD, f"multipart/form-data; boundary={_LINE[2:]}"),
    "POST /v1/authorities/{authority_id}/rule-sets": Body(ESCHENBORN.encode(), "application/yaml"),
    "PUT /v1/authorities/{authority_id}/rule-sets/{rule_set_id}": Body(ESCHENBORN.encode(), "application/yaml"),
    "POST /v1/authorities/{authority_id}/own-forms": Body.of_json(BUS),
    "PUT /v1/authorities/{authority_id}/own-forms/{form_id}": Body.of_json(BUS),
    "POST /v1/authorities/{authority_id}/simulations": Body(b"", "application/x-ndjson"),
    "POST /v1/cases/{case_id}/release": Body.of_json({}),
    "POST /v1/schools/{school_number}/class-lists": Body(
        b"Nachname;Vorname;Geburtsdatum;Klasse\nMuster;Mia;01.03.2015;5b\n", "text/csv"
    ),
}
QUERY: Mapping[str, str] = {
    "GET /v1/tickets": "application_id=00000000-0000-0000-0000-000000000001",
    "GET /v1/addresses": "q=Kirch",
    "GET /v1/schools": "search=Gymnasium",
    "GET /v1/status-lists/{shard}/deltas": "since=1",
    "GET /v2/status-lists/{shard}/deltas": "since=1",
    "POST /v1/schools/{school_number}/class-lists": "school_year=2026/27",
    "GET /school/pupils/{application_id}": "year=2026/27",
    "POST /v1/authorities/{authority_id}/simulations": "rule_set_id={rule_set_id}",
}
FORM: Mapping[str, str] = {
    "outcome": "granted", "reason": "Das Attest liegt vor.", "legal_basis": "§ 6 Abs. 1 SchfkVO",
    "own_share_cents": "14,00", "text": ESCHENBORN, "what": "known", "channel": "post", "day": "20.05.2026",
    "search": "Ana", "due": "2026-12-20", "change": "suspend", "number": "1", "in_force_from": "01.08.2027",
    "year": "2026/27", "last_day": "31.01.2027",
}  # fmt: skip
"""Fields of all forms of the desk: each takes its own."""


def body_of(operation: str, document: Mapping[str, Json]) -> Body:
    """`document`: the OpenAPI document of the service."""
    if operation in BY_HAND:
        return BY_HAND[operation]
    method, _, path = operation.partition(" ")
    described = document["paths"].get(path, {}).get(method.lower(), {})
    content = described.get("requestBody", {}).get("content", {})
    return Body.of_json(_example(content["application/json"], document)) if "application/json" in content else Body()


def form_of(token: str) -> Body:
    return Body(urlencode({**FORM, "form_token": token}).encode(), "application/x-www-form-urlencoded")


def _example(content: Json, document: Mapping[str, Json]) -> object:
    for each in content.get("examples", {}).values():
        return each["value"]
    schema = content["schema"]
    for part in (schema, *schema.get("anyOf", ())):
        name = text(part.get("$ref", "")).rpartition("/")[2]
        shown = document["components"]["schemas"].get(name, part)
        if "example" in shown or "examples" in shown:
            return shown.get("example") or shown["examples"][0]
    raise AssertionError(f"no example is shown: {schema}")
