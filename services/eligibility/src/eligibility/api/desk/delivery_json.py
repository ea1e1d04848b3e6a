"""How a notice was delivered, as JSON: moments in UTC, days by Germany's calendar."""

from typing import Any

from eligibility.domain.desk import Delivery
from eligibility.domain.dispatch import Dispatch, DispatchStep
from eligibility.notice.remedy_period import Remedy
from eligibility.workflow.delivery.proof import DeliveryProof


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """One way by which it reached somebody, or was sent."""
    return {
        "channel": delivery.channel,
        "day": delivery.day,
        "noted_at": delivery.noted_at,
        "noted_by": delivery.noted_by,
        "consent": delivery.consent,
        "instruction_faulty": delivery.instruction_faulty,
        "recipient": delivery.recipient,
        "provided_at": delivery.provided_at,
        "announced_at": delivery.announced_at,
        "excluded": delivery.excluded,
        "failed_at": delivery.failed_at,
    }


def remedy_json(until: Remedy) -> dict[str, Any]:
    """The period of one addressee."""
    return {
        "notified": until.notified,
        "last_day": until.last_day,
        "over": until.over,
        "legal_basis": until.legal_basis,
        "certainty": until.certainty,
        "by": [
            {"channel": each.channel, "sent": each.sent, "notified": each.notified, "last_day": each.last_day}
            for each in until.deliveries
        ],
        "hint": until.hint and {"de": until.hint.de, "en": until.hint.en},
    }


def dispatch_json(dispatch: Dispatch) -> dict[str, Any]:
    """One try to bring it to one addressee."""
    return {
        "id": dispatch.id,
        "recipient": dispatch.recipient,
        "channel": dispatch.way,
        "state": dispatch.state,
        "since": dispatch.since,
        "provided_at": dispatch.provided_at,
        "announced_at": dispatch.announced_at,
        "day": dispatch.day,
        "failure": dispatch.failure,
    }


def proof_json(proof: DeliveryProof) -> dict[str, Any]:
    """Everything that happened to a notice on its way, and what follows from it."""
    return {
        "decision_id": proof.decision.id,
        "case_id": proof.decision.case_id,
        "written_at": proof.written_at,
        "proven_at": proof.now,
        "recipients": [
            {
                "recipient": each.recipient,
                "name": each.name,
                "remedy": remedy_json(each.remedy),
                "deliveries": [delivery_json(one) for one in each.deliveries],
                "dispatches": [
                    dispatch_json(one) | {"steps": [_step(step) for step in proof.steps if step.dispatch_id == one.id]}
                    for one in each.dispatches
                ],
            }
            for each in proof.recipients
        ],
    }


def _step(step: DispatchStep) -> dict[str, Any]:
    return {
        "number": step.number,
        "state": step.state,
        "at": step.at,
        "noted_at": step.noted_at,
        "by": step.by,
        "reason": step.reason,
        "day": step.day,
    }
