"""The families' pages: what a browser asks for, and what it is shown."""

from fastapi import APIRouter
from shared.http.limits import Limit

from application.api.pages.pages import NO_PAGE, Pages
from application.api.pages.precheck import add_precheck
from application.checks import SchoolKeys
from application.workflow import Workflow


def family_pages(workflow: Workflow, keys: SchoolKeys, public_url: str, limit: Limit | None = None) -> APIRouter:
    """Routes under /family. `limit`: how often one client may ask what costs work."""
    routes, pages = APIRouter(), Pages(public_url)
    pages.add_static(routes)
    add_precheck(routes, pages, workflow, keys, limit)
    return routes


__all__ = ["NO_PAGE", "family_pages"]
