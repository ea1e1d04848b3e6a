"""/family/apply: an application, one question a page."""

from fastapi import APIRouter

from application.api.pages.apply.documents import LARGER_BODY, add_documents
from application.api.pages.apply.drafting import DraftPages
from application.api.pages.apply.return_link import add_return_link
from application.api.pages.apply.sending import add_sending
from application.api.pages.apply.start import add_start
from application.api.pages.apply.steps import add_steps


def add_apply(routes: APIRouter, drafting: DraftPages, public_url: str) -> None:
    """Add the pages. Those with names of their own come before the questions."""
    add_start(routes, drafting)
    add_return_link(routes, drafting, public_url)
    add_documents(routes, drafting)
    add_sending(routes, drafting)
    add_steps(routes, drafting)


__all__ = ["LARGER_BODY", "DraftPages", "add_apply"]
