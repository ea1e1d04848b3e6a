"""Cases as JSON: what the authority's people see."""

from dataclasses import asdict
from datetime import date
from typing import Any

from eligibility.api.desk.attendance_json import attendance_json
from eligibility.api.desk.delivery_json import delivery_json, dispatch_json, remedy_json
from eligibility.api.desk.document_json import documents
from eligibility.api.desk.trail import acts
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Question
from eligibility.domain.message import Message
from eligibility.domain.terms import DatedCents, Terms
from eligibility.domain.ticket import KnownTicket, TicketRequest
from eligibility.workflow import CaseFile
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.decision.guard import change_date, hearing_of, proposed_end
from eligibility.workflow.desk.case_file import KeptNotice
from eligibility.workflow.desk.differences import differences
from eligibility.workflow.desk.limits import limit_of


def short(case: Case, decision: Decision | None, proposed_by: str | None = None) -> dict[str, Any]:
    """A case as a list shows it.

    Args:
        decision: its latest.
        proposed_by: who proposed another one that nobody has confirmed yet.
    """
    return {
        "id": case.id,
        "application_id": case.application_id,
        "state": case.state,
        "school_number": case.school_number,
        "school_year": case.school_year,
        "opened_at": case.opened_at,
        "assigned_to": case.assigned_to,
        "assigned_at": case.assigned_at,
        "outcome": decision.outcome if decision else None,
        "override_proposed_by": proposed_by,
        "questions": [each["text"] for each in case.reasons if each["result"] == "question"] if is_open(case) else [],
    }


def is_open(case: Case) -> bool:
    """Its questions wait for an answer. Once decided, they were answered by the decision."""
    return case.state == "review"


def whole(file: CaseFile, proposed: Decision | None = None) -> dict[str, Any]:
    """All that is kept of a case.

    Args:
        proposed: what waits for a second person, as the decision that it will be.
    """
    case, decision, proposal = file.case, file.decision, file.proposal
    return {
        **short(case, decision, proposal.proposed_by if proposal else None),
        "submission": case.submission,
        "reasons": [each for each in case.reasons if is_open(case) or each["result"] != "question"],
        "settled_questions": [
            each["text"] for each in case.reasons if each["result"] == "question" and not is_open(case)
        ],
        "dangers": case.dangers,
        "facts": case.facts,
        "ways": decision.routes if decision and case.state != "review" else case.routes,
        "decision": decision and decision_json(decision),
        "decisions": [decision_json(each) for each in file.decisions],
        "asked": [_question(each, file.today, waits=case.state in WORK) for each in file.questions],
        "override": proposal
        and {
            "proposed_by": proposal.proposed_by,
            "proposed_at": proposal.proposed_at,
            **proposal.content,
            "decision": proposed and decision_json(proposed),
        },
        "in_force": file.grant and decision_json(file.grant),
        "ending": _ending(file),
        "limit": (limit := limit_of(case)) and {"grounds": limit.grounds, "proposed_valid_until": limit.until},
        "change": _change(file),
        "notices": [_notice(each) for each in file.notices],
        "messages": [_message(each, file.today) for each in file.messages],
        "ticket_waits": file.quota_until and {"reason": "signature_quota", "until": file.quota_until},
        "attendance": attendance_json(file),
        "tickets": [_of_ticket(each) for each in file.tickets],
        "ticket_requests": [_of_request(each) for each in file.ticket_requests],
        "documents": documents(file),
        "acts": acts(file),
    }


def _of_ticket(ticket: KnownTicket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "organisation_id": ticket.organisation_id,
        "state": ticket.state,
        "reason": ticket.reason or None,
        "since": ticket.since,
        "valid_from": ticket.valid_from,
        "valid_until": ticket.valid_until,
        "last_day": ticket.last_day,
    }


def _of_request(request: TicketRequest) -> dict[str, Any]:
    return {
        "request_id": request.request_id,
        "number": request.number,
        "change": request.change,
        "reason": request.reason,
        "asked_by": request.asked_by,
        "asked_at": request.asked_at,
        "state": request.state,
        "refused": request.refused or None,
        "answered_at": request.answered_at,
    }


def _ending(file: CaseFile) -> dict[str, Any] | None:
    """What the family would lose by the decision that is prepared, and what is missing before it may go out."""
    stake = file.stake
    if stake is None:
        return None
    heard = hearing_of(file.questions, file.case, stake.grant, file.today)
    return {
        "grant_id": stake.grant.id,
        "losses": stake.losses,
        "until": stake.last,
        "heard_on": heard.day if heard else None,
        "heard_until": heard.until if heard else None,
        "proposed_end": proposed_end(change_date(file.case), stake.last, file.today),
    }


