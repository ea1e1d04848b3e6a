"""The lines of the work list as text, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.errors import Text
from shared.identity import Caller
from shared.school_names import everyday_name

from eligibility.domain.decision import Decision
from eligibility.rules import texts
from eligibility.web import attendance_view
from eligibility.web.case_view import STATES, child, name, number, who
from eligibility.web.end_view import loss_heading
from eligibility.web.facts_view import OUTCOMES
from eligibility.web.formatter import Formatter
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.decision.guard import Stake, change_date
from eligibility.workflow.desk.work_list import PILES, Entry, Listing

PILE_NAMES = {
    "review": Text("Zu prüfen", "To review"),
    "messages": Text("Nachrichten und Unterlagen", "Messages and documents"),
    "prepared": Text("Freizugeben", "To release"),
    "confirm": Text("Zur Bestätigung", "To confirm"),
    "waiting": Text("Warten auf die Familie", "Waiting for the family"),
    "all": Text("Alle Fälle", "All cases"),
}
EMPTY = {
    "review": Text("Nichts zu prüfen.", "Nothing to review."),
    "messages": Text(
        "Keine Nachricht oder Unterlage, die noch niemand angesehen hat.",
        "No message or document that nobody has looked at.",
    ),
    "prepared": Text("Nichts freizugeben.", "Nothing to release."),
    "confirm": Text(
        "Kein Vorschlag einer anderen Person wartet auf Ihre Bestätigung.",
        "No proposal of another person waits for you to confirm it.",
    ),
    "waiting": Text("Keine Familie wurde nach etwas gefragt.", "No family was asked for anything."),
    "all": Text("Noch keine Fälle.", "No cases yet."),
}
GROUNDS = {
    "residence": Text("Wohnung außerhalb", "home outside"),
    "school": Text("Schulform", "form of school"),
    "private_school": Text("Ersatzschule", "private school"),
    "course": Text("Bildungsgang", "course"),
    "deadline": Text("zu spät beantragt", "applied too late"),
    "limit": Text("Klasse ohne Entfernungsgrenze", "grade without a limit"),
    "income": Text("Einkommen", "income"),
    "bearer": Text("anderer Kostenträger", "another bearer of the cost"),
    "fare": Text("keine Kosten zu tragen", "no cost to bear"),
}
"""Conditions by which an application is refused, however long the way is."""
EMPTY_HINTS = {
    "review": Text(
        "Neue Anträge erscheinen hier, sobald sie geprüft werden müssen.",
        "New applications appear here as soon as somebody must look at them.",
    ),
    "confirm": Text(
        "Was Sie selbst vorgeschlagen haben, bestätigt jemand anderes; es steht unter „Alle Fälle“.",
        "What you proposed yourself is confirmed by somebody else; it is under “All cases”.",
    ),
}
"""What explains an empty pile, where anything does."""


FOUND_BY = {
    "application": Text("gefunden über die Nummer des Antrags", "found by the application's number"),
    "decision": Text("gefunden über die Nummer einer Entscheidung", "found by a decision's number"),
}


@dataclass(frozen=True)
class Row:
    id: UUID
    child: str
    number: str
    school: str
    grade: str
    school_year: str
    colour: str
    state: str
    waits: str
    overdue: bool
    about: str
    waiting: str
    with_: str
    releasable: bool
    message: str = ""
    message_overdue: bool = False
    found_by: str = ""

    def __getitem__(self, name: str) -> str:
        """`row.with` in a template: `with` is a word of Python."""
        return self.with_ if name == "with" else str(getattr(self, name))


@dataclass(frozen=True)
class PileTab:
    key: str
    label: str
    count: str


def tabs(listing: Listing, say: Formatter) -> list[PileTab]:
    """The piles with their names and how many cases lie on each."""
    return [PileTab(each, say.text(PILE_NAMES[each]), say.number(listing.counts[each])) for each in PILES]


def row(entry: Entry, caller: Caller, today: date, now: datetime, say: Formatter) -> Row:
    """A case as a line of the list: state, child, school, and since or until when it waits."""
    case, submission = entry.case, entry.case.submission
    colour, state = _state(entry, say)
    form = (case.facts.get("school") or {}).get("form")
    grade = say.pair(texts.year_of_school(str(submission.get("grade", "")), form))
    overdue = entry.asked_until is not None and today > entry.asked_until
    return Row(
        id=case.id,
        child=child(case, say),
        number=number(case),
        school=everyday_name(str(submission.get("school_name") or case.school_number)),
        grade=grade or "–",
        school_year=case.school_year,
        colour=colour,
        state=state,
        waits=_answer_due(entry, say, overdue=overdue) or _proposed(entry, caller, say),
        overdue=overdue,
        about=about(entry, today, say),
        waiting=_waiting(entry, now, say),
        with_=who(case.assigned_to, caller, say) if case.assigned_to else "–",
        releasable=case.state == "prepared"
        and case.assigned_to in (None, caller.subject)
        and entry.stake is None
        and entry.proposed_by is None,
        message=_message(entry, say),
        message_overdue=entry.look_by is not None and today > entry.look_by,
        found_by=_found_by(entry, say),
    )


def _state(entry: Entry, say: Formatter) -> tuple[str, str]:
    """Colour and words of the case's state; of a loss that the family would have, first of all."""
    if entry.stake is not None:
        return "danger", loss_heading(entry.stake.losses, say)
    if entry.case.state == "granted" and entry.proposed is not None and entry.proposed["outcome"] == "refused":
        return "danger", loss_heading(("ends",), say)
    colour, state = STATES[entry.case.state]
    return colour, say.text(state)


