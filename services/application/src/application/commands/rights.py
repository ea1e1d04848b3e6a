"""`application rights erase`: a family is erased in all services, by its applications or its account."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.rights_commands import FamilyErasure, in_turn

if TYPE_CHECKING:
    from shared.runtime.service import Service


def family_erasure() -> FamilyErasure:
    """As this service erases: it tells the others."""
    return FamilyErasure(erase_one, erase_account)


def erase_one(service: "Service[Any]", application_id: UUID) -> Mapping[str, int]:
    """Here, and by the event in all other services."""
    from application.domain.ids import ApplicationId
    from application.workflow.erasure import erase_application

    now = datetime.now(UTC)
    found = ApplicationId(application_id)
    gone: Mapping[str, int] = service.database.write_now(lambda store: erase_application(store, found, now))
    return gone


def erase_account(service: "Service[Any]", account: str) -> Mapping[str, int]:
    """All applications of the account, and then its drafts."""
    from application.domain.ids import Owner

    owner = Owner(account)
    ids = service.database.read_now(lambda store: store.applications_of_account(owner))
    gone = in_turn(ids, lambda each: erase_one(service, each))
    drafts: Mapping[str, int] = service.database.write_now(lambda store: store.erase_account(owner))
    return {**gone, **drafts}
