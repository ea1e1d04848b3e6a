"""Several tickets of one family: one page and one download. Each is opened by its own link's token, and by no other."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from shared.errors import NotFound
from shared.http.limits import Limit

from wallet_pass.api.headers import PKPASSES, PRIVATE
from wallet_pass.api.passes import PAGE_HEADERS, AcceptLanguage, chosen_language
from wallet_pass.apple.bundle import MOST_PASSES, bundle
from wallet_pass.domain.passes import Pass, PassToken, State
from wallet_pass.web.pages import not_found_page, together_page
from wallet_pass.web.phones import phone_of
from wallet_pass.workflow import NO_SUCH_PASS, StoredPass, Workflow

Tokens = Annotated[str, Path(description="Tokens of the links to the tickets, with dots between them: 10 at most.")]
SaveTogether = Callable[[Sequence[Pass], datetime], Sequence[str]]
"""Tokens of Google's save links, each for as many passes as fit."""
USABLE = (State.VALID, State.NOT_YET_VALID)


@dataclass(frozen=True)
class Together:
    """What several tickets on one page need beside the workflow."""

    clock: Callable[[], datetime]
    is_test: bool
    save: SaveTogether | None = None
    """None: Google is not offered for several at once."""
    limit: Limit | None = None


def add_together(routes: APIRouter, workflow: Workflow, together: Together) -> None:
    """For siblings. A link that leads nowhere is as if it were not there; where none leads anywhere, the answer is that
    of a single one."""
    _add_page(routes, workflow, together)
    _add_bundle(routes, workflow, together)


async def _passes(workflow: Workflow, tokens: str) -> list[StoredPass]:
    """Raises NotFound."""
    named = list(dict.fromkeys(tokens.split(".")))
    kept = await workflow.find_all([PassToken(each) for each in named[:MOST_PASSES]])
    if not kept or len(named) > MOST_PASSES:
        raise NotFound(NO_SUCH_PASS)
    return kept


def _add_page(routes: APIRouter, workflow: Workflow, together: Together) -> None:
    by_passes = [Depends(_by_passes(together.limit))] if together.limit else []

    @routes.head("/v1/passes/together/{tokens}", include_in_schema=False, dependencies=by_passes)
    @routes.get(
        "/v1/passes/together/{tokens}", tags=["page"], response_class=HTMLResponse, dependencies=by_passes,
        responses={404: {"description": "A page that says what to do", "content": {"text/html": {}}}},
    )  # fmt: skip
    async def page(
        tokens: Tokens,
        language: Annotated[str | None, Query(json_schema_extra={"enum": ["de", "en"]})] = None,
        accept_language: AcceptLanguage = None,
        user_agent: Annotated[str | None, Header(include_in_schema=False)] = None,
    ) -> HTMLResponse:
        """The tickets of a family's children on one page, with one button for all."""
        reader = chosen_language(language, accept_language)
        headers = PAGE_HEADERS | {"Content-Language": reader}
        try:
            kept = await _passes(workflow, tokens)
        except NotFound:
            return HTMLResponse(not_found_page(reader, root="../"), status_code=404, headers=headers)
        now = together.clock()
        ready = [each.wallet_pass for each in kept if workflow.google_token(each) is not None]
        saved = together.save(ready, now) if together.save is not None and ready else []
        content = together_page(
            kept, now, reader, tokens=tokens, phone=phone_of(user_agent), google_tokens=saved, is_test=together.is_test
        )
        return HTMLResponse(content, headers=headers)


def _add_bundle(routes: APIRouter, workflow: Workflow, together: Together) -> None:
    by_passes = [Depends(_by_passes(together.limit))] if together.limit else []

    @routes.head("/v1/passes/together/{tokens}/passes.pkpasses", include_in_schema=False, dependencies=by_passes)
    @routes.get(
        "/v1/passes/together/{tokens}/passes.pkpasses", tags=["pass"], response_class=Response, dependencies=by_passes,
        responses={200: {"content": {PKPASSES: {}}, "description": "A ZIP of .pkpass files, 10 at most"}},
    )  # fmt: skip
    async def passes(tokens: Tokens) -> Response:
        """The signed passes of all that can be used, in one file for Apple Wallet."""
        now = together.clock()
        usable = [
            each.wallet_pass.token for each in await _passes(workflow, tokens) if each.wallet_pass.state(now) in USABLE
        ]
        if not usable:
            raise NotFound(NO_SUCH_PASS)
        content = bundle([await workflow.package(each) for each in usable])
        headers = PRIVATE | {"Content-Disposition": 'attachment; filename="schultickets.pkpasses"'}
        return Response(content, media_type=PKPASSES, headers=headers)


def _by_passes(limit: Limit) -> Callable[[Request], Awaitable[None]]:
    """Each pass counts, as it would by itself."""

    async def check(request: Request) -> None:
        for token in request.path_params["tokens"].split(".")[:MOST_PASSES]:
            limit.spend(token, request)

    return check
