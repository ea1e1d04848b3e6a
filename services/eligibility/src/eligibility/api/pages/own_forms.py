"""/desk/own-forms: what an authority adds to the form of an application, from draft to the families."""

from dataclasses import dataclass, field
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, Problem, Text

from eligibility.api.pages.pages import Pages, Visit
from eligibility.api.pages.rule_sets import own
from eligibility.api.pages.typed import day_of
from eligibility.web import own_forms_view, rule_sets_view
from eligibility.web.formatter import Formatter
from eligibility.workflow.rule_sets.own_form_desk import OwnFormDesk
from eligibility.workflow.rule_sets.own_form_versions import OwnFormId

DONE = {
    "drafted": Text("Der Entwurf ist gespeichert.", "The draft has been saved."),
    "published": Text(
        "Veröffentlicht. Ab dem genannten Tag sehen es die Familien.",
        "Published. From that day on families see it.",
    ),
}


@dataclass
class FormOutcome:
    """What an act on a form came to, to be shown on its page."""

    problem: Problem | None = None
    typed: dict[str, str] = field(default_factory=dict)
    done: str = ""


class OwnFormPages:
    def __init__(self, pages: Pages, desk: OwnFormDesk) -> None:
        self._pages, self._desk = pages, desk

    async def list(self, visit: Visit, outcome: FormOutcome) -> Response:
        """The authority's versions, and a new draft."""
        say = Formatter(visit.language)
        versions = await self._desk.versions(visit.caller, own(visit))
        return self._pages.show(
            visit,
            "own_forms.html",
            status=outcome.problem.status if outcome.problem else 200,
            versions=[own_forms_view.version(each, say) for each in versions],
            may_write="administrator" in visit.caller.roles,
            typed=outcome.typed,
            problems=rule_sets_view.problems(outcome.problem, say),
            starter=own_forms_view.STARTER,
        )

    async def one(self, visit: Visit, form_id: OwnFormId, outcome: FormOutcome) -> Response:
        """One version: what it asks, its text, and what may be done with it."""
        say = Formatter(visit.language)
        version = await self._desk.show(visit.caller, own(visit), form_id)
        may_write = "administrator" in visit.caller.roles and version.state == "draft"
        text = outcome.typed.get("text", version.text)
        return self._pages.show(
            visit,
            "own_form.html",
            status=outcome.problem.status if outcome.problem else 200,
            version=own_forms_view.version(version, say),
            demands=own_forms_view.demands(version, say),
            texts=own_forms_view.texts(version, say),
            questions=own_forms_view.questions(version, say),
            text=text,
            stands=rule_sets_view.stands(version.text, outcome.problem),
            editors=", ".join(version.editors),
            may_write=may_write,
            problems=rule_sets_view.problems(outcome.problem, say),
            excerpts=rule_sets_view.excerpts(outcome.problem, text),
            done=say.text(DONE[outcome.done]) if outcome.done in DONE else "",
            typed=outcome.typed,
            errors={each.field: say.text(each.text) for each in outcome.problem.problems} if outcome.problem else {},
        )


def add_own_forms(routes: APIRouter, pages: Pages, desk: OwnFormDesk) -> None:
    """Add the pages on which an administrator writes and publishes forms."""
    shown = OwnFormPages(pages, desk)
    _add_drafts(routes, pages, desk, shown)
    _add_publication(routes, pages, desk, shown)


def _add_drafts(routes: APIRouter, pages: Pages, desk: OwnFormDesk, shown: OwnFormPages) -> None:
    @routes.get("/own-forms")
    async def list_all(request: Request) -> Response:
        return await shown.list(pages.visit(request), FormOutcome())

    @routes.post("/own-forms")
    async def draft(request: Request) -> Response:
        visit, form = await pages.form(request)
        try:
            made = await desk.draft(visit.caller, own(visit), form.text("text") + "\n")
        except (Invalid, Conflict) as problem:
            return await shown.list(visit, FormOutcome(problem, dict(form)))
        return pages.go(f"/own-forms/{made.id}", done="drafted")

    @routes.get("/own-forms/{form_id}")
    async def show(request: Request, form_id: UUID, done: str = "") -> Response:
        return await shown.one(pages.visit(request), OwnFormId(form_id), FormOutcome(done=done))

    @routes.post("/own-forms/{form_id}/save")
    async def save(request: Request, form_id: UUID) -> Response:
        visit, form = await pages.form(request)
        try:
            text = form.text("text") + "\n"
            await desk.draft(visit.caller, own(visit), text, OwnFormId(form_id), form.text("read"))
        except (Invalid, Conflict) as problem:
            return await shown.one(visit, OwnFormId(form_id), FormOutcome(problem, dict(form)))
        return pages.go(f"/own-forms/{form_id}", done="drafted")


def _add_publication(routes: APIRouter, pages: Pages, desk: OwnFormDesk, shown: OwnFormPages) -> None:
    @routes.post("/own-forms/{form_id}/publication")
    async def publish(request: Request, form_id: UUID) -> Response:
        visit, form = await pages.form(request)
        authority, wrong = own(visit), list[FieldProblem]()
        first = day_of(form, "valid_from", wrong, needed=True)
        try:
            if first is None:
                raise Invalid(Invalid.title, problems=wrong)
            known = await desk.show(visit.caller, authority, OwnFormId(form_id))
            if (known.published_by, known.valid_from) != (visit.caller.subject, first):  # else sent twice
                await desk.publish(visit.caller, authority, OwnFormId(form_id), first, form.text("read"))
        except (Invalid, Conflict, Forbidden) as problem:
            return await shown.one(visit, OwnFormId(form_id), FormOutcome(problem, dict(form)))
        return pages.go(f"/own-forms/{form_id}", done="published")
