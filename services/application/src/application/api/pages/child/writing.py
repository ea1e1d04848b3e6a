"""What a family writes and hands in: answers, messages, a request to check again, documents."""

import json
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from shared.errors import Invalid, Problem
from shared.http.edge import LargerBody

from application.api.applications import questions
from application.api.applications.answers import answer
from application.api.documents.documents import file_response
from application.api.documents.uploads import UploadBudget, read_upload
from application.api.pages.child.child import ONE, ChildPages
from application.api.pages.pages import language
from application.api.pages.visits import FORM_TOKEN, ROOT, Visit
from application.api.requests import application_id_of, checked_text_key, document_id_of
from application.checks.uploads import LARGEST_BYTES, TOO_LARGE
from application.workflow import ChangeRequest
from application.workflow.applications.changes import NOTHING_SEEN

DOCUMENT_BODY = LargerBody(
    "POST", re.compile(rf"{ROOT}/applications/[^/]{{1,64}}/documents"), 3 * LARGEST_BYTES, TOO_LARGE
)
LONGEST_TEXT_FORM = 65_536
"""Bytes: 4,000 signs of any script, as browsers send them."""
CHECK_AGAIN = "Bitte prüfen Sie die Entscheidung noch einmal."
"""Begins the message, so that whoever reads it knows what is asked for. The authority reads German."""


def add_writing(routes: APIRouter, children: ChildPages) -> None:
    """Texts and documents."""
    _add_texts(routes, children)
    _add_second_look(routes, children)
    _add_upload(routes, children)
    _add_one_document(routes, children)


def _add_texts(routes: APIRouter, children: ChildPages) -> None:
    pages = children.pages

    @routes.post(f"{ONE}/answers", response_class=Response)
    async def write(application_id: str, request: Request) -> Response:
        """An answer to a question, or a message."""
        visit = await pages.form(request, LONGEST_TEXT_FORM)
        question = visit.typed.get("question_id", "")
        field = f"text-{question}" if question else "text"
        try:
            await tell(children, visit, application_id, {"text": _text(visit), "question_id": question or None})
        except Invalid as problem:
            said = {field: problem.problems[0].text if problem.problems else problem.text}
            errors = {name: text.in_language(visit.language) for name, text in said.items()}
            return await children.show(visit, application_id, 422, errors)
        return children.back(application_id_of(application_id), "answered", "#top")


def _add_second_look(routes: APIRouter, children: ChildPages) -> None:
    pages = children.pages

    @routes.get(f"{ONE}/check-again", response_class=Response)
    async def reasons(application_id: str, request: Request) -> Response:
        """What the decision rests on, before anybody goes to court."""
        return await again(pages.visit(request), application_id)

    @routes.post(f"{ONE}/check-again", response_class=Response)
    async def check_again(application_id: str, request: Request) -> Response:
        visit = await pages.form(request, LONGEST_TEXT_FORM)
        await children.own(visit, application_id)
        if "language" in visit.typed:
            return await again(visit, application_id)
        try:
            if not _text(visit):
                raise Invalid(NOTHING_SEEN, field="text")
            await tell(children, visit, application_id, {"text": f"{CHECK_AGAIN}\n\n{_text(visit)}"})
        except Invalid as problem:
            text = problem.problems[0].text if problem.problems else problem.text
            return await again(visit, application_id, 422, {"text": text.in_language(visit.language)})
        return children.back(application_id_of(application_id), "answered", "#top")

    async def again(
        visit: Visit, application_id: str, status: int = 200, errors: dict[str, str] | None = None
    ) -> Response:
        found = answer(await children.own(visit, application_id), "", children.now())
        return children.form(visit, "check_again.html", status, answer=found, typed=visit.typed, errors=errors or {})


async def tell(children: ChildPages, visit: Visit, application_id: str, body: dict[str, Any]) -> None:
    """As POST /v1/applications/{id}/answers takes it.

    Raises:
        Invalid: by field.
        NotFound: first of all.
    """
    number, changes = application_id_of(application_id), children.workflow.changes
    form = await changes.form_of(visit.owner, number)
    await changes.tell(visit.owner, number, _read(form, body), children.now())


def _read(form: str, body: dict[str, Any]) -> ChangeRequest:
    """Raises Invalid with all that does not fit: a day that is none hides nothing of the other fields."""
    try:
        change = questions.read_change(json.dumps(body).encode())
        return ChangeRequest(change, questions.read_changed(form, change), form)
    except Invalid as problem:
        if body.get("changed_from") is None:
            raise
        try:
            _read(form, body | {"changed_from": None})
        except Invalid as other:
            known = {each.field for each in other.problems}
            more = [each for each in problem.problems if each.field not in known]
            raise Invalid(other.text, problems=[*other.problems, *more]) from problem
        raise


def _text(visit: Visit) -> str:
    """A browser ends lines with CR LF."""
    return visit.typed.get("text", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _add_upload(routes: APIRouter, children: ChildPages) -> None:
    pages, documents, held = children.pages, children.workflow.documents, UploadBudget()

    @routes.post(f"{ONE}/documents", response_class=Response)
    async def add(application_id: str, request: Request) -> Response:
        """1. Whose it is. 2. The file with the form's token. 3. Kept; a file that is none is said on the page."""
        # 1.
        visit = pages.visit(request)
        number = application_id_of(application_id)
        await documents.expect(visit.owner, number)
        # 2.
        more = {FORM_TOKEN: "", "key": "", "shown_language": ""}
        problem: Problem | None = None
        try:
            async with read_upload(request, str(uuid4()), visit.owner, held, more) as upload:
                visit = pages.admit_form(request, dict(more))
                # 3.
                kept = replace(upload, key=checked_text_key(more["key"]))
                await documents.add(visit.owner, number, kept, children.now())
                return children.back(number, "uploaded", "#documents")
        except Problem as found:
            problem = found
        if problem.status in (403, 404, 503):
            raise problem
        visit = Visit(request, visit.session, language(request, more), {})
        text = problem.problems[0].text if isinstance(problem, Invalid) and problem.problems else problem.text
        return await children.show(visit, application_id, problem.status, {"file": text.in_language(visit.language)})


def _add_one_document(routes: APIRouter, children: ChildPages) -> None:
    pages, documents = children.pages, children.workflow.documents

    @routes.get(f"{ONE}/documents/{{document_id}}", response_class=Response)
    async def fetch(application_id: str, document_id: str, request: Request) -> Response:
        """The file, to be saved."""
        visit = pages.visit(request)
        number, which = application_id_of(application_id), document_id_of(document_id)
        await documents.expect(visit.owner, number)
        document = await documents.one(visit.as_family(), number, which, children.now())
        return file_response(document, documents.part)

    @routes.post(f"{ONE}/documents/{{document_id}}/removal", response_class=Response)
    async def remove(application_id: str, document_id: str, request: Request) -> Response:
        visit = await pages.form(request)
        number, which = application_id_of(application_id), document_id_of(document_id)
        await documents.remove(visit.owner, number, which, children.now())
        return children.back(number, "removed", "#documents")
