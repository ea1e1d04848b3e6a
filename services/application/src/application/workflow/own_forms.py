"""What authorities add to the form: heard, kept, and asked by."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Protocol

from shared.database import Transactions
from shared.events import EligibilityFormPublished

from application.checks.further import FurtherCheck, check_further
from application.domain.own_form import OwnFormInForce, PublishedForm
from application.domain.school import School


class OwnFormStore(Protocol):
    def put_own_form(self, form: PublishedForm) -> None:
        """Told again, or late, it changes nothing; of one number the one that was published later counts: after a
        restore of its sender there may be two."""

    def own_form(self, authority_id: str, day: date) -> OwnFormInForce | None:
        """Of the versions that hold on that day the highest; None: the authority adds nothing."""


class OwnForms:
    """Hears, and tells the pages."""

    def __init__(self, database: Transactions[OwnFormStore]) -> None:
        self._database = database

    async def record(self, event: EligibilityFormPublished) -> Callable[[OwnFormStore], None]:
        """The step that keeps a version."""
        return partial(_keep, event)

    async def in_force(self, authority_id: str, day: date) -> OwnFormInForce | None:
        """What the authority adds on that day."""
        return await self._database.read(lambda store: store.own_form(authority_id, day))


def _keep(event: EligibilityFormPublished, store: OwnFormStore) -> None:
    store.put_own_form(
        PublishedForm(event.version, event.content, event.authority_id, event.valid_from, event.occurred_at)
    )


def further_in(store: OwnFormStore, parts: Mapping[str, Any], school: School | None, day: date) -> FurtherCheck:
    """What a form answers of the authority's own questions.

    Args:
        parts: as JSON.
    """
    own = None if school is None else store.own_form(school.authority.id, day)
    return check_further(own, parts, school)


def parts_of(form: str) -> dict[str, Any]:
    """A form's parts out of its JSON."""
    parts: dict[str, Any] = json.loads(form)
    return parts
