"""Every pair of states, of a case, a decision, a rule set and an own form: the store writes what the table of transitions lets follow,
and nothing else; no other statement writes a state."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import get_args
from uuid import uuid4

import eligibility
import pytest
from eligibility.domain.case import Case, CaseState
from eligibility.domain.decision import Decision, DecisionState
from eligibility.domain.ids import ApplicationId, CaseId, DecisionId
from eligibility.domain.transitions import (
    CASE_STATES,
    DECISION_STATES,
    OWN_FORM_STATES,
    RULE_SET_STATES,
    OwnFormState,
    RuleSetState,
)
from eligibility.presets import preset
from eligibility.store import Store
from eligibility.store.rule_sets.tables import OWN_FORM, RULE_SET
from eligibility.store.tables import CASE, DECISION
from eligibility.workflow.rule_sets.own_form_versions import OwnFormId, OwnFormVersion
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId, RuleSetVersion
from shared.database import Database
from shared.errors import Conflict, Unavailable
from shared.events.own_form import OwnForm
from support.databases import make_tables, on_both

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KINDS: dict[DecisionState, dict[str, datetime | None]] = {
    "prepared": {"released_at": None, "withdrawn_at": None},
    "in_force": {"released_at": NOW, "withdrawn_at": None},
    "ended": {"released_at": NOW, "withdrawn_at": NOW},
    "dropped": {"released_at": None, "withdrawn_at": NOW},
}


@pytest.fixture
def database(url: str) -> Iterator[Database[Store]]:
    """Empty."""
    make_tables(url, "eligibility")
    opened = Database(url, Store)
    yield opened
    opened.close()


def a_case(state: CaseState) -> Case:
    return Case(
        id=CaseId(uuid4()),
        application_id=ApplicationId(uuid4()),
        authority_id="12345",
        state=state,
        school_number="100001",
        school_year="2026/27",
        opened_at=NOW,
        submission={},
        reasons=(),
        facts={},
        routes={},
    )


def a_decision(case: Case) -> Decision:
    return Decision(
        id=DecisionId(uuid4()),
        case_id=case.id,
        authority_id=case.authority_id,
        outcome="refused",
        valid_from=None,
        valid_until=None,
        own_share_cents=None,
        covered_cents=None,
        distance_m=None,
        limit_m=None,
        reasons=(),
        rules_version="",
        facts={},
        routes={},
        decided_by="rules",
        prepared_at=NOW,
    )


def a_version(state: RuleSetState) -> RuleSetVersion:
    rules = preset("nrw")
    content = rules.rule_set.content()
    return RuleSetVersion(
        RuleSetId(uuid4()), "12345", "eigen", state, rules.version, "", content, None, ("anna",), NOW, NOW,
        in_force_from=date(2026, 8, 1),
    )  # fmt: skip


def a_form(state: OwnFormState) -> OwnFormVersion:
    return OwnFormVersion(OwnFormId(uuid4()), "12345", state, "", OwnForm(), None, ("anna",), NOW, NOW)


def test_every_state_has_its_line_in_the_table() -> None:
    assert set(CASE_STATES.follows) == set(get_args(CaseState))
    assert set(DECISION_STATES.follows) == set(get_args(DecisionState))
    assert set(RULE_SET_STATES.follows) == set(get_args(RuleSetState))
    assert set(OWN_FORM_STATES.follows) == set(get_args(OwnFormState))


def is_written(database: Database[Store], step: Callable[[Store], None]) -> bool:
    try:
        database.write_now(step)
    except (Conflict, Unavailable):
        return False
    return True


@on_both("url")
def test_a_case_changes_its_state_along_the_table_alone(database: Database[Store]) -> None:
    for before, after in product(get_args(CaseState), repeat=2):
        for way in ("set_state", "revise"):
            case = a_case(before)

            def put(store: Store, case: Case = case, before: CaseState = before) -> None:
                store.add_case(replace(case, state="review"))
                store.session.connection().execute(CASE.update().where(CASE.c.id == str(case.id)).values(state=before))

            def move(store: Store, case: Case = case, after: CaseState = after, way: str = way) -> None:
                if way == "revise":
                    store.revise(replace(case, state=after), NOW)
                else:
                    store.set_state(case.id, after, NOW)

            database.write_now(put)
            assert is_written(database, move) is CASE_STATES.allow(before, after), (before, after, way)
            kept = database.read_now(lambda store: store.case(case.id))  # noqa: B023  # it is done at once
            assert kept is not None and kept.state == (after if CASE_STATES.allow(before, after) else before)


@on_both("url")
def test_a_decision_changes_its_state_along_the_table_alone(database: Database[Store]) -> None:
    for before, after in product(get_args(DecisionState), repeat=2):
        case = a_case("prepared")
        decision = a_decision(case)

        def put(store: Store, case: Case = case, one: Decision = decision, before: DecisionState = before) -> None:
            store.add_case(case)
            store.add_decision(one)
            mine = DECISION.c.id == str(one.id)
            store.session.connection().execute(DECISION.update().where(mine).values(KINDS[before]))

        database.write_now(put)
        if after == "prepared":
            continue  # no statement writes it but the first
        if after == "in_force":

            def move(store: Store, one: Decision = decision) -> None:
                store.set_released(replace(one, released_at=NOW, released_by="anna"))
        elif (before in {"in_force", "ended"}) is (after == "ended"):

            def move(store: Store, one: Decision = decision) -> None:
                store.set_withdrawn(one.id, "decided_anew", NOW)
        else:
            continue  # what ends was in force, what is dropped was not: one statement writes both

        assert is_written(database, move) is DECISION_STATES.allow(before, after), (before, after)
        (kept,) = database.read_now(lambda store: store.decisions_of(case.id))  # noqa: B023  # it is done at once
        assert kept.state == (after if DECISION_STATES.allow(before, after) else before)


@on_both("url")
def test_an_end_that_is_still_to_come_is_moved(database: Database[Store]) -> None:
    case = a_case("prepared")
    decision = a_decision(case)
    database.write_now(partial(add_case, case=case))
    database.write_now(partial(add_decision, decision=decision))
    database.write_now(lambda store: store.set_released(replace(decision, released_at=NOW, released_by="anna")))
    for last in (date(2027, 1, 31), date(2026, 12, 31)):  # a new grant covers the days from January on
        database.write_now(lambda store: store.set_withdrawn(decision.id, "decided_anew", NOW, last))  # noqa: B023  # it is done at once
    (kept,) = database.read_now(lambda store: store.decisions_of(case.id))
    assert (kept.state, kept.ended_on) == ("ended", date(2026, 12, 31))


@on_both("url")
def test_a_rule_set_changes_its_state_along_the_table_alone(database: Database[Store]) -> None:
    for before, after in product(get_args(RuleSetState), repeat=2):
        version = a_version("draft")

        def put(store: Store, one: RuleSetVersion = version, before: RuleSetState = before) -> None:
            store.put_rule_set(one)
            mine = RULE_SET.c.id == str(one.id)
            store.session.connection().execute(RULE_SET.update().where(mine).values(state=before))

        def move(store: Store, one: RuleSetVersion = version, after: RuleSetState = after) -> None:
            store.put_rule_set(replace(one, state=after))

        database.write_now(put)
        assert is_written(database, move) is RULE_SET_STATES.allow(before, after), (before, after)


@on_both("url")
def test_an_own_form_changes_its_state_along_the_table_alone(database: Database[Store]) -> None:
    for before, after in product(get_args(OwnFormState), repeat=2):
        form = a_form("draft")

        def put(store: Store, one: OwnFormVersion = form, before: OwnFormState = before) -> None:
            store.put_own_form(one)
            mine = OWN_FORM.c.id == str(one.id)
            store.session.connection().execute(OWN_FORM.update().where(mine).values(state=before))

        def move(store: Store, one: OwnFormVersion = form, after: OwnFormState = after) -> None:
            store.put_own_form(replace(one, state=after))

        database.write_now(put)
        assert is_written(database, move) is OWN_FORM_STATES.allow(before, after), (before, after)


def put_form(store: Store, form: OwnFormVersion) -> None:
    store.put_own_form(form)


def add_case(store: Store, case: Case) -> None:
    store.add_case(case)


def add_decision(store: Store, decision: Decision) -> None:
    store.add_decision(decision)


def put_version(store: Store, version: RuleSetVersion) -> None:
    store.put_rule_set(version)


def test_nothing_begins_in_a_state_in_which_none_begins(database: Database[Store]) -> None:
    for state in get_args(CaseState):
        begun = is_written(database, partial(add_case, case=a_case(state)))
        assert begun is (state in CASE_STATES.begins)
    for state in get_args(RuleSetState):
        begun = is_written(database, partial(put_version, version=a_version(state)))
        assert begun is (state in RULE_SET_STATES.begins)
    for state in get_args(OwnFormState):
        begun = is_written(database, partial(put_form, form=a_form(state)))
        assert begun is (state in OWN_FORM_STATES.begins)
    for kind in get_args(DecisionState):
        case = a_case("prepared")
        database.write_now(lambda store: store.add_case(case))  # noqa: B023  # it is done at once
        one = replace(a_decision(case), **KINDS[kind])  # type: ignore[arg-type]
        begun = is_written(database, partial(add_decision, decision=one))
        assert begun is (kind in DECISION_STATES.begins)


WRITES_A_STATE = {
    "store/decision/cases.py": {"state"},
    "store/decision/decisions.py": {"released_at", "withdrawn_at"},
    "store/rule_sets/rule_sets.py": {"state"},
    "store/rule_sets/own_forms.py": {"state"},
}
"""Files whose statements are asked above, and the columns that hold a state."""
COLUMNS = {"state", "released_at", "withdrawn_at"}
OTHERS = {"store/decision/tickets.py", "store/decision/elsewhere.py"}
"""Their columns of these names belong to tickets, which the signer keeps, and to what others were told."""


def written_columns(tree: ast.AST) -> set[str]:
    """Names that a statement may write: of `.values(name=…)`, and keys of dictionaries."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values":
            found |= {each.arg for each in node.keywords if each.arg}
        if isinstance(node, ast.Dict):
            found |= {str(each.value) for each in node.keys if isinstance(each, ast.Constant)}
    return found & COLUMNS


def test_no_other_statement_writes_a_state() -> None:
    source = Path(eligibility.__file__).parent
    for file in sorted((source / "store").rglob("*.py")):
        name = str(file.relative_to(source))
        if name not in OTHERS:
            written = written_columns(ast.parse(file.read_text(encoding="utf-8")))
            assert written <= WRITES_A_STATE.get(name, set()), f"{name} writes {written} past the transitions"


def test_no_statement_is_made_outside_the_store() -> None:
    source = Path(eligibility.__file__).parent
    for file in source.rglob("*.py"):
        if "store" not in file.parts and "migrations" not in file.parts:
            text = file.read_text(encoding="utf-8")
            assert "CASE.update(" not in text and "DECISION.update(" not in text and "RULE_SET.update(" not in text, (
                file
            )