def _answer_due(entry: Entry, say: Formatter, *, overdue: bool) -> str:
    """Until when the family may answer; empty where it was asked nothing."""
    if entry.asked_until is None:
        return ""
    day = say.day(entry.asked_until)
    return say.t(f"Frist {day} vorbei", f"{day} has passed") if overdue else say.t(f"Antwort bis {day}", f"until {day}")


def _waiting(entry: Entry, now: datetime, say: Formatter) -> str:
    """For how long the authority is waited for: in a decided case, since the family wrote or another decision was
    proposed."""
    if entry.case.state in WORK:
        return say.waiting(entry.case.opened_at, now)
    since = [each for each in (entry.proposed_at, entry.told_at) if each is not None]
    return say.waiting(min(since), now) if since else "–"


def _found_by(entry: Entry, say: Formatter) -> str:
    """Why a search shows it, where the child's name does not say so."""
    if entry.found_by == "addressee":
        person = name(entry.case.submission.get("addressee"))
        return say.t(f"gefunden über {person}: hat den Antrag gestellt", f"found by {person}, who applied")
    return say.text(FOUND_BY[entry.found_by]) if entry.found_by in FOUND_BY else ""


def _message(entry: Entry, say: Formatter) -> str:
    """That the family has written or sent something, and by when somebody must look at it."""
    if entry.look_by is None:
        return ""
    day, papers = say.day(entry.look_by), entry.unread_documents
    texts_ = entry.unread - papers
    counted = [
        _count(texts_, Text("Nachricht", "message"), Text("Nachrichten", "messages"), say),
        _count(papers, Text("Unterlage", "document"), Text("Unterlagen", "documents"), say),
    ]
    what = say.t(" und ", " and ").join(each for each in counted if each)
    return say.t(f"{what} der Familie, ansehen bis {day}", f"{what} of the family, look by {day}")


def _count(number: int, one: Text, many: Text, say: Formatter) -> str:
    return f"{say.number(number)} {say.text(one if number == 1 else many)}" if number else ""


def _proposed(entry: Entry, caller: Caller, say: Formatter) -> str:
    if entry.proposed_by is None:
        return ""
    if entry.proposed_by == caller.subject:
        return say.t("Ihr Vorschlag wartet auf eine zweite Person", "Your proposal waits for a second person")
    return say.t("Anders entscheiden: wartet auf Bestätigung", "Decide otherwise: waits to be confirmed")


