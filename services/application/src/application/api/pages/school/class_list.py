"""/school/class-list: a class list is uploaded, looked at, and taken over. Nothing of it is kept in between."""

import re
from dataclasses import replace
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from shared.errors import Forbidden, Invalid, Problem
from shared.http.edge import LargerBody
from shared.sign_in import FOREIGN_FORM

from application.api.documents.uploads import FILE_MISSING, UploadBudget, read_upload
from application.api.pages.school.visits import ROOT, SchoolPages
from application.api.pages.visits import FORM_TOKEN, Visit
from application.api.school.answers import read_answers, write_answers
from application.checks.class_list import MOST_BYTES, TOO_LARGE
from application.web.school_view import preview
from application.web.templates import Formatter
from application.workflow.attendance.class_lists import ListReport

UPLOAD = LargerBody("POST", re.compile(r"/school/class-list"), 2 * MOST_BYTES, TOO_LARGE)
ANSWERS = LargerBody("POST", re.compile(r"/school/class-list/answers"), 2 * MOST_BYTES, TOO_LARGE)
LARGER_BODIES = (UPLOAD, ANSWERS)


def add_class_list(routes: APIRouter, pages: SchoolPages) -> None:
    """The form, the look, and the take-over."""
    held = UploadBudget()

    @routes.get(f"{ROOT}/class-list", response_class=Response)
    async def form(request: Request) -> Response:
        visit = pages.visit(request)
        return _form(pages, visit, request.query_params.get("year", ""))

    @routes.post(f"{ROOT}/class-list", response_class=Response)
    async def look(request: Request) -> Response:
        visit = pages.visit(request)
        more = dict.fromkeys((FORM_TOKEN, "year"), "")
        try:
            async with read_upload(request, str(uuid4()), visit.session.caller.subject, held, more) as upload:
                if not pages.flow().sessions.form_counts(visit.session, more[FORM_TOKEN]):
                    raise Forbidden(FOREIGN_FORM)
                if not upload.content:
                    raise Invalid(FILE_MISSING, field="file")
                report = await _look(pages, visit, more["year"], bytes(upload.content))
        except Forbidden:
            raise
        except Problem as problem:
            return _form(pages, visit, more["year"], problem.text.in_language(visit.language), problem.status)
        return _preview(pages, visit, more["year"], report)

    @routes.post(f"{ROOT}/class-list/answers", response_class=Response)
    async def take_over(request: Request) -> Response:
        visit = await pages.form(request, 2 * MOST_BYTES)
        year = pages.year_of(visit.typed.get("year", ""))
        answers = read_answers(visit.typed.get("answers", ""))
        count = await pages.workflow.attendance.answer(visit.session.caller, year, answers, pages.now())
        return pages.go("", year=str(year), done="list", count=str(count.kept), same=str(count.same))


async def _look(pages: SchoolPages, visit: Visit, year: str, content: bytes) -> ListReport:
    caller = visit.session.caller
    return await pages.workflow.class_lists.of_caller(
        caller, caller.school_number or "", pages.year_of(year), content, pages.now(), apply=False
    )


def _form(pages: SchoolPages, visit: Visit, year: str, error: str = "", status: int = 200) -> Response:
    years = [(str(each), str(each)) for each in pages.years()]
    errors = {"file": error} if error else {}
    return pages.show_to(
        visit, "school_class_list.html", status, errors=errors, year=str(pages.year_of(year)), years=years
    )


def _preview(pages: SchoolPages, visit: Visit, year: str, report: ListReport) -> Response:
    return pages.show_to(
        replace(visit, typed={}),
        "school_preview.html",
        year=str(pages.year_of(year)),
        found=preview(report, Formatter(visit.language)),
        answers=write_answers(tuple(report.answers)),
    )
