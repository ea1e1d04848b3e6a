"""No statement changes a state past its table of transitions, and every table names every state."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args

import pytest
from application.domain.status import STATUSES, Status
from eligibility.domain.case import CaseState
from eligibility.domain.decision import DecisionState
from eligibility.domain.dispatch import DISPATCH_STATES, DispatchState
from eligibility.domain.seal import SEAL_STATES, SealState
from eligibility.domain.transitions import (
    CASE_STATES,
    DECISION_STATES,
    OWN_FORM_STATES,
    RULE_SET_STATES,
    OwnFormState,
    RuleSetState,
)
from issuance.domain.request import REQUEST_STATES, RequestState
from issuance.domain.ticket import TICKET_STATES, TicketState
from shared.mail.rows import MAIL_STATES, MailState
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
State = TypeVar("State", bound=str)


@dataclass(frozen=True)
class Reach:
    """Of a table: its states, those with a row, and those that can be reached."""

    states: frozenset[str]
    rows: frozenset[str]
    reached: frozenset[str]


def reach(table: Transitions[State], states: Iterable[State]) -> Reach:
    known = frozenset(states)
    reached = {*table.begins, *(each for first in table.begins for each in known if table.leads(first, each))}
    return Reach(known, frozenset(table.follows), frozenset(reached))


TABLES = [
    reach(TICKET_STATES, TicketState),
    reach(REQUEST_STATES, RequestState),
    reach(VALIDITIES, Validity),
    reach(GOOGLE_STATES, GoogleState),
    reach(STATUSES, Status),
    reach(CASE_STATES, get_args(CaseState)),
    reach(DECISION_STATES, get_args(DecisionState)),
    reach(RULE_SET_STATES, get_args(RuleSetState)),
    reach(OWN_FORM_STATES, get_args(OwnFormState)),
    reach(MAIL_STATES, MailState),
    reach(SEAL_STATES, SealState),
    reach(DISPATCH_STATES, get_args(DispatchState)),
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


@pytest.mark.parametrize("found", TABLES)
def test_every_state_has_its_row_and_can_be_reached(found: Reach) -> None:
    assert found.rows == found.states
    assert found.reached == found.states
