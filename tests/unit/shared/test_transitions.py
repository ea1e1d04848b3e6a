"""A state changes along its table alone: every pair is tried."""

from enum import StrEnum
from itertools import product

import pytest
from shared.transitions import ImpossibleTransition, Transitions


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    DIMMED = "dimmed"
    BROKEN = "broken"


LAMP = Transitions(
    begins=frozenset({Lamp.OFF}),
    follows={
        Lamp.OFF: frozenset({Lamp.ON}),
        Lamp.ON: frozenset({Lamp.DIMMED, Lamp.OFF}),
        Lamp.DIMMED: frozenset({Lamp.DIMMED, Lamp.BROKEN}),
        Lamp.BROKEN: frozenset(),
    },
)
STEPS = {("off", "on"), ("on", "dimmed"), ("on", "off"), ("dimmed", "dimmed"), ("dimmed", "broken")}
LEADS = {
    *product(("off", "on"), ("off", "on", "dimmed", "broken")),
    *product(("dimmed",), ("dimmed", "broken")),
    ("broken", "broken"),
}
PAIRS = list(product(Lamp, Lamp))


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_one_step_is_taken_where_the_table_has_it_and_no_other(before: Lamp, after: Lamp) -> None:
    if (before, after) in STEPS:
        assert LAMP.move(before, after) is after
    else:
        with pytest.raises(ImpossibleTransition, match=f"{after} cannot follow {before}"):
            LAMP.move(before, after)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_who_missed_steps_catches_up_with_what_they_lead_to_and_with_nothing_else(before: Lamp, after: Lamp) -> None:
    assert LAMP.leads(before, after) is ((before, after) in LEADS)
    if LAMP.leads(before, after):
        assert LAMP.catch_up(before, after) is after
    else:
        with pytest.raises(ImpossibleTransition):
            LAMP.catch_up(before, after)


@pytest.mark.parametrize("state", Lamp)
def test_a_statement_s_condition_names_the_states_before_it(state: Lamp) -> None:
    assert LAMP.before(state) == [before for before in Lamp if (before, state) in STEPS]


@pytest.mark.parametrize("state", Lamp)
def test_a_thing_begins_where_the_table_says_so(state: Lamp) -> None:
    if state is Lamp.OFF:
        assert LAMP.begin(state) is state
    else:
        with pytest.raises(ImpossibleTransition):
            LAMP.begin(state)
