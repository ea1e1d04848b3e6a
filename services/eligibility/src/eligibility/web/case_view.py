"""A case as its page shows it: everything is text already, in one language."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from shared.errors import Text
from shared.identity import Caller

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.kept_facts import KeptPupil, KeptUnproven
from eligibility.domain.submission import PersonName
from eligibility.web.end_view import EXCEPTIONS
from eligibility.web.facts_view import OUTCOMES, benefit, sibling_text
from eligibility.web.facts_view import rows as fact_rows
from eligibility.web.formatter import Formatter
from eligibility.web.letters_view import CHANNELS, DISPATCH_CHANNELS, DISPATCH_STATES, period_view
from eligibility.workflow import CaseFile
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.decision.acting import DECLARED
from eligibility.workflow.desk.proofs import may_lower

STATES: dict[str, tuple[str, Text]] = {
    "review": ("warning", Text("Zu prüfen", "To review")),
    "prepared": ("info", Text("Freizugeben", "To release")),
    "granted": ("success", Text("Bewilligt", "Granted")),
    "refused": ("danger", Text("Abgelehnt", "Refused")),
    "withdrawn": ("info", Text("Zurückgenommen", "Withdrawn")),
}
"""KERN's word for the colour, and ours. The words always stand beside the colour."""
ENDINGS = {
    "application_withdrawn": Text("Die Familie hat den Antrag zurückgenommen.", "The family withdrew the application."),
    "facts_changed": Text("Die Angaben haben sich geändert.", "The facts changed."),
    "decided_anew": Text("Neu entschieden.", "Decided anew."),
    "family_changed": Text("Die Reihenfolge der Geschwister hat sich geändert.", "The siblings' order changed."),
}
RESULTS = {
    "met": Text("erfüllt", "met"),
    "not_met": Text("nicht erfüllt", "not met"),
    "question": Text("offen", "open"),
    "note": Text("Hinweis", "note"),
}
WORKERS = frozenset({"case_worker", "releaser"})


@dataclass(frozen=True)
class AllowedActs:
    """What this person may do now; the workflow asks again."""

    take: bool
    give_back: bool
    decide: bool
    release: bool
    propose: bool
    confirm: bool
    drop: bool
    drop_share: bool
    ask: bool
    deliver: bool
    prove: bool
    read: bool
    ticket: bool
    attend: bool
    look: bool


def number(case: Case) -> str:
    """Short enough to be said on the telephone; the list finds a case by it."""
    return str(case.id)[:8].upper()


def name(person: PersonName | None) -> str:
    """Given and family name of a person in the submission; empty after erasure."""
    return f"{person.get('first_name', '')} {person.get('last_name', '')}".strip() if person else ""


def child(case: Case, say: Formatter) -> str:
    """The child's name, or that its data are erased."""
    return name(case.submission.get("child")) or say.t("(Daten gelöscht)", "(data erased)")


def further(case: Case, say: Formatter) -> list[tuple[str, str]]:
    """Each further question as it was asked, and the answer."""
    told = case.submission.get("further")
    return [(each["title"][say.language], each["said"][say.language]) for each in told["answers"]] if told else []


def custody(case: Case, say: Formatter) -> list[tuple[str, str]]:
    """Who may act for the child, as it was declared, and who is the other guardian; empty where it is not asked."""
    told = case.submission.get("custody")
    if told is None:
        return []
    declared = DECLARED.get(told["declared"] or "")
    words = say.text(declared) if declared else say.t("nichts erklärt", "nothing declared")
    lines = [(say.t("Sorgerecht (erklärt)", "Custody (declared)"), words)]
    if second := name(told.get("second_guardian")):
        lines.append((say.t("Zweite sorgeberechtigte Person", "Second guardian"), second))
    return lines


def who(subject: str, caller: Caller, say: Formatter) -> str:
    """Who did something: the rules, the family, `you`, or the OIDC subject of another person."""
    known = {
        "rules": say.t("Regeln (automatisch)", "rules (automatic)"),
        "family": say.t("Familie", "family"),
        "school": say.t("Schule", "school"),
    }
    if subject == caller.subject:
        return say.t("Sie", "you")
    return known.get(subject, subject)


def allowed_acts(file: CaseFile, caller: Caller) -> AllowedActs:
    """Which acts the case's page offers this person. The workflow asks again, so this is no protection."""
    case, roles = file.case, caller.roles
    works, free = bool(roles & WORKERS), case.assigned_to in (None, caller.subject)
    worker, final = "case_worker" in roles, case.state in ("granted", "refused")
    unread = any(each.read_at is None for each in file.messages)
    open_ = case.state in WORK
    waits = file.proposal is not None and case.state != "withdrawn"
    return AllowedActs(
        take=works and case.assigned_to is None and (open_ or waits),
        give_back=case.assigned_to is not None
        and ((works and case.assigned_to == caller.subject) or "administrator" in roles),
        decide=worker and free and case.state == "review" and not waits,
        release=works and free and case.state == "prepared" and not waits,
        propose=worker and free and (case.state == "prepared" or final) and not waits,
        confirm=works and file.may_confirm(caller.subject),
        drop=works and waits,
        drop_share=worker and free and waiting_share(file) is not None and not waits,
        ask=worker and free and (open_ or (case.state == "granted" and file.grant is not None)),
        deliver=works,
        prove=worker and free and may_lower(case, file.decisions),
        read=works and free and unread,
        ticket=worker and free,
        attend=worker and free and file.may_prove_attendance,
        look=works and free and file.must_look_at_school,
    )


def waiting_share(file: CaseFile) -> Decision | None:
    """A new own share that waits for a person, beside a grant that goes on."""
    last = file.decision
    is_share = last is not None and last.terms.grant_id is not None and last.released_at is None
    return last if is_share and file.case.state == "prepared" else None


