"""All that a family has sent, as it reads it: the form as it is and as it was, its texts, its documents."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from shared.calendar import in_berlin

from application.api.applications.decision import detail_of
from application.api.documents.document_answer import DocumentAnswer, document_answer
from application.domain.application import Application, View
from application.domain.people import PersonKind
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm


class Message(BaseModel):
    """Was die Familie geschrieben hat: eine Antwort, eine Nachricht, oder Worte zu einer Änderung."""

    id: UUID
    at: datetime
    text: str
    question_id: UUID | None = Field(description="Die Frage, die damit beantwortet wurde.")
    look_by: date | None = Field(description="Bis zum Ende dieses Tages wird sie angesehen; null, bis das feststeht.")
    read_at: datetime | None = Field(description="Wann sie angesehen wurde; null bis dahin.")
    by: PersonKind = Field(
        default=PersonKind.OWNER, description="Wer sie geschrieben hat; helper: eine Person, die mithilft."
    )


class EarlierForm(BaseModel):
    """Der Antrag, wie er bis zu einer Änderung war."""

    since: datetime
    until: datetime
    form: dict[str, Any]


class Submission(BaseModel):
    form: dict[str, Any] = Field(
        description="Der Antrag, wie er jetzt ist. Jeder Teil kann geändert und mit „changes“ ganz zurückgesendet "
        "werden."
    )
    earlier_forms: list[EarlierForm] = Field(description="Wie er vorher war, der älteste zuerst.")
    messages: list[Message] = Field(description="Was Sie geschrieben haben, das älteste zuerst.")
    documents: list[DocumentAnswer] = Field(description="Was Sie eingereicht haben, das älteste zuerst.")


def record_submission(view: View, base: str, look_by: dict[str, date]) -> Submission:
    """`look_by`: by message, the day until which somebody looks at it."""
    read = {each.reference: each.at for each in view.news if each.kind is EntryKind.MESSAGE_READ}
    documents = [
        document_answer(each, base, look_by=look_by.get(str(each.id)), read_at=read.get(str(each.id)))
        for each in view.documents
    ]
    answers = answers_of(view.news)
    return Submission(
        form=_as_sent(view.application.form),
        earlier_forms=_earlier(view.application, answers),
        messages=[_message(each, look_by, read) for each in answers if detail_of(each).answer],
        documents=documents,
    )


def answers_of(news: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """The family's answers and changes, oldest first."""
    return sorted((each for each in news if each.kind is EntryKind.ANSWERED), key=lambda each: each.at)


def look_by_of(news: Sequence[TimelineEntry]) -> dict[str, date]:
    """By message: until when somebody looks at it, as far as the authority has said."""
    filed = {each.reference: detail_of(each).look_by for each in news if each.kind is EntryKind.MESSAGE_FILED}
    return {reference: day for reference, day in filed.items() if day is not None}


def _message(news: TimelineEntry, look_by: dict[str, date], read: dict[str, datetime]) -> Message:
    detail, read_at = detail_of(news), read.get(news.reference)
    return Message(
        id=UUID(news.reference),
        at=in_berlin(news.at),
        text=detail.answer,
        question_id=detail.question_id,
        look_by=look_by.get(news.reference),
        read_at=in_berlin(read_at) if read_at else None,
        by=PersonKind(detail.by) if detail.by else PersonKind.OWNER,
    )


def _earlier(application: Application, answers: Sequence[TimelineEntry]) -> list[EarlierForm]:
    found, since = [], application.submitted_at
    for each in answers:
        before = detail_of(each).earlier_form
        if before is not None:
            found.append(EarlierForm(since=in_berlin(since), until=in_berlin(each.at), form=_as_sent(before)))
            since = each.at
    return found


def _as_sent(form: str) -> dict[str, Any]:
    """With the fields that the form has got since: so that a part can be sent back whole."""
    content: dict[str, Any] = json.loads(ApplicationForm.model_validate_json(form).model_dump_json())
    return content