def _change(file: CaseFile) -> dict[str, Any] | None:
    """What the family told last; and part by part all that it told since the decision in force, beside what that
    rests on."""
    if not file.changes:
        return None
    told = file.changes[-1]
    found = differences(file.changes[0].before, file.told)
    return {
        "number": told.number,
        "told_at": told.told_at,
        "changed_from": told.changed_from,
        "answer": told.answer,
        "leaves_for": told.leaves_for,
        "differences": [{"field": name, "before": before, "now": now} for name, before, now in found],
    }


def _question(question: Question, today: date, *, waits: bool) -> dict[str, Any]:
    """`waits`: the case is not decided, so that the answer still matters."""
    return {
        "id": question.id,
        "text": question.text,
        "text_en": question.text_en,
        "due": question.due,
        "asked_at": question.asked_at,
        "asked_by": question.asked_by,
        "answered_at": question.answered_at,
        "answer": question.answer,
        "hearing": question.hearing,
        "overdue": waits and question.is_overdue(today),
    }


def _message(message: Message, today: date) -> dict[str, Any]:
    """A text, or a document, which is among `documents` by the same id."""
    return {
        "id": message.id,
        "kind": "document" if message.is_document else "text",
        "text": message.text,
        "told_at": message.told_at,
        "question_id": message.question_id,
        "with_change": message.with_change,
        "look_by": message.look_by,
        "overdue": message.is_overdue(today),
        "read_at": message.read_at,
        "read_by": message.read_by,
    }


def _notice(notice: KeptNotice) -> dict[str, Any]:
    return {
        "decision_id": notice.decision.id,
        "token": notice.token,
        "written_at": notice.written_at,
        "deliveries": [delivery_json(each) for each in notice.deliveries],
        "remedy": remedy_json(notice.remedy),
        "dispatches": [dispatch_json(each) for each in notice.dispatches],
        "other_recipients": [
            {"recipient": each, "remedy": remedy_json(until)} for each, until in sorted(notice.others.items())
        ],
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """As `eligibility evaluate` prints it, with metres, geometry, versions and what became of it."""
    tested = decision.routes.get("nearest") or decision.routes.get("attended") or {}
    return {
        "outcome": decision.outcome,
        "limit_m": decision.limit_m,
        "own_share_cents": decision.own_share_cents,
        "covered_cents": decision.covered_cents,
        **terms_json(decision.terms),
        "reasons": decision.reasons,
        "rules_version": decision.rules_version,
        "decision_id": decision.id,
        "distance_m": decision.distance_m,
        "geometry": tested.get("geometry"),
        "network": tested.get("network"),
        "facts": decision.facts,
        "valid_from": decision.valid_from,
        "valid_until": decision.valid_until,
        "decided_by": decision.decided_by,
        "prepared_at": decision.prepared_at,
        "released_at": decision.released_at,
        "released_by": decision.released_by,
        "round": decision.round,
        "because": decision.because,
        "withdrawn_at": decision.withdrawn_at,
        "ended_because": decision.ended_because,
        "ended_on": decision.ended_on,
        "ends": decision.terms.ends and asdict(decision.terms.ends),
    }


def terms_json(terms: Terms) -> dict[str, Any]:
    """What the rule set's choices made of the decision."""
    offer = terms.offer
    return {
        "product": terms.product and {"key": terms.product, "name": terms.product_name},
        "transport": terms.transport,
        "allowance_cents": terms.allowance_cents,
        "kilometre_cents": terms.kilometre_cents,
        "own_share_changes": _dated(terms.own_share_changes, "own_share_cents"),
        "own_share_from": terms.share_from,
        "ticket_from": terms.ticket_from,
        "reimbursed_until": terms.reimbursed_until,
        "grant_id": terms.grant_id,
        "approval": "standing" if terms.standing else "yearly",
        "solidarity": terms.solidarity,
        "ground": "self_payer" if terms.self_payer else None,
        "offer": offer
        and {
            "product": {"key": offer.product, "name": offer.name},
            "prices": _dated(offer.prices, "cents"),
            "valid_until": offer.last,
            "solidarity": offer.solidarity,
            "source": offer.source,
        },
    }


def _dated(amounts: tuple[DatedCents, ...], name: str) -> list[dict[str, Any]]:
    return [{"from": day, name: cents} for day, cents in amounts]
