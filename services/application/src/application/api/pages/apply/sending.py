"""The last page: all of it read over, sent once, and a copy to keep."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from shared.calendar import day_in_berlin
from shared.errors import Invalid, NotFound
from shared.formats import format_day
from shared.http.page_headers import page_headers
from shared.sign_in import SignInNeeded

from application.api.applications.copies import Copies
from application.api.drafts.body import draft_id_of
from application.api.pages.apply.drafting import TOO_LATE, DraftPages, OpenDraft
from application.api.pages.pages import language, typed_of
from application.domain.application import View
from application.domain.draft import application_id_of
from application.domain.ids import Owner
from application.web.apply.account import LEVELS, asks_for_more
from application.web.apply.copy import language_of
from application.web.apply.documents import document_lines
from application.web.apply.options import proofs
from application.web.apply.summary import answers
from application.web.apply.words import SUMMARY as TITLE
from application.workflow.people.access import NOT_HERE


def add_sending(routes: APIRouter, drafting: DraftPages) -> None:
    """/family/apply/{draft_id}/summary and what follows it."""
    pages = SendingPages(drafting)

    @routes.get("/family/apply/{draft_id}/summary", response_class=Response)
    async def summary(draft_id: str, request: Request) -> Response:
        return await drafting.within(request, draft_id, pages.summary)

    @routes.post("/family/apply/{draft_id}/summary", response_class=Response)
    async def send(draft_id: str, request: Request) -> Response:
        async def act(opened: OpenDraft) -> Response:
            typed = await typed_of(request)
            drafting.check_form(opened, typed)
            if "language" in typed:
                return await pages.summary(await drafting.speak(opened, language(request, typed)))
            return await pages.send(opened)

        return await drafting.within(request, draft_id, act)

    @routes.get("/family/apply/{draft_id}/sent", response_class=Response)
    async def sent(draft_id: str, request: Request) -> Response:
        return await pages.sent(request, draft_id)

    @routes.get("/family/apply/{draft_id}/copy.pdf", response_class=Response)
    async def pdf(draft_id: str, request: Request) -> Response:
        submitted = await pages.handed_in(request, draft_id)
        return await pages.copies.pdf(submitted, page_headers(https=drafting.pages.https))

    @routes.get("/family/apply/{draft_id}/copy.json", response_class=Response)
    async def data(draft_id: str, request: Request) -> Response:
        return pages.copies.json(await pages.handed_in(request, draft_id), page_headers(https=drafting.pages.https))


def _surer_sign_in(opened: OpenDraft) -> dict[str, str] | None:
    """What is said where the authority asks for a surer sign-in than this one; None: it does not."""
    wanted = opened.situation.demands.trust
    if opened.session is None or not asks_for_more(opened.session.details.trust, wanted):
        return None
    return {"trust": wanted, "words": LEVELS[wanted].in_language(opened.language)}


class SendingPages:
    """From the summary to the copy."""

    def __init__(self, drafting: DraftPages) -> None:
        self._drafting = drafting
        self.copies = Copies(drafting.workflow, drafting.keys)

    async def summary(self, opened: OpenDraft) -> Response:
        """Each answer with the way to its page, and what is still missing or wrong."""
        problems = [*opened.view.missing, *opened.view.wrong]
        schools = await self.copies.schools(opened.situation.form)
        found = answers(opened.situation, schools, problems, opened.language)
        return self._drafting.show(
            opened,
            "apply_summary.html",
            title=TITLE.in_language(opened.language),
            answers=found,
            faulty=[each for each in found if each.faults],
            complete=not problems,
            known=opened.session is not None and "guardian" in opened.situation.given,
            dropped=len(opened.view.dropped),
            documents=document_lines(opened.view.documents, opened.language),
            wants_documents=bool(proofs(opened.situation)),
            signed_in=opened.session is not None,
            surer=_surer_sign_in(opened),
            has_sign_in=self._drafting.pages.sign_in is not None,
            count=len(found) + 1 + bool(proofs(opened.situation)),
        )

    async def send(self, opened: OpenDraft) -> Response:
        """1. By an account: whose sign-in is over is shown the way to it. 2. Once, however often the button is pressed.
        3. What does not fit is told on the page."""
        pages = self._drafting.pages
        # 1.
        if opened.session is None:
            return pages.go(f"/apply/{opened.id}/summary")
        # 2.
        owner, token = Owner(opened.session.caller.subject), opened.visitor.token
        try:
            await self._drafting.workflow.draft_submission.submit(
                owner, f"page-{opened.id}", token, opened.id, datetime.now(UTC), opened.session.details.trust
            )
        except Invalid:
            # 3.
            return pages.go(f"/apply/{opened.id}/summary")
        answer = pages.go(f"/apply/{opened.id}/sent")
        self._drafting.forget(answer, opened.id)
        return answer

    async def handed_in(self, request: Request, draft_id: str) -> View:
        """The application that a draft has become.

        Raises:
            SignInNeeded.
            NotFound: where it is not this account's.
        """
        pages = self._drafting.pages
        session = pages.visitor(request)
        if session is None:
            pages.flow()
            raise SignInNeeded
        owner = Owner(session.caller.subject)
        try:
            number = draft_id_of(draft_id)
            return await self._drafting.workflow.applications.view(owner, application_id_of(number))
        except NotFound:
            raise NotFound(NOT_HERE) from None

    async def sent(self, request: Request, draft_id: str) -> Response:
        """What happens next."""
        view = await self.handed_in(request, draft_id)
        chosen = request.query_params.get("language") in ("de", "en")
        reader = language(request, {}) if chosen else language_of(view)
        return self._drafting.pages.show(
            "apply_sent.html",
            reader,
            **self._drafting.who(self._drafting.pages.visitor(request)),
            here=f"{self._drafting.pages.base}/apply/{draft_id_of(draft_id)}/sent",
            path=f"/apply/{draft_id_of(draft_id)}",
            authority=view.school.authority.name if view.school else "",
            day=format_day(day_in_berlin(view.application.submitted_at), reader),
            application_id=str(view.application.id),
            is_late=TOO_LATE in request.query_params,
        )
