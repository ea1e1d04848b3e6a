"""`application rights erase`: a family is erased in all services, by its applications or its account."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.rights_commands import FamilyErasure

if TYPE_CHECKING:
    from shared.runtime.service import Service


def family_erasure() -> FamilyErasure:
    """As this service erases: it tells the others."""
    return FamilyErasure(erase_one, applications_of_account, erase_rest)


def erase_one(service: "Service[Any]", application_id: UUID, despite: str | None) -> Mapping[str, int]:
    """Here, and by the event in all other services."""
    from application.domain.ids import ApplicationId
    from application.settings import RightsSettings
    from application.workflow.erasure import erase_application

    found, now, days = ApplicationId(application_id), datetime.now(UTC), RightsSettings().action_days
    gone: Mapping[str, int] = service.database.write_now(
        lambda store: erase_application(store, found, now, days, despite)
    )
    _destroy_keys(service)
    return gone


def _destroy_keys(service: "Service[Any]") -> None:
    """Of what was erased just now. Cut off before, the running service does it within seconds, or at its start."""
    from application.workflow.family_keys import EndedKeys

    keys = service.database.read_now(lambda store: store.keys)
    if keys is not None:
        EndedKeys(service.database, keys).destroy(datetime.now(UTC))


def applications_of_account(service: "Service[Any]", account: str) -> Sequence[UUID]:
    """Oldest first."""
    from application.domain.ids import Owner

    ids: Sequence[UUID] = service.database.read_now(lambda store: store.applications_of_account(Owner(account)))
    return ids


def erase_rest(service: "Service[Any]", account: str) -> Mapping[str, int]:
    """What the account has begun and not handed in, and who it was to others' applications."""
    from application.domain.ids import Owner

    gone: Mapping[str, int] = service.database.write_now(lambda store: store.erase_account(Owner(account)))
    _destroy_keys(service)
    return gone
