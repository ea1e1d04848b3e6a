"""HTTP in: the page of a pass and its downloads, and Apple's web service."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from wallet_pass.api.apple import add_apple
from wallet_pass.api.designs import DrawLogo, add_designs
from wallet_pass.api.passes import add_downloads, add_page
from wallet_pass.api.static import add_static
from wallet_pass.workflow import Workflow


def router(workflow: Workflow, *, clock: Callable[[], datetime], draw_logo: DrawLogo, is_test: bool) -> APIRouter:
    """`is_test`: the page says that phones do not accept passes signed with these certificates."""
    routes = APIRouter()
    add_static(routes)
    add_designs(routes, workflow, draw_logo)
    add_page(routes, workflow, clock, is_test)
    add_downloads(routes, workflow)
    add_apple(routes, workflow)
    return routes


__all__ = ["router"]
