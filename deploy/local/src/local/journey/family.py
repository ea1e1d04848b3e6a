"""What a family does: apply, and look how the application stands."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from local.journey.forms import Body
from local.system import System

PATIENCE_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.02
Answer = dict[str, Any]


class Unexpected(Exception):
    """Something came out otherwise than the demo says it must."""


@dataclass
class Application:
    """An application that was accepted. `sent` is the body, byte for byte."""

    name: str
    id: str
    sent: bytes
    accepted_at: float
    """Clock of this process, seconds."""


class Family:
    """A guardian who is signed in."""

    def __init__(self, system: System, user: str) -> None:
        self._url = f"{system.urls['application']}/v1/applications"
        self._http = httpx.Client(headers=system.sign_in(user), timeout=10)

    def apply(self, name: str, body: Body) -> Application:
        """Send the application once, with a key of its own.

        Raises:
            Unexpected: where it is not accepted.
        """
        sent = json.dumps(body, ensure_ascii=False, indent=2).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        answer = self._http.post(self._url, content=sent, headers=headers)
        if answer.status_code != 201:
            raise Unexpected(f"the {name} application was not accepted ({answer.status_code}): {answer.text}")
        return Application(name, answer.json()["id"], sent, time.perf_counter())

    def withdraw(self, application: Application) -> None:
        """Take it back."""
        self._http.post(f"{self._url}/{application.id}/withdrawal").raise_for_status()

    def look(self, application: Application) -> Answer:
        """The application as its family sees it now."""
        answer: Answer = self._http.get(f"{self._url}/{application.id}").raise_for_status().json()
        return answer

    def wait(self, application: Application, what: str, until: Callable[[Answer], bool]) -> Answer:
        """Look until it stands as wanted.

        Raises:
            Unexpected: after PATIENCE_SECONDS.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self.look(application)
            if until(answer):
                return answer
            time.sleep(LOOK_EVERY_SECONDS)
        told = json.dumps(answer, ensure_ascii=False, indent=2)
        raise Unexpected(f"the {application.name} application is not {what} after {PATIENCE_SECONDS:.0f} s:\n{told}")

    def wait_for(self, application: Application, *statuses: str) -> Answer:
        """The application, once it is in one of these statuses.

        Raises:
            Unexpected: after PATIENCE_SECONDS.
        """
        return self.wait(application, " or ".join(statuses), lambda answer: answer["status"] in statuses)
