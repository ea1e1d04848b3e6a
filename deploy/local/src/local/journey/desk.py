"""What the authority's staff do through eligibility's API."""

import time
from typing import Any

import httpx

from local.journey.cases import Way
from local.journey.family import LOOK_EVERY_SECONDS, PATIENCE_SECONDS, Unexpected
from local.system import System
from local.town.geometry import Position

NO_WAY = 404


class Desk:
    """A case worker who is signed in."""

    def __init__(self, system: System) -> None:
        self._url = system.urls["eligibility"]
        self._http = httpx.Client(headers=system.sign_in("case-worker"), timeout=10)

    def measure(self, start: Position, end: Position) -> Way | None:
        """What POST /v1/distances says; None where there is no way."""
        answer = self._http.post(f"{self._url}/v1/distances", json={"from": list(start), "to": list(end)})
        if answer.status_code == NO_WAY:
            return None
        found = answer.raise_for_status().json()
        interval, flags = found["interval"], found["flags"]
        certain = "could_leave_extract" not in flags
        return Way(found["metres"], interval["lenient_m"], interval["strict_m"], certain=certain)

    def release(self, application_id: str) -> None:
        """Let the prepared decision out. Raises Unexpected where none is prepared in time."""
        case = self._wait_for_case(application_id, "prepared")
        self._http.post(f"{self._url}/v1/cases/{case}/release").raise_for_status()

    def has_to_look_at(self, application_id: str) -> bool:
        """Whether a person must answer a question of this application."""
        return any(case["state"] == "review" for case in self._cases(application_id))

    def decision(self, application_id: str) -> dict[str, Any]:
        """The decision as `eligibility evaluate` prints it, with metres, geometry and versions."""
        [case] = self._cases(application_id)
        whole = self._http.get(f"{self._url}/v1/cases/{case['id']}").raise_for_status().json()
        decision: dict[str, Any] = whole["decision"]
        return decision

    def notice(self, url: str) -> bytes:
        """The notice behind the link that the family has."""
        answer = httpx.get(url, timeout=PATIENCE_SECONDS).raise_for_status()
        if not answer.content.startswith(b"%PDF-"):
            raise Unexpected(f"{url} is no PDF")
        return answer.content

    def _cases(self, application_id: str) -> list[dict[str, Any]]:
        answer = self._http.get(f"{self._url}/v1/cases", params={"application_id": application_id})
        cases: list[dict[str, Any]] = answer.raise_for_status().json()["cases"]
        return cases

    def _wait_for_case(self, application_id: str, state: str) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            cases = self._cases(application_id)
            if cases and cases[0]["state"] == state:
                return str(cases[0]["id"])
            time.sleep(LOOK_EVERY_SECONDS)
        raise Unexpected(f"the case of application {application_id} is not {state} but {cases}")
