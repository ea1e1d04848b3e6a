"""Commands that ask for a change of a ticket in the running system, and wait for what becomes of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from issuance.commands.running import Services, client, problem_of, running_system, token_of

if TYPE_CHECKING:
    import httpx

WAIT_SECONDS = 30.0
"""How long a command looks for the outcome, and `revoke` for the status list."""
LOOK_SECONDS = 0.2
WHY = {
    "unknown_ticket": "the signer does not know this ticket",
    "already_suspended": "it has been suspended for you and this reason already",
    "not_suspended": "it is not suspended",
    "not_yours": "another party has suspended it, and lifts that itself",
    "too_many_endings": "too many tickets were ended for you in this hour; many at once: issuance signer revoke FILE",
    "renewed_already": "a successor is on its way already",
    "no_terms": "its authority has no transport contract",
    "approved": "it is not signed yet",
    "held": "it is held and not signed yet",
    "issued": "it is good",
    "suspended": "it is suspended",
    "revoked": "it is revoked",
    "expired": "its time is over",
    "dropped": "its grant ended before it was signed",
}
"""The signer's codes in words."""


@dataclass(frozen=True)
class Kind:
    """One kind of request."""

    command: str
    path: str
    help: str
    done: str
    """What holds then."""


KINDS = (
    Kind("revoke", "revocations", "Revoke a ticket in the running system, and wait until it is.", "is revoked"),
    Kind(
        "suspend",
        "suspensions",
        "Suspend a ticket in the running system: not good until it is restored.",
        "is suspended",
    ),
    Kind(
        "restore",
        "restorations",
        "Lift a suspension: the one with this reason. Where none has it: all that you may lift, for an authority "
        "also what a revocation left behind.",
        "is restored, unless another suspension is left",
    ),
    Kind(
        "replace",
        "replacements",
        "The ticket is lost: it dies now, and a new one with another number is issued.",
        "is dead, and a new one takes its place",
    ),
    Kind(
        "renew",
        "renewals",
        "Product or area has changed: a new ticket is issued, and this one dies with it.",
        "stays good until its successor is issued",
    ),
)


def add(app: typer.Typer) -> None:
    """Adds a command for each kind of request in KINDS."""
    for kind in KINDS:
        app.command(kind.command, help=kind.help)(_asking(kind))


def _asking(kind: Kind) -> Callable[..., None]:
    """The command of one kind."""

    def ask(
        number: Annotated[int, typer.Argument(metavar="TICKET_NUMBER", min=0)],
        reason: Annotated[str, typer.Option(help="withdrawn, notice, fraud, lost, by_authority, or words (no names).")],
        organisation: Annotated[int | None, typer.Option(help="Organisation id, where a number is used twice.")] = None,
        user: Annotated[str | None, typer.Option(help="A user of services.json; default: the first operator.")] = None,
        services: Services = None,
    ) -> None:
        body: dict[str, Any] = {"reason": reason}
        if organisation is not None:
            body["organisation_id"] = organisation
        with _signed_in(services, user) as http:
            carry_out(http, kind, number, body)

    return ask


@contextmanager
def _signed_in(services: Path | None, user: str | None) -> "Iterator[httpx.Client]":
    known = running_system(services)
    token = token_of(known["identity"], user)
    with client(known["issuance"]) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


def carry_out(http: "httpx.Client", kind: Kind, number: int, body: dict[str, Any]) -> None:
    """1. Ask. 2. Wait for the signer's answer, and say it. 3. Who revokes waits for the status list too. Exits with 1
    where it was refused."""
    # 1.
    answer = http.post(f"/v1/tickets/{number}/{kind.path}", json=body)
    if answer.status_code != 202:
        typer.echo(_refusal(answer), err=True)
        raise typer.Exit(1)
    made = answer.json()
    organisation_id = made["ticket"]["organisation_id"]
    # 2.
    outcome = _outcome(http, made["links"]["self"])
    if outcome["state"] == "asked":
        typer.echo(f"ticket {number}: asked ({made['links']['self']}); the signer has not answered yet")
        return
    if outcome["state"] == "refused":
        code = outcome["reason"]
        typer.echo(f"ticket {number}: refused, {WHY.get(code, code)} ({code})", err=True)
        raise typer.Exit(1)
    others = [each for each in outcome["tickets"] if each != number]
    also = f" (tickets {', '.join(map(str, others))} too)" if others else ""
    # 3.
    if kind.command != "revoke" or number not in outcome["tickets"]:
        typer.echo(f"ticket {number} of organisation {organisation_id} {kind.done}{also}")
    elif _is_listed(http, organisation_id, number):
        typer.echo(f"ticket {number} of organisation {organisation_id} is revoked and on the status list{also}")
    else:
        typer.echo(f"ticket {number} will be revoked; the signer has not published it yet")


def _refusal(answer: "httpx.Response") -> str:
    """With the number to name instead, where the answer has one."""
    said = problem_of(answer)
    try:
        successor = answer.json().get("successor")
    except (ValueError, AttributeError):
        successor = None
    return said if successor is None else f"{said} {successor}"


def _outcome(http: "httpx.Client", path: str) -> dict[str, Any]:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        found: dict[str, Any] = http.get(path).raise_for_status().json()
        if found["state"] != "asked" or time.monotonic() >= deadline:
            return found
        time.sleep(LOOK_SECONDS)


def _is_listed(http: "httpx.Client", organisation_id: int, number: int) -> bool:
    """Look until the published status list has the ticket."""
    from issuance.barcode.refusal import Refusal
    from issuance.lists import status_list

    shard = status_list.shard_of(organisation_id, number)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        answer = http.get(f"/v1/status-lists/{shard}")
        try:
            listed = status_list.parse(status_list.unwrap(answer.content).payload)
            if listed.is_revoked(status_list.place_of(number)):
                return True
        except Refusal:
            pass
        time.sleep(LOOK_SECONDS)
    return False
