"""The next school year: one page that says what will be applied for, and one tap when nothing has changed."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from shared.calendar import day_in_berlin
from shared.errors import Conflict, Invalid, Text
from shared.http.problems import from_validation

from application.api.pages.child.child import ONE, ChildPages
from application.api.pages.child.years import form_of_next_year, is_time_for_next_year, next_grade, next_year_of
from application.api.pages.visits import Visit
from application.domain.application import View
from application.domain.ids import ApplicationId
from application.form import ApplicationForm
from application.web.apply.options import grade_name
from application.web.precheck_view import BENEFITS, GRADES

TOO_EARLY = Text(
    "Für das nächste Schuljahr können Sie ab Februar einen Antrag stellen.",
    "You can apply for the next school year from February on.",
)


def add_next_year(routes: APIRouter, children: ChildPages) -> None:
    """The summary, and the tap."""
    pages, workflow = children.pages, children.workflow

    @routes.get(f"{ONE}/next-year", response_class=Response)
    async def summary(application_id: str, request: Request) -> Response:
        """What is known, for the next school year."""
        visit = pages.visit(request)
        return shown(visit, await children.own(visit, application_id))

    @routes.post(f"{ONE}/next-year", response_class=Response)
    async def apply(application_id: str, request: Request) -> Response:
        """The key follows from the application: a second tap finds the same."""
        visit = await pages.form(request)
        view = await children.own(visit, application_id)
        _check_time(children, view)
        key = f"next-year-{view.application.id}-{next_year_of(view)}"
        try:
            form = _read(form_of_next_year(view, visit.typed.get("grade", ""), children.now()))
            number = await _submit(children, visit, key, form, view)
        except Invalid as problem:
            return shown(visit, view, 422, [each.text.in_language(visit.language) for each in problem.problems])
        except Conflict:
            # sent before with another grade or consent: that one counts
            number = (await workflow.applications.of_key(visit.owner, key)).id
        return children.back(number, "applied", "#top")

    def shown(visit: Visit, view: View, status: int = 200, problems: list[str] | None = None) -> Response:
        _check_time(children, view)
        form = json.loads(view.application.form)
        grade = visit.typed.get("grade") or next_grade(form["grade"], view.school, children.keys, form.get("track"))
        known = children.keys.forms[view.school.form].grades if view.school else GRADES
        return pages.show_to(
            visit, "next_year.html", status, view=view, form=form, year=str(next_year_of(view)), grade=grade,
            grades=[("", "–"), *((each, grade_name(each).in_language(visit.language)) for each in known)],
            benefits=[BENEFITS[each].in_language(visit.language) for each in form["benefits"]], problems=problems or [],
            application_id=view.application.id, school=view.school,
        )  # fmt: skip


async def _submit(children: ChildPages, visit: Visit, key: str, form: ApplicationForm, view: View) -> ApplicationId:
    """Raises as `Applications.submit`."""
    now, trust = children.now(), visit.session.details.trust
    made = await children.workflow.applications.submit(
        visit.owner, key, form, now, carried_from=view.application, trust=trust
    )
    return made.id


def _check_time(children: ChildPages, view: View) -> None:
    if not is_time_for_next_year(view, day_in_berlin(children.now())):
        raise Conflict(TOO_EARLY)


def _read(body: dict[str, Any]) -> ApplicationForm:
    try:
        return ApplicationForm.model_validate_json(json.dumps(body))
    except ValidationError as error:
        problem = from_validation(error.errors(include_url=False, include_input=False))
        raise problem from error
