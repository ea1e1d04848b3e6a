"""An eligibility that was put back to an older copy asks which decisions it had made, and doubles none."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from eligibility.domain.elsewhere import DecisionElsewhere
from eligibility.domain.ids import ApplicationId, case_id_of, decision_id_of
from eligibility.store import Store
from eligibility.workflow import MeasuredRoutes
from eligibility.workflow.catch_up import CatchingUp, heard_of
from shared.bus import epochs
from shared.database import Database
from shared.errors import Unavailable
from shared.events import ApplicationSubmitted, EligibilityGranted, EligibilityRefused
from shared.identity import Caller
from shared.questions import DecisionsReply, Question, TicketDecisionsQuestion, ToldDecision, ToldDecisionsQuestion
from support.answers import Answer, as_asked
from support.eligibility import small_place
from support.eligibility.world import World, open_world

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
Told = list[EligibilityGranted | EligibilityRefused]
Lost = tuple[list[ApplicationSubmitted], Told]
"""What was heard, and what was told of it."""


class Others:
    """What signer and application answer: each one page, of what was told before the copy was put back."""

    def __init__(self, told: Told) -> None:
        self.silent: set[type[Question]] = set()
        self.hearing: set[type[Question]] = set()
        """Who is asked this has not heard all itself."""
        granted = [each for each in told if isinstance(each, EligibilityGranted)]
        self.of_signer = [
            ToldDecision(
                decision_id=each.decision_id,
                application_id=each.application_id,
                case_id=each.case_id,
                digest=each.decision_digest or "",
            )
            for each in granted
        ]
        self.of_application = [
            ToldDecision(
                decision_id=each.decision_id,
                application_id=each.application_id,
                school_year="2026/27",
                digest=each.decision_digest or "",
            )
            for each in told
        ]

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        if type(question) in self.silent:
            return None
        is_signers = isinstance(question, TicketDecisionsQuestion)
        told = tuple(self.of_signer if is_signers else self.of_application)
        return as_asked(DecisionsReply(decisions=told, is_whole=type(question) not in self.hearing), answer)


@pytest.fixture
def lost(empty_database: Path, tmp_path: Path) -> Lost:
    """The world that is lost: two granted, one refused."""
    events = [small_place.submitted() for _ in range(3)]
    with open_world(empty_database, tmp_path / "lost.db") as world:
        world.set_authority(release_by_person="nothing")
        for event, metres in zip(events, (2500.0, 2600.0, 1000.0), strict=True):
            world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
            asyncio.run(world.hear(event))
        told: Told = [*_told(world)]
    return events, told


def _told(world: World) -> Told:
    return [each for each in world.told() if isinstance(each, EligibilityGranted | EligibilityRefused)]


async def catch_up(database: Database[Store], others: Others) -> bool:
    return await CatchingUp(database, others, lambda: NOW).catch_up()


def put_back(world: World) -> Database[Store]:
    world.set_authority(release_by_person="nothing")
    world.database.write_now(lambda store: epochs.raise_epoch(store.session, "eligibility", world.clock[0]))
    return world.database


def said(told: Told) -> dict[UUID, tuple[str, UUID, str | None]]:
    return {each.decision_id: (each.subject, each.application_id, each.decision_digest) for each in told}


def test_it_decides_nothing_before_it_has_asked_both(world: World, lost: Lost) -> None:
    events, told = lost
    database, others = put_back(world), Others(told)
    for silent in (TicketDecisionsQuestion, type(None)):
        others.silent = {silent}  # type: ignore[arg-type]
        with pytest.raises(Unavailable):
            asyncio.run(world.hear(events[0]))
        has_asked = asyncio.run(catch_up(database, others))
        assert has_asked is (silent is type(None))
    asyncio.run(world.hear(events[0]))
    assert world.decision_of(events[0].application_id) is not None


@pytest.mark.parametrize("kind", [ToldDecisionsQuestion, TicketDecisionsQuestion])
def test_who_does_not_know_all_itself_is_asked_again(world: World, lost: Lost, kind: type[Question]) -> None:
    """Put back too, it hears its streams once more: what it says meanwhile is not all."""
    _, told = lost
    database, others = put_back(world), Others(told)
    others.hearing = {kind}
    assert not asyncio.run(catch_up(database, others))
    assert database.read_now(lambda store: epochs.is_behind(store.session))
    others.hearing = set()
    assert asyncio.run(catch_up(database, others))


def test_nothing_that_was_prepared_is_let_out_before(world: World) -> None:
    event, anna = small_place.submitted(), Caller("anna", "12345", frozenset({"releaser"}))
    world.set_authority(release_by_person="everything")
    asyncio.run(world.hear(event))
    case_id = world.case_of(event.application_id).id
    database = put_back(world)
    with pytest.raises(Unavailable):
        asyncio.run(world.desk.release(anna, case_id))
    assert _told(world) == []
    asyncio.run(catch_up(database, Others([])))
    asyncio.run(world.desk.release(anna, case_id))
    assert len(_told(world)) == 1


def test_what_is_decided_again_is_the_same_decision(world: World, lost: Lost) -> None:
    events, told = lost
    assert len(told) == 3
    asyncio.run(catch_up(put_back(world), Others(told)))
    for event, metres in zip(events, (2500.0, 2600.0, 1000.0), strict=True):
        world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
        asyncio.run(world.hear(event))
    assert said(_told(world)) == said(told)


def test_what_is_decided_otherwise_has_an_id_that_nobody_has_heard_of(world: World, lost: Lost) -> None:
    events, told = lost
    asyncio.run(catch_up(put_back(world), Others(told)))
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2700.0))
    for event in events[:2]:
        asyncio.run(world.hear(event))
    again = _told(world)
    assert len(again) == 2 and not said(again).keys() & said(told).keys()
    for each in again:
        case_id = case_id_of(ApplicationId(each.application_id), "2026/27")
        assert each.decision_id == decision_id_of(case_id, 2)
        kept = world.database.read_now(lambda store: store.decisions_of(case_id))  # noqa: B023  # it is read at once
        (released,) = [one for one in kept if one.released_at]
        assert (released.round, released.withdrawn_at) == (2, None)


def test_a_decision_that_is_known_by_its_ticket_alone_keeps_its_id(world: World, lost: Lost) -> None:
    """Whoever heard what it said was put back too."""
    events, told = lost
    others = Others(told)
    others.of_application, others.of_signer = [], [each.model_copy(update={"digest": ""}) for each in others.of_signer]
    asyncio.run(catch_up(put_back(world), others))
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2700.0))
    asyncio.run(world.hear(events[0]))
    assert said(_told(world)).keys() < said(told).keys()


def test_an_id_that_no_round_gives_was_given_before_ids_were_derived() -> None:
    event = small_place.submitted()
    place = {"application_id": event.application_id, "decision_id": event.event_id, "digest": "d"}
    assert heard_of(ToldDecision(**place)) is None
    assert heard_of(ToldDecision(**place, school_year="2026/27")) is None


def test_a_decision_about_a_later_school_year_of_the_application_is_known_by_its_first() -> None:
    application_id = small_place.submitted().application_id
    renewed = case_id_of(ApplicationId(application_id), "2028/29")
    decision_id = decision_id_of(renewed, 3)
    told = ToldDecision(decision_id=decision_id, application_id=application_id, school_year="2026/27", digest="d")
    assert heard_of(told) == DecisionElsewhere(renewed, 3, "d")
