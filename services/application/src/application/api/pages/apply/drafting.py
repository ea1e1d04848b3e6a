"""What every page of an application passes through: the draft's cookie, the form's token, its situation, its head."""

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from fastapi import Request, Response
from shared.calendar import day_in_berlin
from shared.errors import Forbidden, Invalid, Language, NotFound, Text
from shared.http.limits import Limit
from shared.sign_in import Session, SignInNeeded

from application.api.drafts.body import draft_id_of
from application.api.drafts.limits import NO_LIMITS, DraftLimits
from application.api.pages.pages import language, typed_of
from application.api.pages.visits import FamilyPages
from application.checks import SchoolKeys
from application.domain.application import Application
from application.domain.draft import TOKEN_BYTES, Draft, Visitor
from application.domain.ids import DraftId, Owner
from application.domain.school import School
from application.form import DraftChange
from application.web.apply.page import DraftHead
from application.web.apply.situation import Situation
from application.web.apply.start import begun_line
from application.workflow import DraftView, Workflow
from application.workflow.drafts.access import DraftSent

COOKIE = "draft-"
FIRST_VERSION = 1
"""Of a part that is as it was when the draft was begun."""
BELONGS = "belongs"
"""The field by which a form is known as one that a page of this draft made."""
TOO_LATE = "late"
"""Asks the page of the application that was sent to say that an edit came after it."""
FOREIGN = Text(
    "Dieses Formular gehört nicht zu diesem Antrag. Bitte laden Sie die Seite neu und senden Sie es noch einmal.",
    "This form does not belong to this application. Please reload the page and send it again.",
)


class AlreadySent(Exception):
    """The draft has become an application, which belongs to who asks."""


@dataclass(frozen=True)
class OpenDraft:
    """A draft that whoever asks may open, at one moment."""

    request: Request
    visitor: Visitor
    session: Session | None
    view: DraftView
    situation: Situation
    now: datetime
    language: Language
    form_token: str

    @property
    def id(self) -> DraftId:
        """Of the draft."""
        return self.view.draft.id


