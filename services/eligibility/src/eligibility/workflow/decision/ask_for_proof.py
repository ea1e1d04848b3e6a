"""The rules ask a family for the proof that would lower its share."""

from datetime import datetime
from typing import Protocol
from uuid import uuid4

from shared.calendar import day_in_berlin

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Question
from eligibility.domain.ids import QuestionId
from eligibility.rules.rule_set.rule_set import Law
from eligibility.workflow.decision.guard import MACHINE
from eligibility.workflow.decision.questions import question_asked
from eligibility.workflow.decision.share_proof import PROOF
from eligibility.workflow.decision.start import claims_end
from eligibility.workflow.ports import Outbox, QuestionReader, QuestionWriter


class ProofQuestionStore(QuestionReader, QuestionWriter, Outbox, Protocol):
    """The store, as a proof is asked for in it."""


def ask_for_proof(store: ProofQuestionStore, case: Case, new: Decision, law: Law | None, now: datetime) -> None:
    """Ask once: an earlier question of the rules that asks for something else is over.

    Args:
        new: what is decided by what the family says now.
    """
    today = day_in_berlin(now)
    missing = next((each for each in new.reasons if each["rule"] == PROOF), None)
    waits = False
    for each in store.questions_of([case.id]):
        if each.asked_by != MACHINE or each.answered_at is not None:
            continue
        if missing is not None and each.text == missing["text"] and each.due >= today:
            waits = True
        else:
            store.answer(case.id, each.id, "", now)
    if missing is None or waits:
        return
    due = max(claims_end(law, law.ends) if law is not None else today, today)
    asked = Question(QuestionId(uuid4()), case.id, now, MACHINE, missing["text"], missing["text_en"], due)
    store.ask(asked)
    store.emit(question_asked(case, asked))
