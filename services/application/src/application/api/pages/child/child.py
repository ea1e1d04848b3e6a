"""/family: the own children. /family/applications/{id}: all of one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from shared.calendar import day_in_berlin
from shared.errors import Language, Text

from application.api.applications import answers
from application.api.applications.answers import ApplicationAnswer
from application.api.pages.child.email import email_view
from application.api.pages.child.steps import NextStep, next_step
from application.api.pages.child.years import is_time_for_next_year
from application.api.pages.visits import ROOT, FamilyPages, Visit
from application.api.requests import application_id_of
from application.checks import SchoolKeys
from application.checks.uploads import KIND_TEXTS
from application.domain.application import View
from application.domain.ids import ApplicationId, Owner
from application.domain.people import FamilyAct, PersonKind
from application.domain.status import Status
from application.workflow import Workflow, to_lose

BegunDrafts = Callable[[Owner, Language, datetime], Awaitable[list[tuple[str, str]]]]
"""Id and words of what an account has begun and not handed in."""
MOST_CHILDREN = 30
"""On one page."""
ONE = f"{ROOT}/applications/{{application_id}}"
DONE: Mapping[str, Text] = {
    "answered": Text(
        "Ihre Antwort ist angekommen. Bis wann sie angesehen wird, steht unten im Verlauf.",
        "Your answer has arrived. Until when somebody looks at it is shown below, in what has happened.",
    ),
    "uploaded": Text("Die Unterlage ist angekommen.", "The document has arrived."),
    "removed": Text("Die Unterlage ist gelöscht.", "The document is deleted."),
    "changed": Text(
        "Ihre Änderung ist angekommen. Bis darüber entschieden ist, gilt, was vorher galt.",
        "Your change has arrived. Until it is decided, what held before goes on to hold.",
    ),
    "lost": Text(
        "Das verlorene Ticket wird gesperrt, und ein neues wird ausgestellt. Es steht gleich hier.",
        "The lost ticket is being revoked, and another one is made. It will be shown here in a moment.",
    ),
    "link-renewed": Text(
        "Der alte Link führt zu nichts mehr. Der neue steht gleich hier: Bitte laden Sie die Seite neu.",
        "The old link leads nowhere any more. The new one will be shown here in a moment: please reload the page.",
    ),
    "link-ended": Text("Der Link zum Ticket führt zu nichts mehr.", "The link to the ticket leads nowhere any more."),
    "ordered": Text(
        "Ihre Bestellung ist angekommen. Das Ticket steht gleich hier.",
        "Your order has arrived. The ticket will be shown here in a moment.",
    ),
    "withdrawn": Text("Der Antrag ist zurückgenommen.", "The application is withdrawn."),
    "leaves": Text(
        "Der letzte Tag ist gemeldet. Bis dahin gilt das Ticket.",
        "The last day has been told. Until then the ticket is good.",
    ),
    "applied": Text(
        "Der Antrag für das neue Schuljahr ist gestellt.", "The application for the new school year has been handed in."
    ),
    "person-removed": Text("Diese Person hilft nicht mehr mit.", "This person does not help any more."),
    "taken-back": Text(
        "Die Einladung ist zurückgenommen. Ihr Link führt zu nichts mehr.",
        "The invitation is taken back. Its link leads nowhere any more.",
    ),
    "look-links-removed": Text(
        "Die Links zum Nachsehen führen zu nichts mehr.", "The links that look lead nowhere any more."
    ),
    "joined": Text("Sie helfen jetzt bei diesem Antrag mit.", "You help with this application now."),
    "email-link": Text(
        "Wir haben einen neuen Bestätigungslink geschickt. Er gilt sieben Tage.",
        "We have sent another confirmation link. It is good for seven days.",
    ),
    "email-stop": Text(
        "Fragen und Tickets werden nicht mehr per E-Mail angekündigt.",
        "Questions and tickets are not announced by e-mail any more.",
    ),
    "email-start": Text("Sie bekommen wieder Hinweise per E-Mail.", "You get hints by e-mail again."),
    "taken-over": Text(
        "Dieser Antrag gehört jetzt Ihnen. Wer mithilft, steht unten; Sie können jede Person entfernen.",
        "This application is yours now. Who helps is shown below; you can remove anybody.",
    ),
}
"""What is said on the page after an act."""


@dataclass(frozen=True)
class Card:
    """One child in one school year."""

    answer: ApplicationAnswer
    step: NextStep
    colour: str


COLOURS: Mapping[Status, str] = {
    Status.REFUSED: "warning",
    Status.SUSPENDED: "warning",
    Status.REVOKED: "warning",
    Status.GRANTED: "success",
    Status.TICKET_ISSUED: "success",
    Status.PASS_READY: "success",
}


def card(view: View, base: str, now: datetime) -> Card:
    """How it stands, in one sentence, and what comes next."""
    found = answers.answer(view, base, now)
    step = next_step(found)
    return Card(found, step, "warning" if step.waits_for_family else COLOURS.get(found.status, "info"))


class ChildPages:
    """One application, in whatever state."""

    def __init__(self, pages: FamilyPages, workflow: Workflow, keys: SchoolKeys) -> None:
        self.pages, self.workflow, self.keys = pages, workflow, keys

    def now(self) -> datetime:
        """By the clock of the sign-in."""
        return self.pages.flow().now()

    async def view(self, visit: Visit, text: str, act: FamilyAct = FamilyAct.LOOK) -> View:
        """An application, to do this with it.

        Raises:
            NotFound: the same for another family's and for what is no id.
        """
        return await self.workflow.applications.view(visit.owner, application_id_of(text), act)

    async def own(self, visit: Visit, text: str) -> View:
        """For what its owner alone may do.

        Raises:
            NotFound.
            Forbidden: for who helps.
        """
        return await self.view(visit, text, FamilyAct.DECIDE)

    async def show(
        self, visit: Visit, text: str, status: int = 200, errors: Mapping[str, str] | None = None, done: str = ""
    ) -> Response:
        """The page of one child.

        Args:
            errors: by the field's id on the page.
        """
        view = await self.view(visit, text)
        now, is_owner = self.now(), view.you is PersonKind.OWNER
        today, shown = day_in_berlin(now), card(view, "", now)
        people = await self.workflow.people.all(visit.owner, view.application.id, now)
        contacts = self.workflow.contacts
        contact = await contacts.of_application(view.application.id) if is_owner else None
        return self.pages.show_to(
            visit,
            "child.html",
            status,
            here=f"{self.pages.base}/applications/{view.application.id}",
            card=shown,
            answer=shown.answer,
            step=shown.step,
            typed=visit.typed,
            errors=errors or {},
            done=DONE[done].in_language(visit.language) if done in DONE else "",
            is_owner=is_owner,
            people=people,
            email=email_view(view, contact, is_mailed=contacts.office is not None) if is_owner else None,
            can_take_over=people.takeover_from is not None and today >= people.takeover_from,
            can_lose=is_owner and to_lose(view.news) is not None,
            can_pick_up=is_owner and self.workflow.pick_ups.are_set_up,
            next_year=is_owner and is_time_for_next_year(view, today),
            kinds=[(kind, each.in_language(visit.language)) for kind, each in KIND_TEXTS.items()],
            drawn=str(uuid4()),
        )

    def back(self, application_id: ApplicationId | str, done: str = "", part: str = "") -> Response:
        """To the page of the child, after an act."""
        return self.pages.go(f"/applications/{application_id}{part}", **({"done": done} if done else {}))

    def form(self, visit: Visit, template: str, status: int = 200, **values: Any) -> Response:
        """A page with one form of a child's. Its form is sent for the other language: what was typed stays."""
        return self.pages.show_to(visit, template, status, here="", **values)


def add_children(routes: APIRouter, children: ChildPages, begun: BegunDrafts) -> None:
    """The list, one child, and its documents to be fetched."""
    pages, workflow = children.pages, children.workflow

    @routes.get(ROOT, response_class=Response)
    async def every(request: Request, before: str = "") -> Response:
        """The own children, newest application first."""
        visit = pages.visit(request)
        start = application_id_of(before) if before else None
        views = await workflow.applications.page(visit.owner, start, MOST_CHILDREN + 1)
        cards = [card(each, "", children.now()) for each in views[:MOST_CHILDREN]]
        more = str(cards[-1].answer.id) if len(views) > MOST_CHILDREN else ""
        drafts = [] if before else await begun(visit.owner, visit.language, children.now())
        return pages.show_to(visit, "children.html", cards=cards, more=more, begun=drafts)

    @routes.get(ONE, response_class=Response)
    async def one(application_id: str, request: Request, done: str = "") -> Response:
        """Everything about one application."""
        return await children.show(pages.visit(request), application_id, done=done)
