"""/desk/cases/{case_id}: everything that is kept of a case, on one page, with what this person may do."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shared.errors import NotFound, Problem, Text
from shared.school_names import everyday_name

from eligibility.api.desk.document_json import documents
from eligibility.api.desk.notices import uncached_response
from eligibility.api.desk.trail import acts
from eligibility.api.pages.pages import Form, Pages, Visit
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId
from eligibility.domain.letters import letters_to
from eligibility.domain.submission import PostalAddress, Submission
from eligibility.notice.holidays import working_day_after
from eligibility.rules import texts
from eligibility.web import attendance_view, case_view, end_view, messages_view, route_view, ticket_view
from eligibility.web.doubles_view import doubles, siblings, waited_for
from eligibility.web.facts_view import CARRIAGES
from eligibility.web.formatter import Formatter
from eligibility.workflow import CaseDesk, CaseFile
from eligibility.workflow.access import NOTHING_HERE
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.decision.duplicates import DUPLICATE
from eligibility.workflow.decision.earlier_right import may_be_another
from eligibility.workflow.desk.limits import limit_of
from eligibility.workflow.desk.work_list import PILES, WorkList
from eligibility.workflow.family.share_proposal import SIBLINGS
from eligibility.workflow.outer_ports import Notices

DONE: dict[str, Text] = {
    "taken": Text("Sie haben den Fall übernommen.", "You have taken the case."),
    "given-back": Text("Der Fall ist zurückgegeben.", "The case has been given back."),
    "asked": Text("Die Familie ist gefragt.", "The family has been asked."),
    "decided": Text("Entschieden. Der Bescheid geht an die Familie.", "Decided. The notice goes to the family."),
    "against-rules": Text(
        "Ihre Entscheidung widerspricht dem, was die Regeln ergeben. Sie ist vorgeschlagen; eine zweite "
        "Person muss sie bestätigen.",
        "Your decision goes against what the rules say. It has been proposed; a second person must confirm it.",
    ),
    "second-person": Text(
        "Ihre Entscheidung ist vorgeschlagen. Bei Ihnen muss eine zweite Person sie bestätigen.",
        "Your decision has been proposed. At your authority a second person must confirm it.",
    ),
    "proven": Text("Der Nachweis ist anerkannt.", "The proof has been recognised."),
    "released": Text("Freigegeben. Der Bescheid geht an die Familie.", "Released. The notice goes to the family."),
    "proposed": Text(
        "Vorgeschlagen. Eine zweite Person muss das bestätigen.", "Proposed. A second person must confirm it."
    ),
    "confirmed": Text("Bestätigt. Der neue Bescheid geht an die Familie.", "Confirmed. The new notice goes out."),
    "share-dropped": Text("Es bleibt beim bisherigen Eigenanteil.", "The own share stays as it was."),
    "dropped": Text("Der Vorschlag ist verworfen.", "The proposal has been dropped."),
    "read": Text(
        "Als erledigt vermerkt. Die Familie sieht, dass ihre Nachricht angesehen wurde.",
        "Noted as dealt with. The family sees that its message was looked at.",
    ),
    "ticket-asked": Text(
        "Der Auftrag für das Ticket ist unterwegs. Das Ergebnis steht gleich hier beim Ticket.",
        "The request for the ticket is on its way. Its outcome stands here beside the ticket in a moment.",
    ),
    "delivered": Text("Der Versand ist vermerkt.", "The delivery has been noted."),
    **attendance_view.DONE,
}
"""What the page says after an act; the address holds only the key."""


WORKING_DAYS_TO_ANSWER = 10
"""Suggested where a family is asked or heard: two weeks, in which a certificate can be had. No law sets it."""


class CasePage:
    """Reads a case and shows it; acts use it to show what went wrong beside what was typed."""

    def __init__(self, pages: Pages, desk: CaseDesk, work: WorkList) -> None:
        self._pages = pages
        self._desk = desk
        self._work = work

    async def show(
        self,
        visit: Visit,
        case_id: CaseId,
        *,
        done: str = "",
        pile: str = "",
        act: str = "",
        typed: Form | None = None,
        problem: Problem | None = None,
    ) -> Response:
        """`act`: the form that was refused with `problem`, and what was `typed` into it."""
        say = Formatter(visit.language)
        file = await self._desk.file(visit.caller, case_id)
        computed = await self._work.computed(visit.caller, file.case)
        proposed = await self._desk.proposed(visit.caller, file)
        values = _values(file, visit, say) | _on_record(file, visit, say) | _at_stake(file, proposed, say)
        values |= {
            "way": route_view.way(file, computed.limit_m if computed else None, say),
            "share_by_rules": computed.own_share_cents if computed else None,
            "done": say.text(DONE[done]) if done in DONE else "",
            "pile": pile if pile in PILES else "",
            "act": act,
            "typed": typed or {},
            "errors": _errors(problem, say),
            "problems": _summary(problem, act, say),
            "kept": _kept(values["may"], act, typed),
        }
        return self._pages.show(visit, "case.html", status=problem.status if problem else 200, **values)


def add_case_page(routes: APIRouter, pages: Pages, page: CasePage, desk: CaseDesk, notices: Notices) -> None:
    """Add a case's page and its notices."""

    @routes.get("/cases/{case_id}")
    async def show(request: Request, case_id: UUID, done: str = "", pile: str = "") -> Response:
        return await page.show(pages.visit(request), CaseId(case_id), done=done, pile=pile)

    @routes.get("/cases/{case_id}/notices/{decision_id}")
    async def notice(
        request: Request, case_id: UUID, decision_id: UUID, format: Literal["pdf", "html"] = "pdf"
    ) -> Response:
        """For the authority's people: no retrieval by the family is noted."""
        visit = pages.visit(request)
        file = await desk.file(visit.caller, CaseId(case_id))
        token = next((each.token for each in file.notices if each.decision.id == decision_id), None)
        if token is None:
            raise NotFound(NOTHING_HERE)
        return await uncached_response(notices, token, html=format == "html")


