"""What a simulation takes: the rules in force, the draft, and past decisions or cases given."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.database import Transactions
from shared.events import AuthorityId
from shared.identity import Caller

from eligibility.rules import Rules, canonical_json, parse
from eligibility.rules.rule_set.difference import Change, difference
from eligibility.rules.trials.simulation import SimulatedCase
from eligibility.workflow.ports import Records
from eligibility.workflow.rule_sets.rule_set_versions import (
    RuleSetId,
    RuleSetStore,
    RuleSetVersion,
    of_authority,
    readable_by,
)

MOST_CASES = 200_000
"""More than the largest authority decides in a year."""


class Past(Protocol):
    def decided_facts(self, authority_id: AuthorityId, limit: int) -> Sequence[tuple[str, str]]:
        """Ids and facts of past decisions."""


def without_fare(facts: str) -> bytes:
    """A past decision's facts hold the fare of the product of that time: the simulation puts its own in."""
    content = json.loads(facts)
    for name in ("monthly_fare_cents", "nearest_monthly_fare_cents"):
        content.pop(name, None)
    return canonical_json(content)


def with_fare(facts: bytes, fare_cents: int) -> bytes:
    """A fare to count with, where the facts name none."""
    return canonical_json({"monthly_fare_cents": fare_cents} | json.loads(facts))


def _past_cases(found: Sequence[tuple[str, str]], without: bool, fare_cents: int | None) -> list[SimulatedCase]:
    """`without`: the fare of that time is left out; `fare_cents`: what is put in its place."""
    cases = [(label, without_fare(facts) if without else facts.encode()) for label, facts in found]
    return [
        SimulatedCase(label, facts if fare_cents is None else with_fare(facts, fare_cents)) for label, facts in cases
    ]


@dataclass(frozen=True)
class Trial:
    before: Rules
    after: Rules
    cases: Sequence[SimulatedCase]


class SimulationStore(RuleSetStore, Past, Protocol):
    """The store, as a simulation reads it."""


class SimulationDesk:
    def __init__(self, transactions: Transactions[SimulationStore], records: Records) -> None:
        self._transactions = transactions
        self._records = records

    async def in_force(self, caller: Caller, authority_id: AuthorityId) -> Rules:
        """By which the authority decides today."""
        readable_by(caller, authority_id)
        return await self._records.rules_of(authority_id)

    async def changes(self, caller: Caller, authority_id: AuthorityId, rule_set_id: RuleSetId) -> list[Change]:
        """From the version in force to this one."""
        before, after = await self._rules(caller, authority_id, rule_set_id)
        return difference(before.rule_set, after.rule_set)

    async def past(
        self, caller: Caller, authority_id: AuthorityId, rule_set_id: RuleSetId, fare_cents: int | None = None
    ) -> Trial:
        """The authority's past decisions, as far as their facts are still kept.

        Args:
            fare_cents: what a ticket costs a month, to count with where no product says it.
        """
        before, after = await self._rules(caller, authority_id, rule_set_id)

        def query(past: Past) -> Sequence[tuple[str, str]]:
            return past.decided_facts(authority_id, MOST_CASES)

        found = await self._transactions.read(query)
        priced = before.rule_set.choices.products or after.rule_set.choices.products
        without, fare = bool(priced), None if priced else fare_cents
        return Trial(before, after, await asyncio.to_thread(_past_cases, found, without, fare))

    async def given(
        self,
        caller: Caller,
        authority_id: AuthorityId,
        rule_set_id: RuleSetId,
        cases: Callable[[], Sequence[SimulatedCase]],
    ) -> Trial:
        """Cases made by hand; they are read only once it is clear that the caller may, and beside the event loop."""
        before, after = await self._rules(caller, authority_id, rule_set_id)
        return Trial(before, after, await asyncio.to_thread(cases))

    async def _rules(self, caller: Caller, authority_id: AuthorityId, rule_set_id: RuleSetId) -> tuple[Rules, Rules]:
        readable_by(caller, authority_id)

        def query(store: RuleSetStore) -> RuleSetVersion:
            return of_authority(store.rule_set(rule_set_id), authority_id)

        draft = await self._transactions.read(query)
        return await self._records.rules_of(authority_id), parse(draft.content, None)
