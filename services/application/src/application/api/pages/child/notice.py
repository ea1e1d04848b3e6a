"""…/notices/{decision_id}/retrieval: a notice is opened by its own button, and that is the retrieval that counts."""

from fastapi import APIRouter, Request, Response

from application.api.pages.child.child import ONE, ChildPages
from application.api.requests import application_id_of, decision_id_of


def add_notices(routes: APIRouter, children: ChildPages) -> None:
    """The button leads to a page with the link: the notice lies with another service, where no form may lead."""
    pages, workflow = children.pages, children.workflow

    @routes.post(f"{ONE}/notices/{{decision_id}}/retrieval", response_class=Response)
    async def retrieve(application_id: str, decision_id: str, request: Request) -> Response:
        visit = await pages.form(request)
        number = application_id_of(application_id)
        url = await workflow.retrievals.retrieve(visit.owner, number, decision_id_of(decision_id), children.now())
        return pages.show_to(visit, "notice.html", application_id=number, link=url)