def _values(file: CaseFile, visit: Visit, say: Formatter) -> dict[str, Any]:
    case, caller = file.case, visit.caller
    colour, state = case_view.STATES[case.state]
    form = (case.facts.get("school") or {}).get("form")
    questions = [each for each in case_view.reasons(case.reasons, say) if each["kind"] == "question"]
    return {
        "case": case,
        "number": case_view.number(case),
        "child": case_view.child(case, say),
        "colour": colour,
        "state": say.text(state),
        "may": case_view.allowed_acts(file, caller),
        "assigned": case_view.who(case.assigned_to, caller, say) if case.assigned_to else "",
        "opened": say.moment(case.opened_at),
        "people": _people(_as_told(file), form, case.school_year, file.today, say),
        "to_answer": questions if case.state in WORK else [],
        "findings": [each for each in case_view.reasons(case.reasons, say) if each["kind"] != "question"],
        "facts": case_view.facts(file, say),
        "custody": case_view.custody(file.case, say),
        "codes_link": f"{file.application_url}/codes?number={file.case.application_id}" if file.application_url else "",
        "further": case_view.further(file.case, say),
        "decision": case_view.decision(file.decision, caller, file.today, say) if file.decision else None,
        "decisions": [case_view.decision(each, caller, file.today, say) for each in reversed(file.decisions)],
        "unproven": case_view.unproven(file, say),
        "doubles": doubles(file, say),
        "siblings": siblings(file, say) if any(SIBLINGS.text == each["text"] for each in case.reasons) else [],
        "waited_for": waited_for(file, say),
        "attendance": attendance_view.attendance(file, caller, say),
        "quota_until": say.moment(file.quota_until) if file.quota_until and not file.waits_for else "",
        "may_be_double": any(each["rule"] == DUPLICATE or may_be_another(each) for each in case.reasons),
        "carriages": [(key, say.text(text)) for key, text in CARRIAGES.items()],
        "today": file.today.isoformat(),
        "answer_by": working_day_after(file.today, WORKING_DAYS_TO_ANSWER).isoformat(),
    }


def _on_record(file: CaseFile, visit: Visit, say: Formatter) -> dict[str, Any]:
    """What people and the family asked, proposed, sent and did."""
    caller = visit.caller
    return {
        "asked": case_view.question_entries(file, caller, say),
        "proposal": case_view.proposal(file, caller, say),
        "notices": case_view.notices(file, caller, say),
        "tickets": ticket_view.tickets(file, caller, say),
        "ticket_requests": ticket_view.requests(file, caller, say),
        "documents": messages_view.documents(documents(file), say, messages_view.filed_documents(file, caller, say)),
        "messages": messages_view.messages(file, caller, say),
        "trail": [
            (say.moment(each["happened_at"]), case_view.who(each["by"], caller, say), each["text"][say.language])
            for each in acts(file)
        ],
    }


def _at_stake(file: CaseFile, proposed: Decision | None, say: Formatter) -> dict[str, Any]:
    """What the family has, what it told last, and what would become of it."""
    limit = limit_of(file.case)
    return {
        "ending": end_view.end_card(file, say),
        "change": end_view.change(file, say),
        "stays": end_view.stays(file),
        "has_now": end_view.in_force(file, say),
        "in_force": file.grant is not None,
        "runs_until": end_view.runs_until(file, say),
        "beside": end_view.side_by_side(file.grant, proposed, say) if proposed is not None else [],
        "proposed_heading": end_view.proposed_heading(file.grant, proposed, say) if proposed is not None else "",
        "exceptions": [(key, say.text(text)) for key, text in end_view.EXCEPTIONS.items()],
        "limit": limit,
        "limit_until": limit.until.isoformat() if limit and limit.until else "",
    }


