"""HTTP in: the page of a pass and its downloads, and Apple's web service."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, Depends
from shared.http.limits import Limit

from wallet_pass.api.apple import add_apple
from wallet_pass.api.designs import DrawLogo, add_designs
from wallet_pass.api.google import Reader, add_callbacks
from wallet_pass.api.passes import add_downloads, add_page, by_pass
from wallet_pass.api.printouts import add_printouts
from wallet_pass.api.sheets import Staff, add_sheets
from wallet_pass.api.staff_designs import DesignStaff, add_staff_designs
from wallet_pass.api.static import add_static
from wallet_pass.api.together import SaveTogether, Together, add_together
from wallet_pass.api.who_may import INTERFACE
from wallet_pass.workflow import Workflow


def router(
    workflow: Workflow,
    *,
    clock: Callable[[], datetime],
    draw_logo: DrawLogo,
    is_test: bool,
    limit: Limit | None = None,
    staff: Staff | None = None,
    badges: Path | None = None,
    save_together: SaveTogether | None = None,
    design_staff: DesignStaff | None = None,
    callback_reader: Reader | None = None,
) -> APIRouter:
    """`is_test`: the page says that phones do not accept passes signed with these certificates.

    Args:
        limit: how often one pass may be looked at, by whomsoever.
        staff: who prints for schools; None: nobody does.
        badges: folder with the wallets' own badges; None: those that we have drawn.
        save_together: Google's links for several passes; None: there are none.
        design_staff: who chooses how passes look; None: nobody does here.
        callback_reader: checks what Google says of passes in wallets; None: it is not heard.
    """
    routes = APIRouter()
    add_static(routes, badges)
    add_together(routes, workflow, Together(clock, is_test, save_together, limit))
    add_designs(routes, workflow, draw_logo)
    of_passes = APIRouter(dependencies=[Depends(by_pass(limit))] if limit else [])
    add_page(of_passes, workflow, clock, is_test)
    add_downloads(of_passes, workflow)
    add_printouts(of_passes, workflow)
    routes.include_router(of_passes)
    add_apple(routes, workflow)
    add_callbacks(routes, workflow, callback_reader)
    if staff is not None:
        add_sheets(routes, workflow, staff)
    if design_staff is not None:
        add_staff_designs(routes, design_staff)
    return routes


__all__ = ["INTERFACE", "DesignStaff", "Staff", "router"]
