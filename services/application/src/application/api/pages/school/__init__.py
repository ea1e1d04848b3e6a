"""The pages of a school's office: who of its pupils attends."""

from fastapi import APIRouter
from shared.sign_in import SignInFlow, page_route

from application.api.pages.school.class_list import LARGER_BODIES, add_class_list
from application.api.pages.school.pupil import add_pupil
from application.api.pages.school.pupils import add_pupils
from application.api.pages.school.visits import ROOT, SchoolPages
from application.api.pages.signing_in import BACK_BEHIND, add_nothing, add_sign_in
from application.workflow import Workflow

BACK = f"{ROOT}{BACK_BEHIND}"


def school_pages(workflow: Workflow, public_url: str, sign_in: SignInFlow | None = None) -> APIRouter:
    """Routes under /school.

    Args:
        sign_in: how a school's office signs in.
    """
    pages = SchoolPages(workflow, public_url, sign_in)
    # pages are for browsers: they do not stand in the API's description
    routes = APIRouter(include_in_schema=False, route_class=page_route(pages))
    add_sign_in(routes, pages)
    add_pupils(routes, pages)
    add_class_list(routes, pages)
    add_pupil(routes, pages)
    add_nothing(routes, pages)
    return routes


__all__ = ["BACK", "LARGER_BODIES", "school_pages"]
