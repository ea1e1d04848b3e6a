"""A draft as whoever may open it reads it."""

import json
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from shared.calendar import day_in_berlin, in_berlin
from shared.errors import FieldProblem

from application.api.applications.decision import Text
from application.checks.further import PART
from application.checks.uploads import KIND_TEXTS
from application.domain.application import Application
from application.domain.draft import DraftDocument
from application.domain.ids import DraftId
from application.workflow import DraftView, NewLink

Kind = Literal["missing", "wrong"]


class DraftLinks(BaseModel):
    self: str
    documents: str
    submission: str = Field(description="POST mit Idempotency-Key und Konto: abschicken.")
    link: str = Field(description="POST: ein neuer Link; der alte öffnet nichts mehr.")


class DraftReceipt(BaseModel):
    """Ein Entwurf mit einem neuen Link. Der Link ist nur jetzt zu lesen; wer ihn hat, öffnet den Entwurf."""

    id: UUID
    link: str = Field(
        description="Öffnet den Entwurf ohne Konto, auf jedem Gerät. Sein letztes Stück ist das Draft-Token."
    )
    version: int
    deleted_on: date = Field(
        description="An diesem Tag wird der Entwurf gelöscht, wenn er nicht weiter bearbeitet wird."
    )
    links: DraftLinks


class DraftDocumentAnswer(BaseModel):
    """Eine Unterlage zu einem Entwurf. Beim Schulträger liegt sie erst, wenn der Antrag abgeschickt ist."""

    id: UUID
    kind: str
    kind_text: Text
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    added_at: datetime
    link: str = Field(description="GET lädt sie herunter, DELETE löscht sie.")


class DraftProblem(BaseModel):
    """Was noch fehlt oder nicht zusammenpasst."""

    field: str = Field(description="Pfad der Angabe: pupil.birth_date.")
    kind: Kind = Field(description="missing: fehlt noch; wrong: passt nicht.")
    text: Text


class DraftAnswer(BaseModel):
    """Ein Entwurf, wie er gespeichert ist."""

    id: UUID
    state: Literal["draft"] = "draft"
    version: int = Field(description="Steigt mit jeder Änderung.")
    form: dict[str, Any] = Field(description="Die Teile des Antrags, die da sind, wie sie gesendet wurden.")
    documents: list[DraftDocumentAnswer] = Field(description="Älteste zuerst.")
    problems: list[DraftProblem] = Field(description="Was noch fehlt und was nicht passt.")
    complete: bool = Field(description="Nichts fehlt, und nichts passt nicht: Der Antrag kann abgeschickt werden.")
    dropped: list[str] = Field(
        description="Antworten, nach denen der Schulträger nicht oder nicht mehr fragt; sie werden nicht mitgeschickt."
    )
    begun_at: datetime
    edited_at: datetime
    deleted_at: datetime = Field(description="Bis dahin bleibt der Entwurf, wenn er nicht weiter bearbeitet wird.")
    deleted_on: date = Field(description="Der Tag davon.")
    links: DraftLinks


class SubmittedDraftAnswer(BaseModel):
    """Der Entwurf ist abgeschickt; das sieht nur, wer ihn abgeschickt hat."""

    id: UUID
    state: Literal["submitted"] = "submitted"
    submitted_at: datetime
    application: str = Field(description="Wo der Antrag ist.")


def receipt(new: NewLink, deleted_at: datetime, base: str) -> DraftReceipt:
    """With the link, which nobody can tell again."""
    return DraftReceipt(
        id=new.draft.id,
        link=f"{base}/drafts/{new.token}",
        version=new.draft.version,
        deleted_on=day_in_berlin(deleted_at),
        links=_links(new.draft.id, base),
    )


def answer(view: DraftView, base: str) -> DraftAnswer:
    """Without the link: nobody can tell it again."""
    draft = view.draft
    problems = [
        *(_problem(each, "missing") for each in view.missing),
        *(_problem(each, "wrong") for each in view.wrong),
    ]
    return DraftAnswer(
        id=draft.id,
        version=draft.version,
        form=json.loads(draft.form),
        documents=[document_answer(each, base) for each in view.documents],
        problems=problems,
        complete=not problems,
        dropped=[f"{PART}.{each}" for each in view.dropped],
        begun_at=in_berlin(draft.begun_at),
        edited_at=in_berlin(draft.edited_at),
        deleted_at=in_berlin(view.deleted_at),
        deleted_on=day_in_berlin(view.deleted_at),
        links=_links(draft.id, base),
    )


def submitted_answer(draft_id: DraftId, application: Application, base: str) -> SubmittedDraftAnswer:
    """For the account whose application it is."""
    at = f"{base}/v1/applications/{application.id}"
    return SubmittedDraftAnswer(id=draft_id, submitted_at=in_berlin(application.submitted_at), application=at)


def document_answer(document: DraftDocument, base: str) -> DraftDocumentAnswer:
    """A document without its bytes, with the link to them."""
    text = next(text for kind, text in KIND_TEXTS.items() if kind == document.kind)
    return DraftDocumentAnswer(
        id=document.id,
        kind=document.kind,
        kind_text=Text.of(text),
        name=document.name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        added_at=in_berlin(document.added_at),
        link=f"{base}/v1/drafts/{document.draft_id}/documents/{document.id}",
    )


def _links(draft_id: DraftId, base: str) -> DraftLinks:
    own = f"{base}/v1/drafts/{draft_id}"
    return DraftLinks(self=own, documents=f"{own}/documents", submission=f"{own}/submission", link=f"{own}/link")


def _problem(problem: FieldProblem, kind: Kind) -> DraftProblem:
    return DraftProblem(field=problem.field, kind=kind, text=Text.of(problem.text))