def _as_told(file: CaseFile) -> Submission:
    """The day on which a change holds is not the one from which a ticket was wanted."""
    submission = file.case.submission
    if not submission or file.told is None:
        return submission
    return {**submission, "wanted_from": file.told.wanted_from.isoformat()}


def _people(  # what stands above the facts
    submission: Submission, form: str | None, school_year: str, today: date, say: Formatter
) -> list[tuple[str, str]]:
    if not submission:
        return []
    grade = say.pair(texts.year_of_school(str(submission.get("grade", "")), form))
    return [
        (say.t("Kind", "Child"), case_view.name(submission.get("child"))),
        (say.t("Geboren", "Born"), say.day(submission.get("birth_date"))),
        (say.t("Antrag von", "Application by"), case_view.name(submission.get("addressee"))),
        *_addresses(submission, today, say),
        (say.t("Schule", "School"), ", ".join(filter(None, (everyday_name(submission.get("school_name", "")), grade)))),
        (say.t("Schuljahr", "School year"), school_year),
        (say.t("Ticket gewünscht ab", "Ticket wanted from"), say.day(submission.get("wanted_from"))),
    ]  # fmt: skip


def _addresses(submission: Submission, today: date, say: Formatter) -> list[tuple[str, str]]:
    """Where letters go; until a move that is told for a day to come, the home from that day on; and the second home."""
    present, told = letters_to(submission, today), submission.get("addressee_address")
    second = submission.get("second_home")
    other = [(say.t("Zweite Wohnung des Kindes", "The child's second home"), _line(second))] if second else []
    if present == told:
        return [(say.t("Anschrift", "Address"), _line(told)), *other]
    moves = say.day(submission["letters_before"]["until"])
    return [
        (say.t("Anschrift bis zum Umzug", "Address until the move"), _line(present)),
        (say.t(f"Neue Anschrift ab {moves}", f"New address from {moves}"), _line(told)),
        *other,
    ]


def _line(address: PostalAddress | None) -> str:
    if address is None:
        return ""
    lines = (f"{address.get('street', '')} {address.get('house_number', '')}".strip(), address.get("flat") or "",
             f"{address.get('postal_code', '')} {address.get('city', '')}".strip())  # fmt: skip
    return ", ".join(line for line in lines if line)


def _kept(may: case_view.AllowedActs, act: str, typed: Form | None) -> str:
    """What was typed into a form that the case, as it is now, does not show any more."""
    if typed is None or act not in ("decide", "ask", "propose") or getattr(may, act):
        return ""
    return "\n".join(text for text in map(typed.text, ("reason", "text", "text_en")) if text)


def _errors(problem: Problem | None, say: Formatter) -> dict[str, str]:
    return {each.field: say.text(each.text) for each in problem.problems} if problem else {}


FIELDS = {
    "outcome": Text("Entscheidung", "Decision"),
    "reason": Text("Begründung", "Reason"),
    "legal_basis": Text("Rechtsgrundlage", "Legal basis"),
    "valid_from": Text("Gültig ab", "Valid from"),
    "own_share_cents": Text("Eigenanteil", "Own share"),
    "transport": Text("Art der Beförderung", "Kind of transport"),
    "valid_until": Text("Gültig bis", "Valid until"),
    "ends_on": Text("Letzter Tag der Bewilligung", "Last day of the grant"),
    "hearing_exception": Text("Anhörung", "Hearing"),
    "hearing_why": Text("Warum ohne Anhörung", "Why without a hearing"),
    "text": Text("Frage", "Question"),
    "text_en": Text("Frage auf Englisch", "Question in English"),
    "due": Text("Antwort bis", "Answer by"),
    "change": Text("Was soll geschehen", "What is to happen"),
    "channel": Text("Weg", "Way"),
    "day": Text("Tag", "Day"),
    "benefits": Text("Nachgewiesen ist", "Proven"),
    "siblings": Text("Nachgewiesen ist", "Proven"),
}
"""Those that have a place on the page, `<act>-<field>`."""


def _summary(problem: Problem | None, act: str, say: Formatter) -> list[tuple[str, str]]:
    """For the alert above: each problem once, with a link to its field where it has one."""
    if problem is None:
        return []
    if not problem.problems:
        return [("", say.text(problem.text))]
    told = []
    for each in problem.problems:
        label = FIELDS.get(each.field)
        said = say.text(each.text)
        told.append((f"{act}-{each.field}", f"{say.text(label)}: {said}") if label else ("", said))
    return told
