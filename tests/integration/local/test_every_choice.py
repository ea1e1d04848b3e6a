"""Whatever an authority may publish, the opening journey of `make run` comes to an end: by the rules, or like a person.

Each choice of a rule set, read from its model, with each of its values; conditions of each effect, and limits. Eligibility
decides for real; what follows in the other services is told as they would tell it.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest
from eligibility.domain.authority import Authority, Release
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.rules.rule_set.choices import Choices, Condition, Product, SelfPayer
from eligibility.workflow import MeasuredRoutes, PersonsDecision
from local.journey.family import Application, Unexpected
from local.journey.people import OtherwiseByRules, Outcome, next_act, see_through
from shared.events import (
    ApplicationSubmitted,
    Claims,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityReviewOpened,
    Event,
)
from support.eligibility import small_place
from support.eligibility.deciding import OFFER, SCHOOL_TICKET, listed, product
from support.eligibility.office import ANNA
from support.eligibility.world import World, make_template, open_world
from support.making import make

CONDITION = {
    "key": "own", "when": "distance_m > 100.0", "legal_basis": "Ratsbeschluss", "source": "Ratsbeschluss",
    "text": "Der Rat hat es beschlossen.", "text_en": "The council has decided it.", "valid_from": "2020-08-01",
}  # fmt: skip
FREE = {"source": "Ratsbeschluss", "legal_basis": "Ratsbeschluss", "certainty": "practice", "valid_from": "2020-08-01"}
VALUES: dict[str, list[dict[str, object]]] = {
    "approval": [{"approval": each} for each in get_args(Choices.model_fields["approval"].annotation)],
    "release_by_person": [{"release_by_person": each} for each in get_args(Release)],
    "review_band_m": [{"review_band_m": each} for each in (0, 50, 1000)],
    "review_band_without_entrance_m": [{"review_band_without_entrance_m": each} for each in (50, 150, 1000)],
    "solidarity_model": [{"solidarity_model": True, "self_payer": OFFER, "products": [SCHOOL_TICKET]}],
    "solidarity": [
        {"solidarity_model": True, "products": [SCHOOL_TICKET],
         "solidarity": {"product": "dt-schule", "schools": schools, "source": "Beschluss"}}
        for schools in ([], ["100001"], ["100003"])
    ],
    "self_payer": [{"self_payer": OFFER | {"order_until_day": 10}, "products": [SCHOOL_TICKET]}],
    "products": [{"products": [each]} for each in (SCHOOL_TICKET, product(4900, flat=True), product(12_000), product(0))],
    "danger_list": [{"danger_list": [listed()]}],
}  # fmt: skip
"""For each choice, what can be published of it."""
PARTS: list[tuple[str, Mapping[str, object]]] = [
    *((effect, {"conditions": [CONDITION | {"effect": effect}]}) for effect in get_args(Condition.model_fields["effect"].annotation)),
    ("a limit of the own", {"parameters": {"limit.primary_m": [{"value": 1000, **FREE}]}}),
    ("no own share", {"parameters": {"own_share.by_rank_cents": [{"value": [0], **FREE}]}}),
]  # fmt: skip
EVERY: list[tuple[str, Mapping[str, object], Mapping[str, object]]] = [
    (f"{name} {json.dumps(each, default=str)[:60]}", each, {}) for name, found in VALUES.items() for each in found
]
EVERY += [(name, {}, parts) for name, parts in PARTS]
TWICE = [
    (f"{name}, and a person releases {release}", {**choices, "release_by_person": release}, parts)
    for name, choices, parts in EVERY
    for release in get_args(Release)
]
FARES = {"granted": 2500.0, "refused": 500.0}


class People:
    """Implements Desk and Family over eligibility alone."""

    def __init__(self, world: World, run: Callable[..., object]) -> None:
        self.world, self.run = world, run

    def look(self, application: Application) -> dict[str, object]:
        told: list[Event] = [
            each for each in self.world.told() if str(getattr(each, "application_id", "")) == application.id
        ]
        kinds = {EligibilityGranted: "pass_ready", EligibilityRefused: "refused", EligibilityReviewOpened: "in_review"}
        stands = [kinds[type(each)] for each in told if type(each) in kinds]
        return {"status": stands[-1] if stands else "submitted"}

    def cases_of(self, application_id: str) -> list[dict[str, object]]:
        found = self.world.database.read_now(lambda store: store.cases_of(ApplicationId(UUID(application_id))))
        return [{"id": str(each.id), "state": each.state} for each in found]

    def release_case(self, case_id: str) -> None:
        self.run(self.world.desk.release(ANNA, CaseId(UUID(case_id))))

    def decide(self, case_id: str, outcome: Outcome, reason: str) -> None:
        share = 1400 if outcome == "granted" else None
        decided = PersonsDecision(outcome, reason, "§ 97 SchulG NRW", own_share_cents=share)
        self.run(self.world.desk.decide(ANNA, CaseId(UUID(case_id)), decided))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "eligibility.db"
    make_template(path)
    return path


@pytest.fixture
def run() -> Iterator[Callable[..., object]]:
    loop = asyncio.new_event_loop()
    yield loop.run_until_complete
    loop.close()


def applied(world: World, run: Callable[..., object], metres: float, **changes: object) -> Application:
    world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
    event: ApplicationSubmitted = small_place.submitted(**changes)
    run(world.hear(event))
    return Application("tried", str(event.application_id), b"", 0.0)


def test_every_choice_is_tried() -> None:
    assert set(VALUES) == set(Choices.model_fields)
    assert {"products", "self_payer"} <= {name for each in (Product, SelfPayer) for name in VALUES if each}


@pytest.mark.parametrize(("name", "choices", "parts"), TWICE, ids=[each[0] for each in TWICE])
def test_the_opening_journey_comes_to_an_end_whatever_was_published(
    template: Path,
    tmp_path: Path,
    run: Callable[..., object],
    name: str,
    choices: dict[str, object],
    parts: dict[str, object],
) -> None:
    with open_world(template, tmp_path / "eligibility.db") as world:
        make(world.publish, choices, **parts)
        people = People(world, run)
        for wanted, metres in FARES.items():
            try:
                answer, acts = see_through(people, people, applied(world, run, metres), wanted)  # type: ignore[arg-type]
            except OtherwiseByRules:
                assert parts or "products" in choices  # only rules that grant or refuse otherwise may lead elsewhere
                continue
            assert answer["status"] == {"granted": "pass_ready", "refused": "refused"}[wanted]
            if choices.get("release_by_person") == "everything":
                assert acts
        doubtful = applied(world, run, 500.0, claims=Claims(dangerous_route=True))
        assert people.look(doubtful)["status"] in ("in_review", "pass_ready", "submitted", "refused")


def test_what_never_comes_to_an_end_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nobody:
        def look(self, application: Application) -> dict[str, object]:
            return {"status": "submitted"}

        def cases_of(self, application_id: str) -> list[dict[str, object]]:
            return []

    clock = iter(range(0, 1000, 20))
    with pytest.raises(Unexpected, match="not granted in time"):
        see_through(Nobody(), Nobody(), Application("x", "1", b"", 0.0), "granted", lambda: float(next(clock)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "act"), [(None, "wait"), ("prepared", "release"), ("review", "decide"), ("granted", "wait")]
)
def test_a_person_does_what_the_case_waits_for(state: str | None, act: str) -> None:
    assert next_act(state) == act


def test_the_settings_that_hold_where_a_rule_set_is_silent_know_the_same_words() -> None:
    assert get_args(Release) == get_args(Authority.model_fields["release_by_person"].annotation)
