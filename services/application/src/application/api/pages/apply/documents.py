"""Documents of an application that is being written: a photo or a file, listed and deleted before it is sent."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from shared.errors import Forbidden, Invalid, NotFound, Problem
from shared.http.edge import LargerBody

from application.api.documents.uploads import FILE_MISSING, UploadBudget, read_upload
from application.api.drafts.body import document_id_in_draft
from application.api.pages.apply.drafting import BELONGS, FOREIGN, DraftPages, OpenDraft
from application.api.pages.apply.steps import BACK_TO, SUMMARY
from application.api.pages.pages import language, typed_of
from application.checks.uploads import KIND_TEXTS, LARGEST_BYTES, TOO_LARGE
from application.web.apply.documents import DocumentsPage, document_lines
from application.web.apply.options import proofs
from application.web.apply.page import page_of
from application.web.apply.steps import BY_NAME, next_after

LARGER_BODY = LargerBody("POST", re.compile(r"/family/apply/[^/]{1,64}/uploads"), 3 * LARGEST_BYTES, TOO_LARGE)
STEP = BY_NAME["documents"]


def add_documents(routes: APIRouter, drafting: DraftPages) -> None:
    """/family/apply/{draft_id}/documents and what is done there."""
    pages = Documents(drafting)

    @routes.get("/family/apply/{draft_id}/documents", response_class=Response)
    async def show(draft_id: str, request: Request) -> Response:
        async def act(opened: OpenDraft) -> Response:
            return pages.show(opened, to_summary=request.query_params.get(BACK_TO) == SUMMARY)

        return await drafting.within(request, draft_id, act)

    @routes.post("/family/apply/{draft_id}/documents", response_class=Response)
    async def go_on(draft_id: str, request: Request) -> Response:
        async def act(opened: OpenDraft) -> Response:
            typed = await typed_of(request)
            drafting.check_form(opened, typed)
            to_summary = typed.get(BACK_TO) == SUMMARY
            if "language" in typed:
                return pages.show(await drafting.speak(opened, language(request, typed)), to_summary=to_summary)
            there = next_after(STEP, opened.situation, to_summary=to_summary)
            return drafting.pages.go(f"/apply/{opened.id}/{there}", **({BACK_TO: SUMMARY} if to_summary else {}))

        return await drafting.within(request, draft_id, act)

    _add_files(routes, drafting, pages)


def _add_files(routes: APIRouter, drafting: DraftPages, pages: "Documents") -> None:
    """A file more, and one less."""

    @routes.post("/family/apply/{draft_id}/uploads", response_class=Response)
    async def add(draft_id: str, request: Request) -> Response:
        async def act(opened: OpenDraft) -> Response:
            return await pages.add(opened)

        return await drafting.within(request, draft_id, act, edits=True)

    @routes.post("/family/apply/{draft_id}/removals/{draft_document_id}", response_class=Response)
    async def remove(draft_id: str, draft_document_id: str, request: Request) -> Response:
        async def act(opened: OpenDraft) -> Response:
            typed = await typed_of(request)
            drafting.check_form(opened, typed)
            which = document_id_in_draft(draft_document_id)
            with suppress(NotFound):  # pressed twice: it is gone, as wanted
                await drafting.workflow.draft_documents.remove(opened.visitor, opened.id, which, datetime.now(UTC))
            return pages.go_back(opened, typed.get(BACK_TO, ""))

        return await drafting.within(request, draft_id, act, edits=True)


class Documents:
    """The page with the documents of a draft."""

    def __init__(self, drafting: DraftPages) -> None:
        self._drafting, self._held = drafting, UploadBudget()

    def show(
        self, opened: OpenDraft, errors: dict[str, str] | None = None, status: int = 200, *, to_summary: bool = False,
        kind: str = "",
    ) -> Response:  # fmt: skip
        """What was handed in, what helps, and the form for one more."""
        page = page_of(STEP, opened.situation, opened.language, typed={"kind": kind}, errors=errors)
        wanted = proofs(opened.situation)
        page.more["documents"] = DocumentsPage(
            lines=document_lines(opened.view.documents, opened.language),
            wanted=[text.in_language(opened.language) for _, text in wanted],
            kinds=[(each, text.in_language(opened.language)) for each, text in KIND_TEXTS.items()],
            kind=kind or (wanted[0][0] if wanted else "other"),
            key=str(uuid4()),
        )
        return self._drafting.show(opened, "apply_documents.html", status, to_summary=to_summary, page=page, mark="")

    async def add(self, opened: OpenDraft) -> Response:
        """One document; what cannot be taken is told beside the field."""
        more: dict[str, str] = dict.fromkeys((BELONGS, BACK_TO, "key"), "")
        try:
            async with read_upload(opened.request, "", str(opened.id), self._held, more) as upload:
                if more[BELONGS] != opened.form_token:
                    raise Forbidden(FOREIGN)
                if not upload.name and not upload.content:
                    raise Invalid(FILE_MISSING, field="file")
                self._drafting.limits.hand_in(opened.visitor, len(upload.content), opened.request)
                keyed = upload.with_key(more["key"] or str(uuid4()))
                await self._drafting.workflow.draft_documents.add(opened.visitor, opened.id, keyed, datetime.now(UTC))
        except Forbidden:
            raise
        except Problem as problem:
            field = "kind" if any(each.field == "kind" for each in problem.problems) else "file"
            text = problem.text.in_language(opened.language)
            return self.show(opened, {field: text}, problem.status, to_summary=more[BACK_TO] == SUMMARY)
        return self.go_back(opened, more[BACK_TO])

    def go_back(self, opened: OpenDraft, to: str) -> Response:
        """To the list."""
        query = {BACK_TO: SUMMARY} if to == SUMMARY else {}
        return self._drafting.pages.go(f"/apply/{opened.id}/documents", **query)
