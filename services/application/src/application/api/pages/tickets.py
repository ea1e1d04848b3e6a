"""/family/tickets: all tickets of the family, and one link to all of them."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from application.api.pages.child.child import MOST_CHILDREN, ChildPages, card
from application.api.pages.visits import ROOT

MOST_TOGETHER = 10
"""As many as Apple's bundles of passes hold (docs/sources/wallets.md)."""


def add_tickets(routes: APIRouter, children: ChildPages) -> None:
    """The page. It shows the own children alone, not those of whom one only helps with the application."""
    pages, workflow = children.pages, children.workflow

    @routes.get(f"{ROOT}/tickets", response_class=Response)
    async def tickets(request: Request) -> Response:
        visit = pages.visit(request)
        views = await workflow.applications.page(visit.owner, None, MOST_CHILDREN)
        cards = [card(each, "", children.now()) for each in views]
        ready = [each for each in cards if each.answer.links.pass_ and each.answer.links.pass_link]
        together = together_of([each.answer.links.pass_ or "" for each in ready])
        return pages.show_to(visit, "tickets.html", cards=ready, together=together)


def together_of(addresses: Sequence[str]) -> list[str]:
    """Addresses of pages that show several tickets; none for a single ticket.

    Args:
        addresses: of the pages of tickets; the last part of each is what opens it.
    """
    by_place: dict[str, list[str]] = {}
    for each in dict.fromkeys(addresses):
        place, _, token = each.rpartition("/")
        by_place.setdefault(place, []).append(token)
    return [
        f"{place}/together/{'.'.join(tokens[start : start + MOST_TOGETHER])}"
        for place, tokens in by_place.items()
        if len(tokens) > 1
        for start in range(0, len(tokens), MOST_TOGETHER)
    ]
