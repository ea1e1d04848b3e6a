"""What people did in an hour that a restored eligibility has lost: what ended is over here too, what was decided in its
place is asked of a person once more, and all of it is named one by one."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from eligibility.domain.ids import ApplicationId, CaseId, case_id_of
from eligibility.workflow import MeasuredRoutes, reconcile
from eligibility.workflow.catch_up import CatchingUp
from eligibility.workflow.decision.elsewhere import RULE
from eligibility.workflow.desk.persons_decision import PersonsDecision
from eligibility.workflow.reconcile import LostAct, Reconciliation, What
from shared.bus import epochs
from shared.errors import Unavailable
from shared.events import (
    ApplicationSubmitted,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Event,
)
from shared.identity import Caller
from shared.questions import DecisionsReply, Question, ToldAct, ToldActsQuestion, ToldActsReply, ToldDecision
from support.answers import Answer, as_asked
from support.eligibility import small_place
from support.eligibility.siblings import withdrawal
from support.eligibility.world import World, open_world

ANNA, BERND = (Caller(name, "12345", frozenset({"case_worker", "releaser"})) for name in ("anna", "bernd"))
KINDS = {EligibilityGranted: "granted", EligibilityRefused: "refused", EligibilityWithdrawn: "grant_ended"}
ENDED = PersonsDecision(
    outcome="refused",
    reason="Der Weg wurde neu gebaut.",
    legal_basis="§ 49 VwVfG NRW",
    ends_on=date(2026, 12, 31),
    hearing_exception="1",
    hearing_why="Die Familie ist verzogen, niemand ist zu erreichen.",
)


class Others:
    """What application, which was told all of it, and a signer without tickets answer."""

    def __init__(self, *told: Event, known_as: str = "") -> None:
        self.told, self.known_as = told, known_as

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        if isinstance(question, ToldActsQuestion):
            return as_asked(ToldActsReply(acts=tuple(self._acts())), answer)
        if question.subject.startswith("signer"):
            return as_asked(DecisionsReply(decisions=()), answer)
        return as_asked(DecisionsReply(decisions=tuple(self._decisions())), answer)

    def _decisions(self) -> Iterator[ToldDecision]:
        ends = {each.decision_id: each for each in self.told if isinstance(each, EligibilityWithdrawn)}
        for each in self.told:
            if isinstance(each, EligibilityGranted | EligibilityRefused):
                end = ends.get(each.decision_id)
                said: dict[str, object] = {}
                if end is not None:
                    said = {"ended_at": end.occurred_at, "ended_because": self.known_as or end.reason}
                    said |= {"ended_on": end.ends_on}
                yield ToldDecision(
                    decision_id=each.decision_id,
                    application_id=each.application_id,
                    school_year="2026/27",
                    digest=each.decision_digest or "",
                    outcome=KINDS[type(each)],
                    **said,
                )

    def _acts(self) -> Iterator[ToldAct]:
        for each in self.told:
            if isinstance(each, EligibilityGranted | EligibilityRefused | EligibilityWithdrawn):
                place = {"application_id": each.application_id, "reference": str(each.decision_id)}
                yield ToldAct(kind=KINDS[type(each)], at=each.occurred_at, **place)


def case_of(event: ApplicationSubmitted) -> CaseId:
    return case_id_of(ApplicationId(event.application_id), "2026/27")


def named(lost: list[LostAct]) -> list[tuple[What, str]]:
    return [(each.what, each.reference) for each in lost]


Ended = tuple[ApplicationSubmitted, list[Event]]
"""What was heard, and what was told of it."""


@pytest.fixture
async def ended(empty_database: Path, tmp_path: Path) -> Ended:
    """The world that is lost: granted by the rules, ended by two persons on a day to come."""
    event = small_place.submitted()
    with open_world(empty_database, tmp_path / "lost.db") as world:
        world.set_authority(release_by_person="nothing")
        await world.hear(event)
        await world.handling.propose(ANNA, case_of(event), ENDED)
        await world.handling.confirm(BERND, case_of(event))
        return event, [*world.told()]


class PutBackToo(Others):
    """Both were put back as well. Application does not have the application any more; the signer has heard again which
    decisions there were, and who is asked `hearing` has not yet."""

    hearing = ""

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        is_whole = not (self.hearing and question.subject.startswith(self.hearing))
        if isinstance(question, ToldActsQuestion):
            return as_asked(ToldActsReply(acts=(), is_whole=is_whole), answer)
        if question.subject.startswith("application"):
            return as_asked(DecisionsReply(decisions=(), is_whole=is_whole), answer)
        told = tuple(each.model_copy(update={"ended_because": ""}) for each in self._decisions())
        return as_asked(DecisionsReply(decisions=told, is_whole=is_whole), answer)


async def put_back(world: World, others: Others) -> None:
    world.set_authority(release_by_person="nothing")
    world.database.write_now(lambda store: epochs.raise_epoch(store.session, "eligibility", world.clock[0]))
    assert await CatchingUp(world.database, others, lambda: world.clock[0]).catch_up()


@pytest.mark.parametrize("granted", ["before the copy", "after it"])
async def test_what_a_person_ended_is_over_here_too_and_a_person_is_asked_once_more(
    world: World, ended: Ended, granted: str
) -> None:
    event, told = ended
    others = Others(*told)
    if granted == "before the copy":
        world.set_authority(release_by_person="nothing")
        await world.hear(event)
        await put_back(world, others)
    else:
        await put_back(world, others)
        await world.hear(event)
    (decision,) = world.database.read_now(lambda store: store.decisions_of(case_of(event)))
    assert (decision.ended_because, decision.ended_on) == ("decided_anew", date(2026, 12, 31))
    case = world.case_of(event.application_id)
    assert case.state == "review" and RULE in {each["rule"] for each in case.reasons}
    assert not world.told_of(event, EligibilityWithdrawn), "the others know it"
    # the refusal is named until somebody has decided once more
    lost = await Reconciliation(world.database, others).lost()
    (refused,) = (each for each in told if isinstance(each, EligibilityRefused))
    assert named(lost) == [(What.DECISION, str(refused.decision_id))]
    assert lost[0].case is not None and lost[0].case.id == case_of(event)
    await world.desk.decide(ANNA, case_of(event), ENDED)
    assert world.case_of(event.application_id).state == "refused"
    assert await Reconciliation(world.database, others).lost() == []


async def test_what_ends_by_a_change_is_left_to_the_change_which_is_heard_again(world: World, ended: Ended) -> None:
    event, told = ended
    world.set_authority(release_by_person="nothing")
    await world.hear(event)
    others = Others(*told, known_as="facts_changed")
    await put_back(world, others)
    assert world.case_of(event.application_id).state == "granted"
    assert {each.what for each in await Reconciliation(world.database, others).lost()} == {What.DECISION, What.END}


async def test_a_withdrawal_in_a_lost_hour_ends_the_case_when_it_is_heard(world: World, ended: Ended) -> None:
    event, told = ended
    world.set_authority(release_by_person="nothing")
    await world.hear(event)
    await put_back(world, Others(*told, known_as="application_withdrawn"))
    assert world.case_of(event.application_id).state == "granted"
    await world.hear(withdrawal(event))
    assert world.case_of(event.application_id).state == "withdrawn"


async def granted_elsewhere(empty_database: Path, tmp_path: Path) -> tuple[ApplicationSubmitted, list[Event]]:
    event = small_place.submitted()
    with open_world(empty_database, tmp_path / "lost.db") as lost:
        lost.set_authority(release_by_person="nothing")
        await lost.hear(event)
        return event, [*lost.told()]


async def test_a_grant_made_otherwise_takes_the_place_of_the_one_that_only_others_know(
    world: World, empty_database: Path, tmp_path: Path
) -> None:
    event, told = await granted_elsewhere(empty_database, tmp_path)
    (first,) = (each for each in told if isinstance(each, EligibilityGranted))
    await put_back(world, Others(*told))
    world.measurer.answer = MeasuredRoutes(small_place.measurement(2700.0))
    await world.hear(event)
    ended, again = (each for each in world.told() if isinstance(each, EligibilityGranted | EligibilityWithdrawn))
    assert isinstance(ended, EligibilityWithdrawn) and isinstance(again, EligibilityGranted)
    assert (ended.decision_id, ended.decision_digest) == (first.decision_id, first.decision_digest)
    assert (ended.followed_by, ended.ends_on) == (again.decision_id, None)
    assert again.decision_id != first.decision_id
    # said once: the next decision ends this one alone
    await world.hear(withdrawal(event))
    assert len(world.told_of(event, EligibilityWithdrawn)) == 2


async def test_no_machine_refuses_what_was_granted_in_a_lost_hour(
    world: World, empty_database: Path, tmp_path: Path
) -> None:
    event, told = await granted_elsewhere(empty_database, tmp_path)
    others = Others(*told)
    await put_back(world, others)
    world.measurer.answer = MeasuredRoutes(small_place.measurement(1000.0))
    await world.hear(event)
    assert world.case_of(event.application_id).state == "prepared"
    assert not world.told_of(event, EligibilityRefused)
    assert [each.what for each in await Reconciliation(world.database, others).lost()] == [What.DECISION]
    # a person does, and the ticket that only others know of ends
    await world.desk.release(ANNA, case_of(event))
    assert world.told_of(event, EligibilityRefused)
    assert world.told_of(event, EligibilityWithdrawn)
    assert await Reconciliation(world.database, others).lost() == []


async def test_questions_and_messages_of_a_lost_hour_are_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    event = small_place.submitted()
    world.set_authority(release_by_person="nothing")
    await world.hear(event)
    later = world.clock[0] + timedelta(minutes=5)
    place = {"application_id": event.application_id, "at": later}
    question, message = str(uuid4()), str(uuid4())

    class Acts(Others):
        def _acts(self) -> Iterator[ToldAct]:
            yield ToldAct(kind="question_asked", reference=question, **place)
            yield ToldAct(kind="message_read", reference=message, **place)

    tried: list[int] = []
    monkeypatch.setattr(reconcile, "decision_id_of", lambda _, number: tried.append(number))
    lost = await Reconciliation(world.database, Acts()).lost()
    assert named(lost) == [(What.QUESTION, question), (What.MESSAGE_READ, message)]
    assert tried == [], "in a large town there are a million of these, and half a millisecond of ids for each"


async def test_withdrawals_of_two_applications_in_a_lost_hour_are_both_named(world: World) -> None:
    """They end no decision, so that none of the two has a reference."""
    applications = [uuid4(), uuid4()]

    class Acts(Others):
        def _acts(self) -> Iterator[ToldAct]:
            for each in applications:
                yield ToldAct(kind="grant_ended", application_id=each, reference="", at=world.clock[0])

    lost = await Reconciliation(world.database, Acts()).lost()
    assert [(each.what, each.application_id) for each in lost] == [(What.END, each) for each in applications]


async def test_what_application_has_lost_too_is_named_by_what_the_signer_has_heard(world: World, ended: Ended) -> None:
    """A grant that was made and ended by a person within the lost hour: its end is learnt, and the refusal, of which
    there is no ticket, is named until a person has decided once more."""
    event, told = ended
    others = PutBackToo(*told)
    await put_back(world, others)
    await world.hear(event)
    assert world.case_of(event.application_id).state == "review"
    (refused,) = (each for each in told if isinstance(each, EligibilityRefused))
    assert named(await Reconciliation(world.database, others).lost()) == [(What.DECISION, str(refused.decision_id))]
    await world.desk.decide(ANNA, case_of(event), ENDED)
    (again,) = world.told_of(event, EligibilityRefused)
    assert again.decision_id != refused.decision_id, "it says another day of its own, and would be taken for a conflict"
    assert await Reconciliation(world.database, others).lost() == []


@pytest.mark.parametrize("hearing", ["application", "signer"])
async def test_nothing_is_named_as_though_it_were_all_while_one_of_the_two_still_hears(
    world: World, ended: Ended, hearing: str
) -> None:
    others = PutBackToo(*ended[1])
    others.hearing = hearing
    with pytest.raises(Unavailable, match="still hears"):
        await Reconciliation(world.database, others).lost()


async def test_nothing_is_named_before_it_has_caught_up_itself(world: World, ended: Ended) -> None:
    world.database.write_now(lambda store: epochs.raise_epoch(store.session, "eligibility", world.clock[0]))
    with pytest.raises(Unavailable, match="catching up"):
        await Reconciliation(world.database, Others(*ended[1])).lost()


async def test_of_an_application_that_its_family_has_withdrawn_nothing_is_to_be_decided_once_more(
    world: World, ended: Ended
) -> None:
    event, told = ended
    world.set_authority(release_by_person="everything")
    await world.hear(event)
    await world.hear(withdrawal(event))
    others = PutBackToo(*told)
    assert world.case_of(event.application_id).state == "withdrawn"
    assert await Reconciliation(world.database, others).lost() == []