def _what_is_proposed(content: Mapping[str, Any], say: Formatter) -> str:
    """What a second person would confirm."""
    parts = [say.t("Vorschlag: ", "Proposal: ") + say.text(OUTCOMES[content["outcome"]])]
    days = (
        ("ends_on", Text("letzter Tag", "last day")),
        ("valid_from", Text("ab", "from")),
        ("valid_until", Text("bis", "until")),
    )
    parts += [f"{say.text(word)} {say.day(content[name])}" for name, word in days if content.get(name)]
    if content.get("own_share_cents") is not None:
        parts.append(say.t("Eigenanteil ", "own share ") + say.euros(content["own_share_cents"]))
    return ", ".join(parts)


def about(entry: Entry, today: date, say: Formatter) -> str:
    """What the school says, where somebody has to look at it; the first open question; what is proposed; what the
    family would lose; else what was decided."""
    if said := attendance_view.matter(entry.attendance, entry.case.school_number, today, say):
        return said
    asked = [each for each in entry.case.reasons if each["result"] == "question"]
    if entry.case.state == "review" and asked:
        first = asked[0]["text"] if say.language == "de" else asked[0].get("text_en") or asked[0]["text"]
        more = len(asked) - 1
        return first + (say.t(f" (und {more} weitere)", f" (and {more} more)") if more else "")
    decision = entry.decision
    if entry.proposed is not None:
        return _what_is_proposed(entry.proposed, say)
    if decision is None:
        return "–"
    if entry.stake is not None:
        return _at_stake(entry, entry.stake, decision, say)
    outcome = say.text(OUTCOMES[decision.outcome])
    parts = [outcome]
    if ground := _ground(decision, say):
        parts.append(ground)
    elif decision.distance_m is not None:
        parts.append(say.metres(decision.distance_m, decision.limit_m))
        parts += _nearer(decision, say)
    if decision.own_share_cents is not None:
        parts.append(say.t("Eigenanteil ", "own share ") + say.euros(decision.own_share_cents))
    return ", ".join(parts)


def _nearer(decision: Decision, say: Formatter) -> list[str]:
    """Of a refusal whose length is that to a nearer school: which one."""
    nearest = decision.routes.get("nearest")
    if decision.outcome != "refused" or not nearest:
        return []
    name = everyday_name(nearest.get("school_name") or "") or nearest["school_number"]
    return [say.t(f"nähere Schule: {name}", f"nearer school: {name}")]


def _ground(decision: Decision, say: Formatter) -> str:
    """Of a refusal: the condition that is not met. Where it is the way, its length says so."""
    failed = [each["rule"] for each in decision.reasons if each["result"] == "not_met"]
    known = next((GROUNDS[each] for each in failed if each in GROUNDS), None)
    return say.text(known) if known is not None and decision.outcome == "refused" else ""


def _at_stake(entry: Entry, stake: Stake, decision: Decision, say: Formatter) -> str:
    """Until when it would hold, from when it changes, and on what ground."""
    ground = next((each for each in decision.reasons if each["result"] == "not_met"), None)
    changed = change_date(entry.case)
    parts = [say.t(f"Bewilligt bis {say.day(stake.last)}", f"Granted until {say.day(stake.last)}")]
    if changed is not None:
        parts.append(say.t(f"Änderung ab {say.day(changed)}", f"change from {say.day(changed)}"))
    if ground is not None:
        parts.append(ground["text"] if say.language == "de" else ground.get("text_en") or ground["text"])
    elif "dearer" in stake.losses:
        share = say.euros(decision.own_share_cents)
        parts.append(say.t(f"Eigenanteil dann {share}", f"own share then {share}"))
    elif decision.valid_until is not None:
        parts.append(say.t(f"dann bis {say.day(decision.valid_until)}", f"then until {say.day(decision.valid_until)}"))
    return "; ".join(parts)
