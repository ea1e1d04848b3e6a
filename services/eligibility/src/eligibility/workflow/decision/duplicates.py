"""One child, one ticket: a second application for the same child is a person's matter (double, or a follow-up).

Whatever makes a case that may get a ticket looks here, in the transaction that keeps it: an application, a change of
what a family told, a grant that is carried on, a refusal's ticket that is bought. Who looks holds the child's digests
until the transaction ends, so that of two at the same moment the later one sees the earlier. Cases that are withdrawn
or refused are not in the way, once their last day is over. Nor does a person grant beside a ticket without having been
asked. What a person has told apart is not asked again; who grants a follow-up has not told them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from shared.birth_dates import may_be_the_same
from shared.calendar import day_in_berlin
from shared.errors import Conflict, Text
from shared.events import ApplicationSubmitted

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.child import Applicant, Child, Likeness, Marks, applicant_of, digest_of, likeness, marks_of
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.keys import Keys
from eligibility.rules import to_family
from eligibility.rules.findings import Finding, as_dict, question
from eligibility.workflow.decision.prepared import PreparedCase
from eligibility.workflow.family.family import ties
from eligibility.workflow.ports import AuditTrail, ChildStore

DUPLICATE = "duplicate"
"""The rule that asks."""


HAS_TICKET = Text(
    "Für dieses Kind gilt vielleicht schon ein Ticket (Fall {numbers}). Bitte prüfen Sie das. Sind es zwei Kinder, "
    "oder folgt dieser Fall dem anderen, dann entscheiden Sie bitte selbst und geben es dabei an (same_child).",
    "This child may have a ticket already (case {numbers}). Please check. Where these are two children, or this "
    "case follows the other, please decide yourself and say so (same_child).",
)


class MarksStore(ChildStore, Protocol):
    """The store, as digests are made anew."""

    def unmarked(self, key: str, after: CaseId | None, limit: int) -> Sequence[Case]:
        """Cases that have no digest under this key, from the one after `after` on, by id; without withdrawn ones,
        unless their child had a ticket: by these it is found when the child applies again."""

    def told_under(self, case_id: CaseId) -> str | None:
        """The key under which a grant of this case was told, where it was not kept what was told of its child."""

    def tell_child(self, application_id: ApplicationId, child: str, name: str, now: datetime) -> None:
        """Keep under which pseudonym the child is told to others."""

    def name_told_child(self, application_id: ApplicationId, name: str) -> None:
        """Under the newest key, where something was told of its child."""


@dataclass(frozen=True)
class Double:
    """Another case that may be about the same child."""

    case_id: CaseId
    likeness: Likeness
    near: bool
    """Household, home or school are the same."""
    has_ticket: bool


def applicant(event: ApplicationSubmitted) -> Applicant:
    """The child of an application, as other cases are compared with it."""
    child = Child(event.child.first_name, event.child.last_name, event.birth_date)
    siblings = tuple(each.birth_date for each in event.circumstances.siblings)
    return Applicant(child, ties(event), event.school_number, siblings)


def doubles(store: ChildStore, me: Applicant, case: Case, marks: Marks, now: datetime) -> list[Double]:
    """The cases with a ticket, or on the way to one, that may be about the child of this one. A twin that is known here
    explains one sibling that is named with the child's birth date (see domain.child). Of more with a
    digest in common than are read, one stands for the rest."""
    like, more = store.children_like(marks, case.application_id, day_in_berlin(now))
    kept = [(each.id, applicant_of(each, each.ties)) for each in like]
    good = {each.id for each in like if each.has_ticket}
    named = [(case_id, other) for case_id, other in kept if other is not None]
    found = [(case_id, other) for case_id, other in named if likeness(me, other, known_twins=len(named)) is not None]
    others = [other for case_id, other in named if all(case_id != each for each, _ in found)] if found else []
    twins = sum(
        may_be_the_same(other.child.birth_date, me.child.birth_date) and other.is_of_family(me) for other in others
    )
    alike = [(case_id, other, likeness(me, other, known_twins=twins)) for case_id, other in found]
    doubled = [
        Double(case_id, how, me.is_near(other), case_id in good) for case_id, other, how in alike if how is not None
    ]
    if more and not doubled:  # whoever was not compared may be this child: a person looks
        return [Double(like[-1].id, "likely", near=False, has_ticket=like[-1].has_ticket)] if like else []
    return doubled


def doubles_of(store: ChildStore, prepared: PreparedCase, now: datetime) -> list[Double]:
    """Other cases that may be of the same child as the one that is prepared."""
    return doubles(store, applicant(prepared.event), prepared.case, prepared.marks, now)


def doubles_of_case(store: ChildStore, case: Case, keys: Keys, now: datetime) -> list[Double]:
    """Of a case that is kept already."""
    me = applicant_of(case, store.ties_of(case.id))
    if me is None:
        return []
    return doubles(store, me, case, marks_of(me.child, case.authority_id, case.school_year, keys), now)


def put_to_person(store: AuditTrail, prepared: PreparedCase, found: Sequence[Double], now: datetime) -> PreparedCase:
    """The question in place of a decision: what was measured stays for the person who decides."""
    note_doubles(store, prepared.case, found, now)
    routes = prepared.decision.routes if prepared.decision is not None else prepared.case.routes
    reasons = (as_dict(duplicate(found)), *prepared.case.reasons)
    return replace(prepared, case=replace(prepared.case, state="review", reasons=reasons, routes=routes), decision=None)


def note_doubles(store: AuditTrail, case: Case, found: Sequence[Double], now: datetime) -> None:
    """Which cases they are, for the case worker alone."""
    others = {str(each.case_id): each.likeness for each in found}
    store.audit(
        authority_id=case.authority_id,
        subject="rules",
        act=ActKind.MAY_BE_DOUBLE,
        case_id=case.id,
        now=now,
        detail=others,
    )


def check_one_ticket(store: ChildStore, case: Case, same_child: bool | None, keys: Keys, now: datetime) -> list[Double]:
    """A person grants this case. Returns them; raises Conflict where one of them has a ticket and nobody was asked.

    Args:
        same_child: what it says of the child's other cases; None: nothing, or this one follows another.
    """
    found = doubles_of_case(store, case, keys, now)
    with_ticket = [each for each in found if each.has_ticket]
    if same_child is None and not is_asked(case) and with_ticket:
        numbers = ", ".join(str(each.case_id)[:8].upper() for each in with_ticket)
        raise Conflict(
            Text(HAS_TICKET.de.format(numbers=numbers), HAS_TICKET.en.format(numbers=numbers)), field="same_child"
        )
    return found


def is_asked(case: Case) -> bool:
    """Whether the case asks a person if it is a double."""
    return any(each["rule"] == DUPLICATE for each in case.reasons)


def mark_again(store: MarksStore, keys: Keys, after: CaseId | None, limit: int) -> CaseId | None:
    """Make the digests of cases that have none under the newest key; earlier ones go with it. Returns the last that was
    looked at; None where no case is left. A case that names nobody keeps what it has."""
    page = store.unmarked(keys.newest.name, after, limit)
    for case in page:
        me = applicant_of(case, None)
        if me is not None:
            _keep_told(store, case, me.child, keys)
            store.put_marks(case.id, marks_of(me.child, case.authority_id, case.school_year, keys))
    return page[-1].id if page else None


def _keep_told(store: MarksStore, case: Case, child: Child, keys: Keys) -> None:
    """What was told before it was kept was told under the key of the digests that go."""
    name, before = digest_of(child, case.authority_id, keys), store.told_under(case.id)
    key = next((each for each in keys.earlier if each.bears(before)), None)
    if key is None:
        store.name_told_child(case.application_id, name)
    else:
        store.tell_child(case.application_id, digest_of(child, case.authority_id, Keys(key)), name, case.opened_at)


def duplicate(found: Sequence[Double]) -> Finding:
    """Names no other application: whoever sent this one may not be the one who sent that."""
    if all(each.likeness == "likely" for each in found):
        return question(
            DUPLICATE,
            "§ 4 SchfkVO",
            "Für dieses Kind gibt es in diesem Schuljahr vielleicht schon einen Antrag: Der Name ist anders "
            "geschrieben, Name oder Geburtsdatum weichen nur um einen Schreibfehler ab, oder das Geburtsdatum ist nur "
            "zum Teil bekannt. Ist er doppelt, hat sich "
            "etwas geändert, oder sind es zwei Kinder?",
            "There may be an application for this child in this school year already: the name is written otherwise, "
            "name or birth date differ by one typing error only, or the birth date is known in part only. Is it "
            "double, did something change, or are "
            "these two children?",
            family=to_family.WE_LOOK_FOR_ANOTHER,
        )
    return question(
        DUPLICATE,
        "§ 4 SchfkVO",
        "Für dieses Kind gibt es in diesem Schuljahr schon einen Antrag. Ist er doppelt oder hat sich etwas geändert?",
        "There is an application for this child in this school year already. Is it double, or did something change?",
        family=to_family.WE_LOOK_FOR_ANOTHER,
    )
