"""From an application to a prepared decision, or to a case with the question that a person must answer."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from shared.events import ApplicationSubmitted, ApplicationWithdrawn

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.ids import ApplicationId
from eligibility.workflow.decision.assessor import Assessor
from eligibility.workflow.decision.decision_events import withdrawn_event
from eligibility.workflow.decision.duplicates import doubles_of, put_to_person
from eligibility.workflow.decision.earlier_right import against, put_right_to_person, to_ask
from eligibility.workflow.decision.guard import goes_out_by_itself
from eligibility.workflow.decision.prepared import PreparedCase, prepare_case, withdrawn_before
from eligibility.workflow.decision.release import (
    ReleaseStore,
    drop_prepared,
    release_decision,
)
from eligibility.workflow.decision.right_to_ride import look_up_child
from eligibility.workflow.decision.standing import current_decision, end_decision
from eligibility.workflow.decision.store_case import NewCaseStore, store_case
from eligibility.workflow.decision.verdict import verdict
from eligibility.workflow.desk_ports import ProposalStore
from eligibility.workflow.family.family import ties
from eligibility.workflow.ports import (
    AuditTrail,
    CaseContents,
    CaseReader,
    CaseStates,
    DecisionReader,
    DecisionWriter,
    Environment,
    FamilyChanges,
    Outbox,
    Records,
    RouteMeasurer,
)

FAMILY = "family"
"""In the audit trail, who acted: the account is known to the service `application` alone."""


class SubmittedStore(NewCaseStore, ReleaseStore, CaseReader, AuditTrail, Protocol):
    """The store, as an application is decided in it."""


class WithdrawnStore(
    CaseStates,
    DecisionReader,
    DecisionWriter,
    Outbox,
    CaseContents,
    FamilyChanges,
    ProposalStore,
    CaseReader,
    AuditTrail,
    Protocol,
):
    """The store, as an application is withdrawn in it."""


class Decide:
    """Hears application.submitted and application.withdrawn. The handlers do the long work and return a step."""

    def __init__(self, records: Records, walking: RouteMeasurer, environment: Environment) -> None:
        self._assessor = Assessor(records, walking)
        self._environment = environment

    async def submitted(self, event: ApplicationSubmitted) -> Callable[[SubmittedStore], None]:
        """Decide; in the transaction, keep the case and the decision, and let it out where the authority lets the
        machine do so."""
        return partial(self._keep, await self.prepare(event))

    async def prepare(self, event: ApplicationSubmitted) -> PreparedCase:
        """What the rules say of these facts.

        1. Look up authority, school and home in own tables, and measure the way to the school attended and to nearer
        schools of the same form. 2. Judge what was found: facts, dangers, rules, doubts. 3. Write down what is kept.
        """
        # 1.
        assessment = await self._assessor.assess(event)
        # 2.
        found = verdict(assessment)
        # 3.
        return prepare_case(assessment, found, self._environment.keys, self._environment.now())

    async def withdrawn(self, event: ApplicationWithdrawn) -> Callable[[WithdrawnStore], None]:
        """The step that ends case and decisions of an application that the family withdrew."""
        return partial(self._withdraw, event)

    def _keep(self, prepared: PreparedCase, store: SubmittedStore) -> None:
        """1. Only what is not known yet: told twice, or withdrawn before it was decided, it stays as it is. 2. A second
        application for a child is put to a person, and so is a child whose right to ride was revoked or is suspended.
        3. Keep it, and let it out where the machine may."""
        # 1.
        if store.case_of(prepared.case.application_id) is not None:
            return
        # 2.
        now = self._environment.now()
        found = doubles_of(store, prepared, now)
        if found:
            prepared = put_to_person(store, prepared, found, now)
        known = look_up_child(store, prepared.case, self._environment.keys)
        standing = against(store, prepared.case, self._environment.keys, ties(prepared.event), known)
        prepared = put_right_to_person(prepared, to_ask(standing, prepared.case))
        # 3.
        kept = store_case(store, prepared)
        if kept.decision is not None and goes_out_by_itself(
            store, kept.policy, kept.authority, kept.case, kept.decision, now
        ):
            release_decision(
                store,
                kept.authority,
                kept.case,
                kept.decision,
                by="rules",
                environment=self._environment,
                standing=standing,
                child=known.child,
            )

    def _withdraw(self, event: ApplicationWithdrawn, store: WithdrawnStore) -> None:
        """A grant ends; what is not decided is withdrawn; a withdrawal that came first is remembered."""
        now = self._environment.now()
        cases = store.cases_of(ApplicationId(event.application_id))
        if not cases:
            store.add_case(withdrawn_before(event))
        for case in cases:  # of each school year
            if case.state != "withdrawn":
                _end_case(case, now, store)
                store.audit(
                    authority_id=case.authority_id,
                    subject=FAMILY,
                    act=ActKind.WITHDRAWN,
                    case_id=case.id,
                    now=now,
                    detail={"withdrawal": str(event.withdrawal_id), "at": event.occurred_at.isoformat()},
                )


def _end_case(case: Case, now: datetime, store: WithdrawnStore) -> None:
    """With it goes whatever was prepared or proposed: nobody can let it out any more."""
    decision = current_decision(store, case)
    answered = case.state == "refused"  # nothing is left to withdraw
    drop_prepared(store, case, "application_withdrawn", now)
    store.close_proposals(case.id, "withdrawn", FAMILY, now)
    store.set_state(case.id, "withdrawn", now)
    store.family_changed(case.id, now)
    if decision is not None and decision.outcome == "granted":
        end_decision(store, case, decision, "application_withdrawn", now)
    elif not answered:
        store.emit(withdrawn_event(case, None, "application_withdrawn", now))
