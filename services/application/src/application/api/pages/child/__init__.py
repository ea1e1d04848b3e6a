"""The children of a family: what it has applied for, how that stands, and what it can do about it."""

from fastapi import APIRouter

from application.api.pages.child.acts import add_acts
from application.api.pages.child.changes import add_changes
from application.api.pages.child.child import BegunDrafts, ChildPages, add_children
from application.api.pages.child.next_year import add_next_year
from application.api.pages.child.writing import DOCUMENT_BODY, add_writing
from application.api.pages.visits import FamilyPages
from application.checks import SchoolKeys
from application.workflow import Workflow


def add_child_pages(
    routes: APIRouter, pages: FamilyPages, workflow: Workflow, keys: SchoolKeys, begun: BegunDrafts
) -> None:
    """/family and /family/applications. `begun`: the drafts of an account."""
    children = ChildPages(pages, workflow, keys)
    add_children(routes, children, begun)
    add_writing(routes, children)
    add_acts(routes, children)
    add_changes(routes, children)
    add_next_year(routes, children)


__all__ = ["DOCUMENT_BODY", "add_child_pages"]
