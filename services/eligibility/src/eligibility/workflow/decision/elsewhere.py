"""What others have heard of a case's decisions and this database has forgotten, since it was put back to an older copy:
it is given no id a second time, its tickets do not wait for ever, and what has ended is over here too.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol, cast, get_args

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.decision import Because, Decision
from eligibility.domain.elsewhere import UNKNOWN, DecisionElsewhere
from eligibility.domain.ids import decision_id_of
from eligibility.domain.keys import Keys
from eligibility.domain.said import digest_of
from eligibility.rules import to_family
from eligibility.rules.findings import as_dict, question
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.decision.decision_events import withdrawn_event
from eligibility.workflow.decision.prepared import review_opened
from eligibility.workflow.ports import (
    AuditTrail,
    CaseContents,
    CaseReader,
    DecisionReader,
    DecisionWriter,
    FamilyChanges,
    Outbox,
)

RULE, BASIS = "decided_before_restore", "§ 24 VwVfG NRW"
ASKED = question(
    RULE,
    BASIS,
    "In diesem Fall hat eine Person entschieden, dass die Bewilligung endet; die Entscheidung ging verloren, als die "
    "Datenbank aus einer Sicherung zurückgeholt wurde. Die Familie hat den Bescheid. Bitte entscheiden Sie noch "
    "einmal.",
    "A person had decided in this case that the grant ends; that decision was lost when the database was restored from "
    "a backup. The family has the notice. Please decide once more.",
    family=to_family.WE_LOOK,
)
DecisionsElsewhere = Mapping[int, DecisionElsewhere]
"""Of one case, by round."""


class DecisionStore(DecisionReader, DecisionWriter, Protocol):
    """The store, as a decision gets another id in it."""


class RestoredDecisionStore(DecisionReader, DecisionWriter, Outbox, Protocol):
    """The store, where a decision is released of which others may have heard something else."""

    def note_ended_elsewhere(self, decision: DecisionElsewhere, now: datetime) -> None:
        """Note that a grant which only others knew was ended by what is decided now."""


class EndLearntStore(
    DecisionReader, DecisionWriter, Outbox, CaseContents, FamilyChanges, CaseReader, AuditTrail, Protocol
):
    """The store, where an end that others know is learnt."""


def under_its_own_id(
    store: DecisionStore, case: Case, decision: Decision, keys: Keys, now: datetime
) -> tuple[Decision, DecisionsElsewhere]:
    """`decision`, which is about to be released; where others have heard something else under its id, in a round of its
    own after all that were ever made. Returns, too, what others have heard of the case."""
    elsewhere = store.told_elsewhere(case.id)
    told = elsewhere.get(decision.round)
    if told is None or told.digest in (UNKNOWN, digest_of(decision, case.application_id, keys)):
        return decision, elsewhere
    number = 1 + max(*elsewhere, *(each.round for each in store.decisions_of(case.id)))
    store.set_withdrawn(decision.id, "decided_anew", now)
    renumbered = replace(decision, id=decision_id_of(case.id, number), round=number)
    store.add_decision(renumbered)
    return renumbered, elsewhere


def end_elsewhere(  # noqa: PLR0917  # what ends, by what, and when
    store: RestoredDecisionStore,
    case: Case,
    decision: Decision,
    elsewhere: DecisionsElsewhere,
    now: datetime,
    last_day: date | None,
) -> None:
    """Grants that only others know end by `decision`, which is released in their place: or its ticket would wait for
    ever behind theirs. Later ones come about again by what is heard.

    Args:
        last_day: theirs, where a person chose one.
    """
    before = [each for number, each in elsewhere.items() if number < decision.round and each.is_standing_grant]
    if not before:
        return
    here = {each.id for each in store.decisions_of(case.id) if each.released_at}
    gives_ticket = decision.outcome == "granted" and decision.terms.with_ticket
    for each in before:
        if each.id not in here:
            told = withdrawn_event(case, None, "decided_anew", now, None if gives_ticket else last_day)
            next_one = decision.id if gives_ticket else None
            digest = each.digest or None
            more = {"decision_id": each.id, "decision_digest": digest, "followed_by": next_one}
            store.emit(told.model_copy(update=more))
            store.note_ended_elsewhere(each, now)


def is_granted_elsewhere(store: DecisionReader, case: Case) -> bool:
    """Whether its family was granted what this database has forgotten."""
    standing = [each.id for each in store.told_elsewhere(case.id).values() if each.is_standing_grant]
    here = {each.id for each in store.decisions_of(case.id) if each.released_at} if standing else set()
    return any(each not in here for each in standing)


def learn_end(store: EndLearntStore, case: Case, told: DecisionElsewhere, now: datetime) -> None:
    """1. The grant ends as others were told, who are not told again. 2. What a person had decided in its place is not
    here: a person is asked to decide once more, unless something waits for one already."""
    # 1.
    because = cast(Because, told.ended_because) if told.ended_because in get_args(Because) else "decided_anew"
    store.set_withdrawn(told.id, because, told.ended_at or now, told.ended_on)
    store.family_changed(case.id, now)
    detail = {"decision": str(told.id), "because": because}
    store.audit(
        authority_id=case.authority_id,
        subject="rules",
        act=ActKind.END_LEARNT,
        case_id=case.id,
        now=now,
        detail=detail,
    )
    # 2.
    known = store.decisions_of(case.id)
    case = store.case(case.id) or case
    if case.state in WORK or any(each.released_at and not each.withdrawn_at for each in known):
        return
    routes = next(each.routes for each in known if each.id == told.id)
    reasons = (as_dict(ASKED), *(each for each in case.reasons if each["rule"] != RULE))
    asking = replace(case, state="review", reasons=reasons, routes=routes)
    store.revise(asking, now)
    store.emit(review_opened(replace(asking, opened_at=now)))
