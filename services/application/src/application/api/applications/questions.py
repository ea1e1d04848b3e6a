"""What the authority asks the family for, and the family's answers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from shared.calendar import day_in_berlin, in_berlin
from shared.errors import FieldProblem, Invalid
from shared.errors import Text as BothLanguages
from shared.formats import format_day
from shared.http.problems import from_validation

from application.api.applications.decision import Text, english
from application.domain.application import View
from application.domain.status import CurrentStatus, Status
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import CHANGEABLE, ApplicationForm, Change, changed_form
from application.workflow import Detail

DECISIONS = (EntryKind.GRANTED, EntryKind.REFUSED, EntryKind.SHARE_CHANGED)
NOT_CHANGEABLE = BothLanguages(
    "Das lässt sich hier nicht ändern. Bitte stellen Sie dafür einen neuen Antrag.",
    "This cannot be changed here. Please hand in a new application for it.",
)
MEDIUM_IS_FREE = BothLanguages(
    "Das brauchen Sie nicht zu ändern: Auf der Seite des Tickets geht beides, auf dem Telefon und zum Ausdrucken.",
    "This need not be changed: the ticket's page offers both, on the phone and to print.",
)


class Question(BaseModel):
    """Was der Schulträger noch braucht."""

    id: UUID
    text: Text = Field(description="Was gebraucht wird.")
    text_de: str = Field(description="Wie text.de; für Programme von früher.")
    text_en: str = Field(description="Wie text.en; für Programme von früher.")
    asked_at: datetime
    due: date = Field(description="Bis zum Ende dieses Tages.")
    answered: bool
    overdue: bool = Field(description="Die Frist ist vorbei; bis zur Entscheidung kann man noch antworten.")
    hearing: bool = Field(
        default=False,
        description="Eine Anhörung: Die Bewilligung soll enden oder weniger werden; bis zur Entscheidung gilt sie.",
    )


def questions(view: View, now: datetime) -> list[Question]:
    """Oldest first. A document that was sent for a question answers it too."""
    deleted = {each.reference for each in view.news if each.kind is EntryKind.DOCUMENT_REMOVED}
    answers = (
        each
        for each in view.news
        if each.kind is EntryKind.ANSWERED or (each.kind is EntryKind.DOCUMENT_ADDED and each.reference not in deleted)
    )
    answered = {_detail(each).question_id for each in answers}
    today = day_in_berlin(now)
    asked = sorted((each for each in view.news if each.kind is EntryKind.QUESTION_ASKED), key=lambda each: each.at)
    return [_question(each, answered, today) for each in asked]


def status_text(view: View, asked: list[Question], plain: BothLanguages) -> BothLanguages:
    """Where the authority waits for the family, that is what the family must know first; then how it stands (`plain`),
    once there is a decision."""
    waiting = [each for each in asked if not each.answered and not _is_decided(each, view.news)]
    if not waiting or view.current_status.status is Status.WITHDRAWN:
        return plain
    hearings, others = ([each for each in waiting if each.hearing is kind] for kind in (True, False))
    said = [*([_hearing(hearings)] if hearings else []), *([_needs(others)] if others else [])]
    if _has_decision(view.current_status):
        said.append(plain)
    return BothLanguages(" ".join(each.de for each in said), " ".join(each.en for each in said))


def _has_decision(current: CurrentStatus) -> bool:
    return current.status not in (Status.SUBMITTED, Status.IN_REVIEW)


def _is_decided(asked: Question, news: Sequence[TimelineEntry]) -> bool:
    """It was decided since, on what there was. What carries a grant on into the next school year leaves a hearing on
    the present one open."""
    decided = [each for each in news if each.kind in DECISIONS and each.at >= asked.asked_at]
    return any(not asked.hearing or _detail(each).carries_on is None for each in decided)


def _hearing(asked: list[Question]) -> BothLanguages:
    until = min(each.due for each in asked)
    due, due_en = format_day(until, "de"), format_day(until, "en")
    if any(each.overdue for each in asked):
        return BothLanguages(
            f"Der Schulträger will Ihre Bewilligung beenden oder ändern und wartet seit dem {due} auf Ihre Antwort. "
            "Bitte antworten Sie gleich.",
            f"The authority means to end or change your grant and has been waiting for your answer since {due_en}. "
            "Please answer now.",
        )
    return BothLanguages(
        f"Der Schulträger will Ihre Bewilligung beenden oder ändern und fragt Sie vorher. Bitte antworten Sie bis zum "
        f"{due}.",
        f"The authority means to end or change your grant and asks you first. Please answer by {due_en}.",
    )


def _needs(asked: list[Question]) -> BothLanguages:
    until = min(each.due for each in asked)
    due, due_en = format_day(until, "de"), format_day(until, "en")
    if any(each.overdue for each in asked):
        return BothLanguages(
            f"Der Schulträger wartet seit dem {due} auf Ihre Antwort. Bitte antworten Sie gleich.",
            f"The authority has been waiting for your answer since {due_en}. Please answer now.",
        )
    return BothLanguages(
        f"Der Schulträger braucht noch etwas von Ihnen, bis zum {due}.",
        f"The authority needs something more from you by {due_en}.",
    )


def read_change(body: bytes) -> Change:
    """Raises Invalid with every field that is wrong, or 400 for what is no JSON."""
    try:
        change = Change.model_validate_json(body)
    except ValidationError as error:
        raise _told(error) from error
    fixed = sorted(set(change.changes) - CHANGEABLE)
    if fixed:
        said = {"medium": MEDIUM_IS_FREE}
        problems = [FieldProblem(f"changes.{each[:60]}", said.get(each, NOT_CHANGEABLE)) for each in fixed[:20]]
        raise Invalid(problems[0].text if len(problems) == 1 else NOT_CHANGEABLE, problems=problems)
    return change


def read_changed(form: str, change: Change) -> ApplicationForm:
    """The form with the change in place.

    Raises:
        Invalid.
    """
    try:
        return ApplicationForm.model_validate_json(changed_form(form, change))
    except ValidationError as error:
        problem = _told(error)
        if isinstance(problem, Invalid):
            inside = [FieldProblem(f"changes.{each.field}", each.text) for each in problem.problems]
            raise Invalid(problem.text, problems=inside) from error
        raise problem from error


def documentation() -> dict[str, Any]:
    """The request's body for OpenAPI: the route reads the bytes itself, so FastAPI does not see it."""
    example = {"question_id": None, "text": "Wir sind umgezogen.", "changed_from": "2027-01-15",
               "changes": {"home": {"street": "Am Bach", "house_number": "3", "postal_code": "33602",
                                    "city": "Bielefeld"}}}  # fmt: skip
    content = {"schema": Change.model_json_schema(), "examples": {"moved": {"value": example}}}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def _told(error: ValidationError) -> Exception:
    errors = error.errors(include_url=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in errors):
        return RequestValidationError(errors)
    return from_validation(errors)


def _question(news: TimelineEntry, answered: set[UUID | None], today: date) -> Question:
    detail = _detail(news)
    number, due = UUID(news.reference), detail.due or news.at.date()
    done = number in answered
    text = Text(de=detail.text, en=english(detail.text, detail.text_en))
    return Question(
        id=number,
        text=text,
        text_de=text.de,
        text_en=text.en,
        asked_at=in_berlin(news.at),
        due=due,
        answered=done,
        overdue=not done and today > due,
        hearing=detail.hearing,
    )


def _detail(news: TimelineEntry) -> Detail:
    return Detail.model_validate_json(news.detail)
