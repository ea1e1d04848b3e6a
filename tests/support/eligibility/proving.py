"""Families whose own share falls once something is proven."""

import json
from datetime import UTC, date, datetime
from functools import partial

from eligibility import presets
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId
from eligibility.rules import parse
from eligibility.store import Store
from eligibility.workflow.decision.recompute import compare_decision
from shared.events import ApplicationSubmitted, Circumstances
from shared.identity import Caller
from support.eligibility.world import World

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))
BERT = Caller("bert", "12345", frozenset({"case_worker"}))
NOVEMBER = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
ELDEST = date(2012, 1, 1)


def circumstances(**more: object) -> Circumstances:
    return Circumstances(lives_in_nrw=True, **more)


def share(world: World, event: ApplicationSubmitted) -> int:
    """Of the newest decision on the application."""
    decision = world.decision_of(event.application_id)
    assert decision.own_share_cents is not None
    return decision.own_share_cents


def all_same(world: World) -> None:
    """Every decision that is kept comes out again, byte for byte."""
    for application in {getattr(each, "application_id") for each in world.told()}:  # noqa: B009  # of each kind
        case_id = world.case_of(application).id
        for each, content in world.database.read_now(partial(_kept, case_id=case_id)):
            rules = presets.preset("nrw") if content is None else parse(json.loads(content), None)
            assert compare_decision(each, rules).differences == []


def _kept(store: Store, case_id: CaseId) -> list[tuple[Decision, str | None]]:
    return [(each, store.archived(each.rules_version)) for each in store.decisions_of(case_id)]
