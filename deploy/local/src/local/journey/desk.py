"""What the authority's staff do through eligibility's API."""

import time
from datetime import date
from typing import Any

import httpx

from local.journey.cases import Way
from local.journey.family import LOOK_EVERY_SECONDS, PATIENCE_SECONDS, Unexpected
from local.journey.people import Outcome
from local.system import System
from local.town.geometry import Position

NO_WAY = 404
SUSPENDED = "Klärung einer Rückfrage (Vorführung)"
OWN_SHARE_CENTS = 1400
"""Said where the rules leave it open: the law's upper bound (§ 97 Abs. 3 SchulG NRW)."""


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
        """Let the decision out once it is prepared.

        Raises:
            Unexpected: where none is in time.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            cases = self.cases_of(application_id)
            if cases and cases[0]["state"] == "prepared":
                return self.release_case(cases[0]["id"])
            time.sleep(LOOK_EVERY_SECONDS)
        raise Unexpected(f"the case of application {application_id} is not prepared in time")

    def release_case(self, case_id: str) -> None:
        """Let the prepared decision out.

        Raises:
            Unexpected: with what the service says against it.
        """
        self._act(f"{case_id}/release", None)

    def decide(self, case_id: str, outcome: Outcome, reason: str) -> None:
        """Answer what a person is asked; the decision goes out by it."""
        said = {"outcome": outcome, "reason": reason}
        self._act(f"{case_id}/decision", said | ({"own_share_cents": OWN_SHARE_CENTS} if outcome == "granted" else {}))

    def ask(self, application_id: str, text: str, text_en: str, due: date) -> None:
        """A question to the family, to be answered until the end of that day."""
        [case] = self.cases_of(application_id)
        self._act(f"{case['id']}/questions", {"text": text, "text_en": text_en, "due": due.isoformat()})

    def suspend(self, application_id: str) -> None:
        """The ticket of this application, until somebody restores it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            [case] = self.cases_of(application_id)
            whole = self._http.get(f"{self._url}/v1/cases/{case['id']}").raise_for_status().json()
            if whole["tickets"]:
                asked = {"number": whole["tickets"][0]["number"], "change": "suspend", "reason": SUSPENDED}
                return self._act(f"{case['id']}/ticket-requests", asked)
            time.sleep(LOOK_EVERY_SECONDS)
        raise Unexpected(f"the desk has not heard in time of the ticket of application {application_id}")

    def _act(self, path: str, said: dict[str, Any] | None) -> None:
        answer = self._http.post(f"{self._url}/v1/cases/{path}", json=said)
        if answer.status_code >= 400:
            raise Unexpected(f"the desk answers {answer.status_code}: {answer.text}")

    def has_to_look_at(self, application_id: str) -> bool:
        """Whether a person must answer a question of this application."""
        return any(case["state"] == "review" for case in self.cases_of(application_id))

    def decision(self, application_id: str) -> dict[str, Any]:
        """The decision as `eligibility evaluate` prints it, with metres, geometry and versions."""
        [case] = self.cases_of(application_id)
        whole = self._http.get(f"{self._url}/v1/cases/{case['id']}").raise_for_status().json()
        decision: dict[str, Any] = whole["decision"]
        return decision

    def notice(self, url: str) -> bytes:
        """The notice behind the link that the family has."""
        answer = httpx.get(url, timeout=PATIENCE_SECONDS).raise_for_status()
        if not answer.content.startswith(b"%PDF-"):
            raise Unexpected(f"{url} is no PDF")
        return answer.content

    def cases_of(self, application_id: str) -> list[dict[str, Any]]:
        """Of one application, as the API lists them."""
        answer = self._http.get(f"{self._url}/v1/cases", params={"application_id": application_id})
        cases: list[dict[str, Any]] = answer.raise_for_status().json()["cases"]
        return cases
