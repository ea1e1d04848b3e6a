"""What a family does once and cannot take back: each is asked about on a page of its own first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request, Response
from shared.calendar import day_in_berlin
from shared.errors import Conflict, Invalid, NotFound, Text

from application.api.applications.answers import answer
from application.api.pages.child.child import ONE, ChildPages
from application.api.pages.child.writing import tell
from application.api.pages.pages import NO_PAGE
from application.api.pages.visits import Visit
from application.api.requests import application_id_of, ticket_id_of
from application.domain.application import View
from application.domain.ids import ApplicationId
from application.domain.status import Status
from application.workflow import Workflow, linked_ticket, open_offer, to_lose
from application.workflow.applications.applications import TOO_LATE_TO_WITHDRAW
from application.workflow.applications.losses import NO_TICKET
from application.workflow.applications.pass_links import NO_LINK_TO_CHANGE
from application.workflow.applications.self_payer import NOTHING_OFFERED


@dataclass(frozen=True)
class ActWording:
    """The words of one act."""

    title: Text
    text: Text
    button: Text
    done: str


ACTS: Mapping[str, ActWording] = {
    "withdrawal": ActWording(
        Text("Antrag zurücknehmen", "Withdraw the application"),
        Text(
            "Der Antrag wird dann nicht weiter bearbeitet. Ist schon ein Ticket ausgestellt, endet es. Das lässt sich "
            "nicht rückgängig machen; Sie können aber jederzeit einen neuen Antrag stellen.",
            "The application is not processed any further then. If a ticket was made already, it ends. This cannot be "
            "undone; but you can apply anew at any time.",
        ),
        Text("Ja, zurücknehmen", "Yes, withdraw it"),
        "withdrawn",
    ),
    "loss": ActWording(
        Text("Ticket verloren oder gestohlen", "Ticket lost or stolen"),
        Text(
            "Das Ticket wird sofort gesperrt, und Sie bekommen ein neues. Auch der Ausdruck und das Ticket auf einem "
            "zweiten Telefon gelten dann nicht mehr. Finden Sie das alte wieder, gilt trotzdem nur das neue.",
            "The ticket is revoked at once, and you get another one. The printed ticket and the one on a second phone "
            "are not good any more then. If you find the old one again, only the new one is good all the same.",
        ),
        Text("Ja, sperren und neu ausstellen", "Yes, revoke it and make another one"),
        "lost",
    ),
    "link": ActWording(
        Text("Link zum Ticket erneuern", "Renew the link to the ticket"),
        Text(
            "Sie bekommen einen neuen Link zur Seite des Tickets. Der alte führt dann zu nichts mehr, auch der auf "
            "anderen Telefonen. Das Ticket selbst bleibt gültig, in der Wallet und auf Papier.",
            "You get another link to the ticket's page. The old one leads nowhere then, and neither do those on other "
            "phones. The ticket itself stays good, in the wallet and on paper.",
        ),
        Text("Ja, Link erneuern", "Yes, renew the link"),
        "link-renewed",
    ),
    "link-end": ActWording(
        Text("Link zum Ticket sperren", "End the link to the ticket"),
        Text(
            "Wer den Link hat, sieht dann nichts mehr: weder das Ticket noch, dass es eines gab. Das Ticket selbst "
            "bleibt gültig, in der Wallet und auf Papier. Ist es gestohlen, melden Sie es bitte als verloren. Einen "
            "neuen Link machen Sie hier, wann Sie wollen.",
            "Whoever has the link then sees nothing any more: neither the ticket nor that there was one. The ticket "
            "itself stays good, in the wallet and on paper. If it was stolen, please report it lost. You can make "
            "another link here whenever you want.",
        ),
        Text("Ja, Link sperren", "Yes, end the link"),
        "link-ended",
    ),
    "self-payer": ActWording(
        Text("Das Ticket selbst bezahlen", "Pay for the ticket yourself"),
        Text(
            "Sie bestellen das Ticket verbindlich zu dem Preis, der hier steht. Die Ablehnung bleibt, und auch Ihr "
            "Recht, sich gegen sie zu wehren.",
            "You order the ticket at the price shown here, and this is binding. The refusal stays, and so does your "
            "right to fight it.",
        ),
        Text("Zahlungspflichtig bestellen", "Order with obligation to pay"),  # § 312j (3) BGB
        "ordered",
    ),
}


LINK_ACTS = ("link", "link-end")


def add_acts(routes: APIRouter, children: ChildPages) -> None:
    """Withdrawal, loss, self-payer and leaving."""
    _add_once(routes, children)
    _add_leaving(routes, children)


def _add_once(routes: APIRouter, children: ChildPages) -> None:
    pages, workflow = children.pages, children.workflow

    @routes.get(f"{ONE}/act/{{act}}", response_class=Response)
    async def ask(application_id: str, act: str, request: Request) -> Response:
        """What it means, and a button."""
        visit = pages.visit(request)
        view = await children.own(visit, application_id)
        asked = ACTS.get(act)
        if asked is None:
            raise NotFound(NO_PAGE)
        _check_possible(act, view, day_in_berlin(children.now()))
        found = answer(view, "", children.now())
        return pages.show_to(
            visit,
            "act.html",
            asked=asked,
            act=act,
            answer=found,
            ticket=_ticket_for(act, view),
            offer=found.decision.offer if found.decision else None,
        )

    @routes.post(f"{ONE}/act/{{act}}", response_class=Response)
    async def do(application_id: str, act: str, request: Request) -> Response:
        """A second time changes nothing."""
        visit = await pages.form(request)
        number, now = application_id_of(application_id), children.now()
        if not await _carry_out(workflow, act, visit, number, now):
            await children.own(visit, application_id)
            raise NotFound(NO_PAGE)
        return children.back(number, ACTS[act].done, "#top")


async def _carry_out(workflow: Workflow, act: str, visit: Visit, number: ApplicationId, now: datetime) -> bool:
    """False where there is no such act."""
    ticket = visit.typed.get("ticket", "")
    match act:
        case "withdrawal":
            await workflow.applications.withdraw(visit.owner, number, now)
        case "loss":
            await workflow.losses.report(visit.owner, number, ticket_id_of(ticket), now)
        case "link":
            await workflow.pass_links.renew(visit.owner, number, ticket_id_of(ticket), now)
        case "link-end":
            await workflow.pass_links.end(visit.owner, number, ticket_id_of(ticket), now)
        case "self-payer":
            await workflow.self_payer_orders.choose(visit.owner, number, now)
    return act in ACTS


def _ticket_for(act: str, view: View) -> str:
    return (linked_ticket(view.news) if act in LINK_ACTS else to_lose(view.news)) or ""


def _check_possible(act: str, view: View, today: date) -> None:
    """Raises Conflict, in the words of the act itself."""
    if act == "withdrawal" and view.current_status.status.is_final:
        raise Conflict(TOO_LATE_TO_WITHDRAW)
    if act == "loss" and to_lose(view.news) is None:
        raise Conflict(NO_TICKET)
    if act in LINK_ACTS and linked_ticket(view.news) is None:
        raise Conflict(NO_LINK_TO_CHANGE)
    if act == "self-payer" and open_offer(view.news, today) is None:
        raise Conflict(NOTHING_OFFERED)


def _add_leaving(routes: APIRouter, children: ChildPages) -> None:
    pages = children.pages

    @routes.get(f"{ONE}/leaving", response_class=Response)
    async def form(application_id: str, request: Request) -> Response:
        """The child leaves the school, or needs no ticket any more."""
        return await shown(pages.visit(request), application_id)

    @routes.post(f"{ONE}/leaving", response_class=Response)
    async def leave(application_id: str, request: Request) -> Response:
        visit = await pages.form(request)
        if "language" in visit.typed:
            return await shown(visit, application_id)
        body = {"changes": {"leaves_on": visit.typed.get("leaves_on") or None}}
        try:
            await tell(children, visit, application_id, body)
        except Invalid as problem:
            text = problem.problems[0].text if problem.problems else problem.text
            return await shown(visit, application_id, 422, {"leaves_on": text.in_language(visit.language)})
        return children.back(application_id_of(application_id), "leaves", "#top")

    async def shown(
        visit: Visit, application_id: str, status: int = 200, errors: dict[str, str] | None = None
    ) -> Response:
        view = await children.own(visit, application_id)
        if view.current_status.status is Status.WITHDRAWN:
            raise Conflict(TOO_LATE_TO_WITHDRAW)
        return children.form(
            visit, "leaving.html", status, answer=answer(view, "", children.now()), typed=visit.typed,
            errors=errors or {},
        )  # fmt: skip