def reasons(found: tuple[dict[str, Any], ...], say: Formatter) -> list[dict[str, str]]:
    """Text, paragraph and result; a person's reason exists in German alone."""
    return [
        {
            "text": each["text"] if say.language == "de" else each.get("text_en") or each["text"],
            "basis": each["legal_basis"],
            "kind": each["result"],
            "result": say.text(RESULTS[each["result"]]) if each["result"] in RESULTS else "",
        }
        for each in found
    ]


def decision(one: Decision, caller: Caller, today: date, say: Formatter) -> dict[str, Any]:
    """A decision as its box on the case's page shows it.

    Args:
        today: whether an end is still to come.
    """
    colour, _ = STATES[one.outcome]
    found = reasons(one.reasons, say)
    return {
        "id": one.id,
        "colour": colour,
        "outcome": say.text(OUTCOMES[one.outcome]),
        "granted": one.outcome == "granted",
        "period": f"{say.day(one.valid_from)} – {say.day(one.valid_until)}" if one.valid_from else "",
        "share": say.euros(one.own_share_cents),
        "product": one.terms.product_name,
        "by": who(one.decided_by, caller, say),
        "prepared": say.moment(one.prepared_at),
        "released": say.moment(one.released_at) if one.released_at else "",
        "released_by": who(one.released_by, caller, say) if one.released_by else "",
        "ended": say.moment(one.withdrawn_at) if one.withdrawn_at else "",
        "ends_on": say.day(one.ended_on) if one.ended_on else "",
        "still_runs": one.ended_on is not None and one.ended_on >= today,
        "why_ended": say.text(ENDINGS[one.ended_because]) if one.ended_because in ENDINGS else "",
        "rules_version": one.rules_version,
        "reasons": found,
        "why": next((each["text"] for each in found if each["kind"] == "not_met"), ""),
        "round": one.round,
    }


STANDS_ABOVE: tuple[Literal["school_year", "grade", "wanted_from"], ...] = ("school_year", "grade", "wanted_from")
"""Facts that a page shows among the people."""


def facts(file: CaseFile, say: Formatter) -> list[tuple[str, str]]:
    """Without what stands among the people above them; once those are erased, all."""
    found = file.case.facts.copy()
    if file.case.submission:
        for above in STANDS_ABOVE:
            found.pop(above, None)
        found["pupil"] = (found.get("pupil") or KeptPupil()).copy()
        found["pupil"].pop("birth_date", None)
    return fact_rows(found, say)


def unproven(file: CaseFile, say: Formatter) -> list[tuple[str, str, str]]:
    """Field, value and words of each thing that the family told and that would lower the share if it were proven."""
    told = file.case.facts.get("unproven") or KeptUnproven()
    benefits = [("benefits", each, benefit(each, say)) for each in told.get("benefits") or ()]
    child_of = say.t("Geschwisterkind, ", "sibling, ")
    siblings = [
        ("siblings", each["birth_date"], child_of + sibling_text(each, say)) for each in told.get("siblings") or ()
    ]
    return [*benefits, *siblings]


def question_entries(file: CaseFile, caller: Caller, say: Formatter) -> list[dict[str, Any]]:
    """What the family was asked for, and what it answered."""
    return [
        {
            "text": each.text,
            "due": say.day(each.due),
            "by": who(each.asked_by, caller, say),
            "at": say.moment(each.asked_at),
            "answered": say.moment(each.answered_at) if each.answered_at else "",
            "answer": each.answer,
            "overdue": each.is_overdue(file.today),
            "hearing": each.hearing,
        }
        for each in file.questions
    ]


def proposal(file: CaseFile, caller: Caller, say: Formatter) -> dict[str, str] | None:
    """What another person proposed, in words; None where nothing waits, or the application was withdrawn."""
    found = file.proposal
    if found is None or file.case.state == "withdrawn":
        return None
    content = found.content
    share, exception = content.get("own_share_cents"), content.get("hearing_exception")
    return {
        "outcome": say.text(OUTCOMES[content["outcome"]]),
        "reason": str(content["reason"]),
        "basis": str(content["legal_basis"]),
        "from": say.day(content["valid_from"]) if content.get("valid_from") else "",
        "share": say.euros(share) if share is not None else "",
        "ends_on": say.day(content["ends_on"]) if content.get("ends_on") else "",
        "until": say.day(content["valid_until"]) if content.get("valid_until") else "",
        "exception": say.text(EXCEPTIONS[exception]) if exception in EXCEPTIONS else "",
        "why_unheard": str(content.get("hearing_why") or ""),
        "by": who(found.proposed_by, caller, say),
        "at": say.moment(found.proposed_at),
    }


def notices(file: CaseFile, caller: Caller, say: Formatter) -> list[dict[str, Any]]:
    """The newest first: how each was delivered, and until when it can be challenged."""
    found = []
    for each in reversed(file.notices):
        until = each.remedy
        found.append(
            {
                "decision_id": each.decision.id,
                "outcome": say.text(OUTCOMES[each.decision.outcome]),
                "written": say.moment(each.written_at),
                "deliveries": [
                    (say.day(one.day), say.text(CHANNELS[one.channel]), who(one.noted_by, caller, say))
                    for one in each.deliveries
                ],
                **period_view(until, say),
                "others": [period_view(one, say) for _, one in sorted(each.others.items())],
                "underway": [
                    f"{say.text(DISPATCH_CHANNELS[one.way])}: {say.text(DISPATCH_STATES[one.state])}"
                    for one in each.dispatches
                    if one.is_open or one.state == "returned"
                ],
            }
        )
    return found
