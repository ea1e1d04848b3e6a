"""/desk/rule-sets: an authority's own practice, from draft to force, for people who are no programmers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, Problem, Text, Unavailable
from shared.events import AuthorityId

from eligibility.api.pages.pages import Form, Pages, Visit
from eligibility.api.pages.typed import cents_of, day_of
from eligibility.api.rule_sets.simulations import BUSY, Run
from eligibility.rules.trials.law_tests import SentenceReport
from eligibility.web import rule_sets_view
from eligibility.web.formatter import Formatter
from eligibility.workflow.access import NO_AUTHORITY
from eligibility.workflow.rule_sets.rule_set_desk import RuleSetDesk
from eligibility.workflow.rule_sets.rule_set_versions import RuleSetId, RuleSetVersion
from eligibility.workflow.rule_sets.simulation_desk import SimulationDesk

DONE = {
    "drafted": Text("Der Entwurf ist gespeichert.", "The draft has been saved."),
    "published": Text(
        "Veröffentlicht. Ab dem genannten Tag wird so entschieden.", "Published. From that day on it decides."
    ),
    "taken": Text("Als Entwurf übernommen.", "Taken over as a draft."),
}


@dataclass
class Outcome:
    """What an act on a version came to, to be shown on its page."""

    problem: Problem | None = None
    typed: dict[str, str] = field(default_factory=dict)
    trial: SentenceReport | None = None
    """What the law tests say."""
    simulation: dict[str, Any] | None = None
    done: str = ""


class RuleSetPages:
    def __init__(self, pages: Pages, desk: RuleSetDesk, simulations: SimulationDesk, simulate: Run) -> None:
        self._pages, self._desk, self._simulations, self._simulate = pages, desk, simulations, simulate
        self._one_at_a_time = asyncio.Semaphore(1)

    async def list(self, visit: Visit, outcome: Outcome) -> Response:
        """The authority's versions, the one in force, and what others have published.

        Args:
            outcome: of the act before.
        """
        authority, say = own(visit), Formatter(visit.language)
        versions = await self._desk.versions(visit.caller, authority)
        now = await self._simulations.in_force(visit.caller, authority)
        others = [each for each in await self._desk.library(visit.caller) if each.authority_id != authority]
        return self._pages.show(
            visit,
            "rule_sets.html",
            status=outcome.problem.status if outcome.problem else 200,
            in_force=rule_sets_view.in_force(now),
            versions=[rule_sets_view.version(each, now.version, say) for each in versions],
            others=[rule_sets_view.version(each, "", say) for each in others],
            may_write="administrator" in visit.caller.roles,
            done=say.text(DONE[outcome.done]) if outcome.done in DONE else "",
            typed=outcome.typed,
            problems=rule_sets_view.problems(outcome.problem, say),
            starter=rule_sets_view.STARTER,
        )

    async def one(self, visit: Visit, rule_set_id: RuleSetId, outcome: Outcome) -> Response:
        """One version with its text, what it changes of the law in force, and what its origin changed since."""
        authority, say = own(visit), Formatter(visit.language)
        version = await self._desk.show(visit.caller, authority, rule_set_id)
        now = await self._simulations.in_force(visit.caller, authority)
        newest, offered = await self._desk.origin_difference(visit.caller, authority, rule_set_id)
        text = outcome.typed.get("text", version.text)
        return self._pages.show(
            visit,
            "rule_set.html",
            status=outcome.problem.status if outcome.problem else 200,
            version=rule_sets_view.version(version, now.version, say),
            in_force=rule_sets_view.in_force(now),
            text=text,
            stands=rule_sets_view.stands(version.text, outcome.problem),
            editors=", ".join(version.editors),
            changes=rule_sets_view.changes(await self._simulations.changes(visit.caller, authority, rule_set_id), say),
            offered=rule_sets_view.changes(offered, say),
            newest=newest,
            may_write="administrator" in visit.caller.roles and version.state != "published",
            may_publish=await self._may_publish(visit, version),
            problems=rule_sets_view.problems(outcome.problem, say),
            excerpts=rule_sets_view.excerpts(outcome.problem, text),
            trial=outcome.trial and rule_sets_view.trial(outcome.trial, say),
            simulation=outcome.simulation and rule_sets_view.simulation(outcome.simulation, say),
            done=say.text(DONE[outcome.done]) if outcome.done in DONE else "",
            typed=outcome.typed,
            errors={each.field: say.text(each.text) for each in outcome.problem.problems} if outcome.problem else {},
        )

    async def _may_publish(self, visit: Visit, version: RuleSetVersion) -> bool:
        caller = visit.caller
        if "administrator" not in caller.roles or version.state != "tried":
            return False
        return caller.subject not in version.editors or await self._desk.publishes_alone(version.authority_id)

    async def simulate(self, visit: Visit, rule_set_id: RuleSetId, form: Form) -> dict[str, Any]:
        """Past decisions, decided again by the version in force and by this one. Nothing is kept.

        Raises:
            Invalid: for a fare that is no amount.
        """
        wrong: list[FieldProblem] = []
        fare = cents_of(form, "fare", wrong)
        if wrong:
            raise Invalid(Invalid.title, problems=wrong)
        trial = await self._simulations.past(visit.caller, own(visit), rule_set_id, fare)
        if self._one_at_a_time.locked():
            raise Unavailable(BUSY)
        async with self._one_at_a_time:
            tally = await asyncio.to_thread(self._simulate, trial.cases, trial.before, trial.after, _unheard)
        return tally.as_json(trial.before.version, trial.after.version) | {"fare_cents": fare}


class RuleSetActs:
    """What an administrator does with one version."""

    def __init__(self, shown: RuleSetPages, desk: RuleSetDesk) -> None:
        self._shown, self._desk = shown, desk

    async def do(self, act: str, visit: Visit, version_id: RuleSetId, form: Form) -> Outcome:
        """`act`: the last part of the form's address."""
        authority = own(visit)
        if act == "save":
            await self._desk.draft(visit.caller, authority, form.text("text") + "\n", version_id, form.text("read"))
            return Outcome(done="drafted")
        if act == "trial":
            return Outcome(trial=await self._desk.try_out(visit.caller, authority, version_id))
        if act == "simulation":
            return Outcome(simulation=await self._shown.simulate(visit, version_id, form), typed=dict(form))
        await self._publish(visit, version_id, form)
        return Outcome(done="published")

    async def _publish(self, visit: Visit, version_id: RuleSetId, form: Form) -> None:
        wrong: list[FieldProblem] = []
        first = day_of(form, "in_force_from", wrong, needed=True)
        if first is None:
            raise Invalid(Invalid.title, problems=wrong)
        known = await self._desk.show(visit.caller, own(visit), version_id)
        if (known.published_by, known.in_force_from) != (visit.caller.subject, first):  # else sent twice
            await self._desk.publish(visit.caller, own(visit), version_id, first, form.text("read"))


