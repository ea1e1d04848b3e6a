"""What people do with a case before it is decided: take, ask, propose; and how its notice was delivered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

import sqlalchemy as sa

from eligibility.domain.desk import Channel, Delivery, Proposal, Question
from eligibility.domain.ids import CaseId, NoticeToken, ProposalId, QuestionId
from eligibility.store.base import Tables, from_text, to_text
from eligibility.store.on_record import DELIVERIES, PROPOSALS, QUESTIONS
from eligibility.store.tables import CASE, DELIVERY, PROPOSAL, QUESTION


class DeskTables(Tables):
    def assign(self, case_id: CaseId, subject: str | None, now: datetime) -> None:
        """None gives it back."""
        values: dict[str, Any] = {"assigned_to": subject, "assigned_at": now if subject else None}
        self.run(CASE.update().where(CASE.c.id == str(case_id)).values(values))

    # questions

    def ask(self, question: Question) -> None:
        """Keep a new question, not answered yet."""
        self.run(
            QUESTION.insert(),
            {
                "id": str(question.id),
                "case_id": str(question.case_id),
                "asked_at": question.asked_at,
                "asked_by": question.asked_by,
                "text": question.text,
                "text_en": question.text_en,
                "due": question.due,
                "answer": "",
                "hearing": question.hearing,
            },
        )
        self.on_record(QUESTIONS, str(question.id))

    def answer(self, case_id: CaseId, question_id: QuestionId, answer: str, at: datetime) -> None:
        """The first answer in words counts; what is no question of this case changes nothing."""
        mine = (QUESTION.c.id == str(question_id)) & (QUESTION.c.case_id == str(case_id))
        self.run(QUESTION.update().where(mine, QUESTION.c.answer == "").values(answered_at=at, answer=answer))
        self.on_record(QUESTIONS, str(question_id))

    def questions_of(self, case_ids: Sequence[CaseId]) -> Sequence[Question]:
        """Oldest first."""
        chosen = sa.select(QUESTION).where(QUESTION.c.case_id.in_([str(each) for each in case_ids]))
        return [_question(row) for row in self.rows(chosen.order_by(QUESTION.c.asked_at, QUESTION.c.id))]

    # overrides

    def propose(self, proposal: Proposal) -> None:
        """Keep another decision than the rules', which waits for a second person."""
        self.run(
            PROPOSAL.insert(),
            {
                "id": str(proposal.id),
                "case_id": str(proposal.case_id),
                "proposed_by": proposal.proposed_by,
                "proposed_at": proposal.proposed_at,
                "content": to_text(proposal.content),
            },
        )
        self.on_record(PROPOSALS, str(proposal.case_id))

    def proposal_of(self, case_id: CaseId) -> Proposal | None:
        """The open one."""
        mine = (PROPOSAL.c.case_id == str(case_id)) & PROPOSAL.c.closed_at.is_(None)
        row = self.one(sa.select(PROPOSAL).where(mine).order_by(PROPOSAL.c.proposed_at).limit(1))
        if row is None:
            return None
        ids = ProposalId(UUID(row["id"])), CaseId(UUID(row["case_id"]))
        return Proposal(*ids, row["proposed_by"], row["proposed_at"], from_text(row["content"]))

    def close_proposals(self, case_id: CaseId, because: str, by: str, now: datetime) -> None:
        """Close what is open of this case.

        Args:
            because: whether it was confirmed, dropped or overtaken.
        """
        mine = (PROPOSAL.c.case_id == str(case_id)) & PROPOSAL.c.closed_at.is_(None)
        self.run(PROPOSAL.update().where(mine).values(closed_because=because, closed_by=by, closed_at=now))
        self.on_record(PROPOSALS, str(case_id))

    # deliveries

    def note_delivery(self, token: NoticeToken, delivery: Delivery) -> bool:
        """False where this way and day are noted already. One that came back gives way to another one of its day: that
        it came back stands with the steps of its dispatch."""
        mine = (DELIVERY.c.token == token) & (DELIVERY.c.channel == delivery.channel)
        mine &= (DELIVERY.c.recipient == delivery.recipient) & (DELIVERY.c.day == delivery.day)
        known = self.one(sa.select(DELIVERY.c.id, DELIVERY.c.failed_at).where(mine))
        if known is not None and known["failed_at"] is None:
            return False
        number = str(uuid4()) if known is None else known["id"]
        values = {column: getattr(delivery, column) for column in Delivery.__slots__}
        if known is None:
            self.run(DELIVERY.insert(), {"id": number, "token": token, **values})
        else:
            self.run(DELIVERY.update().where(DELIVERY.c.id == number).values(values))
        self.on_record(DELIVERIES, number)
        return True

    def fail_delivery(self, token: NoticeToken, delivery: Delivery, at: datetime) -> None:
        """The letter, or the hint, came back. The first time counts."""
        mine = (DELIVERY.c.token == token) & (DELIVERY.c.channel == delivery.channel)
        mine &= (DELIVERY.c.recipient == delivery.recipient) & (DELIVERY.c.day == delivery.day)
        row = self.one(sa.select(DELIVERY.c.id).where(mine, DELIVERY.c.failed_at.is_(None)))
        if row is not None:
            self.run(DELIVERY.update().where(DELIVERY.c.id == row["id"]).values(failed_at=at))
            self.on_record(DELIVERIES, row["id"])

    def deliveries_of(self, token: NoticeToken) -> Sequence[Delivery]:
        """Oldest first."""
        rows = self.rows(sa.select(DELIVERY).where(DELIVERY.c.token == token).order_by(DELIVERY.c.day, DELIVERY.c.id))
        return [_delivery(row) for row in rows]


def _question(row: sa.RowMapping) -> Question:
    return Question(
        id=QuestionId(UUID(row["id"])),
        case_id=CaseId(UUID(row["case_id"])),
        asked_at=row["asked_at"],
        asked_by=row["asked_by"],
        text=row["text"],
        text_en=row["text_en"],
        due=row["due"],
        answered_at=row["answered_at"],
        answer=row["answer"],
        hearing=row["hearing"],
    )


def _delivery(row: sa.RowMapping) -> Delivery:
    return Delivery(
        channel=cast(Channel, row["channel"]),
        day=row["day"],
        noted_at=row["noted_at"],
        noted_by=row["noted_by"],
        consent=row["consent"],
        instruction_faulty=row["instruction_faulty"],
        recipient=row["recipient"],
        provided_at=row["provided_at"],
        announced_at=row["announced_at"],
        excluded=row["excluded"],
        failed_at=row["failed_at"],
    )
