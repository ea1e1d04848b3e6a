"""Leave and come back: by a link, on any device; or delete it all."""

import json
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, Invalid

from application.api.pages.apply.drafting import DraftPages, OpenDraft, cookie_of
from application.api.pages.link_pages import LinkPage
from application.api.pages.pages import language, typed_of
from application.workflow.mails.giving import GivenAddress


def add_return_link(routes: APIRouter, drafting: DraftPages, public_url: str) -> None:
    """/drafts/{token}, and what is done with a draft's link."""
    _add_link(routes, drafting)
    _add_leaving(routes, drafting, public_url)


def _add_link(routes: APIRouter, drafting: DraftPages) -> None:
    page = LinkPage(drafting.pages, "apply_link.html", "/apply/continue", "draft-link")

    @routes.get("/drafts/{token}", response_class=Response)
    async def ask(token: str, request: Request) -> Response:
        return page.ask(token, language(request, {}))

    @routes.post("/family/apply/continue", response_class=Response)
    async def go_on(request: Request) -> Response:
        token = await page.pressed(request)
        if isinstance(token, Response):
            return token
        number = await drafting.workflow.drafts.id_of_link(token)
        answer = drafting.pages.go(f"/apply/{number}")
        drafting.keep(answer, number, token)
        return answer


def _add_leaving(routes: APIRouter, drafting: DraftPages, public_url: str) -> None:
    _add_reminder(routes, drafting, public_url)

    @routes.get("/family/apply/{draft_id}/later", response_class=Response)
    async def later(draft_id: str, request: Request) -> Response:
        """The link stands on the page: whoever sees this page opens the draft anyway."""

        async def act(opened: OpenDraft) -> Response:
            return await _show_later(drafting, opened, public_url)

        return await drafting.within(request, draft_id, act)

    @routes.post("/family/apply/{draft_id}/link", response_class=Response)
    async def renew(draft_id: str, request: Request) -> Response:
        """A new link: the one before opens nothing any more."""

        async def act(opened: OpenDraft) -> Response:
            drafting.check_form(opened, await typed_of(request))
            new = await drafting.workflow.drafts.renew_link(opened.visitor, opened.id, datetime.now(UTC))
            answer = drafting.pages.go(f"/apply/{opened.id}/later")
            drafting.keep(answer, opened.id, new.token)
            return answer

        return await drafting.within(request, draft_id, act)

    @routes.post("/family/apply/{draft_id}/deletion", response_class=Response)
    async def delete(draft_id: str, request: Request) -> Response:
        """With its documents, for good."""

        async def act(opened: OpenDraft) -> Response:
            drafting.check_form(opened, await typed_of(request))
            await drafting.workflow.drafts.remove(opened.visitor, opened.id, datetime.now(UTC))
            answer = drafting.pages.go("/apply", deleted="yes")
            drafting.forget(answer, opened.id)
            return answer

        return await drafting.within(request, draft_id, act, edits=True)


def _add_reminder(routes: APIRouter, drafting: DraftPages, public_url: str) -> None:
    @routes.post("/family/apply/{draft_id}/email", response_class=Response)
    async def remind(draft_id: str, request: Request) -> Response:
        """To this address goes a mail that asks whether it is right; then one before the draft is deleted."""

        async def act(opened: OpenDraft) -> Response:
            typed = await typed_of(request)
            drafting.check_form(opened, typed)
            address = typed.get("email", "")
            given = GivenAddress(address, opened.language)
            if drafting.limit is not None:
                await drafting.limit.check(request)
            try:
                await drafting.workflow.contacts.give_for_draft(opened.visitor, opened.id, given, datetime.now(UTC))
            except (Invalid, Conflict) as problem:
                said = problem.text.in_language(opened.language)
                return await _show_later(drafting, opened, public_url, address, {"email": said})
            return drafting.pages.go(f"/apply/{opened.id}/later")

        return await drafting.within(request, draft_id, act)


async def _show_later(
    drafting: DraftPages,
    opened: OpenDraft,
    public_url: str,
    address: str | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    contacts, token = drafting.workflow.contacts, opened.visitor.token
    contact = await contacts.of_draft(opened.id)
    guardian = json.loads(opened.view.draft.form).get("guardian") or {}
    known = contact.address if contact else guardian.get("email") or ""
    return drafting.show(
        opened,
        "apply_later.html",
        422 if errors else 200,
        link=f"{public_url}/drafts/{token}" if token else "",
        is_mailed=contacts.office is not None,
        contact_state=contact.state if contact else "",
        typed={"email": known if address is None else address},
        errors=errors or {},
    )


__all__ = ["add_return_link", "cookie_of"]
