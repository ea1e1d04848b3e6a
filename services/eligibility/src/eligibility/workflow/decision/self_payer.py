"""A family takes the ticket that its refusal offers: a decision beside the refusal, which stays what it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.events import ApplicationSelfPayerChosen

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision, in_turn
from eligibility.domain.ids import ApplicationId
from eligibility.domain.terms import Offer, Terms
from eligibility.rules import texts
from eligibility.rules.findings import as_dict
from eligibility.workflow.access import authority_of
from eligibility.workflow.decision.decision_events import told_offer
from eligibility.workflow.decision.duplicates import doubles_of_case, duplicate, note_doubles
from eligibility.workflow.decision.earlier_right import asked_of
from eligibility.workflow.decision.prepared import review_opened
from eligibility.workflow.decision.release import ReleaseStore, release_decision
from eligibility.workflow.decision.standing import released_decisions
from eligibility.workflow.ports import AuditTrail, AuthorityReader, CaseReader, ChildStore, Environment, FamilyChanges

FAMILY = "family"


class SelfPayerStore(ReleaseStore, ChildStore, FamilyChanges, AuthorityReader, CaseReader, AuditTrail, Protocol):
    """The store, as a family takes its offer in it."""


class SelfPayers:
    """Hears application.self_payer_chosen."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def chosen(self, event: ApplicationSelfPayerChosen) -> Callable[[SelfPayerStore], None]:
        """The authority offered it with the refusal, and its price is kept there: nothing is left to decide."""
        return partial(self._grant, event)

    def _grant(self, event: ApplicationSelfPayerChosen, store: SelfPayerStore) -> None:
        """1. Only what this refusal offers, while it stands, and once. 2. Keep the grant. 3. Let it out, or leave that
        to a person where the child has another application by now, or its right to ride was revoked.

        The refusal is not touched: neither its notice nor the period for an action against it.
        """
        # 1.
        case = store.case_of(ApplicationId(event.application_id))
        if case is None or case.authority_id != event.authority_id or case.state == "withdrawn":
            return  # laid down by a withdrawal that overtook the order: its refusal stands still
        stand, known = released_decisions(store, case), store.decisions_of(case.id)
        refusal = next((each for each in stand if each.id == event.decision_id), None)
        offer = refusal.terms.offer if refusal else None
        if refusal is None or offer is None or any(each.terms.self_payer and not each.withdrawn_at for each in known):
            return
        first = begins(event, offer, day_in_berlin(self._environment.now()))
        if first > offer.last:
            return  # too late: the family was not offered it any more
        # 2.
        made = in_turn(bought(event, refusal, offer, first), known)
        store.add_decision(made)
        self._note(store, case, made)
        # 3.
        if not self._needs_person(store, case, made):
            release_decision(
                store, authority_of(store, case.authority_id), case, made, by=FAMILY, environment=self._environment
            )

    def _needs_person(self, store: SelfPayerStore, case: Case, made: Decision) -> bool:
        now = self._environment.now()
        found = doubles_of_case(store, case, self._environment.keys, now)
        questions = [duplicate(found)] if found else []
        questions += asked_of(store, case, self._environment.keys)
        if questions:
            asked = replace(case, reasons=(*map(as_dict, questions), *made.reasons), opened_at=now)
            store.set_reasons(case.id, asked.reasons)
            store.set_state(case.id, "prepared", now)
            store.emit(review_opened(asked))
        if found:
            note_doubles(store, case, found, now)
        return bool(questions)

    def _note(self, store: AuditTrail, case: Case, made: Decision) -> None:
        store.audit(
            authority_id=case.authority_id,
            subject=FAMILY,
            act=ActKind.SELF_PAYER_ORDERED,
            case_id=case.id,
            now=self._environment.now(),
            detail={"decision": str(made.id)},
        )


def begins(event: ApplicationSelfPayerChosen, offer: Offer, today: date) -> date:
    """By the day of the order; where that is heard of only after the ticket should have begun, by today: no month is
    paid for without a ticket."""
    told = told_offer(offer)
    first = told.begins(day_in_berlin(event.occurred_at))
    return first if first >= today else told.begins(today)


def bought(event: ApplicationSelfPayerChosen, refusal: Decision, offer: Offer, first: date) -> Decision:
    """A grant of kind self-payer: its own share is the price, later prices are its changes."""
    price = told_offer(offer).price(first)
    (german, english) = texts.euros(price)
    reason = {
        "rule": "self_payer",
        "result": "met",
        "legal_basis": offer.source or "Angebot des Schulträgers",
        "text": f"Die Familie kauft das {offer.name} selbst, für {german} im Monat.",
        "text_en": f"The family buys the ticket {offer.name} itself, for {english} a month.",
    }
    return Decision(
        id=refusal.id,  # until it is counted
        case_id=refusal.case_id,
        authority_id=refusal.authority_id,
        outcome="granted",
        valid_from=first,
        valid_until=offer.last,
        own_share_cents=price,
        covered_cents=refusal.covered_cents,
        distance_m=refusal.distance_m,
        limit_m=refusal.limit_m,
        reasons=(reason,),
        rules_version=refusal.rules_version,
        facts=refusal.facts,
        routes=refusal.routes,
        decided_by=FAMILY,
        prepared_at=event.occurred_at,
        terms=Terms(
            product=offer.product,
            product_name=offer.name,
            own_share_changes=tuple((day, cents) for day, cents in offer.prices if day > first),
            solidarity=offer.solidarity,
            self_payer=True,
        ),
    )