@dataclass(frozen=True)
class DraftPages:
    """Shared by all pages of an application. `limit`: how often one client may ask what costs work."""

    pages: FamilyPages
    workflow: Workflow
    keys: SchoolKeys
    limits: DraftLimits = NO_LIMITS
    limit: Limit | None = None

    # in

    def visitor(self, request: Request, draft_id: DraftId | None = None) -> tuple[Visitor, Session | None]:
        """By the draft's cookie, by an account, by both or by neither."""
        session = self.pages.visitor(request)
        token = None if draft_id is None else request.cookies.get(cookie_of(draft_id))
        return Visitor(Owner(session.caller.subject) if session else None, token), session

    async def open(self, request: Request, draft_id: str) -> OpenDraft:
        """Raises NotFound, AlreadySent, and SignInNeeded."""
        number, now = draft_id_of(draft_id), datetime.now(UTC)
        visitor, session = self.visitor(request, number)
        try:
            view = await self.workflow.drafts.view(visitor, number, now)
        except NotFound:
            await self._ask_to_sign_in_again(request)
            raise
        if isinstance(view, Application):
            raise AlreadySent
        if not view.draft.opens_for(Visitor(token=visitor.token)):  # of a link that another device has renewed
            visitor = Visitor(visitor.owner)
        return await self._opened(request, visitor, session, view, now)

    async def _ask_to_sign_in_again(self, request: Request) -> None:
        """Raises SignInNeeded where only the sign-in's time is over: its account may open what is not there for others.
        What was typed on a page of ours is kept."""
        sign_in = self.pages.sign_in
        earlier = None if sign_in is None else sign_in.read(request)
        if sign_in is None or earlier is None or sign_in.now() < earlier.ends:
            return
        typed = None
        if request.method == "POST":
            with suppress(Invalid):
                typed = await typed_of(request)
        if typed is None or not sign_in.sessions.form_counts(earlier, typed.get(BELONGS, "")):
            raise SignInNeeded
        raise SignInNeeded(tuple(typed.items()))

    async def _opened(
        self, request: Request, visitor: Visitor, session: Session | None, view: DraftView, now: datetime
    ) -> OpenDraft:
        form = json.loads(view.draft.form)
        school = await self.school(form.get("school_number"))
        situation = await self.situation(view.draft, form, school, now)
        reader: Language = "en" if form.get("language") == "en" else "de"
        return OpenDraft(request, visitor, session, view, situation, now, reader, self._token(visitor, session))

    async def situation(self, draft: Draft, form: Mapping[str, Any], school: School | None, now: datetime) -> Situation:
        """What decides which pages are asked."""
        given = [part for part, version in draft.changed.items() if version == FIRST_VERSION]
        today = day_in_berlin(now)
        own = None if school is None else await self.workflow.own_forms.in_force(school.authority.id, today)
        return Situation(form, school, self.keys, today, own, given)

    async def begun_by(self, owner: Owner, reader: Language, now: datetime) -> list[tuple[str, str]]:
        """Id and words of the drafts that this account has begun."""
        found = await self.workflow.drafts.of_owner(owner, now)
        return [(str(each.id), await self.words_of(each, reader)) for each in found]

    async def words_of(self, draft: Draft, reader: Language) -> str:
        """By what a family tells its drafts apart."""
        form = json.loads(draft.form)
        return begun_line(form, await self.school(form.get("school_number")), draft.begun_at, reader)

    async def changed(self, opened: OpenDraft, view: DraftView) -> OpenDraft:
        """The same visit after the draft was saved."""
        return await self._opened(opened.request, opened.visitor, opened.session, view, opened.now)

    async def school(self, number: object) -> School | None:
        """None where the directory has none of this number."""
        if not isinstance(number, str):
            return None
        try:
            return await self.workflow.directory.school(number)
        except NotFound:
            return None

    def _token(self, visitor: Visitor, session: Session | None) -> str:
        """What every form of the draft carries: nobody else's page knows it."""
        if visitor.token is not None:
            return hmac.new(visitor.token.encode("utf-8", "surrogatepass"), b"form", sha256).hexdigest()
        return self.pages.flow().sessions.form_token(session) if session else ""

    def check_form(self, opened: OpenDraft, typed: dict[str, str]) -> None:
        """Raises Forbidden for a form that no page of this draft made; takes its token out."""
        if not self.is_form_of(opened, typed):
            raise Forbidden(FOREIGN)

    def is_form_of(self, opened: OpenDraft, typed: dict[str, str]) -> bool:
        """Whether a page of this draft made it as this browser opens the draft now; takes its token out."""
        return hmac.compare_digest(opened.form_token.encode(), typed.pop(BELONGS, "").encode())

    async def speak(self, opened: OpenDraft, reader: Language) -> OpenDraft:
        """From now on in this language, on every page and device."""
        if reader == opened.language and "language" in opened.situation.form:
            return opened
        change = DraftChange.of({"language": reader})
        return await self.changed(opened, await self.workflow.drafts.put(opened.visitor, opened.id, change, opened.now))

    # out

    async def within(
        self, request: Request, draft_id: str, act: Callable[[OpenDraft], Awaitable[Response]], *, edits: bool = False
    ) -> Response:
        """Do this with the draft; where it was sent already, show the application.

        Args:
            edits: that page says then that nothing of this has come into the application.
        """
        try:
            opened = await self.open(request, draft_id)
            asked = request.query_params.get("language")
            if request.method == "GET" and asked in ("de", "en"):
                opened = await self.speak(opened, language(request, {}))
            return await act(opened)
        except (AlreadySent, DraftSent):
            return self.pages.go(f"/apply/{draft_id_of(draft_id)}/sent", **({TOO_LATE: "yes"} if edits else {}))

    def show(
        self, opened: OpenDraft, template: str, status: int = 200, *, to_summary: bool = False, **values: Any
    ) -> Response:
        """A page of the draft."""
        head = DraftHead(
            path=f"/apply/{opened.id}",
            form_token=opened.form_token,
            deleted_on=day_in_berlin(opened.view.deleted_at),
            to_summary=to_summary,
        )
        values = {"mark": ""} | values
        return self.pages.show(
            template, opened.language, status, None, draft=head, **self.who(opened.session), **values
        )

    def who(self, session: Session | None) -> dict[str, Any]:
        """For the page's head."""
        if session is None:
            return {}
        return {"person": session.name, "form_token": self.pages.flow().sessions.form_token(session)}

    def keep(self, response: Response, draft_id: DraftId, token: str) -> None:
        """Give the browser the draft's token, for these pages alone."""
        response.set_cookie(
            cookie_of(draft_id), token, max_age=int(self.workflow.drafts.kept.total_seconds()),
            path=f"{self.pages.base}/apply", secure=self.pages.https, httponly=True, samesite="lax",
        )  # fmt: skip

    def forget(self, response: Response, draft_id: DraftId) -> None:
        """Take the draft's token away."""
        response.delete_cookie(
            cookie_of(draft_id), path=f"{self.pages.base}/apply", secure=self.pages.https, httponly=True, samesite="lax"
        )


def cookie_of(draft_id: DraftId) -> str:
    """Each draft has its own: two children's windows do not mix."""
    return f"{COOKIE}{draft_id}"


def new_nonce() -> str:
    """As hard to guess as a draft's token."""
    return secrets.token_urlsafe(TOKEN_BYTES)
