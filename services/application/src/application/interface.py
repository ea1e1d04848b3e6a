"""All routes of the service, each given what it works with."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from fastapi import APIRouter
from shared.http.limits import Limit
from shared.identity import Identity
from shared.sign_in import EndedSessions, sign_in_flow

from application import api
from application.checks import SchoolKeys
from application.domain.retention_table import retention_rules
from application.settings import RightsSettings, Settings
from application.workflow import Workflow

Clock = Callable[[], datetime]


def routers(
    settings: Settings,
    workflow: Workflow,
    keys: SchoolKeys,
    identity: Identity,
    ended: EndedSessions,
    *,
    clock: Clock,
) -> list[APIRouter]:
    """In the order in which they are asked. Two ways to the same work have one limit, or who takes both may ask twice.

    Args:
        identity: the service's own: it keeps the provider's keys, which are fetched once for all.
    """
    sign_in = partial(sign_in_flow, settings, identity=identity, now=clock, ended=ended)
    public_url, limits = settings.public_url, settings.draft_limits
    invitations = api.InvitationLimits.of(settings.invitations_per_account_and_day)
    of_drafts, of_prechecks = settings.open_limit, settings.open_limit
    reader, exports = _own_data(settings, workflow, keys)
    return [
        api.applications(workflow, identity, public_url),
        api.ticket_links(workflow, identity, public_url),
        api.me(workflow, reader, identity, exports),
        api.copies(workflow, keys, identity),
        api.documents(workflow, identity, public_url),
        api.drafts(workflow, identity, public_url, limits, of_drafts),
        api.draft_documents(workflow, identity, public_url, limits, of_drafts),
        api.people(workflow, identity, public_url, invitations, of_drafts),
        api.codes(workflow, identity, api.PrintedCodes(workflow, public_url)),
        api.schools(workflow, keys, settings.open_limit),
        api.class_lists(workflow, identity),
        api.school_pages(workflow, public_url, sign_in(settings.school, cookie="school", back=api.SCHOOL_BACK)),
        api.prechecks(workflow, of_prechecks),
        api.family_pages(
            workflow, keys, public_url, of_prechecks,
            sign_in(settings.family, cookie="family", back=api.FAMILY_BACK),
            contact=settings.accessibility_email, drafts=limits, invitations=invitations,
            own_data=reader, exports=exports,
        ),
        *_for_staff(settings, workflow, identity, clock),
    ]  # fmt: skip


def _own_data(settings: Settings, workflow: Workflow, keys: SchoolKeys) -> tuple[api.OwnDataReader, Limit]:
    """How an account's data are read, and how often a day."""
    rules = retention_rules(RightsSettings().terms, settings.short_terms)
    reader = api.OwnDataReader(workflow, keys, settings.public_url, rules)
    return reader, api.export_limit(settings.exports_per_account_and_day)


def _for_staff(settings: Settings, workflow: Workflow, identity: Identity, clock: Clock) -> list[APIRouter]:
    """Documents and codes for case workers' browsers, where the sign-in is configured."""
    sign_in = sign_in_flow(settings, settings.desk, identity, clock, cookie="documents", back=api.BACK)
    if sign_in is None:
        return []
    return [
        api.staff_documents(workflow, sign_in, settings.public_url),
        api.staff_codes(workflow, sign_in, settings.public_url),
    ]
