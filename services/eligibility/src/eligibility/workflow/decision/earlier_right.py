"""A child whose right to ride was revoked or is suspended: its next ticket is a person's matter.

Never a refusal: the child may be entitled, and who revoked may have been wrong. A person is asked before a ticket goes
out (a new application, facts decided anew, a grant that is carried on, a ticket that is bought), and its grant says
that it knew. Without that word the signer lets a later ticket be born suspended.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from shared.calendar import day_in_berlin

from eligibility.domain.case import Case
from eligibility.domain.child import applicant_of, digests_of
from eligibility.domain.ids import ApplicationId
from eligibility.domain.keys import Keys
from eligibility.domain.ticket import RightMark, What, reason_in_words
from eligibility.rules import texts, to_family
from eligibility.rules.findings import Finding, as_dict, question
from eligibility.workflow.decision.prepared import Prepared
from eligibility.workflow.decision.right_to_ride import ApartReader

RULE = "earlier_right"
BASIS = "§ 24 VwVfG NRW"
REVOKED: tuple[What, ...] = ("revoked",)
MACHINES = frozenset({"rules", "family"})
"""By whom a decision is let out that no person of the authority looked at."""


class MarkReader(ApartReader, Protocol):
    def marks_against(self, application_id: ApplicationId, digests: Collection[str]) -> Sequence[RightMark]:
        """What stands against this application's right, or the child's of these digests, and is not settled."""


class MarkStore(MarkReader, Protocol):
    def settle_marks(
        self, application_id: ApplicationId, digests: Collection[str], what: Collection[What], now: datetime
    ) -> None:
        """Lifted, or granted by a person who knew of it."""


def digests(store: ApartReader, case: Case, keys: Keys) -> frozenset[str]:
    """Of the case's child, under every key; none where nobody is named any more, or a person has told two apart."""
    named = applicant_of(case, None)
    if named is None or store.is_told_apart(case.application_id):
        return frozenset()
    return digests_of(named.child, case.authority_id, keys)


def against(store: MarkReader, case: Case, keys: Keys) -> Sequence[RightMark]:
    return store.marks_against(case.application_id, digests(store, case, keys))


def asked_of(store: MarkReader, case: Case, keys: Keys) -> list[Finding]:
    """What a person is asked before this case gets a ticket. A suspension follows the tickets of its own application by
    itself: of that nobody is asked."""
    marks = [each for each in against(store, case, keys) if each.what == "revoked" or _is_of_another(each, case)]
    revoked = [each for each in marks if each.what == "revoked"]
    return [ask(revoked[-1] if revoked else marks[-1])] if marks else []


def _is_of_another(mark: RightMark, case: Case) -> bool:
    return mark.application_id != case.application_id


def put_right_to_person(prepared: Prepared, asked: Sequence[Finding]) -> Prepared:
    """The question in place of a grant: what was measured stays for the person who decides. A refusal stays one."""
    if not asked or (prepared.decision is not None and prepared.decision.outcome != "granted"):
        return prepared
    ways = prepared.decision.ways if prepared.decision is not None else prepared.case.ways
    reasons = (*map(as_dict, asked), *prepared.case.reasons)
    return replace(prepared, case=replace(prepared.case, state="review", reasons=reasons, ways=ways), decision=None)


def is_asked(case: Case) -> bool:
    return any(each["rule"] == RULE for each in case.reasons)


def settle_known(store: MarkStore, case: Case, by: str, keys: Keys, now: datetime) -> bool:
    """Whether whoever grants knew of a revocation: a person, who was asked about it. Then it is not asked again."""
    if by in MACHINES or not is_asked(case):
        return False
    found = digests(store, case, keys)
    knew = any(each.what == "revoked" for each in store.marks_against(case.application_id, found))
    if knew:
        store.settle_marks(case.application_id, found, REVOKED, now)
    return knew


def ask(mark: RightMark) -> Finding:
    (day, day_en), why = texts.day(day_in_berlin(mark.at)), reason_in_words(mark.reason)
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
