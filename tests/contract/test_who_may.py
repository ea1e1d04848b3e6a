"""Each role at each operation and page of all services, for its own, another's, what is not there and what is no id."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from issuance.store.inspection import tickets
from shared.http.gate import NoLine
from shared.identity import Caller, with_token
from shared.runtime.service import Service, api_of
from support.matrix.matrix import matrix_of
from support.matrix.places import FILL
from support.matrix.services import built

CELLS = {"application": 1_200, "eligibility": 3_000, "issuance": 1_100, "wallet-pass": 500}
"""At least so many. Whoever makes a service smaller says so here."""
BESIDE_THE_DESK = ("open", "link", "token")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", FILL)
async def test_everybody_reaches_its_own_and_nothing_else_can_be_told_from_nothing(name: str, tmp_path: Path) -> None:
    """But the desk: test_who_may_at_the_desk.py."""
    with built(tmp_path, name) as services:
        matrix = await matrix_of(services[name], tmp_path, *(() if name != "eligibility" else BESIDE_THE_DESK))
    assert matrix.faults == []
    assert matrix.cells >= CELLS[name]


async def test_a_query_that_forgets_whose_a_ticket_is_fails_the_matrix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "_seen", lambda _: sa.true())
    with built(tmp_path, "issuance") as services:
        matrix = await matrix_of(services["issuance"], tmp_path)
    told = " ".join(matrix.faults)
    assert "GET /v1/tickets/{number} by operator-0: wanted (404,)" in told
    assert "POST /v1/tickets/{number}/revocations by case_worker-1: wanted (404,)" in told
    assert "something was written" in told


async def test_a_line_that_lets_in_whom_the_service_refuses_fails_the_matrix(tmp_path: Path) -> None:
    with built(tmp_path, "issuance") as services:
        service = services["issuance"]
        policy = {**service.policy, "GET /v1/inspections/report": with_token("operator", "guardian")}
        matrix = await matrix_of(Service(**{**vars(service), "policy": policy}), tmp_path)
    assert matrix.faults == [
        f"GET /v1/inspections/report by parent-{number}: does not reach its own: [403]" for number in (1, 2)
    ]


def test_a_service_with_an_operation_without_a_line_does_not_start(tmp_path: Path) -> None:
    with built(tmp_path) as services:
        for service in services.values():
            first = next(iter(service.policy))
            less = {name: line for name, line in service.policy.items() if name != first}
            with pytest.raises(NoLine, match=first.rpartition("/")[2].replace("{", r"\{")):
                api_of(Service(**{**vars(service), "policy": less}))
            with pytest.raises(NoLine, match="lines without an operation"):
                api_of(Service(**{**vars(service), "policy": {**service.policy, "GET /v1/gone": with_token("school")}}))


def test_the_role_of_a_school_opens_its_own_pages_and_class_lists_alone(tmp_path: Path) -> None:
    with built(tmp_path) as services:
        lines = [(name, line) for service in services.values() for name, line in service.policy.items()]
    opened = [name for name, line in lines if "school" in line.roles]
    assert opened
    assert all("/school" in name or name.endswith("/class-lists") for name in opened)
    assert all(line.roles == {"school"} for _, line in lines if "school" in line.roles)


def test_the_role_of_a_school_counts_only_beside_the_number_of_the_school() -> None:
    role = frozenset({"school"})
    assert not Caller("office", None, role).counting
    assert Caller("office", None, role, school_number="168890").counting == role
