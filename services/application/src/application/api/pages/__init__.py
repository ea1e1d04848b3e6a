"""The families' pages: what a browser asks for, and what it is shown."""

from fastapi import APIRouter
from shared.http.limits import Limit
from shared.sign_in import SignInFlow, page_route

from application.api.drafts.limits import NO_LIMITS, DraftLimits
from application.api.own_data.limits import export_limit
from application.api.own_data.reading import OwnDataReader
from application.api.pages.apply import LARGER_BODY, DraftPages, add_apply
from application.api.pages.child import DOCUMENT_BODY as FAMILY_DOCUMENT_BODY
from application.api.pages.child import ChildPages, add_child_pages
from application.api.pages.code import CodePages, add_codes
from application.api.pages.emails import add_emails
from application.api.pages.invitation import add_invitation
from application.api.pages.look import add_look
from application.api.pages.own_data import OwnDataPages, add_own_data
from application.api.pages.pages import NO_PAGE
from application.api.pages.pick_up import add_pick_up
from application.api.pages.precheck import add_precheck
from application.api.pages.signing_in import BACK as FAMILY_BACK
from application.api.pages.signing_in import add_nothing, add_sign_in
from application.api.pages.statements import add_statements
from application.api.pages.tickets import add_tickets
from application.api.pages.visits import FamilyPages
from application.api.people.limits import NO_INVITATION_LIMITS, InvitationLimits
from application.checks import SchoolKeys
from application.domain.retention_table import retention_rules
from application.domain.retention_terms import RetentionTerms
from application.workflow import Workflow


def family_pages(
    workflow: Workflow,
    keys: SchoolKeys,
    public_url: str,
    limit: Limit | None = None,
    sign_in: SignInFlow | None = None,
    *,
    contact: str | None = None,
    drafts: DraftLimits = NO_LIMITS,
    invitations: InvitationLimits = NO_INVITATION_LIMITS,
    own_data: OwnDataReader | None = None,
    exports: Limit | None = None,
) -> APIRouter:
    """Routes under /family.

    Args:
        limit: how often one client may ask what costs work.
        sign_in: how families sign in.
        contact: where people say what is not accessible, an e-mail address.
        drafts: how much may be begun and handed in.
        invitations: how often one account may invite.
        own_data: what is kept of an account; None: with the periods that are set where nothing else is said.
        exports: how often one account may have it put together.
    """
    pages = FamilyPages(public_url, sign_in)
    routes = APIRouter()
    pages.add_static(routes)
    add_precheck(routes, pages, workflow, keys, limit)
    # pages are for browsers: they do not stand in the API's description
    own = APIRouter(include_in_schema=False, route_class=page_route(pages))
    add_sign_in(own, pages)
    drafting = DraftPages(pages, workflow, keys, drafts, limit)
    children = ChildPages(pages, workflow, keys)
    add_child_pages(own, children, public_url, invitations, drafting.begun_by)
    add_invitation(own, children, limit)
    add_emails(own, children, limit)
    add_statements(own, pages, contact)
    reader = own_data or OwnDataReader(workflow, keys, public_url, retention_rules(RetentionTerms()))
    add_own_data(own, OwnDataPages(pages, workflow, reader, exports or export_limit(0)))
    add_look(own, children, public_url, limit)
    codes = CodePages(pages, workflow, limit, drafts.proxies)
    add_codes(own, codes)
    add_pick_up(own, children, codes, public_url)
    add_tickets(own, children)
    add_apply(own, drafting, public_url)
    add_nothing(own, pages)
    routes.include_router(own)
    return routes


__all__ = ["FAMILY_BACK", "FAMILY_DOCUMENT_BODY", "LARGER_BODY", "NO_PAGE", "family_pages"]
