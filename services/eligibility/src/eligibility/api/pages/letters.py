"""/desk/letters: notices that go by post; and the proof of how a notice was delivered, to be printed."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shared.errors import Invalid, NotFound, Problem, Text
from shared.http.page_headers import page_headers

from eligibility.api.desk.letters import ZIP, LetterRoom, archive
from eligibility.api.pages.pages import Form, Pages, Visit, is_id
from eligibility.domain.dispatch import DispatchId
from eligibility.domain.ids import CaseId, DecisionId
from eligibility.web.formatter import Formatter
from eligibility.web.letters_view import letter_lists, proof_view
from eligibility.workflow.delivery.letters import NO_LETTER
from eligibility.workflow.desk.notices import NO_NOTICE

DONE = {
    "posted": Text(
        "Der Tag der Aufgabe zur Post ist vermerkt. Von ihm an rechnet die Klagefrist.",
        "The day on which they were given to the post is noted. From it the period for the action is computed.",
    ),
    "returned": Text(
        "Der Rücklauf ist vermerkt: Die Frist läuft nicht. Die Familie ist nach ihrer Anschrift gefragt.",
        "The return is noted: the period does not run. The family is asked for its address.",
    ),
    "again": Text("Ein neuer Brief liegt zum Drucken bereit.", "Another letter waits to be printed."),
}
NO_DAY = Text("Bitte geben Sie den Tag an, an dem die Briefe zur Post gegeben wurden.",
              "Please enter the day on which the letters were given to the post.")  # fmt: skip


def add_letters(routes: APIRouter, pages: Pages, room: LetterRoom) -> None:
    """Add the page of letters with its acts, and the proof of delivery."""
    _add_list(routes, pages, room)
    _add_acts_of_one(routes, pages, room)
    _add_proof(routes, pages, room)


def _add_list(routes: APIRouter, pages: Pages, room: LetterRoom) -> None:
    @routes.get("/letters")
    async def letters(request: Request, done: str = "") -> Response:
        visit = pages.visit(request)
        return await _show(pages, room, visit, done=done)

    @routes.post("/letters/print")
    async def print_letters(request: Request) -> Response:
        """A ZIP file to be saved; the page behind it is loaded again by hand."""
        visit, form = await pages.form(request)
        try:
            made = await archive(room, visit.caller, _chosen(form))
        except NotFound:
            raise
        except Problem as problem:
            return await _show(pages, room, visit, problem=problem, form=form)
        return Response(made, 200, page_headers(https=pages.https) | ZIP, "application/zip")

    @routes.post("/letters/posted")
    async def posted(request: Request) -> Response:
        visit, form = await pages.form(request)
        try:
            await room.desk.note_posted(visit.caller, _chosen(form), _day(form))
        except NotFound:
            raise
        except Problem as problem:
            return await _show(pages, room, visit, problem=problem, form=form)
        return pages.go("/letters", done="posted")


def _add_acts_of_one(routes: APIRouter, pages: Pages, room: LetterRoom) -> None:
    def act(path: str, done: str, step: Callable[[Visit, DispatchId], Awaitable[None]]) -> None:
        @routes.post(f"/letters/{{letter_id}}/{path}")
        async def do(request: Request, letter_id: str) -> Response:
            visit, form = await pages.form(request)
            if not is_id(letter_id):
                raise NotFound(NO_LETTER)
            try:
                await step(visit, DispatchId(UUID(letter_id)))
            except NotFound:
                raise
            except Problem as problem:
                return await _show(pages, room, visit, problem=problem, form=form)
            return pages.go("/letters", done=done)

    act("returned", "returned", lambda visit, letter: room.desk.note_returned(visit.caller, letter))
    act("again", "again", lambda visit, letter: room.desk.send_again(visit.caller, letter))


def _add_proof(routes: APIRouter, pages: Pages, room: LetterRoom) -> None:
    @routes.get("/cases/{case_id}/notices/{decision_id}/delivery")
    async def proof(request: Request, case_id: str, decision_id: str) -> Response:
        visit = pages.visit(request)
        if not (is_id(case_id) and is_id(decision_id)):
            raise NotFound(NO_NOTICE)
        found = await room.proving.proof(visit.caller, CaseId(UUID(case_id)), DecisionId(UUID(decision_id)))
        return pages.show(visit, "delivery.html", **proof_view(found, Formatter(visit.language)))


async def _show(
    pages: Pages, room: LetterRoom, visit: Visit, *, done: str = "", problem: Problem | None = None,
    form: Form | None = None,
) -> Response:  # fmt: skip
    say = Formatter(visit.language)
    found = await room.desk.all(visit.caller)
    return pages.show(
        visit,
        "letters.html",
        status=problem.status if problem is not None else 200,
        problem=say.text(problem.text) if problem is not None else "",
        done=say.text(DONE[done]) if done in DONE else "",
        chosen=set(form.all("letter")) if form is not None else set(),
        day=form.text("day") if form is not None else "",
        **letter_lists(found, say),
    )


def _chosen(form: Form) -> list[DispatchId]:
    return [DispatchId(UUID(each)) for each in dict.fromkeys(form.all("letter")) if is_id(each)]


def _day(form: Form) -> date:
    try:
        return date.fromisoformat(form.text("day"))
    except ValueError:
        raise Invalid(NO_DAY, field="day") from None
