"""The children of a family: what it has applied for, how that stands, and what it can do about it."""

from fastapi import APIRouter

from application.api.pages.child.acts import add_acts
from application.api.pages.child.changes import add_changes
from application.api.pages.child.child import BegunDrafts, ChildPages, add_children
from application.api.pages.child.next_year import add_next_year
from application.api.pages.child.notice import add_notices
from application.api.pages.child.people import add_people
from application.api.pages.child.writing import DOCUMENT_BODY, add_writing
from application.api.people.limits import InvitationLimits


def add_child_pages(
    routes: APIRouter, children: ChildPages, public_url: str, limits: InvitationLimits, begun: BegunDrafts
) -> None:
    """/family and /family/applications.

    Args:
        begun: the drafts of an account.
    """
    add_children(routes, children, begun)
    add_writing(routes, children)
    add_acts(routes, children)
    add_changes(routes, children)
    add_next_year(routes, children)
    add_notices(routes, children)
    add_people(routes, children, public_url, limits)


__all__ = ["DOCUMENT_BODY", "ChildPages", "add_child_pages"]
