"""No statement changes a state past its table of transitions, and every table names every state."""

from pathlib import Path
from typing import Any, get_args

import pytest
from application.domain.status import STATUSES, Status
from eligibility.domain.case import CaseState
from eligibility.domain.decision import DecisionState
from eligibility.domain.transitions import CASE_STATES, DECISION_STATES, RULE_SET_STATES, RuleSetState
from issuance.domain.request import REQUEST_STATES, RequestState
from issuance.domain.ticket import TICKET_STATES, TicketState
from shared.transitions import Transitions
from support.transitions import StateColumn, changes_past_the_table
from wallet_pass.domain.passes import GOOGLE_STATES, VALIDITIES, GoogleState, Validity

SERVICES = Path(__file__).parents[2] / "services"
COLUMNS = {
    "issuance": StateColumn(
        SERVICES / "issuance/src/issuance/store",
        frozenset({"state", "now_state"}),
        frozenset({"TICKET_STATES", "REQUEST_STATES"}),
    ),
    "wallet-pass": StateColumn(
        SERVICES / "wallet-pass/src/wallet_pass/store", frozenset({"google"}), frozenset({"GOOGLE_STATES"})
    ),
}
EXEMPT = {
    "inspection/tickets.py:TicketTables.keep_state": "the signer's word, which `leads_on` lets in or not",
}
TABLES: list[tuple[Transitions[Any], Any]] = [
    (TICKET_STATES, TicketState),
    (REQUEST_STATES, RequestState),
    (VALIDITIES, Validity),
    (GOOGLE_STATES, GoogleState),
    (STATUSES, Status),
    (CASE_STATES, get_args(CaseState)),
    (DECISION_STATES, get_args(DecisionState)),
    (RULE_SET_STATES, get_args(RuleSetState)),
]


@pytest.mark.parametrize("service", COLUMNS)
def test_every_statement_that_changes_a_state_asks_the_table(service: str) -> None:
    assert set(changes_past_the_table(COLUMNS[service])) <= EXEMPT.keys()


@pytest.mark.parametrize(
    "planted",
    [
        "def end(row):\n    row.state = 'revoked'\n",
        "def end(row):\n    row.reason, row.state = 'why', 'revoked'\n",
        "END = TICKET.update().where(ONE).values(reason='why', state='revoked')\n",
        "class Store:\n    def end(self):\n        self._update(token, state='revoked')\n",
        "def row():\n    return {'state': 'revoked'}\n",
        "END = 'UPDATE ticket SET reason = 1,\\n state = 2'\n",
    ],
)
def test_a_statement_that_asks_no_table_is_found(planted: str, tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text(planted, encoding="utf-8")
    column = StateColumn(tmp_path, frozenset({"state"}), frozenset({"STATES"}))
    assert len(changes_past_the_table(column)) == 1
    (tmp_path / "store.py").write_text("END = TICKET.update().where(STATES.before(END)).values(state=1)\n")
    assert changes_past_the_table(column) == []


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_every_state_has_its_row_and_can_be_reached(table: Transitions[Any], states: Any) -> None:
    assert set(table.follows) == set(states)
    reached = {*table.begins, *(each for first in table.begins for each in states if table.leads(first, each))}
    assert reached == set(states)
