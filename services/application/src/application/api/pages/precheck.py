"""The pre-check on a phone: one form without an account, its questions where something is not clear, and the answer."""

import json
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from shared.calendar import day_in_berlin
from shared.errors import Invalid, Language, Problem
from shared.http.limits import Limit
from shared.http.problems import when_again

from application.api.pages.pages import Pages, language, typed_of
from application.api.pages.school_search import search_school
from application.api.prechecks import read
from application.checks import SchoolKeys
from application.web.precheck_view import (
    BENEFITS,
    SIBLINGS,
    PrecheckPage,
    answer_page,
    choices,
    chosen_school,
    field_of,
    labels,
    not_asked_at,
    school_choices,
)
from application.workflow import Workflow

FIELDS = (
    "street", "house_number", "postal_code", "city", "school", "school_number", "searched", "grade", "school_year",
    "track", "annex", "full_time", "birth_date", "special_needs", "severely_disabled", "confirmed",
    *(f"sibling_{place}" for place in range(SIBLINGS)), *map(field_of, BENEFITS),
)  # fmt: skip
"""What is carried from page to page."""
MORE = FIELDS[FIELDS.index("birth_date") :]
PLACES = {
    "course": "annex", "siblings": "sibling_0",
    **{f"siblings.{place}": f"sibling_{place}" for place in range(SIBLINGS)},
}  # fmt: skip
"""At which field of the page a fault is shown that the form calls so."""


def add_precheck(routes: APIRouter, pages: Pages, workflow: Workflow, keys: SchoolKeys, limit: Limit | None) -> None:
    """GET and POST /family/precheck.

    Args:
        limit: how often one client may ask.
    """
    asks = Asks(pages, workflow, keys)

    @routes.get("/family/precheck", tags=["pages"], response_class=Response)
    async def form(request: Request) -> Response:
        """Fragen, ob ein Ticket zu erwarten ist."""
        return asks.form(language(request, {}), PrecheckPage({}))

    @routes.post("/family/precheck", tags=["pages"], response_class=Response)
    async def look(request: Request) -> Response:
        """Die Auskunft, oder was dafür noch fehlt."""
        try:
            typed = await typed_of(request)
        except Problem as problem:
            return asks.form(language(request, {}), PrecheckPage({}, notice=problem.text), problem.status)
        reader = language(request, typed)
        try:
            if limit is not None:
                await limit.check(request)
            return await asks.answer(typed, reader, datetime.now(UTC))
        except Problem as problem:
            page = PrecheckPage(asks.kept(typed), notice=problem.text)
            return asks.form(reader, page, problem.status, when_again(problem))


class Asks:
    """One form, in whatever state a family has left it."""

    def __init__(self, pages: Pages, workflow: Workflow, keys: SchoolKeys) -> None:
        self._pages = pages
        self._workflow = workflow
        self._keys = keys

    def form(
        self, reader: Language, page: PrecheckPage, status: int = 200, headers: dict[str, str] | None = None
    ) -> Response:
        """The form, as far as it is filled in."""
        offered = choices(page.school, self._keys, day_in_berlin(datetime.now(UTC)), reader)
        told = any(page.typed.get(each) or each in page.errors for each in MORE)
        return self._pages.show(
            "precheck.html",
            reader,
            status,
            headers,
            page=page,
            offered=offered,
            more_is_open=told,
            labels=labels(reader),
        )

    @staticmethod
    def kept(typed: dict[str, str]) -> dict[str, str]:
        """The fields of the form, without those of buttons."""
        return {name: typed[name] for name in FIELDS if typed.get(name)}

    async def answer(self, typed: dict[str, str], reader: Language, now: datetime) -> Response:
        """1. Take over which address is meant. 2. Find the school, or let one be chosen. 3. Ask; what does not fit is
        shown at its field, and an address that is not found with those that may be meant."""
        # 1.
        told = _with_meant(typed, self.kept(typed))
        # 2.
        search = await search_school(self._workflow.directory, told)
        school = search.school
        page = PrecheckPage(told, school=school, schools=school_choices(search.several))
        if school is not None:
            told |= chosen_school(school)
            for name in not_asked_at(school, self._keys) & told.keys():
                del told[name]
        if search.fault:
            page.errors["school"] = search.fault.in_language(reader)
        only_shown = "change" in typed or ("language" in typed and "answered" not in typed)
        if only_shown or school is None:
            return self.form(reader, page)
        # 3.
        try:
            form, facts = await read(json.dumps(_body(told)).encode(), self._workflow, now)
            found = await self._workflow.prechecks.look(form, facts, now, picture=reader)
        except Invalid as problem:
            page.errors |= {_place(each.field): each.text.in_language(reader) for each in problem.problems}
            page.candidates = next((each.candidates for each in problem.problems if each.candidates), ())
            return self.form(reader, page, 422)
        answer = answer_page(found, reader)
        return self._pages.show("precheck_answer.html", reader, answer=answer, reply=found.reply, typed=told)


def _with_meant(typed: dict[str, str], told: dict[str, str]) -> dict[str, str]:
    """`meant`: an address of those proposed, its parts between bars; or that what was typed is right."""
    meant = typed.get("meant", "")
    if meant == "typed":
        return told | {"confirmed": "yes"}
    parts = meant.split("|")
    return told | dict(zip(FIELDS[:4], parts, strict=True)) if len(parts) == 4 else told


def _place(field: str) -> str:
    """The field of the page at which it is told."""
    name = field.removeprefix("address.") if field.startswith("address.") else field
    if name == "address":
        return name
    while name:
        if name in FIELDS or name in PLACES:
            return PLACES.get(name, name)
        name = name.rpartition(".")[0]
    return "street"


def _body(told: dict[str, str]) -> dict[str, Any]:
    """As POST /v1/prechecks takes it. What was left empty is not told."""
    siblings = [told[name] for place in range(SIBLINGS) if told.get(name := f"sibling_{place}")]
    body: dict[str, Any] = {
        "address": {name: told.get(name, "") for name in FIELDS[:4]} | {"confirmed": bool(told.get("confirmed"))},
        "siblings": [{"birth_date": each, "funded": True} for each in siblings],
        "benefits": [key for key in BENEFITS if told.get(field_of(key))],
    }
    for name in ("school_number", "school_year", "grade", "track", "birth_date"):
        if told.get(name):
            body[name] = told[name]
    for name in ("special_needs", "severely_disabled"):
        if told.get(name):
            body[name] = True
    if told.get("annex"):
        body["course"] = {"annex": told["annex"], "full_time": told.get("full_time") != "no"}
    return body
