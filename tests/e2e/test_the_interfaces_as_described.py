"""What a service's OpenAPI document shows works when it is pasted into the running system."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from local.system import System
from support.json import JsonObject, text

pytestmark = pytest.mark.timeout(300)
SERVICES = ("application", "eligibility", "issuance", "wallet-pass")
BODY_BY_BODY = ("application", "eligibility", "issuance")
"""Those that take JSON."""


@pytest.fixture(scope="module")
def applied(system: System) -> tuple[dict[str, str], dict[str, str]]:
    """A family's headers, and what stands for the parts of a path: an application made by the example itself, and a
    draft."""
    headers = dict(system.sign_in("parent-1"))
    (example,) = [each for path, each in examples(system, "application") if path == ("post", "/v1/applications")]
    key = {"Idempotency-Key": str(uuid4())}
    answer = httpx.post(
        f"{system.urls['application']}/v1/applications", json=example, headers=headers | key, timeout=30
    )
    assert answer.status_code == 201, answer.text
    draft = httpx.post(f"{system.urls['application']}/v1/drafts", headers=headers, timeout=30)
    assert draft.status_code == 201, draft.text
    return headers, {"{application_id}": answer.json()["id"], "{draft_id}": draft.json()["id"]}


def document(system: System, service: str) -> JsonObject:
    found: JsonObject = httpx.get(f"{system.urls[service]}/openapi.json").raise_for_status().json()
    return found


def examples(system: System, service: str) -> Iterator[tuple[tuple[str, str], object]]:
    described = document(system, service)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            schema = content.get("schema", {})
            name = text(schema.get("$ref", "")).rpartition("/")[2]
            own = described["components"]["schemas"].get(name, {}).get("example")
            shown = [each["value"] for each in content.get("examples", {}).values()] + ([own] if own else [])
            for value in shown:
                yield (method, path), value


@pytest.mark.parametrize("service", BODY_BY_BODY)
def test_every_example_of_a_body_is_taken(
    system: System, service: str, applied: tuple[dict[str, str], dict[str, str]]
) -> None:
    family, parts = applied
    staff, parts = system.sign_in("case-worker"), parts | {"{authority_id}": system.authority.number}
    tried = 0
    for (method, path), value in examples(system, service):
        headers = staff if "{authority_id}" in path else family
        for part, known in parts.items():
            path = path.replace(part, known)  # noqa: PLW2901  # filled in
        key = {"Idempotency-Key": str(uuid4())}
        answer = httpx.request(method, system.urls[service] + path, json=value, headers=headers | key, timeout=30)
        assert answer.is_success, (method, path, answer.text)
        tried += 1
    assert tried > 0


@pytest.mark.parametrize("service", SERVICES)
def test_a_description_is_one_that_programs_and_people_can_use(system: System, service: str) -> None:
    described = document(system, service)
    assert described["servers"] == [{"url": system.urls[service]}]
    assert "HTTPValidationError" not in described["components"]["schemas"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert len(text(operation["summary"]).split()) > 1, (method, path, operation["summary"])
            for status, answer in operation["responses"].items():
                if status[0] == "4":
                    assert list(answer["content"]) == ["application/problem+json"], (method, path)


@pytest.mark.parametrize("service", SERVICES)
def test_every_link_of_a_services_root_leads_somewhere(system: System, service: str) -> None:
    for link in httpx.get(f"{system.urls[service]}/").raise_for_status().json()["links"]:
        assert httpx.get(link["href"], follow_redirects=True).is_success, link
    page = httpx.get(f"{system.urls[service]}/", headers={"Accept": "text/html"})
    assert "Schulticket" in page.text and "<h1>" in page.text


def test_whoever_polls_is_told_in_a_few_bytes_that_nothing_is_new(
    system: System, applied: tuple[dict[str, str], dict[str, str]]
) -> None:
    headers, parts = applied
    url = f"{system.urls['application']}/v1/applications/{parts['{application_id}']}"
    for _ in range(50):  # the story may still go on
        first = httpx.get(url, headers=headers)
        again = httpx.get(url, headers=headers | {"If-None-Match": first.headers["etag"]})
        if again.status_code == 304:
            break
    assert (again.status_code, again.content) == (304, b"")


def test_a_film_of_40_mb_is_answered_and_not_cut_off(
    system: System, applied: tuple[dict[str, str], dict[str, str]]
) -> None:
    headers, parts = applied
    url = f"{system.urls['application']}/v1/applications/{parts['{application_id}']}/documents"
    answer = httpx.post(
        url,
        files={"file": ("film.mp4", b"x" * 40_000_000)},
        data={"kind": "other"},
        headers=headers | {"Idempotency-Key": str(uuid4())},
        timeout=60,
    )
    assert answer.status_code == 413 and "10 MB" in answer.json()["detail"]
