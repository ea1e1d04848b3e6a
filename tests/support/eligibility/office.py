"""An authority at work: what families and its people do, a line each."""

from datetime import timedelta
from uuid import uuid4

from eligibility.domain.decision import FinalOutcome
from eligibility.domain.ending import Ending
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.workflow import MeasuredRoutes, PersonsDecision, Proof, QuestionDraft
from shared.events import ApplicationSubmitted, ApplicationWithdrawn, Person
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.world import World, settled
from support.making import make

ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}), "Anna Beispiel")
BERT = Caller("bert", "12345", frozenset({"case_worker", "releaser"}), "Bert Beispiel")


class Office:
    """An authority in one story: families apply, its people decide. It lets the machine release everything."""

    def __init__(self, world: World) -> None:
        self.world, self.make, self.anna = world, small_place, ANNA
        world.set_authority(release_by_person="nothing")

    async def applies(self, metres: float = 2500.0, **changes: object) -> ApplicationSubmitted:
        return await self.applies_by(MeasuredRoutes(small_place.measurement(metres)), **changes)

    async def applies_by(self, routes: MeasuredRoutes, **changes: object) -> ApplicationSubmitted:
        """`ways`: what is measured."""
        self.world.measurer.answer = routes
        event = small_place.submitted(**{"child": Person(first_name="Ana", last_name="Đặng")} | changes)
        await self.world.hear(event)
        return event

    async def changes(self, event: ApplicationSubmitted, metres: float, **changes: object) -> None:
        self.world.measurer.answer = MeasuredRoutes(small_place.measurement(metres))
        await self.world.hear(small_place.changed(event, **changes))

    async def withdraws(self, event: ApplicationSubmitted) -> None:
        gone = {"authority_id": "12345", "application_id": event.application_id, "withdrawal_id": uuid4()}
        await self.world.hear(ApplicationWithdrawn(occurred_at=self.world.clock[0], **gone))

    def case(self, event: ApplicationSubmitted) -> CaseId:
        """The newest, where there is one for each of two school years."""
        return CaseId(
            self.world.database.read_now(lambda store: store.cases_of(ApplicationId(event.application_id)))[-1].id
        )

    async def decides(
        self, event: ApplicationSubmitted, outcome: FinalOutcome, reason: str, basis: str, **more: object
    ) -> None:
        """By a person, where the rules could not."""
        await self.world.desk.decide(ANNA, self.case(event), make(PersonsDecision, outcome, reason, basis, **more))

    async def overrides(
        self, event: ApplicationSubmitted, outcome: FinalOutcome, reason: str, basis: str, **more: object
    ) -> None:
        """By two people, against the rules."""
        proposed = make(PersonsDecision, outcome, reason, basis, **more)
        await self.world.handling.propose(ANNA, self.case(event), proposed)
        await self.world.handling.confirm(BERT, self.case(event))

    async def recognises(self, event: ApplicationSubmitted, **seen: object) -> None:
        """What a person has seen the proof of."""
        await self.world.workflow.proofs.recognise(ANNA, self.case(event), make(Proof, **seen))

    async def hears(self, event: ApplicationSubmitted, days: int = 14) -> None:
        """A grant is to end: the family is asked what it says to that, and its time passes."""
        day = self.world.clock[0].date() + timedelta(days=days)
        asked = QuestionDraft("Die Bewilligung soll enden.", "The grant is to end.", day, hearing=True)
        await self.world.handling.ask(ANNA, self.case(event), asked)
        self.world.clock[0] += timedelta(days=days + 1)

    async def releases(self, event: ApplicationSubmitted, **ending: object) -> None:
        await self.world.desk.release(ANNA, self.case(event), make(Ending, **ending))

    async def settles(self) -> None:
        """Until the own shares of all families have followed."""
        await settled(self.world.families())

    async def renews(self) -> None:
        """In June, for the next school year."""
        self.world.clock[0] = small_place.JUNE
        await self.world.renewals(small_place.NEXT_YEAR).renew("12345", small_place.NEXT_YEAR, "bert", lambda _: None)
