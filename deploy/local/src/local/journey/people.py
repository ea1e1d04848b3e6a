"""What the authority's people do in the opening journey, as far as its own choices ask for a person.

A copy that is started again keeps what was published in it: that a person releases everything, a wide band of doubt, a
condition that calls a person. So nobody knows beforehand who decides; the journey does what the desk asks for.
"""

import time
from collections.abc import Callable
from typing import Any, Literal, Protocol

from local.journey.family import LOOK_EVERY_SECONDS, PATIENCE_SECONDS, Answer, Application, Unexpected

Act = Literal["wait", "release", "decide"]
Outcome = Literal["granted", "refused"]
ENDS = {"granted": ("pass_ready",), "refused": ("refused",)}
"""How an application stands when it came out so."""
OVER = ("pass_ready", "refused", "revoked", "withdrawn")


class OtherwiseByRules(Unexpected):
    """The authority's own rules decide it otherwise than the law's: nothing is broken."""


class Desk(Protocol):
    def cases_of(self, application_id: str) -> list[dict[str, Any]]:
        """Of one application, as the API lists them."""

    def release_case(self, case_id: str) -> None:
        """Let the proposed decision go out."""

    def decide(self, case_id: str, outcome: Outcome, reason: str) -> None:
        """In a person's own words, where the rules leave a question open."""


class Family(Protocol):
    def look(self, application: Application) -> Answer:
        """The application as its family sees it now."""


def next_act(state: str | None) -> Act:
    """What a case in this state waits for. None: eligibility has not heard of it yet."""
    if state == "prepared":
        return "release"
    return "decide" if state == "review" else "wait"


def see_through(
    desk: Desk,
    family: Family,
    application: Application,
    wanted: Outcome,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Answer, list[Act]]:
    """The application as it stands in the end, and what a person had to do.

    Raises:
        OtherwiseByRules: where the rules of the authority decide otherwise.
        Unexpected: where nothing comes of it in time.
    """
    done: list[Act] = []
    deadline = clock() + PATIENCE_SECONDS
    while clock() < deadline:
        answer = family.look(application)
        if answer["status"] in OVER:
            if answer["status"] not in ENDS[wanted]:
                raise OtherwiseByRules(
                    f"the {application.name} application is {answer['status']} by the authority's own rules"
                )
            return answer, done
        cases = desk.cases_of(application.id)
        act = next_act(cases[0]["state"] if cases else None)
        if act == "release":
            desk.release_case(cases[0]["id"])
        elif act == "decide":
            desk.decide(
                cases[0]["id"], wanted, f"Für die Vorführung {'bewilligt' if wanted == 'granted' else 'abgelehnt'}."
            )
        if act != "wait":
            done.append(act)
        time.sleep(LOOK_EVERY_SECONDS)
    raise Unexpected(f"the {application.name} application is not {wanted} in time: it is {answer['status']}")
