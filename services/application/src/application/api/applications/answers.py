"""What is answered: the shapes, and how they are made. Times are given in Germany's time, with offset."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from shared.calendar import day_in_berlin, in_berlin

from application.api.applications.decision import (
    Decision,
    Text,
    decision,
    detail_of,
)
from application.api.applications.links import Links, links_of, path_of
from application.api.applications.notices import Notice, is_order, notices
from application.api.applications.questions import Question, questions, status_text
from application.api.applications.references import PupilReference, SchoolReference
from application.api.applications.sent import Submission, answers_of, look_by_of, record_submission
from application.api.applications.status_words import words_of_status
from application.api.applications.timeline import TimelineAnswer, timeline
from application.checks import hints
from application.domain.application import Application, TakenApplication, View
from application.domain.in_force import in_force, rests_on, still_runs
from application.domain.people import PersonKind
from application.domain.status import CurrentStatus, Status
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm
from application.workflow import AddressHint, open_offer


class CandidateAddress(BaseModel):
    """Eine Adresse, die gemeint sein kann."""

    street: str
    house_number: str
    postal_code: str
    city: str


class Hint(Text):
    """Ein Hinweis; zu einem Feld, wenn es genannt ist."""

    field: str | None = Field(default=None, description="Zu welchem Feld, zum Beispiel home.")
    candidates: list[CandidateAddress] = Field(
        default=[], description="Was gemeint sein kann, das Wahrscheinlichste zuerst."
    )


class Receipt(BaseModel):
    """Die Antwort auf einen Antrag; auf den gleichen Idempotency-Key immer dieselbe."""

    id: UUID
    status: Literal["submitted"] = "submitted"
    submitted_at: datetime
    hints: list[Hint] = Field(description="Was die Familie wissen sollte, obwohl der Antrag angenommen ist.")
    links: Links


class ApplicationSummary(BaseModel):
    """Ein Antrag in der Liste."""

    id: UUID
    status: Status = Field(
        description="submitted: eingegangen; in_review: wird geprüft; granted: bewilligt; refused: abgelehnt; "
        "ticket_issued: Ticket ausgestellt; pass_ready: Ticket abrufbar; suspended: Ticket ausgesetzt, bis "
        "es wieder freigegeben wird; revoked: Ticket gesperrt, gilt nicht mehr; withdrawn: zurückgenommen "
        "(endgültig). Innerhalb einer Entscheidung geht es nie zurück, außer aus suspended."
    )
    status_text: Text
    submitted_at: datetime
    school_year: str
    pupil: PupilReference
    school: SchoolReference = Field(
        description="Die Schule, für die bewilligt ist; wo noch nichts bewilligt ist, die im Antrag genannte."
    )
    you: PersonKind = Field(
        description="Als wer Sie den Antrag sehen: owner, wenn er Ihnen gehört; helper, wenn Sie mithelfen."
    )
    links: Links


class ApplicationAnswer(ApplicationSummary, Submission):
    """Ein Antrag mit allem, was seine Familie sehen darf."""

    wanted_from: date
    medium: Literal["wallet", "paper"]
    told_school: SchoolReference | None = Field(
        default=None, description="Die Schule in „form“, wo eine andere gemeldet ist als die, für die bewilligt ist."
    )
    decision: Decision | None = Field(
        description="Die Entscheidung über den Antrag. Eine Ablehnung bleibt, auch wenn die Familie das Ticket selbst "
        "bezahlt; zu einem zurückgenommenen Antrag gibt es keine Bewilligung mehr."
    )
    still_in_force: Decision | None = Field(
        default=None,
        description="Die Bewilligung davor, solange sie noch gilt: bis zu ihrem letzten Tag (ended_on).",
    )
    order: Decision | None = Field(
        default=None, description="Das Ticket, das die Familie selbst bezahlt, neben der Ablehnung."
    )
    notices: list[Notice] = Field(
        description="Alle Bescheide, der neueste zuerst. Sie bleiben hier, auch wenn neu entschieden wird."
    )
    questions: list[Question] = Field(description="Was der Schulträger noch braucht oder brauchte, bis wann.")
    timeline: list[TimelineAnswer]
    hints: list[Hint] = Field(
        description="Was die Familie wissen sollte; zu einer Adresse auch, was gemeint sein kann."
    )


class NoticeLink(BaseModel):
    link: str = Field(description="Öffnet den Bescheid einige Minuten lang, als PDF; mit format=html als Seite.")


class ApplicationPage(BaseModel):
    items: list[ApplicationSummary]
    next: str | None = Field(description="Die nächste Seite; null auf der letzten.")


def receipt(application: TakenApplication, form: ApplicationForm, base: str, address: AddressHint | None) -> Receipt:
    """For a form that was taken in.

    Args:
        address: None where the home is known, or nobody could be asked.
    """
    known, path = _hints(application, form, other_children=application.other_children), path_of(application, base)
    return Receipt(
        id=application.id,
        submitted_at=in_berlin(application.submitted_at),
        hints=[*known, *_of_address(address)],
        links=Links(self=path, **{name: f"{path}/{name}" for name in ("withdrawal", "answers", "documents")}),
    )


def summary(view: View, base: str, now: datetime) -> ApplicationSummary:
    """A question that waits for the family leads here too: the list is what many open first."""
    application, current = view.application, view.current_status
    today = day_in_berlin(now)
    holds = in_force(current, view.news, today)
    form = json.loads(application.form if holds is None else rests_on(holds, view.news, application.form))
    plain = words_of_status(view, current)
    return ApplicationSummary(
        id=application.id,
        status=current.status,
        status_text=Text.of(status_text(view, questions(view, now), plain)),
        submitted_at=in_berlin(application.submitted_at),
        school_year=application.school_year,
        pupil=PupilReference(first_name=form["pupil"]["first_name"], last_name=form["pupil"]["last_name"]),
        school=SchoolReference.of(view, form["school_number"]),
        you=view.you,
        links=links_of(view, current, base),
    )


def answer(
    view: View, base: str, now: datetime, look_by: date | None = None, address: AddressHint | None = None
) -> ApplicationAnswer:
    """`look_by`: until when somebody looks at what was written just now, where that is not in the news yet.

    Args:
        address: what the home may be meant to be, while it is looked for.
    """
    form = json.loads(view.application.form)
    current = view.current_status
    short = summary(view, base, now)
    if view.you is PersonKind.OWNER and open_offer(view.news, day_in_berlin(now)):
        short.links.self_payer = f"{path_of(view.application, base)}/self-payer"
    asked, days = questions(view, now), look_by_of(view.news)
    written = answers_of(view.news)
    if look_by is not None and written:
        days.setdefault(written[-1].reference, look_by)
    decided, order = _decisions(current, view)
    told = SchoolReference.of(view, view.application.school_number)
    return ApplicationAnswer(
        **vars(short),
        **vars(record_submission(view, base, days)),
        wanted_from=form["wanted_from"],
        medium=form["medium"],
        told_school=told if told.number != short.school.number else None,
        decision=decision(decided, view),
        still_in_force=decision(_still_in_force(current, view, now), view),
        order=decision(order, view),
        notices=notices(view.news),
        questions=asked,
        timeline=timeline(view, short.links.pass_, days),
        hints=[*_of_family(view), *_of_address(address)],
    )


def is_address_open(view: View) -> bool:
    """Whether a person looks for the home: until then what may be meant is said again each time."""
    opened = [each for each in view.news if each.kind is EntryKind.REVIEW_OPENED]
    newest = max(opened, key=lambda each: each.at, default=None)
    asked = newest is not None and any(each.rule == "address" for each in detail_of(newest).reasons)
    return asked and view.current_status.status is Status.IN_REVIEW


def _decisions(current: CurrentStatus, view: View) -> tuple[TimelineEntry | None, TimelineEntry | None]:
    """The decision on the application, and the order of a ticket beside it. What was granted ends with a withdrawal."""
    newest = current.decision
    if newest is None:
        return None, None
    order = newest if newest.kind is EntryKind.GRANTED and is_order(detail_of(newest)) else None
    if order is not None:
        before = [each for each in view.news if each.kind in (EntryKind.GRANTED, EntryKind.REFUSED)]
        earlier = [each for each in before if not is_order(detail_of(each)) and each.at <= order.at]
        newest = max(earlier, key=lambda each: each.at, default=order)
    if current.status is Status.WITHDRAWN:
        return (newest if newest.kind is EntryKind.REFUSED else None), None
    return newest, None if newest is order else order


def _still_in_force(current: CurrentStatus, view: View, now: datetime) -> TimelineEntry | None:
    if current.status is Status.WITHDRAWN:
        return None
    return still_runs(current.decision, view.news, day_in_berlin(now))


def _of_address(hint: AddressHint | None) -> list[Hint]:
    if hint is None:
        return []
    candidates = [CandidateAddress.model_validate(dict(each)) for each in hint.candidates]
    return [Hint(de=hint.text.de, en=hint.text.en, field="home", candidates=candidates)]


def _of_family(view: View) -> list[Hint]:
    form = ApplicationForm.model_validate_json(view.application.form)
    return _hints(view.application, form, other_children=view.other_children)


def _hints(application: Application, form: ApplicationForm, *, other_children: bool) -> list[Hint]:
    applied_on = day_in_berlin(application.submitted_at)
    return [Hint.of(hint) for hint in hints(form, applied_on, other_children=other_children)]


def page(views: Sequence[View], limit: int, base: str, now: datetime) -> ApplicationPage:
    """`views` may be one longer than `limit`: then there is a next page."""
    shown = views[:limit]
    more = f"{base}/v1/applications?limit={limit}&before={shown[-1].application.id}" if len(views) > limit else None
    return ApplicationPage(items=[summary(each, base, now) for each in shown], next=more)
