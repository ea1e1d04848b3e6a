"""A child whose right to ride was revoked or is suspended: its next ticket is a person's matter.

Never a refusal: the child may be entitled, and who revoked may have been wrong. A person is asked before a ticket goes
out (a new application, facts decided anew, a grant that is carried on, a ticket that is bought), and its grant says
that it knew. Without that word the signer lets a later ticket be born suspended.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.errors import Conflict, Text

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.family import Ties
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.keys import Keys
from eligibility.domain.ticket import RightMark, reason_in_words
from eligibility.rules import texts, to_family
from eligibility.rules.findings import ABOUT, Finding, as_dict, question
from eligibility.workflow.decision.alike_right import MarkedReader, alike
from eligibility.workflow.decision.prepared import PreparedCase
from eligibility.workflow.decision.right_to_ride import KnownChild, look_up_child

RULE = "earlier_right"
BASIS = "§ 24 VwVfG NRW"
MAYBE = "?"
"""Behind the key of a mark: it may be another child's."""
MACHINES = frozenset({"rules", "family"})
"""By whom a decision is let out that no person of the authority looked at."""


class NotTold(Conflict):
    """A ticket would be granted by someone who was not told what stands against it. Nothing of the step is kept."""

    def __init__(self, case_id: CaseId, asked: Sequence[Finding]) -> None:
        said = " ".join(each.text for each in asked), " ".join(each.text_en for each in asked)
        super().__init__(Text(*said), field=RULE)
        self.case_id = case_id


class MarkReader(MarkedReader, Protocol):
    def marks_against(self, application_id: ApplicationId, digests: Collection[str]) -> Sequence[RightMark]:
        """What stands against this application's right, or the child's of these digests, and is not settled."""

    def is_made_again(self, case_id: CaseId) -> bool:
        """This database had decided the case and was put back to an older copy: it does so once more."""


class MarkStore(MarkReader, Protocol):
    def settle_shown(self, marks: Collection[RightMark], now: datetime) -> None:
        """Granted by a person who knew of these: they stand against nothing any more."""


def against(
    store: MarkReader, case: Case, keys: Keys, tied: Ties | None = None, known: KnownChild | None = None
) -> list[RightMark]:
    """By the child's digest, and by what is much like its name, the earliest first. What came upon the ticket of a
    decision that is made again stands against nothing that is new: it was heard before the case was there again.

    Args:
        known: the child, where this transaction has looked it up.
    """
    known = known or look_up_child(store, case, keys)
    marks = store.marks_against(case.application_id, known.children)
    if marks and store.is_made_again(case.id):
        marks = [each for each in marks if _is_of_another(each, case)]
    marked = {each.key for each in marks}
    others = [each for each in alike(store, case, keys, tied) if each.key not in marked]
    return sorted([*marks, *others], key=lambda each: each.at)


def asked_of(store: MarkReader, case: Case, keys: Keys, tied: Ties | None = None) -> list[Finding]:
    """What a person is asked before this case gets a ticket. A suspension follows the tickets of its own application by
    itself: of that nobody is asked.

    Args:
        tied: of a case that is not kept yet, or not yet as it is now.
    """
    return to_ask(against(store, case, keys, tied), case)


def to_ask(standing: Sequence[RightMark], case: Case) -> list[Finding]:
    """The same, of all that is `against` the case's right."""
    return [ask(each) for each in _to_tell(standing, case)]


def _to_tell(standing: Sequence[RightMark], case: Case) -> list[RightMark]:
    """Every revocation: who grants lifts all of them. Else the last suspension."""
    marks = [each for each in standing if each.what == "revoked" or _is_of_another(each, case)]
    revoked = [each for each in marks if each.what == "revoked"]
    return revoked or marks[-1:]


def untold(store: MarkReader, case: Case, by: str, keys: Keys) -> list[RightMark]:
    """What whoever grants has not been told of. A case that was asked before marks had keys is asked once more."""
    return _untold(against(store, case, keys), case, by)


def _untold(standing: Sequence[RightMark], case: Case, by: str) -> list[RightMark]:
    told = _told(case, by)
    return [each for each in _to_tell(standing, case) if each.key not in told]


def told_marks(store: MarkReader, case: Case, keys: Keys) -> list[RightMark]:
    """Of other applications, which the questions of the case tell of and which still stand."""
    told = _keys(case)
    return [each for each in against(store, case, keys) if each.key in told and _is_of_another(each, case)]


def _is_of_another(mark: RightMark, case: Case) -> bool:
    return mark.application_id != case.application_id


