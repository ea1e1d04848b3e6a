"""A pass changes along its tables alone, under its ticket and at Google: every pair is tried."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from shared.transitions import ImpossibleTransition
from support.transitions import refuse_other_changes
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NEW, NOW, OLD, TICKET, issued, make_pass
from wallet_pass.domain.passes import GOOGLE_STATES, GoogleState, Pass, PassToken, Validity
from wallet_pass.domain.tickets import TicketState
from wallet_pass.store import PassStore

G, S, V = Validity
LATER = NOW + timedelta(hours=1)
STEPS = {*product((G, S), Validity)}
"""Written out by hand: G good, S suspended, V void."""


def pass_that_is(validity: Validity) -> Pass:
    made = make_pass()
    return replace(made, suspended=validity is S, revoked_at=NOW if validity is V else None)


@pytest.mark.parametrize(("before", "after"), list(product(Validity, Validity)))
def test_a_pass_takes_a_step_where_the_table_has_it_and_no_other(before: Validity, after: Validity) -> None:
    changed = replace(pass_that_is(after), early_end=TICKET.first_day)
    if (before, after) in STEPS:
        assert pass_that_is(before)._followed_by(changed, LATER).validity is after
    else:
        with pytest.raises(ImpossibleTransition):
            pass_that_is(before)._followed_by(changed, LATER)


@pytest.mark.parametrize(("before", "after"), list(product(Validity, Validity)))
def test_whatever_is_told_of_a_void_pass_leaves_it_void(before: Validity, after: Validity) -> None:
    told = TicketState(OLD, revoked_at=LATER if after is V else None).switched(LATER, 7, suspended=after is S)
    assert pass_that_is(before).as_told(told, LATER).validity is (V if before is V else after)


@pytest.mark.parametrize("before", Validity)
def test_a_pass_that_another_ticket_takes_over_begins_anew(before: Validity) -> None:
    assert pass_that_is(before).taken_over(replace(TICKET, ticket_id=NEW), LATER).validity is G


@pytest.mark.parametrize(("before", "accepted"), list(product(GoogleState, (True, False))))
def test_what_google_says_counts_for_what_is_due_and_for_nothing_else(
    running: WalletService, before: GoogleState, accepted: bool
) -> None:
    running.hear(issued())
    token = PassToken(running.token())

    def step(store: PassStore) -> str:
        store.session.execute(sa.text("UPDATE pass SET google = :state"), {"state": before})
        kept = store.by_token(token)
        assert kept is not None
        store.google_told(kept.wallet_pass, accepted=accepted)
        return str(store.session.execute(sa.text("SELECT google FROM pass")).scalar_one())

    answered = GoogleState.TOLD if accepted else GoogleState.REFUSED
    assert running.database.write_now(step) == (answered if before is GoogleState.DUE else before)


@pytest.mark.parametrize("before", GoogleState)
def test_a_changed_pass_is_due_at_google_whatever_google_had(running: WalletService, before: GoogleState) -> None:
    running.hear(issued())
    token = PassToken(running.token())

    def step(store: PassStore) -> str:
        store.session.execute(sa.text("UPDATE pass SET google = :state"), {"state": before})
        kept = store.by_token(token)
        assert kept is not None
        store.change(kept.wallet_pass.revoked(LATER))
        return str(store.session.execute(sa.text("SELECT google FROM pass")).scalar_one())

    assert running.database.write_now(step) == GoogleState.DUE


def test_the_database_of_a_test_finds_a_statement_that_passes_the_table_by(running: WalletService) -> None:
    running.hear(issued())
    refuse_other_changes(running.database, "pass", "google", GOOGLE_STATES)
    running.database.write_now(lambda store: store.session.execute(sa.text("UPDATE pass SET google = 'refused'")))
    with pytest.raises(sa.exc.IntegrityError, match="the table of transitions does not have"):
        running.database.write_now(lambda store: store.session.execute(sa.text("UPDATE pass SET google = 'told'")))