def add_rule_sets(routes: APIRouter, pages: Pages, shown: RuleSetPages, desk: RuleSetDesk) -> None:
    """Add the pages on which an administrator writes, tries and publishes rule sets."""
    _add_list(routes, pages, shown, desk)
    _add_one(routes, pages, shown)
    _add_acts(routes, pages, shown, RuleSetActs(shown, desk))


def _add_list(routes: APIRouter, pages: Pages, shown: RuleSetPages, desk: RuleSetDesk) -> None:
    @routes.get("/rule-sets")
    async def list_all(request: Request, done: str = "") -> Response:
        return await shown.list(pages.visit(request), Outcome(done=done))

    @routes.post("/rule-sets")
    async def draft(request: Request) -> Response:
        """A new draft from the text area, or another authority's version taken over."""
        visit, form = await pages.form(request)
        try:
            if form.get("what") == "take-over":
                source = RuleSetId(_id(form.get("rule_set", "")))
                made = await desk.take_over(visit.caller, own(visit), source, form.text("name"))
            else:
                made = await desk.draft(visit.caller, own(visit), form.text("text") + "\n")
        except (Invalid, Conflict, Forbidden) as problem:
            return await shown.list(visit, Outcome(problem=problem, typed=dict(form)))
        return pages.go(f"/rule-sets/{made.id}", done="taken" if form.get("what") == "take-over" else "drafted")


def _add_one(routes: APIRouter, pages: Pages, shown: RuleSetPages) -> None:
    @routes.get("/rule-sets/{rule_set_id}")
    async def show(request: Request, rule_set_id: UUID, done: str = "") -> Response:
        return await shown.one(pages.visit(request), RuleSetId(rule_set_id), Outcome(done=done))


def _add_acts(routes: APIRouter, pages: Pages, shown: RuleSetPages, acts: RuleSetActs) -> None:
    """What is refused comes back on the version's page, with what was typed."""

    async def _act(act: str, request: Request, rule_set_id: UUID) -> Response:
        visit, form = await pages.form(request)
        version_id = RuleSetId(rule_set_id)
        try:
            outcome = await acts.do(act, visit, version_id, form)
        except (Invalid, Conflict, Forbidden, Unavailable) as problem:
            if visit.caller.authority_id is None:
                raise
            outcome = Outcome(problem=problem, typed=dict(form))
        if outcome.done:
            return pages.go(f"/rule-sets/{rule_set_id}", done=outcome.done)
        return await shown.one(visit, version_id, outcome)

    def _route_of(act: str) -> Callable[..., Awaitable[Response]]:
        async def endpoint(request: Request, rule_set_id: UUID) -> Response:
            return await _act(act, request, rule_set_id)

        return endpoint

    for name in ("save", "trial", "simulation", "publication"):  # a route each: who may differs
        routes.post(f"/rule-sets/{{rule_set_id}}/{name}")(_route_of(name))


def own(visit: Visit) -> AuthorityId:
    """The visitor's authority.

    Raises:
        Forbidden: for who belongs to none.
    """
    if visit.caller.authority_id is None:
        raise Forbidden(NO_AUTHORITY)
    return visit.caller.authority_id


def _unheard(_count: int) -> None:
    """The page waits for the end."""


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        wanted = Text("Bitte wählen Sie einen Regelsatz aus.", "Please choose a rule set.")
        raise Invalid(wanted, field="rule_set") from None


__all__ = ["RuleSetPages", "add_rule_sets"]
