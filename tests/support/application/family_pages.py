"""The families' pages, as the browser of a family sees them: real tokens of the demo's identity provider."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from application import api
from application.checks.key_tables import school_keys
from application.consumer import handlers
from application.domain.ids import ApplicationId, Owner
from application.form import EXAMPLE, ApplicationForm
from application.store import SqlStore
from application.workflow import Workflow
from fastapi import FastAPI
from shared.database import Database
from shared.events import (
    DatedCents,
    EligibilityDeliveryChanged,
    EligibilityGranted,
    EligibilityQuestionAsked,
    EligibilityRefused,
    Event,
    PassReady,
    Reason,
    SelfPayerOffer,
    TicketStateChanged,
)
from shared.http import problems
from shared.http.edge import Edge
from shared.sign_in import EndedSessions, IdentityProvider, Sessions, SignInFlow
from support.bundid import StrictBroker
from support.sign_in import SESSION_KEY, DemoIdentity, People, StaffBrowser
from support.standing_app import AppOfWorld, StandingApp, behind_gate
from support.tokens import issuer

URL = "http://antrag.test"
PEOPLE: People = {
    "parent-1": (["guardian"], None),
    "parent-2": (["guardian"], None),
    "parent-3": (["guardian"], None),
    "anna": (["case_worker"], "10261"),
}

REASON = Reason(
    rule="distance", legal_basis="§ 5 Abs. 2 SchfkVO", text="Der Schulweg ist gemessen.", text_en="The way is measured."
)


@dataclass
class FamilyParts:
    """What the pages ask for, of one world."""

    workflow: Workflow
    sign_in: SignInFlow


@cache
def _standing(url: str) -> StandingApp[FamilyParts]:
    def build(world: FamilyParts) -> FastAPI:
        app = FastAPI(openapi_url=None)
        problems.install(app)
        app.include_router(api.family_pages(world.workflow, school_keys(), url, None, world.sign_in))
        behind_gate(app, api.INTERFACE, issuer().identity())
        app.add_middleware(Edge, maximum_body_bytes=262_144, larger=api.LARGER_BODIES)
        return app

    return StandingApp(build)


@dataclass
class FamilyPlace:
    """`clock[0]`: the present moment, which a test sets."""

    app: AppOfWorld
    identity: DemoIdentity
    workflow: Workflow
    database: Database[SqlStore]
    clock: list[datetime]

    async def applied(self, owner: str = "parent-1", **changes: object) -> UUID:
        """An application of this family, handed in now."""
        form = ApplicationForm.model_validate_json(json.dumps(EXAMPLE | changes))
        made = await self.workflow.applications.submit(
            Owner(owner), f"key-{owner}-{self.clock[0]}", form, self.clock[0]
        )
        return made.id

    async def hear(self, event: Event) -> None:
        """As from the bus."""
        await self.database.write(await handlers(self.workflow)[type(event)](event))

    async def refused(self, application_id: UUID) -> None:
        """With the offer to buy the ticket."""
        today = self.clock[0].date()
        offer = SelfPayerOffer(
            product="dt-schule", product_name="Deutschlandticket Schule",
            prices=(DatedCents(valid_from=today, cents=3800),), valid_until=today + timedelta(days=300),
        )  # fmt: skip
        await self.hear(EligibilityRefused(
            **self._head(application_id), decision_id=UUID(int=4), distance_m=1500.0, limit_m=2000,
            reasons=(REASON,), rules_version="nrw", offer=offer, notice_url="https://bescheid.example/v1/notices/a",
        ))  # fmt: skip

    async def granted(self, application_id: UUID, *, ticket: UUID | None = None) -> None:
        """With a ticket that can be fetched."""
        await self.hear(EligibilityGranted(
            **self._head(application_id), decision_id=UUID(int=5), valid_from=date(2026, 9, 2),
            valid_until=date(2027, 7, 31), own_share_cents=1400, distance_m=4321.5, limit_m=3500,
            reasons=(REASON,), rules_version="nrw", notice_url="https://bescheid.example/v1/notices/b",
        ))  # fmt: skip
        ticket = ticket or UUID(int=6)
        head = self._head(application_id) | {"ticket_id": ticket}
        await self.ticket(application_id, ticket)
        await self.hear(PassReady(**head, pass_url="https://pass.example/v1/passes/token"))

    async def ticket(self, application_id: UUID, ticket: UUID, **changes: object) -> None:
        """A step of a ticket under the grant."""
        told = self._head(application_id) | {
            "ticket_id": ticket, "case_id": None, "decision_id": UUID(int=5), "number": 1, "organisation_id": 32838,
            "product": 9995, "valid_from": self.clock[0], "valid_until": self.clock[0] + timedelta(days=300), "step": 1,
            "state": "issued", "happened": "issued",
        }  # fmt: skip
        await self.hear(TicketStateChanged(**(told | changes)))

    async def delivered(self, one: UUID, step: int, state: str, channel: str = "portal", **more: object) -> None:
        """A step of the notice of `granted` or `refused` on its way."""
        values: dict[str, object] = {
            **self._head(one), "dispatch_id": UUID(int=9), "decision_id": UUID(int=5), "step": step, "recipient": 0,
            "channel": channel, "state": state,
        }  # fmt: skip
        await self.hear(EligibilityDeliveryChanged.model_validate(values | more))

    async def withdrawn(self, application_id: UUID, owner: str = "parent-1") -> None:
        """By the family."""
        await self.workflow.applications.withdraw(Owner(owner), ApplicationId(application_id), self.clock[0])

    async def asked(self, application_id: UUID, due: date) -> UUID:
        """For a certificate."""
        question = UUID(int=7)
        await self.hear(EligibilityQuestionAsked(
            **self._head(application_id), question_id=question, case_id=UUID(int=8), text="Bitte reichen Sie das Attest ein.", due=due,
        ))  # fmt: skip
        return question

    def _head(self, application_id: UUID) -> dict[str, object]:
        return {"application_id": application_id, "authority_id": "10261", "occurred_at": self.clock[0]}

    def browser(self) -> StaffBrowser:
        """Of somebody who has not signed in."""
        return StaffBrowser(self.app, URL, self.identity, "/family")

    async def family(self, name: str = "parent-1") -> StaffBrowser:
        """Of somebody who has."""
        browser = self.browser()
        answer = await browser.sign_in(name)
        assert answer.status_code == 303, answer.text
        return browser


def family_place(
    workflow: Workflow,
    database: Database[SqlStore],
    now: datetime,
    url: str = URL,
    provider: IdentityProvider | None = None,
    broker: StrictBroker | None = None,
) -> FamilyPlace:
    """`url`: where the pages are. `provider`: that runs on a port; None: one in memory. `broker`: of BundID."""
    clock = [now]
    identity: DemoIdentity = DemoIdentity(PEOPLE, "family", f"{url}/family/sign-in/back")
    ended = EndedSessions(database, lambda: clock[0])
    sign_in = identity.sign_in(lambda: clock[0], ended=ended)
    if provider is not None:
        sign_in = SignInFlow(Sessions(SESSION_KEY, "family", https=False), provider, lambda: clock[0], ended)
    if broker is not None:
        identity, sign_in = broker, broker.broker_sign_in(lambda: clock[0], ended)
    return FamilyPlace(_standing(url).serving(FamilyParts(workflow, sign_in)), identity, workflow, database, clock)
