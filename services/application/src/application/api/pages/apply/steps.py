"""One question a page: shown, saved, and what does not fit told beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound

from application.api.pages.apply.address import read_address
from application.api.pages.apply.drafting import FOREIGN, DraftPages, OpenDraft
from application.api.pages.apply.school import read_school, shown_school
from application.api.pages.apply.told import PageAnswer
from application.api.pages.pages import NO_PAGE, language, typed_of
from application.checks.further import PART
from application.domain.draft import Draft
from application.form import DraftChange
from application.web.apply.consents import read_consents, shown_texts, typed_consents
from application.web.apply.further import whole_answers
from application.web.apply.options import benefit_options
from application.web.apply.page import page_of
from application.web.apply.share import read_share, rows, typed_share
from application.web.apply.situation import Situation
from application.web.apply.steps import BY_NAME, Step, next_after
from application.web.apply.typed import Reading, mark_of, read_typed, typed_from, values_of
from application.web.precheck_view import field_of
from application.workflow import DraftView

SHOWN = "shown"
"""The mark of what stood on the page when it was shown."""
BACK_TO = "to"
SUMMARY = "summary"


@dataclass
class TypedPage:
    """A page as it was sent, or as the draft has it."""

    fields: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


def add_steps(routes: APIRouter, drafting: DraftPages) -> None:
    """GET and POST of each question."""
    pages = StepPages(drafting)

    @routes.get("/family/apply/{draft_id}", response_class=Response)
    async def go_on(draft_id: str, request: Request) -> Response:
        async def act(opened: OpenDraft) -> Response:
            return pages.go(opened, next_after(None, opened.situation, to_summary=False))

        return await drafting.within(request, draft_id, act)

    @routes.get("/family/apply/{draft_id}/{step}", response_class=Response)
    async def show(draft_id: str, step: str, request: Request) -> Response:
        async def act(opened: OpenDraft) -> Response:
            return await pages.show_as_saved(opened, step_of(step), to_summary=_to_summary(request.query_params))

        return await drafting.within(request, draft_id, act)

    @routes.post("/family/apply/{draft_id}/{step}", response_class=Response)
    async def save(draft_id: str, step: str, request: Request) -> Response:
        async def act(opened: OpenDraft) -> Response:
            typed = await typed_of(request)
            if not drafting.is_form_of(opened, typed):
                check_own_page(request)
                return await pages.show_again(opened, step_of(step), typed)
            return await pages.save(opened, step_of(step), typed)

        return await drafting.within(request, draft_id, act, edits=True)


def check_own_page(request: Request) -> None:
    """Raises Forbidden unless a browser says that a page of ours sent this."""
    if request.headers.get("sec-fetch-site") != "same-origin":
        raise Forbidden(FOREIGN)


def step_of(name: str) -> Step:
    """Raises NotFound."""
    if name not in BY_NAME:
        raise NotFound(NO_PAGE)
    return BY_NAME[name]


def _to_summary(values: Mapping[str, str]) -> bool:
    return values.get(BACK_TO) == SUMMARY


class StepPages:
    """Each question, in whatever state a family has left it."""

    def __init__(self, drafting: DraftPages) -> None:
        self._drafting = drafting

    def go(self, opened: OpenDraft, name: str, *, to_summary: bool = False) -> Response:
        """To another page of the draft."""
        query = {BACK_TO: SUMMARY} if to_summary and name != SUMMARY else {}
        return self._drafting.pages.go(f"/apply/{opened.id}/{name}", **query)

    async def show_as_saved(self, opened: OpenDraft, step: Step, *, to_summary: bool) -> Response:
        """As the draft has it; a page that does not matter for this child leads to one that does."""
        if not step.asked(opened.situation):
            return self.go(opened, next_after(None, opened.situation, to_summary=to_summary), to_summary=to_summary)
        return await self._show(
            opened, step, TypedPage(saved_values(step, opened.situation, fresh=True)), to_summary=to_summary
        )

    async def _show(self, opened: OpenDraft, step: Step, typed: TypedPage, *, to_summary: bool) -> Response:
        page = page_of(
            step, opened.situation, opened.language,
            typed=typed.fields, errors=typed.errors, elsewhere=typed.elsewhere,
        )  # fmt: skip
        page.more = {**page.more, **await self._more(opened, step), **typed.more}
        mark = mark_of(saved_values(step, opened.situation))
        return self._drafting.show(
            opened, f"apply_{step.page}.html", typed.status, to_summary=to_summary, page=page, mark=mark
        )

    async def _more(self, opened: OpenDraft, step: Step) -> dict[str, Any]:
        """What a kind of page has besides its fields."""
        match step.page:
            case "school":
                return await shown_school(self._drafting, opened, step)
            case "share":
                words = [(field_of(key), text.in_language(opened.language)) for key, text in benefit_options()]
                return {"rows": rows(opened.situation), "benefits": words}
            case "consents":
                return {"texts": list(shown_texts(opened.situation.keys, opened.situation.today))}
        return {}

    async def save(self, opened: OpenDraft, step: Step, typed: dict[str, str]) -> Response:
        """1. In the other language, what was typed stays. 2. What it says. 3. Nothing that another window has saved is
        written over. 4. Save. 5. What does not fit on this page is told here; else go on."""
        # 1.
        to_summary, shown = _to_summary(typed), typed.pop(SHOWN, "")
        if "language" in typed:
            opened = await self._drafting.speak(opened, language(opened.request, typed))
            return await self._show(opened, step, TypedPage(typed), to_summary=to_summary)
        if not step.asked(opened.situation):
            return self.go(opened, next_after(None, opened.situation, to_summary=to_summary), to_summary=to_summary)
        # 2.
        read = await self._read(opened, step, typed)
        errors = {name: text.in_language(opened.language) for name, text in read.reading.faults.items()}
        if errors or read.is_open:
            return await self._show(opened, step, TypedPage(read.typed, errors, more=read.more, status=422),
                                    to_summary=to_summary)  # fmt: skip
        # 3.
        if shown != mark_of(saved_values(step, opened.situation)) and _differs(step, opened.situation, read.reading):
            return await self._show_both(opened, step, read, to_summary=to_summary)
        # 4.
        try:
            view = await self._put(opened, read.reading)
        except Invalid as problem:
            typed_page = TypedPage(read.typed, _errors(step, opened, problem.problems), more=read.more, status=422)
            return await self._show(opened, step, typed_page, to_summary=to_summary)
        except Conflict:
            opened = await self._drafting.open(opened.request, str(opened.id))
            return await self._show_both(opened, step, read, to_summary=to_summary)
        # 5.
        opened = await self._drafting.changed(opened, view)
        if errors := _errors(step, opened, [*view.missing, *view.wrong]):
            return await self._show(opened, step, TypedPage(read.typed, errors, more=read.more, status=422),
                                    to_summary=to_summary)  # fmt: skip
        return self.go(opened, next_after(step, opened.situation, to_summary=to_summary), to_summary=to_summary)

    async def show_again(self, opened: OpenDraft, step: Step, typed: dict[str, str]) -> Response:
        """A form from before another window made a new link, or opened the draft by one. Nothing is saved, and what was
        typed can be sent again."""
        to_summary, shown = _to_summary(typed), typed.pop(SHOWN, "")
        if not step.asked(opened.situation):
            return self.go(opened, next_after(None, opened.situation, to_summary=to_summary), to_summary=to_summary)
        saved = saved_values(step, opened.situation)
        more = {"is_old": True, "changed": shown != mark_of(saved)}
        return await self._show(
            opened, step, TypedPage(typed, elsewhere=saved, more=more, status=409), to_summary=to_summary
        )

    async def _read(self, opened: OpenDraft, step: Step, typed: dict[str, str]) -> PageAnswer:
        match step.page:
            case "school":
                return await read_school(self._drafting, opened, step, typed)
            case "address":
                return await read_address(self._drafting.workflow.addresses, opened, step, typed)
            case "share":
                return PageAnswer(read_share(typed, opened.situation), typed)
            case "consents":
                texts = shown_texts(opened.situation.keys, opened.situation.today)
                return PageAnswer(read_consents(typed, opened.situation.form, texts, opened.now), typed)
        reading = read_typed(step, typed, opened.situation)
        reading.parts |= without_track(step, opened.situation, reading.parts)
        if step.name == PART:
            reading.parts = whole_answers(reading.parts, opened.situation)
        return PageAnswer(reading, typed)

    async def _put(self, opened: OpenDraft, reading: Reading) -> DraftView:
        change = DraftChange.of(reading.parts)
        draft: Draft = opened.view.draft
        return await self._drafting.workflow.drafts.put(opened.visitor, draft.id, change, opened.now, draft.version)

    async def _show_both(self, opened: OpenDraft, step: Step, read: PageAnswer, *, to_summary: bool) -> Response:
        """What was typed, and what another window has saved meanwhile: sent again, it counts."""
        elsewhere = saved_values(step, opened.situation)
        both = TypedPage(read.typed, elsewhere=elsewhere, more={**read.more, "changed": True}, status=409)
        return await self._show(opened, step, both, to_summary=to_summary)


def saved_values(step: Step, situation: Situation, *, fresh: bool = False) -> dict[str, str]:
    """A page's fields as the draft has them.

    Args:
        fresh: with what is proposed where nothing was told.
    """
    if step.page == "share":
        return typed_share(situation)
    if step.page == "consents":
        return typed_consents(situation.form)
    return typed_from(step, situation) if fresh else values_of(step, situation)


def without_track(step: Step, situation: Situation, parts: Mapping[str, Any]) -> dict[str, None]:
    """Of another grade: what eight or nine years decided there would stand where nobody is asked for it."""
    after = replace(situation, form={**situation.form, **parts})
    goes = step.name == "grade" and "track" in situation.form and not BY_NAME["track"].asked(after)
    return {"track": None} if goes else {}


def _differs(step: Step, situation: Situation, reading: Reading) -> bool:
    after = {**situation.form, **reading.parts}
    form = {name: value for name, value in after.items() if value is not None}
    return saved_values(step, replace(situation, form=form)) != saved_values(step, situation)


def _errors(step: Step, opened: OpenDraft, problems: tuple[FieldProblem, ...] | list[FieldProblem]) -> dict[str, str]:
    """At the fields of this page; what is another page's stands there, and in the summary."""
    errors: dict[str, str] = {}
    for problem in problems:
        if step.has_place_of(problem.field):
            name = _name(step, problem.field, opened.situation)
            errors.setdefault(name, problem.text.in_language(opened.language))
    return errors


def _name(step: Step, path: str, situation: Situation) -> str:
    """The field at which a fault is shown: a row of siblings has its own."""
    if step.page == "share":
        _, _, rest = path.partition("siblings.")
        return f"sibling-{rest.partition('.')[0]}" if rest else "share"
    fields = step.fields_for(situation)
    if not fields:
        return step.name
    exact = next((each for each in fields if path == each.path or path.startswith(f"{each.path}.")), None)
    name = (exact or fields[0]).name
    return "school" if (exact or fields[0]).kind == "school" else name