def put_right_to_person(prepared: PreparedCase, asked: Sequence[Finding]) -> PreparedCase:
    """The question in place of a grant: what was measured stays for the person who decides. A refusal stays one."""
    if not asked or (prepared.decision is not None and prepared.decision.outcome != "granted"):
        return prepared
    routes = prepared.decision.routes if prepared.decision is not None else prepared.case.routes
    reasons = (*map(as_dict, asked), *prepared.case.reasons)
    return replace(prepared, case=replace(prepared.case, state="review", reasons=reasons, routes=routes), decision=None)


def check_told(standing: Sequence[RightMark], case: Case, decision: Decision, by: str) -> None:
    """Of every grant of a ticket, whoever prepared it.

    Args:
        standing: all that is `against` it.

    Raises:
        NotTold.
    """
    if decision.outcome != "granted" or not decision.terms.with_ticket:
        return
    if missing := _untold(standing, case, by):
        raise NotTold(case.id, [ask(each) for each in missing])


def _told(case: Case, by: str) -> frozenset[str]:
    """Keys of the marks that the questions of the case tell of. A machine reads none."""
    if by in MACHINES:
        return frozenset()
    return _keys(case)


def _keys(case: Case) -> frozenset[str]:
    told = (each[ABOUT] for each in case.reasons if each["rule"] == RULE and ABOUT in each)
    return frozenset(each.removesuffix(MAYBE) for each in told)


def may_be_another(reason: Mapping[str, str]) -> bool:
    """Whether a question asks of a right that may be another child's."""
    return reason["rule"] == RULE and reason.get(ABOUT, "").endswith(MAYBE)


def settle_known(store: MarkStore, standing: Sequence[RightMark], case: Case, by: str, now: datetime) -> bool:
    """Whether whoever grants knew of every revocation: a person, who was asked about each. Then these are not asked
    again. The grant's word lifts all of them at the signer, so of one that was not told it is not given."""
    revoked, told = [each for each in standing if each.what == "revoked"], _told(case, by)
    if not revoked or any(each.key not in told for each in revoked):
        return False
    store.settle_shown(revoked, now)
    return True


def ask(mark: RightMark) -> Finding:
    """The question of what stands against the child's right; `about` names the mark, and whether the child is only
    likely the same."""
    return replace(_question(mark), about=mark.key + (MAYBE if mark.likely else ""))


def _question(mark: RightMark) -> Finding:
    (day, day_en), why = texts.day(day_in_berlin(mark.at)), reason_in_words(mark.reason)
    if mark.likely:
        return _is_it_this_child(mark, day, day_en)
    if mark.what == "revoked":
        return question(
            RULE, BASIS,
            f"Ein Ticket dieses Kindes wurde am {day} gesperrt (Grund: {why.de}). Soll es wieder eines bekommen? Wer "
            "hier bewilligt, hebt diese Sperre für das neue Ticket auf.",
            f"A ticket of this child was revoked on {day_en} (reason: {why.en}). Should the child have one again? "
            "Granting it here lifts that revocation for the new ticket.",
            family=to_family.WE_LOOK,
        )  # fmt: skip
    return question(
        RULE, BASIS,
        f"Das Ticket dieses Kindes aus einem anderen Antrag ist seit dem {day} ausgesetzt (Grund: {why.de}). Ein neues "
        "Ticket wäre ebenfalls ausgesetzt, bis das aufgehoben wird. Wie soll über den neuen Antrag entschieden werden?",
        f"This child's ticket of another application has been suspended since {day_en} (reason: {why.en}). A new "
        "ticket would be suspended too, until that is lifted. How should the new application be decided?",
        family=to_family.WE_LOOK,
    )  # fmt: skip


def _is_it_this_child(mark: RightMark, day: str, day_en: str) -> Finding:
    why, revoked = reason_in_words(mark.reason), mark.what == "revoked"
    did, did_en = ("gesperrt", "revoked") if revoked else ("ausgesetzt", "suspended")
    return question(
        RULE, BASIS,
        f"Am {day} wurde ein Ticket {did} (Grund: {why.de}), das vielleicht diesem Kind gehörte: Der Name ist anders "
        "geschrieben oder nicht vollständig, Name oder Geburtsdatum weichen um einen Schreibfehler ab, oder das "
        "Geburtsdatum ist nur zum Teil bekannt. Ist es dasselbe Kind, und soll es wieder ein Ticket bekommen?",
        f"On {day_en} a ticket was {did_en} (reason: {why.en}) that may have been this child's: the name is written "
        "otherwise or not in full, name or birth date differ by one typing error, or the birth date is known in part "
        "only. Is it the same child, and should it have a ticket again?",
        family=to_family.WE_LOOK,
    )  # fmt: skip
