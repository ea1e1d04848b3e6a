"""Where an application begins: with its first page, or with what a pre-check was told."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from shared.calendar import day_in_berlin
from shared.errors import Forbidden, Language, NotFound, Problem
from shared.sign_in import Session

from application.api.drafts.body import draft_id_of
from application.api.pages.apply.drafting import COOKIE, FOREIGN, DraftPages, cookie_of
from application.api.pages.apply.school import left_of_school
from application.api.pages.pages import language, typed_of
from application.api.pages.school_search import search_school
from application.domain.application import Application
from application.domain.codes import is_code_account
from application.domain.ids import DraftId, Owner
from application.domain.school import School
from application.form import Address, DraftChange
from application.web.apply.account import parts_of_account
from application.web.apply.situation import Situation
from application.web.apply.start import StartPage, parts_of_earlier, parts_of_precheck
from application.web.apply.steps import next_after
from application.web.precheck_view import chosen_school, school_choices, school_years

MOST_BEGUN = 10
"""Drafts of one browser that are looked at."""


def add_start(routes: APIRouter, drafting: DraftPages) -> None:
    """GET and POST /family/apply."""
    start = Start(drafting)

    @routes.get("/family/apply", response_class=Response)
    async def first_page(request: Request) -> Response:
        return await start.show(request, language(request, {}), await start.school_of_code(request))

    @routes.post("/family/apply", response_class=Response)
    async def begin(request: Request) -> Response:
        check_site(request)
        typed = await typed_of(request)
        return await start.begin(request, language(request, typed), typed)


def check_site(request: Request) -> None:
    """Raises Forbidden where a browser says that another site sent this."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden(FOREIGN)


class Start:
    """The first question, and the drafts that this browser has begun before."""

    def __init__(self, drafting: DraftPages) -> None:
        self._drafting = drafting

    async def show(
        self, request: Request, reader: Language, typed: Mapping[str, str], page: StartPage | None = None,
        status: int = 200,
    ) -> Response:  # fmt: skip
        """With what was typed."""
        now, session = datetime.now(UTC), self._drafting.pages.visitor(request)
        page = page or StartPage(typed)
        page.years = school_years(day_in_berlin(now))
        begun, gone = await self._begun(request, reader, now)
        page.begun = begun
        answer = self._drafting.pages.show(
            "apply_start.html", reader, status, None, page=page, **self._drafting.who(session)
        )
        for each in gone:
            answer.delete_cookie(each, path=f"{self._drafting.pages.base}/apply")
        return answer

    async def school_of_code(self, request: Request) -> dict[str, str]:
        """Filled in for who has come by a code of a school."""
        session = self._drafting.pages.visitor(request)
        if session is None or not is_code_account(Owner(session.caller.subject)):
            return {}
        number = await self._drafting.workflow.codes.school_of(Owner(session.caller.subject))
        school = await self._drafting.school(number)
        return {} if school is None else chosen_school(school)

    async def _begun(
        self, request: Request, reader: Language, now: datetime
    ) -> tuple[list[tuple[str, str]], list[str]]:
        """Address and words of each draft that this browser opens, and cookies that open none."""
        found, gone = [], []
        by_cookie = drafts_of(request)[:MOST_BEGUN]
        for number in by_cookie:
            visitor, _ = self._drafting.visitor(request, number)
            try:
                view = await self._drafting.workflow.drafts.view(visitor, number, now)
            except NotFound:
                gone.append(cookie_of(number))
                continue
            if isinstance(view, Application):
                gone.append(cookie_of(number))
                continue
            found.append((str(number), await self._drafting.words_of(view.draft, reader)))
        session = self._drafting.pages.visitor(request)
        if session is not None:
            own = await self._drafting.begun_by(Owner(session.caller.subject), reader, now)
            found += [each for each in own if each[0] not in {number for number, _ in found}]
        return found, gone

    async def begin(self, request: Request, reader: Language, typed: dict[str, str]) -> Response:
        """1. In the other language, what was typed stays. 2. The school. 3. What a pre-check was told, so far as it can
        be read. 4. A draft, and its token for this browser."""
        # 1.
        if "language" in typed:
            return await self.show(request, reader, typed)
        # 2.
        drafting = self._drafting
        if drafting.limit is not None:
            await drafting.limit.check(request)
        search = await search_school(drafting.workflow.directory, typed)
        if search.school is None:
            page = StartPage(typed, schools=school_choices(search.several))
            if search.fault:
                page.errors["school"] = search.fault.in_language(reader)
            return await self.show(request, reader, typed, page, 422)
        # 3.
        visitor, session = drafting.visitor(request)
        try:
            change = await self._change(typed, search.school, reader, session)
            # 4.
            drafting.limits.begin(visitor, request)
            new = await drafting.workflow.drafts.begin(visitor.owner, change, datetime.now(UTC))
        except Problem as problem:
            page = StartPage(typed | chosen_school(search.school), errors={"school": problem.text.in_language(reader)})
            return await self.show(request, reader, typed, page, problem.status)
        form = json.loads(new.draft.form)
        situation = await drafting.situation(new.draft, form, search.school, new.draft.begun_at)
        answer = drafting.pages.go(f"/apply/{new.draft.id}/{next_after(None, situation, to_summary=False)}")
        if visitor.owner is None:  # an account opens it by itself, and nobody after it at the same computer
            drafting.keep(answer, new.draft.id, new.token)
        return answer

    async def _change(
        self, typed: Mapping[str, str], school: School, reader: Language, session: Session | None
    ) -> DraftChange:
        owner = None if session is None else Owner(session.caller.subject)
        earlier = None if owner is None else await self._drafting.workflow.applications.newest(owner)
        today = day_in_berlin(datetime.now(UTC))
        known = (
            {}
            if earlier is None
            else parts_of_earlier(Situation(json.loads(earlier.form), None, self._drafting.keys, today))
        )
        told = parts_of_precheck(typed) | {"school_number": school.number, "language": reader}
        if "home" in told:
            known.pop("lives_in_nrw", None)
        proposed = {} if session is None else parts_of_account(session.details)
        told = proposed | known | told
        left = left_of_school(school, told, self._drafting.keys)
        parts = readable_parts({name: value for name, value in told.items() if name not in left})
        if "home" in parts and parts["home"] != proposed.get("home") and await self._is_known(parts["home"], school):
            parts["lives_in_nrw"] = True
        return DraftChange.of(parts)

    async def _is_known(self, home: Mapping[str, Any], school: School) -> bool:
        """Then nobody need confirm it."""
        try:
            address = Address.model_validate(home)
        except ValueError:
            return False
        reply = await self._drafting.workflow.addresses.look_up(school.authority.id, address)
        return reply is not None and reply.outcome == "known"


def drafts_of(request: Request) -> list[DraftId]:
    """Of which a browser has brought a cookie as `keep` names it. Any other name is not ours, and may be one that no
    answer can take back."""
    found = []
    for name in request.cookies:
        with suppress(NotFound):
            number = draft_id_of(name.removeprefix(COOKIE))
            if name == cookie_of(number):
                found.append(number)
    return found


def readable_parts(told: Mapping[str, Any]) -> dict[str, Any]:
    """Without what cannot be read: its page asks for it."""
    parts = {}
    for name, value in told.items():
        try:
            DraftChange.of({name: value})
        except Problem:
            continue
        parts[name] = value
    return parts
