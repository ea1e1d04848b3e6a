"""/family/applications/{id}/change/{what}: a small form for each thing that changes."""

import hashlib
import json
from typing import Any

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, Invalid, NotFound
from shared.school_names import everyday_name

from application.api.pages.child.change_forms import CHANGES, SIBLINGS, Body, ChangeForm, prefilled_fields, sibling_row
from application.api.pages.child.child import ONE, ChildPages
from application.api.pages.child.writing import tell
from application.api.pages.pages import NO_PAGE
from application.api.pages.school_search import SchoolSearch, search_school
from application.api.pages.visits import Visit
from application.api.requests import application_id_of
from application.domain.application import View
from application.domain.status import Status
from application.web.apply.options import grade_name
from application.web.precheck_view import school_choices
from application.workflow.applications.changes import CHANGED_MEANWHILE, LAID_DOWN

SEEN = "seen"


def add_changes(routes: APIRouter, children: ChildPages) -> None:
    """The forms, and what is sent with them."""
    asks = ChangePages(children)

    @routes.get(f"{ONE}/change/{{what}}", response_class=Response)
    async def form(application_id: str, what: str, request: Request) -> Response:
        """As it is now, to be changed."""
        visit = children.pages.visit(request)
        view = await children.own(visit, application_id)
        return asks.form(
            visit, view, _known(what), prefilled_fields(what, json.loads(view.application.form), view.school)
        )

    @routes.post(f"{ONE}/change/{{what}}", response_class=Response)
    async def change(application_id: str, what: str, request: Request) -> Response:
        """The change goes the way of the API's; what does not fit is shown at its field."""
        visit = await children.pages.form(request)
        view = await children.own(visit, application_id)
        return await asks.change(visit, view, _known(what))


def _known(what: str) -> ChangeForm:
    if what not in CHANGES:
        raise NotFound(NO_PAGE)
    return CHANGES[what]


class ChangePages:
    """One change, in whatever state its form is."""

    def __init__(self, children: ChildPages) -> None:
        self._children = children

    def form(  # noqa: PLR0917  # all that the page shows
        self,
        visit: Visit,
        view: View,
        form: ChangeForm,
        typed: dict[str, str],
        errors: dict[str, str] | None = None,
        search: SchoolSearch | None = None,
        status: int = 200,
    ) -> Response:
        """The form, as far as it is filled in.

        Raises:
            Conflict: where nothing can be changed any more.
        """
        if view.current_status.status is Status.WITHDRAWN:
            raise Conflict(LAID_DOWN)
        school = search.school if search and search.school else view.school
        keys = self._children.keys.forms
        grades = keys[school.form].grades if school and school.form in keys else ()
        several = school_choices(search.several) if search else []
        labels = {each.name: each.label.in_language(visit.language) for each in form.fields}
        labels |= {name: text.in_language(visit.language) for name, text in form.more_labels.items()}
        return self._children.form(
            visit,
            "change.html",
            status,
            change=form,
            labels=labels,
            typed=typed,
            errors=errors or {},
            several=several,
            grades=[(each, grade_name(each).in_language(visit.language)) for each in grades],
            siblings=SIBLINGS + len(json.loads(view.application.form)["siblings"]),
            seen=typed.get(SEEN) or version_of(view),
            application_id=view.application.id,
            school_name=everyday_name(view.school.name) if view.school else "",
        )

    async def change(self, visit: Visit, view: View, form: ChangeForm) -> Response:
        """1. The other language alone. 2. Which school is meant. 3. Told; not over what another window has changed."""
        # 1.
        typed = dict(visit.typed)
        if "language" in typed:
            return self.form(visit, view, form, typed)
        # 2.
        search = None
        if form.has_school:
            search = await search_school(self._children.workflow.directory, typed)
            if search.school is None:
                errors = {"school": search.fault.in_language(visit.language)} if search.fault else {}
                return self.form(visit, view, form, typed, errors, search, 422 if errors else 200)
            typed |= {"school_number": search.school.number}
        # 3.
        number = application_id_of(str(view.application.id))
        body = form.body(Body(typed, json.loads(view.application.form)))
        try:
            if typed.get(SEEN) not in ("", None, version_of(view)) and _differs(body, view):
                raise Conflict(CHANGED_MEANWHILE)
            await tell(self._children, visit, str(number), body)
        except Conflict as problem:
            typed.pop(SEEN, None)
            return self.form(visit, view, form, typed, {"": problem.text.in_language(visit.language)}, search, 409)
        except Invalid as problem:
            told = problem.problems or ()
            errors = {_place(each.field, form, typed): each.text.in_language(visit.language) for each in told}
            errors = errors or {"": problem.text.in_language(visit.language)}
            return self.form(visit, view, form, typed, errors, search, 422)
        return self._children.back(number, "changed", "#top")


def version_of(view: View) -> str:
    """What the form was when the page was shown."""
    return hashlib.sha256(view.application.form.encode()).hexdigest()[:16]


def _differs(body: dict[str, Any], view: View) -> bool:
    """Whether it is not in the form already: the same sent twice is one."""
    known = json.loads(view.application.form)
    return any(known.get(name) != value for name, value in body.get("changes", {}).items())


def _place(field: str, form: ChangeForm, typed: dict[str, str]) -> str:
    """The field of the page at which a fault is shown; empty: above them all."""
    names = {each.name for each in form.fields} | set(form.more_labels)
    path = field.removeprefix("changes.").split(".")
    if path[0] == "siblings" and path[1:] and path[1].isdecimal():
        return sibling_row(int(path[1]), typed)
    whole = "_".join(path)
    for name in (whole, path[-1], *(f"{path[0]}_{path[1]}" for _ in path[1:2])):
        if name in names:
            return name
    return "school" if "school" in path[0] and form.has_school else ""
