"""What has happened to an application, as lines that its family reads."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field
from shared.calendar import day_in_berlin, in_berlin
from shared.errors import Text as BothLanguages

from application.api.applications import decision_texts, texts
from application.api.applications.decision import OpenQuestion, Text, detail_of, open_questions
from application.api.applications.deliveries import is_line, line_of
from application.api.applications.message_texts import looked_at
from application.api.applications.notices import end_told_by, notice_of
from application.api.applications.references import authority_name
from application.api.applications.ticket_texts import ticket_of
from application.domain.application import View
from application.domain.order import in_order
from application.domain.people import PersonKind
from application.domain.timeline import EntryKind, TimelineEntry

TO_THE_PASS = (
    EntryKind.PASS_READY, EntryKind.TICKET_REPLACED, EntryKind.TICKET_SUSPENDED, EntryKind.TICKET_RESTORED,
    EntryKind.TICKET_RENEWED,
)  # fmt: skip
"""What sends the family to the page of its ticket."""
BESIDE = (EntryKind.MESSAGE_FILED, EntryKind.CHANGE_SETTLED, EntryKind.TICKET_TOLD)
"""What is no line of its own in the timeline: it adds to that of the message, or to how the application stands."""


class TimelineAnswer(BaseModel):
    kind: str = Field(description="submitted, oder was danach gehört wurde: " + ", ".join(EntryKind) + ".")
    at: datetime
    text: Text
    reasons: list[OpenQuestion] = Field(default=[], description="Die offenen Fragen, wenn jemand den Antrag prüft.")
    link: str | None = Field(
        default=None, description="Der Bescheid, oder die Seite des Tickets, wenn der Eintrag zu ihnen führt."
    )
    by: Literal["helper"] | None = Field(
        default=None, description="helper, wo eine Person, die mithilft, geschrieben oder etwas geschickt hat."
    )


def timeline(view: View, pass_url: str | None, days: dict[str, date]) -> list[TimelineAnswer]:
    """Oldest first: in the order in which it happened, whatever the clocks of those who told it say."""
    submitted_at = view.application.submitted_at
    heard = [each for each in in_order(view.news) if _is_shown(each)]
    first = TimelineAnswer(kind="submitted", at=in_berlin(submitted_at), text=Text.of(texts.SUBMITTED))
    return [first, *(_entry(each, view, pass_url, days) for each in heard)]


def _is_shown(news: TimelineEntry) -> bool:
    return is_line(news) if news.kind is EntryKind.DELIVERY_CHANGED else news.kind not in BESIDE


def _entry(news: TimelineEntry, view: View, pass_url: str | None, days: dict[str, date]) -> TimelineAnswer:
    questions = open_questions(detail_of(news)) if news.kind is EntryKind.REVIEW_OPENED else []
    if news.kind is EntryKind.MESSAGE_READ:
        said = _looked_at(news, view)
    elif news.kind is EntryKind.DELIVERY_CHANGED:
        said = line_of(news)
    elif end := end_told_by(news, view.news):
        said = decision_texts.grant_end(news, end)
    else:
        said = texts.of_news(news, authority_name(view), days.get(news.reference), view.news)
    helps = detail_of(news).by == PersonKind.HELPER
    if helps:
        said = BothLanguages(f"{said.de} {texts.BY_WHO_HELPS.de}", f"{said.en} {texts.BY_WHO_HELPS.en}")
    to_pass = news.kind in TO_THE_PASS and ticket_of(news) == view.current_status.ticket
    link = pass_url if to_pass else notice_of(news)
    return TimelineAnswer(
        kind=news.kind,
        at=in_berlin(news.at),
        text=Text.of(said),
        reasons=questions,
        link=link,
        by="helper" if helps else None,
    )


def _looked_at(news: TimelineEntry, view: View) -> BothLanguages:
    sent = (EntryKind.ANSWERED, EntryKind.DOCUMENT_ADDED)
    about = next((each for each in view.news if each.kind in sent and each.reference == news.reference), None)
    document = about is not None and about.kind is EntryKind.DOCUMENT_ADDED
    told_on = day_in_berlin(about.at) if about is not None else None
    return looked_at(authority_name(view), document=document, told_on=told_on)
